/* Tables of a real agent, by every version and level: what snmpd says of its own sockets. */
#include "tests/unit/snmp_help.h"

#include "base/clock.h"
#include "drivers/driver.h"
#include "transports/snmp_key.h"

static struct help_agent agent;
static uint16_t listening;
static int listener;

static int
start(void **state)
{
	(void)state;
	listening = help_bind(SOCK_STREAM, &listener);
	assert_int_equal(listen(listener, 1), 0);
	(void)help_agent_start(&agent);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	help_agent_stop(&agent);
	close(listener);
	return 0;
}

/* What came of one agent. */
struct result {
	unsigned rows, tables, listeners;
	enum outcome outcome;
	enum reason reason;
	char why[POLL_WHY];
	int64_t ended_ms;
	bool done;
};

static void
take_row(const struct observation *o, void *arg)
{
	struct result *r = arg;

	r->rows++;
	r->listeners += o->near.port == listening;
}

static void
take_table(
    const struct mib_table *table, const struct mib_reader *reader, enum outcome outcome, void *arg)
{
	struct result *r = arg;
	const struct account *a = mib_account(reader);

	(void)table;
	r->tables++;
	r->outcome = outcome;
	assert_int_equal(a->row + a->noise + a->unread, a->lines);
}

static void
take_done(enum reason reason, const char *why, void *arg)
{
	struct result *r = arg;

	assert_false(r->done);
	r->done = true;
	r->ended_ms = clock_mono_ms();
	r->reason = reason;
	snprintf(r->why, sizeof(r->why), "%s", why);
}

static const struct snmp_calls calls = { .row = take_row, .table = take_table, .done = take_done };

static struct result
ask(const struct snmp_login *login)
{
	const struct mib_table *tables[] = { mib_table_find(text_of("tcpListenerTable")),
		mib_table_find(text_of("tcpConnectionTable")), NULL };
	struct snmp_loop *loop = snmp_loop_new();
	struct result r = { 0 };
	struct error err = { 0 };

	if (snmp_loop_add(loop, login, tables, &calls, &r, &err) < 0) {
		r.reason = REASON_CREDENTIAL;
		snprintf(r.why, sizeof(r.why), "%.300s", err.text);
	} else {
		snmp_loop_run(loop, 10, clock_mono_ms() + 10000);
		assert_true(r.done);
	}
	snmp_loop_free(loop);
	return r;
}

static struct snmp_login
login_as(const char *user, const char *auth, const char *priv)
{
	return help_login(agent.port, user, auth, priv);
}

static void
every_level(void **state)
{
	static const struct {
		const char *user, *auth, *priv;
	} cases[] = { { NULL, NULL, NULL }, { "nobody", NULL, NULL }, { "sha512", "SHA-512", NULL },
		{ "sha256", "SHA-256", "AES" }, { "sha256x", "SHA-256", "AES-256" },
		{ "sha1", "SHA", "AES" }, { "md5des", "MD5", "DES" } };

	(void)state;
	if (agent.pid == 0) {
		print_message("no %s here: not tested\n", help_snmpd);
		skip();
	}
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct snmp_login login = login_as(cases[i].user, cases[i].auth, cases[i].priv);
		struct result r = ask(&login);

		if (r.reason != REASON_NONE || r.outcome != OUTCOME_COMPLETE || r.tables != 2 ||
		    r.listeners != 1)
			fail_msg("%s: %s: %s; %u rows, %u tables, listener seen %u times",
			    cases[i].user ? cases[i].user : "v2c", reason_name(r.reason), r.why,
			    r.rows, r.tables, r.listeners);
	}
}

static void
version_1(void **state)
{
	struct snmp_login login = login_as(NULL, NULL, NULL);
	struct result r;

	(void)state;
	if (agent.pid == 0)
		skip();
	login.version = SNMP_V1;
	r = ask(&login);
	assert_int_equal(r.reason, REASON_NONE);
	assert_int_equal(r.listeners, 1);
	assert_int_equal(r.outcome, OUTCOME_COMPLETE);
}

