/* A scripted device for the length of one test: started, looked at through its wire log, stopped.
 */
#ifndef GATEBOOK_TESTS_UNIT_TRANSPORTS_DEVICES_H
#define GATEBOOK_TESTS_UNIT_TRANSPORTS_DEVICES_H

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "transports/transport.h"

enum { LINES = 40, SAID = 1 << 20 };

/* A device, the target that leads to it, and what one visit gave. */
struct lab {
	char folder[64], wire[96], file[96];
	pid_t pid;
	int port;
	char key[128];
	char *lines[LINES];
	int n;
	const char *pins[2];
	struct target to;
	struct link link;
	char said[SAID], aside[4096], sent[4096];
	size_t n_said, n_aside;
	int status;
};

extern char **environ;

static struct lab *lab_now; /* whose lines transport_wire records */

static inline void
lab_wire(const char *device, const char *line)
{
	size_t n = strlen(lab_now->sent);

	(void)device;
	(void)snprintf(lab_now->sent + n, sizeof(lab_now->sent) - n, "%s|", line);
}

static inline void
lab_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
}

static inline void lab_say(struct lab *lab, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One more line of the device's script. */
static inline void
lab_say(struct lab *lab, const char *format, ...)
{
	char line[600];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	assert_true(lab->n < LINES);
	lab->lines[lab->n++] = mem_string(line);
}

/* A lab with nothing running: platform, a user "gatebook" with password "secret" on both sides. */
static inline struct lab *
lab_new(const char *platform)
{
	struct lab *lab = mem_alloc(1, sizeof(*lab));

	lab_now = lab;
	transport_wire = lab_wire;
	(void)snprintf(lab->folder, sizeof(lab->folder), "/tmp/gatebook-lab-XXXXXX");
	assert_non_null(mkdtemp(lab->folder));
	(void)snprintf(lab->wire, sizeof(lab->wire), "%s/wire", lab->folder);
	(void)snprintf(lab->file, sizeof(lab->file), "%s/reply", lab->folder);
	lab->to = (struct target){ .device = "r1",
		.host = "127.0.0.1",
		.driver = driver_find(platform),
		.secret = { .user = "gatebook", .password = "secret" },
		.pins = lab->pins,
		.connect_ms = 5000,
		.silence_ms = 3000,
		.deadline_ms = clock_mono_ms() + 20000 };
	lab->link.to = &lab->to;
	assert_non_null(lab->to.driver);
	lab_say(lab, "user gatebook secret");
	lab_say(lab, "wire %s", lab->wire);
	lab_say(lab, "mode %s", lab->to.driver->dialect.shell ? "shell" : "exec");
	return lab;
}

static inline void
lab_exec(struct lab *lab, int out)
{
	char *argv[LINES * 2 + 2], path[400] = "";
	int n = 0;
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 32);

	/* build/san/unit/transports_x: the devices are in build/ */
	for (int up = 0; size > 0 && up < 3; size--)
		up += path[size - 1] == '/';
	(void)snprintf(path + (size > 0 ? size : 0), 32, "/sshdev");

	argv[n++] = (char *)(uintptr_t) "sshdev";
	for (int i = 0; i < lab->n; i++) {
		argv[n++] = (char *)(uintptr_t) "-e";
		argv[n++] = lab->lines[i];
	}
	argv[n] = NULL;
	(void)dup2(out, STDOUT_FILENO);
	(void)execve(path, argv, environ);
	(void)fprintf(stderr, "%s is missing: make build/sshdev\n", path);
	_exit(127);
}

