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

/* The last name lies below the root: what differs from it only behind the root does so too. */
static int
go_on(struct walk *w, struct column *c, const struct varbind *v)
{
	unsigned n = v->n < LIMIT_OID ? v->n : LIMIT_OID;
	unsigned same = oid_common(v->oid, n, c->last, c->n_last);

	if (v->type == VALUE_NONE || n == c->n_root || same < c->n_root) {
		c->ended = true;
		return 0;
	}
	if (v->n > LIMIT_OID || same == n || (same < c->n_last && v->oid[same] < c->last[same]))
		return mib_refuse(w->reader, "the agent's names do not increase");
	memcpy(c->last + same, v->oid + same, (n - same) * sizeof(*v->oid));
	c->n_last = n;
	return 0;
}

/* The roots are of one length: what stands behind the column's number decides. */
static int
compare_rows(const struct column *c, const struct varbind *x, const struct varbind *y)
{
	unsigned n = c->n_root;

	return oid_compare(x->oid + n, x->n - n, y->oid + n, y->n - n);
}

static const struct varbind *
head_of(const struct column *c)
{
	return c->n > 0 ? &c->queue[c->first].v : NULL;
}

/* Gives the rows that every column has passed. */
static int
give_rows(struct walk *w)
{
	for (;;) {
		const struct varbind *row = NULL; /* stays where it is until it is held over */

		for (unsigned i = 0; i < w->n; i++) {
			const struct column *c = &w->columns[i];
			const struct varbind *head = head_of(c);

			if (!head && !c->ended)
				return 0;
			if (head && (!row || compare_rows(c, head, row) < 0))
				row = head;
		}
		if (!row)
			return 0;
		for (unsigned i = 0; i < w->n; i++) {
			struct column *c = &w->columns[i];
			const struct varbind *head = head_of(c);

			if (!head || (head != row && compare_rows(c, head, row) != 0)) {
				w->ragged++;
				continue;
			}
			if (mib_take(w->reader, head) < 0)
				return -1;
			c->first = (c->first + 1) % QUEUE;
			c->n--;
		}
	}
}

/* One value of each column, all of one row. */
static bool
is_row(const struct walk *w, const struct varbind *list)
{
	unsigned root = w->columns[0].n_root;

	for (unsigned i = 0; i < w->n; i++)
		if (w->columns[i].ended || list[i].n != list[0].n ||
		    memcmp(list[i].oid + root, list[0].oid + root,
			(list[0].n - root) * sizeof(*list->oid)) != 0)
			return false;
	return true;
}

/* Takes n values, one of each column that was asked for, or less at the end of an answer. While no
 * column is ahead of another (in_step) a row is given at once, else its values wait. */
static int
take_group(struct walk *w, const struct varbind *list, unsigned n, bool *in_step)
{
	int result = 0;

	for (unsigned i = 0; i < n && result == 0; i++)
		if (!w->columns[w->asked[i]].ended)
			result = go_on(w, &w->columns[w->asked[i]], &list[i]);
	*in_step = *in_step && n == w->n && result == 0 && is_row(w, list);
	for (unsigned i = 0; i < n && result == 0; i++) {
		struct column *c = &w->columns[w->asked[i]];

		if (*in_step)
			result = mib_take(w->reader, &list[i]);
		else if (!c->ended && !hold(c, &list[i]))
			result = mib_refuse(w->reader, "a value is too long");
	}
	return result;
}

int
walk_answer(struct walk *w, const struct varbind *list, size_t n)
{
	bool in_step = w->n_asked == w->n;
	int result = 0;

	/* A row that did not fit whole is asked for again: its columns stay side by side. */
	if (w->n_asked > 0 && n > w->n_asked)
		n -= n % w->n_asked;
	if (w->n_asked == 0 || n > (size_t)w->n_asked * (w->repetitions ? w->repetitions : 1))
		result = mib_refuse(w->reader, "the agent answers more than it was asked");
	for (size_t i = 0; i < n && result == 0; i += w->n_asked)
		result = take_group(
		    w, list + i, n - i < w->n_asked ? (unsigned)(n - i) : w->n_asked, &in_step);
	/* An answer without a value is no end: the agent had no room for one. */
	if (n == 0 && result == 0 && !walk_shrink(w))
		result = mib_refuse(w->reader, "the agent answers with nothing");
	if (result == 0 && !in_step)
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
