/* A NAT table and a session table of one poll: which session takes which mapping, as a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "poller/join.h"
#include "poller/rows.h"

enum { GRE = 47 };

static struct endpoint
ep(const char *text)
{
	struct endpoint e = { 0 };
	struct text rest = text_of(text);
	uint64_t port;

	assert_true(addr_take(&rest, &e.addr));
	if (text_take_char(&rest, '/') && text_take_number(&rest, 65535, &port)) {
		e.port = (uint16_t)port;
		e.has_port = true;
	}
	return e;
}

static const struct {
	uint16_t proto;
	const char *near, *mapped, *place;
} table[] = {
	{ PROTO_TCP, "10.1.1.5/1000", "192.0.2.1/61000", "" },
	{ PROTO_UDP, "10.1.1.5/1000", "192.0.2.2/62000", "" },
	/* the same entry twice is no doubt */
	{ PROTO_TCP, "10.1.1.5/1000", "192.0.2.1/61000", "" },
	/* a static translation: any protocol, any port */
	{ PROTO_NONE, "10.1.1.6", "192.0.2.6", "" },
	/* a port of a host that has a static translation too */
	{ PROTO_TCP, "10.1.1.6/25", "192.0.2.1/25", "" },
	{ GRE, "10.1.1.8", "192.0.2.8", "" },
	/* translated by where it goes: the entry does not say where */
	{ PROTO_TCP, "10.1.1.7/1000", "192.0.2.1/1000", "" },
	{ PROTO_TCP, "10.1.1.7/1000", "192.0.2.2/1000", "" },
	{ PROTO_TCP, "10.1.1.9/1000", "192.0.2.9/1000", "red" },
	{ PROTO_TCP, "2001:db8:1::5/1000", "2001:db8:2::5/1000", "" },
	/* a host that keeps its address, in a network that does not */
	{ PROTO_NONE, "10.2.0.9", "10.2.0.9", "" },
};

/* Networks, host parts kept. */
static const struct {
	const char *near, *mapped;
	uint8_t bits;
} nets[] = {
	{ "10.2.0.0", "172.16.2.0", 23 },
	{ "10.3.0.0", "172.16.8.0", 21 },
	/* a part of it that keeps its addresses, perhaps for some peers only: nobody knows */
	{ "10.3.4.0", "10.3.4.0", 24 },
	{ "10.4.0.0", "172.16.16.0", 24 },
	{ "10.4.0.0", "172.16.17.0", 24 },
	{ "2001:db8:3::", "2001:db8:4::", 48 },
};

static const struct {
	uint16_t proto;
	const char *inside, *place, *mapped; /* mapped NULL: it takes none */
} sessions[] = {
	{ PROTO_TCP, "10.1.1.5/1000", "", "192.0.2.1/61000" },
	{ PROTO_UDP, "10.1.1.5/1000", "", "192.0.2.2/62000" },
	{ PROTO_TCP, "10.1.1.5/1001", "", NULL },
	{ PROTO_ICMP, "10.1.1.5/1000", "", NULL },
	{ PROTO_UDP, "10.1.1.6/5353", "", "192.0.2.6" },
	{ GRE, "10.1.1.6", "", "192.0.2.6" },
	{ PROTO_TCP, "10.1.1.6/25", "", "192.0.2.1/25" },
	{ GRE, "10.1.1.8", "", "192.0.2.8" },
	{ PROTO_TCP, "10.1.1.8/1000", "", NULL },
	{ PROTO_TCP, "10.1.1.7/1000", "", NULL },
	{ PROTO_TCP, "10.1.1.9/1000", "", NULL },
	{ PROTO_TCP, "10.1.1.9/1000", "red", "192.0.2.9/1000" },
	{ PROTO_TCP, "2001:db8:1::5/1000", "", "2001:db8:2::5/1000" },
	{ PROTO_TCP, "10.2.1.77/1000", "", "172.16.3.77" },
	{ PROTO_UDP, "10.2.0.0/53", "", "172.16.2.0" },
	{ PROTO_TCP, "10.2.2.77/1000", "", NULL },
	{ PROTO_TCP, "10.2.1.77/1000", "red", NULL },
	{ PROTO_TCP, "10.2.0.9/1000", "", NULL },
	{ PROTO_TCP, "10.3.7.8/1000", "", "172.16.15.8" },
	{ PROTO_TCP, "10.3.4.8/1000", "", NULL },
	{ PROTO_TCP, "10.4.0.8/1000", "", NULL },
	{ PROTO_TCP, "2001:db8:3:1::5/1000", "", "2001:db8:4:1::5" },
};

