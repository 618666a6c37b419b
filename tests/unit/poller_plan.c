/* The plan against a clock that a test moves: a year of it, and every bound at every poll. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "poller/plan.h"

enum { DEVICES = 40, SITES = 4, MOST = 64 };

static const struct driver driver = { .name = "cisco_ios" }, other = { .name = "linux" };
static const struct credential credential = { .name = "ro", .user = "u" };
static const char *const no_tags[] = { NULL };
static const char *const sites[SITES] = { "ber", "ham", "muc", "" };

struct world {
	struct config config;
	struct device devices[DEVICES];
	struct timetable tables[DEVICES];
	struct timetable *lists[DEVICES][3];
	char names[DEVICES][16];
	struct zone zone;
	struct plan *plan;
	struct moment now;
	struct {
		struct entry *entry;
		int64_t ends_ms;
	} running[MOST];
	int n_running;
	/* what is watched */
	int64_t last_start_ms[DEVICES], starts[DEVICES], logins[64];
	uint64_t n_logins, polls;
	bool finds; /* polls find sessions: device i has 2^i at a time, of ten minutes each */
	double found[DEVICES];
	int64_t asked[DEVICES];
};

static void
make_device(struct world *w, int i, uint32_t every)
{
	(void)snprintf(w->names[i], sizeof(w->names[i]), "d%03d", i);
	w->tables[i] = (struct timetable){ .name = "every",
		.every = every,
		.jitter = every / 10,
		.priority = 5,
		.sessions = true,
		.zone = &w->zone };
	w->lists[i][0] = &w->tables[i];
	w->devices[i] = (struct device){ .name = w->names[i],
		.host = "192.0.2.1",
		.site = sites[i % SITES],
		.transport = "ssh",
		.driver = &driver,
		.credential = &credential,
		.tags = no_tags,
		.every = every,
		.timetables = w->lists[i] };
	w->last_start_ms[i] = -1;
}

static struct world *
make_world(int n, uint32_t every)
{
	struct world *w = calloc(1, sizeof(*w));

	w->zone.name = "UTC";
	w->now = (struct moment){ .wall = 1795580167, .mono_ms = 1000000 };
	w->config = (struct config){ .jobs = 8,
		.snmp_jobs = 16,
		.site_jobs = 2,
		.logins_per_second = 5,
		.min_interval = 60,
		.auth_failures = 3,
		.devices = w->devices,
		.n_devices = (size_t)n,
		.zone = &w->zone };
	for (int i = 0; i < n; i++)
		make_device(w, i, every);
	w->plan = plan_new(&w->config, w->now);
	return w;
}

static void
free_world(struct world *w)
{
	plan_free(w->plan);
	free(w);
}

static int
index_of(const struct world *w, const struct entry *e)
{
	return (int)(e->device - w->devices);
}

/* Every bound, at the moment that a poll begins. */
static void
begin(struct world *w, const struct errand *v, int64_t takes_ms)
{
	int i = index_of(w, v->entry), in_site = 1;
	int64_t *second_ago;

	assert_true(w->n_running < MOST);
	for (int k = 0; k < w->n_running; k++) {
		assert_ptr_not_equal(w->running[k].entry, v->entry);
		in_site += w->running[k].entry->site == v->entry->site;
	}
	if (v->entry->device->site[0])
		assert_true(in_site <= (int)w->config.site_jobs);
	if (w->last_start_ms[i] >= 0)
		assert_true(
		    w->now.mono_ms - w->last_start_ms[i] >= (int64_t)w->config.min_interval * 1000);
	w->last_start_ms[i] = w->now.mono_ms;
	w->starts[i]++;
	w->polls++;
	/* Of any six logins, the first is a second before the last. */
	second_ago = &w->logins[(w->n_logins + 64 - 5) % 64];
	if (w->n_logins > 5)
		assert_true(w->now.mono_ms - *second_ago >= 800);
	w->logins[w->n_logins++ % 64] = w->now.mono_ms;
	w->running[w->n_running].entry = v->entry;
	w->running[w->n_running++].ends_ms = w->now.mono_ms + takes_ms;
	assert_true(w->n_running <= (int)w->config.jobs);
	assert_true(v->sessions);
}

