#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "drivers/pattern.h"
#include "drivers/reply.h"

/* The row as one line of text: only what it holds. */
static const char *
show(const struct observation *o)
{
	static char out[1024];
	char end[ENDPOINT_TEXT];
	const struct {
		const char *name;
		const struct endpoint *end;
	} ends[] = { { "near", &o->near }, { "far", &o->far }, { "near_nat", &o->near_nat },
		{ "far_nat", &o->far_nat } };
	const struct {
		const char *name;
		struct text text;
	} texts[] = { { "near_service", o->near_service }, { "far_service", o->far_service },
		{ "state", o->state }, { "app", o->app }, { "user", o->user },
		{ "place", o->place }, { "near_iface", o->near_iface },
		{ "far_iface", o->far_iface } };
	const struct {
		const char *name;
		uint32_t has;
		uint64_t value;
	} counts[] = { { "age", HAS_AGE, o->counters.age }, { "idle", HAS_IDLE, o->counters.idle },
		{ "left", HAS_LEFT, o->counters.left },
		{ "bytes", HAS_BYTES_TOTAL, o->counters.bytes_total },
		{ "bytes_near", HAS_BYTES_NEAR, o->counters.bytes_near },
		{ "packets_far", HAS_PACKETS_FAR, o->counters.packets_far } };
	size_t n = 0;

	out[0] = '\0';
	if (o->proto != PROTO_NONE)
		n += (size_t)snprintf(out + n, sizeof(out) - n, " proto=%u", o->proto);
	for (size_t i = 0; i < 4; i++)
		if (ends[i].end->addr.family || ends[i].end->has_port)
			n += (size_t)snprintf(out + n, sizeof(out) - n, " %s=%s", ends[i].name,
			    endpoint_format(ends[i].end, end));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i].text.n > 0)
			n += (size_t)snprintf(out + n, sizeof(out) - n, " %s=%.*s", texts[i].name,
			    (int)texts[i].text.n, texts[i].text.s);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (o->counters.has & counts[i].has)
			n += (size_t)snprintf(out + n, sizeof(out) - n, " %s=%llu", counts[i].name,
			    (unsigned long long)counts[i].value);
	return n > 0 ? out + 1 : out;
}

/* The row that a pattern reads from a line; "-" when it does not match. The line is copied to the
 * end of a block of memory, so that a byte too far is found. */
static const char *
reading(const char *pattern, const char *line)
{
	struct error err = { 0 };
	struct pattern *p = pattern_compile(pattern, false, NULL, &err);
	struct observation o = { .proto = PROTO_NONE };
	struct found found = { 0 };
	size_t n = strlen(line);
	char *exact = malloc(n + PATTERN_PAD);
	static char copy[1024];
	bool ok;

	if (!p)
		fail_msg("%s", err.text);
	memcpy(exact, line, n);
	exact[n] = '\n';
	ok = pattern_match(p, (struct text){ exact, n }, &o, &found);
	snprintf(copy, sizeof(copy), "%s", ok ? show(&o) : "-");
	free(exact);
	pattern_free(p);
	return copy;
}

struct example {
	const char *pattern, *line, *row;
};

static void
read_all(const struct example *examples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_string_equal(
		    reading(examples[i].pattern, examples[i].line), examples[i].row);
}
#define READ_ALL(examples) read_all(examples, sizeof(examples) / sizeof(*(examples)))

static void
literals_and_blanks(void **state)
{
	static const struct example examples[] = {
		{ "up {state}", "up well", "state=well" },
		{ "up {state}", "  up \t well  ", "state=well" },
		{ "up {state}", "upwell", "-" },
		{ "up {state}", "up", "-" },
		{ "up {state}", "up well done", "-" },
		{ "flags {state}, end", "flags saA, end", "state=saA" },
		{ "flags {state}, end", "flags saA , end", "-" },
		{ "\\[{state}\\]", "[UNREPLIED]", "state=UNREPLIED" },
		{ "a literal longer than eight bytes {state}",
		    "a literal longer than eight bytes x", "state=x" },
		{ "{state} ", "x", "state=x" },
		{ "{state}", "a\001b", "-" },
		{ "{state}", "\xc3\xa9", "state=\xc3\xa9" },
	};

	(void)state;
	READ_ALL(examples);
}

