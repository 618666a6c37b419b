#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

#include <stdarg.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "transports/snmp_session.h"
#include "transports/snmp_value.h"

enum state {
	WAITING, /* for its turn */
	PROBING, /* v3: for the engine's identity */
	WALKING, /* a request is out */
	FINISHED /* told; its session is closed by the loop */
};

struct agent {
	struct snmp_loop *loop;
	const struct snmp_login *login;
	const struct mib_table *const *tables;
	const struct snmp_calls *calls;
	void *arg;
	enum state state;
	void *session; /* net-snmp's handle */
	struct mib_reader *reader;
	struct walk *walk;
	int request;    /* id of the one that is out: an answer to an older one says nothing */
	int64_t due_ms; /* when the request that is out has failed */
	int tries;
	struct agent *next;
};

struct snmp_loop {
	int epoll;
	netsnmp_large_fd_set readable; /* one bit at a time; of no fixed size, as fd_set is */
	unsigned in_flight;
	int64_t look_ms; /* no request is over its time before */
	struct agent *first, **last, *waiting;
};

static void finish(struct agent *a, enum reason reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void begin_table(struct agent *a);

/* --- requests --------------------------------------------------------------------------------- */

static void walk_on(struct agent *a);
static int on_answer(
    int op, struct snmp_session *session, int id, struct snmp_pdu *pdu, void *magic);

static void
send_pdu(struct agent *a, struct snmp_pdu *pdu)
{
	a->due_ms = clock_mono_ms() + a->login->timeout_ms;
	if (a->due_ms < a->loop->look_ms)
		a->loop->look_ms = a->due_ms;
	a->request = snmp_sess_async_send(a->session, pdu, on_answer, a);
	if (a->request == 0) {
		int code = 0;
		char *what = NULL;

		snmp_sess_error(a->session, NULL, &code, &what);
		snmp_free_pdu(pdu);
		finish(a, REASON_CONNECT, "%s: cannot send: %s", a->login->host,
		    what ? what : "unknown");
		free(what);
	}
}

/* An empty request of nobody: the answer is a report that names the engine (RFC 3414, 4). */
static void
send_probe(struct agent *a)
{
	struct snmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	pdu->version = SNMP_VERSION_3;
	pdu->securityName = strdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	a->state = PROBING;
	send_pdu(a, pdu);
}

static void
send_request(struct agent *a, const struct walk_request *r)
{
	bool bulk = r->repetitions > 0 && a->login->version != SNMP_V1;
	struct snmp_pdu *pdu = snmp_pdu_create(bulk ? SNMP_MSG_GETBULK : SNMP_MSG_GETNEXT);

	if (bulk) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = r->repetitions;
	}
	for (unsigned i = 0; i < r->n; i++) {
		oid name[LIMIT_OID];

		for (unsigned k = 0; k < r->names[i].n; k++)
			name[k] = r->names[i].oid[k];
		snmp_add_null_var(pdu, name, r->names[i].n);
	}
	a->state = WALKING;
	send_pdu(a, pdu);
}

/* Again, and for less: a large answer may be what was lost. */
static void
send_again(struct agent *a)
{
	if (++a->tries >= a->login->tries) {
		finish(a, REASON_TIMEOUT, "%s does not answer%s", a->login->host,
		    a->login->version == SNMP_V3 ? "" : "; a wrong community is met with silence");
		return;
	}
	if (a->state == PROBING) {
		send_probe(a);
	} else {
		walk_shrink(a->walk);
		send_request(a, walk_next(a->walk));
	}
}

/* --- answers ---------------------------------------------------------------------------------- */

static void
take_answer(struct agent *a, const struct snmp_pdu *pdu)
{
	const struct varbind *list;
	size_t n = snmp_values(pdu, &list);

	a->tries = 0;
	(void)walk_answer(a->walk, list, n);
	walk_on(a);
}

/* The report to the probe says who the engine is; from then on its user has keys. */
static void
take_engine(struct agent *a, const struct snmp_pdu *pdu)
{
	struct snmp_session *s = snmp_sess_session(a->session);
	struct usmUser *known;

	if (pdu->securityEngineIDLen == 0) {
		finish(a, REASON_UNREAD, "%s: a report without an engine", a->login->host);
		return;
	}
	if (s->securityEngineIDLen == 0) {
		s->securityEngineID = netsnmp_memdup(
		    pdu->securityEngineID, pdu->securityEngineIDLen);
		s->securityEngineIDLen = pdu->securityEngineIDLen;
	}
	if (s->contextEngineIDLen == 0) {
		s->contextEngineID = netsnmp_memdup(s->securityEngineID, s->securityEngineIDLen);
		s->contextEngineIDLen = s->securityEngineIDLen;
	}
	/* The library keeps the keys of a user it knows, whatever the session says. */
	known = usm_get_user(s->securityEngineID, s->securityEngineIDLen, s->securityName);
	if (known) {
		usm_remove_user(known);
		usm_free_user(known);
	}
	s->flags &= ~(u_long)SNMP_FLAGS_USER_CREATED;
	if (usm_create_user_from_session(s) != SNMPERR_SUCCESS) {
		finish(a, REASON_CREDENTIAL, "%s: no keys for user %s", a->login->host,
		    a->login->user);
		return;
	}
	a->tries = 0;
	begin_table(a);
}

