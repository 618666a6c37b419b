/* Sealing changes where a session is kept, and nothing that is said of it. What the live views said
 * before is the truth here: store_merge has held it against a model. */
#include <sys/wait.h>

#include "store/seal.h"
#include "tests/unit/store_walk.h"

enum { DEVICES = 2, POLLS = 400, ROWS = 12000 };

/* Every column of v_session as one text, by id. */
struct row {
	int64_t id, earliest, end_by; /* earliest: strictly, as the questions ask; end_by -1: open
				       */
	char *text;
};

struct rows {
	struct row *all;
	size_t n;
	sqlite3 *live;
	bool whole_checked;
	int64_t from, to;
};

static const char row_sql[] =
    "SELECT id, coalesce(start_after + 1, start_by), coalesce(end_by, -1), "
    "id || '|' || device || '|' || scope || '|' || proto || '|' || quote(inside) || '|' || "
    "quote(in_port) || '|' || quote(outside) || '|' || quote(out_port) || '|' || place || '|' || "
    "quote(in_nat) || '|' || quote(in_nat_port) || '|' || quote(out_nat) || '|' || "
    "quote(out_nat_port) || '|' || initiator || '|' || state || '|' || app || '|' || user || '|' "
    "|| "
    "in_iface || '|' || out_iface || '|' || quote(start_after) || '|' || start_by || '|' || "
    "end_from || "
    "'|' || quote(end_by) || '|' || polls || '|' || quote(bytes_out) || '|' || quote(bytes_in) || "
    "'|' "
    "|| quote(bytes_total) || '|' || quote(packets_out) || '|' || quote(packets_in) "
    "FROM v_session WHERE coalesce(start_after + 1, start_by) <= ?1 AND "
    "(end_by IS NULL OR end_by > ?2)";

/* --- reading all parts ------------------------------------------------------------------------ */

static int
read_part(sqlite3 *db, bool whole, void *arg)
{
	struct rows *rows = arg;
	size_t before = rows->n;
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, row_sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_bind_int64(st, 1, rows->to);
	sqlite3_bind_int64(st, 2, rows->from);
	while (sqlite3_step(st) == SQLITE_ROW) {
		assert_true(rows->n < ROWS);
		rows->all[rows->n++] = (struct row){ sqlite3_column_int64(st, 0),
			sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2),
			strdup((const char *)sqlite3_column_text(st, 3)) };
	}
	if (sqlite3_finalize(st) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	/* Whole is said when it is so, and of a sealed day always then. */
	if (db != rows->live)
		assert_int_equal(whole,
		    rows->n - before == (size_t)help_number(db, "SELECT count(*) FROM v_session"));
	rows->whole_checked |= whole;
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return x->id < y->id ? -1 : x->id > y->id;
}

static struct rows
read_all(const char *dir, int64_t from, int64_t to)
{
	struct rows rows = { .all = calloc(ROWS, sizeof(struct row)), .from = from, .to = to };
	struct reader *r = help_reader(dir);
	struct error err = { 0 };

	rows.live = reader_live(r);
	if (reader_parts(r, from, to, read_part, &rows, &err) != 0)
		fail_msg("%s", err.text);
	reader_close(r);
	if (rows.n)
		qsort(rows.all, rows.n, sizeof(*rows.all), by_id);
	return rows;
}

static void
free_rows(struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free(rows->all[i].text);
	free(rows->all);
}

/* The parts together say what `truth` says of [from, to]. */
static bool
same_answer(const char *dir, const struct rows *truth, int64_t from, int64_t to)
{
	struct rows have = read_all(dir, from, to);
	bool checked = have.whole_checked;
	size_t n = 0;

	for (size_t i = 0; i < truth->n; i++) {
		const struct row *t = &truth->all[i];
		if (t->earliest > to || (t->end_by != -1 && t->end_by <= from))
			continue;
		if (n == have.n || have.all[n].id != t->id)
			fail_msg("missing: %s", t->text);
		assert_string_equal(have.all[n].text, t->text);
		n++;
	}
	assert_int_equal(n, have.n);
	free_rows(&have);
	return checked;
}

/* --- a history -------------------------------------------------------------------------------- */