static void
endpoints(void **state)
{
	static const struct example examples[] = {
		{ "{near}", "192.0.2.1:443", "near=192.0.2.1:443" },
		{ "{near}", "192.0.2.1.443", "near=192.0.2.1:443" },
		{ "{near}", "192.0.2.1/443", "near=192.0.2.1:443" },
		{ "{near}", "192.0.2.1(443)", "near=192.0.2.1:443" },
		{ "{near}", "192.0.2.1[443]", "near=192.0.2.1:443" },
		{ "{near}", "2001:db8::1[443]", "near=[2001:db8::1]:443" },
		{ "{near}", "[2001:db8::1]:443", "near=[2001:db8::1]:443" },
		{ "{near}", "2001:db8::1.443", "near=[2001:db8::1]:443" },
		{ "{near}", "2001:db8::1:443", "near=[2001:db8::1]:443" },
		{ "{near}", "::ffff:192.0.2.1:443", "near=192.0.2.1:443" },
		{ "{near}", ":::22", "near=[::]:22" },
		{ "{near}", "192.0.2.1", "near=192.0.2.1" },
		{ "{near}", "[2001:db8::1]", "near=2001:db8::1" },
		{ "{near}", "192.0.2.1:*", "near=192.0.2.1" },
		{ "{near}", "*:22", "near=-:22" },
		{ "{near}", "*:ssh", "near_service=ssh" },
		{ "{near}", "*:*", "" },
		{ "{near}", "---", "" },
		{ "{near}", "--any--", "" },
		{ "{near}", "127.0.0.53%lo:53", "near=127.0.0.53:53 place=lo" },
		{ "{near}", "[fe80::1]%eth0:546", "near=[fe80::1]:546 place=eth0" },
		{ "{near}", "[fe80::1%eth0.5]:546", "near=[fe80::1]:546 place=eth0.5" },
		{ "{near}", "192.0.2.1:ftp-data", "near=192.0.2.1 near_service=ftp-data" },
		{ "{near}, idle", "192.0.2.1:443, idle", "near=192.0.2.1:443" },
		{ "{near}", "192.0.2.1:65536", "-" },
		{ "{near}", "192.0.2.256:1", "-" },
		{ "{near}", "192.0.2.01:1", "-" },
		{ "{near}", "192.0.2.1:443x", "-" },
		{ "{near}", "host.example:443", "-" },
		{ "{near}", "2001:db8:1111:2222::443", "near=2001:db8:1111:2222::443" },
		{ "{near}", "[2001:db8::1", "-" },
		{ "{near}", "192.0.2.1(443", "-" },
		{ "{near}", ":443", "-" },
		{ "{near}", "]", "-" },
		{ "{near}", ")", "-" },
		{ "{near.addr} {near.port}", "192.0.2.1 443", "near=192.0.2.1:443" },
		{ "{near.addr} {near.port}", "--any-- 443", "near=-:443" },
		{ "{near.addr}", "192.0.2.1.5", "-" },
		{ "{far.addr}:{far.port}", "192.0.2.1:443", "far=192.0.2.1:443" },
		{ "{near} -> {far} ({far_nat})", "192.0.2.1:5 -> 203.0.113.1:80 (203.0.113.2:81)",
		    "near=192.0.2.1:5 far=203.0.113.1:80 far_nat=203.0.113.2:81" },
	};

	(void)state;
	READ_ALL(examples);
}

static void
durations_and_counters(void **state)
{
	static const struct example examples[] = {
		{ "{age}", "0:01:05", "age=65" },
		{ "{age}", "26:00:00", "age=93600" },
		{ "{age}", "00:00", "age=0" },
		{ "{age}", ":0:1:38", "age=98" },
		{ "{age}", ":0:0:-1", "" },
		{ "{age}", "1D19h", "age=154800" },
		{ "{age}", "2w3d", "age=1468800" },
		{ "{age}", "21s", "age=21" },
		{ "{age}", "119min", "age=7140" },
		{ "{age}", "431999", "age=431999" },
		{ "{age}", "99999999999", "age=4294967295" },
		{ "{age}", "never", "" },
		{ "{age}", "-", "" },
		{ "{age}", "1:2:3:4:5", "-" },
		{ "{age}", "soon", "-" },
		{ "{age}", "12x", "-" },
		{ "{left:set}", "00:00:00", "" },
		{ "{left:set}", "00:01:00", "left=60" },
		{ "{idle}, bytes {bytes}", "0:00:11, bytes 0", "idle=11 bytes=0" },
		{ "{bytes}", "1234567", "bytes=1234567" },
		{ "{bytes}", "1,234,567", "bytes=1234567" },
		{ "{bytes:spaced}", "1 234 567", "bytes=1234567" },
		{ "{bytes:spaced} {state}", "1 234 up", "state=up bytes=1234" },
		{ "{bytes}", "18446744073709551615", "bytes=18446744073709551615" },
		{ "{bytes}", "18446744073709551616", "-" },
		{ "{bytes}", "12k", "-" },
		{ "{bytes}", "-1", "-" },
	};

	(void)state;
	READ_ALL(examples);
}