/* Starts the device; its key is pinned unless `pinned` is false. */
static inline void
lab_start(struct lab *lab, bool pinned)
{
	char line[256];
	struct text t, words[6];
	uint64_t port;
	int out[2];
	FILE *f;

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	lab->pid = fork();
	assert_true(lab->pid >= 0);
	if (lab->pid == 0)
		lab_exec(lab, out[1]);
	(void)close(out[1]);
	f = fdopen(out[0], "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	line[strcspn(line, "\n")] = 0;
	t = text_of(line);
	for (int i = 0; i < 6; i++) { /* device NAME ADDRESS PORT TYPE FINGERPRINT */
		text_skip_blanks(&t);
		assert_true(text_take_word(&t, &words[i]));
	}
	assert_true(text_number(words[3], 65535, &port));
	lab->port = (int)port;
	(void)snprintf(lab->key, sizeof(lab->key), "%.*s %.*s", (int)words[4].n, words[4].s,
	    (int)words[5].n, words[5].s);
	lab->to.port = (uint16_t)lab->port;
	lab->pins[0] = pinned ? lab->key : NULL;
	assert_non_null(fgets(line, sizeof(line), f)); /* ready */
	(void)fclose(f);
	lab->to.deadline_ms = clock_mono_ms() + 20000;
}

static inline void
lab_take(void *arg, const char *bytes, size_t n)
{
	struct lab *lab = arg;

	if (lab->n_said + n < SAID) {
		memcpy(lab->said + lab->n_said, bytes, n);
		lab->n_said += n;
		lab->said[lab->n_said] = 0;
	}
}

static inline void
lab_take_aside(void *arg, struct text line)
{
	struct lab *lab = arg;
	size_t n = strlen(lab->aside);

	lab->n_aside++;
	(void)snprintf(lab->aside + n, sizeof(lab->aside) - n, "%.*s\n", (int)line.n, line.s);
}

/* Asks one line; what it said stands in lab->said. */
static inline int
lab_ask(struct lab *lab, const char *line)
{
	struct sink sink = { lab_take, lab_take_aside, lab };

	lab->n_said = lab->n_aside = 0;
	lab->said[0] = lab->aside[0] = 0;
	return transport_ssh.ask(&lab->link, line, &sink, &lab->status);
}

/* How many lines of the device's wire log hold this. */
static inline int
lab_count(struct lab *lab, const char *what)
{
	FILE *f = fopen(lab->wire, "re");
	char line[2048];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, what) != NULL;
	if (f)
		(void)fclose(f);
	return n;
}

/* The device writes its log beside us: waits until there are n such lines, at most two seconds. */
static inline void
lab_expect(struct lab *lab, const char *what, int n)
{
	int64_t until = clock_mono_ms() + 2000;

	while (lab_count(lab, what) < n && clock_mono_ms() < until)
		(void)usleep(2000);
	if (lab_count(lab, what) != n)
		fail_msg("%d lines with \"%s\" on the wire, not %d", lab_count(lab, what), what, n);
}

static inline void
lab_stop(struct lab *lab)
{
	if (lab->pid > 0) {
		(void)kill(lab->pid, SIGKILL);
		(void)waitpid(lab->pid, NULL, 0);
	}
	lab->pid = 0;
	(void)unlink(lab->wire);
}

/* Teardown of every test, so that a failed one leaves nothing behind. */
static inline int
lab_end(void **state)
{
	struct lab *lab = lab_now;

	(void)state;
	transport_wire = NULL;
	lab_now = NULL;
	if (!lab)
		return 0;
	transport_ssh.close(&lab->link);
	lab_stop(lab);
	(void)unlink(lab->file);
	(void)rmdir(lab->folder);
	for (int i = 0; i < lab->n; i++)
		free(lab->lines[i]);
	free(lab);
	return 0;
}

#define lab_test(f) cmocka_unit_test_teardown(f, lab_end)

/* The call succeeds; if not, its why is shown. */
#define assert_goes(lab, call)                                                                     \
	do {                                                                                       \
		if ((call) != 0)                                                                   \
			fail_msg("%s: %s", reason_name((lab)->link.reason), (lab)->link.why);      \
	} while (0)

/* The call fails for this reason and says that. */
#define assert_fails(lab, call, because, needle)                                                   \
	do {                                                                                       \
		assert_int_equal((call), -1);                                                      \
		if ((lab)->link.reason != (because))                                               \
			fail_msg("%s, not %s: %s", reason_name((lab)->link.reason),                \
			    reason_name(because), (lab)->link.why);                                \
		assert_says((lab)->link.why, needle);                                              \
	} while (0)

#define assert_says(haystack, needle)                                                              \
	do {                                                                                       \
		if (!strstr((haystack), (needle)))                                                 \
			fail_msg("\"%s\" does not say \"%s\"", (haystack), (needle));              \
	} while (0)

#endif
