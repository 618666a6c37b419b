/* A cut reply is never taken for a complete one: every recorded reply, cut at every byte. And
 * whatever bytes a line turns into, it is counted once. */
#include <setjmp.h>
#include <stdarg.h>
#include <glob.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "base/arena.h"
#include "drivers/reply.h"

enum { FLIPS = 400, BIGGEST = 1 << 20 };

static uint64_t rows_seen;
static unsigned long replies, cuts, flips;

static void
count_row(const struct observation *o, void *arg)
{
	(void)arg;
	rows_seen += o->line != 0;
}

static struct reply *
begin(const struct program *program, const char *bytes, size_t n)
{
	struct reply *reply = reply_new(program, count_row, NULL);

	(void)reply_feed(reply, bytes, n);
	return reply;
}

static void
account_sums(const struct reply *reply, const char *path, size_t at)
{
	const struct account *a = reply_account(reply);

	if (a->row + a->noise + a->unread != a->lines)
		fail_msg("%s, byte %zu: %llu row + %llu noise + %llu unread are not %llu lines",
		    path, at, (unsigned long long)a->row, (unsigned long long)a->noise,
		    (unsigned long long)a->unread, (unsigned long long)a->lines);
}

/* Every prefix: costs the square of the size, so a large reply is cut in its first 4 kB and its
 * last 2 kB only. */
static void
cut_everywhere(const struct program *program, const char *path, const char *bytes, size_t n)
{
	for (size_t at = 0; at <= n; at++) {
		struct reply *reply;

		if (at > 4096 && at + 2048 < n)
			continue;
		reply = begin(program, bytes, at);
		if (reply_end(reply, false) == OUTCOME_COMPLETE)
			fail_msg("%s, cut at byte %zu of %zu, counts as complete", path, at, n);
		if (reply_why(reply)[0] == '\0' || reply_reason(reply) == REASON_NONE)
			fail_msg("%s, cut at byte %zu: no reason is given", path, at);
		account_sums(reply, path, at);
		reply_free(reply);
		cuts++;
	}
}

/* The same reply with one byte after another changed, for ever from the same seed. */
static void
flip_some(const struct program *program, const char *path, char *bytes, size_t n)
{
	uint64_t state = 0x9e3779b97f4a7c15ULL;

	for (unsigned i = 0; n > 0 && i < FLIPS; i++) {
		struct reply *reply;
		size_t at;
		char old;

		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		at = (size_t)((state >> 33) % n);
		old = bytes[at];
		bytes[at] = (char)(state >> 24);
		reply = begin(program, bytes, n);
		(void)reply_end(reply, i % 2 == 0);
		account_sums(reply, path, at);
		reply_free(reply);
		bytes[at] = old;
		flips++;
	}
}

static size_t
read_file(const char *path, char *bytes)
{
	FILE *file = fopen(path, "re");
	size_t n;

	assert_non_null(file);
	n = fread(bytes, 1, BIGGEST, file);
	fclose(file);
	return n;
}

static void
one_reply(const struct driver *driver, const char *path, char *bytes)
{
	size_t n = read_file(path, bytes);
	const struct command *command = reply_guess(driver, (struct text){ bytes, n });
	struct program *program;

	if (command == NULL) /* a table of a topic the driver does not ask for, or a refusal */
		command = &driver->commands[0];
	program = program_compile(driver, command, NULL);
	assert_non_null(program);
	cut_everywhere(program, path, bytes, n);
	flip_some(program, path, bytes, n);
	program_free(program);
	replies++;
}

/* All replies of one root: ROOT/<driver name or alias>/<command>/<case>.raw */
static void
all_replies(const char *root, const char *platform)
{
	const struct driver *driver = driver_find(platform);
	char pattern[4096], *bytes = mem_alloc(BIGGEST, 1);
	glob_t found;

	assert_non_null(driver);
	snprintf(pattern, sizeof pattern, "%s/%s/*/*.raw", root, platform);
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			one_reply(driver, found.gl_pathv[i], bytes);
		globfree(&found);
	}
	free(bytes);
}

static void
say_counts(const char *what)
{
	print_message("%s: %lu replies, %lu cuts, %lu changed bytes, %llu rows\n", what, replies,
	    cuts, flips, (unsigned long long)rows_seen);
}

static void
own_replies(void **state)
{
	(void)state;
	all_replies("tests/corpus", "cisco_ios");
	all_replies("tests/corpus", "linux");
	say_counts("tests/corpus");
	assert_true(replies >= 30);
	assert_true(rows_seen > 0);
}

static void
shared_replies(void **state)
{
	const char *shared = getenv("GATEBOOK_SHARED");
	char root[4096];
	struct stat st;

	(void)state;
	snprintf(root, sizeof root, "%s/corpus", shared != NULL ? shared : "../shared");
	if (stat(root, &st) < 0) {
		print_message("skipped: no samples in %s\n", root);
		skip();
	}
	replies = cuts = flips = 0;
	rows_seen = 0;
	all_replies(root, "cisco_ios");
	all_replies(root, "cisco_iosxe");
	all_replies(root, "linux");
	say_counts(root);
}

/* XML says itself where it ends: cut anywhere before, it is not complete even when the shell says
 * that the command has ended well. */
static void
xml_needs_its_end(void **state)
{
	static const char path[] = "tests/corpus/linux/conntrack-L-o-xml/mixed.raw";
	const struct driver *driver = driver_find("linux");
	const struct command *command = driver_command(driver, text_of("conntrack -L -o xml"));
	struct program *program = program_compile(driver, command, NULL);
	char *bytes = mem_alloc(BIGGEST, 1);
	size_t n = read_file(path, bytes);
	const char *end = memmem(bytes, n, "</conntrack>", 12);

	(void)state;
	assert_non_null(end);
	for (size_t at = 0; at <= n; at++) {
		struct reply *reply = begin(program, bytes, at);
		bool complete = reply_end(reply, true) == OUTCOME_COMPLETE;

		if (complete != (bytes + at >= end + 12))
			fail_msg(
			    "cut at byte %zu of %zu: %s", at, n, complete ? "complete" : "not");
		account_sums(reply, path, at);
		reply_free(reply);
	}
	program_free(program);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_replies),
		cmocka_unit_test(shared_replies),
		cmocka_unit_test(xml_needs_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
