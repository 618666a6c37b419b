/* A plan is made, changed, held and told. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "poller/plan_state.h"

const char *
hold_name(enum hold h)
{
	static const char *const names[] = { "none", "engineer", "authentication", "host key",
		"breaker" };

	return names[h];
}

const char *
hold_on_name(enum hold_on on)
{
	static const char *const names[] = { "device", "credential", "platform", "all" };

	return names[on];
}

/* --- budgets ---------------------------------------------------------------------------------- */

static struct budget *
budget_of(struct budget **all, const char *name)
{
	struct budget *b = *all;

	while (b && strcmp(b->name, name) != 0)
		b = b->next;
	if (!b) {
		b = mem_alloc(1, sizeof(*b));
		(void)text_copy(text_of(name), b->name, sizeof(b->name));
		b->next = *all;
		*all = b;
	}
	return b;
}

static void
free_budgets(struct budget *b)
{
	while (b) {
		struct budget *next = b->next;

		free(b);
		b = next;
	}
}

void
plan_attach(struct plan *p, struct entry *e)
{
	const struct device *d = e->device;

	e->site = budget_of(&p->sites, d->site);
	e->account = d->credential ? budget_of(&p->accounts, d->credential->name) : NULL;
	e->family = budget_of(&p->families, d->driver->name);
}

/* --- made and unmade -------------------------------------------------------------------------- */

static void
free_entries(struct entry **list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i]->last);
		free(list[i]);
	}
	free(list);
}

void
plan_free(struct plan *p)
{
	if (!p)
		return;
	free_entries(p->entries, p->n);
	free_entries(p->gone, p->n_gone);
	free(p->heap);
	free(p->ready);
	free_budgets(p->sites);
	free_budgets(p->accounts);
	free_budgets(p->families);
	free(p);
}

static struct plan *
empty(const struct config *c, struct moment now)
{
	struct plan *p = mem_alloc(1, sizeof(*p));

	p->config = c;
	p->clocks = now.wall - now.mono_ms / 1000;
	p->all.tokens = c->logins_per_second; /* what its bucket holds is found when one is taken */
	p->all.refilled_ms = now.mono_ms;
	return p;
}

/* Room for so many entries. */
static void
make_room(struct plan *p, size_t n)
{
	p->heap = mem_grow(p->heap, n + 1, sizeof(struct entry *));
	p->ready = mem_grow(p->ready, n + 1, sizeof(struct entry *));
}

static void
set_device(struct plan *p, struct entry *e, const struct device *d)
{
	e->device = d;
	e->n_due = 0;
	while (d->timetables && d->timetables[e->n_due]) {
		e->due[e->n_due] = (struct due){ .timetable = d->timetables[e->n_due],
			.every = d->timetables[e->n_due]->every };
		e->n_due++;
	}
	if (!e->running)
		plan_attach(p, e);
}

static bool
is_scheduled(const struct device *d)
{
	return !d->disabled && d->timetables;
}

/* The entry of the device among those of the plan before, taken out of there; or a new one. */
static struct entry *
inherit(struct entry **old, size_t n_old, size_t *at, const struct device *d)
{
	while (*at < n_old && strcmp(old[*at]->device->name, d->name) < 0)
		(*at)++;
	if (*at < n_old && strcmp(old[*at]->device->name, d->name) == 0) {
		struct entry *e = old[*at];

		old[(*at)++] = NULL;
		return e;
	}
	return mem_alloc(1, sizeof(struct entry));
}

/* What no device of the new configuration wanted: it goes, or first ends its poll. */
static void
leave(struct plan *p, struct entry **old, size_t n_old)
{
	for (size_t i = 0; i < n_old; i++) {
		if (!old[i])
			continue;
		old[i]->device = NULL;
		if (old[i]->running) {
			p->gone = mem_grow(p->gone, p->n_gone + 1, sizeof(*p->gone));
			p->gone[p->n_gone++] = old[i];
		} else {
			free(old[i]->last);
			free(old[i]);
		}
	}
	free(old);
}

void
plan_replace(struct plan *p, const struct config *c, struct moment now)
{
	struct entry **old = p->entries;
	size_t n_old = p->n, at = 0;

	p->config = c;
	p->entries = mem_alloc(c->n_devices + 1, sizeof(*p->entries));
	p->n = 0;
	make_room(p, c->n_devices);
	for (size_t i = 0; i < c->n_devices; i++) {
		struct entry *e;

		if (!is_scheduled(&c->devices[i]))
			continue;
		e = inherit(old, n_old, &at, &c->devices[i]);
		set_device(p, e, &c->devices[i]);
		p->entries[p->n++] = e;
	}
	leave(p, old, n_old);
	p->adapted_ms = 0;
	plan_adapt(p, now);
	for (size_t i = 0; i < p->n; i++)
		plan_restart(p, p->entries[i], now.wall);
	p->stale = true;
}

struct plan *
plan_new(const struct config *c, struct moment now)
{
	struct plan *p = empty(c, now);

	plan_replace(p, c, now);
	return p;
}

struct plan *
plan_by_hand(const struct config *c, const struct device *const *devices, struct moment now)
{
	struct plan *p = empty(c, now);
	size_t n = 0;

	while (devices[n])
		n++;
	p->by_hand = true;
	p->entries = mem_alloc(n + 1, sizeof(*p->entries));
	make_room(p, n);
	for (; p->n < n; p->n++) {
		struct entry *e = p->entries[p->n] = mem_alloc(1, sizeof(*e));

		e->device = devices[p->n];
		plan_attach(p, e);
	}
	plan_want_all(p);
	return p;
}

void
plan_want_all(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		p->entries[i]->wanted = true;
		plan_set_moments(p, p->entries[i], 0);
	}
	p->stale = true;
}

