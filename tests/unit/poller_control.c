/* The control socket against those who keep to it, and those who do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "poller/control.h"

static char dir[] = "/tmp/gatebook-control-XXXXXX", path[64];

/* Says how many words there were, and the last one; "quit" ends the server; "never" is answered
 * never. */
static void
answer(struct client *client, int n, char **words, void *arg)
{
	bool *quit = arg;

	if (strcmp(words[0], "never") == 0)
		return;
	control_say(client, json_pack("{s:i,s:s}", "words", n, "last", words[n - 1]));
	if (strcmp(words[0], "wrong") == 0)
		control_end(client, EXIT_USAGE, "that is wrong");
	else
		control_end(client, EXIT_OK, NULL);
	*quit = strcmp(words[0], "quit") == 0;
}

static pid_t
serve(void)
{
	struct error err = { 0 };
	struct control *c;
	pid_t pid = fork();
	bool quit = false;

	assert_true(pid >= 0);
	if (pid > 0) {
		while (access(path, F_OK) != 0)
			(void)poll(NULL, 0, 10);
		return pid;
	}
	c = control_open(path, &err);
	assert_non_null(c);
	while (!quit || control_clients(c)) {
		struct pollfd watch[256];
		nfds_t n = control_watch(c, watch, 256);

		(void)poll(watch, n, 100);
		control_turn(c, watch, n, answer, &quit);
	}
	control_close(c);
	_exit(0);
}

struct heard {
	int rows, words;
	char last[80];
};

static void
hear(const json_t *row, void *arg)
{
	struct heard *h = arg;

	h->rows++;
	h->words = (int)json_integer_value(json_object_get(row, "words"));
	(void)snprintf(
	    h->last, sizeof(h->last), "%s", json_string_value(json_object_get(row, "last")));
}

static int
ask(int n, const char *const *words, struct heard *h, struct error *err)
{
	*h = (struct heard){ 0 };
	*err = (struct error){ 0 };
	return control_ask(path, n, words, hear, h, err);
}

/* A raw connection: bytes that are no question. */
static int
talk(const void *bytes, size_t n)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	(void)send(fd, bytes, n, MSG_NOSIGNAL);
	return fd;
}

static void
questions_are_answered(void **state)
{
	const char *two[] = { "hello", "world" }, *wrong[] = { "wrong" };
	struct error err;
	struct heard h;

	(void)state;
	assert_int_equal(ask(2, two, &h, &err), 0);
	assert_int_equal(h.words, 2);
	assert_string_equal(h.last, "world");
	assert_int_equal(ask(1, wrong, &h, &err), EXIT_USAGE);
	assert_int_equal(err.exit, EXIT_USAGE);
	assert_string_equal(err.text, "that is wrong");
}

static void
a_question_may_name_every_device(void **state)
{
	enum { MANY = 20000 };
	const char **words = calloc(MANY, sizeof(*words));
	char(*names)[LIMIT_NAME + 1] = calloc(MANY, sizeof(*names));
	struct error err;
	struct heard h;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%064d", i);
		words[i] = names[i];
	}
	assert_int_equal(ask(MANY, words, &h, &err), 0);
	assert_int_equal(h.words, MANY);
	assert_string_equal(h.last, names[MANY - 1]);
	free(names);
	free(words);
}

static void
who_does_not_keep_to_it_hurts_nobody(void **state)
{
	static char endless[1 << 20];
	const char *one[] = { "hello" };
	int half = talk("half a question", 15), none = talk("\0\0", 2), crowd[80];
	struct error err;
	struct heard h;
	char byte;

	(void)state;
	memset(endless, 'x', sizeof(endless));
	for (int i = 0; i < 12; i++)
		close(talk(endless, sizeof(endless)));
	assert_int_equal(ask(1, one, &h, &err), 0);
	/* No words: an answer all the same. */
	assert_true(recv(none, &byte, 1, 0) == 1);
	close(none);
	close(half);
	/* More than it serves are turned away, and the next is served again. */
	for (int i = 0; i < 80; i++)
		crowd[i] = talk("x", 1);
	for (int i = 0; i < 80; i++)
		close(crowd[i]);
	for (int tries = 0; tries < 100 && ask(1, one, &h, &err) != 0; tries++)
		assert_int_equal(err.exit, 0);
	assert_string_equal(h.last, "hello");
	/* One who goes without the answer. */
	close(talk("never\0", 7));
	assert_int_equal(ask(1, one, &h, &err), 0);
}

static void
nobody_there_is_said(void **state)
{
	const char *one[] = { "hello" }, *quit[] = { "quit" };
	pid_t *server = *state;
	struct error err;
	struct heard h;
	struct stat st;
	int status;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700 & st.st_mode);
	assert_int_equal(ask(1, quit, &h, &err), 0);
	assert_int_equal(waitpid(*server, &status, 0), *server);
	assert_int_equal(status, 0);
	assert_int_equal(ask(1, one, &h, &err), CONTROL_NOBODY);
	assert_int_equal(
	    control_ask("/x/yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
			"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
		1, one, hear, &h, &err),
	    -1);
	assert_non_null(strstr(err.text, "too long for a socket"));
}

static int
set_up(void **state)
{
	static pid_t server;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/control", dir);
	server = serve();
	*state = &server;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_are_answered),
		cmocka_unit_test(a_question_may_name_every_device),
		cmocka_unit_test(who_does_not_keep_to_it_hurts_nobody),
		cmocka_unit_test(nobody_there_is_said),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
