/* One poll into the store: check it, merge its rows, write its record. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/internal.h"
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
wrong_with_report(const struct poll_report *r, const struct open_set *set, size_t n)
{
	bool read = r->outcome <= OUTCOME_PARTIAL;

	if (r->outcome > OUTCOME_SKIPPED)
		return "unknown outcome";
	if (r->started < 0 || r->ended < r->started || r->ended > TIME_MAX ||
	    r->answered > TIME_MAX)
		return "its times make no sense";
	if (r->started < set->last_started)
		return "it is older than the device's last one";
	if (!read)
		return n ? "a failed poll has no rows" : NULL;
	if (r->asked <= 0 || r->answered < r->asked)
		return "its times make no sense";
	if (r->asked < set->last_asked)
		return "it is older than the device's last one";
	return NULL;
}

static int
check(struct store *s, int64_t device, const struct open_set *set, const struct poll_report *r,
    const struct session *rows, size_t n, const struct words *words, struct error *err)
{
	const char *wrong = wrong_with_report(r, set, n);

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
update_device(struct store *s, int64_t device, const struct open_set *set, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_DEVICE_POLLED];

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int64(st, 2, (int64_t)set->complete);
	sql_bind_or_null(st, 3, set->asked != 0, (uint64_t)set->asked);
	sqlite3_bind_int64(st, 4, (int64_t)set->numbers);
	return sql_step_reset(st, "write", err);
}

static int
write_words(
    struct store *s, int64_t device, int64_t poll, const struct open_set *set, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_WORDS_WRITE];
	size_t capacity = 16 * set->n + LASTWORD_MAX, used = 0;
	uint8_t *buffer = mem_alloc(capacity, 1);
	int result;

	for (size_t i = 0; i < set->n; i++) {
		const struct open_session *o = &set->sessions[i];
		bool seen = o->seen > set->asked;
		struct lastword w = { .number = o->number,
			.seen = seen ? o->seen : 0,
			.state = o->state,
			.has = o->has };
		if (!o->changed && !seen)
			continue;
		if (capacity - used < LASTWORD_MAX) {
			capacity *= 2;
			buffer = mem_grow(buffer, capacity, 1);
		}
		memcpy(w.counters, o->counters, sizeof(w.counters));
		used = (size_t)(lastword_put(buffer + used, &w) - buffer);
	}
	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int64(st, 2, poll);
	sqlite3_bind_blob64(st, 3, buffer, used, SQLITE_STATIC);
	result = sql_step_reset(st, "write", err);
	sqlite3_clear_bindings(st);
	free(buffer);
	return result;
}

static int64_t
apply(struct store *s, int64_t device, struct open_set *set, const struct poll_report *report,
    const struct session *rows, size_t n, const struct words *words, struct store_counts *counts,
    struct error *err)
{
	bool read = report->outcome <= OUTCOME_PARTIAL, dirty = false;
	int64_t poll;

	set->last_started = report->started;
	if (read) {
		if (merge_rows(s, device, set, report, rows, n, words, counts, &dirty, err) < 0)
			return -1;
		set->last_asked = report->asked;
	}
	if (report->outcome == OUTCOME_COMPLETE) {
		set->complete++;
		set->asked = report->asked;
	}
	poll = insert_poll(s, device, report, counts, err);
	if (poll < 0 || (read && update_device(s, device, set, err) < 0) ||
	    (dirty && write_words(s, device, poll, set, err) < 0))
		return -1;
	return poll;
}

int64_t
store_poll(struct store *s, int64_t device, const struct poll_report *report,
    const struct session *rows, size_t n, const struct words *words, struct store_counts *counts,
    struct error *err)
{
	static const uint32_t no_offsets[2];
	static const struct words none = { "", no_offsets, 0 };
	struct store_counts own;
	struct open_set *set;
	int64_t poll;

	counts = counts ? counts : &own;
	words = words ? words : &none;
	*counts = (struct store_counts){ 0 };
	if (store_writing(s, err) < 0 || !(set = openset_stage(s, device, err)) ||
	    check(s, device, set, report, rows, n, words, err) < 0)
		return -1;
	poll = apply(s, device, set, report, rows, n, words, counts, err);
	if (poll < 0)
		store_result(s, -1);
	return poll;
}
