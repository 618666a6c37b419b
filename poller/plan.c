#include <stdlib.h>
#include <string.h>

#include "poller/plan_state.h"

enum {
	JUMP_S = 30,       /* the wall clock was set, or the machine slept: more is no drift */
	SUSPECTS = 2,      /* devices of a platform that go away when polled, before it is held */
	SUSPECT_S = 86400, /* within so long */
	SLOW_SHARE = 4     /* a fourth of the polls in flight for devices that do not answer */
};

/* --- queues ----------------------------------------------------------------------------------- */

static void
heap_push(struct plan *p, struct entry *e)
{
	size_t i = p->n_heap++;

	for (; i > 0 && p->heap[(i - 1) / 2]->at > e->at; i = (i - 1) / 2)
		p->heap[i] = p->heap[(i - 1) / 2];
	p->heap[i] = e;
}

static struct entry *
heap_pop(struct plan *p)
{
	struct entry *first = p->heap[0], *last = p->heap[--p->n_heap];
	size_t i = 0, child;

	for (; (child = 2 * i + 1) < p->n_heap; i = child) {
		if (child + 1 < p->n_heap && p->heap[child + 1]->at < p->heap[child]->at)
			child++;
		if (p->heap[child]->at >= last->at)
			break;
		p->heap[i] = p->heap[child];
	}
	p->heap[i] = last;
	return first;
}

static unsigned
priority_of(const struct entry *e)
{
	unsigned priority = 0;

	for (int i = 0; i < e->n_due; i++)
		if (e->due[i].at <= e->at && e->due[i].timetable->priority > priority)
			priority = e->due[i].timetable->priority;
	return e->wanted ? 10 : priority;
}

static bool
goes_before(const struct entry *a, const struct entry *b)
{
	unsigned pa = priority_of(a), pb = priority_of(b);

	return pa != pb ? pa > pb : a->at < b->at;
}

static void
ready_insert(struct plan *p, struct entry *e, struct moment now)
{
	size_t low = 0, high = p->n_ready;

	e->due_ms = now.mono_ms - (e->wanted ? 0 : (now.wall - e->at) * 1000);
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (goes_before(e, p->ready[middle]))
			high = middle;
		else
			low = middle + 1;
	}
	memmove(p->ready + low + 1, p->ready + low, (p->n_ready - low) * sizeof(*p->ready));
	p->ready[low] = e;
	p->n_ready++;
	e->waiting = true;
}

static void
ready_remove(struct plan *p, size_t i)
{
	p->ready[i]->waiting = false;
	p->n_ready--;
	memmove(p->ready + i, p->ready + i + 1, (p->n_ready - i) * sizeof(*p->ready));
}

/* Queues every entry anew. */
static void
requeue(struct plan *p)
{
	p->stale = false;
	p->n_heap = p->n_ready = 0;
	for (size_t i = 0; i < p->n; i++) {
		p->entries[i]->waiting = false;
		if (!p->entries[i]->running)
			heap_push(p, p->entries[i]);
	}
}

/* --- moments ---------------------------------------------------------------------------------- */

static bool
asks_sessions(const struct entry *e)
{
	for (int i = 0; i < e->n_due; i++)
		if (e->due[i].timetable->sessions)
			return true;
	return false;
}

/* Neighbours are asked for with sessions where there are any: no login is made for them alone. */
static void
find_moment(struct entry *e)
{
	bool sessions = asks_sessions(e);

	e->at = PLAN_NEVER;
	for (int i = 0; i < e->n_due; i++)
		if ((!sessions || e->due[i].timetable->sessions) && e->due[i].at < e->at)
			e->at = e->due[i].at;
	if (e->hold != HOLD_NONE)
		e->at = PLAN_NEVER;
	else if (e->wanted)
		e->at = 0;
}

/* A device that does not answer is left alone for 1, 2, 4 ... intervals. */
void
plan_set_moments(const struct plan *p, struct entry *e, int64_t wall)
{
	int64_t waits = 1;

	for (unsigned i = 1; i < e->failures && waits < LIMIT_BACK_OFF; i++)
		waits *= 2;

	for (int i = 0; i < e->n_due; i++) {
		const struct timetable *t = e->due[i].timetable;
		int64_t after = e->started + (waits - 1) * e->due[i].every + e->due[i].every / 2;

		if (e->due[i].at > wall && e->failures == 0)
			continue;
		if (after < wall || e->started > wall)
			after = wall;
		e->due[i].at = due_next(p->config, e->device, t, e->due[i].every, after);
	}
	find_moment(e);
}

