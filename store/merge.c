/* A poll is a merge of two lists sorted by key: what was open, and what is there. */
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
	struct open_set *set; /* before the poll */
	const struct poll_report *report;
	const struct words *words;
	uint32_t *word_ids; /* of the poll's words in the store; UNRESOLVED: not asked yet */
	struct open_session *sessions; /* the set after the poll ... */
	size_t n;
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
attributes_of(struct merge *m, const struct session *row, struct attributes *a)
{
	*a = (struct attributes){
		.in_nat = row->in_nat,
		.out_nat = row->out_nat,
		.has_in_nat_port = row->flags & SESSION_IN_NAT_PORT,
		.has_out_nat_port = row->flags & SESSION_OUT_NAT_PORT,
		.initiator = row->initiator,
	};
	if (a->has_in_nat_port)
		a->in_nat_port = row->in_nat_port;
	if (a->has_out_nat_port)
		a->out_nat_port = row->out_nat_port;
	if (resolve(m, row->app, &a->app) < 0 || resolve(m, row->user, &a->user) < 0 ||
	    resolve(m, row->in_iface, &a->in_iface) < 0 ||
	    resolve(m, row->out_iface, &a->out_iface) < 0)
		return -1;
	return 0;
}

/* The counters that the row carries go over those that are known. Returns whether any differs. */
static bool
take_counters(struct open_session *o, const struct counters *c)
{
	static const uint32_t bits[COUNTER_COUNT] = { HAS_BYTES_NEAR, HAS_BYTES_FAR,
		HAS_BYTES_TOTAL, HAS_PACKETS_NEAR, HAS_PACKETS_FAR };
	const uint64_t values[COUNTER_COUNT] = { c->bytes_near, c->bytes_far, c->bytes_total,
		c->packets_near, c->packets_far };
	bool changed = false;

	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (!(c->has & bits[i]) || ((o->has & 1 << i) && o->counters[i] == values[i]))
			continue;
		o->has |= (uint8_t)(1 << i);
		o->counters[i] = values[i];
		changed = true;
	}
	return changed;
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

/* The start lies in (*after, *by]; *known is false when there is no lower bound. */
static void
start_bounds(
    const struct merge *m, const struct session *row, bool *known, int64_t *after, int64_t *by)
{
	int64_t age = row->counters.age;
	int64_t earliest = m->report->asked - age - age_unit(row->counters.age);

	*known = m->set->asked != 0;
	*after = m->set->asked;
	*by = m->report->answered;
	if (!(row->counters.has & HAS_AGE) || earliest <= 0)
		return;
	/* Older than a whole table that did not hold it: the table is the better witness. */
	if (*known && m->report->answered - age <= *after)
		return;
	if (!*known || earliest > *after)
		*after = earliest;
	*known = true;
	*by = m->report->answered - age;
}

static void
bind_attributes(
    sqlite3_stmt *st, int initiator, int nat, int first_word, const struct attributes *a)
{
	sqlite3_bind_int(st, initiator, a->initiator);
	sql_bind_addr(st, nat, &a->in_nat);
	sql_bind_or_null(st, nat + 1, a->has_in_nat_port, a->in_nat_port);
	sql_bind_addr(st, nat + 2, &a->out_nat);
	sql_bind_or_null(st, nat + 3, a->has_out_nat_port, a->out_nat_port);
	sqlite3_bind_int64(st, first_word, a->app);
	sqlite3_bind_int64(st, first_word + 1, a->user);
	sqlite3_bind_int64(st, first_word + 2, a->in_iface);
	sqlite3_bind_int64(st, first_word + 3, a->out_iface);
}

static void
bind_counters(sqlite3_stmt *st, int index, const struct open_session *o)
{
	sqlite3_bind_int64(st, index, o->state);
	for (int i = 0; i < COUNTER_COUNT; i++)
		sql_bind_or_null(st, index + 1 + i, o->has & 1 << i, o->counters[i]);
}

static int
insert_open(struct merge *m, const struct session *row, struct open_session *o)
{
	sqlite3_stmt *st = m->s->statements[ST_OPEN_INSERT];
	const struct session_key *k = &row->key;
	struct attributes a;
	bool known;
	int64_t after, by;
	uint32_t place;

	if (attributes_of(m, row, &a) < 0 || resolve(m, row->place, &place) < 0 ||
	    resolve(m, row->state, &o->state) < 0)
		return -1;
	start_bounds(m, row, &known, &after, &by);
	o->begin = known ? after : by;
	o->attributes = attributes_hash(&a);
	sqlite3_bind_int64(st, 1, m->device << SESSION_BITS | (int64_t)o->number);
	sql_bind_addr(st, 2, &k->outside);
	sql_bind_addr(st, 3, &k->inside);
	sqlite3_bind_int(st, 4, k->proto);
	sql_bind_or_null(st, 5, row->flags & SESSION_IN_PORT, k->in_port);
	sql_bind_or_null(st, 6, row->flags & SESSION_OUT_PORT, k->out_port);
	sqlite3_bind_int(st, 7, k->scope);
	sqlite3_bind_int64(st, 9, place);
	bind_attributes(st, 8, 10, 14, &a);
	if (known)
		sqlite3_bind_int64(st, 18, after);
	else
		sqlite3_bind_null(st, 18);
	sqlite3_bind_int64(st, 19, by);
	sqlite3_bind_int64(st, 20, o->seen);
	sqlite3_bind_int64(st, 21, (int64_t)o->before);
	bind_counters(st, 22, o);
	return sql_step_reset(st, "write", m->err);
}