void
plan_drop(struct plan *p, struct entry *e)
{
	e->wanted = false;
	plan_set_moments(p, e, 0);
	p->stale = true;
}

void
plan_recall(
    struct plan *p, const char *device, int64_t started, unsigned failures, struct moment now)
{
	struct entry *e = plan_find(p, device);
	int64_t left;

	if (!e || p->by_hand)
		return;
	e->started = started < now.wall ? started : now.wall;
	e->failures = failures;
	left = p->config->min_interval - (now.wall - e->started);
	if (left > 0)
		e->earliest_ms = now.mono_ms + left * 1000;
	plan_restart(p, e, now.wall);
	p->stale = true;
}

/* --- held and wanted -------------------------------------------------------------------------- */

static struct budget *
find_budget(struct budget *b, const char *name)
{
	while (b && strcmp(b->name, name) != 0)
		b = b->next;
	return b;
}

static bool
hold_budget(struct plan *p, struct budget *b, enum hold hold, int64_t wall)
{
	if (!b)
		return false;
	b->hold = hold;
	if (hold != HOLD_NONE)
		return true;
	b->failures = 0;
	/* Nobody makes up for what was missed. */
	for (size_t i = 0; i < p->n; i++)
		if (!p->entries[i]->running)
			plan_restart(p, p->entries[i], wall);
	p->stale = true;
	return true;
}

static bool
hold_device(struct plan *p, const char *name, enum hold hold, int64_t wall)
{
	struct entry *e = plan_find(p, name);

	if (!e)
		return false;
	e->hold = hold;
	if (hold == HOLD_NONE)
		e->failures = 0;
	plan_restart(p, e, wall);
	p->stale = true;
	return true;
}

bool
plan_hold(struct plan *p, enum hold_on on, const char *name, enum hold hold, struct moment now)
{
	switch (on) {
	case HOLD_DEVICE: return hold_device(p, name, hold, now.wall);
	case HOLD_CREDENTIAL: return hold_budget(p, find_budget(p->accounts, name), hold, now.wall);
	case HOLD_PLATFORM: return hold_budget(p, find_budget(p->families, name), hold, now.wall);
	case HOLD_ALL: return hold_budget(p, &p->all, hold, now.wall);
	}
	return false;
}

bool
plan_want(struct plan *p, struct entry *e, struct moment now, char why[static 160])
{
	enum hold_on on;
	enum hold hold = plan_held(p, e, &on);
	int64_t allowed = due_allowed(p->config, e->device, NULL, now.wall);

	if (hold != HOLD_NONE)
		(void)snprintf(
		    why, 160, "held (%s: %s); gatebook release", hold_on_name(on), hold_name(hold));
	else if (e->running)
		(void)snprintf(why, 160, "a poll of it runs");
	else if (allowed != now.wall)
		(void)snprintf(why, 160, "a blackout holds");
	else if (now.mono_ms < e->earliest_ms)
		(void)snprintf(why, 160,
		    "polled just now: again in %" PRId64 " s (limits.min_interval)",
		    (e->earliest_ms - now.mono_ms + 999) / 1000);
	else {
		e->wanted = true;
		plan_set_moments(p, e, now.wall);
		p->stale = true;
		return true;
	}
	return false;
}

/* --- told ------------------------------------------------------------------------------------- */

void
plan_explain(const struct plan *p, const struct entry *e, struct moment now, char out[static 300])
{
	enum hold_on on;
	enum hold hold = plan_held(p, e, &on);
	int64_t early = (e->earliest_ms - now.mono_ms) / 1000;

	if (e->running)
		(void)snprintf(out, 300, "running");
	else if (hold != HOLD_NONE)
		(void)snprintf(out, 300, "held (%s: %s)", hold_on_name(on), hold_name(hold));
	else if (e->at == PLAN_NEVER)
		(void)snprintf(out, 300, "never: its windows and blackouts leave no time");
	else if (e->at > now.wall && e->failures > 0)
		(void)snprintf(
		    out, 300, "no answer %u times in a row: left alone for now", e->failures);
	else if (e->at > now.wall)
		(void)snprintf(out, 300, "its moment has not come");
	else if (early > 0)
		(void)snprintf(out, 300, "polled just now: again in %" PRId64 " s", early);
	else if (e->device->site[0] && e->site->in_flight >= p->config->site_jobs)
		(void)snprintf(out, 300, "waits: %u polls of site %s run (limits.site_jobs)",
		    e->site->in_flight, e->device->site);
	else
		(void)snprintf(out, 300,
		    "waits for its turn: %u polls run (limits.jobs %u, "
		    "logins_per_second %u)",
		    p->logins_in_flight + p->agents_in_flight, p->config->jobs,
		    p->config->logins_per_second);
}

size_t
plan_count(const struct plan *p)
{
	return p->n;
}

struct entry *
plan_at(const struct plan *p, size_t i)
{
	return p->entries[i];
}

static int
compare_name(const void *name, const void *entry)
{
	return strcmp(name, (*(struct entry *const *)entry)->device->name);
}

struct entry *
plan_find(const struct plan *p, const char *device)
{
	struct entry **found = bsearch(device, p->entries, p->n, sizeof(*p->entries), compare_name);

	return found ? *found : NULL;
}

size_t
plan_in_flight(const struct plan *p)
{
	return p->logins_in_flight + p->agents_in_flight;
}

bool
plan_done(const struct plan *p)
{
	/* What is held, or has no device yet, may be released or loaded: a schedule has no end. */
	if (!p->by_hand)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (p->entries[i]->running || p->entries[i]->at != PLAN_NEVER)
			return false;
	return true;
}
