/* Varbinds to rows, and the account of each. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "mibs/field.h"

enum { PARTS = 12, COLUMNS = 16 };

struct mib_reader {
	const struct mib_table *table;
	mib_row *row;
	void *arg;
	uint32_t entry[LIMIT_OID];
	unsigned n_entry, n_parts, n_columns;
	struct field parts[PARTS], columns[COLUMNS];
	uint32_t numbers[COLUMNS];

	bool open, bad;            /* a row is being read; it does not read */
	uint32_t index[LIMIT_OID]; /* of the row at hand, or the last one */
	unsigned n_index, column;  /* and its last column */
	unsigned varbinds;         /* of the row at hand */
	size_t row_size;           /* of o: read at run time, so that libc clears it */
	struct observation o;
	struct field_room room;

	struct account account;
	enum reason reason;
	char why[POLL_WHY];
	bool stopped;
};

/* --- compiling -------------------------------------------------------------------------------- */

static int
compile_index(struct mib_reader *r, struct error *err)
{
	struct text rest = text_of(r->table->index);

	for (text_skip_blanks(&rest); rest.n > 0; text_skip_blanks(&rest)) {
		if (r->n_parts == PARTS)
			return error_set(err, "the index has more than %d parts", PARTS);
		if (!field_take(&rest, &r->parts[r->n_parts++], err))
			return -1;
	}
	return 0;
}

static int
compile_columns(struct mib_reader *r, struct error *err)
{
	uint64_t number;

	for (unsigned i = 0; r->table->columns[i]; i++) {
		struct text rest = text_of(r->table->columns[i]);

		if (i == COLUMNS)
			return error_set(err, "more than %d columns", COLUMNS);
		if (!text_take_number(&rest, UINT32_MAX, &number) || !text_take_char(&rest, ' '))
			return error_set(
			    err, "column \"%s\": NUMBER {field}", r->table->columns[i]);
		if (!field_take(&rest, &r->columns[i], err))
			return -1;
		if (i > 0 && number <= r->numbers[i - 1])
			return error_set(err, "column %u is out of order", (unsigned)number);
		r->numbers[i] = (uint32_t)number;
		r->n_columns++;
	}
	return r->n_columns > 0 ? 0 : error_set(err, "no column is asked for");
}

struct mib_reader *
mib_reader_new(const struct mib_table *table, mib_row *row, void *arg, struct error *err)
{
	struct mib_reader *r = mem_alloc(1, sizeof(*r));

	r->table = table;
	r->row = row;
	r->arg = arg;
	r->row_size = topic_has_particulars(table->topic) ? sizeof(r->o)
							  : offsetof(struct observation, more);
	r->n_entry = oid_parse(text_of(table->oid), r->entry, LIMIT_OID);
	if (r->n_entry > 0 && compile_index(r, err) == 0 && compile_columns(r, err) == 0)
		return r;
	error_prefix(err, "%s", table->name);
	mib_reader_free(r);
	return NULL;
}

void
mib_reader_free(struct mib_reader *reader)
{
	free(reader);
}

