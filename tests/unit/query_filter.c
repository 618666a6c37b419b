/* The filter language: what it means, what it refuses and how it says so, and that SQL and the row
 * evaluator never differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "tests/unit/filter_rows.h"

static struct filter *
parse(const char *text)
{
	struct error err = { 0 };
	struct filter *f = filter_parse(text, true, &err);

	if (f == NULL)
		fail_msg("%s\n%s", text, err.text);
	return f;
}

static enum filter_truth
judge(const char *text, const struct filter_row *row)
{
	struct filter *f = parse(text);
	enum filter_truth truth = filter_judge(f, row);

	filter_free(f);
	return truth;
}

static struct addr
addr_of(const char *text)
{
	struct addr a = { 0 };

	assert_true(addr_parse(text_of(text), &a));
	return a;
}

/* --- meaning ---------------------------------------------------------------------------------- */

static const struct {
	const char *text;
	enum filter_truth truth;
} meanings[] = {
	{ "int host 10.1.2.3", FILTER_TRUE }, { "ext host 10.1.2.3", FILTER_FALSE },
	{ "host 10.1.2.3", FILTER_TRUE }, { "ip 203.0.113.9 and port 443", FILTER_TRUE },
	{ "ext net 203.0.113.0/24, 198.51.100.0/24", FILTER_TRUE },
	{ "ext net 198.51.100.0/24 ,203[.]0[.]113[.]9", FILTER_TRUE },
	{ "src host 10.1.2.3 and dst port 443", FILTER_TRUE },
	{ "dst host 10.1.2.3", FILTER_FALSE }, { "nat host 192.0.2.1", FILTER_TRUE },
	{ "int nat host 192.0.2.1 and int nat port 3000", FILTER_TRUE },
	{ "ext nat host 192.0.2.1", FILTER_MISSING }, { "ext nat known", FILTER_FALSE },
	{ "nat known", FILTER_TRUE }, { "port 80,443,8000-8100", FILTER_TRUE },
	{ "ext port 51000-52000", FILTER_FALSE }, { "int port 51000-52000", FILTER_TRUE },
	{ "tcp and not udp", FILTER_TRUE }, { "proto 6,gre", FILTER_TRUE },
	{ "ipv4 && !ipv6", FILTER_TRUE }, { "device edge-*", FILTER_TRUE },
	{ "device EDGE-FW1 and site ber,ham", FILTER_TRUE }, { "state established", FILTER_TRUE },
	{ "state \"ESTABLISHED\",'time wait'", FILTER_TRUE }, { "app https", FILTER_MISSING },
	{ "not app https", FILTER_MISSING }, /* the
						false-clean
						trap */
	{ "app unknown and not app known", FILTER_TRUE }, { "bytes gt 1M", FILTER_TRUE },
	{ "bytes>=1.5M and bytes<2MB", FILTER_TRUE }, { "bytes le 1Mi", FILTER_FALSE },
	{ "int bytes gt 1k", FILTER_MISSING }, { "ext bytes unknown", FILTER_TRUE },
	{ "polls eq 3", FILTER_TRUE }, { "age gt 9m and age lt 11m", FILTER_TRUE },
	{ "first ge 2026-11-25", FILTER_TRUE }, { "first gt 2026-11-25", FILTER_FALSE }, /* after
											    the day
											  */
	{ "first eq 2026-11-25 and last le 2026-11-25", FILTER_TRUE }, { "open", FILTER_TRUE },
	{ "end unknown", FILTER_TRUE }, { "dir out", FILTER_TRUE }, { "not dir in", FILTER_TRUE },
	{ "scope transit", FILTER_TRUE }, { "vrf known", FILTER_FALSE },
	{ "int any and ext any", FILTER_TRUE },
	{ "not (port 22 or (udp and port 53))", FILTER_TRUE },
	{ "PORT 443 AND NOT TCP", FILTER_FALSE }, { "user \"unknown\"", FILTER_MISSING },
	{ "state and,or,port", FILTER_FALSE }, /* values are never words of the language */
};

