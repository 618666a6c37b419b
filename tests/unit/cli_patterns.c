/* The questions about patterns, as they are typed over a small book: first contact, what has most,
 * what changed, when it was there, lists of indicators, assertions, and who was behind NAT. */
#include "tests/unit/cli_book.h"

static void
test_new(void **state)
{
	(void)state;
	expect("gatebook new peers --range 2026-11-20T00:13..2026-11-20T00:28 --baseline 13m "
	       "--no-headers --columns baseline_percent,ext.ip,start.not_before,devices",
	    0,
	    "   100.0  2001:db8::7  2026-11-20 00:10-00:15  edge-fw1\n"
	    "range 2026-11-20 00:13 +00:00 .. 2026-11-20 00:28 +00:00 | coverage 83.3 % of 6 poll "
	    "slots | partly read: edge-fw1\n",
	    "new: not seen in 2026-11-20 00:00 +00:00 .. 2026-11-20 00:12:59 +00:00; ? marks where "
	    "not all of it was looked at\n");
	/* A baseline that nobody looked at for its most part proves little. */
	expect("gatebook new hosts -q --range 2026-11-20T00:13..2026-11-20T00:28 --baseline 130m "
	       "--columns baseline_percent,int.ip --no-headers",
	    0,
	    " ? 9.9 %  10.1.7.20\n"
	    "range 2026-11-20 00:13 +00:00 .. 2026-11-20 00:28 +00:00 | coverage 83.3 % of 6 poll "
	    "slots | partly read: edge-fw1\n",
	    "");
	/* Without a baseline both are new; the filter holds for both times. */
	expect("gatebook new pairs port 443 -q --last 30m --columns int.ip,ext.ip -o csv", 0,
	    "int.ip,ext.ip\r\n10.1.2.3,203.0.113.9\r\n", "");
	expect("gatebook new hosts 203.0.113.9 -q --range 2026-11-20T00:13..2026-11-20T00:28 "
	       "--baseline 13m --columns int.ip -o csv",
	    0, "int.ip\r\n", "");
	expect("gatebook new", 2, "",
	    "gatebook: new of what? gatebook new hosts, new peers, new pairs or new services\n");
	expect("gatebook new peers --baseline x", 2, "",
	    "gatebook: --baseline wants a duration before the range, like 30d\n");
}

static void
test_top(void **state)
{
	(void)state;
	expect("gatebook top -s host/sessions --last 30m", 0,
	    "KEY        HOSTS  PEERS  CONTACTS  SESSIONS  BYTES\n"
	    "10.1.2.3       1      1         1         2  25 kB\n"
	    "10.1.7.20      1      1         1         1      -\n" FOOTER,
	    "");
	expect("gatebook top -s device/peers --last 30m --no-headers", 0,
	    "edge-fw1      2      2         2         3  25 kB\n"
	    "core-r2       1      1         1         1  12 kB\n" FOOTER,
	    "");
	expect("gatebook top -s service --last 30m -n 1 --columns key,sessions", 0,
	    "KEY      SESSIONS\n443/tcp         2\nthe first 1 of 2 (--limit)\n" FOOTER, "");
	expect("gatebook top -s net/hosts ipv6 --last 30m --columns key,hosts --no-headers", 0,
	    "2001:db8::/48      1\n" FOOTER, "");
	expect("gatebook top -s proto/bytes --last 30m -o csv --columns key,peers -q", 0,
	    "key,peers\r\ntcp,2\r\n", "");
	expect("gatebook top -s hots", 2, "",
	    "gatebook: --sort: 'hots' is no KEY/ORDER. Keys: host peer net service proto device. "
	    "Orders: hosts peers contacts sessions bytes\n");
}

