/* When a day is sealed, what the catalogue says of it, and when it is dropped. */
#include "store/seal.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/internal.h"
#include "store/sql.h"

void
seal_path(const char *dir, int64_t day, const char *suffix, char path[static SEAL_PATH])
{
	char date[CLOCK_TEXT];

	clock_format(day * CLOCK_DAY, true, date);
	snprintf(path, SEAL_PATH, "%s/days/%.10s.db%s", dir, date, suffix);
}

enum {
	SWEEP_ROWS = 20000, /* deleted in one transaction: some 20 ms */
	SWEEP_ROLLS = 1000  /* of table closed, each some pages */
};

/* A day's file on its way, built by a thread of its own. */
struct seal_job {
	pthread_t thread;
	char *dir;
	struct sealed_day sealed;
	struct error err;
	int result;
	atomic_bool done;
};

void (*seal_hook)(const char *step);

void
seal_step(const char *step)
{
	if (seal_hook)
		seal_hook(step);
}

/* Runs sql, which ends with a number of its own, in one transaction; ?1 = a, ?2 = b. Returns the
 * rows changed, or -1. */
static int
change(struct store *s, const char *sql, int64_t a, int64_t b, struct error *err)
{
	sqlite3_stmt *st;
	int result;

	if (sql_prepare(s->db, sql, &st, err) < 0)
		return -1;
	sqlite3_bind_int64(st, 1, a);
	sqlite3_bind_int64(st, 2, b);
	result = sql_step_reset(st, "write", err);
	sqlite3_finalize(st);
	return result < 0 ? -1 : sqlite3_changes(s->db);
}

/* Ends the transaction that sql_run(BEGIN IMMEDIATE) began: commits when result is 0. */
static int
finish(struct store *s, int result, struct error *err)
{
	if (result >= 0 && sql_run(s->db, "COMMIT", "commit to", err) == 0)
		return 0;
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

/* --- sealing ---------------------------------------------------------------------------------- */

static void *
work(void *arg)
{
	struct seal_job *job = arg;

	job->result = seal_build(job->dir, job->sealed.day, &job->sealed, &job->err);
	atomic_store(&job->done, true);
	return NULL;
}

/* The first day before `today` that waits for sealing; -1: none; -2 with err. */
static int64_t
next_day(struct store *s, int64_t today, struct error *err)
{
	char sql[160];
	int64_t day;

	snprintf(sql, sizeof(sql),
	    "SELECT min(id) >> 40 FROM closed WHERE id >= %lld << 40 AND id < %lld << 40",
	    (long long)s->sealed_day + 1, (long long)today);
	return sql_number(s->db, sql, -1, &day, err) < 0 ? -2 : day;
}

/* From here on no session is closed into that day. */
static int
start(struct store *s, int64_t day, struct error *err)
{
	struct seal_job *job = mem_alloc(1, sizeof(*job));
	int code;

	job->dir = s->dir;
	job->sealed.day = day;
	s->closed_days = day;
	code = pthread_create(&job->thread, NULL, work, job);
	if (code != 0) {
		free(job);
		return error_set(err, "cannot start a thread to seal a day: %s", strerror(code));
	}
	s->job = job;
	return 0;
}

static int
publish(struct store *s, const struct sealed_day *d, struct error *err)
{
	sqlite3_stmt *st;
	const int64_t numbers[] = { d->day, d->sessions, d->contacts, d->start_min, d->start_max,
		d->end_min, d->end_max, d->bytes };
	int result;

	if (sql_run(s->db, "BEGIN IMMEDIATE", "write", err) < 0)
		return -1;
	result = sql_prepare(
	    s->db, "INSERT INTO day VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &st, err);
	if (result == 0) {
		for (int i = 0; i < 8; i++)
			sqlite3_bind_int64(st, i + 1, numbers[i]);
		sqlite3_bind_blob(st, 9, d->sha256, sizeof(d->sha256), SQLITE_STATIC);
		sqlite3_bind_int64(st, 10, clock_now());
		result = sql_step_reset(st, "write", err);
		sqlite3_finalize(st);
	}
	if (result == 0)
		result = change(
		    s, "UPDATE meta SET value = ?1 WHERE name = 'sealed_day'", d->day, 0, err);
	seal_step("published");
	if (finish(s, result, err) < 0)
		return -1;
	s->sealed_day = d->day;
	s->days_sealed++;
	seal_step("committed");
	return 0;
}

/* Waits for the thread; publishes what it built. */
static int
join(struct store *s, struct error *err)
{
	struct seal_job *job = s->job;
	int result;

	pthread_join(job->thread, NULL);
	s->job = NULL;
	result = job->result < 0 ? error_set(err, "%s", job->err.text)
				 : publish(s, &job->sealed, err);
	free(job);
	return result;
}

void
seal_abandon(struct store *s)
{
	if (!s->job)
		return;
	pthread_join(s->job->thread, NULL);
	free(s->job);
	s->job = NULL;
}

/* Rows that are in a sealed day already: readers pass over them, their room can be used again. */
static int
sweep(struct store *s, struct error *err)
{
	return change(s,
	    "DELETE FROM closed WHERE id IN (SELECT id FROM closed WHERE id < (?1 + 1) << 40 LIMIT "
	    "?2)",
	    s->sealed_day, SWEEP_ROLLS, err);
}

/* --- dropping --------------------------------------------------------------------------------- */

/* Removes the files of the days that are out of the catalogue. */
static int
remove_dropped(struct store *s, struct error *err)
{
	sqlite3_stmt *st;
	char path[SEAL_PATH];
	int code, n = 0;

	if (sql_prepare(s->db, "SELECT day FROM dropped", &st, err) < 0)
		return -1;
	for (; (code = sqlite3_step(st)) == SQLITE_ROW; n++) {
		seal_path(s->dir, sqlite3_column_int64(st, 0), "", path);
		if (unlink(path) < 0 && errno != ENOENT) {
			sqlite3_finalize(st);
			return error_set(err, "cannot remove %s: %s", path, strerror(errno));
		}
		seal_step("unlinked");
	}
	sqlite3_finalize(st);
	if (code != SQLITE_DONE)
		return sql_failed(s->db, "read", err);
	snprintf(path, sizeof(path), "%s/days", s->dir);
	if (n == 0)
		return 0;
	if (folder_sync(path, err) < 0)
		return -1;
	return change(s, "DELETE FROM dropped", 0, 0, err) < 0 ? -1 : 0;
}

/* Returns the number of days dropped. */
static int
drop_days(struct store *s, int64_t oldest, struct error *err)
{
	int result;

	if (sql_run(s->db, "BEGIN IMMEDIATE", "write", err) < 0)
		return -1;
	result = change(
	    s, "INSERT OR IGNORE INTO dropped SELECT day FROM day WHERE day < ?1", oldest, 0, err);
	if (result > 0)
		result = change(s, "DELETE FROM day WHERE day < ?1", oldest, 0, err);
	if (finish(s, result, err) < 0)
		return -1;
	seal_step("uncatalogued");
	if (result > 0 && remove_dropped(s, err) < 0)
		return -1;
	return result;
}

/* Long sessions, closed presences and polls of the same age, some at a time. Each device keeps its
 * last poll. */
static int
drop_rows(struct store *s, int64_t oldest, struct error *err)
{
	static const char *const statements[] = {
		"DELETE FROM long WHERE session IN (SELECT session FROM long WHERE end_by < ?1 "
		"LIMIT ?2)",
		"DELETE FROM presence WHERE id IN (SELECT id FROM presence WHERE end_by < ?1 LIMIT "
		"?2)",
		"DELETE FROM poll WHERE id IN (SELECT p.id FROM poll p WHERE p.started < ?1 AND "
		"EXISTS (SELECT 1 FROM poll q WHERE q.device = p.device AND q.started > p.started) "
		"LIMIT ?2)",
	};
	int n = 0;

	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) && n == 0; i++)
		n = change(s, statements[i], oldest * CLOCK_DAY, SWEEP_ROWS, err);
	return n;
}

