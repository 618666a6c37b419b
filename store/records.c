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

int64_t
store_device(struct store *s, const struct store_device *d, struct error *err)
{
	sqlite3_stmt *find = s->statements[ST_DEVICE_FIND];
	int64_t id = 0;
	bool same = false;
	int code;

	if (store_writing(s, err) < 0)
		return -1;
	if (!d->name || !d->name[0])
		return error_set(err, "the store %s: a device needs a name", s->dir);
	write_device(s, ST_DEVICE_FIND, d, err);
	code = sqlite3_step(find);
	if (code == SQLITE_ROW) {
		id = sqlite3_column_int64(find, 0);
		same = sqlite3_column_int(find, 1);
	}
	sqlite3_reset(find);
	sqlite3_clear_bindings(find);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return store_result(s, sql_failed(s->db, "read", err));
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