static void
words(void **state)
{
	static const struct example examples[] = {
		{ "{proto}", "tcp6", "proto=6" },
		{ "{proto}", "17", "proto=17" },
		{ "{proto}", "256", "-" },
		{ "{proto}", "---", "" },
		{ "{proto}", "any", "proto=258" },
		{ "{proto}", "raw", "proto=257" },
		{ "{proto}", "nonsense", "-" },
		{ "{state:caps} {_}", "FIN-WAIT-1 x", "state=FIN-WAIT-1" },
		{ "{state:caps} {_}", "Fin x", "-" },
		{ "{app...}", "sshd: admin [p  ", "app=sshd: admin [p" },
		{ "{app...} LISTEN", "HTTP secure server  LISTEN", "app=HTTP secure server" },
		{ "{app...} LISTEN", "LISTEN", "-" },
		{ "{app...}, {state}", "a, b", "state=b app=a" },
		{ "{place:set}", "0", "" },
		{ "{place:set}", "5", "place=5" },
		{ "{hex} {number} {_} {state}", "7FE475 0012 x y", "state=y" },
		{ "{hex} {state}", "7FEG y", "-" },
		{ "{number} {state}", "1x y", "-" },
		{ "{proto=udp}{state=listen}x", "x", "proto=17 state=listen" },
	};

	(void)state;
	READ_ALL(examples);
}

static void
groups(void **state)
{
	static const struct example examples[] = {
		{ "{app} [{state:caps} ]{user}", "a UP b", "state=UP app=a user=b" },
		{ "{app} [{state:caps} ]{user}", "a b", "app=a user=b" },
		{ "[ipv4 2 ][ipv6 10 ]{state}", "ipv6  10 x", "state=x" },
		{ "[ipv4 2 ]{state}", "ipv4 3 x", "-" },
		{ "{proto}[(v6)] {state}", "17(v6) x", "proto=17 state=x" },
		{ "--listen-- [{far.port} ]{near.addr}", "--listen-- 0 192.0.2.1",
		    "near=192.0.2.1 far=-:0" },
		{ "--listen-- [{far.port} ]{near.addr}", "--listen-- 192.0.2.1", "near=192.0.2.1" },
		{ "idb:[ {near.iface}]", "idb:", "" },
		{ "idb:[ {near.iface}]", "idb: Gi0/1", "near_iface=Gi0/1" },
		{ "id:[ ]{number}[, idb:[ {near.iface}]]", "id:1, idb: Gi0", "near_iface=Gi0" },
		{ "id:[ ]{number}[, idb:[ {near.iface}]]", "id: 1", "" },
		{ "id:[ ]{number}[, idb:[ {near.iface}]]", "id: 1, idc", "-" },
		/* A group whose literal is there must read to its end. */
		{ "[sport={near.port} ]<>", "sport=1x y", "-" },
		/* What a group that is left out has read is forgotten. */
		{ "[{left};]{bytes}", "12", "bytes=12" },
	};

	(void)state;
	READ_ALL(examples);
}

static void
bags(void **state)
{
	static const struct example examples[] = {
		{ "<zone={place} age={age}>", "a=1 age=5 [x y] zone=7", "place=7 age=5" },
		{ "<zone={place}>", "", "" },
		{ "<zone={place}>", "xzone=1 zone=2", "place=2" },
		{ "<age={age}>", "age=x", "-" },
		{ "<src={near.addr} src={far.addr}>", "src=192.0.2.1 x=y src=203.0.113.1 src=no",
		    "near=192.0.2.1 far=203.0.113.1" },
		{ "{proto} <>src={near.addr}", "gre timeout=0, x=0 src=192.0.2.1",
		    "proto=47 near=192.0.2.1" },
		{ "<age={age}>src={near.addr}", "age=1 x", "-" },
		{ "<\"app={app} age={age} user={user}>",
		    "x=\"a app=b\" age=\"5\" app=\"a b\" user=\"\"", "app=a b age=5" },
		{ "<\"app={app} age={age}>", "a:\"\\\" age=1\"; app:\"x age=6", "-" },
		{ "<\"app={app} age={age}>", "a:\"\\\" age=1\"; age=6", "age=6" },
		{ "<\"src:{near.addr}>", "a:\"x\";src:\"192.0.2.9\"; src:\"192.0.2.1\"]",
		    "near=192.0.2.1" },
		{ "<\"age={age}>", "age=\"5 6\"", "-" },
		{ "<app={app}>", "app=\"a b\"", "app=\"a" },
	};

	(void)state;
	READ_ALL(examples);
}

