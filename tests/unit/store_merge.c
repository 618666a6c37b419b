/* Random polls, and what must be known after them by the definition of a session alone: a run of
 * complete polls in which its key was present. The model below reads the whole history of a device
 * from its first poll, again for each key; it shares nothing with store/merge.c. */
#include "tests/unit/store_walk.h"

enum { DEVICES = 3, POLLS = 90 };

struct history {
	int64_t id;
	struct walk_event events[POLLS];
	size_t n;
};

/* A session as the model or the store says it. */
struct fact {
	int64_t id, start_after, start_by, end_from, end_by, polls; /* -1: NULL */
	int64_t counters[5];
	int key;
	unsigned initiator;
	int in_nat_port;
	char state[16], app[16], user[16], in_iface[16], place[16];
};

struct facts {
	struct fact all[8000];
	size_t n;
};

/* --- the model -------------------------------------------------------------------------------- */

static void
apply_row(struct fact *f, const struct session *row)
{
	const struct counters *c = &row->counters;
	const uint64_t values[] = { c->bytes_near, c->bytes_far, c->bytes_total, c->packets_near,
		c->packets_far };
	static const uint32_t bits[] = { HAS_BYTES_NEAR, HAS_BYTES_FAR, HAS_BYTES_TOTAL,
		HAS_PACKETS_NEAR, HAS_PACKETS_FAR };

	for (int i = 0; i < 5; i++) {
		if (c->has & bits[i])
			f->counters[i] = values[i] > INT64_MAX ? INT64_MAX : (int64_t)values[i];
	}
	if (row->state)
		snprintf(f->state, sizeof(f->state), "%s", help_texts[row->state]);
	snprintf(f->app, sizeof(f->app), "%s", help_texts[row->app]);
	snprintf(f->user, sizeof(f->user), "%s", help_texts[row->user]);
	snprintf(f->in_iface, sizeof(f->in_iface), "%s", help_texts[row->in_iface]);
	f->initiator = row->initiator;
	f->in_nat_port = row->flags & SESSION_IN_NAT_PORT ? row->in_nat_port : -1;
}

static void
begin_fact(struct fact *f, const struct walk_event *e, int k, int64_t last_complete)
{
	const struct session *row = &e->rows[k];
	int64_t age = row->counters.age, unit = 1;

	*f = (struct fact){ .key = k,
		.start_after = last_complete ? last_complete : -1,
		.start_by = e->answered,
		.end_by = -1,
		.counters = { -1, -1, -1, -1, -1 } };
	snprintf(f->place, sizeof(f->place), "%s", help_texts[row->place]);
	if (age && age % 60 == 0)
		unit = age % 86400 == 0 ? 86400 : age % 3600 == 0 ? 3600 : 60;
	if ((row->counters.has & HAS_AGE) &&
	    (!last_complete || e->answered - age > last_complete)) {
		f->start_by = e->answered - age;
		if (e->asked - age - unit > f->start_after)
			f->start_after = e->asked - age - unit;
	}
}

/* All sessions of one key, in order of time; id holds the index of the event that opened each. */
static void
model_key(const struct history *h, int k, struct facts *out)
{
	struct fact *f = NULL;
	int64_t last_complete = 0;

	for (size_t i = 0; i < h->n; i++) {
		const struct walk_event *e = &h->events[i];
		if (e->outcome > OUTCOME_PARTIAL)
			continue;
		if (e->there[k] && !f) {
			f = &out->all[out->n++];
			begin_fact(f, e, k, last_complete);
			f->id = (int64_t)i;
		}
		if (e->there[k]) {
			f->end_from = e->asked;
			f->polls += e->outcome == OUTCOME_COMPLETE;
			apply_row(f, &e->rows[k]);
		} else if (f && e->outcome == OUTCOME_COMPLETE) {
			f->end_by = e->answered;
			f = NULL;
		}
		if (e->outcome == OUTCOME_COMPLETE)
			last_complete = e->asked;
	}
}

