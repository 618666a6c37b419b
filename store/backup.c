#include "store/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/internal.h"
#include "store/manifest.h"
#include "store/seal.h"
#include "store/sql.h"

enum {
	TRIES = 3,       /* snapshots, when days of one were dropped before they were linked */
	ROOM = SEAL_PATH /* bytes of a path */
};

struct backup {
	const char *dir, *to;
	struct manifest before, now;
	struct backup_done *done;
	struct error *err;
};

static void
date_of(int64_t day, char name[static MANIFEST_NAME])
{
	char date[CLOCK_TEXT];

	(void)snprintf(
	    name, MANIFEST_NAME, "days/%.10s.db", clock_format(day * CLOCK_DAY, true, date));
}

/* --- the snapshot ----------------------------------------------------------------------------- */

static int
vacuum_into(sqlite3 *db, const char *path, struct error *err)
{
	sqlite3_stmt *st;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc;

	if (fd < 0)
		return error_set(err, "cannot create %s: %s", path, strerror(errno));
	close(fd);
	if (sql_prepare(db, "VACUUM INTO ?1", &st, err) < 0)
		return -1;
	sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
	rc = sql_step_reset(st, "back up", err);
	sqlite3_finalize(st);
	return rc;
}

/* The live database as it is now, below its new name in the folder; it opens the new manifest. */
static int
copy_live(struct backup *b)
{
	char from[ROOM], temporary[ROOM], to[ROOM], name[MANIFEST_NAME];
	uint8_t hash[32];
	sqlite3 *db;
	int rc;

	(void)snprintf(from, sizeof(from), "%s/gatebook.db", b->dir);
	(void)snprintf(temporary, sizeof(temporary), "%s/live.tmp", b->to);
	b->now.made = clock_now();
	db = sql_open_read(from, b->err);
	rc = db ? vacuum_into(db, temporary, b->err) : -1;
	sqlite3_close(db);
	if (rc == 0)
		rc = folder_sync_file(temporary, &b->done->bytes, hash, b->err);
	if (rc == 0) {
		manifest_live_name(hash, name);
		(void)snprintf(to, sizeof(to), "%s/%s", b->to, name);
		if (rename(temporary, to) != 0)
			rc = error_set(b->err, "cannot rename %s: %s", temporary, strerror(errno));
		manifest_add(&b->now, name, hash);
	}
	(void)unlink(temporary);
	return rc;
}

/* The store is known by the first record of its ledger. */
static int
name_store(struct backup *b, sqlite3 *copy)
{
	static const uint8_t none[32];
	sqlite3_stmt *st;

	if (sql_prepare(copy, "SELECT hash FROM ledger WHERE seq = 1", &st, b->err) < 0)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == 32)
		memcpy(b->now.store, sqlite3_column_blob(st, 0), 32);
	sqlite3_finalize(st);
	if (memcmp(b->before.store, none, 32) == 0 ||
	    memcmp(b->before.store, b->now.store, 32) == 0)
		return 0;
	return error_set(b->err,
	    "%s holds the backup of another store: name another folder, or move it aside: mv %s "
	    "%s.old",
	    b->to, b->to, b->to);
}

/* --- days ------------------------------------------------------------------------------------- */

/* What the backup before this one holds is taken on trust, but for its size. */
static bool
is_kept(const struct backup *b, const char *name, const char *path, const uint8_t *sha256,
    int64_t bytes)
{
	const struct manifest_file *f = manifest_find(&b->before, name);
	struct stat st;

	return f && memcmp(f->sha256, sha256, 32) == 0 && stat(path, &st) == 0 &&
	       st.st_size == bytes;
}

/* Whether the store still has the day: it may have been dropped since the snapshot. */
static bool
is_listed(const struct backup *b, int64_t day)
{
	char path[ROOM], sql[80];
	struct error err = { 0 };
	int64_t found = 1;
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/gatebook.db", b->dir);
	(void)snprintf(
	    sql, sizeof(sql), "SELECT count(*) FROM day WHERE day = %lld", (long long)day);
	db = sql_open_read(path, &err);
	if (db && sql_number(db, sql, 1, &found, &err) < 0)
		found = 1;
	sqlite3_close(db);
	return found > 0;
}

/* Returns 0, 1 when the snapshot is out of date, or -1 with err. */
static int
take_day(struct backup *b, int64_t day, const uint8_t sha256[static 32], int64_t bytes)
{
	char from[SEAL_PATH], to[ROOM], name[MANIFEST_NAME];
	struct error why = { 0 };
	int linked = 0;

	date_of(day, name);
	seal_path(b->dir, day, "", from);
	(void)snprintf(to, sizeof(to), "%s/%s", b->to, name);
	b->done->days++;
	if (!is_kept(b, name, to, sha256, bytes)) {
		linked = folder_place(from, to, sha256, &why);
		b->done->linked += linked == 1;
		b->done->copied += linked == 0;
	}
	if (linked >= 0) {
		manifest_add(&b->now, name, sha256);
		return 0;
	}
	if (access(from, F_OK) != 0 && !is_listed(b, day))
		return 1;
	if (why.exit != EXIT_FALSE && access(from, R_OK) == 0)
		return error_set(b->err, "%s", why.text);
	/* A backup without it is better than none at all. */
	log_line(LOG_ERROR, "not in the backup: %s", why.text);
	b->done->missing++;
	return 0;
}