typedef struct poll_report (*device_is)(struct world *w, int device);

static void
find(struct world *w, struct entry *e, struct poll_report *r)
{
	int i = index_of(w, e);
	double gone = 1 - exp(-(double)(w->now.wall - w->asked[i]) / 600);
	double opened = w->asked[i] ? exp2(i) * gone : exp2(i);

	assert_true(plan_every(e) >= w->tables[0].least && plan_every(e) <= w->tables[0].most);
	r->asked = w->asked[i] = w->now.wall;
	plan_found(e, r, (uint64_t)(opened + 0.5), (uint64_t)(w->found[i] * gone + 0.5));
	w->found[i] = opened;
}

static unsigned
end_polls(struct world *w, device_is outcome)
{
	unsigned held = 0;

	for (int k = 0; k < w->n_running;) {
		struct poll_report r;

		if (w->running[k].ends_ms > w->now.mono_ms) {
			k++;
			continue;
		}
		r = outcome(w, index_of(w, w->running[k].entry));
		if (w->finds)
			find(w, w->running[k].entry, &r);
		held |= plan_ended(w->plan, w->running[k].entry, &r, w->now);
		w->running[k] = w->running[--w->n_running];
	}
	return held;
}

static void
advance(struct world *w, int64_t ms)
{
	w->now.mono_ms += ms;
	w->now.wall = w->now.wall + (w->now.mono_ms / 1000 - (w->now.mono_ms - ms) / 1000);
}

/* To the next thing that may happen, at most a minute on. */
static int64_t
step(const struct world *w)
{
	int64_t next = plan_next(w->plan), ms = next == 0 ? 100 : 60000;

	if (next > 0 && next != PLAN_NEVER && (next - w->now.wall) * 1000 < ms)
		ms = (next - w->now.wall) * 1000;
	for (int k = 0; k < w->n_running; k++)
		if (w->running[k].ends_ms - w->now.mono_ms < ms)
			ms = w->running[k].ends_ms - w->now.mono_ms;
	return ms > 0 ? ms : 100;
}

static unsigned
run(struct world *w, int64_t seconds, device_is outcome)
{
	int64_t end = w->now.mono_ms + seconds * 1000;
	unsigned held = 0;

	while (w->now.mono_ms < end) {
		struct errand v;

		held |= end_polls(w, outcome);
		while (plan_take(w->plan, w->now, &v))
			begin(w, &v,
			    500 + (index_of(w, v.entry) * 977 + (int64_t)w->polls * 31) % 9000);
		advance(w, step(w));
	}
	return held;
}

static struct poll_report
healthy(struct world *w, int device)
{
	(void)w;
	(void)device;
	return (struct poll_report){ .outcome = OUTCOME_COMPLETE };
}

static void
a_year_keeps_every_bound(void **state)
{
	enum { YEAR = 365 * 86400 };
	struct world *w = make_world(12, 300);

	(void)state;
	assert_int_equal(run(w, YEAR, healthy), 0);
	for (int i = 0; i < 12; i++)
		assert_in_range(w->starts[i], YEAR / 300 * 99 / 100, YEAR / 300 + 1);
	free_world(w);
}

static void
a_plan_that_is_too_much_is_late_not_wild(void **state)
{
	struct world *w = make_world(DEVICES, 60);

	(void)state;
	w->config.site_jobs = 1;
	(void)run(w, 86400, healthy);
	/* One at a time at three sites: all devices of a site have their turn. */
	for (int i = 0; i < DEVICES; i++)
		assert_true(w->starts[i] > 500);
	free_world(w);
}

