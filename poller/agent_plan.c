/* What is asked of an agent, in which session: its tables, those of each context (a VLAN, a VRF),
 * and once more how long it has been up. */
#include <stdio.h>
#include <string.h>

#include "poller/agent_visit.h"

const struct mib_table *
agent_table(const struct visit *v)
{
	return v->segment->tables[v->at - v->segment->first];
}

void
agent_line(const struct visit *v, int step, char out[static AGENT_LINE])
{
	const char *context = v->segment->context;

	(void)snprintf(out, AGENT_LINE, "%s%s%s", v->plan[step]->send, context ? " in " : "",
	    context ? context : "");
}

static void
begin_segment(struct visit *v, const char *context)
{
	v->segment = &v->segments[v->n_segments++];
	*v->segment = (struct segment){
		.context = context, .tables = &v->tables[v->n_tables], .first = v->n
	};
}

static bool
add_step(struct visit *v, const struct command *c, bool variant)
{
	const struct mib_table *table = mib_table_find(text_of(c->send));

	if (!table)
		return poll_fail(v->p, REASON_LIMIT, "no MIB has the table %s", c->send);
	v->variant[v->n] = variant;
	v->plan[v->n++] = c;
	v->tables[v->n_tables++] = table;
	v->segment->n++;
	return true;
}

static bool
is_vlan(const char *context)
{
	return text_starts(text_of(context), "vlan-");
}

const char *const *
poll_tables_in(const char *context)
{
	static const char *const bridge[] = { "dot1dBasePortTable", "dot1dTpFdbTable", NULL };
	static const char *const vrf[] = { "ipNetToPhysicalTable", "ipNetToMediaTable", NULL };

	return is_vlan(context) ? bridge : vrf;
}

static bool
add_context(struct visit *v, const char *context)
{
	const struct driver *driver = v->p->device->driver;
	const char *const *names = poll_tables_in(context);

	v->n_tables++; /* the NULL of the one before */
	begin_segment(v, context);
	return add_step(v, driver_command(driver, text_of(names[0])), false) &&
	       add_step(v, driver_command(driver, text_of(names[1])), !is_vlan(context));
}

static bool
make_plan(struct visit *v)
{
	const struct command *plan[LIMIT_COMMANDS];
	const char *const *contexts = v->p->device->contexts;
	int n = poll_plan(v->p->device, plan);

	v->p->identity_only = !poll_lists_sessions(plan, n);
	begin_segment(v, NULL);
	for (int i = 0; i + 1 < n; i++)
		if (!add_step(v, plan[i], poll_is_variant(v->p->device, plan[i])))
			return false;
	for (int i = 0; contexts && contexts[i]; i++)
		if (!add_context(v, contexts[i]))
			return false;
	if (contexts) {
		v->n_tables++;
		begin_segment(v, NULL);
	}
	return add_step(v, plan[n - 1], false);
}

/* All of it is durable before anything is sent. */
bool
agent_intend(struct visit *v)
{
	char lines[LIMIT_COMMANDS][AGENT_LINE];
	const char *list[LIMIT_COMMANDS];

	if (!make_plan(v))
		return false;
	for (int k = 0; k < v->n_segments; k++) {
		struct segment *s = v->segment = &v->segments[k];

		for (int i = 0; i < s->n; i++) {
			agent_line(v, s->first + i, lines[i]);
			list[i] = lines[i];
		}
		if (!poll_intend(v->p, list, s->n, &s->seq))
			return false;
	}
	return true;
}

/* A session of a segment. A community stands for a VLAN with its number behind it, as Cisco does
 * (community@7); of SNMPv3 the context has a name. */
int
agent_open(struct visit *v, struct segment *s, const struct snmp_calls *calls, struct error *err)
{
	char community[LIMIT_LINE];
	struct text name = text_of(s->context ? s->context : "");
	int rc;

	s->login = login_snmp(v->p->device, v->p->host, &v->p->held);
	if (s->context && s->login.version == SNMP_V3) {
		s->login.context = s->context;
	} else if (s->context) {
		(void)text_take(&name, "vlan-");
		(void)snprintf(community, sizeof(community), "%s@%.*s", s->login.community,
		    (int)name.n, name.s);
		s->login.community = community;
	}
	s->loop = snmp_loop_new();
	rc = snmp_loop_add(s->loop, &s->login, s->tables, calls, v, err);
	if (s->context)
		explicit_bzero(community, sizeof(community));
	s->login.community = NULL; /* the session has its own */
	return rc;
}
