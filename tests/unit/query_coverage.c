/* What was looked at: slots, gaps, blindness, and how an answer says it. */
#include "tests/unit/store_help.h"

#include <jansson.h>
#include <math.h>

#include "query/answer.h"

enum { T = HELP_MIDNIGHT };

struct book {
	char *dir;
	struct store *store;
};

static void
begin(struct book *b)
{
	clock_set(T);
	setenv("TZ", "UTC", 1);
	b->dir = help_folder();
	b->store = help_open(b->dir);
}

static void
end(struct book *b)
{
	store_close(b->store);
	help_remove(b->dir);
	clock_set(0);
}

static int64_t
device(struct book *b, const char *name, uint32_t every)
{
	struct store_device d = { name, "asa", "lab", "192.0.2.9", "ssh", "fasttracked UDP",
		every };
	struct error err = { 0 };
	int64_t id;

	assert_int_equal(store_begin(b->store, &err), 0);
	id = store_device(b->store, &d, &err);
	assert_int_equal(store_commit(b->store, &err), 0);
	return id;
}

static struct coverage *
load(struct book *b, int64_t from, int64_t to, bool at)
{
	struct range range = { .from = from, .to = to, .at = at, .utc = true };
	struct reader *r = help_reader(b->dir);
	struct error err = { 0 };
	struct coverage *c = coverage_load(r, &range, &err);

	assert_non_null(c);
	reader_close(r);
	return c;
}

static void
poll(struct book *b, int64_t id, enum outcome outcome, int64_t at)
{
	help_poll(b->store, id, outcome, at, at + 2, NULL, 0);
}

/* An hour of 5 minute slots: 12 due; 9 complete, 1 partial, 1 failed, 1 not tried. */
static void
test_slots(void **state)
{
	struct book b;
	struct coverage *c;
	int64_t id;

	(void)state;
	begin(&b);
	id = device(&b, "edge-fw1", 300);
	for (int i = 0; i < 12; i++)
		if (i != 7)
			poll(&b, id,
			    i == 3   ? OUTCOME_PARTIAL
			    : i == 6 ? OUTCOME_FAILED
				     : OUTCOME_COMPLETE,
			    T + i * 300 + 10);
	c = load(&b, T, T + 3600, false);
	assert_int_equal(c->n, 1);
	assert_int_equal(c->slots, 12);
	assert_int_equal(c->complete, 9);
	assert_int_equal(c->partial, 1);
	assert_int_equal(c->failed, 1);
	assert_int_equal(coverage_not_tried(&c->devices[0]), 1);
	assert_true(fabs(coverage_ratio(c) - 0.75) < 1e-9);
	/* From the poll of slot 5 to that of slot 8. */
	assert_int_equal(c->devices[0].gap, 900);
	assert_int_equal(c->devices[0].gap_from, T + 5 * 300 + 10);
	assert_int_equal(coverage_certain(&c->devices[0]), 900);
	assert_false(c->devices[0].gap_open || c->devices[0].blind || c->devices[0].never);
	assert_string_equal(c->devices[0].cannot_see, "fasttracked UDP");
	coverage_free(c);
	/* A part of it: the range decides, not the whole history. */
	c = load(&b, T, T + 900, false);
	assert_int_equal(c->slots, 3);
	assert_int_equal(c->complete, 3);
	assert_int_equal(c->devices[0].last_complete, T + 610);
	coverage_free(c);
	end(&b);
}

/* What was due is counted by the interval that was in force: before a poll its own, behind the last
 * one that of the device. */
static void
test_intervals(void **state)
{
	struct book b;
	struct coverage *c;
	int64_t id;

	(void)state;
	begin(&b);
	id = device(&b, "edge-fw1", 300);
	for (int i = 0; i < 12; i++) /* an hour of 5 minutes, the last of which fails */
		poll(&b, id, i == 11 ? OUTCOME_FAILED : OUTCOME_COMPLETE, T + i * 300 + 10);
	id = device(&b, "edge-fw1", 1800);
	for (int i = 0; i < 2; i++) /* an hour of 30 minutes */
		poll(&b, id, OUTCOME_COMPLETE, T + 3600 + i * 1800 + 10);
	c = load(&b, T, T + 7200, false);
	assert_int_equal(c->complete, 13);
	assert_int_equal(c->slots, 13);
	coverage_free(c);
	id = device(&b, "edge-fw1", 60);
	poll(&b, id, OUTCOME_COMPLETE, T + 7200 + 10); /* 29 of one minute are missing */
	c = load(&b, T + 3600, T + 7260, false);
	assert_int_equal(c->complete, 3);
	assert_int_equal(c->slots, 3 + 29);
	coverage_free(c);
	end(&b);
}

