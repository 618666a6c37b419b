/* The quick ways of the matcher against the slow ones they stand for: a million made-up words are
 * read as an address and as a number, and both must say the same as base/. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "drivers/pattern.h"

enum { WORDS = 500000 };

static uint64_t state = 1;

static unsigned
below(unsigned n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % n;
}

/* Reads the line. Behind it lie bytes that would go on with it, and then the end of its memory: a
 * byte taken or looked at too far is found. */
static bool
reads(const struct pattern *p, const char *line, struct observation *o)
{
	size_t n = strlen(line);
	char *exact = malloc(n + PATTERN_PAD);
	struct found found = { 0 };
	bool ok;

	memcpy(exact, line, n);
	exact[n] = "\n\r"[below(2)];
	for (size_t i = n + 1; i < n + PATTERN_PAD; i++)
		exact[i] = "0123456789AF.: "[below(15)];
	*o = (struct observation){ .proto = PROTO_NONE };
	ok = pattern_match(p, (struct text){ exact, n }, o, &found);
	free(exact);
	return ok;
}

/* Numbers of 0 to 3 digits and dots, mostly four of them, sometimes with a slip. */
static void
make_quad(char *out, size_t size)
{
	size_t n = 0;
	unsigned parts = below(20) == 0 ? below(6) : 4;

	for (unsigned i = 0; i < parts; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s%u", i > 0 ? "." : "",
		    below(30) == 0 ? "0" : "", below(300));
	if (n > 0 && below(20) == 0)
		out[below((unsigned)n)] = "x. -:%/0"[below(8)];
	out[n] = '\0';
}

static void
addresses_are_read_as_base_reads_them(void **unused)
{
	struct pattern *p = pattern_compile("{near.addr} {_...}", false, NULL, NULL);
	char quad[64], line[128];
	struct observation o;
	unsigned taken = 0;

	(void)unused;
	for (unsigned i = 0; i < WORDS; i++) {
		struct addr a = { 0 };
		bool expected, got;

		make_quad(quad, sizeof quad);
		if (strpbrk(quad, " -%") != NULL || quad[0] == '\0')
			continue; /* two words, a wildcard or a scope */
		expected = addr_parse(text_of(quad), &a);
		snprintf(
		    line, sizeof line, "%s %.*s", quad, 1 + (int)below(20), "xxxxxxxxxxxxxxxxxxxx");
		got = reads(p, line, &o);
		if (got != expected || (got && !addr_equal(&o.near.addr, &a)))
			fail_msg("\"%s\" is %san address", quad, expected ? "" : "not ");
		taken += got;
	}
	assert_in_range(taken, WORDS / 10, WORDS);
	pattern_free(p);
}

/* Groups and colons, mostly well-formed, sometimes with a slip. */
static void
make_groups(char *out, size_t size)
{
	unsigned gap = below(3) ? below(9) : 99, groups = gap == 99 ? 7 + below(20) / 19 : below(8);
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i <= groups; i++) {
		const char *between = i == gap ? "::" : i > 0 ? ":" : "";

		n += (size_t)snprintf(out + n, size - n, below(9) ? "%s%x" : "%s%04X", between,
		    below(6)   ? below(0x10000)
		    : below(8) ? 0
			       : below(0x200000));
	}
	if (below(10) == 0)
		n += (size_t)snprintf(out + n, size - n, ":%s", below(2) ? ":" : "192.0.2.1");
	if (below(10) == 0)
		snprintf(out, size, "::ffff:%s", below(2) ? "192.0.2.1" : "c000:201");
	if (n > 0 && below(20) == 0)
		out[below((unsigned)n)] = "xg:.F0"[below(6)];
}

static void
ipv6_addresses_are_read_as_base_reads_them(void **unused)
{
	struct pattern *p = pattern_compile("{near.addr} {_...}", false, NULL, NULL);
	char groups[128], line[160];
	struct observation o;
	unsigned taken = 0;

	(void)unused;
	for (unsigned i = 0; i < WORDS; i++) {
		struct addr a = { 0 };
		bool expected;

		make_groups(groups, sizeof groups);
		expected = addr_parse(text_of(groups), &a);
		snprintf(line, sizeof line, "%s xx", groups);
		if (reads(p, line, &o) != expected || (expected && !addr_equal(&o.near.addr, &a)))
			fail_msg("\"%s\" is %san address", groups, expected ? "" : "not ");
		taken += expected;
	}
	assert_in_range(taken, WORDS / 4, WORDS);
	pattern_free(p);
}

