/* The little that every file of this room needs from SQLite. */
#ifndef GATEBOOK_STORE_SQL_H
#define GATEBOOK_STORE_SQL_H

#include <sqlite3.h>

#include "base/addr.h"
#include "base/error.h"

/* All of these return 0, or -1 with err: "cannot DOING FILE: SQLite's words", and what to do when
 * the disk is full, the file is damaged or may not be written. */
int sql_failed(sqlite3 *db, const char *doing, struct error *err); /* returns -1 */
int sql_run(sqlite3 *db, const char *sql, const char *doing, struct error *err);
int sql_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **st, struct error *err);

/* A connection that only reads, never checkpoints, and waits for a lock up to five seconds; NULL
 * with err. */
sqlite3 *sql_open_read(const char *path, struct error *err);

/* Runs a statement that gives no rows, and makes it ready for the next time. */
int sql_step_reset(sqlite3_stmt *st, const char *doing, struct error *err);

/* The first column of the first row; otherwise `none` when there is no row or it is NULL. */
int sql_number(sqlite3 *db, const char *sql, int64_t none, int64_t *value, struct error *err);

/* IPv4 as an integer, IPv6 as a 16-byte value, family 0 as NULL; and back, false for anything else.
 */
int sql_bind_addr(sqlite3_stmt *st, int index, const struct addr *a);
bool sql_column_addr(sqlite3_stmt *st, int column, struct addr *a);

int sql_bind_or_null(sqlite3_stmt *st, int index, bool has, uint64_t value); /* clamped to INT64_MAX
									      */

#endif