/* Neither jitter nor the edges of the range make a hole, and polls by hand do not fill one. */
static void
test_jitter(void **state)
{
	struct book b;
	struct coverage *c;
	int64_t id;

	(void)state;
	begin(&b);
	id = device(&b, "edge-fw1", 300);
	for (int i = 0; i < 24; i++)
		poll(&b, id, OUTCOME_COMPLETE, T + i * 300 + (i * 37) % 60);
	for (int i = 0; i < 300; i += 7) {
		c = load(&b, T + 600 + i, T + 4200 + i, false);
		assert_int_equal(c->slots, c->complete);
		assert_in_range(c->slots, 11, 13);
		coverage_free(c);
	}
	/* An hour without, then 20 polls by hand in a row. */
	for (int i = 0; i < 20; i++)
		poll(&b, id, OUTCOME_COMPLETE, T + 23 * 300 + 3600 + i * 4 + 60);
	c = load(&b, T + 23 * 300 - 10, T + 23 * 300 + 3600 + 200, false);
	assert_int_equal(c->complete, 21);
	assert_int_equal(c->slots, 21 + 11);
	coverage_free(c);
	end(&b);
}

/* The slots of a device begin when it became known. */
static void
test_known_since(void **state)
{
	struct book b;
	struct coverage *c;

	(void)state;
	begin(&b);
	clock_set(T + 1800);
	poll(&b, device(&b, "late", 300), OUTCOME_COMPLETE, T + 1800);
	c = load(&b, T, T + 3600, false);
	assert_int_equal(c->slots, 6);
	assert_int_equal(c->devices[0].gap_from, T + 1800);
	assert_true(c->devices[0].gap_open);
	coverage_free(c);
	c = load(&b, T, T + 900, false); /* nobody knew of it */
	assert_int_equal(c->n, 0);
	assert_true(isnan(coverage_ratio(c)));
	coverage_free(c);
	end(&b);
}

static void
test_blind(void **state)
{
	struct book b;
	struct coverage *c;
	int64_t failing, overdue, hand;

	(void)state;
	begin(&b);
	failing = device(&b, "a-failing", 300);
	hand = device(&b, "b-hand", 0);
	device(&b, "c-never", 300);
	overdue = device(&b, "d-overdue", 300);
	device(&b, "e-new-by-hand", 0);
	for (int i = 0; i < 12; i++)
		poll(&b, failing, i < 4 ? OUTCOME_COMPLETE : OUTCOME_FAILED, T + i * 300 + 10);
	poll(&b, hand, OUTCOME_COMPLETE, T + 100);
	poll(&b, overdue, OUTCOME_COMPLETE, T + 100);
	c = load(&b, T, T + 3600, false);
	assert_int_equal(c->n, 5);
	assert_true(c->devices[0].blind);
	assert_int_equal(c->devices[0].blind_since, T + 910);
	assert_string_equal(c->devices[0].why, reason_name(REASON_TIMEOUT));
	assert_true(c->devices[0].gap_open);
	assert_int_equal(c->devices[0].gap, 3600 - 910);
	assert_false(c->devices[1].blind); /* by hand: nobody said that it is due */
	assert_int_equal(c->devices[1].slots, 1);
	assert_true(c->devices[2].blind && c->devices[2].never);
	assert_string_equal(c->devices[2].why, "never polled");
	assert_int_equal(coverage_certain(&c->devices[2]), -1);
	assert_true(c->devices[3].blind);
	assert_string_equal(c->devices[3].why, "overdue");
	assert_true(c->devices[4].never && c->devices[4].blind);
	coverage_free(c);
	/* Before it failed it was not blind. */
	c = load(&b, T, T + 1000, false);
	assert_false(c->devices[0].blind);
	coverage_free(c);
	/* The range begins after the last complete poll: what was before it still counts. */
	c = load(&b, T + 2000, T + 3600, false);
	assert_true(c->devices[0].blind);
	assert_int_equal(c->devices[0].blind_since, T + 910);
	assert_true(c->devices[3].blind);
	coverage_free(c);
	end(&b);
}

static void
test_at(void **state)
{
	struct book b;
	struct coverage *c;
	int64_t one, two;

	(void)state;
	begin(&b);
	one = device(&b, "one", 300);
	two = device(&b, "two", 300);
	poll(&b, one, OUTCOME_COMPLETE, T + 10);
	poll(&b, one, OUTCOME_COMPLETE, T + 310);
	poll(&b, two, OUTCOME_COMPLETE, T + 10);
	poll(&b, two, OUTCOME_FAILED, T + 310);
	c = load(&b, T + 400, T + 400, true);
	assert_int_equal(c->slots, 2);
	assert_int_equal(c->complete, 1);
	assert_true(c->devices[1].blind);
	coverage_free(c);
	c = load(&b, T + 200, T + 200, true);
	assert_int_equal(c->complete, 2);
	coverage_free(c);
	end(&b);
}