static struct session
session_of(size_t i)
{
	struct endpoint inside = ep(sessions[i].inside);
	struct session s = { .flags = inside.has_port ? SESSION_IN_PORT : 0 };

	s.key.inside = inside.addr;
	s.key.in_port = inside.port;
	s.key.proto = sessions[i].proto;
	s.key.place = text_hash(text_of(sessions[i].place));
	return s;
}

static struct mappings
whole_table(void)
{
	struct mappings m = { 0 };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct observation o = { .near = ep(table[i].near),
			.near_nat = ep(table[i].mapped),
			.proto = table[i].proto,
			.place = text_of(table[i].place) };

		if (endpoint_equal(&o.near, &o.near_nat)) /* as the reader says it */
			o.near_nat = (struct endpoint){ 0 };
		assert_true(mappings_take(&m, &o));
	}
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++) {
		struct observation o = { .near = ep(nets[i].near),
			.near_nat = ep(nets[i].mapped),
			.nets = true,
			.bits = nets[i].bits,
			.proto = PROTO_NONE };

		if (endpoint_equal(&o.near, &o.near_nat))
			o.near_nat = (struct endpoint){ 0 };
		assert_true(mappings_take(&m, &o));
	}
	return m;
}

static void
every_session_of_the_table(void **state)
{
	struct mappings m = whole_table();
	struct rows rows;

	(void)state;
	assert_int_equal(rows_new(&rows), 0);
	for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
		struct session s = session_of(i);

		rows_add(&rows, &s);
	}
	mappings_join(&m, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		struct endpoint got = { .addr = rows.row[i].in_nat,
			.port = rows.row[i].in_nat_port,
			.has_port = rows.row[i].flags & SESSION_IN_NAT_PORT };
		struct endpoint want = { 0 };

		if (sessions[i].mapped)
			want = ep(sessions[i].mapped);
		if (!endpoint_equal(&got, &want))
			fail_msg("session %zu, %s", i, sessions[i].inside);
	}
	mappings_free(&m);
	rows_free(&rows);
}

/* What a session says itself stands; a socket of the device does not pass its translation. */
static void
only_what_is_missing_is_taken(void **state)
{
	struct mappings m = whole_table();
	struct session own = session_of(0), socket = own;
	struct rows rows;

	(void)state;
	own.in_nat = ep("192.0.2.99").addr;
	socket.key.scope = SCOPE_SELF;
	assert_int_equal(rows_new(&rows), 0);
	rows_add(&rows, &own);
	rows_add(&rows, &socket);
	mappings_join(&m, &rows);
	assert_true(addr_equal(&rows.row[0].in_nat, &own.in_nat));
	assert_int_equal(rows.row[1].in_nat.family, 0);
	mappings_free(&m);
	rows_free(&rows);
}

/* Many entries, and as many sessions: each finds its own. */
static void
each_of_many_finds_its_own(void **state)
{
	enum { MANY = 20000 };
	struct mappings m = { 0 };
	struct rows rows;

	(void)state;
	assert_int_equal(rows_new(&rows), 0);
	for (uint32_t i = 0; i < MANY; i++) {
		struct observation o = { .proto = PROTO_TCP };
		struct session s = { .flags = SESSION_IN_PORT };

		o.near = (struct endpoint){ .addr = addr_from_ipv4(0x0a000000u + i / 16),
			.port = (uint16_t)(i % 16),
			.has_port = true };
		o.near_nat = (struct endpoint){
			.addr = addr_from_ipv4(0xc0000201u), .port = (uint16_t)i, .has_port = true
		};
		assert_true(mappings_take(&m, &o));
		s.key.inside = o.near.addr;
		s.key.in_port = o.near.port;
		s.key.proto = PROTO_TCP;
		rows_add(&rows, &s);
	}
	mappings_join(&m, &rows);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(rows.row[i].in_nat_port, i);
	mappings_free(&m);
	rows_free(&rows);
}

static void
a_row_without_an_end_is_not_kept(void **state)
{
	struct mappings m = { 0 };
	struct observation none = { .near_nat = ep("192.0.2.5/22"), .proto = PROTO_TCP };

	(void)state;
	assert_true(mappings_take(&m, &none));
	assert_int_equal(m.n, 0);
	mappings_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_session_of_the_table),
		cmocka_unit_test(only_what_is_missing_is_taken),
		cmocka_unit_test(each_of_many_finds_its_own),
		cmocka_unit_test(a_row_without_an_end_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
