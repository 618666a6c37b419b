#include "poller/agent_words.h"

#include <stdio.h>

static void
take_system(const struct observation *o, void *arg)
{
	struct agent_words *w = arg;

	(void)text_copy(o->more.from, w->object, sizeof(w->object));
	(void)text_copy(o->more.kind, w->description, sizeof(w->description));
}

static void
take_table(
    const struct mib_table *table, const struct mib_reader *reader, enum outcome outcome, void *arg)
{
	(void)table;
	(void)reader;
	(void)outcome;
	(void)arg;
}

static void
take_end(enum reason reason, const char *why, void *arg)
{
	struct agent_words *w = arg;

	w->reason = reason;
	(void)snprintf(w->why, sizeof(w->why), "%s", why);
}

struct snmp_loop *
agent_words_open(const struct snmp_login *login, struct agent_words *words, struct error *err)
{
	static const struct snmp_calls calls = {
		.row = take_system, .table = take_table, .done = take_end
	};
	static const struct mib_table *tables[2];
	struct snmp_loop *loop = snmp_loop_new();

	tables[0] = mib_table_find(text_of("system"));
	if (snmp_loop_add(loop, login, tables, &calls, words, err) == 0)
		return loop;
	snmp_loop_free(loop);
	return NULL;
}
