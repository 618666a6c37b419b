#include "store/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/functions.h"
#include "store/schema.h"
#include "store/sql.h"

struct reader {
	char *dir;
	sqlite3 *live;
	int limit_ms;
	int64_t deadline; /* monotonic, milliseconds */
	bool fanning;     /* inside reader_parts: one deadline for all parts */
	int64_t until;    /* the end of what reader_parts was asked for; else of time */
	char **names;     /* of devices by id; NULL: not asked yet */
	size_t n_names;
};

/* One entry of the list of sealed days. */
struct sealed {
	int64_t day, bytes;
	bool whole;
};

static int
on_progress(void *arg)
{
	struct reader *r = arg;
	return clock_mono_ms() > r->deadline;
}

/* Called when a statement begins to run. */
static int
on_start(unsigned kind, void *arg, void *statement, void *text)
{
	struct reader *r = arg;

	(void)kind, (void)statement, (void)text;
	if (!r->fanning)
		r->deadline = clock_mono_ms() + r->limit_ms;
	return 0;
}

/* What a question may cost, so that a foreign or damaged file cannot make it cost more. */
static void
limit(struct reader *r, sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 256 << 20);
	sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
	sqlite3_busy_timeout(db, 5000);
	if (r->limit_ms) {
		sqlite3_progress_handler(db, 1000, on_progress, r);
		sqlite3_trace_v2(db, SQLITE_TRACE_STMT, on_start, r);
	}
}

/* A read-only connection with our functions and views, or NULL with err. early: of a sealed day,
 * only what was there before it began. */
static sqlite3 *
open_file(struct reader *r, const char *path, int application_id, bool early, struct error *err)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX,
		NULL) == SQLITE_OK) {
		sqlite3_extended_result_codes(db, 1);
		limit(r, db);
		if (schema_check(db, application_id, err) == 0) {
			if (functions_register(db, &r->until) == SQLITE_OK &&
			    functions_views(db, early) == SQLITE_OK &&
			    sqlite3_exec(db, "PRAGMA query_only = ON; PRAGMA cell_size_check = ON",
				NULL, NULL, NULL) == SQLITE_OK)
				return db;
			sql_failed(db, "read", err);
		}
	} else {
		sql_failed(db, "open", err);
	}
	sqlite3_close(db);
	return NULL;
}

struct reader *
reader_open(const char *dir, int limit_ms, struct error *err)
{
	struct reader *r = mem_alloc(1, sizeof(*r));
	char path[4096];
	struct stat st;

	/* Statistics of memory cost a lock at every allocation, and nobody reads them. Too late,
	 * and harmless, when SQLite is in use already. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	r->dir = mem_string(dir);
	r->limit_ms = limit_ms;
	r->until = INT64_MAX;
	r->deadline = clock_mono_ms() + limit_ms;
	if (snprintf(path, sizeof(path), "%s/gatebook.db", dir) >= (int)sizeof(path))
		error_set(err, "the path of the store is too long: %.80s...", dir);
	else if (stat(path, &st) < 0)
		error_set(err, "no store in %s: %s", dir,
		    errno == ENOENT ? "the first poll creates it" : strerror(errno));
	else
		r->live = open_file(r, path, SCHEMA_LIVE_ID, false, err);
	if (r->live)
		return r;
	reader_close(r);
	return NULL;
}

int
reader_views_sql(struct reader *r, struct error *err)
{
	if (sqlite3_exec(r->live, "PRAGMA query_only = OFF", NULL, NULL, NULL) == SQLITE_OK &&
	    functions_views_sql(r->live) == SQLITE_OK &&
	    sqlite3_exec(r->live, "PRAGMA query_only = ON", NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return sql_failed(r->live, "read", err);
}

void
reader_close(struct reader *r)
{
	if (!r)
		return;
	sqlite3_close(r->live);
	for (size_t i = 0; i < r->n_names; i++)
		free(r->names[i]);
	free(r->names);
	free(r->dir);
	free(r);
}

sqlite3 *
reader_live(struct reader *r)
{
	return r->live;
}

/* --- the parts -------------------------------------------------------------------------------- */

static int
list_days(
    struct reader *r, int64_t from, int64_t to, struct sealed **days, size_t *n, struct error *err)
{
	sqlite3_stmt *st;
	size_t capacity = 0;
	int code;

	*days = NULL;
	*n = 0;
	if (sql_prepare(r->live,
		"SELECT day, bytes, start_max <= ?2 AND end_min > ?1 FROM main.day "
		"WHERE start_min <= ?2 AND end_max > ?1 ORDER BY day",
		&st, err) < 0)
		return -1;
	sqlite3_bind_int64(st, 1, from);
	sqlite3_bind_int64(st, 2, to);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if (*n == capacity) {
			capacity = capacity ? 2 * capacity : 64;
			*days = mem_grow(*days, capacity, sizeof(**days));
		}
		(*days)[(*n)++] = (struct sealed){ sqlite3_column_int64(st, 0),
			sqlite3_column_int64(st, 1), sqlite3_column_int(st, 2) };
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : sql_failed(r->live, "read", err);
}

/* A day may have been dropped since the list was read. */
static bool
still_listed(struct reader *r, int64_t day)
{
	sqlite3_stmt *st;
	bool found;

	if (sqlite3_prepare_v2(r->live, "SELECT 1 FROM main.day WHERE day = ?", -1, &st, NULL) !=
	    SQLITE_OK)
		return true;
	sqlite3_bind_int64(st, 1, day);
	found = sqlite3_step(st) != SQLITE_DONE;
	sqlite3_finalize(st);
	return found;
}

static void
day_path(const struct reader *r, int64_t day, char *path, size_t size)
{
	char date[CLOCK_TEXT];

	clock_format(day * CLOCK_DAY, true, date);
	snprintf(path, size, "%s/days/%.10s.db", r->dir, date);
}

/* Opens a sealed day. *db is NULL when it has been dropped meanwhile. */
static int
open_day(struct reader *r, const struct sealed *d, sqlite3 **db, struct error *err)
{
	char path[4096];
	struct stat st;
	int missing;

	*db = NULL;
	day_path(r, d->day, path, sizeof(path));
	missing = stat(path, &st) < 0 ? errno : 0;
	if (missing == ENOENT && !still_listed(r, d->day))
		return 0;
	if (missing)
		return error_set(err,
		    "cannot read %s: %s; the day is sealed in it: restore the file from a backup",
		    path, strerror(missing));
	if (st.st_size != d->bytes)
		return error_set(err,
		    "%s is damaged: it has %lld bytes, %lld were sealed; restore it from a backup",
		    path, (long long)st.st_size, (long long)d->bytes);
	*db = open_file(r, path, SCHEMA_DAY_ID, d->day * CLOCK_DAY > r->until, err);
	return *db ? 0 : -1;
}

/* When a part could not be read to its end, that is the answer, not what each() made of it. */
static int
outcome(sqlite3 *db, int result, struct error *err)
{
	int code = sqlite3_errcode(db) & 0xff;

	if (result && (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR))
		return sql_failed(db, "read", err);
	return result;
}

static int
visit_days(struct reader *r, const struct sealed *days, size_t n,
    int (*each)(sqlite3 *db, bool whole, void *arg), void *arg, struct error *err)
{
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++) {
		sqlite3 *db;
		if (open_day(r, &days[i], &db, err) < 0)
			return -1;
		if (!db)
			continue;
		result = outcome(db, each(db, days[i].whole, arg), err);
		sqlite3_close(db);
	}
	return result;
}

