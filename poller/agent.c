#include "poller/agent.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "poller/agent_visit.h"
#include "poller/sandbox.h"

enum { LIMIT_PORTS = 8192 };

/* --- names of ports --------------------------------------------------------------------------- */

static void
keep_name(struct visit *v, const struct observation *o)
{
	struct port_name *new;

	if (v->n_names == LIMIT_PORTS)
		return;
	if (!v->names)
		v->names = mem_alloc(LIMIT_PORTS, sizeof(*v->names));
	new = &v->names[v->n_names++];
	new->table = agent_table(v);
	new->context = v->segment->context;
	(void)text_copy(o->near_iface, new->number, sizeof(new->number));
	(void)text_copy(o->more.remote, new->name, sizeof(new->name));
}

static const struct port_name *
find_name(const struct visit *v, const char *table, struct text number)
{
	for (unsigned i = 0; i < v->n_names; i++)
		if (strcmp(v->names[i].table->name, table) == 0 &&
		    text_is(number, v->names[i].number) &&
		    (!v->names[i].context || v->names[i].context == v->segment->context))
			return &v->names[i];
	return NULL;
}

/* What a table calls a port, as its interface is called; the number itself where nothing tells. */
static struct text
name_of(const struct visit *v, const char *table, struct text number)
{
	const struct port_name *found;

	if (text_starts(text_of(table), "lldp")) {
		found = find_name(v, "lldpLocPortTable", number);
		return found ? text_of(found->name) : number;
	}
	if (text_starts(text_of(table), "dot1")) {
		found = find_name(v, "dot1dBasePortTable", number);
		number = found ? text_of(found->name) : number;
	}
	found = find_name(v, "ifXTable", number);
	if (!found)
		found = find_name(v, "ifTable", number);
	return found ? text_of(found->name) : number;
}

/* What is read in a context is of its VLAN, or of its VRF. */
static void
put_context(const struct visit *v, enum presence_kind kind, struct observation *o)
{
	struct text name = text_of(v->segment->context ? v->segment->context : "");

	if (kind == PRESENT_STATION && text_take(&name, "vlan-"))
		o->more.vlan = name;
	else if (kind == PRESENT_ADDRESS && name.n > 0)
		o->place = name;
}

static void
take_row(const struct observation *o, void *arg)
{
	struct visit *v = arg;
	enum topic topic = agent_table(v)->topic;
	struct observation named = *o;
	enum presence_kind kind = presence_kind(topic, o);

	if (topic <= TOPIC_SOCKETS) {
		normalise_row(&v->p->normalise, o);
	} else if (topic == TOPIC_PORTS) {
		keep_name(v, o);
	} else if (topic == TOPIC_SYSTEM) {
		*(v->began.known ? &v->ended : &v->began) = (struct uptime){
			(o->counters.has & HAS_AGE) != 0, o->counters.age, clock_mono_ms()
		};
	} else if (kind != PRESENT_KINDS) {
		v->kinds |= (uint8_t)(1 << kind);
		named.near_iface = name_of(v, agent_table(v)->name, o->near_iface);
		put_context(v, kind, &named);
		presences_take(&v->p->presences, topic, &named);
	}
}

static void
say(struct visit *v, const struct account *a, const char *said)
{
	char detail[200], what[AGENT_LINE];

	agent_line(v, v->at, what);
	(void)snprintf(detail, sizeof(detail), "values=%llu rows=%llu noise=%llu unread=%llu",
	    (unsigned long long)a->lines, (unsigned long long)a->rows, (unsigned long long)a->noise,
	    (unsigned long long)a->unread);
	poll_result(
	    v->p, v->segment->seq + (uint64_t)(v->at - v->segment->first), what, said, detail);
}

static void
leave_out(struct visit *v)
{
	static const struct account nothing;

	say(v, &nothing, "not sent");
	v->at++;
}

/* A predecessor is asked for only where its successor had nothing; a table of sessions not where
 * there are too many; nothing but sockets where the device is busy: a server's own cost it little.
 */
