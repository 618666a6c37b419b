/* Drivers from YAML: what the example says is what is loaded, it reads a reply, and every malformed
 * file is refused with the line, the column and a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "drivers/reply.h"

/* The file lives in memory; its path is what the faults begin with. */
static char path[64];

static const struct driver *
load(const char *yaml, size_t n, struct error *err)
{
	int fd = memfd_create("driver", MFD_CLOEXEC);
	const struct driver *driver;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, yaml, n), n);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	driver = driver_file_load(path, err);
	close(fd);
	return driver;
}

/* --- malformed files -------------------------------------------------------------------------- */

#define HEAD                                                                                       \
	"name: box\n"                                                                              \
	"title: Box\n"                                                                             \
	"blind: nothing\n"                                                                         \
	"privilege: none\n"
#define COMMAND                                                                                    \
	"commands:\n"                                                                              \
	"  - send: show it\n"                                                                      \
	"    topic: sessions\n"                                                                    \
	"    scope: transit\n"
#define PATTERNS "    patterns: [\"{near} {far}\"]\n"

static const struct {
	const char *yaml, *place, *reason; /* the reason is a part of what is said */
} malformed[] = {
	{ "", "1:1", "empty" },
	{ "just words\n", "1:1", "a map" },
	{ "name: [box\n", "2:1", "did not find expected" },
	{ "name: box\n\ttitle: x\n", "2:1", "tab character" },
	{ HEAD COMMAND PATTERNS "---\nname: two\n", "11:1", "second document" },
	{ "nam: box\n", "1:1", "unknown key 'nam' (did you mean 'name'?)" },
	{ "zzzzzzzz: box\n", "1:1", "unknown key 'zzzzzzzz'" },
	{ "name: box\nname: box\n", "2:1", "'name' stands here twice" },
	{ "name: My Box\n", "1:7", "a-z, 0-9 and _" },
	{ "name: \"\"\n", "1:7", "empty" },
	{ "name: [a, b]\n", "1:7", "one line of text" },
	{ "name: box\ntitle: \"two\\nlines\"\n", "2:8", "control character (0x0a)" },
	{ HEAD, "1:1", "'commands' is missing" },
	{ HEAD "commands: show it\n", "5:11", "a list" },
	{ HEAD "commands: []\n", "5:11", "1 to" },
	{ HEAD "commands:\n  - show it\n", "6:5", "a map" },
	{ HEAD "dialect: {shell: yes}\n", "5:18", "true or false" },
	{ HEAD "dialect: {shell: true}\n", "5:10", "a shell needs 'prompt'" },
	{ HEAD "dialect: {promt: \">\"}\n", "5:11", "did you mean 'prompt'?" },
	{ HEAD "dialect: {setup: [\"a\\x07b\"]}\n", "5:19", "control character (0x07)" },
	{ HEAD "aliases: box2\n", "5:10", "a list" },
	{ HEAD COMMAND, "6:5", "'patterns' is missing" },
	{ HEAD COMMAND "    patterns: []\n", "9:15", "needs a pattern" },
	{ HEAD COMMAND "    form: row\n" PATTERNS, "9:11",
	    "unknown form 'row' (did you mean 'rows'?)" },
	{ HEAD COMMAND "    flags: [heavy, varient]\n" PATTERNS, "9:20",
	    "did you mean 'variant'?" },
	{ HEAD COMMAND "    status: perfect\n" PATTERNS, "9:13", "unknown status" },
	{ HEAD "commands:\n  - send: show it\n    topic: session\n", "7:12",
	    "did you mean 'sessions'?" },
	{ HEAD "commands:\n  - send: show it\n    scope: trasit\n", "7:12",
	    "did you mean 'transit'?" },
	{ HEAD "commands:\n  - send: \" show it\"\n", "6:11", "without a blank" },
	{ HEAD "commands:\n  - send: \"show \\xe9\"\n", "6:11", "plain ASCII" },
	{ HEAD COMMAND PATTERNS "  - send: show it\n    topic: nat\n    scope: self\n" PATTERNS,
	    "10:11", "twice" },
	{ HEAD COMMAND "    flags: [variant]\n" PATTERNS, "6:5",
	    "first command cannot be a variant" },
	{ HEAD COMMAND "    patterns:\n      - \"{near} {far}\"\n      - \"{naer} {far}\"\n",
	    "11:9", "naer" },
	{ HEAD COMMAND "    patterns: [\"{near\"]\n", "9:16", "pattern" },
	{ HEAD COMMAND "    pages: show it from N\n" PATTERNS, "9:12", "one number in a range" },
	{ HEAD COMMAND "    pages: show it {1-9}\n" PATTERNS, "9:12", "needs 'page_rows'" },
	{ HEAD COMMAND "    page_rows: 15\n" PATTERNS, "9:16", "16 to 2000000" },
	{ HEAD COMMAND "    form: xml\n    patterns: [\"flow\", \"meta/src {nera}\"]\n", "10:24",
	    "nera" },
	{ HEAD COMMAND "    total: \"{tootal}\"\n" PATTERNS, "9:12", "tootal" },
	{ HEAD COMMAND "    noise: [\"{nonsense}\"]\n" PATTERNS, "9:13", "nonsense" },
};