static int
by_opening(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	struct session s = walk_key(x->key), t = walk_key(y->key);

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return session_key_compare(&s.key, &t.key);
}

static void
model(const struct history *h, struct facts *out)
{
	size_t first = out->n;

	for (int k = 0; k < WALK_KEYS; k++)
		model_key(h, k, out);
	qsort(out->all + first, out->n - first, sizeof(out->all[0]), by_opening);
	for (size_t i = first; i < out->n; i++)
		out->all[i].id = h->id << 40 | (int64_t)(i - first + 1);
}

/* --- the store -------------------------------------------------------------------------------- */

static int64_t
integer(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? -1
							      : sqlite3_column_int64(st, column);
}

static void
copy(sqlite3_stmt *st, int column, char out[16])
{
	snprintf(out, 16, "%s", (const char *)sqlite3_column_text(st, column));
}

static int
key_number(sqlite3_stmt *st)
{
	struct session_key found = { 0 };

	assert_true(reader_column_addr(st, 13, &found.inside));
	assert_true(reader_column_addr(st, 14, &found.outside));
	found.in_port = (uint16_t)sqlite3_column_int(st, 15);
	found.out_port = (uint16_t)sqlite3_column_int(st, 16);
	found.proto = (uint16_t)sqlite3_column_int(st, 17);
	found.scope = (uint8_t)sqlite3_column_int(st, 18);
	found.place = text_hash(text_of((const char *)sqlite3_column_text(st, 19)));
	for (int k = 0; k < WALK_KEYS; k++) {
		struct session s = walk_key(k);
		bool no_port = sqlite3_column_type(st, 15) == SQLITE_NULL;
		if (session_key_compare(&s.key, &found) == 0 &&
		    no_port == !(s.flags & SESSION_IN_PORT))
			return k;
	}
	fail_msg("a session with a key that nobody wrote");
	return -1;
}

static void
read_facts(sqlite3 *db, struct facts *out)
{
	static const char
	    sql[] = "SELECT id, start_after, start_by, end_from, end_by, polls, bytes_out, "
		    "bytes_in, bytes_total, "
		    "packets_out, packets_in, initiator, in_nat_port, inside, outside, in_port, "
		    "out_port, proto, "
		    "scope, place, state, app, user, in_iface, in_nat FROM v_session ORDER BY id";
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	while (sqlite3_step(st) == SQLITE_ROW) {
		struct fact *f = &out->all[out->n++];
		*f = (struct fact){ .id = integer(st, 0),
			.start_after = integer(st, 1),
			.start_by = integer(st, 2),
			.end_from = integer(st, 3),
			.end_by = integer(st, 4),
			.polls = integer(st, 5),
			.initiator = (unsigned)sqlite3_column_int(st, 11),
			.in_nat_port = (int)integer(st, 12),
			.key = key_number(st) };
		for (int i = 0; i < 5; i++)
			f->counters[i] = integer(st, 6 + i);
		copy(st, 19, f->place), copy(st, 20, f->state), copy(st, 21, f->app);
		copy(st, 22, f->user), copy(st, 23, f->in_iface);
		assert_int_equal(f->in_nat_port == -1, sqlite3_column_type(st, 24) == SQLITE_NULL);
	}
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
}

static void
compare_facts(const char *dir, const struct history *histories)
{
	static struct facts want, have;
	struct reader *r = help_reader(dir);

	want.n = have.n = 0;
	for (int d = 0; d < DEVICES; d++)
		model(&histories[d], &want);
	read_facts(reader_live(r), &have);
	assert_int_equal(have.n, want.n);
	for (size_t i = 0; i < want.n; i++) {
		const struct fact *w = &want.all[i], *h = &have.all[i];
		assert_int_equal(h->id, w->id);
		assert_int_equal(h->key, w->key);
		assert_int_equal(h->start_after, w->start_after);
		assert_int_equal(h->start_by, w->start_by);
		assert_int_equal(h->end_from, w->end_from);
		assert_int_equal(h->end_by, w->end_by);
		assert_int_equal(h->polls, w->polls);
		assert_memory_equal(h->counters, w->counters, sizeof(w->counters));
		assert_int_equal(h->initiator, w->initiator);
		assert_int_equal(h->in_nat_port, w->in_nat_port);
		assert_string_equal(h->place, w->place);
		assert_string_equal(h->state, w->state);
		assert_string_equal(h->app, w->app);
		assert_string_equal(h->user, w->user);
		assert_string_equal(h->in_iface, w->in_iface);
	}
	reader_close(r);
}

