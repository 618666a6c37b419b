#include "cli/ends.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* The end stands first; where it is, when it is inside; then what both have. */
enum { C_END, C_WHERE };
enum {
	C_OTHERS,
	C_SERVICES,
	C_SESSIONS,
	C_FIRST_AFTER,
	C_FIRST_BY,
	C_LAST_FROM,
	C_LAST_BY,
	C_OPEN,
	C_BYTES,
	C_BY
};

#define COMMON                                                                                     \
	{ "services", "SERVICES", CELL_NUMBER, .right = true },                                    \
	    { "sessions", "SESSIONS", CELL_NUMBER, .right = true },                                \
	    { "start.not_before", "FIRST SEEN", CELL_TIME },                                       \
	    { "start.not_after", NULL, CELL_TIME }, { "end.not_before", "LAST SEEN", CELL_TIME },  \
	    { "end.not_after", NULL, CELL_TIME }, { "open", NULL, CELL_BOOL },                     \
	    { "bytes", "BYTES", CELL_NUMBER, .right = true }, { "devices", "BY", CELL_LIST },      \
	{                                                                                          \
		NULL                                                                               \
	}

static const struct column host_columns[] = { { "int.ip", "HOST", CELL_ADDR }, PLACE_COLUMNS,
	{ "peers", "PEERS", CELL_NUMBER, .right = true }, COMMON };
static const struct column peer_columns[] = { { "ext.ip", "OUTSIDE", CELL_ADDR },
	{ "hosts", "HOSTS", CELL_NUMBER, .right = true }, COMMON };

const struct option_row ends_options[] = {
	{ "limit", 'n', "N", "the first N rows" },
	{ "sort", 's', "KEY", "address (else), peers, sessions, first, last or bytes" },
	{ NULL },
};

/* One end and all its contacts: sorted[first .. first + n - 1]. */
struct end {
	const struct contact *first_contact;
	size_t first;
	uint64_t others;
	struct contact_sum sum;
};

static const struct addr *
end_of(const struct contact *c, enum ask_side side)
{
	return side == ASK_INSIDE ? &c->key.inside : &c->key.outside;
}

static int
by_outside(const void *a, const void *b)
{
	const struct contact_key *x = &(*(struct contact *const *)a)->key,
				 *y = &(*(struct contact *const *)b)->key;
	int d = addr_compare(&x->outside, &y->outside);

	return d != 0 ? d : addr_compare(&x->inside, &y->inside);
}

static struct end *
gather(struct contacts *all, enum ask_side side, size_t *n)
{
	struct end *ends = mem_alloc(all->n + 1, sizeof(*ends)), *e = NULL;
	const struct contact *last = NULL;

	if (side == ASK_OUTSIDE)
		qsort(all->sorted, all->n, sizeof(struct contact *), by_outside);
	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct contact *c = all->sorted[i];
		enum ask_side other = side == ASK_INSIDE ? ASK_OUTSIDE : ASK_INSIDE;

		if (last == NULL || !addr_equal(end_of(last, side), end_of(c, side))) {
			e = &ends[(*n)++];
			*e = (struct end){ .first_contact = c, .first = i, .others = 1 };
		} else if (!addr_equal(end_of(last, other), end_of(c, other))) {
			e->others++;
		}
		contact_add(&e->sum, c);
		last = c;
	}
	return ends;
}

/* Every device once, in the order of their numbers. */
static void
put_names(
    struct writer *w, int column, struct reader *r, const struct contacts *all, const struct end *e)
{
	int64_t last = 0;

	for (;;) {
		int64_t next = 0;

		for (size_t i = e->first; i < e->first + e->sum.contacts; i++)
			for (uint32_t k = 0; k < all->sorted[i]->n_by; k++) {
				int64_t id = all->sorted[i]->by[k].device;

				if (id > last && (next == 0 || id < next))
					next = id;
			}
		if (next == 0)
			return;
		writer_list(w, column, text_of(reader_device_name(r, next)));
		last = next;
	}
}

static int
put(struct writer *w, struct question *q, const struct contacts *all, const struct end *e,
    enum ask_side side, struct error *err)
{
	int c = side == ASK_INSIDE ? C_WHERE + PLACE_COLUMNS_N : C_WHERE;