static void
test_diff(void **state)
{
	(void)state;
	expect("gatebook diff 2026-11-20T00:08 2026-11-20T00:19 --columns change,int.ip,ext.ip", 0,
	    "   HOST       OUTSIDE\n"
	    "+  10.1.7.20  2001:db8::7\n"
	    "at 2026-11-20 00:19 +00:00 | coverage 2 of 2 devices\n"
	    "at 2026-11-20 00:08 +00:00 | coverage 2 of 2 devices\n"
	    "1 unchanged\n",
	    "");
	expect("gatebook diff 2026-11-20T00:19 2026-11-20T00:08 ipv6 -o csv -q --columns "
	       "change,int.ip",
	    0, "change,int.ip\r\n-,10.1.7.20\r\n", "");
	expect("gatebook diff 2026-11-20T00:06 2026-11-20T00:08 tcp --no-headers", 0,
	    "no difference\n"
	    "at 2026-11-20 00:08 +00:00 | coverage 2 of 2 devices\n"
	    "at 2026-11-20 00:06 +00:00 | coverage 2 of 2 devices\n"
	    "1 unchanged\n",
	    "");
	expect("gatebook diff 2026-11-20T00:08", 2, "",
	    "gatebook: diff wants two times: gatebook diff 2026-11-20T08:00 2026-11-21T08:00\n");
	expect("gatebook diff today now", 2, "",
	    "gatebook: --at: 'today' is a whole day. Write --range today, or a time of that day: "
	    "2026-11-01T08:00\n");
}

static void
test_timeline(void **state)
{
	(void)state;
	/* Poll 5 of edge-fw1 is not complete: nobody can say. */
	expect(
	    "gatebook timeline 10.0.0.0/8 --last 30m --cells 6 --columns int.ip,strip,polls_seen",
	    0,
	    "HOST       TIMELINE  SEEN\n"
	    "10.1.2.3   .##.#/     3/5\n"
	    "10.1.7.20  ...##/     2/5\n" FOOTER
	    "a cell is 5m: # every poll showed it, + some, . none, / nobody looked\n",
	    "");
	expect("gatebook timeline 203.0.113.9 --last 30m --cells 2 --columns strip -o csv -q", 0,
	    "strip\r\n++\r\n", "");
	expect("gatebook timeline 203.0.113.9 --cells 0", 2, "",
	    "gatebook: --cells wants a number from 1 to 1000\n");
	expect("gatebook timeline", 2, "",
	    "gatebook: timeline wants an address or a filter: gatebook timeline 10.1.2.3 --last "
	    "24h\n");
}

