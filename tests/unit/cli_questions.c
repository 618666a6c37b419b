/* The questions as they are typed, over a small book: golden answers. */
#include "tests/unit/cli_book.h"

static void
test_who(void **state)
{
	(void)state;
	expect("gatebook who 203.0.113.0/24 --last 30m", 0,
	    "HOST      OUTSIDE      PORT/PROTO  STARTED BY  FIRST SEEN              "
	    "LAST SEEN                 SEEN  BYTES  NAT            BY\n"
	    "10.1.2.3  203.0.113.9  443/tcp     int         2026-11-20 00:00-00:05  "
	    "open at 2026-11-20 00:20   3/5  25 kB  int=192.0.2.1  edge-fw1,core-r2\n" FOOTER,
	    "");
}

static void
test_who_inside(void **state)
{
	(void)state;
	expect("gatebook who 10.1.7.20 --last 30m --columns ext.ip,open", 0,
	    "OUTSIDE      OPEN\n2001:db8::7  yes\n" FOOTER,
	    "read as inside: these are the peers of 10.1.7.20 (--side outside insists)\n");
	expect("gatebook who 10.1.7.20 --last 30m --side outside --no-headers", 0,
	    "no contact with 10.1.7.20 was seen; not all of it was looked at:\n" FOOTER, "");
}

static void
test_nobody(void **state)
{
	(void)state;
	expect("gatebook who 198.51.100.1 --range 2026-11-20T00:06..2026-11-20T00:16 -o csv "
	       "--columns int.ip",
	    0, "int.ip\r\n",
	    "no contact with 198.51.100.1\n"
	    "range 2026-11-20 00:06 +00:00 .. 2026-11-20 00:16 +00:00 | coverage 100.0 % of 4 poll "
	    "slots\n");
	expect("gatebook who 198.51.100.1 --range 2026-11-20T00:06..2026-11-20T00:16 -o tsv -q "
	       "--no-headers",
	    0, "", "");
	expect("gatebook who 198.51.100.1 --range 2026-11-19T00:00..2026-11-19T01:00 --no-headers",
	    0,
	    "could not see: no poll of this time is complete, so this is no answer: no contact "
	    "with "
	    "198.51.100.1\n"
	    "range 2026-11-19 00:00 +00:00 .. 2026-11-19 01:00 +00:00 | coverage: no device was "
	    "known yet\n",
	    "");
}

static void
test_ends(void **state)
{
	(void)state;
	expect("gatebook hosts --last 30m --columns "
	       "int.ip,peers,services,sessions,start.not_before,devices",
	    0,
	    "HOST       PEERS  SERVICES  SESSIONS  FIRST SEEN              BY\n"
	    "10.1.2.3       1         1         2  2026-11-20 00:00-00:05  edge-fw1,core-r2\n"
	    "10.1.7.20      1         1         1  2026-11-20 00:10-00:15  edge-fw1\n" FOOTER,
	    "");
	expect(
	    "gatebook peers --last 30m --sort last --limit 1 --columns ext.ip,hosts,end.not_before",
	    0,
	    "OUTSIDE      HOSTS  LAST SEEN\n"
	    "2001:db8::7      1  open at 2026-11-20 00:25\n"
	    "the first 1 of 2 (--limit)\n" FOOTER,
	    "");
}

