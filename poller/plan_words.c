/* Why a device is polled when it is, in words. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "poller/plan_state.h"

enum { SENTENCE = 600 };

struct telling {
	void (*say)(const char *sentence, void *arg);
	void *arg;
	const struct plan *plan;
	const struct entry *entry;
	struct moment now;
};

static void __attribute__((format(printf, 2, 3)))
tell(const struct telling *t, const char *format, ...)
{
	char sentence[SENTENCE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	t->say(sentence, t->arg);
}

/* "2026-11-25T05:16:07+01:00", "never". */
static const char *
when(int64_t at, char out[static CLOCK_TEXT])
{
	if (at == PLAN_NEVER)
		(void)snprintf(out, CLOCK_TEXT, "never");
	else
		(void)clock_format(at, false, out);
	return out;
}

static void
tell_schedule(const struct telling *t, const struct due *due)
{
	const struct timetable *table = due->timetable;
	const struct config *c = t->plan->config;
	char every[CONFIG_DURATION], jitter[CONFIG_DURATION], at[CLOCK_TEXT];
	int64_t open = due_allowed(c, t->entry->device, table, t->now.wall);

	if (table->line > 0)
		tell(t,
		    "schedule '%s' (%s/gatebook.yml:%u:%u): %s%s, up to %s later, priority %u, for "
		    "%s%s%s",
		    table->name, c->dir, table->line, table->column,
		    table->every ? "every " : "by cron",
		    table->every ? config_duration(table->every, every) : "",
		    config_duration(table->jitter, jitter), table->priority,
		    table->sessions ? "sessions" : "",
		    table->sessions && table->neighbours ? " and " : "",
		    table->neighbours ? "neighbours" : "");
	else
		tell(t, "its own 'every' (%s:%u): every %s, up to %s later", t->entry->device->file,
		    t->entry->device->line, config_duration(table->every, every),
		    config_duration(table->jitter, jitter));
	if (table->window)
		tell(t, "  its window in %s %s", table->zone->name,
		    open == t->now.wall ? "is open" : "or a blackout forbids it now");
	if (open != t->now.wall)
		tell(t, "  first moment that is allowed: %s", when(open, at));
	tell(t, "  next moment of its own place on that grid: %s",
	    when(due_next(c, t->entry->device, table, due->every, t->now.wall), at));
}

static void
tell_blackouts(const struct telling *t)
{
	const struct config *c = t->plan->config;
	int64_t over = due_allowed(c, t->entry->device, NULL, t->now.wall);
	char at[CLOCK_TEXT];

	for (size_t i = 0; i < c->n_blackouts; i++) {
		const struct blackout *b = &c->blackouts[i];

		for (size_t k = 0; k < b->n_devices; k++)
			if (b->devices[k] == t->entry->device)
				tell(t, "blackout '%s' (%s/gatebook.yml:%u:%u) names it", b->name,
				    c->dir, b->line, b->column);
	}
	if (over != t->now.wall)
		tell(t, "a blackout holds; it is over: %s", when(over, at));
}

static void
tell_limits(const struct telling *t)
{
	const struct plan *p = t->plan;
	const struct config *c = p->config;
	const struct entry *e = t->entry;
	const struct credential *account = e->device->credential;

	tell(t, "limits (%s/gatebook.yml): %" PRIu32 " s from one poll of it to the next at least",
	    c->dir, c->min_interval);
	tell(t, "  polls: %u of %u by login, %u of %u by SNMP", p->logins_in_flight, c->jobs,
	    p->agents_in_flight, c->snmp_jobs);
	if (e->device->site[0])
		tell(
		    t, "  at site %s: %u of %u", e->device->site, e->site->in_flight, c->site_jobs);
	if (account && account->logins_per_second)
		tell(t, "  logins a second: %u in all, %u with credential %s (%s:%u)",
		    c->logins_per_second, account->logins_per_second, account->name, account->file,
		    account->line);
	else
		tell(t, "  logins a second: %u in all", c->logins_per_second);
}

static void
tell_past(const struct telling *t)
{
	const struct entry *e = t->entry;
	unsigned waits = 1;
	char at[CLOCK_TEXT], got[CLOCK_TEXT];

	if (e->started > 0)
		tell(t, "last poll: %s%s%s; last that got something since the start: %s",
		    when(e->started, at), e->last ? ", " : "",
		    e->last ? outcome_name((enum outcome)e->last->outcome) : "",
		    e->succeeded ? when(e->succeeded, got) : "none");
	if (e->last && e->last->why[0])
		tell(t, "  %s", e->last->why);
	for (unsigned i = 1; i < e->failures && waits < LIMIT_BACK_OFF; i++)
		waits *= 2;
	if (e->failures > 0)
		tell(t,
		    "no answer %u times in a row: it waits %u intervals (%d at most), and only a "
		    "fourth of the polls may be of such devices",
		    e->failures, waits, LIMIT_BACK_OFF);
}

void
plan_tell(const struct plan *p, const struct entry *e, struct moment now,
    void (*say)(const char *sentence, void *arg), void *arg)
{
	struct telling t = { say, arg, p, e, now };
	char state[300], at[CLOCK_TEXT];

	plan_explain(p, e, now, state);
	tell(&t, "%s (%s:%u): %s%s%s", e->device->name, e->device->file, e->device->line,
	    e->device->driver->name, e->device->site[0] ? ", site " : "", e->device->site);
	tell(&t, "now: %s; next poll: %s", state,
	    e->at == 0 ? "as soon as its limits allow" : when(e->at, at));
	for (int i = 0; i < e->n_due; i++)
		tell_schedule(&t, &e->due[i]);
	plan_explain_interval(e, state);
	if (state[0])
		tell(&t, "interval: %s", state);
	tell_blackouts(&t);
	tell_limits(&t);
	tell_past(&t);
}