static void
clocks_that_jump_make_no_bunch_and_no_hole(void **state)
{
	static const int64_t jumps[] = { 3600, -3600, 86400, -86400, 400 * 86400, -40, 45 };
	struct world *w = make_world(DEVICES, 300);

	(void)state;
	(void)run(w, 3600, healthy);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		uint64_t before = w->polls;

		w->now.wall += jumps[i];
		(void)run(w, 30, healthy);
		/* A tenth of the interval: a tenth of the devices, and some for the hash. */
		assert_true(w->polls - before <= DEVICES / 3);
		before = w->polls;
		(void)run(w, 3600, healthy);
		assert_in_range(w->polls - before, DEVICES * 11, DEVICES * 13);
	}
	free_world(w);
}

static void
a_restart_goes_on_where_it_was(void **state)
{
	struct world *w = make_world(DEVICES, 300);
	int64_t at[DEVICES], started[DEVICES];
	uint64_t before;

	(void)state;
	(void)run(w, 3600, healthy);
	while (w->n_running > 0) {
		advance(w, 1000);
		(void)end_polls(w, healthy);
	}
	for (int i = 0; i < DEVICES; i++) {
		at[i] = plan_at(w->plan, (size_t)i)->at;
		started[i] = plan_at(w->plan, (size_t)i)->started;
	}
	plan_free(w->plan);
	w->now.mono_ms = 5000; /* the machine was started anew */
	for (int i = 0; i < DEVICES; i++)
		w->last_start_ms[i] = -1;
	w->n_logins = 0;
	w->plan = plan_new(&w->config, w->now);
	for (int i = 0; i < DEVICES; i++) {
		plan_recall(w->plan, w->names[i], started[i], 0, w->now);
		/* What was due while nobody ran is not made up for. */
		if (at[i] > w->now.wall)
			assert_int_equal(plan_at(w->plan, (size_t)i)->at, at[i]);
		assert_true(plan_at(w->plan, (size_t)i)->at > w->now.wall);
		/* Within its minimum it waits, by whatever clock. */
		plan_recall(w->plan, w->names[i], w->now.wall + 86400, 0, w->now);
		assert_int_equal(plan_at(w->plan, (size_t)i)->earliest_ms, 65000);
		plan_recall(w->plan, w->names[i], started[i], 0, w->now);
	}
	before = w->polls;
	(void)run(w, 30, healthy);
	assert_true(w->polls - before <= DEVICES / 3);
	free_world(w);
}

static struct poll_report
first_is_dead(struct world *w, int device)
{
	(void)w;
	if (device != 0)
		return (struct poll_report){ .outcome = OUTCOME_COMPLETE };
	return (struct poll_report){ .outcome = OUTCOME_FAILED, .reason = REASON_CONNECT };
}

static void
a_dead_device_is_left_alone_and_tried(void **state)
{
	struct world *w = make_world(12, 300);

	(void)state;
	(void)run(w, 7 * 86400, first_is_dead);
	/* 1, 2, 4 ... 64 intervals: every 320 minutes in the end. */
	assert_in_range(w->starts[0], 30, 45);
	assert_in_range(w->starts[1], 7 * 288 - 20, 7 * 288 + 1);
	(void)run(w, 86400, healthy);
	(void)run(w, 86400, healthy);
	assert_true(w->starts[0] > 288);
	free_world(w);
}

static struct poll_report
refused(struct world *w, int device)
{
	(void)w;
	if (device >= 2)
		return (struct poll_report){ .outcome = OUTCOME_COMPLETE };
	return (struct poll_report){ .outcome = OUTCOME_FAILED, .reason = REASON_AUTH };
}

static void
a_refused_login_is_not_tried_again(void **state)
{
	struct world *w = make_world(12, 300);

	(void)state;
	assert_int_equal(run(w, 86400, refused), 1u << HOLD_DEVICE);
	assert_int_equal(w->starts[0], 1);
	assert_int_equal(w->starts[1], 1);
	assert_true(w->starts[2] > 280);
	assert_true(plan_hold(w->plan, HOLD_DEVICE, "d000", HOLD_NONE, w->now));
	/* The third refusal of one credential: nobody uses it any more. */
	assert_int_equal(run(w, 86400, refused), 1u << HOLD_DEVICE | 1u << HOLD_CREDENTIAL);
	assert_int_equal(w->starts[0], 2);
	assert_true(w->starts[2] < 2 * 280);
	assert_true(plan_hold(w->plan, HOLD_CREDENTIAL, "ro", HOLD_NONE, w->now));
	(void)run(w, 86400, healthy);
	assert_int_equal(w->starts[0], 2);
	assert_true(w->starts[3] > 2 * 280);
	free_world(w);
}

