/* Questions over a small book: what is found, how it is added up, and that nothing else is. */
#include "tests/unit/store_help.h"

#include "query/contacts.h"

enum { T = HELP_MIDNIGHT, EVERY = 300 };

struct book {
	char *dir;
	struct store *store;
	struct reader *reader;
};

static void
begin(struct book *b)
{
	clock_set(T);
	b->dir = help_folder();
	b->store = help_open(b->dir);
}

static void
read_book(struct book *b)
{
	b->reader = help_reader(b->dir);
}

static void
end(struct book *b)
{
	reader_close(b->reader);
	store_close(b->store);
	help_remove(b->dir);
	clock_set(0);
}

static void
parse(struct target *t, const char *typed)
{
	char copy[64], *words[1] = { copy };
	struct error err = { 0 };

	text_copy(text_of(typed), copy, sizeof(copy));
	if (target_parse(typed != NULL, words, t, &err) < 0)
		fail_msg("%s", err.text);
}

/* Asks, and checks how many contacts come back. */
static struct contacts
ask(struct book *b, const char *target, enum ask_side side, int64_t from, int64_t to, size_t want)
{
	struct target t;
	struct ask a = { b->reader, { .from = from, .to = to, .utc = true }, &t, side, NULL };
	struct contacts c;
	struct error err = { 0 };

	parse(&t, target);
	if (contacts_load(&a, true, &c, &err) < 0)
		fail_msg("%s", err.text);
	target_free(&t);
	assert_int_equal(c.n, want);
	return c;
}

static void
polls_at(struct book *b, int64_t device, int n, struct session *rows, size_t count)
{
	help_poll(
	    b->store, device, OUTCOME_COMPLETE, T + n * EVERY, T + n * EVERY + 2, rows, count);
}

/* Polls 0..5. The web session is there in 1, 2 and 4, the ssh one from 3 on. */
static void
fill(struct book *b)
{
	int64_t id = help_device(b->store, "edge-fw1");

	for (int i = 0; i < 6; i++) {
		struct session rows[2];
		size_t n = 0;

		if (i == 1 || i == 2 || i == 4) {
			rows[n] = help_session(
			    "10.1.2.3", (uint16_t)(50000 + i / 3), "203.0.113.9", 443);
			rows[n].in_nat = help_addr("192.0.2.1");
			rows[n].counters.has = HAS_BYTES_NEAR | HAS_BYTES_FAR;
			rows[n].counters.bytes_near = 100;
			rows[n++].counters.bytes_far = 1000;
		}
		if (i >= 3)
			rows[n++] = help_session("10.1.7.20", 50001, "198.51.100.7", 22);
		polls_at(b, id, i, rows, n);
	}
}

static void
test_contact(void **state)
{
	struct book b;
	struct contacts c;
	const struct contact *one;
	uint64_t seen, of, bytes;

	(void)state;
	begin(&b);
	fill(&b);
	read_book(&b);
	c = ask(&b, "203.0.113.0/24", ASK_OUTSIDE, T - 10, T + 6 * EVERY, 1);
	one = c.sorted[0];
	assert_int_equal(one->key.port, 443);
	assert_int_equal(one->key.proto, PROTO_TCP);
	assert_int_equal(one->key.initiator, INITIATOR_IN);
	assert_int_equal(contact_sessions(one), 2);
	assert_true(contact_bytes(one, &bytes));
	assert_int_equal(bytes, 2200);
	assert_int_equal(one->first_after, T); /* poll 0 asked */
	assert_int_equal(one->first_by, T + EVERY + 2);
	assert_int_equal(one->last_from, T + 4 * EVERY);
	assert_int_equal(one->last_by, T + 5 * EVERY + 2);
	assert_false(one->open);
	contact_seen(&c, one, &seen, &of);
	assert_int_equal(seen, 3); /* polls 1, 2 and 4; not 3 */
	assert_int_equal(of, 6);
	assert_int_equal(one->in_nat.addr.family, 4);
	assert_int_equal(one->nats, 0);
	assert_int_equal(one->n_by, 1);
	assert_string_equal(reader_device_name(b.reader, one->by[0].device), "edge-fw1");
	contacts_free(&c);

	c = ask(&b, "198.51.100.7", ASK_OUTSIDE, T - 10, T + 6 * EVERY, 1);
	one = c.sorted[0];
	assert_true(one->open && one->last_by == UNKNOWN_TIME);
	assert_int_equal(one->last_from, T + 5 * EVERY);
	assert_false(contact_bytes(one, &bytes));
	contacts_free(&c);
	end(&b);
}