void
plan_restart(const struct plan *p, struct entry *e, int64_t wall)
{
	for (int i = 0; i < e->n_due; i++)
		e->due[i].at = 0;
	if (e->started > wall)
		e->started = wall;
	plan_set_moments(p, e, wall);
}

/* The wall clock was set, or the machine slept: nobody makes up for what was missed, nobody waits
 * for a time that is a year away. */
static void
follow_clock(struct plan *p, struct moment now)
{
	int64_t clocks = now.wall - now.mono_ms / 1000, moved = clocks - p->clocks;

	p->clocks = clocks;
	if (p->by_hand || (moved > -JUMP_S && moved < JUMP_S))
		return;
	for (size_t i = 0; i < p->n; i++)
		plan_restart(p, p->entries[i], now.wall);
	p->stale = true;
}

/* --- budgets ---------------------------------------------------------------------------------- */

static bool
is_agent(const struct entry *e)
{
	return strcmp(e->device->transport, "snmp") == 0;
}

/* A bucket of logins, refilled at the rate. It holds one, or what comes in a tenth of a second:
 * logins are spread, not let loose once a second. Rate 0: no bound. */
static bool
has_token(struct budget *b, uint32_t rate, int64_t now_ms)
{
	double most = rate / 10.0 > 1 ? rate / 10.0 : 1;

	b->tokens += rate * (double)(now_ms - b->refilled_ms) / 1000.0;
	b->refilled_ms = now_ms;
	if (b->tokens > most)
		b->tokens = most;
	return rate == 0 || b->tokens >= 1;
}

static bool
fits(struct plan *p, struct entry *e, struct moment now)
{
	const struct config *c = p->config;
	unsigned slow = c->jobs / SLOW_SHARE > 0 ? c->jobs / SLOW_SHARE : 1;
	enum hold_on on;

	if (now.mono_ms < e->earliest_ms || plan_held(p, e, &on) != HOLD_NONE)
		return false;
	if (is_agent(e) ? p->agents_in_flight >= c->snmp_jobs : p->logins_in_flight >= c->jobs)
		return false;
	if (e->failures > 0 && p->slow_in_flight >= slow)
		return false;
	if (e->device->site[0] && e->site->in_flight >= c->site_jobs)
		return false;
	return !plan_logs_in(e->device) ||
	       (has_token(&p->all, c->logins_per_second, now.mono_ms) &&
		   has_token(e->account, e->device->credential->logins_per_second, now.mono_ms));
}

static void
count_flight(struct plan *p, const struct entry *e, int step)
{
	unsigned *kind = e->agent ? &p->agents_in_flight : &p->logins_in_flight;

	*kind += (unsigned)step;
	e->site->in_flight += (unsigned)step;
	if (e->slow)
		p->slow_in_flight += (unsigned)step;
}

enum hold
plan_held(const struct plan *p, const struct entry *e, enum hold_on *on)
{
	const enum hold holds[] = { [HOLD_DEVICE] = e->hold,
		[HOLD_CREDENTIAL] = e->account ? e->account->hold : HOLD_NONE,
		[HOLD_PLATFORM] = e->family->hold,
		[HOLD_ALL] = p->all.hold };

	for (int i = HOLD_ALL; i >= HOLD_DEVICE; i--) {
		*on = (enum hold_on)i;
		if (holds[i] != HOLD_NONE)
			return holds[i];
	}
	return HOLD_NONE;
}

/* --- polls ------------------------------------------------------------------------------------ */

static void
start(struct plan *p, struct entry *e, struct moment now, struct errand *errand)
{
	*errand = (struct errand){ .entry = e,
		.sessions = e->wanted || p->by_hand || asks_sessions(e),
		.neighbours = (e->wanted || p->by_hand) && e->device->identity };
	e->running = true;
	e->wanted = false;
	e->agent = is_agent(e);
	e->slow = e->failures > 0;
	e->started = now.wall;
	e->late_ms = now.mono_ms - e->due_ms;
	if (!p->by_hand)
		e->earliest_ms = now.mono_ms + (int64_t)p->config->min_interval * 1000;
	if (plan_logs_in(e->device)) {
		p->all.tokens -= 1;
		e->account->tokens -= 1;
	}
	count_flight(p, e, 1);
	for (int i = 0; i < e->n_due; i++) {
		/* What would be due before the device may be polled again is asked for with it. */
		if (e->due[i].at > now.wall + p->config->min_interval)
			continue;
		errand->neighbours = errand->neighbours || e->due[i].timetable->neighbours;
		e->due[i].at = 0;
	}
}