static void
every_fault_names_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
		struct error err = { 0 };
		char start[96];
		const struct driver *driver = load(
		    malformed[i].yaml, strlen(malformed[i].yaml), &err);

		snprintf(start, sizeof start, "%s:%s: ", path, malformed[i].place);
		if (driver != NULL)
			fail_msg("%zu was taken:\n%s", i, malformed[i].yaml);
		if (strncmp(err.text, start, strlen(start)) != 0 ||
		    strstr(err.text, malformed[i].reason) == NULL)
			fail_msg("%zu: \"%s\", expected \"%s...%s\"", i, err.text, start,
			    malformed[i].reason);
		assert_int_equal(err.exit, EXIT_USAGE);
	}
}

static void
a_page_is_a_line_of_its_own(void **state)
{
	static const char yaml[] = HEAD COMMAND
	    "    pages: show it from {10-2000} all\n    page_rows: 100\n" PATTERNS;
	struct error err = { 0 };
	const struct driver *d = load(yaml, sizeof yaml - 1, &err);

	(void)state;
	assert_string_equal(err.text, "");
	assert_int_equal(d->commands[0].page_rows, 100);
	assert_true(driver_may_send(d, "show it from 10 all"));
	assert_false(driver_may_send(d, "show it from 9 all"));
	assert_false(driver_may_send(d, "show it from 10"));
	assert_false(driver_may_send(d, "show it from 10 all "));
	driver_file_free(d);
}

static void
a_nul_byte_is_refused(void **state)
{
	static const char yaml[] = "name: box\ntitle: \"a\\0b\"\n";
	struct error err = { 0 };

	(void)state;
	assert_null(load(yaml, sizeof yaml - 1, &err));
	assert_non_null(strstr(err.text, ":2:8: "));
}

static void
a_missing_file_is_named(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_null(driver_file_load("/nonexistent/box.yml", &err));
	assert_string_equal(err.text, "/nonexistent/box.yml: No such file or directory");
	assert_null(driver_file_load("/", &err));
	assert_null(driver_file_load("/nonexistent/box.yml", NULL));
}

/* --- the example ------------------------------------------------------------------------------ */

