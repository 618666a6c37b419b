/* Patterns of a list that begin alike are walked once up to where they part: that must say what
 * each of them says when it is tried from its beginning. The lines are those of the recorded
 * replies, and the same with a byte changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <glob.h>
#include <cmocka.h>

#include "drivers/engine.h"

enum { LINE = 4096, FLIPS = 8 };

static unsigned long tried, matched, shortened;

static void
clear(const struct walk *walk, struct observation *o)
{
	memset(o, 0, walk->size);
	o->proto = PROTO_NONE;
}

/* The index of the first pattern that matches, or -1; as reply.c tries them. */
static int
try_linked(const struct patterns *list, struct text line, struct observation *o)
{
	static struct walk walk = { .keeps = 1, .size = sizeof(walk.o) };
	const struct pattern *last = NULL;

	for (unsigned i = 0; i < list->n; last = list->list[i++]) {
		if (!walk_begin(&walk, last, list->list[i])) {
			shortened++;
			continue;
		}
		if (walk.from > 0)
			*o = walk.o;
		else
			clear(&walk, o);
		shortened += walk.from > 0;
		if (pattern_walk(list->list[i], line, o, &walk))
			return (int)i;
	}
	return -1;
}

static int
try_each(const struct patterns *list, struct text line, struct observation *o)
{
	const struct walk all = { .size = sizeof(all.o) };

	for (unsigned i = 0; i < list->n; i++) {
		struct found found = { 0 };

		clear(&all, o);
		if (pattern_match(list->list[i], line, o, &found)) {
			if (!list->begins[(unsigned char)*text_begin(line)])
				fail_msg(
				    "no pattern is said to begin like %.*s", (int)line.n, line.s);
			return (int)i;
		}
	}
	return -1;
}

static void
compare(const struct program *program, struct text line)
{
	struct observation linked, each;
	int a = try_linked(&program->rows, line, &linked),
	    b = try_each(&program->rows, line, &each);

	tried++;
	matched += a >= 0;
	if (a != b || (a >= 0 && memcmp(&linked, &each, sizeof(each)) != 0))
		fail_msg("%s, %s: \"%.*s\" is read by pattern %d, and alone by %d",
		    program->driver->name, program->command->send, (int)line.n, line.s, a, b);
}

static void
compare_file(const struct program *program, const char *path)
{
	char line[LINE + PATTERN_PAD] = "";
	FILE *file = fopen(path, "re");
	uint64_t state = 1;

	assert_non_null(file);
	while (fgets(line, LINE, file)) {
		size_t n = strcspn(line, "\r\n");

		line[n] = '\n';
		compare(program, (struct text){ line, n });
		for (unsigned i = 0; n > 0 && i < FLIPS; i++) {
			size_t at = (size_t)(state >> 33) % n;
			char old = line[at];

			state = state * 6364136223846793005ULL + 1442695040888963407ULL;
			line[at] = " 0aZ-:.(/\t*9"[(state >> 40) % 12];
			compare(program, (struct text){ line, n });
			line[at] = old;
		}
	}
	fclose(file);
}

static void
lines_are_read_as_by_each_pattern_alone(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i < drivers_count; i++) {
		char where[200];
		glob_t found;

		snprintf(where, sizeof where, "tests/corpus/%s/*/*.raw", drivers[i]->name);
		if (glob(where, 0, NULL, &found) != 0)
			continue;
		for (const struct command *c = drivers[i]->commands; c->send; c++) {
			struct program *program;

			if (c->form > FORM_BLOCKS)
				continue;
			program = program_compile(drivers[i], c, NULL);
			assert_non_null(program);
			for (size_t k = 0; k < found.gl_pathc; k++)
				compare_file(program, found.gl_pathv[k]);
			program_free(program);
		}
		globfree(&found);
	}
	assert_true(matched > 5000 && matched < tried);
	assert_true(shortened > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_by_each_pattern_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
