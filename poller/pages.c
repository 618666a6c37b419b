#include "poller/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { ROOM_AT_FIRST = 4096 };

struct page_row {
	uint64_t hash; /* 0: free */
	uint32_t page; /* where it was seen first */
};

/* Compared by their hash: no padding. */
struct row_key {
	struct endpoint ends[4];
	uint64_t proto, place;
};

static uint64_t
hash_row(const struct observation *o)
{
	const struct endpoint *ends[] = { &o->near, &o->far, &o->near_nat, &o->far_nat };
	struct row_key key;
	uint64_t hash;

	memset(&key, 0, sizeof(key));
	for (size_t i = 0; i < 4; i++) {
		key.ends[i].addr = ends[i]->addr;
		key.ends[i].port = ends[i]->port;
		key.ends[i].has_port = ends[i]->has_port;
	}
	key.proto = o->proto;
	key.place = text_hash(o->place) ^ text_hash(o->near_iface);
	hash = text_hash((struct text){ (const char *)&key, sizeof(key) });
	return hash ? hash : 1;
}

static struct page_row *
find(struct page_row *rows, size_t room, uint64_t hash)
{
	size_t at = hash & (room - 1);

	while (rows[at].hash != 0 && rows[at].hash != hash)
		at = (at + 1) & (room - 1);
	return &rows[at];
}

static void
grow(struct pages *pages)
{
	size_t room = pages->room ? pages->room * 2 : ROOM_AT_FIRST;
	struct page_row *rows = mem_alloc(room, sizeof(*rows));

	for (size_t i = 0; i < pages->room; i++)
		if (pages->rows[i].hash != 0)
			*find(rows, room, pages->rows[i].hash) = pages->rows[i];
	free(pages->rows);
	pages->rows = rows;
	pages->room = room;
}

void
pages_take(struct pages *pages, const struct observation *o)
{
	uint64_t hash = hash_row(o);
	struct page_row *row;

	if (pages->page == 0)
		pages->page = 1;
	if (pages->from == 0)
		pages->from = 1;
	pages->read++;
	if (2 * pages->n >= pages->room)
		grow(pages);
	row = find(pages->rows, pages->room, hash);
	if (row->hash == hash) {
		pages->seen += row->page != pages->page;
		return;
	}
	*row = (struct page_row){ hash, pages->page };
	pages->n++;
}

/* Half a page and more of rows that were seen: its number is not what we take it for. */
static bool
stands_still(const struct pages *pages, unsigned least)
{
	return 2 * pages->read >= least && 2 * pages->seen > pages->read;
}

enum page_next
pages_turn(struct pages *pages, unsigned least)
{
	bool first = pages->page <= 1, is_short = 2 * pages->read < least;
	uint64_t read = pages->read, seen = pages->seen;

	if (!first && (seen == 0 || stands_still(pages, least)))
		return PAGE_ASTRAY;
	if (is_short || read == seen)
		return PAGE_LAST;
	pages->from += read - (read / 4 < LIMIT_PAGE_OVERLAP ? read / 4 : LIMIT_PAGE_OVERLAP);
	pages->page++;
	pages->read = pages->seen = 0;
	return PAGE_MORE;
}

void
pages_free(struct pages *pages)
{
	free(pages->rows);
	*pages = (struct pages){ 0 };
}
