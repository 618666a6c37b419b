/* One poll into the store: check it, merge its rows, write its record. */
#include <string.h>

#include "store/internal.h"
#include "store/merge.h"
#include "store/sql.h"

/* Seconds since 1970 that a report may hold: up to the year 9999. */
#define TIME_MAX INT64_C(253402300799)

static bool
whole_addr(const struct addr *a)
{
	static const uint8_t zeros[12];

	return a->family == 6 ||
	       (a->family == 4 && memcmp(a->bytes + 4, zeros, sizeof(zeros)) == 0);
}

/* What the merge stands on. The rows come from a process that read a device's bytes. */
static const char *
wrong_with_row(const struct session *row, const struct words *words)
{
	const struct session_key *k = &row->key;

	if (!whole_addr(&k->inside) || !whole_addr(&k->outside))
		return "an end is not an address";
	if ((row->in_nat.family && !whole_addr(&row->in_nat)) ||
	    (row->out_nat.family && !whole_addr(&row->out_nat)))
		return "a translated end is not an address";
	if (row->flags > 15)
		return "unknown flags";
	if (k->scope > SCOPE_HOST || row->initiator > INITIATOR_OUT || k->reserved)
		return "scope or initiator is out of range";
	if ((k->in_port && !(row->flags & SESSION_IN_PORT)) ||
	    (k->out_port && !(row->flags & SESSION_OUT_PORT)))
		return "a missing port is not 0";
	if (k->place != text_hash(words_get(words, row->place)))
		return "the place is not the one of its key";
	return NULL;
}

static const char *
wrong_with_report(const struct poll_report *r, const struct device_state *state, size_t n)
{
	bool read = r->outcome <= OUTCOME_PARTIAL;

	if (r->outcome > OUTCOME_SKIPPED)
		return "unknown outcome";
	if (r->started < 0 || r->ended < r->started || r->ended > TIME_MAX ||
	    r->answered > TIME_MAX)
		return "its times make no sense";
	if (r->started < state->last_started)
		return "it is older than the device's last one";
	if (!read)
		return n ? "a failed poll has no rows" : NULL;
	if (r->asked <= 0 || r->answered < r->asked)
		return "its times make no sense";
	if (r->asked < state->last_asked)
		return "it is older than the device's last one";
	return NULL;
}

static int
check(struct store *s, int64_t device, const struct device_state *state,
    const struct poll_report *r, const struct session *rows, size_t n, const struct words *words,
    struct error *err)
{
	const char *wrong = wrong_with_report(r, state, n);

	for (size_t i = 0; i < n && !wrong; i++) {
		wrong = wrong_with_row(&rows[i], words);
		if (!wrong && i && session_key_compare(&rows[i - 1].key, &rows[i].key) >= 0)
			wrong = "its rows are not sorted";
	}
	if (!wrong)
		return 0;
	return error_set(err, "the store %s refuses a poll of device %lld: %s", s->dir,
	    (long long)device, wrong);
}

/* --- records ---------------------------------------------------------------------------------- */

static void
bind_account(sqlite3_stmt *st, int index, const struct account *a)
{
	sql_bind_or_null(st, index, true, a->lines);
	sql_bind_or_null(st, index + 1, true, a->row);
	sql_bind_or_null(st, index + 2, true, a->noise);
	sql_bind_or_null(st, index + 3, true, a->unread);
	sql_bind_or_null(st, index + 4, true, a->rows);
	sql_bind_or_null(st, index + 5, a->has_printed, a->printed);
	sqlite3_bind_int(st, index + 6, a->mismatch);
	sqlite3_bind_int(st, index + 7, a->refused);
}

