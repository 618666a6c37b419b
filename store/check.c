#include "store/check.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "store/functions.h"
#include "store/internal.h"
#include "store/manifest.h"
#include "store/schema.h"
#include "store/seal.h"
#include "store/sql.h"

enum { ROOM = SEAL_PATH /* bytes of a path */ };

struct checking {
	const char *dir;
	struct check *c;
	char live[ROOM];
	int64_t *files; /* days that have a file, as the folder was first */
	size_t n_files;
};

static void
say(struct checking *k, const char *file, int64_t day, const char *why)
{
	k->c->file(&(struct checked){ file, day, why }, k->c->arg);
}

/* --- the live database ------------------------------------------------------------------------ */

/* Gives the first row of sql as what is wrong. Returns true when there was none. */
static bool
gives_nothing(sqlite3 *db, const char *sql, struct error *err)
{
	sqlite3_stmt *st;
	int code;

	if (sql_prepare(db, sql, &st, err) < 0)
		return false;
	code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		error_set(err, "%s", (const char *)sqlite3_column_text(st, 0));
	else if (code != SQLITE_DONE)
		sql_failed(db, "read", err);
	sqlite3_finalize(st);
	return code == SQLITE_DONE;
}

static bool
is_sound(sqlite3 *db, struct error *err)
{
	return gives_nothing(
	    db, "SELECT * FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok'", err);
}

/* Every packed value gives as many sessions as its row says. */
static bool
counts(sqlite3 *db, struct error *err)
{
	return gives_nothing(db,
		   "SELECT 'the open set of device ' || device || ' does not have its ' || n || "
		   "' sessions' FROM open o WHERE n <> (SELECT count(*) FROM "
		   "roll_sessions(o.sessions))",
		   err) &&
	       gives_nothing(db,
		   "SELECT 'closed sessions ' || id || ' are not ' || n FROM closed c WHERE n <> "
		   "(SELECT count(*) FROM roll_sessions(c.sessions))",
		   err);
}

static sqlite3 *
check_live(struct checking *k)
{
	struct error err = { 0 };
	sqlite3 *db = sql_open_read(k->live, &err);

	if (db && functions_register(db, NULL) != SQLITE_OK)
		(void)sql_failed(db, "read", &err);
	if (db && !err.text[0] && schema_check(db, SCHEMA_LIVE_ID, &err) == 0 &&
	    sql_run(db, "PRAGMA cell_size_check = ON", "read", &err) == 0 && is_sound(db, &err) &&
	    counts(db, &err)) {
		say(k, k->live, -1, NULL);
		k->c->live(db, k->c->arg);
		return db;
	}
	sqlite3_close(db);
	say(k, k->live, -1, err.text);
	return NULL;
}

/* --- sealed days ------------------------------------------------------------------------------ */

static bool
has_row(sqlite3 *db, const char *sql, int64_t day)
{
	sqlite3_stmt *st;
	bool found;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return true;
	sqlite3_bind_int64(st, 1, day);
	found = sqlite3_step(st) != SQLITE_DONE;
	sqlite3_finalize(st);
	return found;
}

static bool
day_is_whole(const char *path, const uint8_t sha256[static 32], int64_t bytes, struct error *err)
{
	uint8_t hash[32];
	int64_t found;
	sqlite3 *db;
	int rc;

	if (folder_hash_file(path, &found, hash, err) < 0)
		return false;
	if (found != bytes || memcmp(hash, sha256, 32) != 0) {
		error_set(err,
		    "it is not what was sealed (%lld of %lld bytes, SHA-256 %s): restore the file "
		    "from a backup",
		    (long long)found, (long long)bytes,
		    found == bytes ? "differs" : "not compared");
		return false;
	}
	db = sql_open_read(path, err);
	rc = db ? schema_check(db, SCHEMA_DAY_ID, err) : -1;
	sqlite3_close(db);
	return rc == 0;
}

static void
check_day(struct checking *k, sqlite3 *db, int64_t day, const uint8_t *sha256, int64_t bytes)
{
	char path[SEAL_PATH];
	struct error err = { 0 };

	seal_path(k->dir, day, "", path);
	if (day_is_whole(path, sha256, bytes, &err))
		say(k, path, day, NULL);
	else if (access(path, F_OK) == 0)
		say(k, path, day, err.text);
	else if (has_row(db, "SELECT 1 FROM day WHERE day = ?1", day))
		say(k, path, day,
		    "it is in the catalogue of sealed days and not there: restore the file from a "
		    "backup");
	/* Else it was dropped while we read. */
}