static void
test_sides(void **state)
{
	struct book b;
	struct contacts c;

	(void)state;
	begin(&b);
	fill(&b);
	read_book(&b);
	c = ask(&b, "10.1.7.20", ASK_OUTSIDE, T, T + 6 * EVERY, 0);
	contacts_free(&c);
	c = ask(&b, "10.1.7.20", ASK_INSIDE, T, T + 6 * EVERY, 1);
	contacts_free(&c);
	c = ask(&b, "0.0.0.0/0", ASK_EITHER, T, T + 6 * EVERY, 2);
	assert_int_equal(contact_sessions(c.sorted[0]), 2); /* matched on both sides, counted once
							     */
	contacts_free(&c);
	c = ask(&b, NULL, ASK_EITHER, T, T + 6 * EVERY, 2);
	contacts_free(&c);
	c = ask(&b, "::/0", ASK_EITHER, T, T + 6 * EVERY, 0);
	contacts_free(&c);
	end(&b);
}

/* A session is in the answer when it may have been there, and out when it certainly was not. */
static void
test_range(void **state)
{
	static const struct {
		int64_t from, to;
		size_t contacts;
	} cases[] = {
		{ T - 100, T, 0 },               /* before, up to the poll without it */
		{ T, T + 1, 1 },                 /* just after that poll it may have begun */
		{ T + EVERY, T + 2 * EVERY, 1 }, /* in the middle */
		{ T + 2 * EVERY + 1, T + 3 * EVERY, 1 },     /* after the last poll with it */
		{ T + 3 * EVERY + 2, T + 3 * EVERY + 2, 1 }, /* the next one may have begun by then
							      */
		{ T + 5 * EVERY + 1, T + 9 * EVERY, 1 }, /* until the answer without it was read */
		{ T + 5 * EVERY + 2, T + 9 * EVERY, 0 }, /* from then on it is gone */
	};
	struct book b;

	(void)state;
	begin(&b);
	fill(&b);
	read_book(&b);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct contacts c = ask(
		    &b, "203.0.113.9", ASK_OUTSIDE, cases[i].from, cases[i].to, cases[i].contacts);

		contacts_free(&c);
	}
	end(&b);
}

/* Two devices see the same sessions: one contact, not twice the sessions, the polls of the better
 * one. */
static void
test_two_devices(void **state)
{
	struct session rows[2] = { help_session("10.1.2.3", 50000, "203.0.113.9", 443),
		help_session("10.1.2.3", 50001, "203.0.113.9", 443) };
	int64_t first, second;
	struct contacts c;
	struct book b;
	uint64_t seen, of;

	(void)state;
	begin(&b);
	first = help_device(b.store, "one");
	second = help_device(b.store, "two");
	polls_at(&b, first, 0, NULL, 0);
	for (int i = 1; i < 4; i++)
		polls_at(&b, first, i, rows, i == 2 ? 2 : 1);
	polls_at(&b, second, 2, rows, 1);
	polls_at(&b, second, 3, NULL, 0);
	read_book(&b);
	c = ask(&b, "203.0.113.9", ASK_OUTSIDE, T - 10, T + 4 * EVERY, 1);
	assert_int_equal(c.sorted[0]->n_by, 2);
	assert_int_equal(contact_sessions(c.sorted[0]), 2);
	contact_seen(&c, c.sorted[0], &seen, &of);
	assert_int_equal(seen, 3);
	assert_int_equal(of, 4);
	assert_true(c.sorted[0]->open); /* gone at one of them, still there at the other */
	assert_int_equal(c.sorted[0]->first_after, T);
	contacts_free(&c);
	end(&b);
}

/* --- random books -------------------------------------------------------------------------------
 */

struct row {
	struct addr outside, inside;
	int64_t start_after, start_by, end_from, end_by; /* -1: NULL */
};

struct rows {
	struct row all[4000];
	size_t n;
};

