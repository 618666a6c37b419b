/* A poll is a merge of two lists sorted by key: what was open, and what is there. The old roll is
 * read once, the new one and that of the closed sessions are written beside it. */
#include "store/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/internal.h"
#include "store/sql.h"

enum { UNRESOLVED = UINT32_MAX };

struct merge {
	struct store *s;
	int64_t device;
	const struct device_state *state; /* before the poll */
	const struct poll_report *report;
	const struct words *words;
	uint32_t *word_ids; /* of the poll's words in the store; UNRESOLVED: not asked yet */
	uint64_t numbers;   /* sessions of the device so far */
	struct roll_writer open, closed;
	int64_t day; /* that sessions are closed into */
	struct store_counts *counts;
	bool dirty;
	struct error *err;
};

static int
resolve(struct merge *m, word w, uint32_t *id)
{
	int64_t found;

	*id = 0;
	if (w == 0 || w > m->words->n)
		return 0;
	if (m->word_ids[w] == UNRESOLVED) {
		found = lexicon_id(
		    &m->s->words, words_get(m->words, w), m->s->statements[ST_WORD_INSERT], m->err);
		if (found < 0)
			return -1;
		m->word_ids[w] = (uint32_t)found;
	}
	*id = m->word_ids[w];
	return 0;
}

static int
resolve_all(struct merge *m, const struct session *row, uint32_t words[static WORD_COUNT])
{
	const word all[WORD_COUNT] = {
		[WORD_STATE] = row->state,
		[WORD_PLACE] = row->place,
		[WORD_APP] = row->app,
		[WORD_USER] = row->user,
		[WORD_IN_IFACE] = row->in_iface,
		[WORD_OUT_IFACE] = row->out_iface,
	};

	for (int i = 0; i < WORD_COUNT; i++) {
		if (resolve(m, all[i], &words[i]) < 0)
			return -1;
	}
	return 0;
}

/* The counters that the row carries go over those that are known. */
static void
take_counters(struct roll_entry *e, const struct counters *c)
{
	static const uint32_t bits[COUNTER_COUNT] = { HAS_BYTES_NEAR, HAS_BYTES_FAR,
		HAS_BYTES_TOTAL, HAS_PACKETS_NEAR, HAS_PACKETS_FAR };
	const uint64_t values[COUNTER_COUNT] = { c->bytes_near, c->bytes_far, c->bytes_total,
		c->packets_near, c->packets_far };

	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (!(c->has & bits[i]))
			continue;
		e->has |= (uint8_t)(1 << i);
		e->counters[i] = values[i];
	}
}

/* What the row says besides its key goes over what is known; a state that is not printed does not.
 */
