/* When a schedule wants a device: grid, windows, blackouts. */
#include <stdlib.h>

#include "poller/plan.h"

enum { TRIES = 200 }; /* windows and blackouts that close on each other for longer never open */

static uint64_t
mix(uint64_t a, uint64_t b)
{
	a ^= b + UINT64_C(0x9e3779b97f4a7c15) + (a << 6) + (a >> 2);
	a *= UINT64_C(0xbf58476d1ce4e5b9);
	return a ^ a >> 31;
}

/* Of the device on this schedule: where on the grid it stands, and how late each time. */
static uint64_t
hash_of(const struct device *d, const struct timetable *t)
{
	return mix(text_hash(text_of(d->name)), text_hash(text_of(t->name)));
}

static int64_t
jitter(const struct timetable *t, uint64_t hash, int64_t nth)
{
	return (int64_t)(mix(hash, (uint64_t)nth) % ((uint64_t)t->jitter + 1));
}

static int64_t
next_of_interval(const struct timetable *t, int64_t every, uint64_t hash, int64_t after)
{
	int64_t phase = (int64_t)(hash % (uint64_t)every);
	int64_t k = (after - phase - t->jitter) / every - 1;
	int64_t at;

	do {
		k++;
		at = k * every + phase + jitter(t, hash, k);
	} while (at <= after);
	return at;
}

/* A minute of cron is everybody's: what spreads the devices is the jitter alone. */
static int64_t
next_of_cron(const struct timetable *t, uint64_t hash, int64_t after)
{
	int64_t from = after - t->jitter, at;

	for (;;) {
		int64_t minute = cron_next(t->cron, t->zone, from);

		if (minute < 0)
			return PLAN_NEVER;
		at = minute + jitter(t, hash, minute);
		if (at > after)
			return at;
		from = minute;
	}
}

static int
compare_place(const void *device, const void *listed)
{
	const struct device *other = *(const struct device *const *)listed;

	return device == other ? 0 : (const struct device *)device < other ? -1 : 1;
}

/* A blackout may name ten thousand, and is asked about for every one that waits. */
static bool
names(const struct blackout *b, const struct device *d)
{
	return bsearch(d, b->devices, b->n_devices, sizeof(*b->devices), compare_place) != NULL;
}

/* When the blackout that holds at `at` is over; `at` when it does not hold. */
static int64_t
over(const struct blackout *b, int64_t at)
{
	if (b->window)
		return week_next(b->window, b->zone, at, false);
	return at >= b->from && at < b->to ? b->to : at;
}

int64_t
due_allowed(const struct config *c, const struct device *d, const struct timetable *t, int64_t at)
{
	for (int tries = 0; tries < TRIES; tries++) {
		int64_t first = at;

		if (t && t->window)
			at = week_next(t->window, t->zone, at, true);
		for (size_t i = 0; i < c->n_blackouts && at >= 0; i++)
			if (names(&c->blackouts[i], d))
				at = over(&c->blackouts[i], at);
		if (at == first)
			return at;
		if (at < 0)
			break;
	}
	return PLAN_NEVER;
}

int64_t
due_next(const struct config *c, const struct device *d, const struct timetable *t, uint32_t every,
    int64_t after)
{
	uint64_t hash = hash_of(d, t);

	for (int tries = 0; tries < TRIES; tries++) {
		int64_t at = t->cron ? next_of_cron(t, hash, after)
				     : next_of_interval(t, every, hash, after);
		int64_t allowed = at == PLAN_NEVER ? at : due_allowed(c, d, t, at);

		if (allowed == at || allowed == PLAN_NEVER)
			return allowed;
		after = allowed - 1;
	}
	return PLAN_NEVER;
}