static void
random_book(struct book *b, struct help_random *r)
{
	for (int d = 0; d < 3; d++) {
		char name[] = { 'd', (char)('0' + d), '\0' };
		int64_t id = help_device(b->store, name);

		for (int i = 0; i < 40; i++) {
			struct session rows[30];
			size_t n = 0;

			for (int k = 0; k < 30; k++) {
				char inside[ADDR_TEXT], outside[ADDR_TEXT];

				if (help_random(r, 3) == 0)
					continue;
				snprintf(inside, sizeof(inside), "10.0.%d.%d", k % 3, k);
				snprintf(outside, sizeof(outside),
				    k % 4 ? "203.0.113.%d" : "2001:db8::%d", k);
				rows[n++] = help_session(
				    inside, (uint16_t)(1000 + k), outside, 443);
			}
			help_poll(b->store, id,
			    help_random(r, 8) ? OUTCOME_COMPLETE : OUTCOME_PARTIAL,
			    T + i * EVERY + d, T + i * EVERY + d + 2, rows, n);
		}
	}
}

static int64_t
nullable(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? -1
							      : sqlite3_column_int64(st, column);
}

static void
read_rows(struct book *b, struct rows *rows)
{
	sqlite3_stmt *st;

	rows->n = 0;
	assert_int_equal(
	    sqlite3_prepare_v2(reader_live(b->reader),
		"SELECT outside, inside, start_after, start_by, end_from, end_by FROM v_session",
		-1, &st, NULL),
	    SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		struct row *row = &rows->all[rows->n++];

		reader_column_addr(st, 0, &row->outside);
		reader_column_addr(st, 1, &row->inside);
		row->start_after = nullable(st, 2);
		row->start_by = nullable(st, 3);
		row->end_from = nullable(st, 4);
		row->end_by = nullable(st, 5);
	}
	sqlite3_finalize(st);
}

static size_t
referee(
    const struct rows *rows, const struct target *t, enum ask_side side, int64_t from, int64_t to)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->all[i];
		bool outside = target_holds(t, &row->outside),
		     inside = target_holds(t, &row->inside);
		bool side_ok = side == ASK_OUTSIDE  ? outside
			       : side == ASK_INSIDE ? inside
						    : outside || inside;
		bool begun = row->start_after >= 0 ? row->start_after < to : row->start_by <= to;

		n += (t->n == 0 || side_ok) && begun && (row->end_by < 0 || row->end_by > from);
	}
	return n;
}

static int
count_row(sqlite3_stmt *st, void *arg)
{
	(void)st;
	++*(size_t *)arg;
	return 0;
}

static void
many_ranges(struct help_random *r, struct target *t, int n)
{
	char text[150][ADDR_TEXT], *words[150];
	struct error err = { 0 };

	for (int i = 0; i < n; i++) {
		static const char *const forms[] = { "203.0.113.%u", "10.0.1.%u", "2001:db8::%u",
			"10.0.2.%u" };

		snprintf(text[i], sizeof(text[i]), "%s", forms[i % 4]);
		snprintf(strchr(text[i], '%'), 10, "%u", help_random(r, 250));
		words[i] = text[i];
	}
	assert_int_equal(target_parse(n, words, t, &err), 0);
}

static void
test_referee(void **state)
{
	static struct rows rows;
	struct help_random r = { 99 };
	size_t hits = 0;
	struct book b;

	(void)state;
	begin(&b);
	random_book(&b, &r);
	read_book(&b);
	read_rows(&b, &rows);
	assert_true(rows.n > 500);
	for (int round = 0; round < 80; round++) {
		int64_t from = T + help_random(&r, 40 * EVERY),
			to = from + help_random(&r, 6 * EVERY);
		enum ask_side side = (enum ask_side)help_random(&r, 3);
		struct target t;
		struct ask a = { b.reader, { .from = from, .to = to }, &t, side, NULL };
		size_t found = 0;

		many_ranges(&r, &t, round % 5 == 0 ? 0 : (int)help_random(&r, 150)); /* >
											TARGET_SLICE
											too */
		assert_int_equal(ask_rows(&a, "outside, inside", NULL, count_row, &found, NULL), 0);
		assert_int_equal(found, referee(&rows, &t, side, from, to));
		hits += found;
		target_free(&t);
	}
	assert_true(hits > 200);
	end(&b);
}

