#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

static uint64_t seed = 0x9e3779b97f4a7c15;

static unsigned
dice(unsigned sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)((seed >> 33) % sides);
}

static void
reads_and_prints(void **state)
{
	static const char *const same[] = { "0.0.0.0", "1.2.3.4", "10.20.30.40", "100.200.100.200",
		"255.255.255.255", "::", "::1", "1::", "2001:db8::1", "fe80::1:2:3:4",
		"2001:db8:1:2:3:4:5:6", "1:0:0:2::3", "1::2:0:0:3:4", "2001:db8:0:1:1:1:1:1",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" };
	static const struct {
		const char *in, *out;
	} other[] = {
		{ "2001:DB8:0:0:0:0:0:ABCD", "2001:db8::abcd" },
		{ "2001:0db8::0001", "2001:db8::1" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ "1:2::4:5:6:7:8", "1:2:0:4:5:6:7:8" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "::FFFF:c000:201", "192.0.2.1" },
		{ "0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1" },
		{ "64:ff9b::192.0.2.1", "64:ff9b::c000:201" },
		{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
		{ "1::2:3:4:5:1.2.3.4", "1:0:2:3:4:5:102:304" },
		{ "::1.2.3.4", "::102:304" },
	};
	struct addr a;
	char out[ADDR_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		assert_true(addr_parse(text_of(same[i]), &a));
		assert_string_equal(addr_format(&a, out), same[i]);
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		assert_true(addr_parse(text_of(other[i].in), &a));
		assert_string_equal(addr_format(&a, out), other[i].out);
	}
}

static void
refuses(void **state)
{
	static const char *const bad[] = { "", "1", ".", ":", ":::", "1.2.3", "1.2.3.", "1.2.3.4.",
		"1.2.3.4.5", "256.1.1.1", "1.1.1.256", "1.1.1.1000", "01.2.3.4", "1.2.3.00",
		"1..2.3", " 1.2.3.4", "1.2.3.4 ", "1.2.3.a", "+1.2.3.4", "0x1.2.3.4",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
		"1::2::3", "12345::", "::12345", "1:2:3:4:5:6:7:12345", ":1::", "1:", "::1:", "::g",
		"fe80::1%eth0", "[::1]", "1:2:3:4:5:6:7:1.2.3.4", "1::2:3:4:5:6:1.2.3.4", "::1.2.3",
		"::1.2.3.256", "1.2.3.4::", "::1.2.3.4:5", "12:34:56", "00:11:22:33:44:55",
		"1:2:3:4:5:6:7::8" };
	struct addr a, before;

	(void)state;
	memset(&before, 0x5a, sizeof before);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		a = before;
		if (addr_parse(text_of(bad[i]), &a))
			fail_msg("%s was taken", bad[i]);
		assert_memory_equal(&a, &before, sizeof a);
	}
	assert_false(addr_parse((struct text){ "1.2.3.4\0", 8 }, &a));
	assert_false(addr_parse((struct text){ NULL, 0 }, &a));
}

static void
takes_the_longest(void **state)
{
	static const struct {
		const char *in, *taken, *left;
	} cases[] = {
		{ "10.1.1.1:80", "10.1.1.1", ":80" },
		{ "10.1.1.1.80", "10.1.1.1", ".80" },
		{ "10.1.1.1/24", "10.1.1.1", "/24" },
		{ "10.1.1.1 ", "10.1.1.1", " " },
		{ "10.1.1.1a", "10.1.1.1", "a" },
		{ "2001:db8::1.443", "2001:db8::1", ".443" },
		{ "2001:db8::1:", "2001:db8::1", ":" },
		{ "2001:db8::1:12345", "2001:db8::1", ":12345" },
		{ "1:2:3:4:5:6:7:8:443", "1:2:3:4:5:6:7:8", ":443" },
		{ "fe80::1%eth0", "fe80::1", "%eth0" },
		{ "::]:80", "::", "]:80" },
		{ ":::80", "::", ":80" },
		{ "1::2::3", "1::2", "::3" },
		{ "::ffff:10.1.1.1.443", "10.1.1.1", ".443" },
		{ "::ffff:10.1.1.1:443", "10.1.1.1", ":443" },
		{ "1:2:3:4:5:6:7::/64", "1:2:3:4:5:6:7:0", "/64" },
	};
	static const char *const none[] = { "10.1.1.1234", "10.1.1.01", "::12345", "1::23456",
		"1:2:3:4:5:6:7::8", "tcp", "" };
	char out[ADDR_TEXT];
	struct addr a;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text c = text_of(cases[i].in);

		assert_true(addr_take(&c, &a));
		assert_string_equal(addr_format(&a, out), cases[i].taken);
		assert_true(text_is(c, cases[i].left));
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct text c = text_of(none[i]);

		assert_false(addr_take(&c, &a));
		assert_true(c.s == none[i] && c.n == strlen(none[i]));
	}
}

/* The C library is the judge: the same texts, the same bytes. The copy has no byte behind its end,
 * so that a read too far is seen. */
