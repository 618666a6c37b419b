/* What stands beside the sessions: devices, host keys, the ledger's table. */
#include <string.h>

#include "base/clock.h"
#include "store/internal.h"
#include "store/sql.h"

static void
bind_text(sqlite3_stmt *st, int index, const char *text)
{
	sqlite3_bind_text(st, index, text ? text : "", -1, SQLITE_STATIC);
}

static int
write_device(struct store *s, enum statement which, const struct store_device *d, struct error *err)
{
	sqlite3_stmt *st = s->statements[which];
	int result;

	bind_text(st, 1, d->name);
	bind_text(st, 2, d->platform);
	bind_text(st, 3, d->site);
	bind_text(st, 4, d->host);
	bind_text(st, 5, d->transport);
	bind_text(st, 6, d->blind);
	sqlite3_bind_int64(st, 7, d->every);
	if (which == ST_DEVICE_INSERT)
		sqlite3_bind_int64(st, 8, clock_now());
	if (which == ST_DEVICE_FIND)
		return 0;
	result = sql_step_reset(st, "write", err);
	sqlite3_clear_bindings(st);
	return store_result(s, result);
}

/* Its id, 0 when it is not there, or -1. */
static int64_t
find_device(struct store *s, const struct store_device *d, bool *same, struct error *err)
{
	sqlite3_stmt *find = s->statements[ST_DEVICE_FIND];
	int64_t id = 0;
	int code;

	*same = false;
	if (store_writing(s, err) < 0)
		return -1;
	if (!d->name || !d->name[0])
		return error_set(err, "the store %s: a device needs a name", s->dir);
	write_device(s, ST_DEVICE_FIND, d, err);
	code = sqlite3_step(find);
	if (code == SQLITE_ROW) {
		id = sqlite3_column_int64(find, 0);
		*same = sqlite3_column_int(find, 1);
	}
	sqlite3_reset(find);
	sqlite3_clear_bindings(find);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return store_result(s, sql_failed(s->db, "read", err));
	return id;
}

int
store_device_change(struct store *s, const struct store_device *d, struct error *err)
{
	bool same;
	int64_t id = find_device(s, d, &same, err);

	return id < 0 ? -1 : id == 0 ? 1 : same ? 0 : 2;
}

int
store_config_file(struct store *s, const char *path, const char *sha256, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_CONFIG_FILE];

	if (store_writing(s, err) < 0)
		return -1;
	bind_text(st, 1, path);
	bind_text(st, 2, sha256);
	if (store_result(s, sql_step_reset(st, "write", err)) < 0)
		return -1;
	return sqlite3_changes(s->db) > 0;
}

int64_t
store_device(struct store *s, const struct store_device *d, struct error *err)
{
	bool same;
	int64_t id = find_device(s, d, &same, err);

	if (id < 0)
		return -1;
	if (same)
		return id;
	if (write_device(s, id ? ST_DEVICE_UPDATE : ST_DEVICE_INSERT, d, err) < 0)
		return -1;
	return id ? id : sqlite3_last_insert_rowid(s->db);
}

/* Binds device, key (may be NULL), now and who; returns the number of rows changed, or -1. */
static int
hostkey(struct store *s, enum statement which, const char *device, const char *key, const char *by,
    struct error *err)
{
	sqlite3_stmt *st = s->statements[which];
	int result;

	if (store_writing(s, err) < 0)
		return -1;
	bind_text(st, 1, device);
	sqlite3_bind_text(st, 2, key, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, clock_now());
	bind_text(st, 4, by);
	result = sql_step_reset(st, "write", err);
	sqlite3_clear_bindings(st);
	return store_result(s, result) < 0 ? -1 : sqlite3_changes(s->db);
}

int
store_hostkey_trust(
    struct store *s, const char *device, const char *key, const char *by, struct error *err)
{
	return hostkey(s, ST_HOSTKEY_TRUST, device, key, by, err) < 0 ? -1 : 0;
}

int
store_hostkey_revoke(
    struct store *s, const char *device, const char *key, const char *by, struct error *err)
{
	return hostkey(s, ST_HOSTKEY_REVOKE, device, key, by, err);
}