static void
test_meaning(void **state)
{
	struct filter_row row = filter_row_empty();

	(void)state;
	row.inside = addr_of("10.1.2.3");
	row.outside = addr_of("203.0.113.9");
	row.in_nat = addr_of("192.0.2.1");
	row.in_nat_port = 3000;
	row.in_port = 51234;
	row.out_port = 443;
	row.proto = PROTO_TCP;
	row.initiator = INITIATOR_IN;
	row.bytes_total = 1500000;
	row.polls = 3;
	row.start_by = ROWS_TIME;
	row.end_from = ROWS_TIME + 600;
	row.device = text_of("edge-fw1");
	row.site = text_of("ber");
	row.state = text_of("ESTABLISHED");
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		enum filter_truth truth = judge(meanings[i].text, &row);

		if (truth != meanings[i].truth)
			fail_msg("%s: %d", meanings[i].text, (int)truth);
	}
}

/* Who started is not guessed: without it there is no src and no dst. */
static void
test_unknown_start(void **state)
{
	struct filter_row row = filter_row_empty();

	(void)state;
	row.inside = addr_of("10.1.2.3");
	row.outside = addr_of("203.0.113.9");
	assert_int_equal(judge("src host 10.1.2.3", &row), FILTER_MISSING);
	assert_int_equal(judge("not src host 10.1.2.3", &row), FILTER_MISSING);
	assert_int_equal(judge("src host unknown", &row), FILTER_TRUE);
	assert_int_equal(judge("dir out", &row), FILTER_MISSING);
	assert_int_equal(judge("port 443", &row), FILTER_MISSING);
	row.out_port = 443;
	assert_int_equal(judge("port 443", &row), FILTER_TRUE);
	assert_int_equal(judge("port 80", &row), FILTER_MISSING); /* the other end may have it */
}

static void
test_file(void **state)
{
	char path[] = "/tmp/gatebook-filter-XXXXXX", text[100];
	struct filter_row row = filter_row_empty();
	struct error err = { 0 };
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");

	(void)state;
	fputs("# ports\n22\n8000-8100 ; web\n", f);
	fclose(f);
	row.out_port = row.in_port = 8050;
	snprintf(text, sizeof(text), "port 25,@%s", path);
	assert_int_equal(judge(text, &row), FILTER_TRUE);
	snprintf(text, sizeof(text), "host @%s", path);
	assert_null(filter_parse(text, true, &err));
	assert_non_null(strstr(err.text, ":2: '22': not an address"));
	unlink(path);
	assert_null(filter_parse(text, true, &err));
	assert_non_null(strstr(err.text, "No such file"));
}

/* --- refused ---------------------------------------------------------------------------------- */

static const struct {
	const char *text, *at, *says;
} refusals[] = {
	{ "port 443 or port 80 and ext host 203.0.113.9", "and ext",
	    "'or' and 'and' mixed; tcpdump and nfdump read this differently. Write: (port "
	    "443 or port 80) and ext host 203.0.113.9, or: port 443 or (port 80 and ext "
	    "host 203.0.113.9)" },
	{ "not (tcp and udp or gre)", "or gre",
	    "Write: not ((tcp and udp) or gre), or: not (tcp and (udp or gre))" },
	{ "tcp and port 1 and port 2 or udp and gre", "or udp",
	    "tcp and port 1 and (port 2 or udp) and gre" },
	{ "prot 443", "prot", "unknown word 'prot' (did you mean 'port'?)" },
	{ "tcp and xyzzy", "xyzzy", "unknown word 'xyzzy'. Words: gatebook fields" },
	{ "tcp and 203.0.113.9", "203", "say what it is: ext host 203.0.113.9" },
	{ "tcp and 443", "443", "say what the number is: port 443" },
	{ "port", "", "'port' wants N|N-N|@FILE,..." },
	{ "port )", ")", "'port' wants N|N-N" },
	{ "tcp and", "", "a condition is missing behind 'and'" },
	{ "and tcp", "and", "a condition is missing here" },
	{ "", "", "a condition is missing here" },
	{ "(tcp or udp", "", "a ')' is missing" },
	{ "tcp)", ")", "this ')' closes nothing" },
	{ "()", ")", "a condition is missing behind '('" },
	{ "tcp udp", "udp", "write 'and' or 'or' before this" },
	{ "int tcp", "tcp", "'int' wants a field of that end" },
	{ "int state x", "state", "'state' has no such side" },
	{ "src nat host 192.0.2.1", "nat", "nat has the sides int and ext" },
	{ "int nat iface x", "iface", "'iface' has no such side" },
	{ "port https", "https", "a port is a number up to 65535" },
	{ "port 80,65536", "65536", "a port is a number up to 65535" },
	{ "port 90-80", "90", "write 80-90" },
	{ "port 80,", "", "a value is missing here" },
	{ "port 80,,81", ",81", "a value is missing here" },
	{ "port eq 80", "eq", "takes a list, no comparison: port 80" },
	{ "bytes 1G", "1G", "say how it compares: bytes gt 1G" },
	{ "bytes gt", "", "a value is missing behind 'gt'" },
	{ "bytes gt 1,2", ",2", "one value is compared" },
	{ "bytes gt 1X", "1X", "no number: digits, and a unit" },
	{ "bytes gt 99999999999999999999", "9", "no number" },
	{ "polls gt 1k", "1k", "no number" },
	{ "age gt 5", "5", "no duration" },
	{ "first ge tuesday", "tuesday", "tuesday" },
	{ "net 10/8", "10/8", "write 10.0.0.0/8" },
	{ "net 10.1.2.3/8", "10.1", "did you mean 10.0.0.0/8" },
	{ "host example.net", "example", "not an address" },
	{ "proto 256", "256", "no protocol" },
	{ "dir sideways", "sideways", "'dir' is one of in|out" },
	{ "state \"x", "\"x", "the quote that begins here does not end" },
	{ "tcp \033[31m", "\033", "unknown word '\\x1b[31m'" },
	{ "host @/nonexistent", "@/non", "No such file" },
};

