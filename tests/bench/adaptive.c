/* Adaptive intervals against fixed ones at the same number of polls: the plan itself, a clock that
 * is moved, and devices whose traffic is known. Sessions begin at random (Poisson), last for
 * lognormal times, and are of one of 40 hosts with one of 4,000 outside addresses, some of them far
 * more often than others. Prints a markdown table. */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "poller/plan.h"

enum {
	DEVICES = 100,
	HOURS = 24,
	EVERY = 300,
	LEAST = 60,
	MOST = 1800,
	HOSTS = 40,
	OUTSIDE = 4000,
	PAIRS = HOSTS * OUTSIDE,
	BEGIN = 1795580160 /* seconds since 1970 */
};

struct talk {
	double begins, ends;
	uint32_t pair;
	uint32_t seen;
};

struct site {
	struct talk *talks; /* by begin */
	size_t n, next;
	struct talk **open;
	size_t n_open;
	unsigned char *was, *found; /* pairs */
};

struct result {
	double pairs, sessions;
	unsigned long polls;
};

/* --- traffic ---------------------------------------------------------------------------------- */

static uint64_t dice;

static double
chance(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return ((double)(dice >> 11) + 0.5) / (double)(UINT64_C(1) << 53);
}

static double
lognormal(double median, double sigma)
{
	return median * exp(sigma * sqrt(-2 * log(chance())) * cos(2 * M_PI * chance()));
}

/* Sessions of one device; `rate` a second. */
static void
make_site(struct site *s, double rate, double median)
{
	double now = 0, end = HOURS * 3600.0;
	size_t room = (size_t)(rate * end * 1.5) + 100;

	s->talks = mem_alloc(room, sizeof(*s->talks));
	s->open = mem_alloc(room, sizeof(struct talk *));
	s->was = mem_alloc(PAIRS, 1);
	s->found = mem_alloc(PAIRS, 1);
	while ((now -= log(chance()) / rate) < end && s->n < room) {
		uint32_t outside = (uint32_t)(pow(chance(), 3) * OUTSIDE);
		uint32_t host = (uint32_t)(chance() * HOSTS);

		s->talks[s->n] = (struct talk){ .begins = now,
			.ends = now + lognormal(median, 1.5),
			.pair = host * OUTSIDE + outside };
		s->was[s->talks[s->n++].pair] = 1;
	}
}

static void
forget(struct site *s)
{
	s->next = s->n_open = 0;
	memset(s->found, 0, PAIRS);
	for (size_t i = 0; i < s->n; i++)
		s->talks[i].seen = 0;
}

/* What is there is seen; of what is gone, what one poll saw is counted. */
static void
look(struct site *s, double now, uint64_t *opened, uint64_t *once)
{
	size_t kept = 0;

	*opened = *once = 0;
	while (s->next < s->n && s->talks[s->next].begins <= now)
		s->open[s->n_open++] = &s->talks[s->next++];
	for (size_t i = 0; i < s->n_open; i++) {
		struct talk *t = s->open[i];

		if (t->ends < now) {
			*once += t->seen == 1;
			continue;
		}
		*opened += t->seen++ == 0;
		s->found[t->pair] = 1;
		s->open[kept++] = t;
	}
	s->n_open = kept;
}

/* --- a day ------------------------------------------------------------------------------------ */

static void
run_day(struct plan *plan, struct site *sites, const struct device *devices, struct result *r)
{
	struct moment now = { .wall = BEGIN, .mono_ms = 1000 };
	struct errand v;

	for (; now.wall < BEGIN + HOURS * 3600; now.wall++, now.mono_ms += 1000) {
		while (plan_take(plan, now, &v)) {
			struct poll_report report = { .outcome = OUTCOME_COMPLETE,
				.asked = now.wall };
			uint64_t opened, once;

			look(&sites[v.entry->device - devices], (double)(now.wall - BEGIN), &opened,
			    &once);
			plan_found(v.entry, &report, opened, once);
			(void)plan_ended(plan, v.entry, &report, now);
			r->polls++;
		}
	}
}