static void
the_example_is_what_it_says(void **state)
{
	struct error err = { 0 };
	const struct driver *d = driver_file_load("etc/drivers/example.yml", &err);
	const struct command *c;

	(void)state;
	assert_string_equal(err.text, "");
	assert_string_equal(d->name, "example_gate");
	assert_string_equal(d->aliases[0], "example-gate");
	assert_true(d->dialect.shell);
	assert_string_equal(d->dialect.prompt, ">#");
	assert_string_equal(d->dialect.setup[0], "terminal pager off");
	assert_string_equal(d->dialect.leave, "quit");
	assert_int_equal(d->status, STATUS_LAYOUT);
	c = &d->commands[0];
	assert_string_equal(c->send, "show sessions");
	assert_int_equal(c->topic, TOPIC_SESSIONS);
	assert_int_equal(c->scope, SCOPE_TRANSIT);
	assert_int_equal(c->form, FORM_ROWS);
	assert_int_equal(c->flags, COMMAND_HEAVY);
	assert_string_equal(c->also[0], "show sessions all");
	assert_string_equal(d->commands[1].send, "show services");
	assert_int_equal(d->commands[1].scope, SCOPE_SELF);
	assert_null(d->commands[1].total);
	assert_null(d->commands[2].send);
	assert_true(driver_may_send(d, "show sessions"));
	assert_false(driver_may_send(d, "show sessions all"));
	driver_file_free(d);
}

static void
count_row(const struct observation *o, void *arg)
{
	unsigned *n = arg;

	assert_int_equal(o->near.addr.family, 4);
	assert_int_equal(o->scope, SCOPE_TRANSIT);
	if ((*n)++ == 0) {
		assert_int_equal(o->near.port, 51544);
		assert_int_equal(o->counters.bytes_total, 48211);
		assert_int_equal(o->counters.idle, 72);
		assert_true(text_is(o->state, "established"));
	}
}

static void
the_example_reads_a_reply(void **state)
{
	static const char reply_bytes
	    [] = "gate>show sessions\r\n"
		 "Proto Inside            Outside            State        Idle      Bytes\r\n"
		 "-----------------------------------------------------------------------\r\n"
		 "tcp   10.1.2.3:51544    203.0.113.9:443    established  00:01:12  48,211\r\n"
		 "esp   10.1.2.4          198.51.100.7       -            00:00:03  912\r\n"
		 "Total sessions: 3\r\n"
		 "gate>";
	const struct driver *d = driver_file_load("etc/drivers/example.yml", NULL);
	const struct command *c = reply_guess(d, text_of(reply_bytes));
	struct program *program = program_compile(d, c, NULL);
	unsigned rows = 0;
	struct reply *reply = reply_new(program, count_row, &rows);

	(void)state;
	assert_ptr_equal(c, &d->commands[0]);
	assert_int_equal(reply_feed(reply, reply_bytes, sizeof reply_bytes - 1), 0);
	assert_int_equal(reply_end(reply, true), OUTCOME_PARTIAL); /* 3 were counted, 2 came */
	assert_int_equal(reply_reason(reply), REASON_TOTAL);
	assert_int_equal(reply_account(reply)->lines, 7);
	assert_int_equal(reply_account(reply)->unread, 0);
	assert_int_equal(rows, 2);
	reply_free(reply);
	program_free(program);
	driver_file_free(d);
}

/* The status of a driver is the weakest of what it asks by default. */
static void
status_is_the_weakest(void **state)
{
	static const char yaml[] = HEAD COMMAND PATTERNS
	    "    status: samples\n"
	    "  - send: show more\n    topic: nat\n    scope: self\n"
	    "    flags: [optional]\n" PATTERNS;
	struct error err = { 0 };
	const struct driver *d = load(yaml, sizeof yaml - 1, &err);

	(void)state;
	assert_string_equal(err.text, "");
	assert_int_equal(d->status, STATUS_SAMPLES);
	assert_int_equal(d->commands[1].status, STATUS_LAYOUT);
	driver_file_free(d);
	driver_file_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_names_its_place),
		cmocka_unit_test(a_page_is_a_line_of_its_own),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(the_example_is_what_it_says),
		cmocka_unit_test(the_example_reads_a_reply),
		cmocka_unit_test(status_is_the_weakest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
