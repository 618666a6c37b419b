#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"

static struct zone utc = { .name = "UTC" }, berlin = { .name = "Europe/Berlin" };

static int64_t
at(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M:%S", &tm));
	return timegm(&tm);
}

static void
zone_knows_its_offset(void **state)
{
	(void)state;
	assert_true(zone_known("UTC") && zone_known("Europe/Berlin"));
	assert_false(zone_known("Europe/Berlim"));
	assert_false(zone_known("../zoneinfo/UTC"));
	assert_false(zone_known("/etc/passwd"));
	assert_int_equal(zone_offset(&utc, at("2026-07-01 00:00:00")), 0);
	assert_int_equal(zone_offset(&berlin, at("2026-01-01 00:00:00")), 3600);
	assert_int_equal(zone_offset(&berlin, at("2026-07-01 00:00:00")), 7200);
	/* The last second of winter time, the first of summer time. */
	assert_int_equal(zone_offset(&berlin, at("2026-03-29 00:59:59")), 3600);
	assert_int_equal(zone_offset(&berlin, at("2026-03-29 01:00:00")), 7200);
}

static void
zone_finds_the_moment(void **state)
{
	(void)state;
	assert_int_equal(zone_utc(&berlin, at("2026-07-01 12:00:00")), at("2026-07-01 10:00:00"));
	/* 02:30 comes twice when clocks are set back: the first. */
	assert_int_equal(zone_utc(&berlin, at("2026-10-25 02:30:00")), at("2026-10-25 00:30:00"));
	assert_int_equal(zone_utc(&berlin, at("2026-10-25 03:00:00")), at("2026-10-25 02:00:00"));
	/* and never when they are set forward: 03:30 then. */
	assert_int_equal(zone_utc(&berlin, at("2026-03-29 02:30:00")), at("2026-03-29 01:30:00"));
}

struct when {
	const char *cron, *after, *next;
};

static void
cron_names_the_next_minute(void **state)
{
	static const struct when rows[] = {
		{ "* * * * *", "2026-11-25 10:00:00", "2026-11-25 10:01:00" },
		{ "* * * * *", "2026-11-25 10:00:59", "2026-11-25 10:01:00" },
		{ "*/5 * * * *", "2026-11-25 10:57:01", "2026-11-25 11:00:00" },
		{ "17 3 * * *", "2026-11-25 03:17:00", "2026-11-26 03:17:00" },
		{ "0,30 8-18/2 * * mon-fri", "2026-11-27 18:30:00", "2026-11-30 08:00:00" },
		{ "0 0 29 2 *", "2026-11-25 00:00:00", "2028-02-29 00:00:00" },
		{ "0 0 31 * *", "2026-11-25 00:00:00", "2026-12-31 00:00:00" },
		/* Both days restricted: either is enough (2026-11-27 is a Friday). */
		{ "0 0 13 * fri", "2026-11-25 00:00:00", "2026-11-27 00:00:00" },
		{ "0 0 13 * 5", "2026-11-27 00:00:00", "2026-12-04 00:00:00" },
		{ "0 12 * jan,JUN 7", "2026-11-25 00:00:00", "2027-01-03 12:00:00" },
		{ "59 23 31 12 *", "2026-12-31 23:59:00", "2027-12-31 23:59:00" },
		{ "5/20 4 * * *", "2026-11-25 04:05:00", "2026-11-25 04:25:00" },
	};
	struct error err = { 0 };
	struct cron c;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(cron_parse(text_of(rows[i].cron), &c, &err), 0);
		assert_int_equal(cron_next(&c, &utc, at(rows[i].after)), at(rows[i].next));
	}
	assert_int_equal(cron_parse(text_of("0 0 30 2 *"), &c, &err), 0);
	assert_int_equal(cron_next(&c, &utc, at("2026-11-25 00:00:00")), -1);
}

