#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/prefix.h"

static uint64_t seed = 0x9e3779b97f4a7c15;

static unsigned
dice(unsigned sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)((seed >> 33) % sides);
}

static struct prefix
prefix(const char *s)
{
	struct prefix p;
	char why[128] = "";

	if (prefix_parse(text_of(s), &p, why, sizeof why) != 0)
		fail_msg("%s: %s", s, why);
	return p;
}

static struct addr
addr(const char *s)
{
	struct addr a;

	assert_true(addr_parse(text_of(s), &a));
	return a;
}

static bool
has(const struct prefix_set *set, const char *s)
{
	struct addr a = addr(s);

	return prefix_set_holds(set, &a);
}

static void
reads_and_prints(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "10.0.0.0/8", "10.0.0.0/8" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "::/0", "::/0" },
		{ "10.1.2.3", "10.1.2.3/32" },
		{ "10.1.2.3/32", "10.1.2.3/32" },
		{ "2001:DB8::/32", "2001:db8::/32" },
		{ "2001:db8::1", "2001:db8::1/128" },
		{ "fc00::/7", "fc00::/7" },
		{ "::ffff:10.0.0.0/104", "10.0.0.0/8" },
		{ "::ffff:10.1.2.3", "10.1.2.3/32" },
	};
	char out[ADDR_TEXT + 4];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prefix p = prefix(cases[i].in);

		assert_string_equal(prefix_format(&p, out), cases[i].out);
	}
}

static void
refuses_with_a_reason(void **state)
{
	static const struct {
		const char *in, *why;
	} cases[] = {
		{ "10.1.2.3/8", "host bits are set: did you mean 10.0.0.0/8" },
		{ "10.0.0.1/31", "host bits are set: did you mean 10.0.0.0/31" },
		{ "2001:db8::1/64", "host bits are set: did you mean 2001:db8::/64" },
		{ "::ffff:10.1.0.0/104", "host bits are set: did you mean 10.0.0.0/8" },
		{ "10.0.0.0/33", "the prefix length must be 0 to 32" },
		{ "::/129", "the prefix length must be 0 to 128" },
		{ "::ffff:10.0.0.0/95", "the prefix length must be 96 to 128" },
		{ "10.0.0.0/", "the prefix length must be 0 to 32" },
		{ "10.0.0.0/08", "the prefix length must be 0 to 32" },
		{ "10.0.0.0/-1", "the prefix length must be 0 to 32" },
		{ "10.0.0.0/8 ", "the prefix length must be 0 to 32" },
		{ "10.0.0.0/255.0.0.0", "the prefix length must be 0 to 32" },
		{ "10/8", "not an address or prefix; write 10.0.0.0/8 or 2001:db8::/32" },
		{ "", "not an address or prefix; write 10.0.0.0/8 or 2001:db8::/32" },
		{ "/8", "not an address or prefix; write 10.0.0.0/8 or 2001:db8::/32" },
		{ "inside", "not an address or prefix; write 10.0.0.0/8 or 2001:db8::/32" },
	};
	struct prefix p, before;
	char why[128];

	(void)state;
	memset(&before, 0x5a, sizeof before);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		p = before;
		assert_int_equal(prefix_parse(text_of(cases[i].in), &p, why, sizeof why), -1);
		assert_string_equal(why, cases[i].why);
		assert_memory_equal(&p, &before, sizeof p);
		assert_int_equal(prefix_parse(text_of(cases[i].in), &p, NULL, 0), -1);
	}
	assert_int_equal(prefix_parse(text_of("x"), &p, why, 4), -1);
	assert_string_equal(why, "not");
}