static void
refusals(void **state)
{
	struct snmp_login login = login_as(NULL, NULL, NULL);
	struct result r;

	(void)state;
	if (agent.pid == 0)
		skip();
	login.community = "wrong";
	login.tries = 2;
	r = ask(&login);
	assert_int_equal(r.reason, REASON_TIMEOUT);
	assert_int_equal(r.rows, 0);
	login = login_as("sha256", "SHA-256", "AES");
	login.auth_password = "another-password";
	r = ask(&login);
	assert_int_equal(r.reason, REASON_AUTH);
	assert_non_null(strstr(r.why, "wrong authentication password"));
	login = login_as("stranger", "SHA-256", "AES");
	r = ask(&login);
	assert_int_equal(r.reason, REASON_AUTH);
	assert_non_null(strstr(r.why, "knows no user stranger"));
	login = login_as("sha256", "SHA-256", "AES");
	login.auth_password = "short";
	r = ask(&login);
	assert_int_equal(r.reason, REASON_CREDENTIAL);
	login = login_as("sha256", "SHA-3", "AES");
	r = ask(&login);
	assert_string_equal(r.why, "no authentication protocol 'SHA-3'");
}

/* One that is not there delays nobody. */
static void
a_dead_one(void **state)
{
	const struct mib_table *tables[] = { mib_table_find(text_of("tcpListenerTable")), NULL };
	struct snmp_login alive = login_as(NULL, NULL, NULL);
	struct snmp_login dead = login_as("sha256", "SHA-256", "AES");
	struct snmp_loop *loop = snmp_loop_new();
	struct result r[20] = { 0 };
	struct error err = { 0 };
	int64_t before;

	(void)state;
	if (agent.pid == 0)
		skip();
	dead.host = "192.0.2.1";
	dead.timeout_ms = 600;
	dead.tries = 2;
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(
		    snmp_loop_add(loop, i == 3 ? &dead : &alive, tables, &calls, &r[i], &err), 0);
	before = clock_mono_ms();
	snmp_loop_run(loop, 20, before + 5000);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(r[i].reason == REASON_NONE, i != 3);
	/* No send, the first one either, waits for an answer. */
	assert_int_equal(r[3].reason, REASON_TIMEOUT);
	assert_in_range(r[3].ended_ms - before, 1200, 2000);
	for (unsigned i = 4; i < 20; i++)
		assert_in_range(r[i].ended_ms - before, 0, 500);
	snmp_loop_free(loop);
}

/* The examples of RFC 3414, A.3; what it does not list is as net-snmp derives it. */
static void
keys(void **state)
{
	static const struct {
		const char *auth, *key;
	} cases[] = { { "MD5", "9faf3283884e92834ebc9847d8edd963" },
		{ "SHA", "9fb5cc0381497b3793528939ff788d5d79145211" },
		{ "sha-256", "ab51014d1e077f6017df2b12bee5f5aa72993177e9bb569c4dff5a4ca0b4afac" } };
	uint8_t key[SNMP_KEY];

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = snmp_key(cases[i].auth, "maplesyrup", key);
		char text[2 * SNMP_KEY + 1];

		for (size_t k = 0; k < n; k++)
			snprintf(text + 2 * k, 3, "%02x", key[k]);
		assert_string_equal(text, cases[i].key);
	}
	assert_int_equal(snmp_key("SHA-512", "maplesyrup", key), 64);
	assert_int_equal(snmp_key("SHA-3", "maplesyrup", key), 0);
}

/* The names a poll asks for and those that are read are one list; a driver says when to ask. */
static void
driver_knows_all(void **state)
{
	const struct command *c = driver_find("snmp")->commands;
	unsigned n = 0;

	(void)state;
	for (; c->send; c++, n++) {
		const struct mib_table *t = mib_table_find(text_of(c->send));

		if (!t)
			fail_msg("no table %s", c->send);
		assert_int_equal(t->topic, c->topic);
		assert_int_equal(t->scope, c->scope);
	}
	for (unsigned i = 0; i < mibs_count; i++)
		for (const struct mib_table *t = mibs[i]->tables; t->name; t++)
			n -= t->columns != NULL;
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(driver_knows_all),
		cmocka_unit_test(keys),
		cmocka_unit_test(every_level),
		cmocka_unit_test(version_1),
		cmocka_unit_test(refusals),
		cmocka_unit_test(a_dead_one),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
