/* The schemas, embedded from the .sql files beside this one, and how a file gets one. */
#ifndef GATEBOOK_STORE_SCHEMA_H
#define GATEBOOK_STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/error.h"

enum {
	SCHEMA_LIVE_ID = 0x4774626b,
	SCHEMA_DAY_ID = 0x47746264
}; /* application_id: "Gtbk", "Gtbd" */

extern const char schema_live[], schema_identity[], schema_holds[], schema_heads[], schema_every[],
    schema_day[], schema_views[], schema_views_day[], schema_views_sql[];

/* schema_steps[n] leads from user_version n to n + 1; there are STORE_SCHEMA of them. */
extern const char *const schema_steps[];

/* Brings db to `version` by steps[], each in a transaction of its own; an empty file is version 0.
 * Returns 0, or -1 with err: newer than `version`, another program's file, a step that failed. */
int schema_migrate(sqlite3 *db, const char *const *steps, int version, struct error *err);

/* Returns 0 when db is a file of this kind and of exactly STORE_SCHEMA, or DAY_SCHEMA; -1 with err
 * otherwise. */
int schema_check(sqlite3 *db, int application_id, struct error *err);

#endif
