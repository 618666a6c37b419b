/* The local transport: a driver's commands run on this machine, and nothing else does. */
#include "tests/unit/transports_devices.h"

static const char *const no_lines[] = { "terminal length 0", NULL };
static const struct command commands[] = {
	{ .send = "echo  one two" },
	{ .send = "sh -c kill" },
	{ .send = "cat /dev/zero" },
	{ .send = "sleep 30" },
	{ .send = "no-such-program-here -x" },
	{ .send = "env" },
	{ .send = "ls /gatebook/does/not/exist" },
	{ .send = "yes" },
	{ .send = "echo $HOME;id|cat>x" },
	{ .send = NULL },
};
static const struct driver driver = {
	.name = "here", .dialect = { .setup = no_lines }, .commands = commands
};

static char said[1 << 16], aside[4096];
static size_t n_said;
static struct target to;
static struct link link_here;
static int status;

static void
take(void *arg, const char *bytes, size_t n)
{
	(void)arg;
	if (n_said + n >= sizeof(said))
		return;
	memcpy(said + n_said, bytes, n);
	n_said += n;
	said[n_said] = 0;
}

static void
take_aside(void *arg, struct text line)
{
	size_t n = strlen(aside);

	(void)arg;
	(void)snprintf(aside + n, sizeof(aside) - n, "%.*s\n", (int)line.n, line.s);
}

static int
ask(const char *line)
{
	struct sink sink = { take, take_aside, NULL };

	n_said = 0;
	said[0] = aside[0] = 0;
	return transport_local.ask(&link_here, line, &sink, &status);
}

static int
begin(void **state)
{
	(void)state;
	to = (struct target){ .device = "self",
		.driver = &driver,
		.silence_ms = 5000,
		.deadline_ms = clock_mono_ms() + 20000 };
	link_here = (struct link){ .to = &to };
	return transport_local.open(&link_here) == 0 && transport_local.settle(&link_here) == 0
		   ? 0
		   : -1;
}

static int
end(void **state)
{
	(void)state;
	transport_local.close(&link_here);
	return link_here.state ? -1 : 0;
}

static void
runs_words_without_a_shell(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask("echo  one two"), 0);
		assert_string_equal(said, "one two\n");
		assert_int_equal(status, 0);
	}
	assert_int_equal(ask("echo $HOME;id|cat>x"), 0);
	assert_string_equal(said, "$HOME;id|cat>x\n");
	assert_int_equal(ask("terminal length 0"), 0);
	assert_string_equal(said, "");
}

static void
refuses_what_is_not_listed(void **state)
{
	(void)state;
	assert_int_equal(ask("id"), -1);
	assert_int_equal(link_here.reason, REASON_REFUSED);
	assert_says(link_here.why, "`id` is not on the command list of here");
	assert_int_equal(ask("echo  one two"), 0);
}

static void
tells_status_and_stderr(void **state)
{
	(void)state;
	assert_int_equal(ask("no-such-program-here -x"), 0);
	assert_int_equal(status, 127);
	assert_string_equal(aside, "no-such-program-here: command not found\n");
	assert_string_equal(link_here.why, "no-such-program-here: command not found");
	assert_int_equal(ask("ls /gatebook/does/not/exist"), 0);
	assert_int_equal(status, 2);
	assert_says(aside, "No such file or directory");
	assert_string_equal(said, "");
	assert_int_equal(ask("sh -c kill"), 0);
	assert_true(status != 0);
}

static void
gives_a_fixed_environment(void **state)
{
	(void)state;
	assert_int_equal(ask("env"), 0);
	assert_string_equal(said, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\n");
}

static void
kills_what_is_silent(void **state)
{
	int64_t began = clock_mono_ms();

	(void)state;
	to.silence_ms = 200;
	assert_int_equal(ask("sleep 30"), -1);
	assert_int_equal(link_here.reason, REASON_TIMEOUT);
	assert_int_equal(ask("echo  one two"), -1); /* the line is lost */
	transport_local.close(&link_here);
	assert_true(clock_mono_ms() - began < 1500);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left of it */
}

static void
stops_at_the_deadline(void **state)
{
	int64_t began = clock_mono_ms();

	(void)state;
	to.deadline_ms = began + 300;
	assert_int_equal(ask("yes"), -1);
	assert_true(link_here.reason == REASON_TIMEOUT || link_here.reason == REASON_LIMIT);
	assert_true(clock_mono_ms() - began < 3000);
}

static void
bounds_a_reply(void **state)
{
	(void)state;
	assert_int_equal(ask("cat /dev/zero"), -1);
	assert_int_equal(link_here.reason, REASON_LIMIT);
}

static void
survives_the_end_of_its_helper(void **state)
{
	char path[64], text[64] = "";
	struct text t;
	uint64_t pid;
	FILE *f;

	(void)state;
	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		skip();
	(void)fclose(f);
	t = text_of(text);
	assert_true(text_take_number(&t, 1 << 30, &pid));
	(void)kill((pid_t)pid, SIGKILL);
	assert_int_equal(ask("echo  one two"), -1);
	assert_int_equal(link_here.reason, REASON_CUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(runs_words_without_a_shell, begin, end),
		cmocka_unit_test_setup_teardown(refuses_what_is_not_listed, begin, end),
		cmocka_unit_test_setup_teardown(tells_status_and_stderr, begin, end),
		cmocka_unit_test_setup_teardown(gives_a_fixed_environment, begin, end),
		cmocka_unit_test_setup_teardown(kills_what_is_silent, begin, end),
		cmocka_unit_test_setup_teardown(stops_at_the_deadline, begin, end),
		cmocka_unit_test_setup_teardown(bounds_a_reply, begin, end),
		cmocka_unit_test_setup_teardown(survives_the_end_of_its_helper, begin, end),
	};

	(void)alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