static bool
agree(const char *s)
{
	uint8_t expected[16] = { 0 };
	size_t n = strlen(s);
	char *copy = malloc(n + 1);
	struct addr a;
	int family = inet_pton(AF_INET, s, expected) == 1    ? 4
		     : inet_pton(AF_INET6, s, expected) == 1 ? 6
							     : 0;

	assert_non_null(copy);
	memcpy(copy + 1, s, n);
	bool good = addr_parse((struct text){ copy + 1, n }, &a);

	free(copy);
	if (good != (family != 0))
		fail_msg("%s: ours %d, the C library %d", s, good, family != 0);
	if (!good)
		return false;
	if (family == 6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)expected)) {
		family = 4;
		memmove(expected, expected + 12, 4);
		memset(expected + 4, 0, 12);
	}
	assert_int_equal(a.family, family);
	assert_memory_equal(a.bytes, expected, 16);
	return true;
}

/* Texts out of the pieces of addresses: most are nearly right, a good part is right. */
static void
reads_like_the_c_library(void **state)
{
	static const char *const pieces[] = { ":", ":", ":", ":", ":", "::", ".", ".", ".", "0",
		"1", "9", "ff", "A", "25", "255", "256", "00", "1234", "fFfF", "12345", "g", "%",
		"ffff", "10.0.0.1", "1:2:3", "0:0", "1.2", " " };
	unsigned right = 0;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		char s[160] = "";
		size_t n = 0;

		for (unsigned k = 1 + dice(16); k > 0; k--)
			n += (size_t)snprintf(s + n, sizeof s - n, "%s",
			    pieces[dice(sizeof pieces / sizeof *pieces)]);
		right += agree(s);
	}
	assert_true(right > 1000);
}

static void
random_addr(struct addr *a)
{
	*a = (struct addr){ .family = dice(2) ? 4 : 6 };
	unsigned zeros = dice(5);

	for (int i = 0; i < (a->family == 4 ? 4 : 16); i++)
		a->bytes[i] = (uint8_t)(dice(4) < zeros ? 0 : dice(256));
	for (int i = 0; a->family == 6 && i < 16; i += 2) {
		if (dice(4) < zeros)
			a->bytes[i] = a->bytes[i + 1] = 0;
	}
}

static void
prints_like_the_c_library(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++) {
		char ours[ADDR_TEXT], theirs[INET6_ADDRSTRLEN], changed[64];
		struct addr a, again;

		random_addr(&a);
		inet_ntop(a.family == 4 ? AF_INET : AF_INET6, a.bytes, theirs, sizeof theirs);
		addr_format(&a, ours);
		/* The C library still prints ::a.b.c.d, which RFC 4291 took back. */
		if (a.family == 4 || strchr(theirs, '.') == NULL)
			assert_string_equal(ours, theirs);
		assert_true(addr_parse(text_of(ours), &again));
		assert_true(addr_equal(&a, &again));
		/* One byte changed: still the same verdict. */
		snprintf(changed, sizeof changed, "%s", ours);
		changed[dice((unsigned)strlen(changed))] = "0123456789abcdef:.%"[dice(19)];
		agree(changed);
	}
}

static void
stays_inside(void **state)
{
	static const char *const long_ones[] = { "255.255.255.255",
		"1111:2222:3333:4444:5555:6666:7777:8888", "::ffff:255.255.255.255",
		"1:2:3:4:5:6:255.255.255.255", "2001:db8::1" };

	(void)state;
	for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
		for (size_t n = 0; n <= strlen(long_ones[i]); n++) {
			char *copy = malloc(n + 1);
			struct addr a;

			assert_non_null(copy);
			memcpy(copy + 1, long_ones[i], n);
			struct text c = { copy + 1, n };

			addr_take(&c, &a);
			free(copy);
		}
	}
}