static bool
is_allowed(const struct plan *p, const struct entry *e, int64_t wall)
{
	if (p->by_hand)
		return true;
	if (e->wanted)
		return due_allowed(p->config, e->device, NULL, wall) == wall;
	for (int i = 0; i < e->n_due; i++)
		if (e->due[i].at <= wall &&
		    due_allowed(p->config, e->device, e->due[i].timetable, wall) == wall)
			return true;
	return false;
}

bool
plan_take(struct plan *p, struct moment now, struct errand *errand)
{
	follow_clock(p, now);
	plan_adapt(p, now);
	if (p->stale)
		requeue(p);
	while (p->n_heap > 0 && p->heap[0]->at <= now.wall)
		ready_insert(p, heap_pop(p), now);
	for (size_t i = 0; i < p->n_ready;) {
		struct entry *e = p->ready[i];

		if (!is_allowed(p, e, now.wall)) {
			/* It waited until its window had closed. */
			ready_remove(p, i);
			e->wanted = false;
			plan_set_moments(p, e, now.wall);
			heap_push(p, e);
		} else if (fits(p, e, now)) {
			ready_remove(p, i);
			start(p, e, now, errand);
			return true;
		} else {
			i++;
		}
	}
	return false;
}

/* A device that vanishes while it is asked and is not there at the next try may have fallen over
 * our question. Two of one platform within a day, and the platform is held. */
static unsigned
suspect(struct entry *e, const struct poll_report *r, int64_t wall)
{
	struct budget *family = e->family;

	if (!e->last || e->last->reason != REASON_CUT || r->reason != REASON_CONNECT)
		return 0;
	if (wall - family->failed > SUSPECT_S)
		family->failures = 0;
	if (family->failures++ == 0)
		family->failed = wall;
	if (family->failures < SUSPECTS || family->hold != HOLD_NONE)
		return 0;
	family->hold = HOLD_BREAKER;
	return 1u << HOLD_PLATFORM;
}

static unsigned
hold_refused(struct plan *p, struct entry *e)
{
	struct budget *account = e->account;

	e->hold = HOLD_AUTH;
	e->refused++;
	if (!account || ++account->failures < p->config->auth_failures ||
	    account->hold != HOLD_NONE)
		return 1u << HOLD_DEVICE;
	account->hold = HOLD_AUTH;
	return 1u << HOLD_DEVICE | 1u << HOLD_CREDENTIAL;
}

static unsigned
judge(struct plan *p, struct entry *e, const struct poll_report *r, int64_t wall)
{
	unsigned held = suspect(e, r, wall);

	if (r->outcome <= OUTCOME_PARTIAL) {
		e->failures = 0;
		e->succeeded = wall;
	} else if (r->reason == REASON_AUTH) {
		held |= hold_refused(p, e);
	} else if (r->reason == REASON_HOST_KEY) {
		e->hold = HOLD_HOST_KEY;
		held |= 1u << HOLD_DEVICE;
	} else if (r->outcome == OUTCOME_FAILED && r->reason != REASON_STORE &&
		   r->reason != REASON_HELD) {
		e->failures++;
	}
	return held;
}

unsigned
plan_ended(struct plan *p, struct entry *e, const struct poll_report *r, struct moment now)
{
	unsigned held;

	count_flight(p, e, -1);
	e->running = false;
	held = judge(p, e, r, now.wall);
	e->polls[r->outcome]++;
	e->unread += r->account.unread;
	if (!e->last)
		e->last = mem_alloc(1, sizeof(*e->last));
	*e->last = *r;
	if (!e->device) /* left the inventory while it ran */
		return 0;
	plan_attach(p, e);
	plan_set_moments(p, e, now.wall);
	heap_push(p, e);
	return held;
}

int64_t
plan_next(const struct plan *p)
{
	if (p->stale || p->n_ready > 0)
		return 0;
	return p->n_heap > 0 ? p->heap[0]->at : PLAN_NEVER;
}
