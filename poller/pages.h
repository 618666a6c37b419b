/* A table that a device prints in pages: which page comes next, whether one follows the one before
 * it, and when the last was read.
 *
 * A page is asked for by the number of its first row. Sessions come and go while it is asked for,
 * and the numbers of those behind them change. So each page begins LIMIT_PAGE_OVERLAP rows (of a
 * small one a quarter) before the end of the one before it: if a row of that is seen again, none
 * was passed over. */
#ifndef GATEBOOK_POLLER_PAGES_H
#define GATEBOOK_POLLER_PAGES_H

#include "base/record.h"

struct page_row;

struct pages {
	struct page_row *rows; /* all that were seen, by hash */
	size_t n, room;
	uint32_t page;       /* from 1; the one being read */
	uint64_t from;       /* number of its first row, from 1 */
	uint64_t read, seen; /* its rows; of them those of a page before it */
};

enum page_next {
	PAGE_MORE,  /* ask for the page that begins at pages->from */
	PAGE_LAST,  /* nothing lies behind it */
	PAGE_ASTRAY /* it does not follow the one before it: rows may be missing */
};

/* Starts zeroed. A row of the page: its ends, their translations, protocol and place are what it
 * is known by. */
void pages_take(struct pages *pages, const struct observation *o);

/* The page was read whole. least: rows that a page which is not the last holds at least. One with
 * fewer than half of them, or without a row that is new, is the last. */
enum page_next pages_turn(struct pages *pages, unsigned least);
void pages_free(struct pages *pages);

#endif
