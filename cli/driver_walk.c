/* Recorded walks for `gatebook driver test`: rows of any number of tables, and the account of the
 * file. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "cli/driver_test.h"
#include "mibs/mib.h"

enum { CHUNK = 65536 };

/* What comes of a file with any number of tables. */
struct walk {
	const struct call *call;
	const struct driver *driver;
	struct output out;
	struct account account;
	json_t *unread;
	json_t *aside; /* values that are not read: how many of which table */
	struct error err;
	char why[POLL_WHY]; /* of the first table that is not whole */
	bool begun;
};

static void
note_unread(struct walk_line line, void *arg)
{
	struct walk *w = arg;
	char shown[300];

	w->account.unread++;
	json_array_append_new(w->unread, rows_json_text(line.text));
	text_escape(line.text, shown, sizeof shown);
	if (w->why[0] == '\0')
		snprintf(
		    w->why, sizeof w->why, "line %u is no varbind: %.200s", line.number, shown);
}

static void
take_table_row(const struct observation *o, void *arg)
{
	output_row(o, &((struct walk *)arg)->out);
}

/* A table that is known and never read, or (NULL) none that is known. */
static int
leave_aside(struct walk *w, const struct mib_table *table, size_t n)
{
	json_object_set_new(w->aside, table ? table->name : "unknown", json_integer((json_int_t)n));
	return 0;
}

static int
begin_table(struct walk *w, const char *name)
{
	w->out.command = driver_command(w->driver, text_of(name));
	if (w->out.command == NULL)
		return error_set(&w->err, "%s: no table of %s", name, w->driver->name);
	if (!w->begun && output_begin(&w->out, w->call, &w->err) < 0)
		return -1;
	w->begun = true;
	return 0;
}

static int
read_table(const struct mib_table *table, const struct varbind *list, size_t n, void *arg)
{
	struct walk *w = arg;
	const struct account *a;
	struct mib_reader *reader;

	if (!table || !table->columns)
		return leave_aside(w, table, n);
	if (begin_table(w, table->name) < 0)
		return -1;
	reader = mib_reader_new(table, take_table_row, w, &w->err);
	if (reader == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (mib_take(reader, &list[i]) < 0)
			break;
	if (mib_end(reader, true, 0) != OUTCOME_COMPLETE && w->why[0] == '\0')
		snprintf(w->why, sizeof w->why, "%s", mib_why(reader));
	a = mib_account(reader);
	w->account.row += a->row;
	w->account.unread += a->unread;
	w->account.rows += a->rows;
	w->account.printed += a->printed;
	w->account.has_printed |= a->has_printed;
	mib_reader_free(reader);
	return 0;
}

static uint64_t
count_lines(struct text t)
{
	struct text line;
	uint64_t n = 0;

	while (text_take_line(&t, &line))
		n++;
	return n;
}

/* The whole file: a walk is printed column by column, and read row by row. */
static char *
slurp(FILE *file, size_t *n)
{
	char *bytes = NULL;
	size_t room = 0, got;

	*n = 0;
	do {
		room = room * 2 + CHUNK;
		bytes = mem_grow(bytes, room, 1);
		got = fread(bytes + *n, 1, room - *n, file);
		*n += got;
	} while (got > 0 && *n < LIMIT_REPLY_BYTES);
	return bytes;
}

static void
say_aside(const struct walk *w)
{
	const char *name;
	json_t *n;

	json_object_foreach(w->aside, name, n)
	    fprintf(stderr, "not read: %lld of %s\n", (long long)json_integer_value(n),
		strcmp(name, "unknown") == 0 ? "no table that gatebook knows" : name);
}

static int
end_walk(struct walk *w, const char *name)
{
	const struct account *a = &w->account;

	/* A walk of nothing but what is never read is read. */
	if (!w->begun && json_object_size(w->aside) > 0 && !json_object_get(w->aside, "unknown"))
		(void)begin_table(w, w->driver->commands[0].send);
	if (!w->begun) {
		error_set(&w->err, "%s: no table that gatebook knows; see: gatebook driver show %s",
		    name, w->driver->name);
		return cli_fail(&w->err, EXIT_FAILED);
	}
	if (output_end(&w->out, a, w->unread, w->aside) < 0)
		return cli_fail(&w->err, EXIT_FAILED);
	if (w->why[0] != '\0')
		fprintf(stderr, "gatebook: %s: %s\n",
		    outcome_name(a->rows > 0 ? OUTCOME_PARTIAL : OUTCOME_FAILED), w->why);
	if (!w->call->quiet) {
		output_say_account(a);
		say_aside(w);
	}
	if (w->why[0] == '\0')
		return EXIT_OK;
	return a->rows > 0 ? EXIT_PARTIAL : EXIT_FAILED;
}

int
driver_walk(const struct call *call, const struct driver *driver, FILE *file, const char *name)
{
	struct walk w = {
		.call = call, .driver = driver, .unread = json_array(), .aside = json_object()
	};
	size_t n;
	char *bytes = slurp(file, &n);
	int rc;

	if (ferror(file)) {
		error_set(&w.err, "cannot read %s: %s", name, strerror(errno));
		rc = cli_fail(&w.err, EXIT_FAILED);
	} else if (walk_file_read((struct text){ bytes, n }, read_table, note_unread, &w, &w.err) <
		   0) {
		rc = cli_fail(&w.err, EXIT_FAILED);
	} else {
		w.account.lines = count_lines((struct text){ bytes, n });
		w.account.noise = w.account.lines - w.account.row - w.account.unread;
		rc = end_walk(&w, name);
	}
	json_decref(w.unread);
	json_decref(w.aside);
	free(bytes);
	return rc;
}