static void
write_list(const char *text)
{
	FILE *f = fopen("iocs.txt", "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
test_hunt(void **state)
{
	(void)state;
	write_list(
	    "# case 12\n203.0.113.0/24\n203[.]0[.]113[.]9 ; c2\n198.51.100.7\n203.0.113.9\n");
	expect("gatebook hunt iocs.txt --last 30m --columns "
	       "indicator,hosts,contacts,sessions,start.not_before,bytes",
	    0,
	    "INDICATOR       HOSTS  CONTACTS  SESSIONS  FIRST SEEN              BYTES\n"
	    "203.0.113.0/24      1         1         2  2026-11-20 00:00-00:05  25 kB\n"
	    "203.0.113.9         1         1         2  2026-11-20 00:00-00:05  25 kB\n" FOOTER
	    "2 of 3 indicators seen; 1 not seen in 91.6 % coverage\n",
	    "");
	/* All history without a time. */
	expect("gatebook hunt iocs.txt port 22 --all -o csv -q --columns indicator,hosts", 0,
	    "indicator,hosts\r\n198.51.100.7,0\r\n203.0.113.0/24,0\r\n203.0.113.9,0\r\n", "");
	write_list("203.0.113.9\nexample.net\n");
	expect("gatebook hunt iocs.txt", 2, "",
	    "gatebook: iocs.txt:2: 'example.net': not an address or prefix; write 10.0.0.0/8 or "
	    "2001:db8::/32\n");
	expect("gatebook hunt nosuch.txt", 2, "",
	    "gatebook: @nosuch.txt: No such file or directory\n");
}

static void
test_assert(void **state)
{
	(void)state;
	expect("gatebook assert port 443 --none --last 30m -o csv --columns ext.ip -q", 3,
	    "ext.ip\r\n203.0.113.9\r\n", "");
	expect("gatebook assert port 443 --max 1 --coverage 90 --last 30m --no-headers --columns "
	       "ext.ip",
	    0, "203.0.113.9\n" FOOTER, "true: 1 contact, coverage 91.6 % (needed: 90 %)\n");
	expect("gatebook assert port 444 --none --last 30m --no-headers", 5,
	    "no contact was seen; not all of it was looked at:\n" FOOTER,
	    "cannot say: too little was looked at: 0 contacts, coverage 91.6 % (needed: 95 %)\n");
	expect("gatebook assert port 443 --min 2 --coverage 90 --last 30m -o csv -q --no-headers "
	       "--columns ext.ip",
	    3, "203.0.113.9\r\n", "");
	expect("gatebook assert port 443", 2, "",
	    "gatebook: say what must be true: --none, or --max N and --min N contacts\n");
	expect("gatebook assert port 443 --min 3 --max 2", 2, "",
	    "gatebook: --min is above --max: nothing can be so\n");
}

/* The flow at both devices is one row; the next use of the port is another. */
static void
test_nat(void **state)
{
	(void)state;
	expect("gatebook nat 192.0.2.1:3000 --at 2026-11-20T00:08 --columns "
	       "int.ip,int.nat.ip,ext.ip,proto,translated_by,seen_by",
	    0,
	    "HOST            BEHIND          OUTSIDE          PROTO  TRANSLATED BY     ALSO SEEN "
	    "BY\n"
	    "10.1.2.3:50001  192.0.2.1:3000  203.0.113.9:443  tcp    edge-fw1,core-r2  -\n"
	    "at 2026-11-20 00:08 +00:00 | coverage 2 of 2 devices\n",
	    "");
	expect("gatebook nat 192.0.2.1 port 443 --last 30m --columns int.ip --no-headers", 0,
	    "10.1.2.3:50001\n10.1.2.3:50002\n" FOOTER, "");
	expect("gatebook nat 192.0.2.1:3001 --at 2026-11-20T00:08 --no-headers", 0,
	    "no session behind 192.0.2.1:3001\n"
	    "at 2026-11-20 00:08 +00:00 | coverage 2 of 2 devices\n",
	    "");
	expect("gatebook nat 192.0.2.1:x", 2, "",
	    "gatebook: nat wants a public address and port: gatebook nat 192.0.2.1:55555 --at "
	    "2026-11-21T08:00\n");
}

/* Each run takes what ended since the last one. */
static void
test_export(void **state)
{
	char *out, *log;

	(void)state;
	assert_int_equal(ask("gatebook export cef -q --cursor sent", &out, &log), 0);
	assert_non_null(strstr(out, "dst=203.0.113.9"));
	assert_null(strstr(out, "2001:db8::7")); /* still open */
	free(out);
	free(log);
	assert_int_equal(access("sent", R_OK), 0);
	clock_set(T + 3600);
	expect("gatebook export cef -q --cursor sent device core-r2 and port 1", 0, "", "");
	clock_set(T + 6 * EVERY);
	write_list("nonsense\n");
	expect("gatebook export cef --cursor iocs.txt", 1, "",
	    "gatebook: --cursor iocs.txt: no cursor of gatebook export\n");
	expect("gatebook export cfe", 2, "",
	    "gatebook: export: no form 'cfe'. There are: cef ecs es-bulk leef ocsf splunk-hec stix "
	    "syslog zeek zeek-json; CSV and NDJSON: gatebook sessions -o\n");
}

static void
test_pager(void **state)
{
	char name[] = "/tmp/gatebook-pager-XXXXXX", text[64] = "";
	int fd = mkstemp(name), saved = dup(1);
	pid_t pager;

	(void)state;
	setenv("PAGER", "sed 's/^/read: /'", 1);
	fflush(stdout);
	dup2(fd, 1);
	pager = pager_start();
	printf("one\ntwo\n");
	pager_end(pager);
	dup2(saved, 1);
	close(saved);
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "read: one\nread: two\n");
	close(fd);
	unlink(name);
	unsetenv("PAGER");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new, setup, teardown),
		cmocka_unit_test_setup_teardown(test_top, setup, teardown),
		cmocka_unit_test_setup_teardown(test_diff, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeline, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hunt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_assert, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nat, setup, teardown),
		cmocka_unit_test_setup_teardown(test_export, setup, teardown),
		cmocka_unit_test(test_pager),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