/* The caret stands under `at`, and `says` is in the message. */
static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		struct error err = { 0 };
		const char *line, *at = strstr(refusals[i].text, refusals[i].at);
		size_t column = *refusals[i].at != '\0' ? (size_t)(at - refusals[i].text)
							: strlen(refusals[i].text);

		if (filter_parse(refusals[i].text, true, &err) != NULL)
			fail_msg("%s is accepted", refusals[i].text);
		assert_int_equal(err.exit, EXIT_USAGE);
		line = strchr(err.text, '\n');
		assert_non_null(line);
		/* the first line stands behind "gatebook: " */
		if (strspn(line + 1, " ") != strlen("gatebook: filter: '") + column)
			fail_msg("%s\ncaret not at %zu", err.text, column);
		if (strstr(err.text, refusals[i].says) == NULL)
			fail_msg("%s\ndoes not say: %s", err.text, refusals[i].says);
	}
}

static void
test_bounds(void **state)
{
	char *text = calloc(1, 100000);
	struct error err = { 0 };

	(void)state;
	memset(text, '(', 5000);
	assert_null(filter_parse(text, true, &err));
	memset(text, '(', 300);
	memset(text + 300, '\0', 5000);
	assert_null(filter_parse(text, true, &err));
	assert_non_null(strstr(err.text, "nested too deep"));
	memset(text, ' ', 70000);
	assert_null(filter_parse(text, true, &err));
	memset(text, 0, 100000);
	for (int i = 0; i < 250; i++)
		snprintf(text + strlen(text), 20, "%sport %d", i ? " or " : "", i);
	assert_null(filter_parse(text, true, &err));
	assert_non_null(strstr(err.text, "more than 200 conditions"));
	assert_non_null(strstr(err.text, "'...")); /* a part of the text is shown */
	free(text);
}