/* --- the walk --------------------------------------------------------------------------------- */

static void
write_event(struct store *s, int64_t device, const struct walk_event *e)
{
	struct session rows[WALK_KEYS];
	size_t n = walk_rows(e, rows);
	struct poll_report report = help_report(e->outcome, e->asked, e->answered, n);
	struct store_counts counts;
	struct error err = { 0 };

	if (store_poll(s, device, &report, rows, n, help_words(), &counts, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(counts.opened + counts.reseen, n);
}

/* Up to four polls in one transaction, which is rolled back now and then and done again. */
static void
write_some(struct store *s, struct history *histories, struct help_random *r, int64_t *now)
{
	struct error err = { 0 };
	size_t polls = 1 + help_random(r, 4);
	bool twice = help_random(r, 4) == 0;
	size_t before[DEVICES];
	struct help_random again = *r;
	int64_t again_now = *now;

	for (int d = 0; d < DEVICES; d++)
		before[d] = histories[d].n;
	for (int round = twice ? 0 : 1; round < 2; round++) {
		if (round == 1 && twice) {
			store_rollback(s);
			*r = again, *now = again_now;
			help_random(r, 2); /* other polls than those that were rolled back */
			for (int d = 0; d < DEVICES; d++)
				histories[d].n = before[d];
		}
		assert_int_equal(store_begin(s, &err), 0);
		for (size_t i = 0; i < polls; i++) {
			struct history *h = &histories[help_random(r, DEVICES)];
			if (h->n == POLLS)
				continue;
			h->events[h->n] = (struct walk_event){ 0 };
			walk_event(
			    r, &h->events[h->n], now, 600, h->n ? &h->events[h->n - 1] : NULL);
			write_event(s, h->id, &h->events[h->n++]);
		}
	}
	assert_int_equal(store_commit(s, &err), 0);
}

static void
walk(uint64_t seed)
{
	static const char *const names[DEVICES] = { "edge-1", "edge-2", "core" };
	static struct history histories[DEVICES];
	struct help_random r = { seed };
	int64_t now = HELP_MIDNIGHT;
	char *dir = help_folder();
	struct store *s = help_open(dir);

	memset(histories, 0, sizeof(histories));
	for (int d = 0; d < DEVICES; d++)
		histories[d].id = help_device(s, names[d]);
	for (int step = 0; step < 60; step++) {
		write_some(s, histories, &r, &now);
		if (help_random(&r, 3) == 0) {
			store_close(s);
			s = help_open(dir);
		}
		if (step % 10 == 9)
			compare_facts(dir, histories);
	}
	store_close(s);
	compare_facts(dir, histories);
	help_remove(dir);
}

static void
random_polls(void **state)
{
	const char *seed = getenv("GATEBOOK_SEED");

	(void)state;
	for (uint64_t i = 0; i < 12; i++)
		walk((seed ? strtoull(seed, NULL, 10) : 1) + i);
}

/* --- cases with a name ------------------------------------------------------------------------ */

static void
refused_polls(void **state)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1");
	struct session rows[2] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443),
		help_session("10.0.0.2", 40000, "203.0.113.7", 443) };
	struct poll_report r = help_report(OUTCOME_COMPLETE, HELP_MIDNIGHT, HELP_MIDNIGHT + 5, 2);
	struct error err = { 0 };

	(void)state;
	assert_int_equal(store_poll(s, device, &r, rows, 2, help_words(), NULL, &err), -1);
	assert_non_null(strstr(err.text, "outside a transaction"));
	help_poll(s, device, OUTCOME_COMPLETE, HELP_MIDNIGHT, HELP_MIDNIGHT + 5, rows, 2);

	assert_int_equal(store_begin(s, &err), 0);
	r = help_report(OUTCOME_COMPLETE, HELP_MIDNIGHT - 60, HELP_MIDNIGHT - 55, 2);
	assert_int_equal(store_poll(s, device, &r, rows, 2, help_words(), NULL, &err), -1);
	assert_non_null(strstr(err.text, "older"));
	r = help_report(OUTCOME_FAILED, HELP_MIDNIGHT - 60, HELP_MIDNIGHT - 55, 0);
	assert_int_equal(store_poll(s, device, &r, NULL, 0, help_words(), NULL, &err), -1);
	assert_non_null(strstr(err.text, "older"));
	r = help_report(OUTCOME_FAILED, HELP_MIDNIGHT + 60, HELP_MIDNIGHT + 65, 2);
	assert_int_equal(store_poll(s, device, &r, rows, 2, help_words(), NULL, &err), -1);
	r = help_report(OUTCOME_COMPLETE, HELP_MIDNIGHT + 60, HELP_MIDNIGHT + 65, 2);
	assert_int_equal(store_poll(s, device + 1, &r, rows, 2, help_words(), NULL, &err), -1);
	assert_non_null(strstr(err.text, "no device"));
	struct session unsorted[2] = { rows[1], rows[0] };
	assert_int_equal(store_poll(s, device, &r, unsorted, 2, help_words(), NULL, &err), -1);
	assert_non_null(strstr(err.text, "sorted"));
	struct session wrong = rows[0];
	wrong.key.place = 7;
	assert_int_equal(store_poll(s, device, &r, &wrong, 1, help_words(), NULL, &err), -1);
	wrong = rows[0];
	wrong.key.inside.family = 5;
	assert_int_equal(store_poll(s, device, &r, &wrong, 1, help_words(), NULL, &err), -1);
	/* A refused poll leaves the transaction as it was. */
	assert_true(store_poll(s, device, &r, rows, 2, help_words(), NULL, &err) > 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);

	struct reader *reader = help_reader(dir);
	assert_int_equal(help_number(reader_live(reader), "SELECT count(*) FROM poll"), 2);
	assert_int_equal(help_number(reader_live(reader), "SELECT sum(polls) FROM v_session"), 4);
	reader_close(reader);
	help_remove(dir);
}

