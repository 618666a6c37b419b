#include "mibs/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { QUEUE = LIMIT_WALK_REPETITIONS + 1, GROWS_AFTER = 5 };

/* A value that waits for the other columns of its row. */
struct item {
	struct varbind v;
	uint32_t oid[LIMIT_OID];
	char bytes[LIMIT_WALK_BYTES];
};

struct column {
	uint32_t root[LIMIT_OID];
	uint32_t last[LIMIT_OID]; /* the name behind which to go on */
	unsigned n_root, n_last;
	bool ended;
	struct item *queue; /* a ring; none for a table of one column */
	unsigned first, n;
};

struct walk {
	struct mib_reader *reader;
	struct column columns[WALK_COLUMNS];
	unsigned n, asked[WALK_COLUMNS]; /* columns of the request that is out */
	unsigned n_asked, repetitions, successes;
	bool sparse;
	uint64_t ragged; /* values that some rows lack and others have */
	struct walk_request request;
	bool stopped;
};

struct walk *
walk_new(const struct mib_table *table, struct mib_reader *reader)
{
	struct walk *w = mem_alloc(1, sizeof(*w));
	const uint32_t *numbers = mib_reader_columns(reader, &w->n);

	w->reader = reader;
	w->sparse = table->sparse;
	w->repetitions = LIMIT_WALK_START;
	for (unsigned i = 0; i < w->n; i++) {
		struct column *c = &w->columns[i];

		c->n_root = oid_parse(text_of(table->oid), c->root, LIMIT_OID - 1);
		c->root[c->n_root++] = numbers[i];
		memcpy(c->last, c->root, sizeof(c->last));
		c->n_last = c->n_root;
		if (w->n > 1)
			c->queue = mem_alloc(QUEUE, sizeof(*c->queue));
	}
	return w;
}

void
walk_free(struct walk *walk)
{
	if (!walk)
		return;
	for (unsigned i = 0; i < walk->n; i++)
		free(walk->columns[i].queue);
	free(walk);
}

/* Columns that have nothing waiting, so that the queues stay as short as one answer. */
const struct walk_request *
walk_next(struct walk *w)
{
	struct walk_request *r = &w->request;

	r->n = w->n_asked = 0;
	r->repetitions = w->repetitions;
	for (unsigned i = 0; i < w->n && !w->stopped; i++) {
		const struct column *c = &w->columns[i];

		if (c->ended || c->n > 0)
			continue;
		memcpy(r->names[r->n].oid, c->last, c->n_last * sizeof(*c->last));
		r->names[r->n++].n = c->n_last;
		w->asked[w->n_asked++] = i;
	}
	return r;
}

bool
walk_shrink(struct walk *w)
{
	w->successes = 0;
	if (w->repetitions == 0)
		return false;
	w->repetitions /= 2;
	return true;
}

static void
grow(struct walk *w)
{
	if (w->repetitions == 0 || ++w->successes < GROWS_AFTER)
		return;
	w->successes = 0;
	w->repetitions += w->repetitions / 4 + 1;
	if (w->repetitions > LIMIT_WALK_REPETITIONS)
		w->repetitions = LIMIT_WALK_REPETITIONS;
}

static bool
is_below(const struct column *c, const struct varbind *v)
{
	return v->type != VALUE_NONE && v->n > c->n_root &&
	       oid_compare(v->oid, c->n_root, c->root, c->n_root) == 0;
}

static bool
hold(struct column *c, const struct varbind *v)
{
	struct item *item = &c->queue[(c->first + c->n) % QUEUE];

	if (c->n == QUEUE || v->bytes.n > sizeof(item->bytes))
		return false;
	item->v = *v;
	memcpy(item->oid, v->oid, v->n * sizeof(*v->oid));
	item->v.oid = item->oid;
	if (v->bytes.n > 0)
		memcpy(item->bytes, v->bytes.s, v->bytes.n);
	item->v.bytes.s = item->bytes;
	c->n++;
	return true;
}

static int
take(struct walk *w, struct column *c, const struct varbind *v)
{
	if (v->n > LIMIT_OID || oid_compare(v->oid, v->n, c->last, c->n_last) <= 0)
		return mib_refuse(w->reader, "the agent's names do not increase");
	memcpy(c->last, v->oid, v->n * sizeof(*v->oid));
	c->n_last = v->n;
	if (!c->queue)
		return mib_take(w->reader, v);
	return hold(c, v) ? 0 : mib_refuse(w->reader, "a value is too long");
}

/* By what stands behind the column's number. */
static int
compare_heads(const struct column *a, const struct column *b)
{
	const struct varbind *x = &a->queue[a->first].v, *y = &b->queue[b->first].v;

	return oid_compare(
	    x->oid + a->n_root, x->n - a->n_root, y->oid + b->n_root, y->n - b->n_root);
}

/* Gives the rows that every column has passed. */
static int
give_rows(struct walk *w)
{
	for (;;) {
		const struct column *least = NULL;
		struct column row;

		for (unsigned i = 0; i < w->n; i++) {
			const struct column *c = &w->columns[i];

			if (c->n == 0 && !c->ended)
				return 0;
			if (c->n > 0 && (!least || compare_heads(c, least) < 0))
				least = c;
		}
		if (!least)
			return 0;
		row = *least;
		for (unsigned i = 0; i < w->n; i++) {
			struct column *c = &w->columns[i];

			if (c->n == 0 || compare_heads(c, &row) != 0) {
				w->ragged++;
				continue;
			}
			if (mib_take(w->reader, &c->queue[c->first].v) < 0)
				return -1;
			c->first = (c->first + 1) % QUEUE;
			c->n--;
		}
	}
}

int
walk_answer(struct walk *w, const struct varbind *list, size_t n)
{
	int result = 0;

	if (w->n_asked == 0 || n > (size_t)w->n_asked * (w->repetitions ? w->repetitions : 1))
		result = mib_refuse(w->reader, "the agent answers more than it was asked");
	for (size_t i = 0; i < n && result == 0; i++) {
		struct column *c = &w->columns[w->asked[i % w->n_asked]];

		if (c->ended)
			continue;
		if (is_below(c, &list[i]))
			result = take(w, c, &list[i]);
		else
			c->ended = true;
	}
	/* An answer without a value is no end: the agent had no room for one. */
	if (n == 0 && result == 0 && !walk_shrink(w))
		result = mib_refuse(w->reader, "the agent answers with nothing");
	if (result == 0 && w->n > 1)
		result = give_rows(w);
	if (n > 0)
		grow(w);
	w->stopped = result < 0;
	return result;
}

enum outcome
walk_end(struct walk *w)
{
	bool whole = !w->stopped;

	for (unsigned i = 0; i < w->n; i++)
		whole &= w->columns[i].ended;
	return mib_end(w->reader, whole, w->sparse ? 0 : w->ragged);
}