static void
test_begins(void **state)
{
	static const struct {
		const char *words[5];
		int targets;
	} cases[] = {
		{ { "203.0.113.9", "10.0.0.0/8", "port", "443" }, 2 },
		{ { "@iocs.txt", "and", "tcp" }, 1 },
		{ { "2001:db8::1", "fe80::1", "face::" }, 3 },
		{ { "port 443 and tcp" }, 0 },
		{ { "(tcp)" }, 0 },
		{ { "10.1.2.3", "!", "tcp" }, 1 },
		{ { "example.net" }, 0 },
		{ { "10/8", "x" }, 1 },
		{ { NULL }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int n = 0;

		while (cases[i].words[n] != NULL)
			n++;
		assert_int_equal(
		    filter_begins(n, (char *const *)(uintptr_t)cases[i].words), cases[i].targets);
	}
}

/* --- the two readings ------------------------------------------------------------------------- */

static void
put_test(struct chance *c, FILE *out)
{
	static const char *const tests[] = { "host 10.1.2.3", "int net 10.1.0.0/16",
		"ext host 203.0.113.9,2001:db8::7", "ext net 2001:db8::/32", "src host 10.1.2.4",
		"dst net 203.0.113.0/24,198.51.100.0/24", "nat host 10.1.2.3",
		"int nat net 0.0.0.0/0", "ext nat host unknown", "nat known", "port 80,443",
		"port 8000-8100", "int port 22", "ext port 443", "src port 53", "dst port 80,443",
		"port known", "dst port unknown", "nat port 443", "int nat port 22", "tcp", "udp",
		"icmp", "ipv4", "ipv6", "proto 47", "proto unknown", "device edge-*", "device x",
		"site ber", "site unknown", "site *", "platform linux,cisco_i*", "place dmz",
		"vrf known", "iface dmz", "int iface *wait", "src iface known", "state established",
		"state unknown", "app \"a'b*\",'time wait'", "app *'b*", "user 'time wait',dmz",
		"bytes gt 1k", "bytes le 1.5M", "bytes eq 0", "bytes unknown", "int bytes ge 1000",
		"dst bytes lt 2000", "pkts gt 1", "ext pkts known", "polls eq 1", "polls lt 3",
		"age gt 8h", "age le 0s", "first ge 2026-11-25", "first eq 2026-11-24",
		"last lt 2026-11-25T12:00Z", "end gt 2026-11-25", "open", "dir in", "dir out",
		"dir unknown", "scope self,host", "any", "ext any", "family 6",
		"port 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,443",
		"ext host 10.0.0.1,10.0.0.3,10.0.0.5,10.0.0.7,10.0.0.9,10.0.0.11,10.0.0.13,"
		"10.0.0.15,10.0.0.17,10.0.0.19,10.0.0.21,10.0.0.23,10.0.0.25,10.0.0.27,10.0.0.29,"
		"10.0.0.31,10.0.0.33,203.0.113.9" };

	fputs(ONE_OF(c, tests), out);
}

static void
put_filter(struct chance *c, int depth, FILE *out)
{
	int n = 2 + (int)chance(c, 3);
	const char *with = chance(c, 2) ? " and " : " || ";

	if (chance(c, 4) == 0)
		fputs("not ", out);
	if (depth == 0 || chance(c, 4) == 0) {
		put_test(c, out);
		return;
	}
	fputc('(', out);
	for (int i = 0; i < n; i++) {
		if (i > 0)
			fputs(with, out);
		put_filter(c, depth - 1, out);
	}
	fputc(')', out);
}

static void
test_readings(void **state)
{
	enum { ROWS = 60, FILTERS = 10000 };
	static struct filter_row rows[ROWS];
	struct chance c = { 4711 };
	size_t hits = 0, missing = 0;
	sqlite3 *db = rows_open();

	(void)state;
	clock_set(ROWS_TIME + 86400);
	for (int i = 0; i < ROWS; i++) {
		int device;

		rows[i] = rows_make(&c, &device);
		rows_insert(db, i, &rows[i], device);
	}
	for (int k = 0; k < FILTERS; k++) {
		bool found[ROWS] = { false };
		char *text = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&text, &n);
		struct filter *f;

		put_filter(&c, (int)chance(&c, 4), out);
		fclose(out);
		f = parse(text);
		rows_select(db, f, found);
		for (int i = 0; i < ROWS; i++) {
			enum filter_truth truth = filter_judge(f, &rows[i]);

			if (found[i] != (truth == FILTER_TRUE))
				fail_msg("row %d: SQL %d, evaluator %d: %s", i, found[i],
				    (int)truth, text);
			hits += found[i];
			missing += truth == FILTER_MISSING;
		}
		filter_free(f);
		free(text);
	}
	assert_true(hits > 100000 && missing > 50000);
	sqlite3_close(db);
	clock_set(0);
}

static void
test_seek(void **state)
{
	struct filter *f = parse("port 443 and (ext host 203.0.113.9,198.51.100.7 and tcp) and "
				 "ext net 203.0.113.0/24");

	(void)state;
	assert_int_equal(node_seek(f->root)->addrs.n, 1);
	filter_free(f);
	f = parse("ext host 203.0.113.9 or tcp");
	assert_null(node_seek(f->root));
	filter_free(f);
	f = parse("not ext host 203.0.113.9 and tcp");
	assert_null(node_seek(f->root));
	filter_free(f);
	f = parse("dir out and int net 10.0.0.0/8 and dst port 443 and device x");
	assert_true(node_fits_contact(f->root));
	filter_free(f);
	f = parse("dir out and port 443");
	assert_false(node_fits_contact(f->root));
	filter_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_unknown_start),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_begins),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_seek),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
