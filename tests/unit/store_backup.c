/* A backup is a prefix of what was acknowledged, whatever is written meanwhile; every byte of it,
 * and of a sealed day, is one that a check or a restore looks at. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "store/backup.h"
#include "store/check.h"
#include "store/manifest.h"
#include "tests/unit/store_help.h"

enum { DAYS = 3, WRITES = 6 };

static char *
below(const char *dir, const char *name)
{
	static char path[4][4300];
	static int next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof(path[0]), "%s/%s", dir, name);
	return path[next];
}

/* A session that a poll sees and the next one does not, each day; then those days are sealed. */
static void
write_days(const char *dir, int first, int n)
{
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1");
	struct error err = { 0 };

	for (int day = first; day < first + n; day++) {
		struct session row = help_session(
		    "10.0.0.1", (uint16_t)(1000 + day), "203.0.113.9", 443);
		int64_t at = HELP_MIDNIGHT + (int64_t)day * CLOCK_DAY + 3600;

		clock_set(at);
		help_poll(s, device, OUTCOME_COMPLETE, at, at + 1, &row, 1);
		help_poll(s, device, OUTCOME_COMPLETE, at + 300, at + 301, NULL, 0);
	}
	clock_set(HELP_MIDNIGHT + (int64_t)(first + n) * CLOCK_DAY + 60);
	assert_true(store_seal(s, 0, &err) >= 0);
	store_close(s);
}

static void
back_up(const char *dir, const char *to, struct backup_done *done)
{
	struct error err = { 0 };

	if (store_backup(dir, to, done, &err) != 0)
		fail_msg("%s", err.text);
}

/* --- checks ----------------------------------------------------------------------------------- */

struct found {
	int good, bad, live;
	char why[600];
};

static void
on_file(const struct checked *c, void *arg)
{
	struct found *f = arg;

	f->good += !c->why;
	f->bad += c->why != NULL;
	if (c->why)
		snprintf(f->why, sizeof(f->why), "%s", c->why);
}

static void
on_live(sqlite3 *db, void *arg)
{
	(void)db;
	((struct found *)arg)->live++;
}

static struct found
check(const char *dir)
{
	struct found f = { 0 };
	struct check c = { .file = on_file, .live = on_live, .arg = &f };
	struct error err = { 0 };

	if (store_check(dir, &c, &err) != 0) {
		f.bad++;
		snprintf(f.why, sizeof(f.why), "%s", err.text);
	}
	return f;
}

