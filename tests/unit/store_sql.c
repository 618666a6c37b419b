/* The SQL functions, in our own connections and in the sqlite3 shell. */
#include <fcntl.h>
#include <sys/wait.h>

#include "store/functions.h"
#include "store/seal.h"
#include "tests/unit/store_help.h"

static sqlite3 *
memory(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(functions_register(db, NULL), SQLITE_OK);
	assert_int_equal(functions_views(db, false), SQLITE_OK); /* no file of ours: no views */
	return db;
}

static void
gives(sqlite3 *db, const char *expression, const char *want)
{
	char sql[512];
	sqlite3_stmt *st;
	const char *have;

	snprintf(sql, sizeof(sql), "SELECT quote(%s)", expression);
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	have = (const char *)sqlite3_column_text(st, 0);
	if (strcmp(have, want) != 0)
		fail_msg("%s gives %s, not %s", expression, have, want);
	sqlite3_finalize(st);
}

static void
fails(sqlite3 *db, const char *sql, int code)
{
	sqlite3_stmt *st = NULL;
	int found = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

	if (found == SQLITE_OK)
		found = sqlite3_step(st);
	assert_int_equal(found, code);
	sqlite3_finalize(st);
}

static void
addresses(void **state)
{
	sqlite3 *db = memory();

	(void)state;
	gives(db, "ip_text(0)", "'0.0.0.0'");
	gives(db, "ip_text(3405803783)", "'203.0.113.7'");
	gives(db, "ip_text(4294967295)", "'255.255.255.255'");
	gives(db, "ip_text(4294967296)", "NULL");
	gives(db, "ip_text(-1)", "NULL");
	gives(db, "ip_text('203.0.113.7')", "NULL");
	gives(db, "ip_text(NULL)", "NULL");
	gives(db, "ip_text(x'20010db8000000000000000000000001')", "'2001:db8::1'");
	gives(db, "ip_text(x'20010db80000000000000000000001')", "NULL");
	gives(db, "ip_value('203.0.113.7')", "3405803783");
	gives(db, "ip_value('2001:DB8::1')", "X'20010DB8000000000000000000000001'");
	gives(db, "ip_value('::ffff:203.0.113.7')", "3405803783");
	gives(db, "ip_value('203.0.113.256')", "NULL");
	gives(db, "ip_value('')", "NULL");
	gives(db, "ip_value(NULL)", "NULL");
	gives(db, "proto_text(6)", "'tcp'");
	gives(db, "proto_text(58)", "'icmp6'");
	gives(db, "proto_text(256)", "''");
	gives(db, "proto_text(-1)", "NULL");
	gives(db, "proto_text(65536)", "NULL");
	sqlite3_close(db);
}

