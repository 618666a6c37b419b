/* Alerts: a device falls silent and speaks, hooks are run once, bounded and cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "poller/alerts.h"

static const struct driver driver = { .name = "cisco_ios" };
static const struct credential credential = { .name = "ro", .user = "u" };
static struct zone zone = { .name = "UTC" };
static struct timetable table = {
	.name = "t", .every = 300, .priority = 5, .sessions = true, .zone = &zone
};
static struct timetable *tables[] = { &table, NULL };

struct scene {
	char dir[64], hook[128], out[128];
	struct device device;
	struct config config;
	struct plan *plan;
	struct alerts *alerts;
	struct moment now;
};

static void
write_hook(const struct scene *s, const char *body)
{
	FILE *f = fopen(s->hook, "w");

	assert_non_null(f);
	(void)fprintf(f, "#!/bin/sh\n%s\n", body);
	(void)fclose(f);
	assert_int_equal(chmod(s->hook, 0700), 0);
}

static int
begin(void **state)
{
	static const char *const no_tags[] = { NULL };
	struct scene *s = calloc(1, sizeof(*s));
	char body[400];

	(void)snprintf(s->dir, sizeof(s->dir), "/tmp/gatebook-alerts-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	(void)snprintf(s->hook, sizeof(s->hook), "%s/hook", s->dir);
	(void)snprintf(s->out, sizeof(s->out), "%s/out", s->dir);
	(void)snprintf(body, sizeof(body),
	    "printf '%%s|%%s|%%s|%%s|%%s\\n' \"$GATEBOOK_ALERT\" \"$GATEBOOK_DEVICE\" "
	    "\"$GATEBOOK_SITE\" \"$GATEBOOK_WHY\" \"$HOME\" >>%s",
	    s->out);
	write_hook(s, body);
	s->device = (struct device){ .name = "r1",
		.host = "192.0.2.1",
		.site = "ber",
		.transport = "ssh",
		.driver = &driver,
		.credential = &credential,
		.tags = no_tags,
		.every = 300,
		.timetables = tables };
	s->config = (struct config){ .jobs = 8,
		.site_jobs = 4,
		.snmp_jobs = 8,
		.logins_per_second = 5,
		.min_interval = 60,
		.auth_failures = 3,
		.devices = &s->device,
		.n_devices = 1,
		.zone = &zone,
		.alerts = true,
		.alert_command = s->hook,
		.alert_silent = 3,
		.alert_unread = 10 };
	s->now = (struct moment){ .wall = 1795580167, .mono_ms = 1000000 };
	s->plan = plan_new(&s->config, s->now);
	s->alerts = alerts_new(s->now);
	*state = s;
	return 0;
}

static int
end(void **state)
{
	struct scene *s = *state;

	alerts_free(s->alerts);
	plan_free(s->plan);
	(void)unlink(s->hook);
	(void)unlink(s->out);
	(void)rmdir(s->dir);
	free(s);
	return 0;
}

/* Turns until the file has so many lines, five seconds at most; then some more, for what must not
 * come. Returns its text. */
static const char *
said(struct scene *s, int lines)
{
	static char text[4096];
	int64_t until = clock_mono_ms() + 5000;
	int found = -1;

	while (clock_mono_ms() < until) {
		FILE *f = fopen(s->out, "r");
		size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
		int now = 0;

		if (f)
			(void)fclose(f);
		text[n] = '\0';
		for (size_t i = 0; i < n; i++)
			now += text[i] == '\n';
		if (now >= lines && found < 0) {
			found = now;
			until = clock_mono_ms() + 200;
		}
		alerts_turn(s->alerts, s->plan, &s->config, s->now);
		(void)usleep(5000);
	}
	return text;
}

static void
step(struct scene *s, int64_t seconds)
{
	s->now.wall += seconds;
	s->now.mono_ms += seconds * 1000;
}

static struct entry *
poll_it(struct scene *s, enum outcome outcome, uint64_t lines, uint64_t unread)
{
	struct entry *e = plan_at(s->plan, 0);
	struct poll_report r = { .outcome = (uint8_t)outcome };
	struct errand v;

	r.account.lines = lines;
	r.account.unread = unread;
	while (!plan_take(s->plan, s->now, &v))
		step(s, 10);
	(void)plan_ended(s->plan, e, &r, s->now);
	alerts_poll(s->alerts, &s->config, e, "r1", &r);
	return e;
}