static int
take_row(struct merge *m, const struct session *row, struct roll_entry *e)
{
	uint32_t state = e->words[WORD_STATE];

	if (resolve_all(m, row, e->words) < 0)
		return -1;
	if (e->words[WORD_STATE] == 0)
		e->words[WORD_STATE] = state;
	e->flags = row->flags;
	e->initiator = row->initiator;
	e->in_nat = row->in_nat.family ? row->in_nat : (struct addr){ 0 };
	e->out_nat = row->out_nat.family ? row->out_nat : (struct addr){ 0 };
	e->in_nat_port = row->flags & SESSION_IN_NAT_PORT ? row->in_nat_port : 0;
	e->out_nat_port = row->flags & SESSION_OUT_NAT_PORT ? row->out_nat_port : 0;
	take_counters(e, &row->counters);
	return 0;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Devices print ages in seconds, or cut to minutes, hours or days: a round one may be up to one
 * unit short. */
static int64_t
age_unit(uint32_t age)
{
	if (age == 0)
		return 1;
	return age % 86400 == 0 ? 86400 : age % 3600 == 0 ? 3600 : age % 60 == 0 ? 60 : 1;
}

/* The start lies in (start_after, start_by]. */
static void
bound_start(const struct merge *m, const struct session *row, struct roll_entry *e)
{
	int64_t age = row->counters.age;
	int64_t earliest = m->report->asked - age - age_unit(row->counters.age);

	e->has_start_after = m->state->asked != 0;
	e->start_after = m->state->asked;
	e->start_by = m->report->answered;
	if (!(row->counters.has & HAS_AGE) || earliest <= 0)
		return;
	/* Older than a whole table that did not hold it: the table is the better witness. */
	if (e->has_start_after && m->report->answered - age <= e->start_after)
		return;
	if (!e->has_start_after || earliest > e->start_after)
		e->start_after = earliest;
	e->has_start_after = true;
	e->start_by = m->report->answered - age;
}

/* A complete poll is what "last seen" means without more words; a partial one is noted. */
static int64_t
seen_now(const struct merge *m)
{
	return m->report->outcome == OUTCOME_COMPLETE ? 0 : m->report->asked;
}

static int
open_one(struct merge *m, const struct session *row)
{
	struct roll_entry e = { .key = row->key,
		.number = ++m->numbers,
		.before = m->state->complete,
		.seen = seen_now(m) };

	bound_start(m, row, &e);
	if (take_row(m, row, &e) < 0)
		return -1;
	roll_put(&m->open, &e);
	m->counts->opened++;
	m->dirty = true;
	return 0;
}

/* --- seen again, and gone --------------------------------------------------------------------- */

static int
see_again(struct merge *m, const struct roll_entry *old, const struct session *row)
{
	struct roll_entry e = *old;

	if (take_row(m, row, &e) < 0)
		return -1;
	if (m->report->outcome == OUTCOME_PARTIAL)
		e.seen = m->report->asked;
	m->dirty = m->dirty || memcmp(&e, old, sizeof(e)) != 0;
	if (m->report->outcome == OUTCOME_COMPLETE)
		e.seen = 0; /* by now it says nothing; not worth a write by itself */
	roll_put(&m->open, &e);
	m->counts->reseen++;
	return 0;
}

static void
bind_words(sqlite3_stmt *st, const struct roll_entry *e)
{
	sqlite3_bind_int64(st, 9, e->words[WORD_PLACE]);
	sqlite3_bind_int64(st, 14, e->words[WORD_APP]);
	sqlite3_bind_int64(st, 15, e->words[WORD_USER]);
	sqlite3_bind_int64(st, 16, e->words[WORD_IN_IFACE]);
	sqlite3_bind_int64(st, 17, e->words[WORD_OUT_IFACE]);
	sqlite3_bind_int64(st, 23, e->words[WORD_STATE]);
}

/* A session that may have begun before the day before its day. */
static int
put_long(struct merge *m, const struct roll_entry *e)
{
	sqlite3_stmt *st = m->s->statements[ST_LONG_INSERT];
	int64_t seen = e->seen > m->state->asked ? e->seen : m->state->asked;

	sqlite3_bind_int64(st, 1, m->device << SESSION_BITS | (int64_t)e->number);
	sql_bind_addr(st, 2, &e->key.outside);
	sql_bind_addr(st, 3, &e->key.inside);
	sqlite3_bind_int(st, 4, e->key.proto);
	sql_bind_or_null(st, 5, e->flags & SESSION_IN_PORT, e->key.in_port);
	sql_bind_or_null(st, 6, e->flags & SESSION_OUT_PORT, e->key.out_port);
	sqlite3_bind_int(st, 7, e->key.scope);
	sqlite3_bind_int(st, 8, e->initiator);
	sql_bind_addr(st, 10, &e->in_nat);
	sql_bind_or_null(st, 11, e->flags & SESSION_IN_NAT_PORT, e->in_nat_port);
	sql_bind_addr(st, 12, &e->out_nat);
	sql_bind_or_null(st, 13, e->flags & SESSION_OUT_NAT_PORT, e->out_nat_port);
	bind_words(st, e);
	if (e->has_start_after)
		sqlite3_bind_int64(st, 18, e->start_after);
	else
		sqlite3_bind_null(st, 18);
	sqlite3_bind_int64(st, 19, e->start_by);
	sqlite3_bind_int64(st, 20, seen);
	sqlite3_bind_int64(st, 21, m->report->answered);
	sqlite3_bind_int64(st, 22, (int64_t)(m->state->complete - e->before));
	for (int i = 0; i < COUNTER_COUNT; i++)
		sql_bind_or_null(st, 24 + i, e->has & 1 << i, e->counters[i]);
	return sql_step_reset(st, "write", m->err);
}

static int
absent(struct merge *m, const struct roll_entry *e)
{
	int64_t earliest = e->has_start_after ? e->start_after : e->start_by;

	if (m->report->outcome != OUTCOME_COMPLETE) {
		roll_put(&m->open, e);
		return 0;
	}
	m->counts->closed++;
	m->counts->once += m->state->complete - e->before == 1;
	m->dirty = true;
	if (earliest < (m->day - 1) * CLOCK_DAY)
		return put_long(m, e);
	roll_put(&m->closed, e);
	return 0;
}

/* --- the merge -------------------------------------------------------------------------------- */

/* 1 with the next open session, its key whole; 0 at the end; -1 with err. */
static int
next_open(struct merge *m, struct roll_reader *r, struct roll_entry *e)
{
	int more = roll_next(r, e);

	if (more > 0)
		e->key.place = lexicon_hash(&m->s->words, e->words[WORD_PLACE]);
	if (more < 0)
		return error_set(m->err,
		    "%s/gatebook.db: the open set of device %lld is damaged; restore it from a "
		    "backup",
		    m->s->dir, (long long)m->device);
	return more;
}

static int
walk(struct merge *m, struct roll_reader *old, const struct session *rows, size_t n)
{
	struct roll_entry e;
	size_t i = 0;
	int more = next_open(m, old, &e);

	while (more > 0 || (more == 0 && i < n)) {
		int order = more == 0 ? 1 : i == n ? -1 : session_key_compare(&e.key, &rows[i].key);
		int result;
		if (order < 0)
			result = absent(m, &e);
		else if (order == 0)
			result = see_again(m, &e, &rows[i++]);
		else
			result = open_one(m, &rows[i++]);
		if (result < 0)
			return -1;
		if (order <= 0)
			more = next_open(m, old, &e);
	}
	return more;
}

/* The next free id of table closed in the day. */
static int
next_closed(struct merge *m, int64_t *id)
{
	struct store *s = m->s;
	char sql[160];
	int64_t last;

	if (s->closing_day != m->day || s->closing_number == 0) {
		snprintf(sql, sizeof(sql),
		    "SELECT max(id) FROM closed WHERE id >= %lld << 40 AND id < %lld << 40",
		    (long long)m->day, (long long)m->day + 1);
		if (sql_number(s->db, sql, m->day << DAY_BITS, &last, m->err) < 0)
			return -1;
		s->closing_day = m->day;
		s->closing_number = last & ((INT64_C(1) << DAY_BITS) - 1);
	}
	*id = m->day << DAY_BITS | ++s->closing_number;
	return 0;
}

static int
write_closed(struct merge *m)
{
	sqlite3_stmt *st = m->s->statements[ST_CLOSED_INSERT];
	int64_t id;
	int result;

	if (m->closed.n == 0)
		return 0;
	if (next_closed(m, &id) < 0)
		return -1;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, m->device);
	sqlite3_bind_int64(st, 3, m->state->asked);
	sqlite3_bind_int64(st, 4, m->report->answered);
	sqlite3_bind_int64(st, 5, (int64_t)m->state->complete);
	sqlite3_bind_int64(st, 6, (int64_t)m->closed.n);
	sqlite3_bind_int64(st, 7, m->closed.earliest);
	sqlite3_bind_blob64(st, 8, m->closed.bytes, m->closed.used, SQLITE_STATIC);
	result = sql_step_reset(st, "write", m->err);
	sqlite3_clear_bindings(st);
	return result;
}