static void
packed_tables(void **state)
{
	sqlite3 *db = memory();

	(void)state;
	/* One session, every field by hand: shape (other port, start_after, polls as expected),
	 * number 5 + 2, start_by 1000 + 10, start_after 1010 - (300 + 1), end_from 1010 + 20,
	 * end_by 1030 + 300 - 1, port 0x1f90 = 8080, attribute 9. */
	const char *one = "x'01490214022801' || x'1f9009'";
	char sql[256];

	assert_int_equal(sqlite3_exec(db,
			     "CREATE TABLE seal (start); INSERT INTO seal VALUES (1000);"
			     "CREATE TABLE vantage (id INTEGER PRIMARY KEY, device, place, scope, "
			     "initiator, first, gap);"
			     "INSERT INTO vantage VALUES (1, 4, 'red', 1, 2, 5, 300), "
			     "(9, 5, '', 2, 0, 5, 300)",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	snprintf(sql, sizeof(sql),
	    "(SELECT number || ' ' || other || ' ' || attribute || ' ' || start_after "
	    "|| ' ' || start_by || ' ' || end_from || ' ' || end_by || ' ' || polls FROM "
	    "packed_sessions(CAST(%s AS BLOB), 1))",
	    one);
	gives(db, sql, "'7 8080 9 709 1010 1030 1329 2'");
	snprintf(sql, sizeof(sql),
	    "(SELECT n || ' ' || first_after || ' ' || first_by || ' ' || last_from || "
	    "' ' || last_by FROM packed_summary(CAST(%s AS BLOB), 1))",
	    one);
	gives(db, sql, "'1 709 1010 1030 1329'");
	gives(db,
	    "(SELECT device || ' ' || place || ' ' || scope || ' ' || initiator FROM "
	    "packed_summary(x'00', 1))",
	    "'4 red 1 2'");
	gives(db, "(SELECT device FROM packed_summary(x'00', 9))", "5");
	fails(db, "SELECT * FROM packed_sessions(x'00', 2)", SQLITE_CORRUPT);
	gives(db, "(SELECT count(*) FROM packed_sessions(NULL, 1))", "0");
	gives(db, "(SELECT count(*) FROM packed_sessions(x'00', 1))", "0");
	fails(db, "SELECT * FROM packed_sessions(x'', 1)", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM packed_sessions(x'01', 1)", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM packed_sessions(x'0000', 1)", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM packed_sessions(x'00')", SQLITE_ERROR);
	fails(db, "SELECT * FROM packed_sessions", SQLITE_ERROR);
	/* The arguments may come from any side of a join. */
	gives(db,
	    "(SELECT count(*) FROM packed_sessions p, (SELECT x'00' AS b, 1 AS one) a WHERE "
	    "p.sessions = a.b AND p.vantage = a.one)",
	    "0");
	sqlite3_close(db);
}

/* One session, every field by hand: base 1000, top 9, 4 complete polls; mask (in and out port,
 * start_after, state, bytes_total), scope 1 and initiator 1, inside, outside, tcp, ports 40000 and
 * 443, number 9 - 2, start_by 1000 - 10, start_after 990 - 300, before 4 - 1, word 5, 300 bytes. */
static void
rolls(void **state)
{
	static const char
	    one[] = "x'd00f0904' || x'19ce8001050a0000010a000002069c4001bb0214d8040205ac02'";
	sqlite3 *db = memory();
	char sql[1024];

	(void)state;
	snprintf(sql, sizeof(sql),
	    "(SELECT number || ' ' || scope || ' ' || proto || ' ' || inside || ' ' || in_port || "
	    "' ' || "
	    "outside || ' ' || out_port || ' ' || initiator || ' ' || state || ' ' || start_after "
	    "|| ' ' || "
	    "start_by || ' ' || seen || ' ' || before || ' ' || bytes_total || quote(in_nat) || "
	    "quote(bytes_in) FROM roll_sessions(CAST(%s AS BLOB)))",
	    one);
	gives(db, sql, "'7 1 6 167772161 40000 167772162 443 1 5 690 990 0 3 300NULLNULL'");
	gives(db, "(SELECT count(*) FROM roll_sessions(NULL))", "0");
	gives(db, "(SELECT count(*) FROM roll_sessions(x''))", "0");
	gives(db, "(SELECT count(*) FROM roll_sessions(x'000000'))", "0");
	fails(db, "SELECT * FROM roll_sessions(x'00')", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM roll_sessions(x'00000000')", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM roll_sessions(x'000000020100')", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM roll_sessions(x'00000009')", SQLITE_CORRUPT);
	fails(db, "SELECT * FROM roll_sessions", SQLITE_ERROR);
	sqlite3_close(db);
}

/* What the roll tests itself must be what SQLite would have said: the unary plus keeps it out. */
static void
roll_tests(void **state)
{
	static const char *const operators[] = { "=", "<", "<=", ">", ">=" };
	static const char *const values[] = { "3405803783", "3405803784", "0", "-1", "4294967296",
		"x'20010db8000200000000000000000009'", "x'00'", "x''", "'text'", "3405803783.0",
		"3405803783.5", "NULL", "x'ffffffffffffffffffffffffffffffffff'" };
	char *dir = help_folder(), sql[1024];
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1");
	struct session rows[4] = { help_session("10.0.0.1", 1, "203.0.113.7", 443),
		help_session("10.0.0.2", 2, "203.0.113.8", 443),
		help_session("10.0.0.3", 3, "203.0.113.6", 443),
		help_session("2001:db8:1::1", 4, "2001:db8:2::9", 443) };
	struct reader *r;

	(void)state;
	help_poll(s, device, OUTCOME_COMPLETE, HELP_MIDNIGHT, HELP_MIDNIGHT + 1, rows, 4);
	r = help_reader(dir);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		for (size_t o = 0; o < sizeof(operators) / sizeof(operators[0]); o++) {
			const char *op = operators[o], *v = values[i];
			snprintf(sql, sizeof(sql),
			    "SELECT (SELECT count(*) FROM v_session WHERE outside %s %s) = "
			    "(SELECT count(*) FROM v_session WHERE +outside %s %s) AND "
			    "(SELECT count(*) FROM v_session WHERE inside %s %s AND outside > 9) = "
			    "(SELECT count(*) FROM v_session WHERE +inside %s %s AND +outside > 9)",
			    op, v, op, v, op, v, op, v);
			if (!help_number(reader_live(r), sql))
				fail_msg("outside %s %s", op, v);
		}
	}
	assert_int_equal(
	    help_number(reader_live(r), "SELECT count(*) FROM v_session WHERE outside BETWEEN "
					"ip_value('203.0.113.7') AND ip_value('203.0.113.8')"),
	    2);
	reader_close(r);
	store_close(s);
	help_remove(dir);
}

/* --- the shell -------------------------------------------------------------------------------- */

/* What `sqlite3 -readonly FILE` prints for sql with our extension loaded. */
static void
shell(const char *file, const char *sql, char *out, size_t size)
{
	int ends[2], status;
	size_t used = 0;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		execlp("sqlite3", "sqlite3", "-batch", "-noheader", "-list", "-readonly", file,
		    "-cmd", ".load build/gatebook-sqlite", sql, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while (used < size - 1 && (n = read(ends[0], out + used, size - 1 - used)) > 0)
		used += (size_t)n;
	out[used] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("sqlite3: %s", out);
}

static void
in_the_shell(void **state)
{
	char *dir = help_folder(), live[4096], day[SEAL_PATH], out[4096];
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), t = HELP_MIDNIGHT + 1000;
	struct session rows[2] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443),
		help_session("2001:db8:1::1", 53, "2001:db8:2::9", 40000) };
	struct error err = { 0 };

	(void)state;
	rows[1].initiator = INITIATOR_OUT;
	rows[0].counters = (struct counters){
		.has = HAS_BYTES_NEAR | HAS_BYTES_FAR, .bytes_near = 3, .bytes_far = 4
	};
	help_poll(s, device, OUTCOME_COMPLETE, t, t + 5, rows, 2);
	for (int i = 0; i < 2; i++)
		rows[i].counters.bytes_near += 10;
	help_poll(s, device, OUTCOME_COMPLETE, t + 300, t + 305, rows, 2);
	snprintf(live, sizeof(live), "%s/gatebook.db", dir);
	shell(live,
	    "SELECT ip_text(inside), ip_text(outside), proto_text(proto), port, bytes, open FROM "
	    "v_contact ORDER BY port",
	    out, sizeof(out));
	assert_string_equal(out, "2001:db8:1::1|2001:db8:2::9|tcp|53||1\n"
				 "10.0.0.1|203.0.113.7|tcp|443|17|1\n");

	help_poll(s, device, OUTCOME_COMPLETE, t + 600, t + 605, NULL, 0);
	clock_set(HELP_MIDNIGHT + CLOCK_DAY);
	assert_int_equal(store_seal(s, 0, &err), 1);
	clock_set(0);
	store_close(s);
	seal_path(dir, HELP_DAY, "", day);
	shell(day,
	    "SELECT ip_text(inside), in_port, ip_text(outside), out_port, state, polls, bytes_out, "
	    "end_by "
	    "- start_by FROM v_session WHERE outside = ip_value('203.0.113.7')",
	    out, sizeof(out));
	assert_string_equal(out, "10.0.0.1|40000|203.0.113.7|443|ESTABLISHED|2|13|600\n");
	shell(live, "SELECT count(*) FROM v_session", out, sizeof(out));
	assert_string_equal(out, "0\n");
	help_remove(dir);
}

/* Questions by outside and by inside are searches in a sealed day, and by device in the open set.
 */
static void
plans(void **state)
{
	static const struct {
		const char *sql, *plan;
		bool day;
	} cases[] = {
		{ "SELECT * FROM v_contact WHERE outside BETWEEN 5 AND 9",
		    "SEARCH main.contact USING PRIMARY KEY", true },
		{ "SELECT * FROM v_session WHERE outside BETWEEN 5 AND 9",
		    "SEARCH main.contact USING PRIMARY KEY", true },
		{ "SELECT * FROM v_session WHERE inside = 5", "INDEX contact_inside", true },
		{ "SELECT count(*) FROM v_session WHERE device = 3",
		    "SEARCH o USING INTEGER PRIMARY KEY", false },
		{ "SELECT * FROM v_session WHERE outside = 3", "INDEX long_outside", false },
		{ "SELECT inside, sum(n) FROM v_contact WHERE inside = 3 GROUP BY 1",
		    "INDEX long_inside", false },
	};
	char *dir = help_folder(), day[SEAL_PATH], sql[256], plan[4096];
	struct session rows[1] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443) };
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1");
	struct error err = { 0 };
	sqlite3 *db[2];

	(void)state;
	help_poll(s, device, OUTCOME_COMPLETE, HELP_MIDNIGHT, HELP_MIDNIGHT + 1, rows, 1);
	help_poll(s, device, OUTCOME_COMPLETE, HELP_MIDNIGHT + 9, HELP_MIDNIGHT + 9, NULL, 0);
	clock_set(HELP_MIDNIGHT + CLOCK_DAY);
	assert_int_equal(store_seal(s, 0, &err), 1);
	clock_set(0);
	store_close(s);
	struct reader *r = help_reader(dir);
	db[0] = reader_live(r);
	seal_path(dir, HELP_DAY, "", day);
	assert_int_equal(sqlite3_open_v2(day, &db[1], SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(functions_register(db[1], NULL), SQLITE_OK);
	assert_int_equal(functions_views(db[1], false), SQLITE_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sqlite3_stmt *st;
		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", cases[i].sql);
		assert_int_equal(
		    sqlite3_prepare_v2(db[cases[i].day], sql, -1, &st, NULL), SQLITE_OK);
		plan[0] = '\0';
		while (sqlite3_step(st) == SQLITE_ROW) {
			size_t n = strlen(plan);
			snprintf(plan + n, sizeof(plan) - n, "%s\n",
			    (const char *)sqlite3_column_text(st, 3));
		}
		sqlite3_finalize(st);
		if (!strstr(plan, cases[i].plan))
			fail_msg("%s:\n%s", cases[i].sql, plan);
	}
	sqlite3_close(db[1]);
	reader_close(r);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(packed_tables),
		cmocka_unit_test(rolls),
		cmocka_unit_test(roll_tests),
		cmocka_unit_test(in_the_shell),
		cmocka_unit_test(plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
