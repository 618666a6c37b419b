#include "ledger/scan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* A bit for each record that some other one refers to. */
struct answered {
	uint8_t *bits;
	uint64_t n;
};

static int
failed(sqlite3 *db, struct error *err)
{
	return error_set(err, "the ledger cannot be read: %s", sqlite3_errmsg(db));
}

static bool
decode(sqlite3_stmt *st, struct ledger_row *row)
{
	uint64_t inner;

	row->seq = (uint64_t)sqlite3_column_int64(st, 0);
	return ledger_decode(sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1),
		   &row->event, &inner) &&
	       inner == row->seq;
}

static int
unreadable(const struct ledger_row *row, struct error *err)
{
	return error_exit(err, EXIT_FALSE,
	    "record %" PRIu64 " was not written by the ledger: run `gatebook ledger verify`",
	    row->seq);
}

/* Results come after their intents, so everything from the first record of the answer on. */
static int
find_answered(sqlite3 *db, int64_t from_us, struct answered *a, struct error *err)
{
	struct ledger_row row;
	sqlite3_stmt *st;
	int code, rc = 0;

	if (sqlite3_prepare_v2(db, "SELECT ifnull(max(seq), 0) FROM ledger", -1, &st, NULL) !=
	    SQLITE_OK)
		return failed(db, err);
	if (sqlite3_step(st) == SQLITE_ROW)
		a->n = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	a->bits = mem_alloc(a->n / 8 + 1, 1);
	if (sqlite3_prepare_v2(db, "SELECT seq, record FROM ledger WHERE time_us >= ?", -1, &st,
		NULL) != SQLITE_OK)
		return failed(db, err);
	sqlite3_bind_int64(st, 1, from_us);
	while (rc == 0 && (code = sqlite3_step(st)) == SQLITE_ROW) {
		if (!decode(st, &row))
			rc = unreadable(&row, err);
		else if (row.event.refers > 0 && row.event.refers <= a->n)
			a->bits[row.event.refers / 8] |= (uint8_t)(1 << row.event.refers % 8);
	}
	sqlite3_finalize(st);
	return rc;
}

static int64_t
give(sqlite3 *db, sqlite3_stmt *st, const struct ledger_scan *scan, const struct answered *a,
    struct error *err)
{
	int64_t n = 0;
	int code;

	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct ledger_row row = { 0 };

		if (!decode(st, &row))
			return unreadable(&row, err);
		if (sqlite3_column_bytes(st, 2) == 32)
			memcpy(row.hash, sqlite3_column_blob(st, 2), 32);
		row.unknown = a->bits && row.event.kind == LEDGER_INTENT && row.seq <= a->n &&
			      !(a->bits[row.seq / 8] >> row.seq % 8 & 1);
		scan->each(&row, scan->arg);
		n++;
	}
	return code == SQLITE_DONE ? n : failed(db, err);
}

int64_t
ledger_scan(sqlite3 *db, const struct ledger_scan *scan, struct error *err)
{
	struct answered a = { 0 };
	sqlite3_stmt *st = NULL;
	int64_t n = -1;

	if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return failed(db, err);
	if (scan->unanswered && find_answered(db, scan->from_us, &a, err) < 0) {
		;
	} else if (sqlite3_prepare_v2(db,
		       "SELECT seq, record, hash FROM ledger WHERE time_us BETWEEN ? AND ? "
		       "ORDER BY seq",
		       -1, &st, NULL) != SQLITE_OK) {
		n = failed(db, err);
	} else {
		sqlite3_bind_int64(st, 1, scan->from_us);
		sqlite3_bind_int64(st, 2, scan->to_us);
		n = give(db, st, scan, &a, err);
	}
	sqlite3_finalize(st);
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	free(a.bits);
	return n;
}