	writer_addr(w, C_END, end_of(e->first_contact, side));
	if (side == ASK_INSIDE && put_place(q, w, C_WHERE, &e->first_contact->key.inside,
				      e->sum.first_by, e->sum.last_from, err) < 0)
		return -1;
	writer_number(w, c + C_OTHERS, e->others);
	writer_number(w, c + C_SERVICES, e->sum.contacts);
	writer_number(w, c + C_SESSIONS, e->sum.sessions);
	put_start(w, c + C_FIRST_AFTER, e->sum.first_after, e->sum.first_by, q->range.utc);
	put_end(w, c + C_LAST_FROM, e->sum.last_from, e->sum.open ? UNKNOWN_TIME : e->sum.last_by,
	    q->range.utc);
	writer_bool(w, c + C_OPEN, e->sum.open);
	if (e->sum.has_bytes)
		put_bytes(w, c + C_BYTES, e->sum.bytes);
	put_names(w, c + C_BY, q->reader, all, e);
	writer_row(w);
	return 0;
}

#define DESCENDING(name, member)                                                                   \
	static int name(const void *a, const void *b)                                              \
	{                                                                                          \
		const struct end *x = a, *y = b;                                                   \
                                                                                                   \
		return (x->member < y->member) - (x->member > y->member);                          \
	}
DESCENDING(by_others, others)
DESCENDING(by_sessions, sum.sessions)
DESCENDING(by_last, sum.last_from)
DESCENDING(by_bytes, sum.bytes)

static int
by_first(const void *a, const void *b)
{
	const struct end *x = a, *y = b;

	return (x->sum.first_by > y->sum.first_by) - (x->sum.first_by < y->sum.first_by);
}

static int
sort(const struct call *call, struct end *ends, size_t n, struct error *err)
{
	static const struct {
		const char *key;
		int (*compare)(const void *, const void *);
	} keys[] = { { "address", NULL }, { "peers", by_others }, { "hosts", by_others },
		{ "sessions", by_sessions }, { "first", by_first }, { "last", by_last },
		{ "bytes", by_bytes } };
	const char *typed = call_value(call, "sort");
	char shown[100];

	for (size_t i = 0; typed != NULL && i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(typed, keys[i].key) != 0)
			continue;
		if (keys[i].compare != NULL)
			qsort(ends, n, sizeof(*ends), keys[i].compare);
		return 0;
	}
	if (typed == NULL)
		return 0;
	text_escape(text_of(typed), shown, sizeof(shown));
	return error_exit(err, EXIT_USAGE,
	    "--sort: no key '%s'. There are: address peers hosts sessions first last bytes", shown);
}

static int
answer(struct question *q, enum ask_side side, struct contacts *all, struct error *err)
{
	bool inside = side == ASK_INSIDE;
	size_t n, limit;
	struct end *ends = gather(all, side, &n);
	struct writer *w = NULL;
	int rc = 0;

	if (question_limit(q->call, &limit, err) == 0 && sort(q->call, ends, n, err) == 0)
		w = inside ? question_writer(q, host_columns, C_WHERE, true, err)
			   : call_writer(q->call, peer_columns, err);
	for (size_t i = 0; w != NULL && rc == 0 && i < n && i < limit; i++)
		rc = put(w, q, all, &ends[i], side, err);
	free(ends);
	if (w == NULL)
		return cli_fail(err, EXIT_USAGE);
	if (rc < 0)
		return question_broken(w, err);
	return question_end(
	    q, w, inside ? "no inside host" : "no outside address", n < limit ? n : limit, n);
}

int
ends_run(struct call *call, enum ask_side side)
{
	struct contacts all = { 0 };
	struct error err = { 0 };
	struct question q;
	struct ask ask;
	int rc = -1;

	if (question_open(call, &q, &err) == 0) {
		ask = question_ask(&q, side);
		rc = contacts_load(&ask, false, &all, &err);
	}
	rc = rc < 0 ? cli_fail(&err, EXIT_FAILED) : answer(&q, side, &all, &err);
	contacts_free(&all);
	question_close(&q);
	return rc;
}
