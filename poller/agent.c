#include "poller/agent.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "poller/sandbox.h"
#include "transports/snmp.h"

enum { TRIES = 3, TIMEOUT_MS = 3000 };

enum { LIMIT_PORTS = 8192 };

/* What a number of a port means, by the table that says so. */
struct port_name {
	const struct mib_table *table;
	char number[16], name[PRESENT_WORD];
};

/* One plan under way. */
struct visit {
	struct poll *p;
	const struct command *plan[LIMIT_COMMANDS];
	const struct mib_table *tables[LIMIT_COMMANDS + 1];
	int n, at;     /* the table that is walked, by its place in the plan */
	uint64_t seq;  /* of the first */
	size_t before; /* rows there were before it */
	bool empty;    /* the chain of variants it belongs to has given nothing yet */
	bool barred;   /* more sessions than the device may have: no table of them */
	bool answered; /* any table has a value */
	uint8_t kinds; /* of presences in this table */
	struct port_name *names;
	unsigned n_names;
	enum reason reason; /* of the first table that is not whole; the agent's own stands before
			       it */
	char why[POLL_WHY];
};

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
	new->table = v->tables[v->at];
	(void)text_copy(o->near_iface, new->number, sizeof(new->number));
	(void)text_copy(o->more.remote, new->name, sizeof(new->name));
}

static const struct port_name *
find_name(const struct visit *v, const char *table, struct text number)
{
	for (unsigned i = 0; i < v->n_names; i++)
		if (strcmp(v->names[i].table->name, table) == 0 &&
		    text_is(number, v->names[i].number))
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
	return found ? text_of(found->name) : number;
}

static void
take_row(const struct observation *o, void *arg)
{
	struct visit *v = arg;
	enum topic topic = v->tables[v->at]->topic;
	struct observation named = *o;
	enum presence_kind kind = presence_kind(topic, o);

	if (topic <= TOPIC_SOCKETS) {
		normalise_row(&v->p->normalise, o);
	} else if (topic == TOPIC_PORTS) {
		keep_name(v, o);
	} else if (kind != PRESENT_KINDS) {
		v->kinds |= (uint8_t)(1 << kind);
		named.near_iface = name_of(v, v->tables[v->at]->name, o->near_iface);
		presences_take(&v->p->presences, topic, &named);
	}
}

static void
say(struct visit *v, const struct account *a, const char *said)
{
	char detail[200];

	(void)snprintf(detail, sizeof(detail), "values=%llu rows=%llu noise=%llu unread=%llu",
	    (unsigned long long)a->lines, (unsigned long long)a->rows, (unsigned long long)a->noise,
	    (unsigned long long)a->unread);
	poll_result(v->p, v->seq + (uint64_t)v->at, v->tables[v->at]->name, said, detail);
}

static void
leave_out(struct visit *v)
{
	static const struct account nothing;

	say(v, &nothing, "not sent");
	v->at++;
}

/* A predecessor is asked for only where its successor had nothing; a table of sessions not where
 * there are too many. */
static bool
is_wanted(const struct mib_table *table, void *arg)
{
	struct visit *v = arg;
	struct poll *p = v->p;
	bool variant = poll_is_variant(p->device, v->plan[v->at]);

	(void)table;
	if (!variant)
		v->empty = true;
	if ((variant && !v->empty) || (v->barred && v->plan[v->at]->topic != TOPIC_SOCKETS)) {
		leave_out(v);
		return false;
	}
	v->before = p->rows.n;
	v->kinds = 0;
	p->normalise.command = (uint32_t)v->at;
	if (p->report.asked == 0)
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
		    v->tables[v->at]->name, (unsigned long long)a->printed,
		    p->device->most_sessions);
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

	account_add_lines(&p->report.account, a);
	say(v, a, outcome == OUTCOME_COMPLETE ? outcome_name(outcome) : mib_why(reader));
	if (outcome == OUTCOME_FAILED)
		p->rows.n = v->before;
	if (outcome != OUTCOME_COMPLETE && v->reason == REASON_NONE &&
	    (table->topic <= TOPIC_SOCKETS || p->identity_only)) {
		v->reason = mib_reason(reader);
		(void)snprintf(v->why, sizeof(v->why), "%s", mib_why(reader));
	}
	v->empty &= a->lines == 0;
	v->answered |= a->lines > 0;
	if (table->topic == TOPIC_COUNT)
		bar(v, a);
	else if (table->topic > TOPIC_SOCKETS)
		end_identity(v, table, outcome);
	else if (outcome != OUTCOME_FAILED) {
		p->report.answered = clock_now() + 1;
		p->commands_read++;
	}
	v->at++;
}