/* Writes polls of some days, with a gap of two days in the middle. Returns the time after them. */
static int64_t
write_history(const char *dir, uint64_t seed)
{
	static const char *const names[DEVICES] = { "edge-1", "edge-2" };
	struct help_random r = { seed };
	int64_t now = HELP_MIDNIGHT + 40000, ids[DEVICES];
	struct walk_event *events = calloc(DEVICES, sizeof(*events));
	struct store *s = help_open(dir);
	struct error err = { 0 };

	for (int d = 0; d < DEVICES; d++)
		ids[d] = help_device(s, names[d]);
	assert_int_equal(store_begin(s, &err), 0);
	for (int i = 0; i < POLLS; i++) {
		uint32_t d = help_random(&r, DEVICES);
		struct walk_event next = { 0 };
		struct session rows[WALK_KEYS];
		struct poll_report report;
		size_t n;
		if (i == POLLS / 2)
			now += 2 * CLOCK_DAY;
		walk_event(&r, &next, &now, i % 3 ? 600 : 5000, &events[d]);
		n = walk_rows(&next, rows);
		report = help_report(next.outcome, next.asked, next.answered, n);
		if (store_poll(s, ids[d], &report, rows, n, help_words(), NULL, &err) < 0)
			fail_msg("%s", err.text);
		events[d] = next;
	}
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
	free(events);
	return now;
}

static int
seal(const char *dir, int keep_days)
{
	struct store *s = help_open(dir);
	struct error err = { 0 };
	int n = store_seal(s, keep_days, &err);

	if (n < 0)
		fail_msg("%s", err.text);
	store_close(s);
	return n;
}

static void
file_of(const char *dir, int64_t day, char path[static SEAL_PATH])
{
	seal_path(dir, day, "", path);
}

static int
files(const char *dir, const char *ending)
{
	char path[4096];
	struct dirent *e;
	DIR *days;
	int n = 0;

	snprintf(path, sizeof(path), "%s/days", dir);
	days = opendir(path);
	assert_non_null(days);
	while ((e = readdir(days))) {
		size_t length = strlen(e->d_name);
		if (length > strlen(ending) &&
		    strcmp(e->d_name + length - strlen(ending), ending) == 0)
			n++;
	}
	closedir(days);
	return n;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
same_before_and_after(void **state)
{
	struct help_random r = { 77 };
	bool some_whole = false;

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		char *dir = help_folder();
		int64_t now = write_history(dir, seed);
		struct rows truth = read_all(dir, 0, INT32_MAX);
		for (int i = 0; i < 20; i++) { /* the live part alone leaves nothing out either */
			int64_t from = HELP_MIDNIGHT +
				       help_random(&r, (uint32_t)(now - HELP_MIDNIGHT));
			same_answer(
			    dir, &truth, from, from + help_random(&r, 1 << help_random(&r, 20)));
		}
		clock_set(now);
		assert_true(seal(dir, 0) >= 4);
		assert_int_equal(seal(dir, 0), 0);
		same_answer(dir, &truth, 0, INT32_MAX);
		for (int i = 0; i < 60; i++) {
			int64_t span = now - HELP_MIDNIGHT + 2 * CLOCK_DAY;
			int64_t from = HELP_MIDNIGHT - CLOCK_DAY + help_random(&r, (uint32_t)span);
			int64_t to = from + help_random(&r, 1 << help_random(&r, 20));
			if (i % 3 == 0) { /* whole days, as people ask */
				from -= from % CLOCK_DAY;
				to = from + CLOCK_DAY * (1 + help_random(&r, 3)) - 1;
			}
			some_whole |= same_answer(dir, &truth, from, to);
		}
		free_rows(&truth);
		clock_set(0);
		help_remove(dir);
	}
	assert_true(some_whole);
}

