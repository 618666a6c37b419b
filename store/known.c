/* What a scheduler that was started anew has to know: what is held, and who was polled when. */
#include "store/read.h"
#include "store/sql.h"

enum { POLLS_LOOKED_AT = 16 };

int
reader_holds(
    struct reader *r, int (*each)(const struct held *h, void *arg), void *arg, struct error *err)
{
	sqlite3_stmt *st;
	int code, end = 0;

	if (sql_prepare(reader_live(r),
		"SELECT on_what, name, reason, why, held_by, since FROM main.hold WHERE released "
		"IS "
		"NULL ORDER BY id",
		&st, err) < 0)
		return -1;
	while (end == 0 && (code = sqlite3_step(st)) == SQLITE_ROW) {
		const struct held h = { (const char *)sqlite3_column_text(st, 0),
			(const char *)sqlite3_column_text(st, 1),
			(const char *)sqlite3_column_text(st, 2),
			(const char *)sqlite3_column_text(st, 3),
			(const char *)sqlite3_column_text(st, 4), sqlite3_column_int64(st, 5) };

		end = each(&h, arg);
	}
	sqlite3_finalize(st);
	return end != 0 || code == SQLITE_DONE ? 0 : sql_failed(reader_live(r), "read", err);
}

/* The device's last polls, the latest first. Returns false when there is none. */
static bool
last_polls(sqlite3_stmt *polls, int64_t device, int64_t *started, unsigned *failures)
{
	bool any = false, failing = true;

	*failures = 0;
	sqlite3_bind_int64(polls, 1, device);
	while (failing && sqlite3_step(polls) == SQLITE_ROW) {
		if (!any)
			*started = sqlite3_column_int64(polls, 0);
		any = true;
		failing = sqlite3_column_int(polls, 1);
		*failures += failing;
	}
	sqlite3_reset(polls);
	return any;
}

int
reader_last_polls(struct reader *r,
    void (*each)(const char *device, int64_t started, unsigned failures, void *arg), void *arg,
    struct error *err)
{
	sqlite3_stmt *devices = NULL, *polls = NULL;
	int code = SQLITE_ERROR;

	if (sql_prepare(reader_live(r), "SELECT id, name FROM main.device", &devices, err) < 0)
		return -1;
	/* What was not tried, or was lost on our side, says nothing of the device. */
	if (sql_prepare(reader_live(r),
		"SELECT started, outcome = ?3 AND reason NOT IN (?4, ?5) FROM main.poll WHERE "
		"device = "
		"?1 ORDER BY started DESC, id DESC LIMIT ?2",
		&polls, err) == 0) {
		sqlite3_bind_int(polls, 2, POLLS_LOOKED_AT);
		sqlite3_bind_int(polls, 3, OUTCOME_FAILED);
		sqlite3_bind_int(polls, 4, REASON_STORE);
		sqlite3_bind_int(polls, 5, REASON_HELD);
		while ((code = sqlite3_step(devices)) == SQLITE_ROW) {
			int64_t started = 0;
			unsigned failures;

			if (last_polls(
				polls, sqlite3_column_int64(devices, 0), &started, &failures))
				each((const char *)sqlite3_column_text(devices, 1), started,
				    failures, arg);
		}
		if (code != SQLITE_DONE)
			(void)sql_failed(reader_live(r), "read", err);
	}
	sqlite3_finalize(devices);
	sqlite3_finalize(polls);
	return code == SQLITE_DONE ? 0 : -1;
}