static void
test_sessions(void **state)
{
	char *out, *log;
	json_t *root, *row;

	(void)state;
	expect("gatebook sessions 203.0.113.9 --last 30m --columns "
	       "int.ip,ext.ip,end.not_before,devices",
	    0,
	    "INSIDE          OUTSIDE          END                       BY\n"
	    "10.1.2.3:50001  203.0.113.9:443  2026-11-20 00:10-00:15    edge-fw1\n"
	    "10.1.2.3:50001  203.0.113.9:443  2026-11-20 00:10-00:15    core-r2\n"
	    "10.1.2.3:50002  203.0.113.9:443  open at 2026-11-20 00:20  edge-fw1\n" FOOTER,
	    "");
	assert_int_equal(ask("gatebook sessions 10.1.7.20 --last 30m -j", &out, &log), 0);
	root = json_loads(out, 0, NULL);
	assert_non_null(root);
	row = json_array_get(json_object_get(root, "rows"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(row, "start"), "not_before")),
	    "2026-11-20T00:10:10Z");
	assert_true(json_is_null(json_object_get(row, "bytes")));
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(row, "ext"), "port")), 22);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(root, "meta"), "query")),
	    "sessions 10.1.7.20");
	json_decref(root);
	free(out);
	free(log);
}

static void
test_filter(void **state)
{
	(void)state;
	expect("gatebook sessions 203.0.113.0/24 and int port 50002 --last 30m --no-headers "
	       "--columns int.ip,devices",
	    0, "10.1.2.3:50002  edge-fw1\n" FOOTER, "");
	expect("gatebook peers device core-* --last 30m --no-headers --columns ext.ip,devices", 0,
	    "203.0.113.9  core-r2\n" FOOTER, "");
	expect("gatebook who (port~22~or~udp)~and~ipv6 --last 30m --no-headers --columns int.ip", 0,
	    "10.1.7.20\n" FOOTER, "");
	expect("gatebook hosts prot 22", 2, "",
	    "gatebook: filter: 'prot 22'\n"
	    "                   ^ unknown word 'prot' (did you mean 'port'?). Words: gatebook "
	    "fields\n");
	expect("gatebook whereis 10.1.2.3 port 22", 2, "",
	    "gatebook: 'port': not an address or prefix; write 10.0.0.0/8 or 2001:db8::/32\n");
	expect("gatebook who 203.0.113.9 and", 2, "",
	    "gatebook: filter: ''\n"
	    "                   ^ a condition is missing here: ext host 192.0.2.1\n");
}

/* --at is a moment: what may have been open then. */
static void
test_at(void **state)
{
	(void)state;
	expect("gatebook sessions --at 2026-11-20T00:07 --no-headers --columns int.ip,devices", 0,
	    "10.1.2.3:50001  edge-fw1\n10.1.2.3:50001  core-r2\n"
	    "at 2026-11-20 00:07 +00:00 | coverage 2 of 2 devices\n",
	    "");
}

static void
test_coverage(void **state)
{
	(void)state;
	expect("gatebook coverage --last 30m", 0,
	    "DEVICE    SLOTS  OK  PARTIAL  FAILED  NOT TRIED      %  LONGEST GAP                "
	    "CERTAIN FROM  BLIND SINCE  WHY  CANNOT SEE\n"
	    "core-r2       6   6        0       0          0  100.0  5m (11-20 00:00)          "
	    "           5m  -            -    nothing\n"
	    "edge-fw1      6   5        1       0          0   83.3  9m50s (11-20 00:20, open) "
	    "        9m50s  -            -    nothing\n" FOOTER,
	    "");
	expect("gatebook coverage nosuch", 2, "",
	    "gatebook: the store knows no device 'nosuch' in this time. List: gatebook coverage\n");
}

static void
test_sql(void **state)
{
	(void)state;
	expect("gatebook sql SELECT~name,every~FROM~device~ORDER~BY~1", 0,
	    "name      every\ncore-r2   300\nedge-fw1  300\n", "");
	expect("gatebook sql DELETE~FROM~device", 2, "",
	    "gatebook: sql: only a SELECT is run; the store is never changed here\n");
	expect("gatebook sql SELECT~nme~FROM~device", 1, "",
	    "gatebook: sql: no such column: nme. Columns: gatebook sql --schema\n");
}

