/* Time words, in zones whose clocks jump. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "query/range.h"

enum { NOW = 1795593600 }; /* 2026-11-25T08:00:00Z, a Wednesday; 09:00 in Berlin */

static struct error err;

static void
zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static int
setup(void **state)
{
	(void)state;
	clock_set(NOW);
	zone("Europe/Berlin");
	memset(&err, 0, sizeof(err));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	clock_set(0);
	return 0;
}

/* The range of the words as text in the local zone. */
static void
expect(struct range_words words, const char *want)
{
	struct range r;
	char text[RANGE_TEXT];

	if (range_parse(&words, &r, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(range_format(&r, text), want);
}

static void
refuse(struct range_words words, const char *why)
{
	struct range r;

	assert_int_equal(range_parse(&words, &r, &err), -1);
	assert_int_equal(err.exit, EXIT_USAGE);
	if (strstr(err.text, why) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, why);
}

#define LAST(w)                                                                                    \
	(struct range_words)                                                                       \
	{                                                                                          \
		.last = (w)                                                                        \
	}
#define RANGE(w)                                                                                   \
	(struct range_words)                                                                       \
	{                                                                                          \
		.range = (w)                                                                       \
	}
#define SINCE(w)                                                                                   \
	(struct range_words)                                                                       \
	{                                                                                          \
		.since = (w)                                                                       \
	}
#define UNTIL(w)                                                                                   \
	(struct range_words)                                                                       \
	{                                                                                          \
		.until = (w)                                                                       \
	}
#define AT(w)                                                                                      \
	(struct range_words)                                                                       \
	{                                                                                          \
		.at = (w)                                                                          \
	}

static void
test_last(void **state)
{
	(void)state;
	expect((struct range_words){ 0 }, "2026-11-24 09:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(LAST("30m"), "2026-11-25 08:30 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(LAST("2h"), "2026-11-25 07:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(LAST("90s"), "2026-11-25 08:58:30 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(LAST("2w"), "2026-11-11 09:00 +01:00 .. 2026-11-25 09:00 +01:00");
	/* 40 days back the clocks showed summer time: the same moment, another offset. */
	expect(LAST("40d"), "2026-10-16 10:00 +02:00 .. 2026-11-25 09:00 +01:00");
	expect((struct range_words){ .last = "2h", .utc = true },
	    "2026-11-25 06:00Z .. 2026-11-25 08:00Z");
	expect((struct range_words){ .last = "1h", .until = "2026-11-01T12:00" },
	    "2026-11-01 11:00 +01:00 .. 2026-11-01 12:00 +01:00");
	refuse(LAST("2"), "--last: '2' is no duration. Write a number and a unit");
	refuse(LAST("h"), "no duration");
	refuse(LAST("-2h"), "no duration");
	refuse(LAST("2hours"), "no duration");
	refuse(LAST("999999999d"), "no duration");
	refuse(LAST("\033[2J"), "'\\x1b[2J'");
}

static void
test_days(void **state)
{
	(void)state;
	expect(RANGE("yesterday"), "2026-11-24 00:00 +01:00 .. 2026-11-25 00:00 +01:00");
	expect(RANGE("today"), "2026-11-25 00:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(RANGE("2026-11-01"), "2026-11-01 00:00 +01:00 .. 2026-11-02 00:00 +01:00");
	expect(RANGE("7d"), "2026-11-18 09:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(RANGE("2026-11-01.."), "2026-11-01 00:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(RANGE("..2026-11-01"), "the beginning .. 2026-11-02 00:00 +01:00");
	expect(
	    RANGE("2026-11-01..2026-11-03"), "2026-11-01 00:00 +01:00 .. 2026-11-04 00:00 +01:00");
	expect(RANGE("yesterday..2h"), "2026-11-24 00:00 +01:00 .. 2026-11-25 07:00 +01:00");
	expect(SINCE("2026-11-01"), "2026-11-01 00:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(UNTIL("2026-11-01"), "the beginning .. 2026-11-02 00:00 +01:00");
	expect((struct range_words){ .since = "2026-11-01T08:00Z",
		   .until = "2026-11-01T10:30:15+02:00" },
	    "2026-11-01 09:00 +01:00 .. 2026-11-01 09:30:15 +01:00");
	expect((struct range_words){ .range = "2026-11-01", .utc = true },
	    "2026-11-01 00:00Z .. 2026-11-02 00:00Z");
	expect(RANGE("@1795590000.."), "2026-11-25 08:00 +01:00 .. 2026-11-25 09:00 +01:00");
	expect(SINCE("2024-02-29"), "2024-02-29 00:00 +01:00 .. 2026-11-25 09:00 +01:00");
}

static void
test_at(void **state)
{
	struct range r;

	(void)state;
	expect(AT("2026-11-21T08:00"), "2026-11-21 08:00 +01:00");
	expect(AT("2026-11-21 08:00"), "2026-11-21 08:00 +01:00");
	expect(AT("now"), "2026-11-25 09:00 +01:00");
	expect(AT("2h"), "2026-11-25 07:00 +01:00");
	assert_int_equal(range_parse(&AT("2026-11-21T08:00Z"), &r, &err), 0);
	assert_true(r.at && r.from == r.to);
	refuse(AT("2026-11-21"), "is a whole day. Write --range 2026-11-21");
	refuse(AT("yesterday"), "is a whole day. Write --range yesterday");
	refuse(RANGE("2026-11-01T08:00"), "is one moment. Write --at 2026-11-01T08:00");
}

static void
test_refused(void **state)
{
	(void)state;
	refuse(SINCE("last tuesday"),
	    "--since: 'last tuesday' is no time that means one thing only. Write 2026-11-25, "
	    "2026-11-25T08:00");
	refuse(RANGE("tuesday..friday"), "'tuesday' is no time");
	refuse(RANGE(".."), "no end at all");
	refuse(RANGE(""), "'' is no time");
	refuse(SINCE("2026-13-01"), "no time");
	refuse(SINCE("2026-02-29"), "no time");
	refuse(SINCE("2026-11-1"), "no time");
	refuse(SINCE("11/01/2026"), "no time");
	refuse(SINCE("2026-11-01T24:00"), "no time");
	refuse(SINCE("2026-11-01T08"), "no time");
	refuse(SINCE("2026-11-01T08:00+1"), "no time");
	refuse(SINCE("2026-11-01T08:00Zulu"), "no time");
	refuse(SINCE("2026-12-01"), "lies ahead: it is 2026-11-25 09:00 now");
	refuse(RANGE("2026-11-03..2026-11-01"), "swap its ends");
	refuse((struct range_words){ .last = "2h", .since = "1h" }, "keep one");
	refuse((struct range_words){ .range = "today", .since = "1h" }, "leave out");
	refuse((struct range_words){ .at = "now", .last = "1h" }, "--at is one moment");
}

/* An end that lies ahead is now: nothing was looked at there. */
static void
test_ahead(void **state)
{
	(void)state;
	expect((struct range_words){ .since = "1h", .until = "2027-01-01" },
	    "2026-11-25 08:00 +01:00 .. 2026-11-25 09:00 +01:00");
}

static int64_t
length(const char *range)
{
	struct range r;

	assert_int_equal(range_parse(&RANGE(range), &r, &err), 0);
	return r.to - r.from;
}

static void
test_clock_changes(void **state)
{
	(void)state;
	assert_int_equal(length("2026-03-29"), 23 * 3600);
	assert_int_equal(length("2026-10-25"), 25 * 3600);
	assert_int_equal(length("2026-10-26"), 24 * 3600);
	refuse(SINCE("2026-03-29T02:30"), "skipped 02:30 on 2026-03-29");
	refuse(SINCE("2026-10-25T02:30"),
	    "twice on 2026-10-25. Write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00");
	expect((struct range_words){ .since = "2026-10-25T02:30+02:00",
		   .until = "2026-10-25T02:30+01:00" },
	    "2026-10-25 02:30 +02:00 .. 2026-10-25 02:30 +01:00");
	/* --utc knows no clock change. */
	expect((struct range_words){ .at = "2026-10-25T02:30", .utc = true }, "2026-10-25 02:30Z");
	/* Beirut moves at midnight: the day has none and begins at 01:00. */
	zone("Asia/Beirut");
	assert_int_equal(length("2026-03-29"), 23 * 3600);
	expect(SINCE("2026-03-29"), "2026-03-29 01:00 +03:00 .. 2026-11-25 10:00 +02:00");
	zone("Australia/Lord_Howe"); /* half an hour */
	assert_int_equal(length("2026-10-04"), 23 * 3600 + 1800);
}

static void
test_format(void **state)
{
	char text[MOMENT_TEXT];

	(void)state;
	assert_string_equal(duration_format(0, text), "0s");
	assert_string_equal(duration_format(119, text), "119s");
	assert_string_equal(duration_format(300, text), "5m");
	assert_string_equal(duration_format(605, text), "10m05s");
	assert_string_equal(duration_format(3900, text), "1h05m");
	assert_string_equal(duration_format(7200, text), "2h");
	assert_string_equal(duration_format(275400, text), "3d04h");
	assert_string_equal(moment_format(NOW + 5, true, false, text), "2026-11-25 08:00:05");
	assert_string_equal(moment_format(NOW + 5, true, true, text), "2026-11-25 08:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_last, setup),
		cmocka_unit_test_setup(test_days, setup),
		cmocka_unit_test_setup(test_at, setup),
		cmocka_unit_test_setup(test_refused, setup),
		cmocka_unit_test_setup(test_ahead, setup),
		cmocka_unit_test_setup(test_clock_changes, setup),
		cmocka_unit_test_setup(test_format, setup),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
