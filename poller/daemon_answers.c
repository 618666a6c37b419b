/* What the daemon is asked over its control socket, and what it says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/ledger.h"
#include "poller/daemon_state.h"
#include "poller/journal.h"

/* --- rows ------------------------------------------------------------------------------------- */

static json_t *
moment_or_null(int64_t seconds)
{
	return seconds > 0 && seconds != PLAN_NEVER ? json_integer(seconds) : json_null();
}

static void
put_last(json_t *row, const struct entry *e)
{
	const struct poll_report *r = e->last;

	(void)json_object_set_new(row, "last", moment_or_null(e->started));
	if (!r)
		return;
	(void)json_object_set_new(
	    row, "outcome", json_string(outcome_name((enum outcome)r->outcome)));
	if (r->reason)
		(void)json_object_set_new(
		    row, "reason", json_string(reason_name((enum reason)r->reason)));
	(void)json_object_set_new(row, "duration_ms", json_integer(r->duration_ms));
	(void)json_object_set_new(row, "sessions", json_integer((json_int_t)r->sessions));
	(void)json_object_set_new(row, "bytes", json_integer((json_int_t)r->bytes));
	if (r->why[0])
		(void)json_object_set_new(row, "why", json_string(r->why));
}

/* All that is known of a device's place in the plan; the client picks its columns. */
static json_t *
row_of(const struct daemon *d, const struct entry *e)
{
	const struct device *device = e->device;
	json_t *row = json_object(), *schedules = json_array();
	struct moment now = schedule_now();
	char state[300], interval[200];

	plan_explain(d->schedule.plan, e, now, state);
	plan_explain_interval(e, interval);
	for (int i = 0; i < e->n_due; i++)
		(void)json_array_append_new(schedules, json_string(e->due[i].timetable->name));
	(void)json_object_set_new(row, "device", json_string(device->name));
	(void)json_object_set_new(row, "platform", json_string(device->driver->name));
	(void)json_object_set_new(row, "site", json_string(device->site));
	(void)json_object_set_new(row, "schedules", schedules);
	(void)json_object_set_new(row, "every_s", json_integer(plan_every(e)));
	(void)json_object_set_new(row, "next", moment_or_null(e->at));
	(void)json_object_set_new(row, "in_s",
	    e->at == PLAN_NEVER ? json_null()
	    : e->at > now.wall  ? json_integer(e->at - now.wall)
				: json_integer(0));
	(void)json_object_set_new(row, "state", json_string(state));
	if (interval[0])
		(void)json_object_set_new(row, "interval", json_string(interval));
	(void)json_object_set_new(row, "failures", json_integer(e->failures));
	(void)json_object_set_new(row, "unread", json_integer((json_int_t)e->unread));
	put_last(row, e);
	return row;
}

/* --- questions about the plan ----------------------------------------------------------------- */

static void
status(struct daemon *d, struct client *client, int n, char **words)
{
	const struct plan *p = d->schedule.plan;
	uint64_t polls[OUTCOME_SKIPPED + 1] = { 0 };
	size_t waiting = 0, held = 0, failing = 0;
	int64_t next = plan_next(p);
	const struct disk *disk = &d->schedule.disk;
	char why[300];
	enum hold_on on;

	(void)n;
	(void)words;
	for (size_t i = 0; i < plan_count(p); i++) {
		const struct entry *e = plan_at(p, i);

		waiting += e->waiting;
		failing += e->failures > 0;
		held += plan_held(p, e, &on) != HOLD_NONE;
		for (int o = 0; o <= OUTCOME_SKIPPED; o++)
			polls[o] += e->polls[o];
	}
	control_say(client,
	    json_pack("{s:i,s:s,s:I,s:s,s:i,s:i,s:i,s:i,s:i,s:I,s:I,s:I,s:I,s:o,s:I,s:I,s:s?}",
		"pid", (int)getpid(), "version", GATEBOOK_VERSION, "since", (json_int_t)d->started,
		"config", d->config->sha256, "devices", (int)plan_count(p), "in_flight",
		(int)plan_in_flight(p), "waiting", (int)waiting, "held", (int)held, "failing",
		(int)failing, "complete", (json_int_t)polls[OUTCOME_COMPLETE], "partial",
		(json_int_t)polls[OUTCOME_PARTIAL], "failed", (json_int_t)polls[OUTCOME_FAILED],
		"skipped", (json_int_t)polls[OUTCOME_SKIPPED], "next",
		next == 0 ? json_integer(schedule_now().wall) : moment_or_null(next), "free_bytes",
		(json_int_t)disk->free_bytes, "store_bytes", (json_int_t)disk->store_bytes,
		"stopped", disk->is_short ? disk_why(disk, why) : NULL));
	control_end(client, EXIT_OK, NULL);
}