/* What an end is, said once more: split at the last separator, or the address alone. */
static bool
split_end(const char *token, struct endpoint *e)
{
	const char *mark = strrchr(token, ':'), *dot = strrchr(token, '.');
	struct text addr = text_of(token);
	uint64_t port;

	*e = (struct endpoint){ 0 };
	mark = dot > mark ? dot : mark;
	if (token[0] == '[') {
		const char *close = strchr(token, ']');

		addr = (struct text){ token + 1, (size_t)(close - token - 1) };
		mark = close + 1;
		if (*mark == '\0')
			return addr_parse(addr, &e->addr);
	} else if (mark) {
		addr.n = (size_t)(mark - token);
	}
	if (mark && addr_parse(addr, &e->addr) &&
	    (strcmp(mark + 1, "*") == 0 || text_number(text_of(mark + 1), 65535, &port))) {
		e->has_port = mark[1] != '*';
		e->port = e->has_port ? (uint16_t)port : 0;
		return true;
	}
	*e = (struct endpoint){ 0 };
	return token[0] != '[' && addr_parse(text_of(token), &e->addr);
}

static void
ends_are_split_at_the_last_separator(void **unused)
{
	struct pattern *p = pattern_compile("{far} <>", false, NULL, NULL);
	char addr[128], port[8], token[160], line[200];
	unsigned taken = 0;

	(void)unused;
	for (unsigned i = 0; i < WORDS; i++) {
		struct observation o;
		struct endpoint e;
		bool expected;

		if (below(4) == 0)
			make_quad(addr, sizeof addr);
		else
			make_groups(addr, sizeof addr);
		snprintf(port, sizeof port, below(4) ? "%u" : "*", below(70000));
		switch (below(4)) {
		case 0: snprintf(token, sizeof token, "[%s]:%s", addr, port); break;
		case 1: snprintf(token, sizeof token, "%s:%s", addr, port); break;
		case 2: snprintf(token, sizeof token, "%s.%s", addr, port); break;
		default: snprintf(token, sizeof token, "[%s]", addr); break;
		}
		if (strpbrk(token, " -%/*") < strchr(token, '\0') - 1 && strpbrk(token, " -%/*"))
			continue; /* two words, a wildcard, a scope or another separator */
		expected = split_end(token, &e);
		snprintf(line, sizeof line, "%s%s", token, below(2) ? " and more" : "");
		if (reads(p, line, &o) != expected || (expected && !endpoint_equal(&o.far, &e)))
			fail_msg("\"%s\" is %san end, or another", token, expected ? "" : "not ");
		taken += expected;
	}
	assert_in_range(taken, WORDS / 4, WORDS);
	pattern_free(p);
}

static void
numbers_are_read_as_base_reads_them(void **unused)
{
	struct pattern *counter = pattern_compile("{bytes} <>", false, NULL, NULL);
	struct pattern *end = pattern_compile("{far} <>", false, NULL, NULL);
	char digits[32], line[128];
	struct observation o;

	(void)unused;
	for (unsigned i = 0; i < WORDS; i++) {
		unsigned n = 1 + below(21);
		uint64_t value = 0;
		bool expected;

		for (unsigned k = 0; k < n; k++)
			digits[k] = (char)('0' + below(10));
		digits[n] = '\0';
		if (below(20) == 0)
			digits[below(n)] = "x/:;\x80"[below(5)];
		snprintf(line, sizeof line, "%s%s", digits, below(2) ? " and more behind" : "");
		expected = text_number(text_of(digits), UINT64_MAX, &value);
		if (reads(counter, line, &o) != expected ||
		    (expected && o.counters.bytes_total != value))
			fail_msg("\"%s\": read as %llu", line,
			    (unsigned long long)o.counters.bytes_total);
		if (digits[0] == 'x' || (digits[0] == '0' && n > 1))
			continue;
		snprintf(line, sizeof line, "192.0.2.1:%s%s", digits, below(2) ? " and more" : "");
		expected = expected && value <= 65535;
		if (reads(end, line, &o) != expected || (expected && o.far.port != value))
			fail_msg("\"%s\": port %u", line, o.far.port);
	}
	pattern_free(counter);
	pattern_free(end);
}

