#include "query/places.h"

#include <string.h>
#include <uthash.h>

#include "base/arena.h"

/* Compared byte for byte: unused bytes of an address are zero. */
struct host {
	struct addr addr;
	struct stay *stays; /* the oldest first */
	size_t n;
	UT_hash_handle hh;
};

struct places {
	struct whereis *whereis;
	struct range range;
	struct host *hash;
	size_t stays; /* of all hosts */
};

bool
places_known(struct reader *r)
{
	sqlite3_stmt *st;
	bool known = false;

	if (sqlite3_prepare_v2(reader_live(r),
		"SELECT 1 FROM main.presence WHERE addr IS NOT NULL AND kind = 0 LIMIT 1", -1, &st,
		NULL) == SQLITE_OK)
		known = sqlite3_step(st) == SQLITE_ROW;
	sqlite3_finalize(st);
	return known;
}

struct places *
places_new(struct reader *r, const struct range *range, struct error *err)
{
	struct whereis *w = whereis_new(r, range, err);
	struct places *p;

	if (!w)
		return NULL;
	p = mem_alloc(1, sizeof(*p));
	p->whereis = w;
	p->range = *range;
	return p;
}

static void
forget(struct places *p)
{
	struct host *h, *next;

	HASH_ITER (hh, p->hash, h, next) {
		HASH_DEL(p->hash, h);
		free(h->stays);
		free(h);
	}
	p->stays = 0;
}

void
places_free(struct places *p)
{
	if (!p)
		return;
	forget(p);
	whereis_free(p->whereis);
	free(p);
}

static int
take(const struct stay *stay, void *arg)
{
	struct host *h = arg;

	h->stays = mem_grow(h->stays, h->n + 1, sizeof(*h->stays));
	h->stays[h->n++] = *stay;
	return 0;
}

/* The host, asked for when it is met first. */
static const struct host *
host_at(struct places *p, const struct addr *addr, struct error *err)
{
	struct target_range one = { *addr, *addr };
	struct target target = { .ranges = &one, .n = 1 };
	struct host *h;

	HASH_FIND(hh, p->hash, addr, sizeof(*addr), h);
	if (h)
		return h;
	if (HASH_COUNT(p->hash) + p->stays >= LIMIT_PLACES)
		forget(p);
	h = mem_alloc(1, sizeof(*h));
	h->addr = *addr;
	HASH_ADD(hh, p->hash, addr, sizeof(h->addr), h);
	if (whereis_ask(p->whereis, &target, take, h, err) != 0)
		return NULL;
	p->stays += h->n;
	return h;
}

static int64_t
clamp(int64_t time, int64_t low, int64_t high)
{
	return time < low ? low : time > high ? high : time;
}

/* Seconds between the time and the poll next to it that saw the host there. What tells of the
 * address and what tells of its MAC may never have done so at one time: then the later counts. */
static int64_t
distance(const struct stay *s, int64_t time)
{
	int64_t last = s->end_from > s->start_by ? s->end_from : s->start_by;

	return time < s->start_by ? s->start_by - time : time > last ? time - last : 0;
}

static bool
is_better(const struct stay *s, const struct stay *than, int64_t time)
{
	int64_t a = distance(s, time), b = than ? distance(than, time) : INT64_MAX;

	return a < b || (a == b && s->start_by > than->start_by);
}

int
places_at(struct places *p, const struct addr *host, int64_t from, int64_t to,
    const struct stay **stay, struct error *err)
{
	const struct host *h = host_at(p, host, err);

	*stay = NULL;
	if (!h)
		return -1;
	to = clamp(to, p->range.from, p->range.to);
	from = clamp(from, p->range.from, to);
	for (size_t i = 0; i < h->n; i++) {
		const struct stay *s = &h->stays[i];

		if ((s->end_by >= 0 && s->end_by <= from) || s->start_after >= to)
			continue; /* it was gone, or came later */
		if (is_better(s, *stay, to))
			*stay = s;
	}
	return 0;
}