/* v_contact of a part against v_session of the same part, by SQL that knows nothing of packing. */
static const char contact_sql[] =
    "WITH s AS (SELECT *, CASE initiator WHEN 2 THEN in_port ELSE out_port END AS port, "
    "coalesce(bytes_total, bytes_out + bytes_in, bytes_out, bytes_in) AS b FROM v_session), "
    "w AS (SELECT *, row_number() OVER (PARTITION BY outside, inside, proto, port, initiator, "
    "scope, "
    "device, place ORDER BY start_by, start_after NULLS FIRST) AS f, row_number() OVER (PARTITION "
    "BY "
    "outside, inside, proto, port, initiator, scope, device, place ORDER BY end_by DESC, end_from "
    "DESC) AS l FROM s), "
    "g AS (SELECT outside, inside, proto, port, initiator, scope, device, place, count(*) AS n, "
    "max(CASE f WHEN 1 THEN start_after END) AS first_after, "
    "max(CASE f WHEN 1 THEN start_by END) AS first_by, "
    "max(CASE l WHEN 1 THEN end_from END) AS last_from, max(CASE l WHEN 1 THEN end_by END) AS "
    "last_by, "
    "sum(b) AS bytes, 0 AS open FROM w GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) "
    "SELECT (SELECT count(*) FROM (SELECT * FROM g EXCEPT SELECT * FROM v_contact)) + "
    "(SELECT count(*) FROM (SELECT * FROM v_contact EXCEPT SELECT * FROM g)) + "
    "10000 * ((SELECT count(*) FROM g) - (SELECT count(*) FROM v_contact))";

struct contacts {
	struct reader *reader;
	int parts;
	int64_t most; /* sessions of one contact */
};

static int
check_contacts(sqlite3 *db, bool whole, void *arg)
{
	struct contacts *c = arg;
	int64_t most;

	(void)whole;
	if (db == reader_live(c->reader))
		return 0;
	assert_int_equal(help_number(db, contact_sql), 0);
	most = help_number(db, "SELECT max(n) FROM v_contact");
	c->most = most > c->most ? most : c->most;
	c->parts++;
	return 0;
}

static void
contacts_sum_sessions(void **state)
{
	char *dir = help_folder();
	struct error err = { 0 };
	struct contacts c = { 0 };

	(void)state;
	clock_set(write_history(dir, 9));
	seal(dir, 0);
	c.reader = help_reader(dir);
	assert_int_equal(reader_parts(c.reader, 0, INT32_MAX, check_contacts, &c, &err), 0);
	reader_close(c.reader);
	assert_true(c.parts >= 4);
	assert_in_range(c.most, 9, ROWS); /* beyond PACK_PLAIN, where the summary is a stored one */
	clock_set(0);
	help_remove(dir);
}

/* A session that may have begun before the day before its file's is in none of the files. */
static int
check_span(sqlite3 *db, bool whole, void *arg)
{
	struct contacts *c = arg;

	(void)whole;
	if (db == reader_live(c->reader))
		return 0;
	assert_int_equal(help_number(db, "SELECT count(*) FROM v_session, seal WHERE "
					 "coalesce(start_after, start_by) < seal.start - 86400 OR "
					 "end_by >= seal.start + 86400"),
	    0);
	c->parts++;
	return 0;
}

static void
long_sessions(void **state)
{
	char *dir = help_folder();
	int64_t now = write_history(dir, 4);
	struct error err = { 0 };
	struct contacts c = { 0 };

	(void)state;
	clock_set(now);
	seal(dir, 0);
	c.reader = help_reader(dir);
	assert_true(help_number(reader_live(c.reader), "SELECT count(*) FROM long") > 0);
	assert_int_equal(
	    help_number(reader_live(c.reader), "SELECT count(*) FROM closed WHERE id >> 40 < "
					       "(SELECT value FROM meta)"),
	    0);
	assert_int_equal(reader_parts(c.reader, 0, INT32_MAX, check_span, &c, &err), 0);
	assert_true(c.parts > 0);
	reader_close(c.reader);
	clock_set(0);
	help_remove(dir);
}

/* --- killed at every step --------------------------------------------------------------------- */

static int steps_left;

static void
die_at_step(const char *step)
{
	(void)step;
	if (--steps_left == 0)
		_exit(9);
}

/* Runs a sealing that dies at its nth step. Returns whether it did. */
static bool
die_sealing(const char *dir, int nth, int keep_days)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct error err;
		struct store *s = store_open(dir, false, &err);
		steps_left = nth;
		seal_hook = die_at_step;
		_exit(s && store_seal(s, keep_days, &err) >= 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != 9)
		assert_int_equal(WEXITSTATUS(status), 0);
	return WEXITSTATUS(status) == 9;
}