static void
what_one_poll_saw_is_counted(void **state)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), now = HELP_MIDNIGHT;
	struct session rows[2] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443),
		help_session("10.0.0.2", 40000, "203.0.113.8", 443) };
	struct store_counts counts;

	(void)state;
	help_poll(s, device, OUTCOME_COMPLETE, now, now + 5, rows, 2);
	counts = help_poll(s, device, OUTCOME_COMPLETE, now + 300, now + 305, rows, 1);
	assert_int_equal(counts.closed, 1);
	assert_int_equal(counts.once, 1);
	counts = help_poll(s, device, OUTCOME_COMPLETE, now + 600, now + 605, rows, 0);
	assert_int_equal(counts.closed, 1);
	assert_int_equal(counts.once, 0);
	store_close(s);
	help_remove(dir);
}

/* Seen again without news: the open set is not written. */
static void
no_write_for_reseen(void **state)
{
	static const char
	    same[] = "SELECT count(*) FROM open, was WHERE open.sessions = was.sessions";
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), now = HELP_MIDNIGHT;
	struct session rows[1] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443) };
	struct store_counts counts;
	struct reader *r = help_reader(dir);
	sqlite3 *db = reader_live(r);

	(void)state;
	counts = help_poll(s, device, OUTCOME_COMPLETE, now, now + 5, rows, 1);
	assert_int_equal(counts.opened, 1);
	sqlite3_exec(db, "PRAGMA query_only = OFF; CREATE TEMP TABLE was AS SELECT * FROM open",
	    NULL, NULL, NULL);
	counts = help_poll(s, device, OUTCOME_COMPLETE, now + 300, now + 305, rows, 1);
	assert_int_equal(counts.reseen, 1);
	assert_int_equal(help_number(db, same), 1);
	assert_int_equal(help_number(db, "SELECT end_from FROM v_session"), now + 300);
	assert_int_equal(help_number(db, "SELECT polls FROM v_session"), 2);
	rows[0].state = W_NONE; /* not printed this time: no news */
	help_poll(s, device, OUTCOME_COMPLETE, now + 400, now + 405, rows, 1);
	assert_int_equal(help_number(db, same), 1);
	assert_int_equal(
	    help_number(db, "SELECT count(*) FROM v_session WHERE state = 'ESTABLISHED'"), 1);
	rows[0].counters = (struct counters){ .has = HAS_BYTES_TOTAL, .bytes_total = 77 };
	help_poll(s, device, OUTCOME_COMPLETE, now + 600, now + 605, rows, 1);
	assert_int_equal(help_number(db, same), 0);
	assert_int_equal(help_number(db, "SELECT bytes_total FROM v_session"), 77);
	assert_int_equal(help_number(db, "SELECT bytes FROM v_contact"), 77);
	reader_close(r);
	store_close(s);
	help_remove(dir);
}