/* The short way over contacts and the long one over sessions say the same. */
static void
test_exact(void **state)
{
	struct help_random r = { 7 };
	struct target t = { 0 };
	struct contacts a, c;
	struct error err = { 0 };
	struct book b;

	(void)state;
	begin(&b);
	random_book(&b, &r);
	read_book(&b);
	struct ask ask_all = { b.reader, { .from = T, .to = T + 40 * EVERY }, &t, ASK_OUTSIDE };

	assert_int_equal(contacts_load(&ask_all, true, &a, &err), 0);
	assert_int_equal(contacts_load(&ask_all, false, &c, &err), 0);
	assert_int_equal(a.n, c.n);
	assert_true(a.n > 10);
	for (size_t i = 0; i < a.n; i++) {
		uint64_t seen, of;

		assert_memory_equal(&a.sorted[i]->key, &c.sorted[i]->key, sizeof(a.sorted[i]->key));
		assert_int_equal(contact_sessions(a.sorted[i]), contact_sessions(c.sorted[i]));
		assert_true(a.sorted[i]->last_from == c.sorted[i]->last_from);
		contact_seen(&a, a.sorted[i], &seen, &of);
		assert_true(seen >= 1 && seen <= of);
	}
	contacts_free(&a);
	contacts_free(&c);
	end(&b);
}

/* --- sealed days ---------------------------------------------------------------------------------
 */

/* What a question finds, as one text: the same before and after the days are sealed. */
static char *
everything(struct book *b, const char *target, enum ask_side side, int64_t from, int64_t to,
    bool exact, const char *filter)
{
	char *s = NULL, inside[ADDR_TEXT], outside[ADDR_TEXT];
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);
	struct target t;
	struct ask a = { b->reader, { .from = from, .to = to, .utc = true }, &t, side, NULL };
	struct contacts c;
	struct error err = { 0 };

	parse(&t, target);
	if (filter != NULL)
		a.filter = filter_parse(filter, true, &err);
	if (contacts_load(&a, exact, &c, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < c.n; i++) {
		const struct contact *one = c.sorted[i];
		uint64_t seen = 0, of = 0, bytes;

		if (exact)
			contact_seen(&c, one, &seen, &of);
		contact_bytes(one, &bytes);
		fprintf(out, "%s %s %d %d %d n=%llu %lld %lld %lld %lld %llu/%llu b=%llu by=%u\n",
		    addr_format(&one->key.inside, inside), addr_format(&one->key.outside, outside),
		    one->key.port, one->key.proto, one->key.initiator,
		    (unsigned long long)contact_sessions(one), (long long)one->first_after,
		    (long long)one->first_by, (long long)one->last_from, (long long)one->last_by,
		    (unsigned long long)seen, (unsigned long long)of, (unsigned long long)bytes,
		    one->n_by);
	}
	fclose(out);
	contacts_free(&c);
	target_free(&t);
	filter_free(a.filter);
	return s;
}

static const struct {
	const char *target;
	enum ask_side side;
	int64_t from, to; /* seconds after T */
	bool exact;
} day_cases[] = {
	{ NULL, ASK_OUTSIDE, 0, 4 * CLOCK_DAY, true },
	{ NULL, ASK_OUTSIDE, 0, 4 * CLOCK_DAY, false },
	{ NULL, ASK_INSIDE, CLOCK_DAY, 2 * CLOCK_DAY, false },
	{ NULL, ASK_EITHER, CLOCK_DAY + 4000, 2 * CLOCK_DAY - 9000, false },
	{ "203.0.113.0/28", ASK_OUTSIDE, 0, 4 * CLOCK_DAY, true },
	{ "203.0.113.0/28", ASK_OUTSIDE, 0, 4 * CLOCK_DAY, false },
	{ "203.0.113.5", ASK_OUTSIDE, CLOCK_DAY - 5000, CLOCK_DAY + 5000, true },
	{ "2001:db8::/32", ASK_OUTSIDE, 40000, 200000, true },
	{ "10.0.1.0/24", ASK_INSIDE, 0, 4 * CLOCK_DAY, true },
	{ "10.0.1.0/24", ASK_INSIDE, 100000, 150000, false },
	{ "0.0.0.0/0", ASK_EITHER, 0, 4 * CLOCK_DAY, true },
	{ "::/0", ASK_EITHER, 0, 4 * CLOCK_DAY, false },
	{ "198.51.100.1", ASK_EITHER, 0, 4 * CLOCK_DAY, true },
};

