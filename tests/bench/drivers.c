/* How fast each driver reads: drivers PLATFORM COMMAND FILE LINES OUT makes a table of about LINES
 * lines by repeating the rows of a recorded reply below its head, and prints the seconds that the
 * engine takes for it, those of a scan for newlines by memchr, and what stands in it. The table
 * goes to OUT.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "drivers/reply.h"

enum { CHUNK = 32768, ROUNDS = 3 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *
read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "re");
	char *bytes = mem_alloc(1, 1 << 20);

	if (!file)
		err(1, "%s", path);
	*n = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

static void
count_row(const struct observation *o, void *arg)
{
	*(uint64_t *)arg += 1 + (o->proto & 0);
}

/* The lines at which the first and the last row begin. */
struct extent {
	uint32_t first, last;
};

static void
note_row(const struct observation *o, void *arg)
{
	struct extent *e = arg;

	if (e->first == 0)
		e->first = o->line;
	e->last = o->line;
}

/* The bytes before line n, from 1. */
static size_t
before_line(const char *bytes, size_t n, uint32_t line)
{
	const char *at = bytes;

	for (; line > 1; line--)
		at = (const char *)memchr(at, '\n', n - (size_t)(at - bytes)) + 1;
	return (size_t)(at - bytes);
}

/* Head, and the rows but the last many times. */
static char *
repeat(const struct program *program, const char *one, size_t n, uint64_t lines, size_t *size)
{
	struct extent e = { 0 };
	struct reply *reply = reply_new(program, note_row, &e);
	size_t from, body, copies;
	char *all;

	reply_feed(reply, one, n);
	reply_end(reply, true);
	reply_free(reply);
	from = e.last > e.first ? before_line(one, n, e.first) : 0;
	body = e.last > e.first ? before_line(one, n, e.last) - from : n;
	copies = lines / (e.last > e.first ? e.last - e.first : 1) + 1;
	*size = from + copies * body;
	all = mem_alloc(1, *size);
	memcpy(all, one, from);
	for (size_t i = 0; i < copies; i++)
		memcpy(all + from + i * body, one + from, body);
	return all;
}

static double
read_engine(const struct program *program, const char *bytes, size_t n, uint64_t *rows, bool *whole)
{
	struct reply *reply = reply_new(program, count_row, rows);
	double began = now(), took;

	*rows = 0;
	for (size_t at = 0; at < n; at += CHUNK)
		reply_feed(reply, bytes + at, n - at < CHUNK ? n - at : CHUNK);
	*whole = reply_end(reply, true) == OUTCOME_COMPLETE;
	took = now() - began;
	reply_free(reply);
	return took;
}

static double
scan(const char *bytes, size_t n, uint64_t *lines)
{
	double began = now();

	*lines = 0;
	for (const char *at = bytes, *end = bytes + n; at < end; ++*lines) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	return now() - began;
}

int
main(int argc, char **argv)
{
	struct error why = { 0 };
	const struct driver *driver = argc == 6 ? driver_find(argv[1]) : NULL;
	const struct command *command;
	struct program *program;
	double engine = 1e9, memchr_s = 1e9;
	uint64_t rows = 0, lines = 0;
	size_t n, size;
	char *one, *all;
	FILE *out;
	bool whole = true;

	if (!driver)
		errx(2, "usage: drivers PLATFORM COMMAND FILE LINES OUT");
	one = read_file(argv[3], &n);
	command = reply_choose(driver, text_of(argv[2]), (struct text){ one, n });
	program = command ? program_compile(driver, command, &why) : NULL;
	if (!program)
		errx(1, "%s: no command '%s' %s", argv[1], argv[2], why.text);
	all = repeat(program, one, n, strtoull(argv[4], NULL, 10), &size);
	out = fopen(argv[5], "we");
	if (!out || fwrite(all, 1, size, out) != size || fclose(out) != 0)
		err(1, "%s", argv[5]);
	for (int i = 0; i < ROUNDS; i++) {
		double took = read_engine(program, all, size, &rows, &whole);

		engine = took < engine ? took : engine;
		took = scan(all, size, &lines);
		memchr_s = took < memchr_s ? took : memchr_s;
	}
	printf("rows %llu\nlines %llu\nbytes %zu\nengine %.6f\nmemchr %.6f\nwhole %d\nform %d\n",
	    (unsigned long long)rows, (unsigned long long)lines, size, engine, memchr_s, whole,
	    (int)command->form);
	program_free(program);
	free(all);
	free(one);
	return 0;
}
