/* SQLite, for files that are linked into Gatebook and into the loadable extension alike. There the
 * functions are called through the table that the loading program hands over. */
#ifndef GATEBOOK_STORE_SQLITE_H
#define GATEBOOK_STORE_SQLITE_H

#ifdef GATEBOOK_EXTENSION
#include <sqlite3ext.h>
extern const sqlite3_api_routines *sqlite3_api;
#else
#include <sqlite3.h>
#endif

#endif