static struct poll_report
key_changed(struct world *w, int device)
{
	(void)w;
	if (device != 0)
		return (struct poll_report){ .outcome = OUTCOME_COMPLETE };
	return (struct poll_report){ .outcome = OUTCOME_FAILED, .reason = REASON_HOST_KEY };
}

static void
a_changed_key_is_not_contacted_again(void **state)
{
	struct world *w = make_world(12, 300);

	(void)state;
	(void)run(w, 7200, key_changed);
	assert_int_equal(w->starts[0], 1);
	assert_int_equal(plan_at(w->plan, 0)->hold, HOLD_HOST_KEY);
	free_world(w);
}

static struct poll_report
falls_over(struct world *w, int device)
{
	if (device >= 2)
		return (struct poll_report){ .outcome = OUTCOME_COMPLETE };
	return (struct poll_report){ .outcome = OUTCOME_FAILED,
		.reason = w->starts[device] == 1 ? REASON_CUT : REASON_CONNECT };
}

static void
a_platform_that_falls_over_is_held(void **state)
{
	struct world *w = make_world(12, 300);
	int64_t before;

	(void)state;
	w->devices[11].driver = &other;
	plan_replace(w->plan, &w->config, w->now);
	assert_int_equal(run(w, 7200, falls_over), 1u << HOLD_PLATFORM);
	before = w->starts[5];
	assert_true(before < 10);
	(void)run(w, 7200, healthy);
	assert_int_equal(w->starts[5], before);
	assert_true(w->starts[11] > 40);
	free_world(w);
}

static void
holding_all_stops_and_releasing_makes_no_bunch(void **state)
{
	struct world *w = make_world(DEVICES, 300);
	uint64_t before;

	(void)state;
	(void)run(w, 3600, healthy);
	assert_true(plan_hold(w->plan, HOLD_ALL, NULL, HOLD_ENGINEER, w->now));
	before = w->polls;
	(void)run(w, 7200, healthy);
	assert_int_equal(w->polls, before);
	assert_true(plan_hold(w->plan, HOLD_ALL, NULL, HOLD_NONE, w->now));
	(void)run(w, 30, healthy);
	assert_true(w->polls - before <= DEVICES / 3);
	assert_false(plan_hold(w->plan, HOLD_DEVICE, "nobody", HOLD_ENGINEER, w->now));
	free_world(w);
}

static int64_t window_starts;

static struct poll_report
in_the_window(struct world *w, int device)
{
	/* 06:00-08:00 UTC, and not during the blackout; a poll takes ten seconds at most. */
	int64_t began = w->now.wall - 10, minute = began / 60 % 1440;

	(void)device;
	assert_in_range(minute, 6 * 60 - 1, 8 * 60);
	assert_false(
	    began >= w->config.blackouts[0].from && began + 10 < w->config.blackouts[0].to);
	window_starts++;
	return (struct poll_report){ .outcome = OUTCOME_COMPLETE };
}

static void
windows_and_blackouts_hold(void **state)
{
	struct world *w = make_world(12, 300);
	struct week week;
	const struct device *all[13] = { NULL };
	struct blackout blackout = {
		.name = "freeze", .zone = &w->zone, .devices = all, .n_devices = 12
	};

	(void)state;
	assert_int_equal(week_parse(text_of("06:00-08:00"), &week, NULL), 0);
	for (int i = 0; i < 12; i++) {
		w->tables[i].window = &week;
		all[i] = &w->devices[i];
	}
	blackout.from = w->now.wall + 3 * 86400;
	blackout.to = blackout.from + 2 * 86400;
	w->config.blackouts = &blackout;
	w->config.n_blackouts = 1;
	plan_replace(w->plan, &w->config, w->now);
	(void)run(w, 10 * 86400, in_the_window);
	/* Eight mornings of 24 slots. */
	assert_in_range(window_starts, 12 * 8 * 23, 12 * 8 * 24 + 12);
	free_world(w);
}