/* --- what others call ------------------------------------------------------------------------- */

/* Waits for the day that is being built. Returns 1 when it is in the catalogue. */
static int
collect(struct store *s, struct error *err)
{
	return join(s, err) < 0 ? -1 : 1;
}

int
store_seal_step(struct store *s, int keep_days, struct error *err)
{
	int64_t today = clock_now() / CLOCK_DAY, day;
	int n;

	if (s->writing)
		return error_set(err, "the store %s: sealing inside a transaction", s->dir);
	if (s->job)
		return atomic_load(&s->job->done) ? collect(s, err) : 1;
	day = next_day(s, today, err);
	if (day >= 0)
		return start(s, day, err) < 0 ? -1 : 1;
	n = day == -2 ? -1 : sweep(s, err);
	if (n == 0 && keep_days > 0)
		n = drop_days(s, today - keep_days, err);
	if (n == 0 && keep_days > 0)
		n = drop_rows(s, today - keep_days, err);
	return n < 0 ? -1 : n > 0;
}

int
store_seal(struct store *s, int keep_days, struct error *err)
{
	int before = s->days_sealed, more;

	do {
		more = s->job && !s->writing ? collect(s, err) : store_seal_step(s, keep_days, err);
	} while (more > 0);
	return more < 0 ? -1 : s->days_sealed - before;
}

/* --- after a kill ----------------------------------------------------------------------------- */

/* Whether the day is in the catalogue, or its rows wait in table closed. */
static bool
known(struct store *s, int64_t day)
{
	char sql[256];
	int64_t found;

	snprintf(sql, sizeof(sql),
	    "SELECT EXISTS (SELECT 1 FROM day WHERE day = %lld) OR "
	    "EXISTS (SELECT 1 FROM closed WHERE id >= %lld << 40 AND id < %lld << 40)",
	    (long long)day, (long long)day, (long long)day + 1);
	return sql_number(s->db, sql, 0, &found, NULL) < 0 || found;
}

/* A half-built file is removed. A file that was built but not catalogued is replaced when its rows,
 * which are still there, are sealed again. One that nothing here accounts for (an older gatebook.db
 * was put back?) stays, and is not read. */
static void
repair_file(struct store *s, const char *name)
{
	char path[SEAL_PATH];
	struct tm date = { 0 };
	const char *rest = strptime(name, "%Y-%m-%d", &date);

	snprintf(path, sizeof(path), "%s/days/%s", s->dir, name);
	if (rest && strcmp(rest, ".db.tmp") == 0)
		unlink(path);
	else if (!rest || strcmp(rest, ".db") != 0 || !known(s, timegm(&date) / CLOCK_DAY))
		log_line(
		    LOG_WARNING, "not in the catalogue of sealed days, not read: file=%s", path);
}

int
seal_repair(struct store *s, struct error *err)
{
	char path[SEAL_PATH];
	struct dirent *e;
	DIR *days;

	if (remove_dropped(s, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/days", s->dir);
	days = opendir(path);
	if (!days)
		return error_set(err, "cannot read %s: %s", path, strerror(errno));
	while ((e = readdir(days))) {
		if (e->d_name[0] != '.')
			repair_file(s, e->d_name);
	}
	closedir(days);
	return 0;
}
