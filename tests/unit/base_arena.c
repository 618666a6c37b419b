#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"

enum { PIECES = 4000 };

/* Pieces of all sizes, each full of its own mark: none may touch another. */
static void
pieces_are_apart(void **state)
{
	static unsigned char *pieces[PIECES];
	static size_t sizes[PIECES];
	struct arena a = { 0 };

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < PIECES; i++) {
			sizes[i] = i % 97 == 0 ? 1000 * (i % 131) : i * 7919 % 300;
			pieces[i] = arena_alloc(&a, sizes[i]);
			assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(pieces[i][k], 0);
			memset(pieces[i], (int)(i % 251 + 1), sizes[i]);
		}
		for (size_t i = 0; i < PIECES; i++) {
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(pieces[i][k], i % 251 + 1);
		}
		arena_free(&a);
		assert_null(a.blocks);
	}
	arena_free(&a);
}

static void
strings(void **state)
{
	struct arena a = { 0 };
	const struct text cut = { "firewall", 4 };

	(void)state;
	assert_string_equal(arena_string(&a, cut), "fire");
	assert_string_equal(arena_string(&a, text_of(NULL)), "");
	assert_string_equal(arena_printf(&a, "%s-%d", "fw", 12), "fw-12");
	assert_int_equal(strlen(arena_printf(&a, "%0100000d", 1)), 100000);
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	arena_free(&a);
}

static void
plain_memory(void **state)
{
	unsigned *p = mem_alloc(100, sizeof *p);
	char *s = mem_string("abc");

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	p[99] = 7;
	p = mem_grow(p, 100000, sizeof *p);
	assert_int_equal(p[99], 7);
	free(p);
	p = mem_grow(NULL, 1, sizeof *p);
	free(p);
	p = mem_alloc(0, 8);
	assert_non_null(p);
	free(p);
	assert_string_equal(s, "abc");
	free(s);
}

static void
ask_too_much_of_arena(void)
{
	struct arena a = { 0 };

	arena_alloc(&a, SIZE_MAX - 4);
}

static void
ask_too_much_of_alloc(void)
{
	free(mem_alloc(SIZE_MAX / 2, 4));
}

static void
ask_too_much_of_grow(void)
{
	free(mem_grow(NULL, SIZE_MAX / 8 + 2, 8));
}

static void
log_many_lines(void)
{
	char longest[5000];

	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	log_line(LOG_INFO, "not shown");
	log_line(LOG_WARNING, "device %s", "fw1\nforged\x1b[2J");
	log_set_level(LOG_DEBUG);
	log_line(LOG_DEBUG, "shown");
	log_line(LOG_ERROR, "%s", longest);
	log_fatal("the end");
}

/* Runs `what` in a child. Returns its exit code; what it said is in `said`. */
static int
in_child(void (*what)(void), char *said, size_t size)
{
	int ends[2], status;
	size_t n = 0;
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		what();
		_exit(99);
	}
	close(ends[1]);
	while (n < size - 1 && (got = read(ends[0], said + n, size - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
too_much_ends_the_program(void **state)
{
	void (*const asks[])(
	    void) = { ask_too_much_of_arena, ask_too_much_of_alloc, ask_too_much_of_grow };
	char said[8192];

	(void)state;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		assert_int_equal(in_child(asks[i], said, sizeof said), EXIT_FAILED);
		assert_true(text_starts(text_of(said), "gatebook: fatal: out of memory"));
	}
}

static void
an_event_is_a_line(void **state)
{
	char said[8192];
	struct text c, line;

	(void)state;
	assert_int_equal(in_child(log_many_lines, said, sizeof said), EXIT_FAILED);
	c = text_of(said);
	assert_true(text_take_line(&c, &line));
	assert_true(text_is(line, "gatebook: warning: device fw1 forged [2J"));
	assert_true(text_take_line(&c, &line));
	assert_true(text_is(line, "gatebook: debug: shown"));
	assert_true(text_take_line(&c, &line));
	assert_true(text_starts(line, "gatebook: error: xxx") && line.n < 4096);
	assert_true(text_take_line(&c, &line));
	assert_true(text_is(line, "gatebook: fatal: the end"));
	assert_false(text_take_line(&c, &line));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_apart),
		cmocka_unit_test(strings),
		cmocka_unit_test(plain_memory),
		cmocka_unit_test(too_much_ends_the_program),
		cmocka_unit_test(an_event_is_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