static void
take_report(struct agent *a, struct snmp_pdu *pdu)
{
	const struct variable_list *v = pdu->variables;
	/* 1.3.6.1.6.3.15.1.1.N.0: usmStats (RFC 3414) */
	unsigned which = v && v->name_length >= 11 ? (unsigned)v->name[9] : 0;

	switch (which) {
	case 1:
		finish(a, REASON_AUTH, "%s does not allow this security level", a->login->host);
		break;
	case 2: send_again(a); break; /* its clock: the library has it now */
	case 3:
		finish(a, REASON_AUTH, "%s knows no user %s", a->login->host, a->login->user);
		break;
	case 5:
		finish(a, REASON_AUTH, "%s: wrong authentication password or protocol",
		    a->login->host);
		break;
	case 6:
		finish(a, REASON_AUTH, "%s: wrong privacy password or protocol", a->login->host);
		break;
	default:
		finish(a, REASON_AUTH, "%s refuses the request with a report", a->login->host);
		break;
	}
}

static int
on_answer(int op, struct snmp_session *session, int id, struct snmp_pdu *pdu, void *magic)
{
	struct agent *a = magic;

	(void)session;
	/* A report about keys has no id: the agent could not read that of the request. */
	if (a->state == FINISHED || (id != a->request && id != 0))
		return 1;
	/* A report told the agent's clock, as after a restart: the library sends the request once
	 * more. */
	if (op == NETSNMP_CALLBACK_OP_RESEND) {
		a->due_ms = clock_mono_ms() + a->login->timeout_ms;
		return 1;
	}
	if (op == NETSNMP_CALLBACK_OP_TIMED_OUT) {
		send_again(a);
		return 1;
	}
	/* A report that answers the probe, or says what is wrong, comes as an error of security. */
	if ((op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && op != NETSNMP_CALLBACK_OP_SEC_ERROR) ||
	    !pdu) {
		finish(a, REASON_CONNECT, "%s: the answer cannot be read", a->login->host);
		return 1;
	}
	if (a->state == PROBING)
		take_engine(a, pdu);
	else if (pdu->command == SNMP_MSG_REPORT)
		take_report(a, pdu);
	else if (pdu->command == SNMP_MSG_RESPONSE)
		take_answer(a, pdu);
	return 1;
}

/* --- an agent's way --------------------------------------------------------------------------- */

/* An engine whose clock has jumped back is not believed any more (RFC 3414, 3.2): the next session
 * asks for it anew. */
static void
forget_clock(const struct agent *a)
{
	const struct snmp_session *s = a->session ? snmp_sess_session(a->session) : NULL;

	if (!s || s->securityEngineIDLen == 0)
		return;
	free_enginetime(s->securityEngineID, (u_int)s->securityEngineIDLen);
	(void)set_enginetime(s->securityEngineID, (u_int)s->securityEngineIDLen, 0, 0, FALSE);
}

static void
end_table(struct agent *a)
{
	enum outcome outcome = walk_end(a->walk);

	a->calls->table(*a->tables, a->reader, outcome, a->arg);
	walk_free(a->walk);
	mib_reader_free(a->reader);
	a->walk = NULL;
	a->reader = NULL;
	a->tables++;
}

static void
finish(struct agent *a, enum reason reason, const char *format, ...)
{
	char why[POLL_WHY];
	va_list args;

	if (a->state == FINISHED)
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	if (reason == REASON_TIMEOUT)
		forget_clock(a);
	if (a->walk)
		end_table(a);
	if (a->state != WAITING)
		a->loop->in_flight--;
	a->state = FINISHED;
	a->calls->done(reason, why, a->arg);
}

static void
begin_table(struct agent *a)
{
	struct error err = { 0 };

	while (*a->tables && a->calls->wanted && !a->calls->wanted(*a->tables, a->arg))
		a->tables++;
	if (!*a->tables) {
		finish(a, REASON_NONE, "%s", "");
		return;
	}
	a->reader = mib_reader_new(*a->tables, a->calls->row, a->arg, &err);
	if (!a->reader) {
		finish(a, REASON_LIMIT, "%s", err.text);
		return;
	}
	a->walk = walk_new(*a->tables, a->reader);
	walk_on(a);
}

