#include "audit/records.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	CHUNK = 1 << 16,
	PART = 24 << 20 /* bytes read by one reader: below its bounds of lines and bytes */
};

struct reading {
	void (*each)(const struct aaa_record *record, void *arg);
	void *arg;
	struct records_read *read;
	const struct program *program;
	struct reply *reply;
	bool paragraphs;
	uint64_t before; /* lines of the readers before this one */
	size_t fed;
	char why[300]; /* a bound was passed: what stands behind it was not read */
};

static enum record_class
class_of(const struct particulars *more)
{
	bool start = text_is_nocase(more->event, "start"),
	     stop = text_is_nocase(more->event, "stop");

	if (more->cmd.n > 0)
		return start ? RECORD_BEGUN : RECORD_COMMAND;
	if (start || text_is_nocase(more->event, "login"))
		return RECORD_LOGIN;
	return stop ? RECORD_LOGOUT : RECORD_UPDATE;
}

static void
take_row(const struct observation *o, void *arg)
{
	struct reading *r = arg;
	struct aaa_record record = { .class = class_of(&o->more),
		.nas = o->more.nas,
		.user = o->user,
		.from = o->more.from,
		.tty = o->more.tty,
		.command = o->more.cmd,
		.task = o->more.task,
		.time = o->more.time,
		.line = r->before + o->line };

	r->each(&record, r->arg);
}

static void
keep_unread(struct reading *r)
{
	struct records_read *read = r->read;
	const uint32_t *numbers;
	const struct text *lines;
	size_t n = reply_unread(r->reply, &lines, &numbers);

	for (size_t i = 0; i < n && read->n_unread < LIMIT_UNREAD_KEPT; i++) {
		char shown[160];

		text_escape(lines[i], shown, sizeof(shown));
		(void)snprintf(read->unread[read->n_unread++], sizeof(read->unread[0]),
		    "line %" PRIu64 ": %s", r->before + numbers[i], shown);
	}
}

static void
end_part(struct reading *r)
{
	const struct account *a;

	if (!r->reply)
		return;
	(void)reply_end(r->reply, true);
	a = reply_account(r->reply);
	account_add_lines(&r->read->account, a);
	keep_unread(r);
	r->before += a->lines;
	reply_free(r->reply);
	r->reply = NULL;
	r->fed = 0;
}

static void
feed(struct reading *r, const char *bytes, size_t n)
{
	if (n == 0)
		return;
	if (!r->reply)
		r->reply = reply_new(r->program, take_row, r);
	if (reply_feed(r->reply, bytes, n) < 0 && !r->why[0])
		(void)snprintf(r->why, sizeof(r->why), "behind line %" PRIu64 ": %s", r->before,
		    reply_why(r->reply));
	r->fed += n;
}

/* Where one reader may end and the next begin: behind a line, of paragraphs behind a blank one. */
static size_t
border(const struct reading *r, const char *bytes, size_t n)
{
	const char *at = r->paragraphs ? memmem(bytes, n, "\n\n", 2) : memchr(bytes, '\n', n);

	return at ? (size_t)(at - bytes) + (r->paragraphs ? 2 : 1) : 0;
}

static void
feed_parts(struct reading *r, const char *bytes, size_t n)
{
	size_t cut = r->fed >= PART ? border(r, bytes, n) : 0;

	if (cut > 0) {
		feed(r, bytes, cut);
		end_part(r);
	}
	feed(r, bytes + cut, n - cut);
}

/* Which of the driver's layouts of records the file has. */
static const struct command *
choose(const struct driver *driver, const char *name, struct text begin, struct error *err)
{
	const struct command *c = reply_guess(driver, begin), *only = NULL;
	unsigned n = 0;

	if (c && (c->flags & COMMAND_RECORD))
		return c;
	for (c = driver->commands; c->send; c++)
		if (c->flags & COMMAND_RECORD) {
			only = c;
			n++;
		}
	if (n == 1)
		return only;
	error_exit(err, EXIT_USAGE,
	    "%s: no line in its first %zu bytes reads like a log of %s (see: "
	    "gatebook driver show %s)",
	    name, begin.n, driver->name, driver->name);
	return NULL;
}

int
records_read(FILE *file, const char *name, const struct driver *driver,
    void (*each)(const struct aaa_record *record, void *arg), void *arg, struct records_read *read,
    struct error *err)
{
	struct reading r = { .each = each, .arg = arg, .read = read };
	char *bytes = mem_alloc(CHUNK, 1);
	size_t n = fread(bytes, 1, CHUNK, file);
	const struct command *c;
	struct program *program = NULL;
	int rc = 0;

	*read = (struct records_read){ 0 };
	c = choose(driver, name, (struct text){ bytes, n }, err);
	if (c)
		program = program_compile(driver, c, err);
	if (program) {
		r.program = program;
		r.paragraphs = c->paragraphs;
		for (; n > 0; n = fread(bytes, 1, CHUNK, file))
			feed_parts(&r, bytes, n);
		end_part(&r);
		if (r.why[0])
			rc = error_set(err, "%s: %s", name, r.why);
		if (ferror(file))
			rc = error_set(err, "%s: cannot be read: %s", name, strerror(errno));
	}
	program_free(program);
	free(bytes);
	return program ? rc : -1;
}
