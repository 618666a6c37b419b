/* A walk by hand: net-snmp's single-session API and nothing around it. */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

#include <err.h>
#include <poll.h>
#include <stdbool.h>

#include "base/limits.h"
#include "tests/bench/snmp.h"

enum { GROWS_AFTER = 5 }; /* as in mibs/walk.c: the same requests leave */

struct bare {
	void *session;
	struct sum *sum;
	struct column {
		oid root[MAX_OID_LEN], last[MAX_OID_LEN];
		size_t n_root, n_last;
		bool ended;
	} columns[BARE_COLUMNS];
	unsigned n, successes;
	long repetitions;
	bool done;
};

static int on_answer(int op, struct snmp_session *s, int id, struct snmp_pdu *pdu, void *magic);

static void
ask(struct bare *b)
{
	struct snmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GETBULK);

	pdu->non_repeaters = 0;
	pdu->max_repetitions = b->repetitions;
	for (unsigned i = 0; i < b->n; i++)
		snmp_add_null_var(pdu, b->columns[i].last, b->columns[i].n_last);
	if (snmp_sess_async_send(b->session, pdu, on_answer, b) == 0)
		errx(1, "cannot send");
	b->sum->requests++;
}

static int
on_answer(int op, struct snmp_session *s, int id, struct snmp_pdu *pdu, void *magic)
{
	const struct variable_list *last[BARE_COLUMNS] = { NULL };
	struct bare *b = magic;
	unsigned i = 0;

	(void)s;
	(void)id;
	if (op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || pdu->errstat != SNMP_ERR_NOERROR)
		errx(1, "the agent does not answer");
	for (const struct variable_list *v = pdu->variables; v; v = v->next_variable) {
		struct column *c = &b->columns[i];

		if (v->type == SNMP_ENDOFMIBVIEW || v->name_length <= c->n_root ||
		    v->name[c->n_root - 1] != c->root[c->n_root - 1] ||
		    v->name[c->n_root - 3] != c->root[c->n_root - 3]) {
			c->ended = true;
		} else {
			b->sum->varbinds++;
			b->sum->rows += i == 0;
		}
		last[i] = v;
		i = i + 1 == b->n ? 0 : i + 1;
	}
	b->done = true;
	for (i = 0; i < b->n; i++)
		b->done &= b->columns[i].ended;
	if (b->done)
		return 1;
	for (i = 0; i < b->n && last[i]; i++) {
		b->columns[i].n_last = last[i]->name_length;
		memcpy(b->columns[i].last, last[i]->name,
		    last[i]->name_length * sizeof(*last[i]->name));
	}
	if (++b->successes == GROWS_AFTER) {
		b->successes = 0;
		b->repetitions += b->repetitions / 4 + 1;
		if (b->repetitions > LIMIT_WALK_REPETITIONS)
			b->repetitions = LIMIT_WALK_REPETITIONS;
	}
	ask(b);
	return 1;
}

static void
open_session(struct bare *b, const char *address, uint16_t port)
{
	struct snmp_session s;
	char peer[64];

	snmp_sess_init(&s);
	snprintf(peer, sizeof(peer), "udp:%s:%u", address, port);
	s.peername = peer;
	s.version = SNMP_VERSION_2c;
	s.community = (u_char *)"public";
	s.community_len = 6;
	b->session = snmp_sess_open(&s);
	if (!b->session)
		errx(1, "no session");
}

void
bare_walk(const char *address, uint16_t port, const char *const *columns, struct sum *sum)
{
	struct bare b = { .sum = sum, .repetitions = LIMIT_WALK_START };
	netsnmp_large_fd_set set;
	struct pollfd wait = { .events = POLLIN };

	for (; columns[b.n] && b.n < BARE_COLUMNS; b.n++) {
		struct column *c = &b.columns[b.n];

		c->n_root = MAX_OID_LEN;
		if (!read_objid(columns[b.n], c->root, &c->n_root))
			errx(1, "%s", columns[b.n]);
		memcpy(c->last, c->root, sizeof(c->last));
		c->n_last = c->n_root;
	}
	open_session(&b, address, port);
	netsnmp_large_fd_set_init(&set, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&set);
	wait.fd = snmp_sess_transport(b.session)->sock;
	for (ask(&b); !b.done;) {
		if (poll(&wait, 1, 3000) <= 0)
			errx(1, "the agent is silent");
		NETSNMP_LARGE_FD_SET(wait.fd, &set);
		snmp_sess_read2(b.session, &set);
	}
	netsnmp_large_fd_set_cleanup(&set);
	snmp_sess_close(b.session);
}