/* Copies the catalogue first: no snapshot is held while days are read. */
static int
check_days(struct checking *k, sqlite3 *db, struct error *err)
{
	struct sealed_day *days = NULL;
	sqlite3_stmt *st;
	size_t n = 0;
	int code;

	if (sql_prepare(db, "SELECT day, bytes, sha256 FROM day ORDER BY day", &st, err) < 0)
		return -1;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if ((n & (n - 1)) == 0)
			days = mem_grow(days, n ? 2 * n : 1, sizeof(*days));
		days[n] = (struct sealed_day){ .day = sqlite3_column_int64(st, 0),
			.bytes = sqlite3_column_int64(st, 1) };
		if (sqlite3_column_bytes(st, 2) == 32)
			memcpy(days[n].sha256, sqlite3_column_blob(st, 2), 32);
		n++;
	}
	sqlite3_finalize(st);
	for (size_t i = 0; i < n && code == SQLITE_DONE; i++)
		check_day(k, db, days[i].day, days[i].sha256, days[i].bytes);
	free(days);
	return code == SQLITE_DONE ? 0 : sql_failed(db, "read", err);
}

/* Before the catalogue is read: a file that is sealed later is then no stranger. */
static void
list_files(struct checking *k)
{
	char path[ROOM];
	struct dirent *e;
	DIR *d;

	(void)snprintf(path, sizeof(path), "%s/days", k->dir);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		struct tm date = { 0 };

		if (!manifest_is_day(text_of(e->d_name)) || !strptime(e->d_name, "%Y-%m-%d", &date))
			continue;
		if ((k->n_files & (k->n_files - 1)) == 0)
			k->files = mem_grow(
			    k->files, k->n_files ? 2 * k->n_files : 1, sizeof(*k->files));
		k->files[k->n_files++] = timegm(&date) / CLOCK_DAY;
	}
	if (d)
		closedir(d);
}

/* A day that is being sealed, or being dropped, is no stranger either. */
static void
check_strangers(struct checking *k, sqlite3 *db)
{
	static const char known
	    [] = "SELECT 1 FROM day WHERE day = ?1 UNION ALL SELECT 1 FROM dropped WHERE day = ?1 "
		 "UNION ALL SELECT 1 FROM meta WHERE name = 'sealed_day' AND value < ?1";
	char path[SEAL_PATH];

	for (size_t i = 0; i < k->n_files; i++) {
		seal_path(k->dir, k->files[i], "", path);
		if (!has_row(db, known, k->files[i]) && access(path, F_OK) == 0)
			say(k, path, k->files[i],
			    "it is not in the catalogue of sealed days and nobody reads it: an "
			    "older "
			    "gatebook.db was put beside it?");
	}
}

/* --- a backup --------------------------------------------------------------------------------- */

static void
check_backup(struct checking *k, const struct manifest *m)
{
	char path[ROOM];
	bool live_is_good = false;

	for (size_t i = 0; i < m->n; i++) {
		const struct manifest_file *f = &m->files[i];
		struct error err = { 0 };
		struct tm date = { 0 };
		uint8_t hash[32];
		int64_t bytes, day = -1;

		if (strptime(f->name, "days/%Y-%m-%d", &date))
			day = timegm(&date) / CLOCK_DAY;
		(void)snprintf(path, sizeof(path), "%s/%s", k->dir, f->name);
		if (folder_hash_file(path, &bytes, hash, &err) == 0 &&
		    memcmp(hash, f->sha256, 32) != 0)
			error_set(&err, "it is not what was backed up (SHA-256 differs)");
		if (i == 0 && !err.text[0])
			live_is_good = true;
		else
			say(k, path, day, err.text[0] ? err.text : NULL);
	}
	if (live_is_good) {
		(void)snprintf(k->live, sizeof(k->live), "%s/%s", k->dir, m->files[0].name);
		sqlite3_close(check_live(k));
	}
}

int
store_check(const char *dir, struct check *c, struct error *err)
{
	struct checking k = { .dir = dir, .c = c };
	struct manifest m;
	sqlite3 *db;
	int rc = strlen(dir) > ROOM - 64 ? error_set(err, "the path is too long")
					 : manifest_read(dir, &m, err);

	if (rc < 0)
		return -1; /* its files cannot be told from others */
	c->backup = rc == 1;
	c->made = m.made;
	if (c->backup) {
		if (m.n == 0)
			rc = error_set(err, "the first backup into %s was never finished", dir);
		check_backup(&k, &m);
		manifest_free(&m);
		return rc < 0 ? -1 : 0;
	}
	(void)snprintf(k.live, sizeof(k.live), "%s/gatebook.db", dir);
	if (access(k.live, F_OK) != 0)
		return error_set(err, "no store in %s: %s", dir, strerror(errno));
	list_files(&k);
	db = check_live(&k);
	rc = db ? check_days(&k, db, err) : 0;
	if (db && rc == 0)
		check_strangers(&k, db);
	sqlite3_close(db);
	free(k.files);
	return rc;
}
