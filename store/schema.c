#include "store/schema.h"

#include "store/sql.h"
#include "store/store.h"

const char *const schema_steps[] = { schema_live, schema_identity, schema_holds, schema_heads,
	schema_every };
_Static_assert(
    sizeof(schema_steps) / sizeof(schema_steps[0]) == STORE_SCHEMA, "a step per version");

static const char *
file_of(sqlite3 *db)
{
	const char *file = sqlite3_db_filename(db, "main");
	return file ? file : "the store";
}

static int
newer(sqlite3 *db, int64_t found, int known, struct error *err)
{
	return error_set(err,
	    "%s has schema %lld, this gatebook (%s) knows up to %d: use the newer gatebook that "
	    "wrote it",
	    file_of(db), (long long)found, GATEBOOK_VERSION, known);
}

static int
step(sqlite3 *db, const char *sql, int to, struct error *err)
{
	char pragma[64];

	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", to);
	if (sql_run(db, "BEGIN IMMEDIATE", "migrate", err) < 0)
		return -1;
	if (sql_run(db, sql, "migrate", err) == 0 && sql_run(db, pragma, "migrate", err) == 0 &&
	    sql_run(db, "COMMIT", "migrate", err) == 0)
		return 0;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	error_prefix(err, "schema %d", to);
	return -1;
}

int
schema_migrate(sqlite3 *db, const char *const *steps, int version, struct error *err)
{
	int64_t id, found, tables;
	char pragma[64];

	if (sql_number(db, "PRAGMA application_id", 0, &id, err) < 0 ||
	    sql_number(db, "PRAGMA user_version", 0, &found, err) < 0 ||
	    sql_number(db, "SELECT count(*) FROM sqlite_schema", 0, &tables, err) < 0)
		return -1;
	if (id != SCHEMA_LIVE_ID && (id != 0 || found != 0 || tables != 0))
		return error_set(err,
		    "%s is not a Gatebook store (application_id %llx): name another folder",
		    file_of(db), (unsigned long long)id);
	if (found > version)
		return newer(db, found, version, err);
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d", SCHEMA_LIVE_ID);
	if (id == 0 && sql_run(db, pragma, "set up", err) < 0)
		return -1;
	for (int n = (int)found; n < version; n++) {
		if (step(db, steps[n], n + 1, err) < 0)
			return -1;
	}
	return 0;
}

int
schema_check(sqlite3 *db, int application_id, struct error *err)
{
	const int known = application_id == SCHEMA_DAY_ID ? DAY_SCHEMA : STORE_SCHEMA;
	int64_t id, found;

	if (sql_number(db, "PRAGMA application_id", 0, &id, err) < 0 ||
	    sql_number(db, "PRAGMA user_version", 0, &found, err) < 0)
		return -1;
	if (id != application_id)
		return error_set(err,
		    "%s is not a Gatebook file of this kind (application_id %llx)", file_of(db),
		    (unsigned long long)id);
	if (found > known)
		return newer(db, found, known, err);
	if (found < known)
		return error_set(err,
		    "%s has the older schema %lld: a poll or `gatebook run` brings it up to date",
		    file_of(db), (long long)found);
	return 0;
}
