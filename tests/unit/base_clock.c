#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

/* Reads the environment once, so it runs before the others. */
static void
environment_fixes_the_test_build(void **state)
{
	(void)state;
	assert_int_equal(setenv("GATEBOOK_NOW", "1795580167", 1), 0);
	assert_int_equal(clock_now(), 1795580167);
	assert_true(clock_now_us() == INT64_C(1795580167000000));
	clock_set(86400);
	assert_int_equal(clock_now(), 86400);
	clock_set(0);
	assert_int_equal(clock_now(), 1795580167);
}

static void
set_clock_stands(void **state)
{
	(void)state;
	clock_set(1000);
	assert_int_equal(clock_now(), 1000);
	assert_int_equal(clock_now_us(), 1000000000);
	clock_set(-5);
	assert_int_equal(clock_now(), -5);
	clock_set(0);
	assert_int_not_equal(clock_now(), -5);
}

static void
monotonic_runs(void **state)
{
	int64_t before = clock_mono_ms();

	(void)state;
	clock_set(1000);
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	int64_t passed = clock_mono_ms() - before;

	assert_true(passed >= 20 && passed < 20000);
	clock_set(0);
}

static void
formats_utc(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1795580167, "2026-11-25T04:16:07Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 4107542399, "2100-02-28T23:59:59Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ INT64_C(253402300799), "9999-12-31T23:59:59Z" },
		{ INT64_C(253402300800), "@253402300800" },
		{ INT64_C(-62167219200), "@-62167219200" },
		{ INT64_MAX, "@9223372036854775807" },
		{ INT64_MIN, "@-9223372036854775808" },
	};
	char out[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(clock_format(cases[i].seconds, true, out), cases[i].text);
}

static void
formats_local(void **state)
{
	static const struct {
		const char *zone, *text;
	} cases[] = {
		{ "CET-1", "2026-11-25T05:16:07+01:00" },
		{ "IST-5:30", "2026-11-25T09:46:07+05:30" },
		{ "NST3:30", "2026-11-25T00:46:07-03:30" },
		{ "UTC0", "2026-11-25T04:16:07+00:00" },
		{ "EST5", "2026-11-24T23:16:07-05:00" },
	};
	char out[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(setenv("TZ", cases[i].zone, 1), 0);
		tzset();
		assert_string_equal(clock_format(1795580167, false, out), cases[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(environment_fixes_the_test_build),
		cmocka_unit_test(set_clock_stands),
		cmocka_unit_test(monotonic_runs),
		cmocka_unit_test(formats_utc),
		cmocka_unit_test(formats_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