static bool
is_left_out(struct visit *v, enum topic topic)
{
	struct poll *p = v->p;

	if (topic >= TOPIC_SYSTEM || topic == TOPIC_SOCKETS)
		return false;
	if (v->busy[0] && (topic < TOPIC_SOCKETS || p->identity_only)) {
		p->spared = true;
		(void)poll_fail(p, REASON_LIMIT, "%s", v->busy);
	}
	return v->barred || v->busy[0];
}

static bool
is_wanted(const struct mib_table *table, void *arg)
{
	struct visit *v = arg;
	struct poll *p = v->p;
	bool variant = v->variant[v->at];

	if (!variant)
		v->empty = true;
	if ((variant && !v->empty) || is_left_out(v, table->topic)) {
		leave_out(v);
		return false;
	}
	v->before = p->rows.n;
	v->kinds = 0;
	p->normalise.command = (uint32_t)v->at;
	if (p->report.asked == 0 && table->topic < TOPIC_SYSTEM)
		p->report.asked = clock_now();
	return true;
}

static void
bar(struct visit *v, const struct account *a)
{
	struct poll *p = v->p;

	v->barred = a->has_printed && a->printed > p->device->most_sessions;
	if (v->barred)
		(void)poll_fail(p, REASON_LIMIT,
		    "%s: %llu sessions, more than the %u that may be asked for",
		    agent_table(v)->name, (unsigned long long)a->printed, p->device->most_sessions);
}

/* Busy is what its processors are together. One that cannot tell is asked all the same. */
static void
weigh(struct visit *v, const struct account *a)
{
	uint64_t busy = a->row > 0 && a->unread == 0 ? a->printed / a->row : 0;

	if (busy > v->p->device->most_cpu)
		(void)snprintf(v->busy, sizeof(v->busy),
		    "%s: %llu %% busy, more than the %u of `cpu:` under `limits:` (or `max_cpu:` "
		    "of "
		    "the device): it was asked for no other table than its sockets",
		    agent_table(v)->name, (unsigned long long)busy, v->p->device->most_cpu);
}

/* Time has gone on at the agent as it did here: never back, and within half of it and twice, but
 * for what a value may be rounded or cached. Hundredths of a second in 32 bits begin anew after 497
 * days. */
static bool
has_rebooted(const struct visit *v)
{
	enum { WRAP = UINT32_MAX / 100 };
	int64_t here = (v->ended.heard_ms - v->began.heard_ms) / 1000;
	int64_t there = (int64_t)v->ended.seconds - (int64_t)v->began.seconds;

	if (!v->began.known || !v->ended.known)
		return false;
	if (there < 0 && v->began.seconds + 2 * here + 60 >= WRAP)
		there += WRAP;
	return there < -2 || there < here / 2 - 30 || there > 2 * here + 60;
}

/* An empty table looks like one that the agent does not have: it closes nothing. */
static void
end_identity(struct visit *v, const struct mib_table *table, enum outcome outcome)
{
	struct poll *p = v->p;

	if (table->topic != TOPIC_PORTS && (v->kinds || outcome != OUTCOME_COMPLETE))
		presences_read(&p->presences, table->topic, v->kinds, outcome == OUTCOME_COMPLETE);
	if (p->identity_only && outcome != OUTCOME_FAILED) {
		p->report.answered = clock_now() + 1;
		p->commands_read++;
	}
}

static void
end_table(
    const struct mib_table *table, const struct mib_reader *reader, enum outcome outcome, void *arg)
{
	struct visit *v = arg;
	struct poll *p = v->p;
	const struct account *a = mib_account(reader);

	if (table->topic != TOPIC_SYSTEM && table->topic != TOPIC_LOAD)
		account_add_lines(&p->report.account, a);
	say(v, a, outcome == OUTCOME_COMPLETE ? outcome_name(outcome) : mib_why(reader));
	if (outcome == OUTCOME_FAILED)
		p->rows.n = v->before;
	if (outcome != OUTCOME_COMPLETE && v->reason == REASON_NONE &&
	    (table->topic <= TOPIC_SOCKETS || (p->identity_only && table->topic < TOPIC_SYSTEM))) {
		v->reason = mib_reason(reader);
		(void)snprintf(v->why, sizeof(v->why), "%s", mib_why(reader));
	}
	v->empty &= a->lines == 0;
	v->answered |= a->lines > 0 && table->topic != TOPIC_SYSTEM && table->topic != TOPIC_LOAD;
	if (table->topic == TOPIC_COUNT)
		bar(v, a);
	else if (table->topic == TOPIC_LOAD)
		weigh(v, a);
	else if (table->topic == TOPIC_SYSTEM)
		;
	else if (table->topic > TOPIC_SOCKETS)
		end_identity(v, table, outcome);
	else if (outcome != OUTCOME_FAILED) {
		p->report.answered = clock_now() + 1;
		p->commands_read++;
	}
	v->at++;
}