static void
end_agent(enum reason reason, const char *why, void *arg)
{
	struct visit *v = arg;

	if (reason != REASON_NONE)
		(void)poll_fail(v->p, reason, "%s", why);
	else if (v->reason != REASON_NONE)
		(void)poll_fail(v->p, v->reason, "%s", v->why);
	while (v->at < v->n)
		leave_out(v);
	/* Nothing at all: a view that hides the tables looks like that. */
	if (reason == REASON_NONE && !v->answered) {
		v->p->commands_read = 0;
		(void)poll_fail(v->p, REASON_REFUSED,
		    "the agent shows this account none of the tables; its view has to hold them "
		    "(see: "
		    "gatebook driver show snmp)");
	}
}

static bool
intend(struct visit *v)
{
	const char *lines[LIMIT_COMMANDS] = { NULL };

	v->n = poll_plan(v->p->device, v->plan);
	for (int i = 0; i < v->n; i++) {
		lines[i] = v->plan[i]->send;
		v->tables[i] = mib_table_find(text_of(lines[i]));
		if (!v->tables[i])
			return poll_fail(v->p, REASON_LIMIT, "no MIB has the table %s", lines[i]);
	}
	v->tables[v->n] = NULL;
	v->p->identity_only = !poll_lists_sessions(v->plan, v->n);
	return poll_intend(v->p, lines, v->n, &v->seq);
}

static struct snmp_login
login_of(const struct poll *p)
{
	const struct credential *c = p->device->credential;
	const struct login *held = &p->held;

	return (struct snmp_login){ .host = p->host,
		.port = p->device->port,
		.version = c->user        ? SNMP_V3
			   : c->version_1 ? SNMP_V1
					  : SNMP_V2C,
		.community = held->community,
		.user = c->user,
		.auth = held->auth_password ? c->auth : NULL,
		.auth_password = held->auth_password,
		.priv = c->priv,
		.priv_password = held->priv_password,
		.context = c->context,
		.timeout_ms = TIMEOUT_MS,
		.tries = TRIES };
}

/* The socket is made before the sandbox closes; what it needs afterwards is in memory. */
static bool
settle(struct poll *p)
{
	struct error err = { 0 };
	int sealed = sandbox_close((enum sandbox)p->config->sandbox, &err);

	if (sealed < 0)
		return poll_fail(p, REASON_LIMIT, "%s", err.text);
	p->report.sandbox = (uint8_t)sealed;
	return true;
}

void
poll_agent(struct poll *p)
{
	static const struct snmp_calls calls = {
		.wanted = is_wanted, .row = take_row, .table = end_table, .done = end_agent
	};
	static struct visit v; /* zeroed */
	struct snmp_login login = login_of(p);
	struct snmp_loop *loop = snmp_loop_new();
	struct error err = { 0 };

	v.p = p;
	(void)addr_parse(text_of(p->host), &p->normalise.device);
	if (intend(&v)) {
		int rc = snmp_loop_add(loop, &login, v.tables, &calls, &v, &err);

		login_wipe(&p->held, &p->to.secret); /* the session has keys of its own */
		if (rc != 0) {
			(void)poll_fail(p, REASON_CREDENTIAL, "%s", err.text);
			end_agent(REASON_CREDENTIAL, err.text, &v);
		} else if (settle(p)) {
			snmp_loop_run(loop, 1, p->to.deadline_ms);
		}
	}
	snmp_loop_free(loop);
	free(v.names);
}
