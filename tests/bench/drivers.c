/* How fast each driver reads: drivers PLATFORM COMMAND FILE LINES OUT makes a table of about LINES
 * lines by repeating the rows of a recorded reply below its head, and prints the seconds that the
 * engine takes for it, those of a scan for newlines by memchr (of each the least of 21 rounds in
 * turn), and what stands in it. The table
 * goes to OUT.
 *
 * Every line between two rows is repeated with them, whatever the engine makes of it; but a header,
 * a total or an echoed command that stands between them once, as recordings join small tables, and
 * above or below them too, is of the table and not of its rows: it stands in the head alone. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "drivers/reply.h"

enum { CHUNK = 32768, ROUNDS = 21, MAX_LINES = 1 << 16 };

/* Processor time: what else runs on the machine is not counted, as far as it only takes turns. */
static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
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

/* The recorded reply: its lines, with what the engine made of each at once, and those at which the
 * first and the last row begin, from 0. */
struct record {
	struct {
		struct text text;
		bool noise;
	} lines[MAX_LINES];
	size_t n, first, last, rows;
};

static void
note_row(const struct observation *o, void *arg)
{
	struct record *r = arg;

	if (r->rows++ == 0)
		r->first = o->line - 1;
	r->last = o->line - 1;
}

static void
read_record(const struct program *program, const char *bytes, size_t n, struct record *r)
{
	struct reply *reply = reply_new(program, note_row, r);

	for (const char *end = bytes + n; bytes < end && r->n < MAX_LINES; r->n++) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		struct text line = { bytes, (size_t)((newline ? newline + 1 : end) - bytes) };
		uint64_t noise = reply_account(reply)->noise;

		reply_feed(reply, line.s, line.n);
		r->lines[r->n].text = line;
		r->lines[r->n].noise = reply_account(reply)->noise > noise;
		bytes += line.n;
	}
	reply_end(reply, true);
	reply_free(reply);
}

/* A line that ends a paragraph. */
static bool
is_blank(struct text line)
{
	while (line.n > 0 && strchr(" \t\r\n", line.s[line.n - 1]))
		line.n--;
	return line.n == 0;
}

/* Where the lines end that are repeated: before the last row, or behind the only one. */
static size_t
body_end(const struct record *r, bool document)
{
	size_t end = r->first + 1;

	if (r->rows == 0 || (document && r->first == r->last))
		return r->n;
	if (r->first < r->last)
		return r->last;
	while (end < r->n && !r->lines[end].noise)
		end++;
	return end + (end < r->n && is_blank(r->lines[end].text));
}

static bool
is_of_table(const struct record *r, size_t line, size_t end)
{
	unsigned inside = 0, outside = 0;

	if (!r->lines[line].noise || is_blank(r->lines[line].text))
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (text_equal(r->lines[i].text, r->lines[line].text))
			*(i >= r->first && i < end ? &inside : &outside) += 1;
	return inside == 1 && outside > 0;
}

static void
append(char *all, size_t *used, struct text line)
{
	memcpy(all + *used, line.s, line.n);
	*used += line.n;
}

/* Head, and the rows but the last many times. A document is repeated whole if it has but one. */
static char *
repeat(const struct program *program, enum form form, const char *one, size_t n, uint64_t lines,
    size_t *size)
{
	const bool document = form == FORM_XML || form == FORM_JSON;
	struct record *r = mem_alloc(1, sizeof(*r));
	size_t end, body = 0, copies, from;
	char *all;

	read_record(program, one, n, r);
	end = body_end(r, document);
	if (end == r->n && (document || r->rows == 0))
		r->first = 0;
	from = r->first;
	for (size_t i = from; i < end; i++)
		r->lines[i].noise = !document && is_of_table(r, i, end);
	for (size_t i = from; i < end; i++)
		body += !r->lines[i].noise;
	copies = lines / body + 1;
	all = mem_alloc(copies + 1, n);
	*size = 0;
	for (size_t i = 0; i < from; i++)
		append(all, size, r->lines[i].text);
	for (size_t k = 0; k < copies; k++)
		for (size_t i = from; i < end; i++)
			if (!r->lines[i].noise)
				append(all, size, r->lines[i].text);
	free(r);
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
	all = repeat(program, command->form, one, n, strtoull(argv[4], NULL, 10), &size);
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
