/* Profiles permit what polls send and nothing else: with regcomp for the AAA servers, with visudo
 * and a shell for the hosts. And no line outside `driver commands` passes the transports' gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/authz.h"
#include "audit/lines.h"

static char *
printed(const struct driver *driver, const char *name)
{
	const struct authz_form *form;
	struct error err = { 0 };
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	form = authz_find(driver, name, &err);
	assert_non_null(form);
	authz_print(out, form, driver, "gatebook");
	fclose(out);
	return text;
}

/* --- the list --------------------------------------------------------------------------------- */

static bool
listed(const struct driver *driver, const char *line)
{
	struct sent_line l;

	for (unsigned i = 0; sent_line(driver, i, &l); i++)
		if (l.use == LINE_PAGE ? command_is_page(l.command, line)
				       : strcmp(l.line, line) == 0)
			return true;
	return false;
}

static void
list_is_whole(void **state)
{
	struct sent_line l, other;

	(void)state;
	for (unsigned d = 0; d < drivers_count; d++) {
		const struct driver *driver = drivers[d];

		for (unsigned i = 0; sent_line(driver, i, &l); i++) {
			for (unsigned k = 0; k < i && sent_line(driver, k, &other); k++)
				assert_string_not_equal(l.line, other.line);
			if (l.use != LINE_KEY && l.use != LINE_QUESTION && l.use != LINE_PAGE)
				assert_true(driver_may_send(driver, l.line));
		}
		for (const struct command *c = driver->commands; c->send; c++)
			assert_int_equal(listed(driver, c->send), !(c->flags & COMMAND_RECORD));
	}
}

static uint64_t seed = 7;

static uint32_t
below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % n;
}

/* A line as a broken or hostile job would have it: one of some driver's, changed or not, or bytes.
 */
static void
fuzz_line(char line[static 400])
{
	const struct driver *from = drivers[below(drivers_count)];
	static const char *const tails[] = { ";reload", " | redirect flash:x", "\n", "\r\nreload",
		" ", "\x1b", "?", " all", "`id`", "{1-2}", "1", "2000001" };
	struct sent_line l;
	unsigned n = 0;
	size_t size;

	while (sent_line(from, n, &l))
		n++;
	line[0] = '\0';
	if (n > 0 && below(8) > 0 && sent_line(from, below(n), &l))
		snprintf(line, 300, "%s", l.line);
	for (unsigned changes = below(4); changes > 0; changes--) {
		size = strlen(line);
		switch (below(5)) {
		case 0: snprintf(line + size, 40, "%s", tails[below(12)]); break;
		case 1:
			if (size > 0)
				line[below((uint32_t)size)] = (char)(1 + below(255));
			break;
		case 2: line[size ? below((uint32_t)size) : 0] = '\0'; break;
		case 3: memmove(line + 1, line, size + 1), line[0] = (char)(32 + below(95)); break;
		default:
			if (size > 1)
				memmove(line, line + 1, size);
		}
		line[320] = '\0';
	}
}

static void
a_million_jobs(void **state)
{
	unsigned sent = 0;
	char line[400];

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		const struct driver *driver = drivers[below(drivers_count)];

		fuzz_line(line);
		if (!driver_may_send(driver, line))
			continue;
		sent++;
		if (!listed(driver, line))
			fail_msg("%s: %s", driver->name, line);
	}
	assert_true(sent > 10000);
}

/* --- AAA servers ------------------------------------------------------------------------------ */

static bool
matches(const char *expression, const char *text)
{
	regex_t re;
	bool found;

	assert_int_equal(regcomp(&re, expression, REG_EXTENDED | REG_NOSUB), 0);
	found = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return found;
}

/* What tac_plus would do with a command: the block of its first word, the first rule that matches.
 */
static bool
tac_plus_permits(const char *profile, const char *line)
{
	char head[100], rule[600];
	const char *rest = strchr(line, ' '), *at;
	int n = rest ? (int)(rest - line) : (int)strlen(line);

	snprintf(head, sizeof(head), "\tcmd = %.*s {\n", n, line);
	at = strstr(profile, head);
	if (!at)
		return false;
	for (at += strlen(head); strncmp(at, "\t\tpermit \"", 10) == 0; at = strchr(at, '\n') + 1) {
		snprintf(rule, sizeof(rule), "%.*s", (int)(strstr(at, "\"\n") - at - 10), at + 10);
		if (matches(rule, rest ? rest + 1 : ""))
			return true;
	}
	return false;
}

