#include "query/fresh.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* The part of a contact that must be new. Compared byte for byte. */
static struct contact_key
key_of(const struct contact *c, enum fresh_kind kind)
{
	struct contact_key key;

	memset(&key, 0, sizeof(key));
	if (kind != FRESH_PEERS)
		key.inside = c->key.inside;
	if (kind != FRESH_HOSTS)
		key.outside = c->key.outside;
	if (kind == FRESH_SERVICES) {
		key.port = c->key.port;
		key.proto = c->key.proto;
	}
	return key;
}

struct known {
	struct contact_key key;
	UT_hash_handle hh;
};

static bool
add_known(struct known **set, const struct contact_key *key)
{
	struct known *k;

	HASH_FIND(hh, *set, key, sizeof(*key), k);
	if (k != NULL)
		return false;
	k = mem_alloc(1, sizeof(*k));
	memcpy(&k->key, key, sizeof(*key)); /* the padding too */
	HASH_ADD(hh, *set, key, sizeof(k->key), k);
	return true;
}

static void
free_known(struct known *set)
{
	struct known *k, *next;

	HASH_ITER (hh, set, k, next) {
		HASH_DEL(set, k);
		free(k);
	}
}

/* The addresses of one end, each once. */
static struct target
addresses(const struct contacts *c, bool inside)
{
	struct target t = { .ranges = mem_alloc(c->n + 1, sizeof(*t.ranges)), .n = c->n };

	for (size_t i = 0; i < c->n; i++) {
		const struct contact_key *k = &c->sorted[i]->key;

		t.ranges[i].first = t.ranges[i].last = inside ? k->inside : k->outside;
	}
	target_tidy(&t);
	return t;
}

static bool
asked_for(const struct ask *ask, const struct contact *c)
{
	return ask->target == NULL || ask->target->n == 0 ||
	       target_holds(ask->target, &c->key.inside) ||
	       target_holds(ask->target, &c->key.outside);
}

static int
by_first(const void *a, const void *b)
{
	const struct contact *x = *(struct contact *const *)a, *y = *(struct contact *const *)b;

	return (x->first_by > y->first_by) - (x->first_by < y->first_by);
}

int
fresh_load(const struct ask *ask, enum fresh_kind kind, int64_t from, struct contacts *c,
    struct error *err)
{
	struct ask now = *ask, before = *ask;
	struct known *known = NULL;
	struct contacts old = { 0 };
	struct target t;
	size_t n = 0;
	int rc;

	now.side = ASK_EITHER;
	if (contacts_load(&now, false, c, err) < 0)
		return -1;
	if (c->n == 0 || ask->range.from == 0)
		return 0;
	t = addresses(c, kind == FRESH_HOSTS);
	before.target = &t;
	before.side = kind == FRESH_HOSTS ? ASK_INSIDE : ASK_OUTSIDE;
	before.range = (struct range){ .from = from, .to = ask->range.from - 1 };
	rc = contacts_load(&before, false, &old, err);
	for (size_t i = 0; rc == 0 && i < old.n; i++) {
		struct contact_key key = key_of(old.sorted[i], kind);

		/* What only may have been there in the baseline is not known from it. */
		if (old.sorted[i]->first_by < ask->range.from && asked_for(ask, old.sorted[i]))
			(void)add_known(&known, &key);
	}
	if (c->n > 1)
		qsort(c->sorted, c->n, sizeof(*c->sorted), by_first);
	for (size_t i = 0; rc == 0 && i < c->n; i++) {
		struct contact_key key = key_of(c->sorted[i], kind);

		if (add_known(&known, &key))
			c->sorted[n++] = c->sorted[i];
	}
	c->n = n;
	free_known(known);
	contacts_free(&old);
	target_free(&t);
	return rc;
}

double
fresh_ratio(const struct coverage *base, const struct contact *c)
{
	double least = 1, span = (double)(base->range.to - base->range.from + 1);

	for (uint32_t i = 0; i < c->n_by; i++) {
		double ratio = 0;

		for (size_t k = 0; k < base->n; k++) {
			const struct coverage_device *d = &base->devices[k];
			double part = coverage_device_ratio(d);

			if (d->id != c->by[i].device || isnan(part))
				continue;
			if (d->added > base->range.from)
				part *= 1 - (double)(d->added - base->range.from) / span;
			ratio = part > 0 ? part : 0;
		}
		if (ratio < least)
			least = ratio;
	}
	return least;
}
