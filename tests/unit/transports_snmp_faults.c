/* A real agent behind a relay that loses, doubles, delays and cuts datagrams, whose clock jumps,
 * that starts anew: each behaviour has its outcome, and the next poll in the same process, when all
 * is well again, has every row. */
#include "tests/unit/snmp_help.h"

#include <poll.h>
#include <sys/mman.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "base/clock.h"

enum { LISTENERS = 60, MIDDLE = 20, DATAGRAM = 65536, JUMP = 10000 };

enum fault {
	NONE,
	LOSES,
	DOUBLES,
	GARBAGE,
	CUTS_ONE,
	CUTS_ALL,
	LATE,
	OTHER_ADDRESS,
	FALLS_SILENT,
	BOOTS_AHEAD,
	CLOCK_BACK,
	STARTS_ANEW,
	FAULTS
};

static const struct {
	const char *does;
	enum outcome must;  /* of the table */
	enum reason reason; /* of the poll */
	bool v3_only;
} behaviours[] = {
	[NONE] = { "nothing wrong", OUTCOME_COMPLETE, REASON_NONE },
	[LOSES] = { "every third request is lost", OUTCOME_COMPLETE, REASON_NONE },
	[DOUBLES] = { "every answer comes twice", OUTCOME_COMPLETE, REASON_NONE },
	[GARBAGE] = { "garbage before every answer", OUTCOME_COMPLETE, REASON_NONE },
	[CUTS_ONE] = { "the third answer is cut in half", OUTCOME_COMPLETE, REASON_NONE },
	[CUTS_ALL] = { "every answer is cut in half", OUTCOME_FAILED, REASON_TIMEOUT },
	[LATE] = { "always the answer to the request before", OUTCOME_FAILED, REASON_TIMEOUT },
	[OTHER_ADDRESS] = { "answers come from another address", OUTCOME_COMPLETE, REASON_NONE },
	[FALLS_SILENT] = { "silence from the third request on", OUTCOME_PARTIAL, REASON_TIMEOUT },
	[BOOTS_AHEAD] = { "its clock jumps ahead in mid-walk", OUTCOME_COMPLETE, REASON_NONE,
	    true },
	[CLOCK_BACK] = { "its clock jumps back in mid-walk", OUTCOME_PARTIAL, REASON_TIMEOUT,
	    true },
	/* That its uptime is less than before is for the poll to see. */
	[STARTS_ANEW] = { "it starts anew in mid-walk", OUTCOME_COMPLETE, REASON_NONE },
};

/* What the relay does now, and how many requests came since. */
struct order {
	volatile int fault, requests;
};

static struct help_agent agent;
static struct order *order;
static pid_t relay;
static uint16_t relay_port, listening[LISTENERS];
static int listeners[LISTENERS];

/* --- the relay -------------------------------------------------------------------------------- */

static int
bind_at(uint32_t address, uint16_t port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr = { htonl(address) }, .sin_port = htons(port)
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
give(int fd, const struct sockaddr_in *to, const char *bytes, size_t n)
{
	(void)sendto(fd, bytes, n, 0, (const struct sockaddr *)to, sizeof(*to));
}

static void
give_answer(int door, int other, const struct sockaddr_in *to, const char *bytes, size_t n)
{
	static char before[DATAGRAM];
	static size_t n_before;
	int fault = order->fault;

	if (fault == GARBAGE)
		give(door, to, "\x30\x82\xff\xffgarbage", 11);
	if (fault == CUTS_ALL || (fault == CUTS_ONE && order->requests == 3))
		n /= 2;
	if (fault == LATE)
		give(door, to, before, n_before);
	else
		give(fault == OTHER_ADDRESS ? other : door, to, bytes, n);
	if (fault == DOUBLES)
		give(door, to, bytes, n);
	memcpy(before, bytes, n);
	n_before = n;
}

static void
run_relay(int door, int other, uint16_t port)
{
	static char bytes[DATAGRAM];
	struct sockaddr_in from = { 0 }, to = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) },
		.sin_port = htons(port) };
	struct pollfd fds[2] = { { door, POLLIN, 0 }, { bind_at(INADDR_LOOPBACK, 0), POLLIN, 0 } };

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t n;

		(void)poll(fds, 2, -1);
		if (fds[0].revents) {
			n = recvfrom(door, bytes, sizeof(bytes), MSG_DONTWAIT,
			    (struct sockaddr *)&from, &size);
			if (n > 0 && !(order->fault == LOSES && order->requests % 3 == 2) &&
			    !(order->fault == FALLS_SILENT && order->requests >= 2))
				give(fds[1].fd, &to, bytes, (size_t)n);
			order->requests += n > 0;
		}
		n = fds[1].revents ? recv(fds[1].fd, bytes, sizeof(bytes), MSG_DONTWAIT) : -1;
		if (n > 0)
			give_answer(door, other, &from, bytes, (size_t)n);
	}
}

