/* Walks of agents: a recorded one as text, and answers as they come. Whatever is in them, every
 * value is accounted for, and a walk ends. */
#include <stdlib.h>
#include <string.h>

#include "mibs/walk.h"
#include "tests/fuzz/fuzz.h"

enum { ANSWERS = 200, VALUES = 64 };

static void
take_row(const struct observation *o, void *arg)
{
	unsigned *rows = arg;

	if (o->near.addr.family != 0 && o->near.addr.family != 4 && o->near.addr.family != 6)
		abort();
	(*rows)++;
}

static void
check(const struct mib_reader *reader, unsigned rows, enum outcome outcome)
{
	const struct account *a = mib_account(reader);

	if (a->row + a->noise + a->unread != a->lines || a->rows != rows)
		abort();
	if (outcome == OUTCOME_COMPLETE ? a->unread > 0 : mib_why(reader)[0] == '\0')
		abort();
}

static int
read_table(const struct mib_table *table, const struct varbind *list, size_t n, void *arg)
{
	struct error err = { 0 };
	unsigned rows = 0;
	struct mib_reader *reader;
	enum outcome outcome;

	(void)arg;
	if (!table || !table->columns)
		return 0;
	reader = mib_reader_new(table, take_row, &rows, &err);
	for (size_t i = 0; i < n; i++)
		if (mib_take(reader, &list[i]) < 0)
			break;
	outcome = mib_end(reader, true, 0);
	check(reader, rows, outcome);
	mib_reader_free(reader);
	return 0;
}

/* --- answers ---------------------------------------------------------------------------------- */

struct input {
	const uint8_t *at, *end;
};

static uint8_t
next(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* A value: mostly the name that was asked for with a few numbers behind it, so that walks go on. */
static struct varbind
any_value(struct input *in, const struct walk_request *r, unsigned i, uint32_t *oid)
{
	struct varbind v = { .oid = oid, .type = (enum value_type)(next(in) % 5) };
	unsigned asked = i % r->n, more = next(in) % 12;

	v.n = r->names[asked].n;
	memcpy(oid, r->names[asked].oid, v.n * sizeof(*oid));
	for (; more > 0 && v.n < LIMIT_OID; more--)
		oid[v.n++] = next(in);
	if (next(in) & 1)
		oid[v.n - 1 - next(in) % v.n] += next(in);
	v.number = next(in);
	v.bytes.n = next(in) % 24;
	if (v.bytes.n > (size_t)(in->end - in->at))
		v.bytes.n = (size_t)(in->end - in->at);
	v.bytes.s = (const char *)in->at;
	return v;
}

static void
walk_table(const struct mib_table *table, struct input *in)
{
	static uint32_t oids[VALUES][LIMIT_OID];
	struct varbind list[VALUES];
	struct error err = { 0 };
	unsigned rows = 0, answers = 0;
	struct mib_reader *reader = mib_reader_new(table, take_row, &rows, &err);
	struct walk *walk = walk_new(table, reader);
	const struct walk_request *r;
	enum outcome outcome;

	while (answers++ < ANSWERS && in->at < in->end && (r = walk_next(walk))->n > 0) {
		unsigned n = next(in) % VALUES;

		for (unsigned i = 0; i < n; i++)
			list[i] = any_value(in, r, i, oids[i]);
		if (walk_answer(walk, list, n) < 0)
			break;
	}
	outcome = walk_end(walk);
	check(reader, rows, outcome);
	walk_free(walk);
	mib_reader_free(reader);
}

static const struct mib_table *
any_table(unsigned which)
{
	for (;;)
		for (unsigned i = 0; i < mibs_count; i++)
			for (const struct mib_table *t = mibs[i]->tables; t->name; t++)
				if (t->columns && which-- == 0)
					return t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input in = { bytes, bytes + n };
	struct error err = { 0 };
	uint8_t which = next(&in);

	if (which & 0x80) {
		struct text file = { (const char *)in.at, (size_t)(in.end - in.at) };
		(void)walk_file_read(file, read_table, NULL, NULL, &err);
	} else {
		walk_table(any_table(which), &in);
	}
	return 0;
}
