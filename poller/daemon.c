#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "poller/daemon_state.h"
#include "poller/journal.h"
#include "poller/notify.h"

enum { PATIENCE_S = 20 /* for polls in flight to take their leave when we are told to stop */ };

static volatile sig_atomic_t reload_wanted;

static void
want_reload(int number)
{
	(void)number;
	reload_wanted = 1;
}

/* --- decisions -------------------------------------------------------------------------------- */

static enum hold_on
on_of(const struct decision *decision)
{
	for (int on = HOLD_DEVICE; on < HOLD_ALL; on++)
		if (strcmp(decision->on, hold_on_name((enum hold_on)on)) == 0)
			return (enum hold_on)on;
	return HOLD_ALL;
}

static void
tell_held(struct daemon *d, const struct decision *decision)
{
	char why[400];

	(void)snprintf(why, sizeof(why), "%s held (%s): %s", decision->on, decision->reason,
	    decision->why[0] ? decision->why : decision->by);
	alerts_raise(d->alerts, d->config, "held",
	    decision->name[0] ? decision->name : decision->on, "", why);
}

uint32_t
daemon_decide(struct daemon *d, const struct decision *decision)
{
	struct pending *p = mem_alloc(1, sizeof(*p));

	if (decision->kind == DECIDE_HOLD &&
	    strcmp(decision->reason, hold_name(HOLD_ENGINEER)) == 0)
		(void)plan_hold(d->schedule.plan, on_of(decision), decision->name, HOLD_ENGINEER,
		    schedule_now());
	if (decision->kind == DECIDE_HOLD)
		tell_held(d, decision);
	p->decision = *decision;
	p->number = schedule_decide(&d->schedule, decision);
	p->next = d->pending;
	d->pending = p;
	return p->number;
}

/* A key that is trusted ends the quarantine of its device. */
static void
trusted(struct daemon *d, const struct decision *decision)
{
	const struct entry *e = plan_find(d->schedule.plan, decision->name);
	struct decision release = { .kind = DECIDE_RELEASE, .on = "device" };

	if (!e || e->hold != HOLD_HOST_KEY)
		return;
	memcpy(release.name, decision->name, sizeof(release.name));
	memcpy(release.by, decision->by, sizeof(release.by));
	(void)daemon_decide(d, &release);
}

static void
take_effect(struct daemon *d, const struct decision *decision)
{
	if (decision->kind == DECIDE_RELEASE)
		(void)plan_hold(
		    d->schedule.plan, on_of(decision), decision->name, HOLD_NONE, schedule_now());
	else if (decision->kind == DECIDE_TRUST)
		trusted(d, decision);
}

static void
decided(const struct wire_decided *answer, void *arg)
{
	struct daemon *d = arg;
	struct pending **at = &d->pending, *p;

	while (*at && (*at)->number != answer->number)
		at = &(*at)->next;
	p = *at;
	if (!p)
		return;
	*at = p->next;
	if (answer->changed >= 0)
		take_effect(d, &p->decision);
	else
		log_line(LOG_ERROR, "a decision was not kept: %s", answer->why);
	for (struct client *c = control_clients(d->control); c; c = c->next) {
		if (c->decision != answer->number)
			continue;
		control_say(c, json_pack("{s:i}", "changed", (int)answer->changed));
		control_end(c, answer->changed < 0 ? EXIT_FAILED : EXIT_OK,
		    answer->changed < 0 ? answer->why : NULL);
	}
	free(p);
}

/* The plan holds what must not be tried again; the store has to know it over a restart. */
static void
held(struct schedule *s, const struct flight *flight, unsigned on, void *arg)
{
	const struct device *device = flight->entry->device;
	const char *names[] = { [HOLD_DEVICE] = device->name,
		[HOLD_CREDENTIAL] = device->credential ? device->credential->name : "",
		[HOLD_PLATFORM] = device->driver->name };
	struct decision decision = { .kind = DECIDE_HOLD, .by = "gatebook" };

	(void)s;
	wire_put(decision.why, flight->record.report.why);
	for (int i = HOLD_DEVICE; i <= HOLD_PLATFORM; i++) {
		if (!(on >> i & 1))
			continue;
		wire_put(decision.on, hold_on_name((enum hold_on)i));
		wire_put(decision.name, names[i]);
		wire_put(decision.reason, hold_name(i == HOLD_DEVICE       ? flight->entry->hold
						    : i == HOLD_CREDENTIAL ? HOLD_AUTH
									   : HOLD_BREAKER));
		log_line(LOG_WARNING,
		    "held: %s=%s reason=\"%s\" why=\"%s\" next=\"gatebook release\"", decision.on,
		    decision.name, decision.reason, decision.why);
		(void)daemon_decide(arg, &decision);
	}
}

/* --- polls ------------------------------------------------------------------------------------ */