static bool
is_made_of(const char *token, const char *bytes)
{
	return token[strspn(token, bytes)] == '\0';
}

static void
words_have_their_shape(void **unused)
{
	static const char digits[] = "0123456789", hex[] = "0123456789abcdefABCDEF",
			  caps[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	struct pattern *number = pattern_compile("{number} <>", false, NULL, NULL);
	struct pattern *hexadecimal = pattern_compile("{hex} <>", false, NULL, NULL);
	struct pattern *capitals = pattern_compile("{state:caps} <>", false, NULL, NULL);
	struct observation o;

	(void)unused;
	for (unsigned i = 0; i < WORDS; i++) {
		const char *from = below(3) == 0 ? digits : below(2) ? hex : caps;
		char token[64] = "", line[128];
		unsigned n = 1 + below(40);
		bool shaped;

		for (unsigned k = 0; k < n; k++)
			token[k] = from[below((unsigned)strlen(from))];
		if (below(4) == 0)
			token[below(n)] = "/:@G[`g{\x80\xff"[below(10)];
		snprintf(line, sizeof line, "%s%s", token, below(2) ? "  and more behind" : "");
		if (reads(number, line, &o) != is_made_of(token, digits))
			fail_msg("\"%s\": {number}", line);
		shaped = strncmp(token, "0X", 2) == 0 ? n > 2 && is_made_of(token + 2, hex)
						      : is_made_of(token, hex);
		if (reads(hexadecimal, line, &o) != shaped)
			fail_msg("\"%s\": {hex}", line);
		shaped = token[0] >= 'A' && token[0] <= 'Z' && is_made_of(token, caps);
		if (reads(capitals, line, &o) != shaped || (shaped && o.state.n != n))
			fail_msg("\"%s\": {state:caps}", line);
	}
	pattern_free(number);
	pattern_free(hexadecimal);
	pattern_free(capitals);
}

/* Twelve digits, the last of them at the end, and what separates them. */
static void
macs_have_twelve_digits(void **unused)
{
	static const char digits[] = "0123456789abcdefABCDEF", marks[] = ".:-";
	struct pattern *mac = pattern_compile("{mac:mac} <>", false, NULL, NULL);
	struct observation o;
	unsigned taken = 0;

	(void)unused;
	for (unsigned i = 0; i < WORDS; i++) {
		unsigned n = 0, count = below(3) ? 12 : 10 + below(5), k = 0;
		unsigned every = below(3) ? 2 + 2 * below(3) : 1 + below(12);
		char token[64] = "", line[128];
		bool expected;

		for (; k < count; k++) {
			if (k > 0 && k % every == 0)
				token[n++] = marks[below(3)];
			token[n++] = digits[below(22)];
		}
		if (below(10) == 0) {
			token[below(n)] = "g/:0"[below(4)];
			k = 0;
			for (unsigned at = 0; at < n; at++)
				k += strchr(digits, token[at]) != NULL;
		}
		expected = k == 12 && n <= 17 && strchr(digits, token[n - 1]) &&
			   token[strspn(token, "0123456789abcdefABCDEF.:-")] == '\0';
		snprintf(line, sizeof line, "%s%s", token, below(2) ? " and more" : "");
		if (reads(mac, line, &o) != expected)
			fail_msg("\"%s\" is %sa MAC", token, expected ? "" : "no ");
		taken += expected;
	}
	assert_in_range(taken, WORDS / 4, WORDS);
	pattern_free(mac);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_as_base_reads_them),
		cmocka_unit_test(ipv6_addresses_are_read_as_base_reads_them),
		cmocka_unit_test(ends_are_split_at_the_last_separator),
		cmocka_unit_test(macs_have_twelve_digits),
		cmocka_unit_test(numbers_are_read_as_base_reads_them),
		cmocka_unit_test(words_have_their_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