/* A pattern that cannot be told fails when it is compiled, and says what and where. */
static void
faults(void **state)
{
	static const struct {
		const char *pattern, *says;
	} bad[] = {
		{ "{neer}", "did you mean {near}?" },
		{ "{state}{user}", "column 8: two fields with nothing between them" },
		{ "{state}[{user}]", "two fields with nothing between them" },
		{ "{state}{proto=tcp}{user}", "two fields with nothing between them" },
		{ "[{state} ]{user}", "begin alike" },
		{ "[{state} ]{near}", "column 1: a group that any word may begin" },
		{ "[{number} ]{bytes}", "begin alike" },
		{ "[src={near.addr} ]src={far.addr}", "begin alike" },
		{ "{near} [ {far}]", "blanks follow blanks" },
		{ "{near} {near}", "column 8: a field named twice" },
		{ "{near.addr:hex} {near.port:hex} {near.port:hex}",
		    "column 33: a field named twice" },
		{ "{app...} {state}", "has to end at a literal" },
		{ "[{app...}]", "has to begin with a literal or a field" },
		{ "[[{state:caps}] x]", "a group begins with a group" },
		{ "a[]", "an empty group" },
		{ "a[b", "[ without ]" },
		{ "a]", "] without [" },
		{ "{near", "{ without }" },
		{ "a}", "} without {" },
		{ "<a={age}", "< without >" },
		{ "<{age}>", "key={field}" },
		{ "<a>", "key={field}" },
		{ "a\\", "nothing behind the backslash" },
		{ "a\n", "a control byte" },
		{ "", "an empty pattern" },
		{ "{near:caps}", "no shape caps" },
		{ "{bytes...}", "only a text can hold blanks" },
		{ "{_!nonsense}", "no function nonsense" },
		{ "{proto=nonsense}", "no such protocol" },
		{ "{near=1}", "states no fact" },
		{ "[a[b[c[d]]]]", "nested deeper" },
		{ "{near}[a][b][c]", "more than two ways to end" },
	};
	char many[LIMIT_PATTERN_STEPS * 8 + 16] = "x";
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_null(pattern_compile(bad[i].pattern, false, NULL, &err));
		if (!strstr(err.text, bad[i].says))
			fail_msg("%s: %s", bad[i].pattern, err.text);
	}
	for (size_t i = 0; i <= LIMIT_PATTERN_STEPS; i++)
		memcpy(many + 4 * i, " {_}", 5);
	assert_null(pattern_compile(many, false, NULL, &err));
	assert_non_null(strstr(err.text, "more than 96 steps"));
	assert_null(pattern_compile("{neer}", false, NULL, NULL));
}

static void
all_drivers_compile(void **state)
{
	struct error err = { 0 };

	(void)state;
	for (unsigned i = 0; i < drivers_count; i++)
		for (const struct command *c = drivers[i]->commands; c->send; c++) {
			struct program *p;

			if (c->form == FORM_VARBINDS) /* mibs/ compiles those */
				continue;
			p = program_compile(drivers[i], c, &err);
			if (!p)
				fail_msg("%s", err.text);
			program_free(p);
		}
}

static void
finds_drivers(void **state)
{
	(void)state;
	for (unsigned i = 1; i < drivers_count; i++)
		assert_true(strcmp(drivers[i - 1]->name, drivers[i]->name) < 0);
	assert_ptr_equal(driver_find("IOSXE"), driver_find("cisco_ios"));
	assert_ptr_equal(driver_find("cisco.ios.ios"), driver_find("cisco_ios"));
	assert_null(driver_find("cisco"));
	assert_non_null(strstr(driver_nearest("cisco_iosx"), "'cisco_ios'"));
	assert_null(driver_nearest("zzzzzzzz"));
}

