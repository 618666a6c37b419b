#include "query/top.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/prefix.h"

const char *const top_keys[] = { "host", "peer", "net", "service", "proto", "device", NULL };
const char *const top_orders[] = { "hosts", "peers", "contacts", "sessions", "bytes", NULL };

/* One contact as a member of its group; at one device when devices are counted. */
struct member {
	struct top key; /* without counts */
	const struct contact *contact;
	uint64_t sessions, bytes;
	bool has_bytes;
};

static void
outside_net(const struct addr *outside, struct top *key)
{
	unsigned bits = outside->family == 4 ? 24 : 48;

	key->addr.family = outside->family;
	memcpy(key->addr.bytes, outside->bytes, bits / 8);
	key->number = bits;
}

static void
set_key(struct member *m, enum top_key key, int64_t device)
{
	const struct contact_key *k = &m->contact->key;

	switch (key) {
	case TOP_HOST: m->key.addr = k->inside; break;
	case TOP_PEER: m->key.addr = k->outside; break;
	case TOP_NET: outside_net(&k->outside, &m->key); break;
	case TOP_SERVICE:
		m->key.number = k->port;
		m->key.proto = k->proto;
		break;
	case TOP_PROTO: m->key.proto = k->proto; break;
	default: m->key.number = device;
	}
}

static struct member *
members(const struct contacts *c, enum top_key key, size_t *n)
{
	size_t capacity = 0;
	struct member *list;

	for (size_t i = 0; i < c->n; i++)
		capacity += key == TOP_DEVICE ? c->sorted[i]->n_by : 1;
	list = mem_alloc(capacity + 1, sizeof(*list));
	*n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct contact *one = c->sorted[i];

		for (uint32_t k = 0; k < (key == TOP_DEVICE ? one->n_by : 1); k++) {
			struct member *m = &list[(*n)++];

			m->contact = one;
			m->sessions = key == TOP_DEVICE ? one->by[k].sessions
							: contact_sessions(one);
			m->has_bytes = contact_bytes(one, &m->bytes);
			if (key == TOP_DEVICE) {
				m->has_bytes = one->by[k].has_bytes;
				m->bytes = one->by[k].bytes;
			}
			set_key(m, key, one->by[k].device);
		}
	}
	return list;
}

static int
compare_keys(const struct top *a, const struct top *b)
{
	int d = addr_compare(&a->addr, &b->addr);

	if (d == 0)
		d = (a->number > b->number) - (a->number < b->number);
	return d != 0 ? d : (a->proto > b->proto) - (a->proto < b->proto);
}

static int
by_inside(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int d = compare_keys(&x->key, &y->key);

	return d != 0 ? d : addr_compare(&x->contact->key.inside, &y->contact->key.inside);
}

static int
by_outside(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int d = compare_keys(&x->key, &y->key);

	return d != 0 ? d : addr_compare(&x->contact->key.outside, &y->contact->key.outside);
}

/* Largest first; as counted by `order`, which stands in number 0 of a copy. */
struct ranked {
	struct top top;
	uint64_t rank;
};

static int
by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int d = (x->rank < y->rank) - (x->rank > y->rank);

	return d != 0 ? d : compare_keys(&x->top, &y->top);
}

/* Members stand by group and inside host: adds up everything but peers. Returns how many groups. */
static size_t
add_up(const struct member *list, size_t n, struct ranked *groups)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct member *m = &list[i];
		bool new_group = i == 0 || compare_keys(&list[i - 1].key, &m->key) != 0;
		struct top *t;

		if (new_group)
			groups[count++] = (struct ranked){ .top = m->key };
		t = &groups[count - 1].top;
		t->counts[TOP_HOSTS] += new_group || by_inside(&list[i - 1], m) != 0;
		t->counts[TOP_CONTACTS]++;
		t->counts[TOP_SESSIONS] += m->sessions;
		t->counts[TOP_BYTES] += m->has_bytes ? m->bytes : 0;
		t->has_bytes |= m->has_bytes;
	}
	return count;
}

struct top *
top_of(const struct contacts *c, enum top_key key, enum top_order order, size_t *n)
{
	size_t n_members, group = 0;
	struct member *list = members(c, key, &n_members);
	struct ranked *groups = mem_alloc(n_members + 1, sizeof(*groups));
	struct top *tops;

	qsort(list, n_members, sizeof(*list), by_inside);
	*n = add_up(list, n_members, groups);
	qsort(list, n_members, sizeof(*list), by_outside);
	for (size_t i = 0; i < n_members; i++) {
		group += i > 0 && compare_keys(&list[i - 1].key, &list[i].key) != 0;
		groups[group].top.counts[TOP_PEERS] += i == 0 ||
						       by_outside(&list[i - 1], &list[i]) != 0;
	}
	for (size_t i = 0; i < *n; i++)
		groups[i].rank = groups[i].top.counts[order];
	qsort(groups, *n, sizeof(*groups), by_rank);
	tops = mem_alloc(*n + 1, sizeof(*tops));
	for (size_t i = 0; i < *n; i++)
		tops[i] = groups[i].top;
	free(groups);
	free(list);
	return tops;
}