static struct result
count(const struct site *sites)
{
	struct result r = { 0 };
	double was = 0, found = 0, all = 0, seen = 0;

	for (int d = 0; d < DEVICES; d++) {
		for (int i = 0; i < PAIRS; i++) {
			was += sites[d].was[i];
			found += sites[d].found[i];
		}
		for (size_t i = 0; i < sites[d].n; i++)
			seen += sites[d].talks[i].seen > 0;
		all += (double)sites[d].n;
	}
	r.pairs = found / was;
	r.sessions = seen / all;
	return r;
}

/* A day with this timetable for all. */
static struct result
try_schedule(struct site *sites, bool adaptive)
{
	static const struct driver driver = { .name = "linux" };
	static const struct credential credential = { .name = "ro", .user = "u" };
	static const char *const no_tags[] = { NULL };
	static char names[DEVICES][16];
	struct zone zone = { .name = "UTC" };
	struct timetable t = { .name = "all",
		.every = EVERY,
		.least = adaptive ? LEAST : 0,
		.most = adaptive ? MOST : 0,
		.jitter = 6,
		.sessions = true,
		.zone = &zone };
	struct timetable *list[] = { &t, NULL };
	struct device *devices = mem_alloc(DEVICES, sizeof(*devices));
	struct config c = { .jobs = 1000,
		.site_jobs = 1000,
		.min_interval = LEAST,
		.devices = devices,
		.n_devices = DEVICES,
		.zone = &zone,
		.timetables = &t,
		.n_timetables = 1 };
	struct result r = { 0 }, counted;
	struct plan *plan;

	for (int i = 0; i < DEVICES; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "d%04d", i);
		devices[i] = (struct device){ .name = names[i],
			.host = "192.0.2.1",
			.site = "",
			.transport = "ssh",
			.driver = &driver,
			.credential = &credential,
			.tags = no_tags,
			.every = EVERY,
			.timetables = list };
		forget(&sites[i]);
	}
	plan = plan_new(&c, (struct moment){ .wall = BEGIN, .mono_ms = 1000 });
	run_day(plan, sites, devices, &r);
	plan_free(plan);
	free(devices);
	counted = count(sites);
	counted.polls = r.polls;
	return counted;
}

static void
compare(double factor, double median)
{
	struct site *sites = mem_alloc(DEVICES, sizeof(*sites));
	struct result fixed, adaptive;

	dice = UINT64_C(88172645463325252);
	for (int i = 0; i < DEVICES; i++) /* rates from 0.2 down to 0.2 / factor a second */
		make_site(&sites[i], 0.2 * pow(factor, -(double)i / (DEVICES - 1)), median);
	fixed = try_schedule(sites, false);
	adaptive = try_schedule(sites, true);
	(void)printf(
	    "| %.0f | %.0f s | %lu | %lu | %.1f %% | **%.1f %%** | %.1f %% | **%.1f %%** |\n",
	    factor, median, fixed.polls, adaptive.polls, 100 * fixed.pairs, 100 * adaptive.pairs,
	    100 * fixed.sessions, 100 * adaptive.sessions);
	for (int i = 0; i < DEVICES; i++) {
		free(sites[i].talks);
		free(sites[i].open);
		free(sites[i].was);
		free(sites[i].found);
	}
	free(sites);
}

int
main(void)
{
	static const double factors[] = { 1, 10, 100 }, medians[] = { 10, 60, 300 };

	(void)printf("%d devices for %d hours, `every: %dm` against the same with `adaptive: "
		     "{least: %dm, most: %dm}`; rates of sessions "
		     "differ by the factor, lengths are lognormal (sigma 1.5).\n\n",
	    DEVICES, HOURS, EVERY / 60, LEAST / 60, MOST / 60);
	(void)printf("| rates differ by | median length | polls, fixed | polls, adaptive | (host, "
		     "outside) pairs found, fixed | adaptive | "
		     "sessions seen, fixed | adaptive |\n|---|---|---|---|---|---|---|---|\n");
	for (size_t f = 0; f < sizeof(factors) / sizeof(factors[0]); f++)
		for (size_t m = 0; m < sizeof(medians) / sizeof(medians[0]); m++)
			compare(factors[f], medians[m]);
	return 0;
}