int
store_hold(struct store *s, const struct store_hold *h, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_HOLD];
	int result;

	if (store_writing(s, err) < 0)
		return -1;
	bind_text(st, 1, h->on);
	bind_text(st, 2, h->name);
	bind_text(st, 3, h->reason);
	bind_text(st, 4, h->why);
	sqlite3_bind_int64(st, 5, clock_now());
	bind_text(st, 6, h->by);
	result = sql_step_reset(st, "write", err);
	sqlite3_clear_bindings(st);
	return store_result(s, result);
}

int
store_release(struct store *s, const char *on, const char *name, const char *by, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_RELEASE];
	int result;

	if (store_writing(s, err) < 0)
		return -1;
	bind_text(st, 1, on);
	bind_text(st, 2, name);
	sqlite3_bind_int64(st, 3, clock_now());
	bind_text(st, 4, by);
	result = sql_step_reset(st, "write", err);
	sqlite3_clear_bindings(st);
	return store_result(s, result) < 0 ? -1 : sqlite3_changes(s->db);
}

int
store_ledger_last(struct store *s, uint64_t *seq, uint8_t hash[static 32])
{
	sqlite3_stmt *st = s->statements[ST_LEDGER_LAST];
	int code = sqlite3_step(st), result = 0;

	*seq = 0;
	memset(hash, 0, 32);
	if (code == SQLITE_ROW && sqlite3_column_bytes(st, 1) == 32) {
		*seq = (uint64_t)sqlite3_column_int64(st, 0);
		memcpy(hash, sqlite3_column_blob(st, 1), 32);
	} else if (code != SQLITE_DONE) {
		result = -1;
	}
	sqlite3_reset(st);
	return result;
}

int
store_ledger_put(struct store *s, uint64_t seq, int64_t time_us, const void *record, size_t n,
    const uint8_t hash[static 32], struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_LEDGER_PUT];
	int result;

	if (store_writing(s, err) < 0)
		return -1;
	sqlite3_bind_int64(st, 1, (int64_t)seq);
	sqlite3_bind_int64(st, 2, time_us);
	sqlite3_bind_blob64(st, 3, record, n, SQLITE_STATIC);
	sqlite3_bind_blob(st, 4, hash, 32, SQLITE_STATIC);
	result = sql_step_reset(st, "write", err);
	sqlite3_clear_bindings(st);
	return store_result(s, result);
}

int64_t
store_ledger_hashes(struct store *s, uint64_t after,
    void (*each)(const uint8_t hash[static 32], void *arg), void *arg, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_LEDGER_HASHES];
	int64_t n = 0;
	int code;

	sqlite3_bind_int64(st, 1, (int64_t)after);
	while ((code = sqlite3_step(st)) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == 32) {
		each(sqlite3_column_blob(st, 0), arg);
		n++;
	}
	sqlite3_reset(st);
	return code == SQLITE_DONE ? n : sql_failed(s->db, "read the ledger of", err);
}

int
store_head_put(struct store *s, uint64_t size, const char *note, const void *peaks, size_t n,
    struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_HEAD_PUT];

	if (store_writing(s, err) < 0)
		return -1;
	sqlite3_bind_int64(st, 1, (int64_t)size);
	bind_text(st, 2, note);
	sqlite3_bind_blob64(st, 3, peaks, n, SQLITE_STATIC);
	return store_result(s, sql_step_reset(st, "write", err));
}

int64_t
store_head_last(struct store *s, char *note, size_t note_size, void *peaks, size_t *peaks_size,
    struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_HEAD_LAST];
	int64_t size = 0;
	int code = sqlite3_step(st);

	note[0] = '\0';
	if (code == SQLITE_ROW) {
		size_t n = (size_t)sqlite3_column_bytes(st, 1);
		size_t n_peaks = (size_t)sqlite3_column_bytes(st, 2);

		size = sqlite3_column_int64(st, 0);
		if (n >= note_size || n_peaks > *peaks_size || size <= 0) {
			size = error_set(err,
			    "the last head of the ledger is damaged: run `gatebook ledger verify`");
		} else {
			memcpy(note, sqlite3_column_text(st, 1), n + 1);
			if (n_peaks > 0)
				memcpy(peaks, sqlite3_column_blob(st, 2), n_peaks);
			*peaks_size = n_peaks;
		}
	} else if (code != SQLITE_DONE) {
		size = sql_failed(s->db, "read the ledger of", err);
	}
	sqlite3_reset(st);
	return size;
}
