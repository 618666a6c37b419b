/* Opening: whose store it is, who holds it, what its schema is, and what happens when the disk says
 * no. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/schema.h"
#include "store/seal.h"
#include "tests/unit/store_help.h"

static void
refused(const char *dir, bool create, const char *first, const char *second)
{
	struct error err = { 0 };
	struct store *s = store_open(dir, create, &err);

	assert_null(s);
	if (!strstr(err.text, first) || !strstr(err.text, second))
		fail_msg("\"%s\" does not say \"%s\" and \"%s\"", err.text, first, second);
}

static sqlite3 *
raw(const char *dir)
{
	char path[4096];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* --- whose it is ------------------------------------------------------------------------------ */

static void
creates_private(void **state)
{
	char *base = help_folder(), dir[4096], path[4200];
	struct store *s;
	struct stat st;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/book", base);
	refused(dir, false, "no store in", "the first poll creates it");
	assert_int_equal(access(dir, F_OK), -1);
	umask(0);
	s = help_open(dir);
	umask(022);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	snprintf(path, sizeof(path), "%s/gatebook.db-wal", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	store_close(s);
	/* What a reader without write permission needs stays. */
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	refused(dir, false, "can be written by everybody", "chmod 700");
	help_remove(base);
}

static void
not_ours(void **state)
{
	char *dir = help_folder();
	sqlite3 *db = raw(dir);
	struct error err = { 0 };

	(void)state;
	run(db, "CREATE TABLE recipes (x); PRAGMA user_version = 1");
	sqlite3_close(db);
	refused(dir, true, "not a Gatebook store", dir);
	assert_null(reader_open(dir, 0, &err));
	assert_non_null(strstr(err.text, "not a Gatebook file"));
	db = raw(dir);
	assert_int_equal(help_number(db, "SELECT count(*) FROM sqlite_schema"), 1);
	sqlite3_close(db);
	help_remove(dir);
}

static void
not_a_database(void **state)
{
	char *dir = help_folder(), path[4096];
	struct error err = { 0 };
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	f = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("this is no database ", f);
	fclose(f);
	refused(dir, true, "gatebook.db", "not a database");
	assert_null(reader_open(dir, 0, &err));
	help_remove(dir);
}

static void
locked(void **state)
{
	char *dir = help_folder(), pid[32];
	struct store *s = help_open(dir);

	(void)state;
	snprintf(pid, sizeof(pid), "process %d:", (int)getpid());
	refused(dir, true, "is being written by", pid);
	store_close(s);
	s = help_open(dir);
	store_close(s);
	help_remove(dir);
}

static void
read_only_folder(void **state)
{
	char *base = help_folder(), dir[4096];
	int status;
	pid_t child;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/book", base);
	assert_int_equal(mkdir(dir, 0755), 0);
	assert_int_equal(chmod(base, 0755), 0);
	/* As somebody else: root may write anywhere. */
	child = fork();
	if (child == 0) {
		struct error err = { 0 };
		if (getuid() == 0 && setuid(65534) < 0)
			_exit(3);
		if (getuid() != 65534)
			chmod(dir, 0555);
		if (store_open(dir, true, &err))
			_exit(2);
		_exit(strstr(err.text, "Permission denied") && strstr(err.text, dir) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	chmod(dir, 0755);
	help_remove(base);
}

/* --- schemas ---------------------------------------------------------------------------------- */

static void
newer_schema(void **state)
{
	char *dir = help_folder();
	struct error err = { 0 };
	sqlite3 *db;

	(void)state;
	store_close(help_open(dir));
	db = raw(dir);
	run(db, "PRAGMA user_version = 99");
	sqlite3_close(db);
	refused(dir, true, "schema 99", "newer gatebook");
	assert_null(reader_open(dir, 0, &err));
	assert_non_null(strstr(err.text, "schema 99"));
	help_remove(dir);
}

/* A store whose creation was killed after the file had its name and its owner. */
static void
version_0(void **state)
{
	char *dir = help_folder();
	sqlite3 *db = raw(dir);
	struct error err = { 0 };
	struct reader *r;

	(void)state;
	run(db, "PRAGMA application_id = 0x4774626b");
	sqlite3_close(db);
	assert_null(reader_open(dir, 0, &err));
	assert_non_null(strstr(err.text, "older schema 0"));
	store_close(help_open(dir));
	r = help_reader(dir);
	assert_int_equal(help_number(reader_live(r), "PRAGMA user_version"), STORE_SCHEMA);
	assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM v_session"), 0);
	reader_close(r);
	help_remove(dir);
}

static const char *const steps[] = { "CREATE TABLE a (x); INSERT INTO a VALUES (1)",
	"ALTER TABLE a ADD COLUMN y NOT NULL DEFAULT 7", "UPDATE a SET x = x + y" };
static const char *const bad_steps[] = { "CREATE TABLE a (x); INSERT INTO a VALUES (1)",
	"ALTER TABLE a ADD COLUMN y; INSERT INTO nowhere VALUES (1)" };

/* What the first release left is brought up to date, and keeps what stands in it. */
static void
an_older_store(void **state)
{
	char *dir = help_folder(), path[4096];
	struct error err = { 0 };
	struct store *s;
	struct reader *r;
	sqlite3 *db;

	(void)state;
	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(schema_migrate(db, schema_steps, 1, &err), 0);
	run(db,
	    "INSERT INTO hostkey VALUES (1, 'r1', 'ssh-ed25519 SHA256:x', 1, 'anna', NULL, NULL)");
	run(db, "INSERT INTO poll VALUES (1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, "
		"0, 0, "
		"0, 0, 0, 0, 0, 0, 0, 0, 0, '', '')");
	sqlite3_close(db);
	s = store_open(dir, false, &err);
	assert_non_null(s);
	store_close(s);
	r = reader_open(dir, 0, &err);
	assert_non_null(r);
	assert_int_equal(help_number(reader_live(r), "PRAGMA user_version"), STORE_SCHEMA);
	assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM hostkey"), 1);
	assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM presence"), 0);
	assert_int_equal(
	    help_number(reader_live(r), "SELECT count(*) FROM poll WHERE every IS NULL"), 1);
	reader_close(r);
	help_remove(dir);
}

static void
migrates_by_steps(void **state)
{
	struct error err = { 0 };
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(schema_migrate(db, steps, 1, &err), 0);
	assert_int_equal(help_number(db, "PRAGMA user_version"), 1);
	assert_int_equal(schema_migrate(db, steps, 3, &err), 0);
	assert_int_equal(help_number(db, "PRAGMA user_version"), 3);
	assert_int_equal(help_number(db, "PRAGMA application_id"), SCHEMA_LIVE_ID);
	assert_int_equal(help_number(db, "SELECT x FROM a"), 8);
	assert_int_equal(schema_migrate(db, steps, 3, &err), 0);
	assert_int_equal(help_number(db, "SELECT x FROM a"), 8);
	assert_int_equal(schema_migrate(db, steps, 2, &err), -1);
	assert_non_null(strstr(err.text, "schema 3"));
	sqlite3_close(db);

	/* A step that fails leaves the version before it, whole. */
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(schema_migrate(db, bad_steps, 2, &err), -1);
	assert_non_null(strstr(err.text, "schema 2"));
	assert_int_equal(help_number(db, "PRAGMA user_version"), 1);
	assert_int_equal(help_number(db, "SELECT count(*) FROM pragma_table_info('a')"), 1);
	sqlite3_close(db);
}

/* --- the disk --------------------------------------------------------------------------------- */

/* Polls under a limit of the file size until one cannot be written. What was committed stays. */
static int
poll_until_full(const char *dir)
{
	static struct session rows[400];
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), now = HELP_MIDNIGHT;
	struct rlimit limit = { 700000, 700000 };
	struct error err = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		return -1;
	for (int polls = 0; polls < 1000; polls++, now += 300) {
		struct poll_report r = help_report(OUTCOME_COMPLETE, now, now + 5, 400);
		for (int i = 0; i < 400; i++)
			rows[i] = help_session(
			    "10.0.0.1", (uint16_t)(1 + i + polls % 50 * 400), "203.0.113.7", 443);
		qsort(rows, 400, sizeof(rows[0]), help_compare);
		bool ok = store_begin(s, &err) == 0 &&
			  store_poll(s, device, &r, rows, 400, help_words(), NULL, &err) > 0;
		if (!ok)
			store_rollback(s);
		if (ok && store_commit(s, &err) == 0)
			continue;
		/* The reason is named, and the same process can go on reading what it wrote. */
		if (!strstr(err.text, "cannot") || !strstr(err.text, "gatebook.db"))
			return -2;
		_exit(polls);
	}
	return -3;
}

static void
full_disk(void **state)
{
	char *dir = help_folder();
	struct reader *r;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(poll_until_full(dir));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_in_range(WEXITSTATUS(status), 1, 200);
	store_close(help_open(dir));
	r = help_reader(dir);
	assert_int_equal(
	    help_number(reader_live(r), "SELECT count(*) FROM poll"), WEXITSTATUS(status));
	assert_int_equal(
	    help_number(reader_live(r), "SELECT count(*) FROM v_session WHERE end_by IS NULL"),
	    400);
	assert_int_equal(help_number(reader_live(r), "SELECT sum(opened - closed) FROM poll"), 400);
	reader_close(r);
	help_remove(dir);
}

/* --- damaged days ----------------------------------------------------------------------------- */

static int
count_part(sqlite3 *db, bool whole, void *arg)
{
	sqlite3_stmt *st;
	int code;

	(void)whole;
	if (sqlite3_prepare_v2(db, "SELECT sum(polls) FROM v_session", -1, &st, NULL) != SQLITE_OK)
		return 7;
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		*(int64_t *)arg += sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : 7;
}

/* Two sealed days of 300 sessions each. */
static char *
two_days(void)
{
	static struct session rows[300];
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), t = HELP_MIDNIGHT + 1000;
	struct error err = { 0 };

	for (int i = 0; i < 300; i++)
		rows[i] = help_session(
		    "10.0.0.1", (uint16_t)(1 + i), "203.0.113.7", (uint16_t)(i % 90 + 1));
	for (int day = 0; day < 2; day++, t += CLOCK_DAY) {
		help_poll(s, device, OUTCOME_COMPLETE, t, t + 5, rows, 300);
		help_poll(s, device, OUTCOME_COMPLETE, t + 300, t + 305, NULL, 0);
	}
	clock_set(HELP_MIDNIGHT + 2 * CLOCK_DAY);
	assert_int_equal(store_seal(s, 0, &err), 2);
	clock_set(0);
	store_close(s);
	return dir;
}

static int
ask(const char *dir, struct error *err, int64_t *polls)
{
	struct reader *r = help_reader(dir);
	int result;

	*polls = 0;
	err->text[0] = '\0';
	result = reader_parts(r, 0, INT32_MAX, count_part, polls, err);
	reader_close(r);
	return result;
}

static void
damaged_day(void **state)
{
	char *dir = two_days(), path[SEAL_PATH], whole[SEAL_PATH + 8];
	struct error err;
	int64_t polls;
	struct stat st;

	(void)state;
	assert_int_equal(ask(dir, &err, &polls), 0);
	assert_int_equal(polls, 600);
	seal_path(dir, HELP_DAY, "", path);
	snprintf(whole, sizeof(whole), "%s.whole", path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
	help_copy_file(path, whole);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(ask(dir, &err, &polls), -1);
	assert_non_null(strstr(err.text, "2026-11-20.db"));
	assert_non_null(strstr(err.text, "restore"));

	help_copy_file(whole, path);
	assert_int_equal(truncate(path, st.st_size - 4096), 0);
	assert_int_equal(ask(dir, &err, &polls), -1);
	assert_non_null(strstr(err.text, "2026-11-20.db is damaged"));

	/* Every page overwritten in turn: an error that names the file, or an answer. Never a
	 * crash, and for most of them an error. */
	int errors = 0;
	for (int64_t page = 0; page < st.st_size / 4096; page++) {
		char garbage[4096];
		help_copy_file(whole, path);
		int fd = open(path, O_WRONLY);
		memset(garbage, 0xa5, sizeof(garbage));
		assert_int_equal(pwrite(fd, garbage, 4096, page * 4096), 4096);
		close(fd);
		if (ask(dir, &err, &polls) == 0) {
			assert_int_equal(polls, 600); /* that page was not needed */
			continue;
		}
		assert_non_null(strstr(err.text, "2026-11-20.db"));
		errors++;
	}
	assert_true(errors > 3);
	help_remove(dir);
}

/* A bit that flips within a packed value may give another answer, never a crash; what is not a
 * packed value any more is an error. */
static void
damaged_contact(void **state)
{
	char *dir = two_days(), path[SEAL_PATH];
	struct error err;
	int64_t polls;
	sqlite3 *db;
	struct stat st;

	(void)state;
	seal_path(dir, HELP_DAY, "", path);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	run(db, "PRAGMA journal_mode = OFF; UPDATE contact SET sessions = x'05ff' WHERE port = 33");
	sqlite3_close(db);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(ask(dir, &err, &polls), -1);
	assert_non_null(strstr(err.text, "2026-11-20.db"));
	assert_non_null(strstr(err.text, "packed sessions"));
	help_remove(dir);
}

/* Files that nobody catalogued are not read. */
static void
foreign_day(void **state)
{
	char *dir = two_days(), from[SEAL_PATH], to[SEAL_PATH];
	struct error err;
	int64_t polls;

	(void)state;
	seal_path(dir, HELP_DAY, "", from);
	seal_path(dir, HELP_DAY + 9, "", to);
	help_copy_file(from, to);
	assert_int_equal(ask(dir, &err, &polls), 0);
	assert_int_equal(polls, 600);
	store_close(help_open(dir));
	assert_int_equal(access(to, F_OK), 0);
	seal_path(dir, HELP_DAY + 10, ".tmp", to);
	help_copy_file(from, to);
	store_close(help_open(dir));
	assert_int_equal(access(to, F_OK), -1);
	help_remove(dir);
}

/* --- readers ---------------------------------------------------------------------------------- */

static void
reader_cannot_write(void **state)
{
	char *dir = help_folder();
	struct error err = { 0 };
	struct reader *r;

	(void)state;
	assert_null(reader_open(dir, 0, &err));
	assert_non_null(strstr(err.text, "the first poll creates it"));
	store_close(help_open(dir));
	r = help_reader(dir);
	assert_int_equal(
	    sqlite3_exec(reader_live(r), "DELETE FROM device", NULL, NULL, NULL), SQLITE_READONLY);
	assert_int_equal(
	    sqlite3_exec(reader_live(r), "ATTACH ':memory:' AS other", NULL, NULL, NULL),
	    SQLITE_ERROR);
	reader_close(r);
	help_remove(dir);
}

static void
time_limit(void **state)
{
	static const char endless[] = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
				      "FROM n) SELECT count(*) FROM n";
	char *dir = help_folder();
	struct error err = { 0 };
	struct reader *r;
	int64_t before;

	(void)state;
	store_close(help_open(dir));
	r = reader_open(dir, 100, &err);
	assert_non_null(r);
	for (int i = 0; i < 2; i++) { /* each statement has its own time */
		before = clock_mono_ms();
		assert_int_equal(
		    sqlite3_exec(reader_live(r), endless, NULL, NULL, NULL), SQLITE_INTERRUPT);
		assert_in_range(clock_mono_ms() - before, 90, 5000);
		assert_int_equal(help_number(reader_live(r), "SELECT 1"), 1);
	}
	reader_close(r);
	help_remove(dir);
}

static void
names_and_keys(void **state)
{
	char *dir = help_folder(), **keys;
	struct store *s = help_open(dir);
	int64_t id = help_device(s, "edge-1");
	struct error err = { 0 };
	struct reader *r;

	(void)state;
	assert_int_equal(help_device(s, "edge-1"), id);
	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(store_hostkey_trust(s, "edge-1", "ssh-ed25519 SHA256:a", "anna", &err), 0);
	assert_int_equal(store_hostkey_trust(s, "edge-1", "ssh-ed25519 SHA256:a", "bob", &err), 0);
	assert_int_equal(store_hostkey_trust(s, "edge-1", "ssh-rsa SHA256:b", "anna", &err), 0);
	assert_int_equal(store_hostkey_trust(s, "edge-2", "ssh-rsa SHA256:c", "anna", &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	r = help_reader(dir);
	assert_string_equal(reader_device_name(r, id), "edge-1");
	assert_string_equal(reader_device_name(r, id + 1), "?");
	assert_string_equal(reader_device_name(r, -5), "?");
	keys = reader_hostkeys(r, "edge-1", &err);
	assert_string_equal(keys[0], "ssh-ed25519 SHA256:a");
	assert_string_equal(keys[1], "ssh-rsa SHA256:b");
	assert_null(keys[2]);
	reader_hostkeys_free(keys);

	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(store_hostkey_revoke(s, "edge-1", "ssh-rsa SHA256:b", "eve", &err), 1);
	assert_int_equal(store_hostkey_revoke(s, "edge-1", "ssh-rsa SHA256:b", "eve", &err), 0);
	assert_int_equal(store_hostkey_revoke(s, "edge-1", NULL, "eve", &err), 1);
	assert_int_equal(store_hostkey_trust(s, "edge-1", "ssh-rsa SHA256:b", "anna", &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	keys = reader_hostkeys(r, "edge-1", &err);
	assert_string_equal(keys[0], "ssh-rsa SHA256:b");
	assert_null(keys[1]);
	reader_hostkeys_free(keys);
	keys = reader_hostkeys(r, "nobody", &err);
	assert_null(keys[0]);
	reader_hostkeys_free(keys);
	/* The history stays: who trusted, who revoked. */
	assert_int_equal(help_number(reader_live(r), "SELECT count(*) FROM hostkey"), 4);
	assert_int_equal(
	    help_number(reader_live(r), "SELECT count(*) FROM hostkey WHERE revoked_by = 'eve'"),
	    2);
	reader_close(r);
	store_close(s);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(creates_private),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(not_a_database),
		cmocka_unit_test(locked),
		cmocka_unit_test(read_only_folder),
		cmocka_unit_test(newer_schema),
		cmocka_unit_test(version_0),
		cmocka_unit_test(an_older_store),
		cmocka_unit_test(migrates_by_steps),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(damaged_day),
		cmocka_unit_test(damaged_contact),
		cmocka_unit_test(foreign_day),
		cmocka_unit_test(reader_cannot_write),
		cmocka_unit_test(time_limit),
		cmocka_unit_test(names_and_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