static void
neighbours_are_asked_for_with_sessions(void **state)
{
	struct world *w = make_world(1, 300);
	struct timetable tables = { .name = "tables",
		.every = 3600,
		.jitter = 60,
		.priority = 5,
		.neighbours = true,
		.zone = &w->zone };
	int with = 0, polls = 0;
	struct errand v;

	(void)state;
	w->lists[0][1] = &tables;
	plan_replace(w->plan, &w->config, w->now);
	for (int64_t i = 0; i < 86400; i++) {
		if (plan_take(w->plan, w->now, &v)) {
			struct poll_report r = { .outcome = OUTCOME_COMPLETE };

			assert_true(v.sessions);
			with += v.neighbours;
			polls++;
			advance(w, 1000);
			(void)plan_ended(w->plan, v.entry, &r, w->now);
		}
		advance(w, 1000);
	}
	assert_in_range(with, 23, 25);
	assert_in_range(polls, 286, 289);
	free_world(w);
}

static void
urgent_ones_go_first_and_only_when_they_may(void **state)
{
	struct world *w = make_world(DEVICES, 300);
	struct entry *e = plan_at(w->plan, 7);
	struct poll_report r = { .outcome = OUTCOME_COMPLETE };
	struct errand v;
	char why[160];

	(void)state;
	assert_true(plan_want(w->plan, e, w->now, why));
	assert_true(plan_take(w->plan, w->now, &v));
	assert_ptr_equal(v.entry, e);
	assert_false(plan_want(w->plan, e, w->now, why));
	assert_non_null(strstr(why, "runs"));
	advance(w, 2000);
	(void)plan_ended(w->plan, e, &r, w->now);
	assert_false(plan_want(w->plan, e, w->now, why));
	assert_non_null(strstr(why, "again in 58 s"));
	assert_true(plan_hold(w->plan, HOLD_PLATFORM, "cisco_ios", HOLD_ENGINEER, w->now));
	advance(w, 60000);
	assert_false(plan_want(w->plan, e, w->now, why));
	assert_non_null(strstr(why, "held (platform: engineer)"));
	free_world(w);
}

static void
a_poll_knows_how_late_it_is(void **state)
{
	struct world *w = make_world(2, 300);
	struct errand v;
	int64_t at;

	(void)state;
	w->config.jobs = 1;
	at = plan_at(w->plan, 0)->at > plan_at(w->plan, 1)->at ? plan_at(w->plan, 0)->at
							       : plan_at(w->plan, 1)->at;
	w->now.mono_ms += (at - w->now.wall) * 1000 + 700; /* both are due, and one must wait */
	w->now.wall = at;
	assert_true(plan_take(w->plan, w->now, &v));
	assert_false(plan_take(w->plan, w->now, &(struct errand){ 0 }));
	advance(w, 2500);
	w->running[0].entry = v.entry;
	w->running[0].ends_ms = 0;
	w->n_running = 1;
	(void)end_polls(w, healthy);
	assert_true(plan_take(w->plan, w->now, &v));
	assert_in_range(v.entry->late_ms, 2500, 2500 + 300000);
	free_world(w);
}

/* One schedule of all devices, with room for what is adaptive. */
static void
be_adaptive(struct world *w, int n, uint32_t least, uint32_t most)
{
	w->tables[0].least = least;
	w->tables[0].most = most;
	w->tables[0].jitter = least / 10;
	w->config.timetables = w->tables;
	w->config.n_timetables = 1;
	for (int i = 0; i < n; i++)
		w->lists[i][0] = &w->tables[0];
	w->finds = true;
	plan_replace(w->plan, &w->config, w->now);
}