static void
flip(const char *path, long at)
{
	int fd;
	char byte;

	assert_int_equal(chmod(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && pread(fd, &byte, 1, at) == 1);
	byte ^= 0x20;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static long
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (long)st.st_size;
}

static void
refused_restore(const char *from, const char *to, int exit, const char *says)
{
	struct backup_done done;
	struct error err = { 0 };

	assert_int_equal(store_restore(from, to, &done, &err), -1);
	assert_int_equal(err.exit, exit);
	if (!strstr(err.text, says))
		fail_msg("\"%s\" does not say \"%s\"", err.text, says);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
there_and_back(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store")),
	     *to = strdup(below(base, "backup")), *again = strdup(below(base, "again"));
	struct backup_done done;
	struct found f;
	struct stat one, two;

	(void)state;
	write_days(dir, 0, DAYS);
	back_up(dir, to, &done);
	assert_int_equal(done.days, DAYS);
	assert_int_equal(done.linked, DAYS); /* the same file system */
	assert_int_equal(stat(below(dir, "days/2026-11-20.db"), &one), 0);
	assert_int_equal(stat(below(to, "days/2026-11-20.db"), &two), 0);
	assert_int_equal(one.st_ino, two.st_ino);
	back_up(dir, to, &done);
	assert_int_equal(done.days, DAYS);
	assert_int_equal(done.linked + done.copied, 0);
	write_days(dir, DAYS, 1);
	back_up(dir, to, &done);
	assert_int_equal(done.linked, 1);
	f = check(to);
	assert_int_equal(f.bad, 0);
	assert_int_equal(f.good, DAYS + 2);
	assert_int_equal(f.live, 1);
	if (store_restore(to, again, &done, &(struct error){ 0 }) != 0)
		fail_msg("no way back");
	assert_int_equal(done.days, DAYS + 1);
	f = check(again);
	assert_int_equal(f.bad, 0);
	refused_restore(to, again, EXIT_USAGE, "move it aside");
	write_days(again, DAYS + 1, 1); /* it is a store */
	f = check(again);
	assert_int_equal(f.bad, 0);
	free(dir);
	free(to);
	free(again);
	help_remove(base);
}

static void
foreign_folders(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store")),
	     *to = strdup(below(base, "else"));
	struct backup_done done;
	struct error err = { 0 };

	(void)state;
	write_days(dir, 0, 1);
	assert_int_equal(mkdir(to, 0700), 0);
	fclose(fopen(below(to, "letter"), "w"));
	assert_int_equal(store_backup(dir, to, &done, &err), -1);
	assert_non_null(strstr(err.text, "no backup"));
	assert_int_equal(access(below(to, "letter"), F_OK), 0);
	assert_int_equal(access(below(to, "SHA256SUMS"), F_OK), -1);
	refused_restore(to, below(base, "new"), EXIT_USAGE, "no backup");
	back_up(dir, below(base, "b"), &done);
	refused_restore(below(base, "b"), to, EXIT_USAGE, "letter");
	assert_int_equal(store_backup(dir, below(dir, "days/b"), &done, &err), -1);
	assert_non_null(strstr(err.text, "inside the store"));
	free(dir);
	free(to);
	help_remove(base);
}

/* A store that is being written is held by a process. */
static void
held_store(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store"));
	struct backup_done done;
	struct store *s;

	(void)state;
	write_days(dir, 0, 1);
	back_up(dir, below(base, "b"), &done);
	s = help_open(dir);
	refused_restore(below(base, "b"), dir, 0, "is being written by process");
	store_close(s);
	free(dir);
	help_remove(base);
}

/* Every 61st byte of every file of a backup: a check names it, a restore refuses it. */
static void
each_byte_of_a_backup(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store")),
	     *to = strdup(below(base, "b"));
	struct backup_done done;
	struct error err = { 0 };
	struct manifest m;

	(void)state;
	write_days(dir, 0, 1);
	back_up(dir, to, &done);
	assert_int_equal(manifest_read(to, &m, &err), 1);
	for (size_t i = 0; i <= m.n; i++) {
		char *path = strdup(below(to, i < m.n ? m.files[i].name : "SHA256SUMS"));
		long size = size_of(path), step = i < m.n ? size / 23 + 1 : 1;

		for (long at = 0; at < size; at += step) {
			flip(path, at);
			if (check(to).bad == 0)
				fail_msg("%s: byte %ld was not missed", path, at);
			refused_restore(
			    to, below(base, "new"), EXIT_FALSE, i < m.n ? "damaged" : "");
			assert_int_equal(access(below(base, "new/gatebook.db"), F_OK), -1);
			flip(path, at);
		}
		assert_int_equal(check(to).bad, 0);
		free(path);
	}
	manifest_free(&m);
	free(dir);
	free(to);
	help_remove(base);
}

static void
each_region_of_a_store(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store")), *day, *live;
	struct found f;
	long size;

	(void)state;
	write_days(dir, 0, 2);
	day = strdup(below(dir, "days/2026-11-21.db"));
	size = size_of(day);
	for (long at = 0; at < size; at += 97) {
		flip(day, at);
		f = check(dir);
		if (f.bad != 1 || !strstr(f.why, "SHA-256"))
			fail_msg("byte %ld: %d bad: %s", at, f.bad, f.why);
		flip(day, at);
	}
	assert_int_equal(rename(day, below(base, "aside")), 0);
	assert_non_null(strstr(check(dir).why, "not there"));
	assert_int_equal(rename(below(base, "aside"), day), 0);
	help_copy_file(day, below(dir, "days/2026-11-19.db"));
	assert_non_null(strstr(check(dir).why, "not in the catalogue"));
	assert_int_equal(unlink(below(dir, "days/2026-11-19.db")), 0);
	assert_int_equal(check(dir).bad, 0);
	/* The live database: each page's head, which every reader believes. */
	live = strdup(below(dir, "gatebook.db"));
	size = size_of(live);
	for (long at = 0; at < size; at += 4096) {
		int fd = open(live, O_RDWR);
		char page[64], garbage[64];

		memset(garbage, 0xa5, sizeof(garbage));
		assert_true(fd >= 0 && pread(fd, page, sizeof(page), at) == sizeof(page));
		assert_int_equal(pwrite(fd, garbage, sizeof(garbage), at), sizeof(garbage));
		f = check(dir);
		if (f.bad == 0)
			fail_msg("page at %ld was not missed", at);
		assert_int_equal(f.live, 0);
		assert_int_equal(pwrite(fd, page, sizeof(page), at), sizeof(page));
		close(fd);
	}
	assert_int_equal(check(dir).bad, 0);
	free(day);
	free(live);
	free(dir);
	help_remove(base);
}

/* A damaged day does not keep the others out of a backup, and a good copy of it stays in one. */
static void
damaged_days(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store")), *day;
	struct backup_done done;
	struct found f;

	(void)state;
	write_days(dir, 0, 2);
	day = strdup(below(dir, "days/2026-11-21.db"));
	help_copy_file(day, below(base, "aside")); /* a file of its own, not linked */
	flip(day, 5000);
	back_up(dir, below(base, "b"), &done);
	assert_int_equal(done.missing, 1);
	assert_int_equal(done.linked, 1);
	f = check(below(base, "b"));
	assert_int_equal(f.bad, 0);
	assert_int_equal(unlink(day), 0);
	help_copy_file(below(base, "aside"), day);
	back_up(dir, below(base, "b"), &done);
	assert_int_equal(done.missing, 0);
	assert_int_equal(done.linked, 1);
	free(day);
	free(dir);
	help_remove(base);
}

/* Writes polls until it is killed; each number that is written to the pipe was committed. */
static void
write_on(const char *dir, int out)
{
	struct store *s = help_open(dir);
	int64_t device = help_device(s, "edge-1"), at = HELP_MIDNIGHT + 10 * (int64_t)CLOCK_DAY;

	for (uint32_t n = 1;; n++, at += 7200) {
		struct session row = help_session(
		    "10.0.0.1", (uint16_t)(1000 + n % 5000), "203.0.113.9", 443);
		struct error err = { 0 };

		clock_set(at + 1);
		help_poll(s, device, OUTCOME_COMPLETE, at, at + 1, &row, 1);
		if (write(out, &n, sizeof(n)) != sizeof(n))
			_exit(0);
		if (n % 20 == 0)
			(void)store_seal(s, 5, &err); /* days come and go while they are copied */
	}
}

static uint32_t
acknowledged(int in, uint32_t last)
{
	uint32_t n;

	while (read(in, &n, sizeof(n)) == sizeof(n))
		last = n;
	return last;
}

static void
under_a_writer(void **state)
{
	char *base = help_folder(), *dir = strdup(below(base, "store")),
	     *to = strdup(below(base, "b"));
	struct help_random dice = { (uint64_t)getpid() };
	uint32_t before = 0, after;
	int fds[2];
	pid_t writer;

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	writer = fork();
	if (writer == 0)
		write_on(dir, fds[1]);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	while ((before = acknowledged(fds[0], before)) < 5)
		usleep(1000);
	for (int i = 0; i < WRITES; i++) {
		struct backup_done done;
		struct reader *r;
		int64_t has;
		struct found f;

		usleep(help_random(&dice, 200000));
		before = acknowledged(fds[0], before);
		back_up(dir, to, &done);
		after = acknowledged(fds[0], before);
		assert_int_equal(done.missing, 0);
		f = check(to);
		if (f.bad)
			fail_msg("%s", f.why);
		if (store_restore(to, below(base, "new"), &done, &(struct error){ 0 }) != 0)
			fail_msg("no way back");
		f = check(below(base, "new"));
		if (f.bad)
			fail_msg("%s", f.why);
		r = help_reader(below(base, "new"));
		/* Polls are dropped from the front; the last one's number says how many there were.
		 */
		has = help_number(reader_live(r), "SELECT max(id) FROM poll");
		reader_close(r);
		if (has < before || has > (int64_t)after + 1)
			fail_msg("%ld polls of %u to %u", (long)has, before, after);
		help_empty(below(base, "new"));
	}
	kill(writer, SIGKILL);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	close(fds[0]);
	close(fds[1]);
	free(dir);
	free(to);
	help_remove(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(foreign_folders),
		cmocka_unit_test(held_store),
		cmocka_unit_test(each_byte_of_a_backup),
		cmocka_unit_test(each_region_of_a_store),
		cmocka_unit_test(damaged_days),
		cmocka_unit_test(under_a_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