/* Four days, a poll every 50 minutes. */
static void
fill_days(struct book *b, struct help_random *r)
{
	for (int d = 0; d < 2; d++) {
		char name[] = { 'd', (char)('0' + d), '\0' };
		int64_t id = help_device(b->store, name);

		for (int i = 0; i < 110; i++) {
			struct session rows[30];
			size_t n = 0;

			for (int k = 0; k < 30; k++) {
				char inside[ADDR_TEXT], outside[ADDR_TEXT];

				if (help_random(r, k % 5 ? 4 : 40) == 0) /* some stay for days */
					continue;
				snprintf(inside, sizeof(inside), "10.0.%d.%d", k % 3, k);
				snprintf(outside, sizeof(outside),
				    k % 4 ? "203.0.113.%d" : "2001:db8::%d", k);
				rows[n] = help_session(inside, (uint16_t)(1000 + k), outside, 443);
				rows[n].counters.has = HAS_BYTES_TOTAL;
				rows[n++].counters.bytes_total = (uint64_t)(i + k);
			}
			help_poll(b->store, id,
			    help_random(r, 9) ? OUTCOME_COMPLETE : OUTCOME_PARTIAL,
			    T + i * 3000 + d, T + i * 3000 + d + 2, rows, n);
		}
	}
}

static void
test_days(void **state)
{
	enum { CASES = sizeof(day_cases) / sizeof(*day_cases) };
	struct help_random r = { 5 };
	char *before[CASES];
	struct error err = { 0 };
	struct book b;

	(void)state;
	begin(&b);
	fill_days(&b, &r);
	read_book(&b);
	for (int i = 0; i < CASES; i++)
		before[i] = everything(&b, day_cases[i].target, day_cases[i].side,
		    T + day_cases[i].from, T + day_cases[i].to, day_cases[i].exact, NULL);
	assert_string_not_equal(before[4], "");
	reader_close(b.reader);
	clock_set(T + 4 * CLOCK_DAY);
	assert_in_range(store_seal(b.store, 0, &err), 3, 4);
	read_book(&b);
	for (int i = 0; i < CASES; i++) {
		char *after = everything(&b, day_cases[i].target, day_cases[i].side,
		    T + day_cases[i].from, T + day_cases[i].to, day_cases[i].exact, NULL);

		if (strcmp(before[i], after) != 0)
			fail_msg("case %d\nlive:\n%s\nsealed:\n%s", i, before[i], after);
		free(after);
		free(before[i]);
	}
	end(&b);
}

/* A list of n addresses, every second outside address of the book among them. */
static void
write_list(const char *path, int n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (int i = 0; i < n; i++)
		fprintf(f, i < 15 ? (i % 4 ? "203.0.113.%d\n" : "2001:db8::%d\n") : "198.18.%d.1\n",
		    i < 15 ? 2 * i : i % 250);
	for (int i = 0; i < n; i++)
		fprintf(f, "198.%d.%d.77\n", 20 + i / 200, i % 200);
	fclose(f);
}

/* Sealed days are sought range by range, hopped through, or read once, as the list is long; and
 * asked by a filter in place of a target. */
static void
test_lists(void **state)
{
	static const char *const filters[] = { NULL, "device d0 and dst port 443", "port 1010-1020",
		"ext net 203.0.113.0/27 and bytes gt 60", "int net 10.0.1.0/24 or ipv6" };
	enum { LISTS = 3, CASES = LISTS * 5 };
	char *before[CASES], *path, list[4200], target[64];
	struct help_random r = { 5 };
	struct error err = { 0 };
	struct book b;

	(void)state;
	begin(&b);
	fill_days(&b, &r);
	assert_int_equal(chdir(b.dir), 0);
	for (int sealed = 0; sealed < 2; sealed++) {
		read_book(&b);
		for (int i = 0; i < CASES; i++) {
			static const int lengths[] = { 20, 200, 4000 };
			char *found;

			snprintf(list, sizeof(list), "list%d", lengths[i % LISTS]);
			write_list(list, lengths[i % LISTS]);
			snprintf(target, sizeof(target), "@%.60s", list);
			found = everything(&b, target, ASK_OUTSIDE, T + 40000, T + 200000,
			    i % 2 == 0, filters[i / LISTS]);
			assert_string_not_equal(found, "");
			if (sealed == 0) {
				before[i] = found;
				continue;
			}
			if (strcmp(before[i], found) != 0)
				fail_msg("case %d\nlive:\n%s\nsealed:\n%s", i, before[i], found);
			free(found);
			free(before[i]);
		}
		reader_close(b.reader);
		clock_set(T + 4 * CLOCK_DAY);
		if (sealed == 0)
			assert_in_range(store_seal(b.store, 0, &err), 3, 4);
	}
	path = b.dir;
	assert_int_equal(chdir("/"), 0);
	store_close(b.store);
	help_remove(path);
	clock_set(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contact),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_two_devices),
		cmocka_unit_test(test_referee),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