/* Every bound of begin() holds, and the logins are no more than with fixed intervals. */
static void
adaptive_intervals_keep_every_bound(void **state)
{
	enum { DAYS = 10, N = 12 };
	struct world *w = make_world(N, 300);
	char why[200];

	(void)state;
	be_adaptive(w, N, 60, 1800);
	(void)run(w, DAYS * 86400, healthy);
	assert_in_range(w->polls, N * DAYS * 288 * 85 / 100, N * DAYS * 288 + N);
	/* 2,048 sessions at a time against one. */
	assert_true(w->starts[N - 1] > 4 * w->starts[0]);
	assert_in_range(w->starts[0], DAYS * 48 * 98 / 100, DAYS * 48 * 110 / 100);
	plan_explain_interval(plan_at(w->plan, N - 1), why);
	assert_non_null(strstr(why, "new sessions a poll"));
	assert_non_null(strstr(why, "5m on average, 1m to 30m"));
	/* A reload keeps what is known, a restart knows nothing and begins with `every`. */
	assert_true(plan_every(plan_at(w->plan, 0)) == 1800);
	plan_replace(w->plan, &w->config, w->now);
	assert_true(plan_every(plan_at(w->plan, 0)) == 1800);
	plan_free(w->plan);
	w->plan = plan_new(&w->config, w->now);
	assert_int_equal(plan_every(plan_at(w->plan, 0)), 300);
	free_world(w);
}

static void
intervals_follow_what_polls_find(void **state)
{
	enum { N = 50 };
	struct churn churns[N] = { { 0 } };
	struct adapted all[N];
	double polls = 0;

	(void)state;
	for (int i = 0; i < N; i++)
		all[i].churn = &churns[i];
	adapt(all, N, 300, 60, 1800);
	for (int i = 0; i < N; i++)
		assert_int_equal(all[i].every, 300); /* nothing is known */
	for (int i = 0; i < N; i++)
		for (int k = 0; k < 20; k++)
			churn_add(&churns[i], 1000 + 300 * k, 40, k > 1 ? 10 : 0);
	adapt(all, N, 300, 60, 1800);
	for (int i = 0; i < N; i++)
		assert_int_equal(all[i].every, 300); /* all are alike */
	for (int i = 0; i < N; i++)
		for (int k = 20; k < 60; k++)
			churn_add(&churns[i], 1000 + 300 * k, (uint64_t)i * i, (uint64_t)i * i / 4);
	adapt(all, N, 300, 60, 1800);
	for (int i = 0; i < N; i++) {
		polls += 1.0 / all[i].every;
		assert_in_range(all[i].every, 60, 1800);
		if (i > 0)
			assert_true(all[i].every <= all[i - 1].every);
	}
	assert_true(polls <= N / 300.0 * 1.000001);
	assert_true(polls > N / 300.0 * 0.9);
	assert_int_equal(all[0].every, 1800);
	assert_true(all[N - 1].every < 300);
	/* Of a first table nobody knows what is new, so what of it is gone does not count either.
	 */
	churns[0] = (struct churn){ 0 };
	churn_add(&churns[0], 1000, 5000, 0);
	churn_add(&churns[0], 1300, 20, 4000);
	churn_add(&churns[0], 1600, 20, 5);
	assert_true(churns[0].once == 5 && churns[0].before == 20);
	assert_false(churn_known(&churns[0]));
	for (int k = 2; k < 60; k++)
		churn_add(&churns[0], 1000 + 300 * (k + 1), 0, 0);
	/* What was not whole says nothing of the time after it. */
	churn_break(&churns[0]);
	churn_add(&churns[0], 1 << 20, 1000000, 1000000);
	adapt(all, N, 300, 60, 1800);
	assert_int_equal(all[0].every, 1800);
	/* Numbers that no device has do no harm. */
	for (int i = 0; i < N; i++)
		churn_add(&churns[i], INT64_MAX - N + i, UINT64_MAX, i % 2 ? UINT64_MAX : 0);
	adapt(all, N, 300, 60, 1800);
	for (int i = 0; i < N; i++)
		assert_in_range(all[i].every, 60, 1800);
}