static int
take_days(struct backup *b, sqlite3 *copy)
{
	sqlite3_stmt *st;
	int code, rc = 0;

	if (sql_prepare(copy, "SELECT day, sha256, bytes FROM day ORDER BY day", &st, b->err) < 0)
		return -1;
	while (rc == 0 && (code = sqlite3_step(st)) == SQLITE_ROW)
		rc = sqlite3_column_bytes(st, 1) == 32
			 ? take_day(b, sqlite3_column_int64(st, 0), sqlite3_column_blob(st, 1),
			       sqlite3_column_int64(st, 2))
			 : error_set(b->err, "the catalogue of sealed days is damaged");
	if (rc == 0 && code != SQLITE_DONE)
		rc = sql_failed(copy, "read", b->err);
	sqlite3_finalize(st);
	return rc;
}

/* --- the folder ------------------------------------------------------------------------------- */

/* Removes what looks like ours below a folder and is not in the manifest. */
static void
sweep(const struct backup *b, const char *below, bool (*is_ours)(struct text name))
{
	char path[ROOM], name[300];
	struct dirent *e;
	DIR *d;

	(void)snprintf(path, sizeof(path), "%s/%s", b->to, below);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		(void)snprintf(name, sizeof(name), "%s%s", below, e->d_name);
		if (!is_ours(text_of(e->d_name)) || manifest_find(&b->now, name))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", b->to, name);
		(void)unlink(path);
	}
	if (d)
		closedir(d);
}

static bool
is_empty(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	bool empty = true;

	while (d && (e = readdir(d)))
		empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	if (d)
		closedir(d);
	return empty;
}

static int
refuse_inside(const char *dir, const char *to, struct error *err)
{
	char *store = realpath(dir, NULL), *folder = realpath(to, NULL);
	size_t n = store ? strlen(store) : 0;
	bool inside = store && folder && strncmp(folder, store, n) == 0 &&
		      (folder[n] == '/' || folder[n] == '\0');

	free(store);
	free(folder);
	return inside ? error_exit(err, EXIT_USAGE,
			    "%s is inside the store itself: name a folder elsewhere", to)
		      : 0;
}

/* The folder is ours, and locked: the lock, or -1. An empty manifest marks it before anything is in
 * it. */
static int
open_folder(struct backup *b)
{
	char days[ROOM];
	int lock, has;

	if (strlen(b->to) > ROOM - 64)
		return error_set(b->err, "the path of the backup is too long: %.80s...", b->to);
	if (mkdir(b->to, 0700) != 0 && errno != EEXIST)
		return error_set(b->err, "cannot create %s: %s", b->to, strerror(errno));
	if (refuse_inside(b->dir, b->to, b->err) < 0)
		return -1;
	has = manifest_read(b->to, &b->before, b->err);
	if (has == 0 && !is_empty(b->to))
		return error_exit(b->err, EXIT_USAGE,
		    "%s holds something that is no backup: name a new or an empty folder", b->to);
	if (has < 0 || (has == 0 && manifest_write(b->to, &b->before, b->err) < 0))
		return -1;
	lock = folder_lock(b->to, b->err);
	(void)snprintf(days, sizeof(days), "%s/days", b->to);
	if (lock >= 0 && mkdir(days, 0700) != 0 && errno != EEXIST) {
		close(lock);
		return error_set(b->err, "cannot create %s: %s", days, strerror(errno));
	}
	return lock;
}

/* Returns 0, 1 to try again, or -1. */
static int
attempt(struct backup *b)
{
	char path[ROOM];
	sqlite3 *copy;
	int rc;

	manifest_free(&b->now);
	*b->done = (struct backup_done){ 0 };
	if (copy_live(b) < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/%s", b->to, b->now.files[0].name);
	copy = sql_open_read(path, b->err);
	rc = copy && name_store(b, copy) == 0 ? take_days(b, copy) : -1;
	sqlite3_close(copy);
	return rc;
}

int
store_backup(const char *dir, const char *to, struct backup_done *done, struct error *err)
{
	struct backup b = { .dir = dir, .to = to, .done = done, .err = err };
	int lock = open_folder(&b), rc = lock < 0 ? -1 : 1;
	char days[ROOM];

	for (int i = 0; rc == 1 && i < TRIES; i++)
		rc = attempt(&b);
	if (rc == 1)
		rc = error_set(err, "days are dropped faster than they can be linked: try again");
	(void)snprintf(days, sizeof(days), "%s/days", to);
	if (rc == 0)
		rc = folder_sync(days, err);
	if (rc == 0)
		rc = manifest_write(to, &b.now, err);
	done->made = b.now.made;
	if (rc == 0) {
		sweep(&b, "", manifest_is_live);
		sweep(&b, "days/", manifest_is_day);
	}
	if (lock >= 0)
		close(lock);
	manifest_free(&b.before);
	manifest_free(&b.now);
	return rc;
}
