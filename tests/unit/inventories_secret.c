/* Where secrets come from, whom we refuse to take them from, and that no message ever holds one. */
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "inventories/secret.h"
#include "tests/unit/inventories_folder.h"

#define CANARY "kn4rI-7f21"
#define NOBODY 65534

static void
write_mode(const char *path, const char *text, mode_t mode)
{
	folder_text(path, text);
	assert_int_equal(chmod(path, mode), 0);
}

static void
expect_secret(const char *reference, const char *expected)
{
	struct error err = { 0 };
	char *secret;

	assert_int_equal(secret_check(reference, &err), 0);
	secret = secret_read(reference, false, &err);
	if (!secret)
		fail_msg("%s", err.text);
	assert_string_equal(secret, expected);
	secret_wipe(secret);
}

/* Reading and checking say the same, and neither says what is in it. */
static void
expect_refusal(const char *reference, const char *expected)
{
	struct error err = { 0 };

	assert_null(secret_read(reference, false, &err));
	assert_string_equal(err.text, expected);
	assert_null(strstr(err.text, CANARY));
	memset(&err, 0, sizeof err);
	assert_int_equal(secret_check(reference, &err), -1);
	assert_string_equal(err.text, expected);
}

/* What only reading can find. */
static void
expect_bad_content(const char *reference, const char *expected)
{
	struct error err = { 0 };

	assert_int_equal(secret_check(reference, &err), 0);
	assert_null(secret_read(reference, false, &err));
	assert_string_equal(err.text, expected);
	assert_null(strstr(err.text, CANARY));
}

/* --- owner, mode, kind ------------------------------------------------------------------------ */

struct access_case {
	const char *name;
	mode_t mode, folder;
	bool foreign, foreign_folder; /* belongs to somebody else: only root can arrange it */
	const char *expected;         /* NULL: it is read */
};

static const struct access_case access_cases[] = {
	{ "0600 is ours alone", 0600, 0700, false, false, NULL },
	{ "0400 is ours alone", 0400, 0700, false, false, NULL },
	{ "the folder may be read by others", 0600, 0755, false, false, NULL },
	{ "group may read", 0640, 0700, false, false,
	    "s/pw: open to group or others (mode 0640): chmod 600 s/pw" },
	{ "others may read", 0604, 0700, false, false,
	    "s/pw: open to group or others (mode 0604): chmod 600 s/pw" },
	{ "group may write", 0620, 0700, false, false,
	    "s/pw: open to group or others (mode 0620): chmod 600 s/pw" },
	{ "others may run it", 0701, 0700, false, false,
	    "s/pw: open to group or others (mode 0701): chmod 600 s/pw" },
	{ "group may write to the folder", 0600, 0770, false, false,
	    "s/pw: others may write to its folder (mode 0770): chmod go-w \"$(dirname s/pw)\"" },
	{ "others may write to the folder", 0600, 0702, false, false,
	    "s/pw: others may write to its folder (mode 0702): chmod go-w \"$(dirname s/pw)\"" },
	{ "a sticky folder is no shelter", 0600, 01777, false, false,
	    "s/pw: others may write to its folder (mode 1777): chmod go-w \"$(dirname s/pw)\"" },
	{ "somebody else owns it", 0600, 0700, true, false,
	    "s/pw: belongs to user 65534: chown 0 s/pw" },
	{ "somebody else owns the folder", 0600, 0700, false, true,
	    "s/pw: its folder belongs to user 65534, who could exchange it: "
	    "chown 0 \"$(dirname s/pw)\"" },
};
enum { ACCESS_CASES = sizeof access_cases / sizeof access_cases[0] };

static void
access_one(void **state)
{
	const struct access_case *c = *state;
	void *folder = NULL;

	if ((c->foreign || c->foreign_folder) && geteuid() != 0)
		skip();
	assert_int_equal(folder_enter(&folder), 0);
	assert_int_equal(mkdir("s", 0700), 0);
	write_mode("s/pw", CANARY "\n", c->mode);
	assert_int_equal(chmod("s", c->folder), 0);
	if (c->foreign)
		assert_int_equal(chown("s/pw", NOBODY, NOBODY), 0);
	if (c->foreign_folder)
		assert_int_equal(chown("s", NOBODY, NOBODY), 0);
	if (c->expected)
		expect_refusal("file:s/pw", c->expected);
	else
		expect_secret("file:s/pw", CANARY);
	assert_int_equal(folder_leave(&folder), 0);
}