static int
write_open(struct merge *m)
{
	sqlite3_stmt *st = m->s->statements[ST_OPEN_WRITE];
	int result;

	if (!m->dirty)
		return 0;
	sqlite3_bind_int64(st, 1, m->device);
	sqlite3_bind_int64(st, 2, (int64_t)m->open.n);
	sqlite3_bind_int64(st, 3, m->open.earliest);
	sqlite3_bind_blob64(st, 4, m->open.bytes, m->open.used, SQLITE_STATIC);
	result = sql_step_reset(st, "write", m->err);
	sqlite3_clear_bindings(st);
	return result;
}

/* Reads the old roll, which SQLite holds until its statement is reset. */
static int
merge_old(struct merge *m, const struct session *rows, size_t n)
{
	sqlite3_stmt *st = m->s->statements[ST_OPEN_READ];
	struct roll_reader old;
	int code, result = -1;

	sqlite3_bind_int64(st, 1, m->device);
	code = sqlite3_step(st);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		sql_failed(m->s->db, "read", m->err);
	else if (roll_read(&old, code == SQLITE_ROW ? sqlite3_column_blob(st, 0) : NULL,
		     code == SQLITE_ROW ? (size_t)sqlite3_column_bytes(st, 0) : 0) < 0)
		error_set(m->err, "%s/gatebook.db: the open set of device %lld is damaged",
		    m->s->dir, (long long)m->device);
	else
		result = walk(m, &old, rows, n);
	sqlite3_reset(st);
	return result;
}

int
merge_poll(struct store *s, int64_t device, struct device_state *state,
    const struct poll_report *report, const struct session *rows, size_t n,
    const struct words *words, struct store_counts *counts, struct error *err)
{
	struct merge m = { .s = s,
		.device = device,
		.state = state,
		.report = report,
		.words = words,
		.numbers = state->numbers,
		.day = report->answered / CLOCK_DAY,
		.counts = counts,
		.err = err };
	const struct roll_head head = { report->asked, state->numbers + n, state->complete };
	int result;

	if (m.day <= s->closed_days)
		m.day = s->closed_days + 1;
	m.word_ids = mem_alloc((size_t)words->n + 1, sizeof(*m.word_ids));
	memset(m.word_ids, 0xff, ((size_t)words->n + 1) * sizeof(*m.word_ids));
	roll_begin(&m.open, &head);
	roll_begin(&m.closed, &head);
	result = merge_old(&m, rows, n);
	if (result == 0 && (write_closed(&m) < 0 || write_open(&m) < 0))
		result = -1;
	state->numbers = m.numbers;
	roll_free(&m.open);
	roll_free(&m.closed);
	free(m.word_ids);
	return result;
}