static int
start(void **state)
{
	int door, other;

	(void)state;
	for (unsigned i = 0; i < LISTENERS; i++) {
		listening[i] = help_bind(SOCK_STREAM, &listeners[i]);
		assert_int_equal(listen(listeners[i], 1), 0);
	}
	if (!help_agent_start(&agent))
		return 0;
	order = mmap(
	    NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(order, MAP_FAILED);
	relay_port = help_bind(SOCK_DGRAM, &door);
	other = bind_at(INADDR_LOOPBACK + 1, relay_port);
	relay = fork();
	if (relay == 0)
		run_relay(door, other, agent.port);
	close(door);
	close(other);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	if (relay > 0) {
		kill(relay, SIGKILL);
		waitpid(relay, NULL, 0);
	}
	help_agent_stop(&agent);
	for (unsigned i = 0; i < LISTENERS; i++)
		close(listeners[i]);
	return 0;
}

/* --- the polls -------------------------------------------------------------------------------- */

struct result {
	bool seen[LISTENERS];
	unsigned rows; /* of our listeners */
	enum outcome outcome;
	enum reason reason;
	char why[POLL_WHY];
	enum fault fault;
	bool happened;
};

/* The library's notion of the agent's clock is set wrong: the same as if that one had jumped. */
static void
jump(int boots, int seconds)
{
	static const u_char engine[] = "\x80\x00\x1f\x88\x04gateba";
	u_int known, now;

	assert_int_equal(
	    get_enginetime(engine, sizeof(engine) - 1, &known, &now, TRUE), SNMPERR_SUCCESS);
	assert_int_equal(set_enginetime(engine, sizeof(engine) - 1, (u_int)((int)known + boots),
			     (u_int)((int)now + seconds), TRUE),
	    SNMPERR_SUCCESS);
}

static void
happen(struct result *r)
{
	r->happened = true;
	if (r->fault == BOOTS_AHEAD)
		jump(-1, 0);
	if (r->fault == CLOCK_BACK)
		jump(0, JUMP);
	if (r->fault == STARTS_ANEW) {
		help_agent_kill(&agent);
		help_agent_run(&agent);
	}
}

static void
take_row(const struct observation *o, void *arg)
{
	struct result *r = arg;

	for (unsigned i = 0; i < LISTENERS; i++)
		if (o->near.port == listening[i] && !r->seen[i]) {
			r->seen[i] = true;
			r->rows++;
		}
	if (r->rows >= MIDDLE && !r->happened)
		happen(r);
}

static void
take_table(
    const struct mib_table *table, const struct mib_reader *reader, enum outcome outcome, void *arg)
{
	struct result *r = arg;

	(void)table, (void)reader;
	r->outcome = outcome;
}

static void
take_done(enum reason reason, const char *why, void *arg)
{
	struct result *r = arg;

	r->reason = reason;
	snprintf(r->why, sizeof(r->why), "%s", why);
}

static struct result
ask(enum fault fault, bool v3)
{
	static const struct snmp_calls calls = {
		.row = take_row, .table = take_table, .done = take_done
	};
	const struct mib_table *tables[] = { mib_table_find(text_of("tcpListenerTable")), NULL };
	struct snmp_login login = v3 ? help_login(relay_port, "sha256", "SHA-256", "AES")
				     : help_login(relay_port, NULL, NULL, NULL);
	struct snmp_loop *loop = snmp_loop_new();
	struct result r = { .fault = fault, .outcome = OUTCOME_FAILED };
	struct error err = { 0 };

	login.timeout_ms = 150;
	login.tries = behaviours[fault].reason == REASON_TIMEOUT ? 3 : 60;
	order->requests = 0;
	order->fault = (int)fault;
	assert_int_equal(snmp_loop_add(loop, &login, tables, &calls, &r, &err), 0);
	snmp_loop_run(loop, 1, clock_mono_ms() + 20000);
	snmp_loop_free(loop);
	order->fault = NONE;
	return r;
}

static void
try_behaviour(enum fault f, bool v3)
{
	struct result r = ask(f, v3), next = ask(NONE, v3);

	printf("## %-3s %-40s %-8s %2u rows; next: %s, %u rows%s%s\n", v3 ? "v3" : "v2c",
	    behaviours[f].does, outcome_name(r.outcome), r.rows, outcome_name(next.outcome),
	    next.rows, r.why[0] ? " | " : "", r.why);
	if (r.outcome != behaviours[f].must || r.reason != behaviours[f].reason ||
	    (r.outcome == OUTCOME_COMPLETE) != (r.rows == LISTENERS))
		fail_msg("%s: %s, %s", behaviours[f].does, outcome_name(r.outcome), r.why);
	if (next.outcome != OUTCOME_COMPLETE || next.reason != REASON_NONE ||
	    next.rows != LISTENERS)
		fail_msg("after '%s': %s, %u rows: %s", behaviours[f].does,
		    outcome_name(next.outcome), next.rows, next.why);
}

static void
every_behaviour(void **state)
{
	(void)state;
	if (agent.pid == 0) {
		print_message("no %s here: not tested\n", help_snmpd);
		skip();
	}
	for (enum fault f = NONE; f < FAULTS; f++) {
		if (!behaviours[f].v3_only)
			try_behaviour(f, false);
		try_behaviour(f, true);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_behaviour) };

	return cmocka_run_group_tests(tests, start, stop);
}