static void
only_regular_files(void **state)
{
	(void)state;
	write_mode("pw", CANARY "\n", 0600);
	assert_int_equal(symlink("pw", "link"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	expect_refusal("file:link", "link: a symlink: name the file itself (readlink -f link)");
	expect_refusal("file:fifo", "fifo: not a regular file");
	expect_refusal("file:inventory.d", "inventory.d: not a regular file");
	expect_refusal("file:gone", "gone: no such file: (umask 077; cat > gone) writes it");
	expect_refusal("file:pw/x", "pw/x: cannot be opened: Not a directory");
	expect_refusal("file:inventory.d/",
	    "inventory.d/: no such file: (umask 077; cat > inventory.d/) writes it");
}

/* --- content ---------------------------------------------------------------------------------- */

static void
one_line_end_is_dropped(void **state)
{
	(void)state;
	write_mode("pw", CANARY, 0600);
	expect_secret("file:pw", CANARY);
	write_mode("pw", CANARY "\r\n", 0600);
	expect_secret("file:pw", CANARY);
	write_mode("pw", " " CANARY " \n", 0600);
	expect_secret("file:pw", " " CANARY " ");
}

static void
a_key_is_kept_as_it_is(void **state)
{
	struct error err = { 0 };
	char *key;

	(void)state;
	write_mode("key", "-----BEGIN\nx\n-----END\n", 0600);
	key = secret_read("file:key", true, &err);
	assert_string_equal(key, "-----BEGIN\nx\n-----END\n");
	secret_wipe(key);
}

static void
what_is_no_password(void **state)
{
	char *long_text = mem_alloc(LIMIT_SECRET + 2, 1);

	(void)state;
	write_mode("pw", "", 0600);
	expect_bad_content("file:pw", "file:pw: empty");
	write_mode("pw", "\n", 0600);
	expect_bad_content("file:pw", "file:pw: empty");
	write_mode("pw", CANARY "\n" CANARY "\n", 0600);
	expect_bad_content("file:pw", "file:pw: more than one line: a password is one line");
	folder_write("pw", CANARY "\0x", sizeof CANARY + 1);
	expect_bad_content("file:pw", "file:pw: holds a NUL byte: not a text");
	memset(long_text, 'x', LIMIT_SECRET + 1);
	folder_text("pw", long_text);
	expect_refusal("file:pw", "pw: longer than 16384 bytes: no password and no key");
	long_text[LIMIT_SECRET] = '\0';
	folder_text("pw", long_text);
	expect_secret("file:pw", long_text);
	free(long_text);
}

static void
what_is_no_reference_is_not_shown(void **state)
{
	static const char *const words[] = { CANARY, "", ":" CANARY, "FILE:" CANARY,
		"plain:" CANARY, "env:" CANARY "$", "systemd:../" CANARY, "exec:" CANARY,
		"agent:" CANARY, "file:~/" CANARY };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		memset(&err, 0, sizeof err);
		assert_int_equal(secret_syntax(words[i], &err), -1);
		assert_true(err.text[0] != '\0');
		assert_null(strstr(err.text, CANARY));
		assert_null(secret_read(words[i], false, &err));
		assert_null(strstr(err.text, CANARY));
		assert_int_equal(secret_check(words[i], &err), -1);
		assert_null(strstr(err.text, CANARY));
	}
}

/* --- the other schemes ------------------------------------------------------------------------ */

static void
from_the_environment(void **state)
{
	(void)state;
	setenv("GATEBOOK_TEST_SECRET", CANARY, 1);
	expect_secret("env:GATEBOOK_TEST_SECRET", CANARY);
	setenv("GATEBOOK_TEST_SECRET", "", 1);
	expect_bad_content("env:GATEBOOK_TEST_SECRET", "env:GATEBOOK_TEST_SECRET: empty");
	unsetenv("GATEBOOK_TEST_SECRET");
	expect_refusal(
	    "env:GATEBOOK_TEST_SECRET", "env:GATEBOOK_TEST_SECRET: the variable is not set");
}

static void
from_systemd(void **state)
{
	char path[PATH_MAX], expected[3 * PATH_MAX];

	unsetenv("CREDENTIALS_DIRECTORY");
	expect_refusal("systemd:pw",
	    "systemd:pw: no credentials here (CREDENTIALS_DIRECTORY is not "
	    "set): add LoadCredential=pw:/path to the unit");
	snprintf(path, sizeof path, "%s/creds", (const char *)*state);
	setenv("CREDENTIALS_DIRECTORY", path, 1);
	assert_int_equal(mkdir("creds", 0700), 0);
	write_mode("creds/pw", CANARY, 0440); /* the mask of systemd's ACL */
	expect_secret("systemd:pw", CANARY);
	assert_int_equal(chmod("creds/pw", 0444), 0);
	snprintf(expected, sizeof expected,
	    "%s/pw: open to group or others (mode 0444): chmod 600 %s/pw", path, path);
	expect_refusal("systemd:pw", expected);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
an_agent_gives_no_secret(void **state)
{
	struct error err = { 0 };

	(void)state;
	unsetenv("SSH_AUTH_SOCK");
	assert_null(secret_read("agent:", false, &err));
	assert_string_equal(err.text, "agent:: an agent signs, it has no secret to give");
	assert_int_equal(secret_check("agent", &err), -1);
	assert_string_equal(err.text, "agent: no agent here (SSH_AUTH_SOCK is not set): ssh-agent");
	assert_int_equal(secret_check("agent:/dev/null", &err), -1);
	assert_string_equal(err.text, "agent:/dev/null: not a socket");
}

/* --- helpers ---------------------------------------------------------------------------------- */

static const char *
helper(void **state, const char *name, const char *script)
{
	static char reference[PATH_MAX];

	write_mode(name, script, 0700);
	snprintf(reference, sizeof reference, "exec:%s/%s", (const char *)*state, name);
	return reference;
}

static void
expect_helper(void **state, const char *script, const char *expected)
{
	const char *reference = helper(state, "helper", script);
	char text[PATH_MAX + 200];

	snprintf(text, sizeof text, "%s: %s", reference, expected);
	expect_bad_content(reference, text);
}

static void
a_helper_speaks_on_stdout(void **state)
{
	(void)state;
	expect_secret(helper(state, "helper", "#!/bin/sh\necho " CANARY "\n"), CANARY);
}

/* No argument, no terminal, no descriptor of ours. */
static void
a_helper_gets_nothing_of_ours(void **state)
{
	int ours = dup2(2, 77); /* not close-on-exec */

	assert_int_equal(ours, 77);
	expect_secret(helper(state, "helper",
			  "#!/bin/sh\nread line || line=nothing\n"
			  "[ -e /proc/self/fd/77 ] && line=$line+77\necho $# $line\n"),
	    "0 nothing");
	close(ours);
}

static void
a_helper_that_fails(void **state)
{
	expect_helper(state, "#!/bin/sh\necho " CANARY "\necho " CANARY " >&2\nexit 3\n",
	    "ended with status 3: run it by hand to see why");
	expect_helper(state, "#!/bin/sh\nkill -TERM $$\n", "ended by signal 15");
	expect_helper(state, "#!/nowhere/sh\n", "could not be started: run it by hand to see why");
	expect_helper(state, "#!/bin/sh\n", "empty");
}

/* Its complaints may hold what it was asked for: they reach neither a terminal nor a journal. */
static void
a_helpers_stderr_is_dropped(void **state)
{
	const char *reference = helper(state, "helper", "#!/bin/sh\necho x\necho " CANARY " >&2\n");
	int before = dup(2), file = open("err", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct error err = { 0 };
	struct stat st;
	char *secret;

	dup2(file, 2);
	secret = secret_read(reference, false, &err);
	dup2(before, 2);
	close(before);
	assert_int_equal(fstat(file, &st), 0);
	assert_int_equal(st.st_size, 0);
	close(file);
	assert_string_equal(secret, "x");
	secret_wipe(secret);
}

static void
a_helper_that_never_stops_talking(void **state)
{
	int64_t start = clock_mono_ms();

	expect_helper(state, "#!/bin/sh\nwhile :; do echo 0123456789; done\n",
	    "longer than 16384 bytes: no password and no key");
	assert_true(clock_mono_ms() - start < 4000);
}

/* The process that a late helper started is gone with it. */
static void
a_helper_that_is_late(void **state)
{
	int64_t start = clock_mono_ms(), took;
	char text[32] = "";
	FILE *in;
	int child;

	expect_helper(state, "#!/bin/sh\necho " CANARY "\nsleep 60 &\necho $! >pid\nwait\n",
	    "no answer within 5 s: run it by hand to see why");
	took = clock_mono_ms() - start;
	assert_true(took >= 4900 && took < 9000);
	in = fopen("pid", "r");
	assert_non_null(in);
	assert_non_null(fgets(text, sizeof text, in));
	fclose(in);
	child = (int)strtol(text, NULL, 10);
	for (int i = 0; i < 200 && kill(child, 0) == 0; i++) {
		snprintf(text, sizeof text, "/proc/%d/fd/0", child);
		if (access(text, F_OK) != 0) /* a zombie of somebody who does not reap */
			return;
		usleep(10000);
	}
	assert_int_equal(kill(child, 0), -1);
}

/* An end of file is not yet an end: the status decides. */
static void
a_helper_that_lingers(void **state)
{
	expect_helper(state, "#!/bin/sh\necho " CANARY "\nexec >&- sleep 60\n",
	    "no answer within 5 s: run it by hand to see why");
}

static void
a_helper_that_others_could_change(void **state)
{
	const char *reference = helper(state, "helper", "#!/bin/sh\necho x\n"),
		   *path = reference + 5;
	char expected[3 * PATH_MAX];

	assert_int_equal(chmod("helper", 0770), 0);
	snprintf(expected, sizeof expected,
	    "%s: open to group or others (mode 0770): chmod go-w %s", path, path);
	expect_refusal(reference, expected);
	assert_int_equal(chmod("helper", 0600), 0);
	snprintf(expected, sizeof expected, "%s: not executable: chmod u+x %s", path, path);
	expect_refusal(reference, expected);
}

/* --- memory ----------------------------------------------------------------------------------- */

/* The flags of the mapping that holds `at`, from /proc/self/smaps. */
static void
mapping_flags(const char *at, char *flags, size_t size)
{
	FILE *in = fopen("/proc/self/smaps", "r");
	char line[512];
	bool here = false;

	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		char *end;
		uintptr_t first = (uintptr_t)strtoull(line, &end, 16);

		if (*end == '-')
			here = (uintptr_t)at >= first &&
			       (uintptr_t)at < (uintptr_t)strtoull(end + 1, NULL, 16);
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			break;
	}
	fclose(in);
	snprintf(flags, size, "%s", line);
}

static void
a_secret_stays_in_its_process(void **state)
{
	struct error err = { 0 };
	char flags[512], *secret;
	unsigned char resident;
	int status;
	pid_t child;

	(void)state;
	write_mode("pw", CANARY, 0600);
	secret = secret_read("file:pw", false, &err);
	assert_non_null(secret);
	mapping_flags(secret, flags, sizeof flags);
	assert_non_null(strstr(flags, " dd")); /* in no core file */
	assert_non_null(strstr(flags, " wf")); /* in no child */
	child = fork();
	if (child == 0)
		_exit(secret[0] == '\0' ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_string_equal(secret, CANARY);
	secret_wipe(secret);
	assert_int_equal(mincore(secret, 1, &resident), -1); /* gone */
	secret_wipe(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_enter, folder_leave)

int
main(void)
{
	struct CMUnitTest by_access[ACCESS_CASES] = { 0 };
	const struct CMUnitTest tests[] = {
		TEST(only_regular_files),
		TEST(one_line_end_is_dropped),
		TEST(a_key_is_kept_as_it_is),
		TEST(what_is_no_password),
		TEST(what_is_no_reference_is_not_shown),
		TEST(from_the_environment),
		TEST(from_systemd),
		TEST(an_agent_gives_no_secret),
		TEST(a_helper_speaks_on_stdout),
		TEST(a_helper_gets_nothing_of_ours),
		TEST(a_helper_that_fails),
		TEST(a_helpers_stderr_is_dropped),
		TEST(a_helper_that_never_stops_talking),
		TEST(a_helper_that_is_late),
		TEST(a_helper_that_lingers),
		TEST(a_helper_that_others_could_change),
		TEST(a_secret_stays_in_its_process),
	};
	int failed;

	for (size_t i = 0; i < ACCESS_CASES; i++)
		by_access[i] = (struct CMUnitTest){ .name = access_cases[i].name,
			.test_func = access_one,
			.initial_state = (void *)(uintptr_t)&access_cases[i] };
	failed = cmocka_run_group_tests(by_access, NULL, NULL);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