static void
killed_while_sealing(void **state)
{
	char *original = help_folder();
	struct rows truth;
	bool died = true;
	int deaths = 0;

	(void)state;
	clock_set(write_history(original, 5));
	truth = read_all(original, 0, INT32_MAX);
	for (int nth = 1; died; nth++) {
		char *dir = help_copy(original);
		died = die_sealing(dir, nth, 0);
		deaths += died;
		same_answer(dir, &truth, 0, INT32_MAX);
		/* The next start repairs; nothing is there twice and nothing is lost. */
		struct store *s = help_open(dir);
		assert_int_equal(files(dir, ".tmp"), 0);
		same_answer(dir, &truth, 0, INT32_MAX);
		store_close(s);
		seal(dir, 0);
		same_answer(dir, &truth, 0, INT32_MAX);
		assert_int_equal(files(dir, ".tmp"), 0);
		help_remove(dir);
	}
	free_rows(&truth);
	clock_set(0);
	help_remove(original);
	assert_true(deaths >= 4 * 7); /* 7 steps for each of at least 4 days */
}

static void
killed_while_dropping(void **state)
{
	char *original = help_folder();
	bool died = true;
	int deaths = 0;

	(void)state;
	clock_set(write_history(original, 6));
	seal(original, 0);
	for (int nth = 1; died; nth++) {
		char *dir = help_copy(original);
		int before = files(dir, ".db");
		died = die_sealing(dir, nth, 2);
		deaths += died;
		struct store *s = help_open(dir);
		struct reader *r = help_reader(dir);
		assert_int_equal(
		    help_number(reader_live(r), "SELECT count(*) FROM day"), files(dir, ".db"));
		assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM dropped"), 0);
		reader_close(r);
		store_close(s);
		seal(dir, 2);
		assert_true(files(dir, ".db") < before);
		assert_true(files(dir, ".db") > 0);
		help_remove(dir);
	}
	clock_set(0);
	help_remove(original);
	assert_true(deaths >= 3);
}

/* --- retention -------------------------------------------------------------------------------- */

static void
retention(void **state)
{
	char *dir = help_folder(), path[SEAL_PATH];
	int64_t now = write_history(dir, 8), oldest = now / CLOCK_DAY - 2;
	struct rows truth = read_all(dir, 0, INT32_MAX), have;
	struct reader *r;
	size_t kept = 0;

	(void)state;
	clock_set(now);
	seal(dir, 2);
	have = read_all(dir, 0, INT32_MAX);
	for (size_t i = 0; i < truth.n; i++) {
		const struct row *t = &truth.all[i];
		if (t->end_by != -1 && t->end_by < oldest * CLOCK_DAY)
			continue;
		assert_true(kept < have.n);
		assert_string_equal(have.all[kept].text, t->text);
		kept++;
	}
	assert_int_equal(kept, have.n);
	assert_true(kept > 0 && kept < truth.n);
	file_of(dir, oldest - 1, path);
	assert_int_equal(access(path, F_OK), -1);
	r = help_reader(dir);
	assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM poll WHERE started < "
						     "(SELECT value - 1 FROM meta) * 86400"),
	    0);
	assert_true(help_number(reader_live(r), "SELECT count(*) FROM poll") > 0);
	reader_close(r);
	/* A device that is never heard of again keeps its last poll. */
	clock_set(now + 100 * CLOCK_DAY);
	seal(dir, 2);
	r = help_reader(dir);
	assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM poll"), DEVICES);
	assert_int_equal(files(dir, ".db"), 0);
	reader_close(r);
	clock_set(0);
	free_rows(&truth);
	free_rows(&have);
	help_remove(dir);
}

/* A reader that began before a day was dropped does not call it missing. */
static int
drop_meanwhile(sqlite3 *db, bool whole, void *arg)
{
	struct contacts *c = arg;

	(void)db, (void)whole;
	if (c->parts++ == 0) {
		clock_set(HELP_MIDNIGHT + 60 * CLOCK_DAY);
		seal((const char *)(uintptr_t)c->most, 1);
	}
	return 0;
}

static void
dropped_while_reading(void **state)
{
	char *dir = help_folder();
	struct error err = { 0 };
	struct contacts c = { .most = (int64_t)(uintptr_t)dir };

	(void)state;
	clock_set(write_history(dir, 6));
	seal(dir, 0);
	c.reader = help_reader(dir);
	assert_int_equal(reader_parts(c.reader, 0, INT32_MAX, drop_meanwhile, &c, &err), 0);
	assert_int_equal(c.parts, 1);
	reader_close(c.reader);
	clock_set(0);
	help_remove(dir);
}