/* The tables that were not reached: what they would have shown is not gone. */
static void
give_up(struct visit *v)
{
	for (; v->at < v->segment->first + v->segment->n; leave_out(v))
		if (command_tells_identity(v->plan[v->at]) && agent_table(v)->topic != TOPIC_PORTS)
			presences_read(&v->p->presences, agent_table(v)->topic, 0, false);
}

static void
end_visit(struct visit *v)
{
	struct poll *p = v->p;

	if (has_rebooted(v)) {
		presences_doubt(&p->presences);
		(void)poll_fail(p, REASON_REBOOTED,
		    "it was up for %u s, and then, %lld s later, for %u s: it began anew while it "
		    "was read",
		    v->began.seconds, (long long)(v->ended.heard_ms - v->began.heard_ms) / 1000,
		    v->ended.seconds);
	}
	if (v->reason != REASON_NONE)
		(void)poll_fail(p, v->reason, "%s", v->why);
	/* Nothing at all: a view that hides the tables looks like that. */
	if (!v->answered && p->report.reason == REASON_NONE) {
		p->commands_read = 0;
		(void)poll_fail(p, REASON_REFUSED,
		    "the agent shows this account none of the tables; its view has to hold them "
		    "(see: gatebook driver show snmp)");
	}
}

/* A context that is not there takes nothing from the sessions of the poll. */
static void
end_agent(enum reason reason, const char *why, void *arg)
{
	struct visit *v = arg;
	const char *context = v->segment->context;

	if (reason != REASON_NONE && context && v->p->identity_only)
		(void)poll_fail(v->p, reason, "context %s: %s", context, why);
	else if (reason != REASON_NONE && !context)
		(void)poll_fail(v->p, reason, "%s", why);
	v->dead |= reason != REASON_NONE && !context;
	give_up(v);
}

/* The sockets are made before the sandbox closes; what they need afterwards is in memory. */
static bool
settle(struct visit *v, const struct snmp_calls *calls)
{
	struct poll *p = v->p;
	struct error err = { 0 };
	int sealed, rc = 0;

	for (int i = 0; i < v->n_segments && rc == 0; i++)
		rc = agent_open(v, &v->segments[i], calls, &err);
	login_wipe(&p->held, &p->to.secret); /* the sessions have keys of their own */
	if (rc != 0)
		return poll_fail(p, REASON_CREDENTIAL, "%s", err.text);
	sealed = sandbox_close((enum sandbox)p->config->sandbox, &err);
	if (sealed < 0)
		return poll_fail(p, REASON_LIMIT, "%s", err.text);
	p->report.sandbox = (uint8_t)sealed;
	return true;
}

/* A segment after the other; behind an agent that is not there nobody waits for its contexts. */
static void
walk_all(struct visit *v)
{
	for (int i = 0; i < v->n_segments; i++) {
		v->segment = &v->segments[i];
		if (v->dead)
			give_up(v);
		else
			snmp_loop_run(v->segment->loop, 1, v->p->to.deadline_ms);
	}
	end_visit(v);
}

void
poll_agent(struct poll *p)
{
	static const struct snmp_calls calls = {
		.wanted = is_wanted, .row = take_row, .table = end_table, .done = end_agent
	};
	static struct visit v; /* zeroed */

	v.p = p;
	(void)addr_parse(text_of(p->host), &p->normalise.device);
	if (agent_intend(&v)) {
		v.dead = !settle(&v, &calls);
		walk_all(&v);
	}
	for (int i = 0; i < v.n_segments; i++)
		snmp_loop_free(v.segments[i].loop);
	free(v.names);
}