static void
a_reload_keeps_what_is_known(void **state)
{
	struct world *w = make_world(12, 300), *fewer;
	struct poll_report r = { .outcome = OUTCOME_COMPLETE };
	struct errand v;

	(void)state;
	(void)run(w, 3600, refused);
	while (!plan_take(w->plan, w->now, &v))
		advance(w, 1000);
	/* The device that is polled leaves, and so does its configuration. */
	fewer = make_world(12, 600);
	fewer->devices[index_of(w, v.entry)].disabled = true;
	plan_replace(w->plan, &fewer->config, w->now);
	assert_int_equal(plan_count(w->plan), 11);
	assert_null(v.entry->device);
	assert_int_equal(plan_ended(w->plan, v.entry, &r, w->now), 0);
	if (plan_find(w->plan, "d000"))
		assert_int_equal(plan_find(w->plan, "d000")->hold, HOLD_AUTH);
	plan_free(w->plan);
	w->plan = fewer->plan;
	free(w);
	free_world(fewer);
}

static char said[2][400];
static int n_said;

static void
hear(const char *sentence, void *arg)
{
	(void)arg;
	(void)snprintf(said[n_said++ % 2], sizeof(said[0]), "%s", sentence);
}

static void
what_cannot_work_is_said_with_numbers(void **state)
{
	struct world *w = make_world(DEVICES, 60);

	(void)state;
	assert_int_equal(plan_check(&w->config, hear, NULL), 0);
	for (int i = 0; i < DEVICES; i++)
		w->devices[i].every = 60;
	w->config.logins_per_second = 0;
	w->devices[0].every = 30;
	assert_int_equal(plan_check(&w->config, hear, NULL), 2);
	assert_string_equal(said[0],
	    "d000 is to be polled every 30s, limits.min_interval is 1m: make the one longer or the "
	    "other shorter");
	assert_non_null(strstr(said[1], "40 devices need 0.7 logins a second"));
	assert_non_null(strstr(said[1], "set it to 1"));
	free_world(w);
}

/* A daemon that holds its only device waits for a release; a plan by hand has an end. */
static void
a_schedule_is_never_done(void **state)
{
	struct world *w = make_world(1, 300), *empty = make_world(0, 300);
	const struct device *none[] = { NULL };
	struct plan *by_hand = plan_by_hand(&w->config, none, w->now);

	(void)state;
	assert_true(plan_hold(w->plan, HOLD_DEVICE, "d000", HOLD_ENGINEER, w->now));
	assert_int_equal(plan_at(w->plan, 0)->at, PLAN_NEVER);
	assert_false(plan_done(w->plan));
	assert_false(plan_done(empty->plan));
	assert_true(plan_done(by_hand));
	plan_free(by_hand);
	free_world(w);
	free_world(empty);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_year_keeps_every_bound),
		cmocka_unit_test(a_plan_that_is_too_much_is_late_not_wild),
		cmocka_unit_test(clocks_that_jump_make_no_bunch_and_no_hole),
		cmocka_unit_test(a_restart_goes_on_where_it_was),
		cmocka_unit_test(a_dead_device_is_left_alone_and_tried),
		cmocka_unit_test(a_refused_login_is_not_tried_again),
		cmocka_unit_test(a_changed_key_is_not_contacted_again),
		cmocka_unit_test(a_platform_that_falls_over_is_held),
		cmocka_unit_test(holding_all_stops_and_releasing_makes_no_bunch),
		cmocka_unit_test(windows_and_blackouts_hold),
		cmocka_unit_test(neighbours_are_asked_for_with_sessions),
		cmocka_unit_test(urgent_ones_go_first_and_only_when_they_may),
		cmocka_unit_test(a_poll_knows_how_late_it_is),
		cmocka_unit_test(adaptive_intervals_keep_every_bound),
		cmocka_unit_test(intervals_follow_what_polls_find),
		cmocka_unit_test(a_reload_keeps_what_is_known),
		cmocka_unit_test(what_cannot_work_is_said_with_numbers),
		cmocka_unit_test(a_schedule_is_never_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