static void
sends_nothing_else(void **state)
{
	const struct driver *ios = driver_find("cisco_ios");

	(void)state;
	assert_true(driver_may_send(ios, "show tcp brief numeric"));
	assert_true(driver_may_send(ios, "terminal length 0"));
	assert_true(driver_may_send(ios, "exit"));
	assert_false(driver_may_send(ios, "show tcp brief numeric "));
	assert_false(driver_may_send(ios, "show tcp brief all"));
	assert_false(driver_may_send(ios, "reload"));
	assert_false(driver_may_send(ios, "show ip nat translations vrf x"));
	assert_false(driver_may_send(ios, ""));
}

/* A line for a page is compiled but for its number. */
static void
sends_no_number_out_of_range(void **state)
{
	static const char *const bad[] = {
		"show session all start-at ",
		"show session all start-at 0",
		"show session all start-at 01",
		"show session all start-at 2000001",
		"show session all start-at 18446744073709551617",
		"show session all start-at -1",
		"show session all start-at 1 ",
		"show session all start-at 1 | match x",
		"show session all start-at 1\n",
		"show session all start-at x",
		"show session all start-at {1-2000000}",
		"show session all start-at",
	};
	const struct driver *panos = driver_find("paloalto_panos");
	const struct command *c = panos->commands;
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(driver_may_send(panos, bad[i]));
	assert_true(driver_may_send(panos, "show session all start-at 1"));
	assert_true(driver_may_send(panos, "show session all start-at 2000000"));
	assert_true(command_page(c, 769, line, sizeof(line)));
	assert_string_equal(line, "show session all start-at 769");
	assert_true(driver_may_send(panos, line));
	assert_false(command_page(c, 0, line, sizeof(line)));
	assert_false(command_page(c, 2000001, line, sizeof(line)));
	assert_false(command_page(c, 769, line, 29));
	assert_false(command_page(driver_find("cisco_ios")->commands, 1, line, sizeof(line)));
	assert_false(command_pages_valid("show x {1-2} {3-4}"));
	assert_false(command_pages_valid("show x {2-1}"));
	assert_false(command_pages_valid("show x {01-2}"));
	assert_false(command_pages_valid("show x {1}"));
	assert_false(command_pages_valid("{1-2}"));
	for (unsigned i = 0; i < drivers_count; i++)
		for (c = drivers[i]->commands; c->send; c++)
			if (c->pages)
				assert_true(command_pages_valid(c->pages) &&
					    c->page_rows >= LIMIT_PAGE_LEAST);
}

static const char *
names(const char *driver, const char *line)
{
	const struct command *c = driver_command(driver_find(driver), text_of(line));

	return c ? c->send : "-";
}

static void
knows_commands(void **state)
{
	(void)state;
	assert_string_equal(names("cisco_ios", "sh tcp br"), "show tcp brief");
	assert_string_equal(names("cisco_ios", "br-4#sh  tcp br"), "show tcp brief");
	assert_string_equal(
	    names("cisco_ios", "r1> show tcp brief numeric "), "show tcp brief numeric");
	assert_string_equal(
	    names("cisco_ios", "show ip nat translations vrf abc"), "show ip nat translations");
	assert_string_equal(names("cisco_ios", "show version"), "-");
	assert_string_equal(names("cisco_ios", "show"), "-");
	assert_string_equal(names("cisco_ios", ""), "-");
	assert_string_equal(names("linux", "root@fw:~# conntrack -L"), "conntrack -L");
	assert_string_equal(names("linux", "# ss -tulpen"), "ss -Htunap");
	assert_string_equal(names("linux", "conntrack -D"), "-");
	assert_string_equal(names("linux", "con -L"), "-");
	assert_string_equal(
	    names("freebsd", "flowctl netflow_re0: show human"), "flowctl netflow: show human");
	assert_string_equal(names("freebsd", "flowctl netflow_re0: show"), "-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_and_blanks),
		cmocka_unit_test(endpoints),
		cmocka_unit_test(durations_and_counters),
		cmocka_unit_test(words),
		cmocka_unit_test(groups),
		cmocka_unit_test(bags),
		cmocka_unit_test(faults),
		cmocka_unit_test(all_drivers_compile),
		cmocka_unit_test(finds_drivers),
		cmocka_unit_test(sends_nothing_else),
		cmocka_unit_test(sends_no_number_out_of_range),
		cmocka_unit_test(knows_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
