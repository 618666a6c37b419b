/* From the device's view to ours, as a table: one observation, what becomes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "poller/join.h"
#include "poller/normalise.h"
#include "poller/rows.h"

static struct prefix_set internal;
static struct rows rows;
static struct mappings mappings;
static struct poll_report report;

static struct endpoint
ep(const char *text)
{
	struct endpoint e = { 0 };
	struct text rest = text_of(text);
	uint64_t port;

	if (!text)
		return e;
	assert_true(addr_take(&rest, &e.addr));
	if (text_take_char(&rest, '/') && text_take_number(&rest, 65535, &port)) {
		e.port = (uint16_t)port;
		e.has_port = true;
	}
	return e;
}

struct row {
	const char *near, *far, *near_nat, *far_nat; /* "address/port" or NULL */
	int scope, starter;
	const char *inside, *outside; /* NULL: no session */
	int initiator, as_scope;
	uint64_t *counted; /* which counter it raised, or NULL */
};

static const struct row table[] = {
	/* SNAT: conntrack's original tuple is near to far, the reply's destination is the mapping
	 */
	{ "10.1.1.5/1000", "203.0.113.9/443", "192.0.2.1/1000", NULL, SCOPE_TRANSIT, STARTER_NEAR,
	    "10.1.1.5", "203.0.113.9", INITIATOR_IN, SCOPE_TRANSIT, NULL },
	/* DNAT: an outside host starts towards a mapped inside host */
	{ "198.51.100.7/5000", "10.1.1.9/443", NULL, "192.0.2.1/8443", SCOPE_TRANSIT, STARTER_NEAR,
	    "10.1.1.9", "198.51.100.7", INITIATOR_OUT, SCOPE_TRANSIT, NULL },
	{ "10.1.1.5/1000", "203.0.113.9/443", NULL, NULL, SCOPE_TRANSIT, STARTER_UNKNOWN,
	    "10.1.1.5", "203.0.113.9", INITIATOR_UNKNOWN, SCOPE_TRANSIT, NULL },
	{ "203.0.113.9/443", "10.1.1.5/1000", NULL, NULL, SCOPE_TRANSIT, STARTER_FAR, "10.1.1.5",
	    "203.0.113.9", INITIATOR_IN, SCOPE_TRANSIT, NULL },
	{ "10.1.1.5/1000", "10.2.2.2/443", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, NULL, NULL, 0,
	    0, &report.inside_inside },
	{ "198.51.100.7/1000", "203.0.113.9/443", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, NULL,
	    NULL, 0, 0, &report.outside_outside },
	/* an exception of the inside is outside */
	{ "10.1.1.5/1000", "10.99.0.1/443", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, "10.1.1.5",
	    "10.99.0.1", INITIATOR_IN, SCOPE_TRANSIT, NULL },
	{ "10.1.1.5/1000", "224.0.0.5/0", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, NULL, NULL, 0, 0,
	    &report.special },
	{ "10.1.1.5/1000", NULL, "192.0.2.1/1000", NULL, SCOPE_TRANSIT, STARTER_UNKNOWN, NULL, NULL,
	    0, 0, &report.listening },
	/* self: the device is the inside host, whatever its address */
	{ "192.0.2.110/179", "198.51.100.1/31411", NULL, NULL, SCOPE_SELF, STARTER_UNKNOWN,
	    "192.0.2.110", "198.51.100.1", INITIATOR_UNKNOWN, SCOPE_SELF, NULL },
	{ "10.44.0.1/22", "10.44.0.9/60000", NULL, NULL, SCOPE_SELF, STARTER_UNKNOWN, NULL, NULL, 0,
	    0, &report.inside_inside },
	{ "0.0.0.0/179", NULL, NULL, NULL, SCOPE_SELF, STARTER_UNKNOWN, NULL, NULL, 0, 0,
	    &report.listening },
	/* a socket bound to no address is known by the address we dialled */
	{ NULL, "203.0.113.66/500", NULL, NULL, SCOPE_SELF, STARTER_UNKNOWN, "10.0.0.1",
	    "203.0.113.66", INITIATOR_UNKNOWN, SCOPE_SELF, NULL },
	{ "10.3.3.3/5000", "203.0.113.80/443", NULL, NULL, SCOPE_HOST, STARTER_UNKNOWN, "10.3.3.3",
	    "203.0.113.80", INITIATOR_UNKNOWN, SCOPE_HOST, NULL },
	{ "127.0.0.1/5000", "127.0.0.1/443", NULL, NULL, SCOPE_HOST, STARTER_UNKNOWN, NULL, NULL, 0,
	    0, &report.special },
	/* the firewall's own session stands in its transit table */
	{ "10.0.0.1/40000", "203.0.113.5/53", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, "10.0.0.1",
	    "203.0.113.5", INITIATOR_IN, SCOPE_SELF, NULL },
	/* our own login, seen from both sides and through a NAT in between */
	{ "10.0.0.9/50001", "10.0.0.1/22", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, NULL, NULL, 0,
	    0, &report.own },
	{ "10.0.0.1/22", "10.0.0.9/50001", NULL, NULL, SCOPE_SELF, STARTER_UNKNOWN, NULL, NULL, 0,
	    0, &report.own },
	{ "10.0.0.9/50001", "192.168.7.7/22", NULL, "10.0.0.1/22", SCOPE_TRANSIT, STARTER_NEAR,
	    NULL, NULL, 0, 0, &report.own },
	/* somebody else's login to the same port is not ours */
	{ "203.0.113.50/50001", "10.0.0.1/22", NULL, NULL, SCOPE_TRANSIT, STARTER_NEAR, "10.0.0.1",
	    "203.0.113.50", INITIATOR_OUT, SCOPE_SELF, NULL },
};

