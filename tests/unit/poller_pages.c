/* Tables that come in pages, of a device whose sessions come and go between them: what is called
 * read holds every session that was there all the time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "poller/pages.h"

enum { PAGE = 1024, SLOTS = 20000, TABLES = 1000 };

static uint64_t seed = 1;

static unsigned
below(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* A slot holds a session by its number, 0 when it is free; a page lists those in use in order. */
struct device {
	uint32_t slot[SLOTS], next;
	bool stayed[SLOTS]; /* there since the first page was asked for */
	bool shown[SLOTS];
};

static void
come_and_go(struct device *d, unsigned come, unsigned go)
{
	for (unsigned i = 0; i < come + go; i++) {
		unsigned at = below(SLOTS);

		if (i < come && d->slot[at] == 0) {
			d->slot[at] = ++d->next;
		} else if (i >= come && d->slot[at] != 0) {
			d->slot[at] = 0;
			d->stayed[at] = false;
		}
	}
}

static struct observation
row_of(uint32_t session)
{
	struct observation o = { .proto = PROTO_TCP, .scope = SCOPE_TRANSIT };

	o.near.addr = (struct addr){ .family = 4,
		.bytes = {
		    10, (uint8_t)(session >> 16), (uint8_t)(session >> 8), (uint8_t)session } };
	o.far.addr = (struct addr){ .family = 4, .bytes = { 203, 0, 113, 9 } };
	return o;
}

/* The page that begins with row `from`, `most` rows long. */
static void
print_page(struct device *d, struct pages *pages, uint64_t from, unsigned most)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < SLOTS && most > 0; i++) {
		struct observation o;

		if (d->slot[i] == 0 || ++number < from)
			continue;
		o = row_of(d->slot[i]);
		pages_take(pages, &o);
		d->shown[i] = true;
		most--;
	}
}

/* Returns how it ended. */
static enum page_next
read_table(struct device *d, unsigned come, unsigned go)
{
	struct pages pages = { 0 };
	enum page_next next;

	print_page(d, &pages, 1, PAGE);
	for (unsigned asked = 1; (next = pages_turn(&pages, PAGE)) == PAGE_MORE; asked++) {
		assert_true(asked < SLOTS / PAGE * 3);
		come_and_go(d, come, go);
		print_page(d, &pages, pages.from, PAGE);
	}
	pages_free(&pages);
	return next;
}

static void
what_is_called_read_lacks_nothing(void **state)
{
	struct device *d = mem_alloc(1, sizeof(*d));
	unsigned ends[3] = { 0 };

	(void)state;
	for (unsigned k = 0; k < TABLES; k++) {
		unsigned churn = k % 4 == 0 ? 0 : below(2000);
		enum page_next end;

		memset(d, 0, sizeof(*d));
		come_and_go(d, below(SLOTS), 0);
		for (unsigned i = 0; i < SLOTS; i++)
			d->stayed[i] = d->slot[i] != 0;
		end = read_table(d, churn, k % 4 == 0 ? 0 : k % 4 == 1 ? churn : below(4000));
		ends[end]++;
		if (k % 4 == 0)
			assert_int_equal(end, PAGE_LAST);
		for (unsigned i = 0; end == PAGE_LAST && i < SLOTS; i++)
			assert_true(d->shown[i] || !d->stayed[i]);
	}
	assert_int_equal(ends[PAGE_MORE], 0);
	assert_true(ends[PAGE_LAST] > TABLES / 4);
	assert_true(ends[PAGE_ASTRAY] > TABLES / 100);
	free(d);
}

static void
take(struct pages *pages, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last; i++) {
		struct observation o = row_of(i);

		pages_take(pages, &o);
	}
}

static void
a_short_page_is_the_last(void **state)
{
	struct pages pages = { 0 };

	(void)state;
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_LAST);
	take(&pages, 1, PAGE / 2 - 1);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_LAST);
	take(&pages, PAGE / 2, PAGE);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_MORE);
	assert_int_equal(pages.from, 1 + PAGE - LIMIT_PAGE_OVERLAP);
	take(&pages, PAGE - LIMIT_PAGE_OVERLAP + 1, PAGE + 9);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_LAST);
	pages_free(&pages);
}

static void
a_page_that_does_not_follow_is_told(void **state)
{
	struct pages pages = { 0 }, still = { 0 }, same = { 0 };

	(void)state;
	take(&pages, 1, PAGE);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_MORE);
	take(&pages, PAGE + 1, PAGE + 9);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_ASTRAY);
	pages_free(&pages);
	/* the number is no row's: the page begins near the first one's begin, and goes on a bit */
	take(&still, 1, PAGE);
	assert_int_equal(pages_turn(&still, PAGE), PAGE_MORE);
	take(&still, 9, PAGE + 8);
	assert_int_equal(pages_turn(&still, PAGE), PAGE_ASTRAY);
	pages_free(&still);
	/* the same page again: a device that knows no pages, and may hold more */
	take(&same, 1, PAGE);
	assert_int_equal(pages_turn(&same, PAGE), PAGE_MORE);
	take(&same, 1, PAGE);
	assert_int_equal(pages_turn(&same, PAGE), PAGE_ASTRAY);
	pages_free(&same);
}

/* The table shrank by more than what was asked for again. */
static void
an_empty_page_behind_a_full_one_is_told(void **state)
{
	struct pages pages = { 0 };

	(void)state;
	take(&pages, 1, PAGE);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_MORE);
	assert_int_equal(pages_turn(&pages, PAGE), PAGE_ASTRAY);
	pages_free(&pages);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_called_read_lacks_nothing),
		cmocka_unit_test(a_short_page_is_the_last),
		cmocka_unit_test(a_page_that_does_not_follow_is_told),
		cmocka_unit_test(an_empty_page_behind_a_full_one_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