/* The device of that name; else the client is told so, and NULL. */
static const struct entry *
named(const struct daemon *d, struct client *client, const char *name)
{
	const struct entry *e = plan_find(d->schedule.plan, name);
	char why[200];

	if (e)
		return e;
	(void)snprintf(why, sizeof(why),
	    "%s is on no schedule of the running daemon; after a change of the files: gatebook "
	    "reload",
	    name);
	control_end(client, EXIT_USAGE, why);
	return NULL;
}

/* All devices, or those that are named. */
static void
list(struct daemon *d, struct client *client, int n, char **words)
{
	const struct plan *p = d->schedule.plan;

	for (size_t i = 0; n == 1 && i < plan_count(p); i++)
		control_say(client, row_of(d, plan_at(p, i)));
	for (int i = 1; i < n; i++) {
		const struct entry *e = named(d, client, words[i]);

		if (!e)
			return;
		control_say(client, row_of(d, e));
	}
	control_end(client, EXIT_OK, NULL);
}

static void
say_sentence(const char *sentence, void *client)
{
	control_say(client, json_pack("{s:s%}", "line", sentence, strlen(sentence)));
}

static void
explain(struct daemon *d, struct client *client, int n, char **words)
{
	for (int i = 1; i < n; i++) {
		const struct entry *e = named(d, client, words[i]);

		if (!e)
			return;
		plan_tell(d->schedule.plan, e, schedule_now(), say_sentence, client);
	}
	control_end(client, EXIT_OK, NULL);
}

/* --- the log ---------------------------------------------------------------------------------- */

static void
say_lines(struct client *client)
{
	while (client->line < journal_last()) {
		const struct journal_line *line = journal_line(++client->line);

		/* A line may hold half a character of what a device said: JSON takes whole ones. */
		json_t *text = line ? json_string(line->text) : NULL;

		if (text)
			control_say(client,
			    json_pack("{s:I,s:o}", "at", (json_int_t)line->at, "line", text));
	}
}

/* logs N [follow] */
static void
logs(struct daemon *d, struct client *client, int n, char **words)
{
	uint64_t most, last = journal_last();

	(void)d;
	if (n < 2 || !text_number(text_of(words[1]), UINT32_MAX, &most)) {
		control_end(client, EXIT_USAGE, "-n wants a number of lines");
		return;
	}
	client->line = last > most ? last - most : 0;
	client->follows = n > 2;
	say_lines(client);
	if (!client->follows)
		control_end(client, EXIT_OK, NULL);
}

void
daemon_follow(struct daemon *d)
{
	for (struct client *c = control_clients(d->control); c; c = c->next)
		if (c->follows)
			say_lines(c);
}

/* --- decisions, reload ------------------------------------------------------------------------ */

static const char *
word_of(int n, char **words, const char *key)
{
	size_t size = strlen(key);

	for (int i = 1; i < n; i++)
		if (strncmp(words[i], key, size) == 0 && words[i][size] == '=')
			return words[i] + size + 1;
	return "";
}

static bool
is_known(const struct daemon *d, const struct decision *decision)
{
	if (decision->kind >= DECIDE_TRUST || strcmp(decision->on, "all") == 0)
		return true;
	for (size_t i = 0; i < plan_count(d->schedule.plan); i++) {
		const struct device *device = plan_at(d->schedule.plan, i)->device;

		if (strcmp(decision->on, "device") == 0 &&
		    strcmp(device->name, decision->name) == 0)
			return true;
		if (strcmp(decision->on, "credential") == 0 && device->credential &&
		    strcmp(device->credential->name, decision->name) == 0)
			return true;
		if (strcmp(decision->on, "platform") == 0 &&
		    strcmp(device->driver->name, decision->name) == 0)
			return true;
	}
	return false;
}

