/* What SQL can do with our files: functions, table-valued functions and the two views. */
#ifndef GATEBOOK_STORE_FUNCTIONS_H
#define GATEBOOK_STORE_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* ip_text(x), ip_value('192.0.2.1'), proto_text(6), asked_until(), roll_sessions(...),
 * packed_sessions(...), packed_summary(...). until: what asked_until() gives, and lives as long as
 * db; NULL: the end of time. Returns an SQLite code. */
int functions_register(sqlite3 *db, int64_t *until);

/* Creates the temporary views that belong to the kind of file that main is. early: of a sealed day,
 * over the contacts that were there before it began, for a question about the time before it. */
int functions_views(sqlite3 *db, bool early);

/* The further views of the live database for people who write SQL; behind functions_views. */
int functions_views_sql(sqlite3 *db);

#endif
