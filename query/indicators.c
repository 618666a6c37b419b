#include "query/indicators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static int
add_line(struct text t, char *why, size_t size, void *arg)
{
	struct indicators *all = arg;
	struct target_range *r;
	struct indicator *one;

	if (target_add(&all->target, t, why, size) < 0)
		return -1;
	if ((all->n & (all->n - 1)) == 0) /* grows when n is a power of two */
		all->list = mem_grow(all->list, all->n > 0 ? 2 * all->n : 1, sizeof(*all->list));
	r = &all->target.ranges[all->target.n - 1];
	one = &all->list[all->n++];
	*one = (struct indicator){ .prefix = { r->first, 0 } };
	/* The length is what the two ends have in common. */
	while (one->prefix.length < (r->first.family == 4 ? 32 : 128) &&
	       ((r->first.bytes[one->prefix.length / 8] ^ r->last.bytes[one->prefix.length / 8]) &
		   0x80 >> one->prefix.length % 8) == 0)
		one->prefix.length++;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct indicator *x = a, *y = b;
	int d = addr_compare(&x->prefix.addr, &y->prefix.addr);

	return d != 0
		   ? d
		   : (x->prefix.length > y->prefix.length) - (x->prefix.length < y->prefix.length);
}

/* Each once, and each with the next wider one of the list around it. */
static void
nest(struct indicators *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (n == 0 || compare(&all->list[n - 1], &all->list[i]) != 0)
			all->list[n++] = all->list[i];
	all->n = n;
	for (size_t i = 0; i < n; i++) {
		size_t parent = i > 0 ? i - 1 : i;

		while (parent != i &&
		       !prefix_holds(&all->list[parent].prefix, &all->list[i].prefix.addr))
			parent = all->list[parent].parent == parent ? i : all->list[parent].parent;
		all->list[i].parent = parent;
	}
}

int
indicators_read(const char *path, struct indicators *all, struct error *err)
{
	*all = (struct indicators){ 0 };
	if (target_lines(path, add_line, all, err) < 0)
		return -1;
	if (all->n > 1)
		qsort(all->list, all->n, sizeof(*all->list), compare);
	nest(all);
	target_tidy(&all->target);
	return 0;
}

void
indicators_free(struct indicators *all)
{
	free(all->list);
	target_free(&all->target);
	*all = (struct indicators){ 0 };
}

/* Contacts come by inside host, so that a host counts when it is another than the last one. */
static void
add(struct indicator *i, const struct contact *c)
{
	i->hosts += i->sum.contacts == 0 || !addr_equal(&i->last_host, &c->key.inside);
	i->last_host = c->key.inside;
	contact_add(&i->sum, c);
}

/* The last one whose first address is not behind a; all->n: there is none. */
static size_t
before(const struct indicators *all, const struct addr *a)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_compare(&all->list[middle].prefix.addr, a) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : all->n;
}

void
indicators_count(struct indicators *all, const struct contacts *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct addr *a = &c->sorted[i]->key.outside;
		size_t at = before(all, a), next;

		for (; at < all->n; at = next) {
			if (prefix_holds(&all->list[at].prefix, a))
				add(&all->list[at], c->sorted[i]);
			next = all->list[at].parent == at ? all->n : all->list[at].parent;
		}
	}
}
