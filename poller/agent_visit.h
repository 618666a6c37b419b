/* The state of a poll over SNMP, shared by agent.c and agent_plan.c; nobody else includes it. */
#ifndef GATEBOOK_POLLER_AGENT_VISIT_H
#define GATEBOOK_POLLER_AGENT_VISIT_H

#include "poller/visit.h"
#include "transports/snmp.h"

enum { STEPS = LIMIT_COMMANDS + 2 * LIMIT_CONTEXTS };

/* What a number of a port means, by the table that says so. */
struct port_name {
	const struct mib_table *table;
	const char *context; /* that of the table */
	char number[16], name[PRESENT_WORD];
};

/* Tables that are walked in one session. */
struct segment {
	const char *context; /* NULL: none */
	struct snmp_login login;
	struct snmp_loop *loop;
	const struct mib_table **tables; /* ends with NULL */
	int first, n;                    /* steps */
	uint64_t seq;                    /* of the first */
};

/* How long the agent said that it is up, and when. */
struct uptime {
	bool known;
	uint32_t seconds;
	int64_t heard_ms;
};

/* One plan under way. */
struct visit {
	struct poll *p;
	const struct command *plan[STEPS];
	bool variant[STEPS]; /* walked only where the one before it is empty */
	const struct mib_table *tables[STEPS + LIMIT_CONTEXTS + 2];
	struct segment segments[LIMIT_CONTEXTS + 2];
	int n_segments, n_tables;
	struct segment *segment; /* that is walked */
	int n, at;               /* steps; the table that is walked */
	struct uptime began, ended;
	char busy[POLL_WHY]; /* it is: sockets only, or nothing */
	size_t before;       /* rows there were before it */
	bool empty;          /* the chain of variants it belongs to has given nothing yet */
	bool barred;         /* more sessions than the device may have: no table of them */
	bool answered;       /* any table has a value */
	bool dead;           /* the agent cannot be read at all */
	uint8_t kinds;       /* of presences in this table */
	struct port_name *names;
	unsigned n_names;
	enum reason reason; /* of the first table that is not whole; the agent's own stands before
			       it */
	char why[POLL_WHY];
};

/* The table that is walked. */
const struct mib_table *agent_table(const struct visit *v);

/* What the ledger calls a step: "dot1dTpFdbTable in vlan-7". */
enum { AGENT_LINE = 200 };
void agent_line(const struct visit *v, int step, char out[static AGENT_LINE]);

/* Makes the plan and every step of it an intent. False: the poll has failed, and says why. */
bool agent_intend(struct visit *v);

/* Opens a segment's session in its loop; nothing is sent. 0, or -1 with err. */
int agent_open(
    struct visit *v, struct segment *s, const struct snmp_calls *calls, struct error *err);

#endif
