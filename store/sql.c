#include "store/sql.h"

#include <string.h>

static const char *
advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return "; the file system is full: free space on it and start again";
	case SQLITE_IOERR: return "; look into the kernel log and the free space of the disk";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return "; the file is damaged: restore it from a backup";
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN: return "; check who owns the folder and its mode";
	case SQLITE_BUSY: return "; another program holds it locked: close it";
	default: return "";
	}
}

int
sql_failed(sqlite3 *db, const char *doing, struct error *err)
{
	int code = sqlite3_extended_errcode(db);
	const char *file = sqlite3_db_filename(db, "main");

	return error_set(err, "cannot %s %s: %s (SQLite %d)%s", doing, file ? file : "the store",
	    sqlite3_errmsg(db), code, advice(code));
}

int
sql_run(sqlite3 *db, const char *sql, const char *doing, struct error *err)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
								    : sql_failed(db, doing, err);
}

int
sql_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **st, struct error *err)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, st, NULL) == SQLITE_OK)
		return 0;
	return sql_failed(db, "use", err);
}

sqlite3 *
sql_open_read(const char *path, struct error *err)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX,
		NULL) == SQLITE_OK) {
		sqlite3_extended_result_codes(db, 1);
		sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		sqlite3_busy_timeout(db, 5000);
		return db;
	}
	(void)sql_failed(db, "open", err);
	sqlite3_close(db);
	return NULL;
}

int
sql_step_reset(sqlite3_stmt *st, const char *doing, struct error *err)
{
	sqlite3 *db = sqlite3_db_handle(st);
	int code = sqlite3_step(st);
	int result = code == SQLITE_DONE || code == SQLITE_ROW ? 0 : sql_failed(db, doing, err);

	sqlite3_reset(st);
	return result;
}

int
sql_number(sqlite3 *db, const char *sql, int64_t none, int64_t *value, struct error *err)
{
	sqlite3_stmt *st;
	int code;

	if (sql_prepare(db, sql, &st, err) < 0)
		return -1;
	code = sqlite3_step(st);
	*value = none;
	if (code == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : sql_failed(db, "read", err);
}

int
sql_bind_addr(sqlite3_stmt *st, int index, const struct addr *a)
{
	if (a->family == 4)
		return sqlite3_bind_int64(st, index, addr_ipv4(a));
	if (a->family == 6)
		return sqlite3_bind_blob(st, index, a->bytes, 16, SQLITE_TRANSIENT);
	return sqlite3_bind_null(st, index);
}

bool
sql_column_addr(sqlite3_stmt *st, int column, struct addr *a)
{
	int type = sqlite3_column_type(st, column);

	if (type == SQLITE_INTEGER) {
		int64_t n = sqlite3_column_int64(st, column);
		if (n < 0 || n > UINT32_MAX)
			return false;
		*a = addr_from_ipv4((uint32_t)n);
		return true;
	}
	if (type != SQLITE_BLOB || sqlite3_column_bytes(st, column) != 16)
		return false;
	a->family = 6;
	memcpy(a->bytes, sqlite3_column_blob(st, column), 16);
	return true;
}

int
sql_bind_or_null(sqlite3_stmt *st, int index, bool has, uint64_t value)
{
	if (!has)
		return sqlite3_bind_null(st, index);
	return sqlite3_bind_int64(st, index, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}