/* The views that the manual promises. */
static void
test_views(void **state)
{
	static const int polls[] = { 0, 1, 10, 11 };
	struct store *s = help_open("data");
	int64_t id = help_device(s, "late");

	(void)state;
	for (size_t i = 0; i < 4; i++)
		help_poll(s, id, OUTCOME_COMPLETE, T + polls[i] * EVERY, T + polls[i] * EVERY + 2,
		    NULL, 0);
	store_close(s);
	expect("gatebook sql SELECT~since-1795132800,until-since,seconds~FROM~v_gap~WHERE~"
	       "device='late'~AND~until~NOTNULL --no-headers -o csv",
	    0, "300,2700,2700\r\n", "");
	expect("gatebook sql SELECT~outcome,count(*)~AS~n~FROM~v_poll~WHERE~device='edge-fw1'~"
	       "GROUP~BY~1",
	    0, "outcome   n\ncomplete  5\npartial   1\n", "");
	expect("gatebook sql SELECT~ip_text(inside)~AS~host,peers,sessions,open~FROM~v_host~"
	       "ORDER~BY~1",
	    0,
	    "host       peers  sessions  open\n10.1.2.3   1      3         1\n"
	    "10.1.7.20  1      1         1\n",
	    "");
	expect("gatebook sql SELECT~name,site,cannot_see~FROM~v_device~WHERE~id=1", 0,
	    "name      site  cannot_see\nedge-fw1  lab   nothing\n", "");
}

/* Where inside hosts were, in a store that knows: 10.1.2.3 moves from sw1 to sw2 while it talks. */
static void
test_places(void **state)
{
	static const char mac[] = "00:00:5e:00:53:0a";
	enum { STATION = 1 << PRESENT_STATION, LINK = 1 << PRESENT_LINK };
	struct presence arp[] = { help_address(0x0a010203, mac) };
	struct presence first[] = { help_station(mac, "Gi0/1") };
	struct presence second[] = { help_station(mac, "Gi0/7"), help_link("Gi0/7", "ws-0311") };
	char path[4096];
	struct store *s;
	int64_t router, sw[2];

	(void)state;
	snprintf(path, sizeof(path), "%s/data", book);
	s = help_open(path);
	router = help_device(s, "r1");
	sw[0] = help_device(s, "sw1");
	sw[1] = help_device(s, "sw2");
	for (int i = 1; i < 4; i++)
		help_look(s, router, T + i * EVERY, arp, 1, 1 << PRESENT_ADDRESS);
	for (int i = 1; i < 3; i++)
		help_look(s, sw[0], T + i * EVERY, first, 1, STATION);
	help_look(s, sw[0], T + 3 * EVERY, NULL, 0, STATION);
	help_look(s, sw[1], T + EVERY, NULL, 0, STATION | LINK);
	help_look(s, sw[1], T + 3 * EVERY, second, 2, STATION | LINK);
	store_close(s);
	expect(
	    "gatebook hosts --last 30m --columns int.ip,int.name,int.mac,int.at.device -o tsv -q",
	    0,
	    "int.ip\tint.name\tint.mac\tint.at.device\n"
	    "10.1.2.3\tws-0311\t00:00:5e:00:53:0a\tsw2\n10.1.7.20\t\t\t\n",
	    "");
	expect("gatebook sessions 203.0.113.9 --last 30m --columns "
	       "int.port,int.name,int.at.device,int.at.port,devices --no-headers -o csv -q",
	    0,
	    "50002,ws-0311,sw2,Gi0/7,edge-fw1\r\n50001,,sw1,Gi0/1,edge-fw1\r\n"
	    "50001,,sw1,Gi0/1,core-r2\r\n",
	    "");
	expect("gatebook who 203.0.113.9 --range 2026-11-20T00:06..2026-11-20T00:11 --columns "
	       "int.ip,int.at.device,int.name -o csv -q",
	    0, "int.ip,int.at.device,int.name\r\n10.1.2.3,sw1,\r\n", "");
}

