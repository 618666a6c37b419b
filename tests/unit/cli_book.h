/* A small book, and the questions as they are typed: what goes to standard output and error. */
#ifndef GATEBOOK_TESTS_CLI_BOOK_H
#define GATEBOOK_TESTS_CLI_BOOK_H

#include "tests/unit/store_help.h"

#include <jansson.h>

#include "cli/parse.h"

enum { T = HELP_MIDNIGHT, EVERY = 300 };

static char *book; /* a folder with gatebook.yml and store/ */

/* Runs `gatebook LINE`; stdout and stderr become one text each. */
static UNUSED int
ask(const char *line, char **out, char **log)
{
	char copy[400], *argv[32] = { NULL };
	char out_name[] = "/tmp/gatebook-out-XXXXXX", log_name[] = "/tmp/gatebook-log-XXXXXX";
	struct text rest = text_of(line), part;
	int fds[2] = { mkstemp(out_name), mkstemp(log_name) }, saved[2] = { dup(1), dup(2) };
	struct error err = { 0 };
	struct call call;
	size_t used = 0;
	int argc = 0, rc;

	while (text_skip_blanks(&rest), text_take_word(&rest, &part)) {
		argv[argc++] = copy + used;
		for (size_t i = 0; i < part.n; i++) /* ~ stands for a blank in a word */
			copy[used + i] = part.s[i] == '~' ? ' ' : part.s[i];
		used += part.n;
		copy[used++] = '\0';
	}
	fflush(NULL);
	dup2(fds[0], 1);
	dup2(fds[1], 2);
	rc = cli_parse(argc, argv, &call, &err);
	rc = rc == PARSED_RUN ? call.command->run(&call) : cli_fail(&err, EXIT_USAGE);
	call_free(&call);
	fflush(NULL);
	for (int i = 0; i < 2; i++) {
		char *text = calloc(1, 1 << 18);

		dup2(saved[i], i + 1);
		close(saved[i]);
		assert_true(pread(fds[i], text, (1 << 18) - 1, 0) >= 0);
		close(fds[i]);
		*(i == 0 ? out : log) = text;
	}
	unlink(out_name);
	unlink(log_name);
	return rc;
}

static UNUSED void
expect(const char *line, int want_rc, const char *want_out, const char *want_log)
{
	char *out, *log;
	int rc = ask(line, &out, &log);

	assert_string_equal(out, want_out);
	assert_string_equal(log, want_log);
	assert_int_equal(rc, want_rc);
	free(out);
	free(log);
}

#define FOOTER                                                                                     \
	"range 2026-11-20 00:00 +00:00 .. 2026-11-20 00:30 +00:00 | coverage 91.6 % of 12 poll "   \
	"slots | "                                                                                 \
	"partly read: edge-fw1\n"

/* Two devices, six polls each. edge-fw1 sees web (polls 1, 2, 4; port differs in 4) and ssh from 3
 * on, and is read in part in poll 5; core-r2 sees web in 1 and 2. */
static UNUSED int
setup(void **state)
{
	char path[4096];
	struct store *s;
	int64_t ids[2];
	FILE *f;

	(void)state;
	clock_set(T);
	setenv("TZ", "UTC", 1);
	unsetenv("GATEBOOK_DIR");
	book = help_folder();
	snprintf(path, sizeof(path), "%s/gatebook.yml", book);
	f = fopen(path, "w");
	fputs("internal: [private]\nstore: ./data\n", f);
	fclose(f);
	snprintf(path, sizeof(path), "%s/data", book);
	s = help_open(path);
	ids[0] = help_device(s, "edge-fw1");
	ids[1] = help_device(s, "core-r2");
	for (int i = 0; i < 6; i++)
		for (int d = 0; d < 2; d++) {
			struct session rows[2];
			size_t n = 0;

			if (i == 1 || i == 2 || (i == 4 && d == 0)) {
				rows[n] = help_session(
				    "10.1.2.3", i == 4 ? 50002 : 50001, "203.0.113.9", 443);
				rows[n].in_nat = help_addr("192.0.2.1");
				rows[n].in_nat_port = 3000;
				rows[n].flags |= SESSION_IN_NAT_PORT;
				rows[n].counters.has = HAS_BYTES_TOTAL;
				rows[n++].counters.bytes_total = 12345;
			}
			if (i >= 3 && d == 0)
				rows[n++] = help_session("10.1.7.20", 0, "2001:db8::7", 22);
			help_poll(s, ids[d], i == 5 && d == 0 ? OUTCOME_PARTIAL : OUTCOME_COMPLETE,
			    T + i * EVERY + 10, T + i * EVERY + 12, rows, n);
		}
	store_close(s);
	clock_set(T + 6 * EVERY);
	assert_int_equal(chdir(book), 0);
	return 0;
}

static UNUSED int
teardown(void **state)
{
	(void)state;
	clock_set(0);
	assert_int_equal(chdir("/"), 0);
	help_remove(book);
	return 0;
}

#endif
