/* A configuration folder for one test: written, entered, loaded, removed. */
#ifndef GATEBOOK_TESTS_UNIT_INVENTORIES_FOLDER_H
#define GATEBOOK_TESTS_UNIT_INVENTORIES_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventories/config.h"

/* Enters a new empty folder; its path stays in *state. */
static inline int
folder_enter(void **state)
{
	char *path = mem_string("/tmp/gatebook-inventories-XXXXXX");

	umask(022);
	if (!mkdtemp(path) || chdir(path) != 0 || mkdir("inventory.d", 0755) != 0)
		return -1;
	*state = path;
	return 0;
}

static inline int
folder_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int
folder_leave(void **state)
{
	int wrong = chdir("/") || nftw(*state, folder_unlink, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return wrong;
}

static inline void
folder_write(const char *name, const char *bytes, size_t n)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	assert_int_equal(close(fd), 0);
}

static inline void
folder_text(const char *name, const char *text)
{
	folder_write(name, text, strlen(text));
}

/* Loads the folder; *faults is what was printed, to be freed. */
static inline struct config *
folder_load(char **faults)
{
	size_t n = 0;
	FILE *out = open_memstream(faults, &n);
	struct config *c;

	assert_non_null(out);
	c = config_load(".", out);
	fclose(out);
	assert_true((c != NULL) == (n == 0)); /* a fault, or a configuration: never both or neither
					       */
	return c;
}

/* The same for a folder that must be without fault. */
static inline struct config *
folder_good(void)
{
	char *faults = NULL;
	struct config *c = folder_load(&faults);

	assert_string_equal(faults, "");
	free(faults);
	return c;
}

static inline void
folder_bad(const char *expected)
{
	char *faults = NULL;
	struct config *c = folder_load(&faults);

	config_free(c);
	assert_string_equal(faults, expected);
	free(faults);
}

/* One malformed folder and every line that must be said of it. */
struct folder_case {
	const char *name;
	const char *main;  /* gatebook.yml; NULL: one with the credential "ro" */
	const char *a, *b; /* inventory.d/a.yml, b.yml, or NULL */
	const char *expected;
	size_t n; /* bytes of main when it holds a NUL */
};

static inline void
folder_case(void **state)
{
	const struct folder_case *c = *state;
	const char *text = c->main ? c->main : "credentials: {ro: {user: u, key: agent}}\n";
	void *folder = NULL;

	assert_int_equal(folder_enter(&folder), 0);
	folder_write("gatebook.yml", text, c->n ? c->n : strlen(text));
	if (c->a)
		folder_text("inventory.d/a.yml", c->a);
	if (c->b)
		folder_text("inventory.d/b.yml", c->b);
	folder_bad(c->expected);
	assert_int_equal(folder_leave(&folder), 0);
}

/* Every case a test of its own, by name. */
static inline int
folder_run(const char *group, const struct folder_case *cases, size_t n)
{
	struct CMUnitTest *tests = mem_alloc(n, sizeof *tests);
	int failed;

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = folder_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
	free(tests);
	return failed;
}

#endif