static void
prints_special_forms(void **state)
{
	struct addr none = { 0 };
	struct addr mapped = { 6, { [10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 1 } };
	struct endpoint e = { addr_from_ipv4(0xc0000201), true, 65535 };
	char out[ENDPOINT_TEXT];

	(void)state;
	assert_string_equal(addr_format(&none, out), "-");
	assert_string_equal(addr_format(&mapped, out), "::ffff:192.0.2.1");
	assert_string_equal(endpoint_format(&e, out), "192.0.2.1:65535");
	e.port = 0;
	assert_string_equal(endpoint_format(&e, out), "192.0.2.1:0");
	e.has_port = false;
	assert_string_equal(endpoint_format(&e, out), "192.0.2.1");
	assert_true(addr_parse(text_of("2001:db8::1"), &e.addr));
	assert_string_equal(endpoint_format(&e, out), "2001:db8::1");
	e.has_port = true;
	e.port = 443;
	assert_string_equal(endpoint_format(&e, out), "[2001:db8::1]:443");
	memset(e.addr.bytes, 0xff, 16);
	e.port = 65535;
	assert_string_equal(
	    endpoint_format(&e, out), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static struct addr
addr(const char *s)
{
	struct addr a;

	assert_true(addr_parse(text_of(s), &a));
	return a;
}

static void
compares(void **state)
{
	struct addr a = addr("9.255.0.0"), b = addr("10.0.0.0"), c = addr("::");
	struct endpoint d = { a, false, 1 }, e = { a, false, 2 };

	(void)state;
	assert_int_equal(addr_ipv4(&a), 0x09ff0000);
	assert_true(addr_compare(&a, &b) < 0 && addr_compare(&b, &a) > 0);
	assert_true(addr_compare(&b, &c) < 0);
	assert_int_equal(addr_compare(&a, &a), 0);
	assert_false(addr_equal(&a, &b));
	assert_true(endpoint_equal(&d, &e)); /* a port that is not there does not count */
	d.has_port = e.has_port = true;
	assert_false(endpoint_equal(&d, &e));
	e.port = 1;
	assert_true(endpoint_equal(&d, &e));
	e.has_port = false;
	assert_false(endpoint_equal(&d, &e));
}

static void
knows_special_addresses(void **state)
{
	static const char *const special[] = { "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255",
		"169.254.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "febf::1", "ff02::1" };
	static const char *const ordinary[] = { "1.0.0.1", "10.0.0.1", "126.0.0.1", "128.0.0.1",
		"169.253.0.1", "169.255.0.1", "192.0.2.1", "203.0.113.7", "223.255.255.255", "::2",
		"fec0::1", "fe7f::1", "fc00::1", "2001:db8::1" };
	struct addr a = { 0 };

	(void)state;
	assert_true(addr_is_special(&a));
	assert_false(addr_is_any(&a));
	for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
		a = addr(special[i]);
		assert_true(addr_is_special(&a));
		assert_int_equal(addr_is_any(&a), i == 0 || strcmp(special[i], "::") == 0);
	}
	for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++) {
		a = addr(ordinary[i]);
		assert_false(addr_is_special(&a));
		assert_false(addr_is_any(&a));
	}
}

static void
names_protocols(void **state)
{
	static const struct {
		const char *in;
		unsigned proto;
	} cases[] = {
		{ "tcp", 6 },
		{ "TCP", 6 },
		{ "Tcp6", 6 },
		{ "tcp4", 6 },
		{ "tcp46", 6 },
		{ "TCPv6", 6 },
		{ "udp", 17 },
		{ "udp6", 17 },
		{ "udplite", 136 },
		{ "udplite6", 136 },
		{ "icmp", 1 },
		{ "icmp6", 58 },
		{ "ICMPv6", 58 },
		{ "ipv6-icmp", 58 },
		{ "IPv6-ICMP", 58 },
		{ "icmp4", 1 },
		{ "gre", 47 },
		{ "esp", 50 },
		{ "ah", 51 },
		{ "ospf", 89 },
		{ "OSPFIGP", 89 },
		{ "sctp", 132 },
		{ "ipv4", 4 },
		{ "ipv6", 41 },
		{ "ipip", 94 },
		{ "0", 0 },
		{ "6", 6 },
		{ "255", 255 },
		{ "proto-61", 61 },
		{ "raw", PROTO_RAW },
		{ "raw6", PROTO_RAW },
		{ "any", PROTO_ANY },
		{ "ip", PROTO_ANY },
		{ "esp6", 50 },
	};
	uint16_t proto;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (!proto_parse(text_of(cases[i].in), &proto) || proto != cases[i].proto)
			fail_msg("%s", cases[i].in);
	}
}

static void
refuses_what_is_no_protocol(void **state)
{
	static const char *const bad[] = { "", "256", "-1", "tcpx", "tc", "v6", "6tcp", "proto-",
		"proto-256", "proto-x", " tcp", "tcp " };
	uint16_t proto;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		proto = 4711;
		if (proto_parse(text_of(bad[i]), &proto))
			fail_msg("%s is %u", bad[i], proto);
	}
	assert_false(proto_parse((struct text){ NULL, 0 }, &proto));
	assert_string_equal(proto_name(6), "tcp");
	assert_string_equal(proto_name(58), "icmp6");
	assert_string_equal(proto_name(PROTO_NONE), "");
	assert_string_equal(proto_name(PROTO_ANY), "any");
	assert_string_equal(proto_name(61), "proto-61");
	assert_string_equal(proto_name(4294967295), "proto-4294967295");
}

static void
protocols_survive_their_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= PROTO_ANY; i++) {
		uint16_t proto = 4711;

		if (i == PROTO_NONE)
			continue;
		assert_true(proto_parse(text_of(proto_name(i)), &proto));
		assert_int_equal(proto, i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_prints),
		cmocka_unit_test(refuses),
		cmocka_unit_test(takes_the_longest),
		cmocka_unit_test(reads_like_the_c_library),
		cmocka_unit_test(prints_like_the_c_library),
		cmocka_unit_test(stays_inside),
		cmocka_unit_test(prints_special_forms),
		cmocka_unit_test(compares),
		cmocka_unit_test(knows_special_addresses),
		cmocka_unit_test(names_protocols),
		cmocka_unit_test(refuses_what_is_no_protocol),
		cmocka_unit_test(protocols_survive_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