static void
knows_its_ends(void **state)
{
	static const struct {
		const char *prefix, *last, *in, *out;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.255.255", "10.1.2.3", "11.0.0.0" },
		{ "172.16.0.0/12", "172.31.255.255", "172.31.0.1", "172.32.0.1" },
		{ "192.0.2.1/32", "192.0.2.1", "192.0.2.1", "192.0.2.2" },
		{ "0.0.0.0/0", "255.255.255.255", "8.8.8.8", "::" },
		{ "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", "0.0.0.0" },
		{ "fc00::/7", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fd00::1", "fe00::" },
		{ "2001:db8::/127", "2001:db8::1", "2001:db8::1", "2001:db8::2" },
		{ "::1/128", "::1", "::1", "::2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prefix p = prefix(cases[i].prefix);
		struct addr expected = addr(cases[i].last), in = addr(cases[i].in);
		struct addr out = addr(cases[i].out), last;

		prefix_last(&p, &last);
		assert_true(addr_equal(&last, &expected));
		assert_true(prefix_holds(&p, &in) && prefix_holds(&p, &last));
		assert_false(prefix_holds(&p, &out));
	}
}

static void
longest_match_decides(void **state)
{
	struct prefix_set set = { 0 };
	struct prefix p;

	(void)state;
	assert_false(has(&set, "10.0.0.1"));
	p = prefix("10.1.2.0/24"), prefix_set_add(&set, &p, true);
	p = prefix("10.0.0.0/8"), prefix_set_add(&set, &p, true);
	p = prefix("10.1.0.0/16"), prefix_set_add(&set, &p, false);
	p = prefix("10.1.2.3"), prefix_set_add(&set, &p, false);
	p = prefix("10.0.0.0/16"), prefix_set_add(&set, &p, false);
	assert_int_equal(set.n, 5);
	assert_true(has(&set, "10.2.0.1"));
	assert_false(has(&set, "10.1.1.1"));
	assert_true(has(&set, "10.1.2.4"));
	assert_false(has(&set, "10.1.2.3"));
	assert_false(has(&set, "10.0.0.0"));
	assert_false(has(&set, "9.255.255.255"));
	assert_false(has(&set, "11.0.0.0"));
	assert_false(has(&set, "a00::")); /* the same bytes as 10.0.0.0 */
	p = prefix("10.1.0.0/16"), prefix_set_add(&set, &p, true);
	assert_int_equal(set.n, 5);
	assert_true(has(&set, "10.1.1.1"));
	prefix_set_free(&set);
	assert_int_equal(set.n, 0);
	assert_false(has(&set, "10.1.1.1"));
	p = prefix("0.0.0.0/0"), prefix_set_add(&set, &p, true);
	assert_true(has(&set, "255.255.255.255"));
	assert_false(has(&set, "::"));
	prefix_set_free(&set);
}

static void
private_prefixes(void **state)
{
	static const char *const in[] = { "10.0.0.0", "10.255.255.255", "172.16.0.0",
		"172.31.255.255", "192.168.0.0", "192.168.255.255", "100.64.0.0", "100.127.255.255",
		"fc00::", "fdff::1" };
	static const char *const out[] = { "9.255.255.255", "11.0.0.0", "172.15.255.255",
		"172.32.0.0", "192.167.255.255", "192.169.0.0", "100.63.255.255", "100.128.0.0",
		"8.8.8.8", "fbff::1", "fe00::", "2001:db8::1" };
	struct prefix_set set = { 0 };

	(void)state;
	prefix_set_add_private(&set);
	assert_int_equal(set.n, 5);
	for (size_t i = 0; i < sizeof in / sizeof *in; i++)
		assert_true(has(&set, in[i]));
	for (size_t i = 0; i < sizeof out / sizeof *out; i++)
		assert_false(has(&set, out[i]));
	prefix_set_free(&set);
}

static void
overlaps(void **state)
{
	struct prefix_set set = { 0 };
	struct prefix p;

	(void)state;
	p = prefix("10.0.0.0/8"), prefix_set_add(&set, &p, true);
	p = prefix("10.128.0.0/9"), prefix_set_add(&set, &p, false);
	p = prefix("10.0.0.0/10"), prefix_set_add(&set, &p, false);
	p = prefix("10.64.0.0/10"), assert_true(prefix_set_overlaps(&set, &p));
	p = prefix("10.0.0.0/9"), assert_true(prefix_set_overlaps(&set, &p));
	p = prefix("0.0.0.0/0"), assert_true(prefix_set_overlaps(&set, &p));
	p = prefix("10.0.0.0/10"), assert_false(prefix_set_overlaps(&set, &p));
	p = prefix("10.200.0.0/16"), assert_false(prefix_set_overlaps(&set, &p));
	p = prefix("11.0.0.0/8"), assert_false(prefix_set_overlaps(&set, &p));
	p = prefix("::/0"), assert_false(prefix_set_overlaps(&set, &p));
	/* The exceptions now cover all of it. */
	p = prefix("10.64.0.0/10"), prefix_set_add(&set, &p, false);
	p = prefix("0.0.0.0/0"), assert_false(prefix_set_overlaps(&set, &p));
	prefix_set_free(&set);
}

enum { RULES = 12 };

static bool
slow_holds(const struct prefix *p, const bool *in, size_t n, const struct addr *a)
{
	int longest = -1;
	bool answer = false;

	for (size_t i = 0; i < n; i++) {
		if (prefix_holds(&p[i], a) && p[i].length >= longest) {
			longest = p[i].length;
			answer = in[i];
		}
	}
	return answer;
}

/* 256 addresses in a row, at the start, in the middle or at the end of a family. */
static struct addr
nth(int world, unsigned i)
{
	static const char *const worlds[] = { "10.0.0.0", "255.255.255.0", "0.0.0.0",
		"::", "2001:db8::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00" };
	struct addr a = addr(worlds[world]);

	a.bytes[a.family == 4 ? 3 : 15] = (uint8_t)i;
	return a;
}

static struct prefix
random_prefix(int world)
{
	struct prefix p = { nth(world, 0), 0 };
	unsigned free_bits = dice(9);

	p.addr = nth(world, dice(256) >> free_bits << free_bits);
	p.length = (uint8_t)((p.addr.family == 4 ? 32 : 128) - free_bits);
	return p;
}

/* A set over few addresses, so that prefixes nest, repeat and touch, against the plain rule. */
static void
equals_the_plain_rule(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct prefix p[RULES];
		bool in[RULES], truth[256];
		struct prefix_set set = { 0 };
		int world = round % 6;
		size_t n = 1 + dice(RULES);

		for (size_t i = 0; i < n; i++) {
			p[i] = random_prefix(world);
			in[i] = dice(2);
			prefix_set_add(&set, &p[i], in[i]);
		}
		for (unsigned i = 0; i < 256; i++) {
			struct addr a = nth(world, i);

			truth[i] = slow_holds(p, in, n, &a);
			assert_int_equal(prefix_set_holds(&set, &a), truth[i]);
		}
		for (int k = 0; k < 20; k++) {
			struct prefix q = random_prefix(world);
			bool some = false;

			for (unsigned i = 0; i < 256; i++) {
				struct addr a = nth(world, i);

				some = some || (truth[i] && prefix_holds(&q, &a));
			}
			assert_int_equal(prefix_set_overlaps(&set, &q), some);
		}
		prefix_set_free(&set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_prints),
		cmocka_unit_test(refuses_with_a_reason),
		cmocka_unit_test(knows_its_ends),
		cmocka_unit_test(longest_match_decides),
		cmocka_unit_test(private_prefixes),
		cmocka_unit_test(overlaps),
		cmocka_unit_test(equals_the_plain_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