static void
cron_follows_the_zone(void **state)
{
	struct error err = { 0 };
	struct cron c;

	(void)state;
	assert_int_equal(cron_parse(text_of("30 2 * * *"), &c, &err), 0);
	/* Summer begins on 2026-03-29: 02:30 is read as 03:30; autumn's second 02:30 is not. */
	assert_int_equal(
	    cron_next(&c, &berlin, at("2026-03-28 01:30:00")), at("2026-03-29 01:30:00"));
	assert_int_equal(
	    cron_next(&c, &berlin, at("2026-10-24 00:30:00")), at("2026-10-25 00:30:00"));
	assert_int_equal(
	    cron_next(&c, &berlin, at("2026-10-25 00:30:00")), at("2026-10-26 01:30:00"));
}

static void
cron_refuses(void **state)
{
	static const char *const rows[][2] = { { "", "no minute" }, { "* * * *", "no day of week" },
		{ "* * * * * *", "more than five" }, { "60 * * * *", "minute '60'" },
		{ "* 24 * * *", "hour '24'" }, { "* * 0 * *", "day of month '0'" },
		{ "* * * foo *", "month 'foo'" }, { "5-1 * * * *", "minute '5-1'" },
		{ "*/0 * * * *", "minute '*/0'" }, { "1,,2 * * * *", "minute '1,,2'" },
		{ "1x * * * *", "'x' does not belong" }, { "* * * * 8", "day of week '8'" },
		{ "-1 * * * *", "minute '-1'" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		struct cron c;

		assert_int_equal(cron_parse(text_of(rows[i][0]), &c, &err), -1);
		assert_non_null(strstr(err.text, rows[i][1]));
	}
}

static uint64_t seed = 0x9e3779b97f4a7c15;

static int
below(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

/* A random field: a star, a step, a list of ranges. What restricts a day
 * is not the same to croniter where a star has a step or a list names every day: no such days. */
static void
random_field(char *out, size_t size, int least, int most, bool day)
{
	size_t n = 0;
	int items = 1 + below(3);

	if (below(3) == 0) {
		(void)snprintf(out, size, day || below(2) ? "*" : "*/%d", 1 + below(most));
		return;
	}
	for (int i = 0; i < items; i++) {
		int from = least + below(most - least + 1), to = from + below(most - from + 1);

		n += (size_t)snprintf(out + n, size - n, day || below(2) ? "%s%d" : "%s%d-%d",
		    i ? "," : "", from, to);
	}
}

/* Lines "after|expression" become lines with croniter's answer. */
static void
ask_croniter(const char *questions, const char *answers)
{
	static const char *const program =
	    "import sys\nfrom datetime import datetime, timezone\nfrom croniter import croniter\n"
	    "with open(sys.argv[2], 'w') as out:\n"
	    "    for line in open(sys.argv[1]):\n"
	    "        after, text = line.rstrip().split('|')\n"
	    "        after = datetime.fromtimestamp(int(after), timezone.utc)\n"
	    "        try:\n"
	    "            at = croniter(text, after, max_years_between_matches=5).get_next(float)\n"
	    "        except Exception:\n"
	    "            at = -1\n"
	    "        print(int(at), file=out)\n";
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		(void)execlp("timeout", "timeout", "120", "/usr/bin/python3", "-c", program,
		    questions, answers, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
cron_agrees_with_croniter(void **state)
{
	enum { QUESTIONS = 2000 };
	static const int bounds[5][2] = { { 0, 59 }, { 0, 23 }, { 1, 31 }, { 1, 12 }, { 0, 6 } };
	char questions[] = "/tmp/gatebook-cron-XXXXXX", answers[] = "/tmp/gatebook-cron-XXXXXX";
	static int64_t ours[QUESTIONS];
	FILE *file = fdopen(mkstemp(questions), "w");
	char line[400];

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < QUESTIONS; i++) {
		int64_t after = at("2026-11-25 00:00:00") + below(3 * 365 * 86400);
		char f[5][64];
		struct error err = { 0 };
		struct cron c;

		for (int k = 0; k < 5; k++)
			random_field(
			    f[k], sizeof(f[k]), bounds[k][0], bounds[k][1], k == 2 || k == 4);
		(void)snprintf(line, sizeof(line), "%s %s %s %s %s", f[0], f[1], f[2], f[3], f[4]);
		assert_int_equal(cron_parse(text_of(line), &c, &err), 0);
		ours[i] = cron_next(&c, &utc, after);
		(void)fprintf(file, "%lld|%s\n", (long long)after, line);
	}
	assert_int_equal(fclose(file), 0);
	assert_int_equal(close(mkstemp(answers)), 0);
	ask_croniter(questions, answers);
	file = fopen(answers, "r");
	assert_non_null(file);
	for (int i = 0; i < QUESTIONS; i++) {
		assert_non_null(fgets(line, sizeof(line), file));
		assert_int_equal(strtoll(line, NULL, 10), ours[i]);
	}
	(void)fclose(file);
	(void)unlink(questions);
	(void)unlink(answers);
}

static void
windows_open_and_close(void **state)
{
	struct error err = { 0 };
	struct week w;

	(void)state;
	/* 2026-11-25 is a Wednesday. */
	assert_int_equal(week_parse(text_of("Mon-Fri 06:00-22:00, sat 08:00-12:00"), &w, &err), 0);
	assert_true(week_open(&w, &utc, at("2026-11-25 06:00:00")));
	assert_true(week_open(&w, &utc, at("2026-11-25 21:59:59")));
	assert_false(week_open(&w, &utc, at("2026-11-25 22:00:00")));
	assert_true(week_open(&w, &berlin, at("2026-11-25 05:00:00")));
	assert_true(week_open(&w, &utc, at("2026-11-28 11:00:00")));
	assert_false(week_open(&w, &utc, at("2026-11-29 11:00:00")));
	assert_int_equal(
	    week_next(&w, &utc, at("2026-11-28 12:00:30"), true), at("2026-11-30 06:00:00"));
	assert_int_equal(
	    week_next(&w, &utc, at("2026-11-25 07:00:30"), true), at("2026-11-25 07:00:30"));
	assert_int_equal(
	    week_next(&w, &utc, at("2026-11-25 07:00:30"), false), at("2026-11-25 22:00:00"));
	/* Past midnight, and from Saturday into the week after. */
	assert_int_equal(week_parse(text_of("Fri-Sun 22:00-04:00"), &w, &err), 0);
	assert_true(week_open(&w, &utc, at("2026-11-30 03:59:00")));
	assert_false(week_open(&w, &utc, at("2026-11-30 04:00:00")));
	assert_int_equal(week_parse(text_of("Sat-Sun"), &w, &err), 0);
	assert_true(week_open(&w, &utc, at("2026-11-28 00:00:00")));
	assert_false(week_open(&w, &utc, at("2026-11-30 00:00:00")));
	assert_int_equal(week_parse(text_of("00:00-24:00"), &w, &err), 0);
	assert_int_equal(week_next(&w, &utc, at("2026-11-25 00:00:00"), false), -1);
}

static void
windows_refuse(void **state)
{
	static const char *const rows[] = { "", "Mon,", "Mo 06:00-22:00", "Mon 6-22",
		"Mon 06:00-25:00", "Mon 24:00-24:00", "Mon-Foo 06:00-22:00", "Mon 06:60-22:00",
		"Mon 06:00-22:00 x" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		struct week w;

		assert_int_equal(week_parse(text_of(rows[i]), &w, &err), -1);
		assert_non_null(strstr(err.text, "no window of the week"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone_knows_its_offset),
		cmocka_unit_test(zone_finds_the_moment),
		cmocka_unit_test(cron_names_the_next_minute),
		cmocka_unit_test(cron_follows_the_zone),
		cmocka_unit_test(cron_refuses),
		cmocka_unit_test(cron_agrees_with_croniter),
		cmocka_unit_test(windows_open_and_close),
		cmocka_unit_test(windows_refuse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