static void
recorded(const struct flight *flight, void *arg)
{
	const struct poll_report *r = &flight->record.report;

	log_line(r->outcome == OUTCOME_COMPLETE ? LOG_INFO : LOG_WARNING,
	    "poll: device=%s poll=%lld outcome=%s%s%s sessions=%llu new=%llu gone=%llu unread=%llu "
	    "ms=%u late=%.1f%s%s%s",
	    flight->name, (long long)flight->record.poll_id,
	    flight->record.poll_id > 0 ? outcome_name((enum outcome)r->outcome) : "unrecorded",
	    r->reason ? " reason=" : "", r->reason ? reason_name((enum reason)r->reason) : "",
	    (unsigned long long)r->sessions, (unsigned long long)flight->record.opened,
	    (unsigned long long)flight->record.closed, (unsigned long long)r->account.unread,
	    r->duration_ms, (double)flight->entry->late_ms / 1000, r->why[0] ? " why=\"" : "",
	    r->why, r->why[0] ? "\"" : "");
	alerts_poll(((struct daemon *)arg)->alerts, ((struct daemon *)arg)->config, flight->entry,
	    flight->name, r);
	daemon_tell(arg, flight);
}

/* --- the configuration ------------------------------------------------------------------------ */

static void
say_to(const char *sentence, void *arg)
{
	(void)fprintf(arg, "%s\n", sentence);
}

/* The configuration, if it is good and its plan can work; else NULL with the reasons. */
static struct config *
load(const char *dir, char **why)
{
	size_t size = 0;
	FILE *faults = open_memstream(why, &size);
	struct config *c = config_load(dir, faults);

	if (c && plan_check(c, say_to, faults) > 0) {
		config_free(c);
		c = NULL;
	}
	(void)fclose(faults);
	return c;
}

int
daemon_reload(struct daemon *d, char **why)
{
	struct config *c = load(d->dir, why);

	if (!c) {
		log_line(LOG_ERROR, "the configuration stays as it was: %s", *why);
		return -1;
	}
	plan_replace(d->schedule.plan, c, schedule_now());
	config_free(d->config);
	d->config = c;
	d->schedule.config = c;
	schedule_log_files(&d->schedule);
	log_line(LOG_INFO, "the configuration is loaded: devices=%zu config=%s",
	    plan_count(d->schedule.plan), c->sha256);
	return 0;
}

/* --- life ------------------------------------------------------------------------------------- */

static nfds_t
watch(struct pollfd *at, nfds_t room, void *arg)
{
	struct daemon *d = arg;
	nfds_t n = metrics_watch(d->metrics, at, room);

	return n + control_watch(d->control, at + n, room - n);
}

static void
show_life(struct daemon *d)
{
	char state[160];

	if (d->sign_ms == 0 || clock_mono_ms() - d->signed_ms < d->sign_ms)
		return;
	d->signed_ms = clock_mono_ms();
	(void)snprintf(state, sizeof(state), "WATCHDOG=1\nSTATUS=%zu devices, %zu polls in flight",
	    plan_count(d->schedule.plan), plan_in_flight(d->schedule.plan));
	notify(state);
}

static void
turn(struct schedule *s, const struct pollfd *at, nfds_t n, void *arg)
{
	struct daemon *d = arg;
	nfds_t metrics = metrics_turn(d->metrics, at, n, s->plan, &s->disk, d->started);
	char *why = NULL;

	control_turn(d->control, at + metrics, n - metrics, daemon_answer, d);
	daemon_follow(d);
	alerts_turn(d->alerts, s->plan, d->config, schedule_now());
	if (reload_wanted) {
		reload_wanted = 0;
		(void)daemon_reload(d, &why);
		free(why);
	}
	show_life(d);
}

static const struct attendant attendant = {
	.watch = watch, .turn = turn, .decided = decided, .held = held
};

static int
serve(struct daemon *d, struct error *err)
{
	struct sigaction reload = { .sa_handler = want_reload };
	int rc;

	(void)sigaction(SIGHUP, &reload, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	if (schedule_recall(&d->schedule) != 0)
		return error_set(err, "the recorder is gone");
	d->sign_ms = notify_interval();
	notify("READY=1");
	log_line(LOG_INFO, "run: devices=%zu store=%s control=%s", plan_count(d->schedule.plan),
	    d->config->store, d->config->control);
	rc = schedule_run(&d->schedule, err);
	notify("STOPPING=1");
	log_line(LOG_INFO, "run: ended");
	return rc == EXIT_INTERRUPTED ? 0 : rc;
}

static int
open_ears(struct daemon *d, struct error *err)
{
	d->control = control_open(d->config->control, err);
	if (!d->control)
		return -1;
	if (!d->config->metrics)
		return 0;
	d->metrics = metrics_open(d->config->metrics, err);
	return d->metrics ? 0 : -1;
}

int
daemon_run(const char *dir, struct config *config, struct error *err)
{
	struct daemon d = { .dir = dir, .config = config, .started = clock_now() };
	int rc;

	d.schedule = (struct schedule){ .config = config,
		.what = "gatebook run",
		.patience = PATIENCE_S,
		.recorded = recorded,
		.attendant = &attendant,
		.arg = &d };
	journal_open();
	d.alerts = alerts_new(schedule_now());
	rc = schedule_open(&d.schedule, err);
	if (rc == 0) {
		d.schedule.plan = plan_new(config, schedule_now());
		rc = open_ears(&d, err);
		rc = rc == 0 ? serve(&d, err) : (schedule_leave(&d.schedule), rc);
	}
	control_close(d.control);
	metrics_close(d.metrics);
	alerts_free(d.alerts);
	journal_close();
	while (d.pending) {
		struct pending *p = d.pending;

		d.pending = p->next;
		free(p);
	}
	plan_free(d.schedule.plan);
	config_free(d.config);
	return rc;
}