static int64_t
insert_poll(struct store *s, int64_t device, const struct poll_report *r,
    const struct store_counts *counts, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_POLL_INSERT];
	const uint64_t numbers[] = { r->bytes, r->sessions, r->inside_inside, r->outside_outside,
		r->special, r->own, r->listening, r->copies, counts->opened, counts->reseen,
		counts->closed };
	const int n = sizeof(numbers) / sizeof(numbers[0]);

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int64(st, 2, r->started);
	sql_bind_or_null(st, 3, r->asked > 0, (uint64_t)r->asked);
	sql_bind_or_null(st, 4, r->answered > 0, (uint64_t)r->answered);
	sqlite3_bind_int64(st, 5, r->ended);
	sqlite3_bind_int64(st, 6, r->duration_ms);
	sqlite3_bind_int(st, 7, r->outcome);
	sqlite3_bind_int(st, 8, r->reason);
	sqlite3_bind_int(st, 9, r->sandbox);
	bind_account(st, 10, &r->account);
	for (int i = 0; i < n; i++)
		sql_bind_or_null(st, 18 + i, true, numbers[i]);
	sqlite3_bind_text(st, 18 + n, r->why, (int)strnlen(r->why, sizeof(r->why)), SQLITE_STATIC);
	sqlite3_bind_text(
	    st, 19 + n, r->evidence, (int)strnlen(r->evidence, sizeof(r->evidence)), SQLITE_STATIC);
	if (sql_step_reset(st, "write", err) < 0)
		return -1;
	return sqlite3_last_insert_rowid(s->db);
}

static int
update_device(struct store *s, int64_t device, const struct device_state *state, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_DEVICE_POLLED];

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int64(st, 2, (int64_t)state->complete);
	sql_bind_or_null(st, 3, state->asked != 0, (uint64_t)state->asked);
	sqlite3_bind_int64(st, 4, (int64_t)state->numbers);
	return sql_step_reset(st, "write", err);
}

static int
read_state(struct store *s, int64_t device, struct device_state *state, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_DEVICE_STATE], *last = s->statements[ST_POLL_LAST];
	int code;

	*state = (struct device_state){ 0 };
	sqlite3_bind_int64(st, 1, device);
	code = sqlite3_step(st);
	if (code == SQLITE_ROW) {
		state->complete = (uint64_t)sqlite3_column_int64(st, 0);
		state->asked = sqlite3_column_int64(st, 1);
		state->numbers = (uint64_t)sqlite3_column_int64(st, 2);
	}
	sqlite3_reset(st);
	if (code == SQLITE_DONE)
		return error_set(
		    err, "the store %s knows no device %lld", s->dir, (long long)device);
	state->last_asked = state->asked;
	sqlite3_bind_int64(last, 1, device);
	if (code == SQLITE_ROW && (code = sqlite3_step(last)) == SQLITE_ROW) {
		state->last_started = sqlite3_column_int64(last, 0);
		if (sqlite3_column_int64(last, 1) > state->last_asked)
			state->last_asked = sqlite3_column_int64(last, 1);
	}
	sqlite3_reset(last);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : sql_failed(s->db, "read", err);
}

static int64_t
apply(struct store *s, int64_t device, struct device_state *state, const struct poll_report *report,
    const struct session *rows, size_t n, const struct words *words, struct store_counts *counts,
    struct error *err)
{
	bool read = report->outcome <= OUTCOME_PARTIAL;

	if (read && merge_poll(s, device, state, report, rows, n, words, counts, err) < 0)
		return -1;
	if (report->outcome == OUTCOME_COMPLETE) {
		state->complete++;
		state->asked = report->asked;
	}
	if (read && update_device(s, device, state, err) < 0)
		return -1;
	return insert_poll(s, device, report, counts, err);
}

int64_t
store_poll(struct store *s, int64_t device, const struct poll_report *report,
    const struct session *rows, size_t n, const struct words *words, struct store_counts *counts,
    struct error *err)
{
	static const uint32_t no_offsets[2];
	static const struct words none = { "", no_offsets, 0 };
	struct store_counts own;
	struct device_state state;
	int64_t poll;

	counts = counts ? counts : &own;
	words = words ? words : &none;
	*counts = (struct store_counts){ 0 };
	if (store_writing(s, err) < 0 || read_state(s, device, &state, err) < 0 ||
	    check(s, device, &state, report, rows, n, words, err) < 0)
		return -1;
	poll = apply(s, device, &state, report, rows, n, words, counts, err);
	if (poll < 0)
		store_result(s, -1);
	return poll;
}
