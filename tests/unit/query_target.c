/* Words to ranges, and the two ways to apply them: SQL and the row evaluator must agree. */
#include "tests/unit/store_help.h"

#include "base/log.h"
#include "query/target.h"

static struct error err;

static void
parse(struct target *t, int n, char *const *words)
{
	memset(&err, 0, sizeof(err));
	if (target_parse(n, words, t, &err) < 0)
		fail_msg("%s", err.text);
}

static void
refuse(const char *typed, const char *why)
{
	char *words[] = { (char *)(uintptr_t)typed };
	struct target t;

	memset(&err, 0, sizeof(err));
	assert_int_equal(target_parse(1, words, &t, &err), -1);
	assert_int_equal(err.exit, EXIT_USAGE);
	if (strstr(err.text, why) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, why);
	target_free(&t);
}

static char *
file(const char *content)
{
	static char path[64];
	int fd;

	snprintf(path, sizeof(path), "@/tmp/gatebook-target-XXXXXX");
	fd = mkstemp(path + 1);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	close(fd);
	return path;
}

static bool
holds(const struct target *t, const char *address)
{
	struct addr a = help_addr(address);

	return target_holds(t, &a);
}

static void
test_words(void **state)
{
	char list[][20] = { "203.0.113.9", "10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32",
		"203.0.113.9" };
	char *words[] = { list[0], list[1], list[2], list[3], list[4] };
	struct target t;

	(void)state;
	parse(&t, 5, words);
	assert_int_equal(t.given, 5);
	assert_int_equal(t.n, 3); /* what lies in another, or twice, is one range */
	assert_true(holds(&t, "203.0.113.9"));
	assert_false(holds(&t, "203.0.113.10"));
	assert_false(holds(&t, "203.0.113.8"));
	assert_true(holds(&t, "10.0.0.0"));
	assert_true(holds(&t, "10.255.255.255"));
	assert_false(holds(&t, "11.0.0.0"));
	assert_false(holds(&t, "9.255.255.255"));
	assert_true(holds(&t, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"));
	assert_false(holds(&t, "2001:db9::"));
	target_free(&t);
	parse(&t, 0, NULL);
	assert_int_equal(t.n, 0);
	target_free(&t);
}

static void
test_refused(void **state)
{
	(void)state;
	refuse("10/8", "'10/8' leaves parts of the address out: write 10.0.0.0/8");
	refuse("10.1/16", "write 10.1.0.0/16");
	refuse("10.1.2.3/8", "host bits are set: did you mean 10.0.0.0/8");
	refuse("10.1.2", "'10.1.2': not an address");
	refuse("010.1.2.3", "not an address");
	refuse("10.0.0.0/33", "prefix length must be 0 to 32");
	refuse("example.net", "not an address");
	refuse("", "not an address");
	refuse("\033[31m", "'\\x1b[31m'");
	refuse("@/nonexistent/iocs.txt", "@/nonexistent/iocs.txt: No such file");
	refuse("10/33", "'10/33': not an address");
	refuse("10./8", "write 10.0.0.0/8");
	refuse("300/8", "'300/8': not an address");
}

static void
test_file(void **state)
{
	char *name = file(
		 "\xef\xbb\xbf# list of the day\n\n203.0.113.9\r\n  198.51.100.0/24   ; a net\n"
		 "192[.]0[.]2[.]1,c2,high\n2001:db8[:]:1\n# end"),
	     *words[] = { name };
	struct target t;

	(void)state;
	parse(&t, 1, words);
	assert_int_equal(t.n, 4);
	assert_true(holds(&t, "192.0.2.1"));
	assert_true(holds(&t, "2001:db8::1"));
	assert_true(holds(&t, "198.51.100.77"));
	target_free(&t);
	unlink(name + 1);

	name = file("203.0.113.9\n10/8\nfoo\nbar baz\n");
	refuse(name,
	    ":2: '10/8' leaves parts of the address out: write 10.0.0.0/8 (and 2 more lines)");
	assert_memory_equal(err.text, name + 1, strlen(name + 1)); /* file:line, to click on */
	unlink(name + 1);
	name = file("# nothing\n\n");
	refuse(name, "holds no address: put one on each line");
	unlink(name + 1);
}

/* Lists in the forms of those who publish them; the addresses are ours. */
static void
test_json(void **state)
{
	static const struct {
		const char *list;
		size_t given;
	} cases[] = {
		/* Spamhaus drop_v4.json: an object on each line, the last one about the list */
		{ "{\"cidr\":\"203.0.113.0/24\",\"sblid\":\"SBL1\",\"rir\":\"ripencc\"}\n"
		  "{\"cidr\":\"2001:db8::/32\",\"sblid\":\"SBL2\",\"rir\":\"arin\"}\n"
		  "{\"type\":\"metadata\",\"timestamp\":1764000000,\"size\":2}\n",
		    2 },
		/* Feodo ipblocklist.json */
		{ "[{\"ip_address\":\"203.0.113.9\",\"port\":443,\"status\":\"online\"},"
		  "{\"ip_address\":\"198.51.100.7\",\"port\":8080}]",
		    2 },
		/* MISP attributes/restSearch; a domain and one that is no indicator are left out */
		{ "{\"response\":{\"Attribute\":[{\"type\":\"ip-dst\",\"category\":\"Network "
		  "activity\",\"to_ids\":true,\"value\":\"203.0.113.9\"},{\"type\":\"ip-dst|port\","
		  "\"to_ids\":true,\"value\":\"203.0.113.10|443\"},{\"type\":\"domain\",\"to_ids\":"
		  "true,\"value\":\"example.net\"},{\"type\":\"ip-src\",\"to_ids\":false,\"value\":"
		  "\"203.0.113.11\"}]}}",
		    2 },
		/* STIX 2.1: what needs more than an address would match too much */
		{ "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"pattern\":"
		  "\"[ipv4-addr:value = '203.0.113.9' OR ipv4-addr:value ISSUBSET "
		  "'198.51.100.0/24'] OR [ipv6-addr:value = "
		  "'2001:db8::7']\"},{\"type\":\"indicator\","
		  "\"pattern\":\"[ipv4-addr:value = '203.0.113.12' AND "
		  "network-traffic:dst_port = 443]\"},{\"type\":\"ipv4-addr\",\"value\":"
		  "\"203.0.113.13\"}]}",
		    3 },
	};

	(void)state;
	log_set_level(LOG_ERROR);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *name = file(cases[i].list), *words[] = { name };
		struct target t;

		parse(&t, 1, words);
		assert_int_equal(t.given, cases[i].given);
		assert_false(holds(&t, "203.0.113.12") && i > 0);
		target_free(&t);
		unlink(name + 1);
	}
	char *name = file("[{\"ip_address\":\"203.0.113\"}]");
	refuse(name, "'203.0.113': not an address");
	unlink(name + 1);
	name = file("{\"cidr\": ");
	refuse(name, ":1:9: "); /* file:line:column */
	unlink(name + 1);
	name = file("{\"a\": [{\"b\": 1}]}");
	refuse(name, "holds no address");
	unlink(name + 1);
	log_set_level(LOG_WARNING);
}

/* --- SQL against the evaluator ------------------------------------------------------------------
 */

/* Addresses near each other and near the edges, of both families. */
static struct addr
random_addr(struct help_random *r)
{
	struct addr a = { 0 };

	if (help_random(r, 2) == 0)
		return addr_from_ipv4(0xcb007100u + help_random(r, 600) - 40);
	a.family = 6;
	memcpy(a.bytes, "\x20\x01\x0d\xb8", 4);
	a.bytes[14] = (uint8_t)help_random(r, 3);
	a.bytes[15] = (uint8_t)help_random(r, 256);
	return a;
}

static void
random_target(struct help_random *r, struct target *t, int n)
{
	char text[200][ADDR_TEXT + 4], *words[200];

	for (int i = 0; i < n; i++) {
		struct addr a = random_addr(r);
		struct prefix p = { a, 0 };
		unsigned bits = a.family == 4 ? 32 : 128;

		/* Clear host bits: the parser refuses them. */
		p.length = (uint8_t)(bits - help_random(r, 6));
		for (unsigned bit = p.length; bit < bits; bit++)
			p.addr.bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
		words[i] = (char *)(uintptr_t)prefix_format(&p, text[i]);
	}
	parse(t, n, words);
}

static size_t
matches(sqlite3 *db, const struct target *t, bool *out)
{
	size_t found = 0, n;

	for (size_t first = 0; first < t->n; first += n) {
		char sql[TARGET_SLICE * 48] = "SELECT n FROM rows WHERE ";
		sqlite3_stmt *st;

		n = target_condition(t, first, "address", 1, sql, sizeof(sql));
		assert_true(n >= 1 && n <= TARGET_SLICE);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
		assert_int_equal(target_bind(t, first, n, st, 1), SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW) {
			assert_false(out[sqlite3_column_int(st, 0)]); /* slices do not overlap */
			out[sqlite3_column_int(st, 0)] = true;
			found++;
		}
		sqlite3_finalize(st);
	}
	return found;
}

static void
test_referee(void **state)
{
	enum { ROWS = 500 };
	struct help_random r = { 4711 };
	struct addr rows[ROWS];
	size_t found = 0;
	sqlite3_stmt *st;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	sqlite3_exec(
	    db, "CREATE TABLE rows (n INTEGER PRIMARY KEY, address ANY)", NULL, NULL, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO rows VALUES (?, ?)", -1, &st, NULL);
	for (int i = 0; i < ROWS; i++) {
		rows[i] = random_addr(&r);
		sqlite3_bind_int(st, 1, i);
		reader_bind_addr(st, 2, &rows[i]);
		sqlite3_step(st);
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	for (int round = 0; round < 60; round++) {
		bool sql[ROWS] = { false };
		struct target t;

		random_target(&r, &t, 1 + (int)help_random(&r, 199));
		found += matches(db, &t, sql);
		for (int i = 0; i < ROWS; i++)
			if (sql[i] != target_holds(&t, &rows[i]))
				fail_msg("round %d, row %d: SQL %d", round, i, sql[i]);
		target_free(&t);
	}
	assert_true(found > 1000); /* the addresses did meet */
	sqlite3_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_referee),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