/* In a table they stand where there is something to show; who has them when it is asked. */
static void
test_place_columns(void **state)
{
	struct presence arp[] = { help_address(0x0a010203, "00:00:5e:00:53:0a") };
	static const char *const asked[] = { "gatebook hosts --last 30m",
		"gatebook sessions --last 30m", "gatebook who 203.0.113.9 --last 30m",
		"gatebook who 203.0.113.9 --last 30m -o wide" };
	char path[4096], *out, *log;

	(void)state;
	for (int known = 0; known < 2; known++) {
		for (int i = 0; i < 4; i++) {
			bool want = i == 3 || (known && i < 2);

			assert_int_equal(ask(asked[i], &out, &log), 0);
			if (want != (strstr(out, "  NAME ") && strstr(out, "  AT ")))
				fail_msg("%s: %s", asked[i], out);
			if (known && want)
				assert_non_null(strstr(out, "r1 Vlan20"));
			free(out);
			free(log);
		}
		if (known)
			break;
		snprintf(path, sizeof(path), "%s/data", book);
		struct store *s = help_open(path);
		help_look(s, help_device(s, "r1"), T + EVERY, arp, 1, 1 << PRESENT_ADDRESS);
		store_close(s);
	}
}

/* Where the book is, without loading an inventory that may be broken. */
static void
test_store_dir(void **state)
{
	char path[4096], line[5000];

	(void)state;
	assert_int_equal(mkdir("inventory.d", 0700), 0);
	fclose(fopen("inventory.d/broken.yml", "w"));
	expect("gatebook hosts 10.1.7.20 --last 30m --no-headers --columns int.ip", 0,
	    "10.1.7.20\n" FOOTER, "");
	snprintf(line, sizeof(line),
	    "gatebook -C %s/data hosts 10.1.7.20 --last 30m --no-headers --columns int.ip", book);
	expect(line, 0, "10.1.7.20\n" FOOTER, "");
	snprintf(path, sizeof(path),
	    "gatebook: no gatebook.yml and no store in %s/inventory.d. Say where: gatebook -C DIR "
	    "..., or "
	    "begin: gatebook init\n",
	    book);
	snprintf(line, sizeof(line), "gatebook -C %s/inventory.d hosts", book);
	expect(line, 2, "", path);
}

static void
test_no_book(void **state)
{
	char want[5000];

	(void)state;
	help_empty("data");
	snprintf(want, sizeof(want),
	    "gatebook: no book in %s yet: the first poll writes it. Type: gatebook poll\n",
	    "./data");
	expect("gatebook hosts", 1, "", want);
}

/* Every command and option is in every shell's script. */
static void
test_completion(void **state)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char line[64], dashed[64], *out, *log;

		snprintf(line, sizeof(line), "gatebook completion %s", shells[i]);
		assert_int_equal(ask(line, &out, &log), 0);
		for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
			struct text name = text_of((*c)->name), first;

			while (text_skip_blanks(&name), text_take_word(&name, &first)) {
				snprintf(dashed, sizeof(dashed), "%.*s", (int)first.n, first.s);
				assert_non_null(strstr(out, dashed));
			}
			for (const struct option_row *o = (*c)->options;
			     o != NULL && o->name != NULL; o++) {
				snprintf(
				    dashed, sizeof(dashed), i == 2 ? "-l %s" : "--%s", o->name);
				assert_non_null(strstr(out, dashed));
			}
		}
		free(out);
		free(log);
	}
	expect("gatebook completion fihs", 2, "",
	    "gatebook: completion: say for which shell: gatebook completion fish\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who, setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_inside, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sessions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_place_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_at, setup, teardown),
		cmocka_unit_test_setup_teardown(test_coverage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sql, setup, teardown),
		cmocka_unit_test_setup_teardown(test_views, setup, teardown),
		cmocka_unit_test_setup_teardown(test_store_dir, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_book, setup, teardown),
		cmocka_unit_test(test_completion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