static void
walk_on(struct agent *a)
{
	const struct walk_request *r = walk_next(a->walk);

	if (r->n > 0) {
		send_request(a, r);
		return;
	}
	end_table(a);
	begin_table(a);
}

static void
start(struct agent *a)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = a };
	netsnmp_transport *t = snmp_sess_transport(a->session);

	a->loop->in_flight++;
	if (epoll_ctl(a->loop->epoll, EPOLL_CTL_ADD, t->sock, &event) < 0) {
		a->state = WALKING;
		finish(a, REASON_LIMIT, "%s: no more sockets", a->login->host);
		return;
	}
	if (a->login->version == SNMP_V3) {
		send_probe(a);
	} else {
		a->state = WALKING;
		begin_table(a);
	}
}

/* --- the loop --------------------------------------------------------------------------------- */

struct snmp_loop *
snmp_loop_new(void)
{
	struct snmp_loop *loop = mem_alloc(1, sizeof(*loop));

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	netsnmp_large_fd_set_init(&loop->readable, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&loop->readable);
	loop->last = &loop->first;
	loop->look_ms = INT64_MAX;
	return loop;
}

static void
close_session(struct agent *a)
{
	if (a->session)
		snmp_sess_close(a->session);
	a->session = NULL;
}

void
snmp_loop_free(struct snmp_loop *loop)
{
	if (!loop)
		return;
	for (struct agent *a = loop->first, *next; a; a = next) {
		next = a->next;
		close_session(a);
		walk_free(a->walk);
		mib_reader_free(a->reader);
		free(a);
	}
	netsnmp_large_fd_set_cleanup(&loop->readable);
	close(loop->epoll);
	free(loop);
}

int
snmp_loop_add(struct snmp_loop *loop, const struct snmp_login *login,
    const struct mib_table *const *tables, const struct snmp_calls *calls, void *arg,
    struct error *err)
{
	struct agent *a = mem_alloc(1, sizeof(*a));

	*a = (struct agent){
		.loop = loop, .login = login, .tables = tables, .calls = calls, .arg = arg
	};
	a->session = snmp_session_open(login, err);
	if (!a->session) {
		free(a);
		return -1;
	}
	*loop->last = a;
	loop->last = &a->next;
	if (!loop->waiting)
		loop->waiting = a;
	return 0;
}

/* Reads what has come. A late answer to an older request calls nobody. A session that is done is
 * closed here, never from within a callback. */
static void
read_agent(struct agent *a)
{
	netsnmp_large_fd_set *set = &a->loop->readable;
	int fd;

	if (!a->session || a->state == FINISHED)
		return;
	fd = snmp_sess_transport(a->session)->sock;
	NETSNMP_LARGE_FD_SET(fd, set);
	snmp_sess_read2(a->session, set);
	NETSNMP_LARGE_FD_CLR(fd, set);
	if (a->state == FINISHED)
		close_session(a);
}

/* Requests that are over their time. */
static void
look_around(struct snmp_loop *loop, int64_t now)
{
	loop->look_ms = INT64_MAX;
	for (struct agent *a = loop->first; a != loop->waiting; a = a->next) {
		if ((a->state == PROBING || a->state == WALKING) && a->due_ms <= now)
			snmp_sess_timeout(a->session);
		if (a->state == FINISHED)
			close_session(a);
		else if (a->due_ms < loop->look_ms)
			loop->look_ms = a->due_ms;
	}
}

static void
fill(struct snmp_loop *loop, unsigned most)
{
	while (loop->waiting && loop->in_flight < most) {
		struct agent *a = loop->waiting;

		loop->waiting = a->next;
		start(a);
	}
}

void
snmp_loop_run(struct snmp_loop *loop, unsigned most, int64_t until_ms)
{
	struct epoll_event events[64];
	int64_t now = clock_mono_ms();

	for (fill(loop, most); loop->in_flight > 0 && now < until_ms; fill(loop, most)) {
		int64_t wait = (loop->look_ms < until_ms ? loop->look_ms : until_ms) - now;
		int n = epoll_wait(loop->epoll, events, 64, wait > 0 ? (int)wait : 0);

		for (int i = 0; i < n; i++)
			read_agent(events[i].data.ptr);
		now = clock_mono_ms();
		if (now >= loop->look_ms)
			look_around(loop, now);
	}
	for (struct agent *a = loop->first; a; a = a->next)
		finish(a, REASON_TIMEOUT, "%s: out of time", a->login->host);
	look_around(loop, now);
}