static int
open_one(struct merge *m, const struct session *row)
{
	struct open_session *o = &m->sessions[m->n++];

	*o = (struct open_session){
		.key = row->key,
		.number = ++m->set->numbers,
		.before = m->set->complete,
		.seen = m->report->asked,
	};
	take_counters(o, &row->counters);
	m->counts->opened++;
	return insert_open(m, row, o);
}

/* --- seen again ------------------------------------------------------------------------------- */

static int
see_again(struct merge *m, const struct open_session *old, const struct session *row)
{
	struct open_session *o = &m->sessions[m->n++];
	sqlite3_stmt *st = m->s->statements[ST_OPEN_UPDATE];
	struct attributes a;
	uint32_t state;
	uint64_t hash;

	*o = *old;
	o->seen = m->report->asked;
	m->counts->reseen++;
	if (attributes_of(m, row, &a) < 0 || resolve(m, row->state, &state) < 0)
		return -1;
	if (take_counters(o, &row->counters) || (state && state != o->state)) {
		o->state = state ? state : o->state;
		o->changed = true;
		m->dirty = true;
	}
	if (m->report->outcome == OUTCOME_PARTIAL)
		m->dirty = true; /* its own `seen` */
	hash = attributes_hash(&a);
	if (hash == o->attributes)
		return 0;
	o->attributes = hash;
	sqlite3_bind_int64(st, 1, m->device << SESSION_BITS | (int64_t)o->number);
	bind_attributes(st, 2, 3, 7, &a);
	return sql_step_reset(st, "write", m->err);
}

/* --- closing ---------------------------------------------------------------------------------- */

/* The next free id of table closed in the day of `end`. */
static int
next_closed(struct merge *m, int64_t day, int64_t *id)
{
	struct store *s = m->s;
	char sql[160];
	int64_t last;

	if (s->closing_day != day || s->closing_number == 0) {
		snprintf(sql, sizeof(sql),
		    "SELECT max(id) FROM closed WHERE id >= %lld << 40 AND id < %lld << 40",
		    (long long)day, (long long)day + 1);
		if (sql_number(s->db, sql, day << DAY_BITS, &last, m->err) < 0)
			return -1;
		s->closing_day = day;
		s->closing_number = last & ((INT64_C(1) << DAY_BITS) - 1);
	}
	*id = day << DAY_BITS | ++s->closing_number;
	return 0;
}

static int
close_one(struct merge *m, const struct open_session *o)
{
	int64_t day = m->report->answered / CLOCK_DAY, closed;
	sqlite3_stmt *st, *gone = m->s->statements[ST_OPEN_DELETE];
	bool lasting;

	if (day <= m->s->closed_days)
		day = m->s->closed_days + 1;
	lasting = o->begin < (day - 1) * CLOCK_DAY;
	st = m->s->statements[lasting ? ST_CLOSE_LONG : ST_CLOSE];
	m->counts->closed++;
	if (!lasting && next_closed(m, day, &closed) < 0)
		return -1;
	sqlite3_bind_int64(st, 1, m->device << SESSION_BITS | (int64_t)o->number);
	if (!lasting)
		sqlite3_bind_int64(st, 2, closed);
	sqlite3_bind_int64(st, 3, o->seen > m->set->asked ? o->seen : m->set->asked);
	sqlite3_bind_int64(st, 4, m->report->answered);
	sqlite3_bind_int64(st, 5, (int64_t)(m->set->complete - o->before));
	bind_counters(st, 6, o);
	if (sql_step_reset(st, "write", m->err) < 0)
		return -1;
	sqlite3_bind_int64(gone, 1, m->device << SESSION_BITS | (int64_t)o->number);
	return sql_step_reset(gone, "write", m->err);
}

/* --- the merge -------------------------------------------------------------------------------- */

static int
absent(struct merge *m, const struct open_session *o)
{
	if (m->report->outcome == OUTCOME_COMPLETE)
		return close_one(m, o);
	m->sessions[m->n++] = *o;
	return 0;
}

static int
walk(struct merge *m, const struct session *rows, size_t n)
{
	const struct open_session *o = m->set->sessions, *end = o ? o + m->set->n : o;
	size_t i = 0;

	while (o < end || i < n) {
		int order = o == end ? 1 : i == n ? -1 : session_key_compare(&o->key, &rows[i].key);
		int result;
		if (order < 0)
			result = absent(m, o++);
		else if (order == 0)
			result = see_again(m, o++, &rows[i++]);
		else
			result = open_one(m, &rows[i++]);
		if (result < 0)
			return -1;
	}
	return 0;
}

int
merge_rows(struct store *s, int64_t device, struct open_set *set, const struct poll_report *report,
    const struct session *rows, size_t n, const struct words *words, struct store_counts *counts,
    bool *dirty, struct error *err)
{
	struct merge m = { .s = s,
		.device = device,
		.set = set,
		.report = report,
		.words = words,
		.counts = counts,
		.err = err };
	int result;

	m.word_ids = mem_alloc((size_t)words->n + 1, sizeof(*m.word_ids));
	memset(m.word_ids, 0xff, ((size_t)words->n + 1) * sizeof(*m.word_ids));
	m.sessions = mem_alloc(set->n + n + 1, sizeof(*m.sessions));
	result = walk(&m, rows, n);
	free(m.word_ids);
	openset_replace(s, device, m.sessions, m.n);
	*dirty = m.dirty;
	return result;
}