/* A partial poll that shows a session without news moves its last time, also over a restart; one
 * that does not show it moves nothing. */
static void
partial_moves_last_seen(void **state)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), now = HELP_MIDNIGHT;
	struct session rows[2] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443),
		help_session("10.0.0.2", 40000, "203.0.113.7", 443) };
	static const char
	    first[] = "SELECT end_from FROM v_session WHERE ip_text(inside) = '10.0.0.1'";
	static const char
	    second[] = "SELECT end_from FROM v_session WHERE ip_text(inside) = '10.0.0.2'";
	struct reader *r = NULL;

	(void)state;
	help_poll(s, device, OUTCOME_COMPLETE, now, now + 5, rows, 2);
	help_poll(s, device, OUTCOME_PARTIAL, now + 100, now + 105, rows, 1);
	for (int restart = 0; restart < 2; restart++) {
		r = help_reader(dir);
		assert_int_equal(help_number(reader_live(r), first), now + 100);
		assert_int_equal(help_number(reader_live(r), second), now);
		reader_close(r);
		store_close(s);
		s = help_open(dir);
	}
	help_poll(s, device, OUTCOME_COMPLETE, now + 200, now + 205, NULL, 0);
	r = help_reader(dir);
	assert_int_equal(help_number(reader_live(r), first), now + 100);
	assert_int_equal(help_number(reader_live(r), second), now);
	assert_int_equal(help_number(reader_live(r), "SELECT sum(polls) FROM v_session"), 2);
	reader_close(r);
	store_close(s);
	help_remove(dir);
}

/* A word that came with a poll that was rolled back is written when it comes again. */
static void
rolled_back_word(void **state)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1");
	struct session row = help_session("10.0.0.1", 40000, "203.0.113.7", 443);
	struct poll_report report = help_report(OUTCOME_COMPLETE, HELP_MIDNIGHT, HELP_MIDNIGHT, 1);
	struct error err = { 0 };
	struct reader *r;

	(void)state;
	assert_int_equal(store_begin(s, &err), 0);
	assert_true(store_poll(s, device, &report, &row, 1, help_words(), NULL, &err) > 0);
	store_rollback(s);
	help_poll(s, device, OUTCOME_COMPLETE, HELP_MIDNIGHT, HELP_MIDNIGHT, &row, 1);
	store_close(s);
	r = help_reader(dir);
	assert_int_equal(help_number(reader_live(r),
			     "SELECT count(*) FROM v_session WHERE state = 'ESTABLISHED'"),
	    1);
	reader_close(r);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_one_poll_saw_is_counted),
		cmocka_unit_test(no_write_for_reseen),
		cmocka_unit_test(refused_polls),
		cmocka_unit_test(partial_moves_last_seen),
		cmocka_unit_test(rolled_back_word),
		cmocka_unit_test(random_polls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