/* kind=0..3 and the other members of struct decision that are not empty. */
static void
decide(struct daemon *d, struct client *client, int n, char **words)
{
	struct decision decision = { 0 };
	uint64_t kind;
	char why[160];

	if (!text_number(text_of(word_of(n, words, "kind")), DECIDE_REVOKE, &kind)) {
		control_end(client, EXIT_USAGE, "decide: no kind");
		return;
	}
	decision.kind = (uint32_t)kind;
	wire_put(decision.on, word_of(n, words, "on"));
	wire_put(decision.name, word_of(n, words, "name"));
	wire_put(decision.reason, word_of(n, words, "reason"));
	wire_put(decision.why, word_of(n, words, "why"));
	wire_put(decision.key, word_of(n, words, "key"));
	(void)schedule_user(client->uid, decision.by);
	if (!is_known(d, &decision)) {
		(void)snprintf(why, sizeof(why), "no %s '%s' on a schedule of the running daemon",
		    decision.on, decision.name);
		control_end(client, EXIT_USAGE, why);
		return;
	}
	client->decision = daemon_decide(d, &decision);
	if (client->decision == 0)
		control_end(client, EXIT_FAILED, "the recorder is gone");
}

static void
reload(struct daemon *d, struct client *client, int n, char **words)
{
	char *why = NULL;

	(void)n;
	(void)words;
	if (daemon_reload(d, &why) != 0) {
		control_say(client, json_pack("{s:s%}", "faults", why, strlen(why)));
		control_end(
		    client, EXIT_USAGE, "nothing was changed: mend the configuration first");
	} else {
		control_say(
		    client, json_pack("{s:i,s:s}", "devices", (int)plan_count(d->schedule.plan),
				"config", d->config->sha256));
		control_end(client, EXIT_OK, NULL);
	}
	free(why);
}

/* An analyst has asked the store: who, what, about when. */
static void
asked(struct daemon *d, struct client *client, int n, char **words)
{
	char by[128];

	(void)schedule_user(client->uid, by);
	if (n == 3)
		schedule_log(&d->schedule, LEDGER_QUESTION, by, words[1], words[2]);
	control_end(client, n == 3 ? EXIT_OK : EXIT_USAGE,
	    n == 3 ? NULL : "asked takes the question and its times");
}

/* --- polls ------------------------------------------------------------------------------------ */

static void
refuse(struct client *client, const char *device, const char *why)
{
	control_say(client, json_pack("{s:s,s:s}", "device", device, "refused", why));
}

/* A device whose poll cannot be soon has its row at once, the others when they have been polled. */
static void
poll_now(struct daemon *d, struct client *client, int n, char **words)
{
	client->devices = mem_alloc((size_t)n, sizeof(*client->devices));
	for (int i = 1; i < n; i++) {
		struct entry *e = plan_find(d->schedule.plan, words[i]);
		char why[160];

		if (!e)
			refuse(client, words[i], "on no schedule of the running daemon");
		else if (!plan_want(d->schedule.plan, e, schedule_now(), why))
			refuse(client, words[i], why);
		else
			client->devices[client->n_devices++] = mem_string(words[i]);
	}
	if (client->n_devices == 0)
		control_end(client, EXIT_FAILED, "nothing was polled");
}

/* struct wire_recorded as text: both ends are the same program. */
static void
say_record(struct client *client, const struct flight *flight)
{
	static char hex[2 * sizeof(flight->record) + 1];
	const unsigned char *bytes = (const unsigned char *)&flight->record;

	for (size_t i = 0; i < sizeof(flight->record); i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	control_say(client, json_pack("{s:s,s:s,s:s}", "device", flight->name, "platform",
				flight->platform, "record", hex));
}

void
daemon_tell(struct daemon *d, const struct flight *flight)
{
	for (struct client *c = control_clients(d->control); c; c = c->next) {
		bool waits = false;

		for (size_t i = 0; i < c->n_devices; i++) {
			if (c->devices[i] && strcmp(c->devices[i], flight->name) == 0) {
				say_record(c, flight);
				free(c->devices[i]);
				c->devices[i] = NULL;
			}
			waits = waits || c->devices[i];
		}
		if (c->n_devices > 0 && !waits && !c->ended)
			control_end(c, EXIT_OK, NULL);
	}
}

void
daemon_answer(struct client *client, int n, char **words, void *daemon)
{
	static const struct {
		const char *name;
		void (*answer)(struct daemon *d, struct client *client, int n, char **words);
	} verbs[] = { { "status", status }, { "list", list }, { "decide", decide },
		{ "reload", reload }, { "poll", poll_now }, { "asked", asked },
		{ "explain", explain }, { "logs", logs } };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(words[0], verbs[i].name) == 0) {
			verbs[i].answer(daemon, client, n, words);
			return;
		}
	}
	control_end(
	    client, EXIT_USAGE, "the running daemon does not know this question: is it older?");
}