static void
tac_plus(void **state)
{
	static const char *const bad[] = { "configure terminal", "show running-config", "reload",
		"show ip nat translations | redirect x", "terminal length 00", "clear x" };
	char line[400];
	struct sent_line l;

	(void)state;
	for (unsigned d = 0; d < drivers_count; d++) {
		const struct driver *driver = drivers[d];
		char *profile;

		if (!driver->dialect.shell)
			continue;
		profile = printed(driver, "tac_plus");
		for (unsigned i = 0; sent_line(driver, i, &l); i++) {
			if (l.use == LINE_KEY || l.use == LINE_QUESTION || l.use == LINE_PAGE ||
			    l.use == LINE_ENABLE)
				continue;
			assert_true(tac_plus_permits(profile, l.line));
			snprintf(line, sizeof(line), "%s <cr>", l.line);
			assert_true(tac_plus_permits(profile, line));
			snprintf(line, sizeof(line), "%s x", l.line);
			assert_int_equal(tac_plus_permits(profile, line), listed(driver, line));
		}
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			assert_false(tac_plus_permits(profile, bad[i]));
		free(profile);
	}
}

/* Every form prints something for each platform it fits, with all of its lines where it lists them.
 */
static void
all_forms(void **state)
{
	static const char *const listing[] = { "ios-view", "nxos-role", NULL };
	struct error err = { 0 };
	struct sent_line l;

	(void)state;
	for (unsigned d = 0; d < drivers_count; d++) {
		for (const struct authz_form *f = authz_forms; f->name; f++) {
			char *text;

			if (!authz_find(drivers[d], f->name, &err)) {
				assert_int_equal(err.exit, EXIT_USAGE);
				continue;
			}
			text = printed(drivers[d], f->name);
			assert_non_null(strstr(text, "gatebook"));
			for (int k = 0; listing[k]; k++) {
				if (strcmp(listing[k], f->name) != 0)
					continue;
				for (unsigned i = 0; sent_line(drivers[d], i, &l); i++)
					assert_true(l.use == LINE_KEY || l.use == LINE_QUESTION ||
						    l.use == LINE_ENABLE || strstr(text, l.line));
			}
			free(text);
		}
	}
	assert_null(authz_find(driver_find("cisco_asa"), "ios-view", &err));
	assert_non_null(strstr(err.text, "asa"));
}

/* --- hosts ------------------------------------------------------------------------------------ */

/* Runs it with a file of this text as its last argument; returns its status. */
static int
run_on(const char *text, const char *original, const char *program, const char *a, const char *b)
{
	char path[] = "/tmp/gatebook-authz-XXXXXX";
	int fd = mkstemp(path), status = 0;
	pid_t pid;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		unsetenv("SSH_ORIGINAL_COMMAND");
		if (original)
			setenv("SSH_ORIGINAL_COMMAND", original, 1);
		if (a)
			execlp(program, program, a, b, path, (char *)NULL);
		else
			execlp(program, program, path, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	unlink(path);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
sudoers(void **state)
{
	static const char *const names[] = { "linux", "pf", "freebsd" };

	(void)state;
	if (access("/usr/sbin/visudo", X_OK) != 0) {
		print_message("skipped: no visudo here\n");
		skip();
	}
	assert_int_not_equal(
	    run_on("gatebook ALL=(root NOPASSWD: x\n", NULL, "/usr/sbin/visudo", "-c", "-f"), 0);
	for (int i = 0; i < 3; i++) {
		char *text = printed(driver_find(names[i]), "sudoers");

		assert_int_equal(run_on(text, NULL, "/usr/sbin/visudo", "-c", "-f"), 0);
		free(text);
	}
}

static void
forcecommand(void **state)
{
	static const char *const bad[] = { "id", "", "cat /proc/net/tcp; id", "cat /proc/net/tcp ",
		" cat /proc/net/tcp", "cat /proc/net/tcp\nid", "cat /proc/net/tc?", "*", "sh" };
	char *text = printed(driver_find("linux"), "forcecommand");

	(void)state;
	assert_int_equal(run_on(text, "cat /proc/net/tcp", "sh", NULL, NULL), 0);
	assert_int_equal(run_on(text, "cat /proc/net/arp", "sh", NULL, NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(run_on(text, bad[i], "sh", NULL, NULL), 126);
	assert_int_equal(run_on(text, NULL, "sh", NULL, NULL), 126);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_is_whole),
		cmocka_unit_test(a_million_jobs),
		cmocka_unit_test(tac_plus),
		cmocka_unit_test(all_forms),
		cmocka_unit_test(sudoers),
		cmocka_unit_test(forcecommand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