const uint32_t *
mib_reader_columns(const struct mib_reader *reader, unsigned *n)
{
	*n = reader->n_columns;
	return reader->numbers;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int __attribute__((format(printf, 3, 4)))
stop(struct mib_reader *r, enum reason reason, const char *format, ...)
{
	va_list args;

	if (!r->stopped) {
		va_start(args, format);
		vsnprintf(r->why, sizeof(r->why), format, args);
		va_end(args);
		r->reason = reason;
	}
	r->stopped = true;
	return -1;
}

int
mib_refuse(struct mib_reader *reader, const char *why)
{
	return stop(reader, REASON_UNREAD, "%s: %s", reader->table->name, why);
}

static void
open_row(struct mib_reader *r, const uint32_t *index, unsigned n)
{
	unsigned at = 0;

	memcpy(r->index, index, n * sizeof(*index));
	r->n_index = n;
	r->open = true;
	r->bad = false;
	r->varbinds = 0;
	r->room.used = 0;
	memset(&r->o, 0, r->row_size);
	r->o.proto = r->table->proto;
	r->o.scope = (uint8_t)r->table->scope;
	for (unsigned i = 0; i < r->n_parts && !r->bad; i++)
		r->bad = !field_from_index(&r->parts[i], index, n, &at, &r->o, &r->room);
	r->bad |= at != n;
}

static void
close_row(struct mib_reader *r)
{
	if (!r->open)
		return;
	r->open = false;
	if (r->bad) {
		r->account.unread += r->varbinds;
		return;
	}
	r->account.row += r->varbinds;
	if (r->table->topic >= TOPIC_COUNT) /* a number, no row */
		return;
	r->account.rows++;
	r->o.line = (uint32_t)r->account.rows;
	/* A far end that says "any" is none. */
	if (r->o.far.port == 0 && (r->o.far.addr.family == 0 || addr_is_any(&r->o.far.addr)))
		r->o.far = (struct endpoint){ 0 };
	r->row(&r->o, r->arg);
}

static int
find_column(const struct mib_reader *r, uint32_t number)
{
	for (unsigned i = 0; i < r->n_columns; i++)
		if (r->numbers[i] == number)
			return (int)i;
	return -1;
}

int
mib_take(struct mib_reader *r, const struct varbind *v)
{
	unsigned n = r->n_entry;
	uint64_t total;
	int column, order = 1;

	if (r->stopped)
		return -1;
	if (r->account.lines == LIMIT_WALK_VARBINDS)
		return stop(
		    r, REASON_LIMIT, "the table has more than %d values", LIMIT_WALK_VARBINDS);
	if (v->n < n + 2 || v->n > LIMIT_OID || memcmp(v->oid, r->entry, n * sizeof(*v->oid)) != 0)
		return mib_refuse(r, "a value of another table");
	column = find_column(r, v->oid[n]);
	if (r->n_index > 0)
		order = oid_compare(v->oid + n + 1, v->n - n - 1, r->index, r->n_index);
	if (order < 0 || (order == 0 && column >= 0 && (unsigned)column <= r->column && r->open))
		return mib_refuse(r, "its values are out of order");
	r->account.lines++;
	if (column < 0) {
		r->account.noise++;
		return 0;
	}
	if (order > 0) {
		close_row(r);
		open_row(r, v->oid + n + 1, v->n - n - 1);
	}
	r->column = (unsigned)column;
	r->varbinds++;
	total = UINT64_MAX;
	if (!field_from_value(&r->columns[column], v, &r->o, &r->room, &total))
		r->bad = true;
	if (total != UINT64_MAX) {
		r->account.has_printed = true;
		r->account.printed += total;
	}
	return 0;
}

enum outcome
mib_end(struct mib_reader *r, bool whole, uint64_t ragged)
{
	const struct account *a = &r->account;
	enum outcome some;

	close_row(r);
	some = a->rows > 0 ? OUTCOME_PARTIAL : OUTCOME_FAILED;
	if (r->stopped)
		return some;
	if (!whole) {
		stop(r, REASON_CUT, "%s: cut after %llu rows", r->table->name,
		    (unsigned long long)a->rows);
		return some;
	}
	if (a->unread > 0) {
		stop(r, REASON_UNREAD, "%s: %llu of %llu values do not read", r->table->name,
		    (unsigned long long)a->unread, (unsigned long long)a->lines);
		return OUTCOME_PARTIAL;
	}
	if (ragged > 0) {
		stop(r, REASON_UNREAD,
		    "%s: its columns disagree in %llu rows: it changed while it was read",
		    r->table->name, (unsigned long long)ragged);
		return OUTCOME_PARTIAL;
	}
	return OUTCOME_COMPLETE;
}

const struct account *
mib_account(const struct mib_reader *reader)
{
	return &reader->account;
}

enum reason
mib_reason(const struct mib_reader *reader)
{
	return reader->reason;
}

const char *
mib_why(const struct mib_reader *reader)
{
	return reader->why;
}