static struct normalise
fresh(void)
{
	report = (struct poll_report){ 0 };
	if (rows.words)
		rows_free(&rows);
	mappings_free(&mappings);
	assert_int_equal(rows_new(&rows), 0);
	return (struct normalise){ .internal = &internal,
		.device = ep("10.0.0.1").addr,
		.login_here = ep("10.0.0.9/50001"),
		.login_there = ep("10.0.0.1/22"),
		.rows = &rows,
		.mappings = &mappings,
		.report = &report };
}

static void
every_row_of_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct row *t = &table[i];
		struct normalise n = fresh();
		struct observation o = { .near = ep(t->near),
			.far = ep(t->far),
			.near_nat = ep(t->near_nat),
			.far_nat = ep(t->far_nat),
			.proto = PROTO_TCP,
			.scope = (uint8_t)t->scope,
			.starter = (uint8_t)t->starter };

		normalise_row(&n, &o);
		if (rows.n != (t->inside ? 1u : 0u) || (t->counted && *t->counted != 1))
			fail_msg("row %zu of the table: %zu sessions", i, rows.n);
		if (!t->inside)
			continue;
		struct addr in = ep(t->inside).addr, out = ep(t->outside).addr;

		if (!addr_equal(&rows.row[0].key.inside, &in) ||
		    !addr_equal(&rows.row[0].key.outside, &out) ||
		    rows.row[0].initiator != t->initiator || rows.row[0].key.scope != t->as_scope)
			fail_msg("row %zu of the table came out otherwise", i);
	}
}

static void
nat_follows_its_end(void **state)
{
	struct normalise n = fresh();
	struct observation o = { .near = ep("198.51.100.7/5000"),
		.far = ep("10.1.1.9/443"),
		.far_nat = ep("192.0.2.1/8443"),
		.proto = PROTO_TCP,
		.starter = STARTER_NEAR };
	struct addr mapped = ep("192.0.2.1").addr;

	(void)state;
	normalise_row(&n, &o);
	assert_int_equal(rows.n, 1);
	assert_true(addr_equal(&rows.row[0].in_nat, &mapped));
	assert_int_equal(rows.row[0].in_nat_port, 8443);
	assert_true(rows.row[0].flags & SESSION_IN_NAT_PORT);
	assert_int_equal(rows.row[0].out_nat.family, 0);
}

static void
counters_turn_with_the_ends(void **state)
{
	struct normalise n = fresh();
	struct observation o = {
		.near = ep("198.51.100.7/5000"), .far = ep("10.1.1.9/443"), .proto = PROTO_TCP
	};

	(void)state;
	o.counters = (struct counters){ .has = HAS_BYTES_NEAR | HAS_PACKETS_NEAR | HAS_AGE,
		.bytes_near = 100,
		.packets_near = 2,
		.age = 9 };
	normalise_row(&n, &o);
	assert_int_equal(rows.row[0].counters.has, HAS_BYTES_FAR | HAS_PACKETS_FAR | HAS_AGE);
	assert_int_equal(rows.row[0].counters.bytes_far, 100);
	assert_int_equal(rows.row[0].counters.packets_far, 2);
	assert_int_equal(rows.row[0].counters.age, 9);
}

static void
kept_when_configured(void **state)
{
	struct normalise n = fresh();
	struct observation o = { .near = ep("10.1.1.5/1000"),
		.far = ep("10.2.2.2/443"),
		.proto = PROTO_TCP,
		.starter = STARTER_NEAR };

	(void)state;
	n.keep_inside = true;
	normalise_row(&n, &o);
	assert_int_equal(rows.n, 1);
	assert_int_equal(report.inside_inside, 1);
}

static void
two_places_are_two_sessions(void **state)
{
	struct normalise n = fresh();
	struct observation o = {
		.near = ep("10.1.1.5/1000"), .far = ep("203.0.113.9/443"), .proto = PROTO_TCP
	};
	uint64_t copies = 0;

	(void)state;
	normalise_row(&n, &o);
	o.place = text_of("zone 5");
	normalise_row(&n, &o);
	rows_sort(&rows, &copies);
	assert_int_equal(rows.n, 2);
	assert_int_equal(copies, 0);
}

/* FortiOS lists a flow once for each VDOM that it crosses; the one that translates says to what. */
static void
a_flow_that_crosses_places_is_one_session(void **state)
{
	struct normalise n = fresh();
	struct observation o = { .near = ep("10.1.1.5/1000"),
		.far = ep("203.0.113.9/443"),
		.proto = PROTO_TCP,
		.place = text_of("vd=1") };
	uint64_t copies = 0;

	(void)state;
	n.crosses = true;
	normalise_row(&n, &o);
	o.place = text_of("vd=0");
	o.near_nat = ep("192.0.2.1/61000");
	normalise_row(&n, &o);
	rows_sort(&rows, &copies);
	assert_int_equal(rows.n, 1);
	assert_int_equal(copies, 1);
	assert_int_equal(rows.row[0].in_nat_port, 61000);
}

static int
set_up(void **state)
{
	struct prefix exception;

	(void)state;
	prefix_set_add_private(&internal);
	assert_int_equal(prefix_parse(text_of("10.99.0.0/16"), &exception, NULL, 0), 0);
	prefix_set_add(&internal, &exception, false);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	rows_free(&rows);
	mappings_free(&mappings);
	prefix_set_free(&internal);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_table),
		cmocka_unit_test(nat_follows_its_end),
		cmocka_unit_test(counters_turn_with_the_ends),
		cmocka_unit_test(kept_when_configured),
		cmocka_unit_test(two_places_are_two_sessions),
		cmocka_unit_test(a_flow_that_crosses_places_is_one_session),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