static char *
footer(const struct coverage *c, int64_t rows)
{
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);

	answer_footer(out, c, rows, "no contact with 203.0.113.9", false);
	fclose(out);
	return s;
}

static void
expect(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

/* "Nobody", "not seen in what was looked at" and "could not see" are three answers. */
static void
test_footer(void **state)
{
	struct book b;
	struct coverage *c;
	int64_t id;

	(void)state;
	begin(&b);
	id = device(&b, "edge-fw1", 300);
	poll(&b, id, OUTCOME_FAILED, T + 10);
	c = load(&b, T, T + 400, false);
	expect(footer(c, 0),
	    "could not see: no poll of this time is complete, so this is no answer: no contact "
	    "with "
	    "203.0.113.9\n"
	    "range 2026-11-20 00:00Z .. 2026-11-20 00:06:40Z | coverage 0.0 % of 1 poll slot | "
	    "blind: edge-fw1 (never a complete poll, timeout)\n");
	coverage_free(c);
	poll(&b, id, OUTCOME_COMPLETE, T + 310);
	poll(&b, id, OUTCOME_PARTIAL, T + 610);
	poll(&b, id, OUTCOME_COMPLETE, T + 900);
	c = load(&b, T, T + 900, false);
	expect(footer(c, 0),
	    "no contact with 203.0.113.9 was seen; not all of it was looked at:\n"
	    "range 2026-11-20 00:00Z .. 2026-11-20 00:15Z | coverage 50.0 % of 4 poll slots | "
	    "partly read: edge-fw1\n");
	coverage_free(c);
	c = load(&b, T + 620, T + 920, false);
	expect(footer(c, 0), "no contact with 203.0.113.9\n"
			     "range 2026-11-20 00:10:20Z .. 2026-11-20 00:15:20Z | coverage 100.0 "
			     "% of 1 poll slot\n");
	expect(footer(c, 1), "range 2026-11-20 00:10:20Z .. 2026-11-20 00:15:20Z | coverage 100.0 "
			     "% of 1 poll slot\n");
	coverage_free(c);
	poll(&b, id, OUTCOME_FAILED, T + 1200);
	c = load(&b, T + 1300, T + 1400, false);
	expect(footer(c, 1), "range 2026-11-20 00:21:40Z .. 2026-11-20 00:23:20Z | coverage: no "
			     "poll was due in this time "
			     "| blind: edge-fw1 since 11-20 00:15 (timeout)\n");
	coverage_free(c);
	end(&b);
}

static void
test_meta(void **state)
{
	struct book b;
	struct coverage *c;
	json_t *meta, *coverage, *blind;
	char *text;

	(void)state;
	begin(&b);
	device(&b, "edge-fw1", 300);
	c = load(&b, T, T + 3600, false);
	text = answer_meta(c, "who \xff");
	meta = json_loads(text, 0, NULL);
	assert_non_null(meta);
	assert_int_equal(json_integer_value(json_object_get(meta, "version")), 1);
	assert_string_equal(json_string_value(json_object_get(meta, "query")), "who \\xff");
	assert_string_equal(json_string_value(json_array_get(json_object_get(meta, "range"), 1)),
	    "2026-11-20T01:00:00Z");
	coverage = json_object_get(meta, "coverage");
	assert_int_equal(json_integer_value(json_object_get(coverage, "slots")), 12);
	assert_true(json_real_value(json_object_get(coverage, "ratio")) == 0);
	blind = json_array_get(json_object_get(coverage, "blind"), 0);
	assert_string_equal(json_string_value(json_object_get(blind, "device")), "edge-fw1");
	assert_string_equal(json_string_value(json_object_get(blind, "why")), "never polled");
	json_decref(meta);
	free(text);
	coverage_free(c);
	/* No slot: the ratio is unknown, not 0 and not 1. */
	c = load(&b, T, T + 10, false);
	text = answer_meta(c, "who");
	assert_non_null(strstr(text, "\"ratio\":null"));
	free(text);
	coverage_free(c);
	end(&b);
}

static void
test_interval(void **state)
{
	char text[INTERVAL_TEXT];

	(void)state;
	assert_string_equal(answer_interval(T, T + 300, true, text), "2026-11-20 00:00-00:05");
	assert_string_equal(answer_interval(T, T + 5, true, text), "2026-11-20 00:00-00:00:05");
	assert_string_equal(
	    answer_interval(T - 60, T + 300, true, text), "2026-11-19 23:59 .. 11-20 00:05");
	assert_string_equal(answer_interval(-1, T, true, text), "by 2026-11-20 00:00");
	assert_string_equal(answer_interval(T, -1, true, text), "from 2026-11-20 00:00");
	assert_string_equal(answer_interval(T, T, true, text), "2026-11-20 00:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_known_since),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_at),
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_meta),
		cmocka_unit_test(test_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