/* A day that is sealed while a question is under way is read where it was when that began. */
static int
seal_meanwhile(sqlite3 *db, bool whole, void *arg)
{
	struct rows *rows = arg;

	if (db == rows->live)
		seal((const char *)(uintptr_t)rows->from, 0);
	rows->from = 0;
	return read_part(db, whole, arg);
}

static void
sealed_while_reading(void **state)
{
	char *dir = help_folder();
	struct error err = { 0 };
	struct rows truth, have = { .all = calloc(ROWS, sizeof(struct row)),
		.to = INT32_MAX,
		.from = (int64_t)(uintptr_t)dir };
	struct reader *r;

	(void)state;
	clock_set(write_history(dir, 3));
	truth = read_all(dir, 0, INT32_MAX);
	r = help_reader(dir);
	have.live = reader_live(r);
	assert_int_equal(reader_parts(r, 0, INT32_MAX, seal_meanwhile, &have, &err), 0);
	reader_close(r);
	assert_int_equal(have.n, truth.n);
	same_answer(dir, &truth, 0, INT32_MAX);
	free_rows(&truth);
	free_rows(&have);
	clock_set(0);
	help_remove(dir);
}

/* --- beside the writer ------------------------------------------------------------------------ */

/* While a day's file is being built, a poll that ends on that day closes sessions into the next. */
static void
late_polls(void **state)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t a = help_device(s, "edge-1"), b = help_device(s, "edge-2"),
		t = HELP_MIDNIGHT + 80000;
	struct session rows[1] = { help_session("10.0.0.1", 40000, "203.0.113.7", 443) };
	struct error err = { 0 };
	struct rows truth;
	int more;

	(void)state;
	help_poll(s, a, OUTCOME_COMPLETE, t, t + 5, rows, 1);
	help_poll(s, b, OUTCOME_COMPLETE, t, t + 5, rows, 1);
	help_poll(s, a, OUTCOME_COMPLETE, t + 300, t + 305, NULL, 0);
	clock_set(HELP_MIDNIGHT + CLOCK_DAY + 2);
	assert_int_equal(store_seal_step(s, 0, &err), 1);
	help_poll(s, b, OUTCOME_COMPLETE, t + 400, t + 405, NULL, 0);
	truth = read_all(dir, 0, INT32_MAX);
	assert_int_equal(truth.n, 2);
	while ((more = store_seal_step(s, 0, &err)) == 1)
		usleep(1000);
	assert_int_equal(more, 0);
	same_answer(dir, &truth, 0, INT32_MAX);
	same_answer(dir, &truth, t, t + 500);
	struct reader *r = help_reader(dir);
	assert_int_equal(help_number(reader_live(r), "SELECT sessions FROM day"), 1);
	assert_int_equal(help_number(reader_live(r), "SELECT id >> 40 FROM closed"), HELP_DAY + 1);
	reader_close(r);
	/* Later still: after the day is sealed. */
	help_poll(s, a, OUTCOME_COMPLETE, t + 500, t + 505, rows, 1);
	help_poll(s, a, OUTCOME_COMPLETE, t + 600, t + 605, NULL, 0);
	free_rows(&truth);
	truth = read_all(dir, 0, INT32_MAX);
	assert_int_equal(truth.n, 3);
	clock_set(HELP_MIDNIGHT + 2 * CLOCK_DAY);
	assert_int_equal(store_seal(s, 0, &err), 1);
	same_answer(dir, &truth, t, t + 700);
	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(store_seal(s, 0, &err), -1);
	store_close(s);
	free_rows(&truth);
	clock_set(0);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_before_and_after),
		cmocka_unit_test(contacts_sum_sessions),
		cmocka_unit_test(long_sessions),
		cmocka_unit_test(killed_while_sealing),
		cmocka_unit_test(killed_while_dropping),
		cmocka_unit_test(retention),
		cmocka_unit_test(dropped_while_reading),
		cmocka_unit_test(sealed_while_reading),
		cmocka_unit_test(late_polls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