int
reader_parts(struct reader *r, int64_t from, int64_t to,
    int (*each)(sqlite3 *db, bool whole, void *arg), void *arg, struct error *err)
{
	struct sealed *days = NULL;
	size_t n = 0;
	int result;

	r->deadline = clock_mono_ms() + r->limit_ms;
	r->fanning = true;
	r->until = to;
	/* The list of days and the live rows from one snapshot: a session is in exactly one of the
	 * two. */
	result = sql_run(r->live, "BEGIN", "read", err);
	if (result == 0) {
		result = list_days(r, from, to, &days, &n, err);
		if (result == 0)
			result = outcome(r->live, each(r->live, false, arg), err);
		sqlite3_exec(r->live, "COMMIT", NULL, NULL, NULL);
	}
	if (result == 0)
		result = visit_days(r, days, n, each, arg, err);
	free(days);
	r->fanning = false;
	r->until = INT64_MAX;
	return result;
}

/* --- addresses, names, keys ------------------------------------------------------------------- */

int
reader_bind_addr(sqlite3_stmt *statement, int index, const struct addr *a)
{
	return sql_bind_addr(statement, index, a);
}

bool
reader_column_addr(sqlite3_stmt *statement, int column, struct addr *a)
{
	return sql_column_addr(statement, column, a);
}

void
reader_column_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	(void)text_copy(text_of(text ? text : ""), out, size);
}

const char *
reader_device_name(struct reader *r, int64_t id)
{
	sqlite3_stmt *st;
	size_t i = (size_t)id;

	if (id <= 0 || id >= INT64_C(1) << 23)
		return "?";
	if (i >= r->n_names) {
		r->names = mem_grow(r->names, i + 64, sizeof(*r->names));
		memset(r->names + r->n_names, 0, (i + 64 - r->n_names) * sizeof(*r->names));
		r->n_names = i + 64;
	}
	if (!r->names[i] && sqlite3_prepare_v2(r->live, "SELECT name FROM main.device WHERE id = ?",
				-1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(st, 1, id);
		if (sqlite3_step(st) == SQLITE_ROW)
			r->names[i] = mem_string((const char *)sqlite3_column_text(st, 0));
		sqlite3_finalize(st);
	}
	return r->names[i] ? r->names[i] : "?";
}

char **
reader_hostkeys(struct reader *r, const char *device, struct error *err)
{
	sqlite3_stmt *st;
	char **keys = mem_alloc(1, sizeof(*keys));
	size_t n = 0;
	int code;

	if (sql_prepare(r->live,
		"SELECT key FROM main.hostkey WHERE device = ? AND revoked IS NULL ORDER BY id",
		&st, err) < 0) {
		free(keys);
		return NULL;
	}
	sqlite3_bind_text(st, 1, device, -1, SQLITE_STATIC);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		keys[n++] = mem_string((const char *)sqlite3_column_text(st, 0));
		keys = mem_grow(keys, n + 1, sizeof(*keys));
		keys[n] = NULL;
	}
	sqlite3_finalize(st);
	if (code == SQLITE_DONE)
		return keys;
	sql_failed(r->live, "read", err);
	reader_hostkeys_free(keys);
	return NULL;
}

void
reader_hostkeys_free(char **keys)
{
	for (size_t i = 0; keys && keys[i]; i++)
		free(keys[i]);
	free(keys);
}