static void
silence_and_speech(void **state)
{
	struct scene *s = *state;
	const char *text;

	(void)poll_it(s, OUTCOME_COMPLETE, 10, 0);
	step(s, 890);
	assert_string_equal(said(s, 1), ""); /* three intervals are not over */
	step(s, 20);
	assert_non_null(strstr(said(s, 1), "silent|r1|ber|no poll got an answer for 9"));
	step(s, 900);
	text = said(s, 2); /* once */
	assert_null(strstr(strchr(text, '\n') + 1, "silent"));
	(void)poll_it(s, OUTCOME_PARTIAL, 10, 0);
	assert_non_null(strstr(said(s, 2), "speaks|r1|ber|"));
}

static void
no_silence_while_held(void **state)
{
	struct scene *s = *state;

	(void)poll_it(s, OUTCOME_COMPLETE, 10, 0);
	assert_true(plan_hold(s->plan, HOLD_ALL, "", HOLD_ENGINEER, s->now));
	for (int i = 0; i < 10; i++) {
		step(s, 300);
		alerts_turn(s->alerts, s->plan, &s->config, s->now);
	}
	assert_true(plan_hold(s->plan, HOLD_ALL, "", HOLD_NONE, s->now));
	step(s, 890);
	assert_string_equal(said(s, 1), "");
	step(s, 30);
	assert_non_null(strstr(said(s, 1), "silent|r1"));
}

static void
unread_lines(void **state)
{
	struct scene *s = *state;

	(void)poll_it(s, OUTCOME_COMPLETE, 100, 10);
	assert_string_equal(said(s, 1), "");
	step(s, 300);
	(void)poll_it(s, OUTCOME_PARTIAL, 100, 11);
	assert_non_null(strstr(said(s, 1), "unread|r1|ber|11 of 100 lines"));
}

/* What a device says is text, nothing else; the environment is ours alone. */
static void
hostile_words(void **state)
{
	struct scene *s = *state;

	setenv("HOME", "/nowhere", 1);
	alerts_raise(s->alerts, &s->config, "held", "r1", "", "a\nb\x1b[2J`touch x`$(id)");
	assert_string_equal(said(s, 1), "held|r1||a\\x0ab\\x1b[2J`touch x`$(id)|\n");
}

static void
one_of_a_kind(void **state)
{
	struct scene *s = *state;
	char body[300];

	(void)snprintf(
	    body, sizeof(body), "echo \"$GATEBOOK_ALERT $GATEBOOK_DEVICE\" >>%s; sleep 2", s->out);
	write_hook(s, body);
	for (int i = 0; i < 5; i++)
		alerts_raise(s->alerts, &s->config, "held", "r1", "", "why");
	alerts_raise(s->alerts, &s->config, "held", "r2", "", "why");
	assert_true(strlen(said(s, 2)) == strlen("held r1\nheld r2\n"));
}

static void
nobody_waits(void **state)
{
	struct scene *s = *state;
	int64_t began = clock_mono_ms();

	write_hook(s, "sleep 60");
	for (int i = 0; i < LIMIT_HOOKS + 5; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "d%d", i);
		alerts_raise(s->alerts, &s->config, "held", name, "", "why");
		alerts_turn(s->alerts, s->plan, &s->config, s->now);
	}
	assert_true(clock_mono_ms() - began < 5000);
	alerts_free(s->alerts); /* ends them */
	assert_true(clock_mono_ms() - began < 10000);
	s->alerts = alerts_new(s->now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(silence_and_speech, begin, end),
		cmocka_unit_test_setup_teardown(no_silence_while_held, begin, end),
		cmocka_unit_test_setup_teardown(unread_lines, begin, end),
		cmocka_unit_test_setup_teardown(hostile_words, begin, end),
		cmocka_unit_test_setup_teardown(one_of_a_kind, begin, end),
		cmocka_unit_test_setup_teardown(nobody_waits, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
