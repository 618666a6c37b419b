#include "poller/join.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "poller/rows.h"

enum { ROOM_AT_FIRST = 256 };

/* Compared with memcmp: no padding. */
struct mapping_key {
	struct addr addr;
	uint16_t port, proto;
	uint32_t has_port, net; /* net: 1 + the length of a prefix; 0: a host */
	uint64_t place;
} __attribute__((packed));

struct mapping {
	struct mapping_key key;
	struct endpoint mapped;
};

/* Mappings by hash, as numbers from 1; 0 is free. */
struct index {
	const struct mapping *entry;
	uint32_t *buckets;
	uint8_t *doubtful; /* of each mapping: its key has another one too */
	size_t mask;
};

bool
mappings_take(struct mappings *m, const struct observation *o)
{
	struct mapping *to;

	if (o->near.addr.family == 0)
		return true;
	if (m->n == LIMIT_REPLY_LINES)
		return false;
	if (m->n == m->room) {
		m->room = m->room ? m->room * 2 : ROOM_AT_FIRST;
		m->entry = mem_grow(m->entry, m->room, sizeof(*m->entry));
	}
	to = &m->entry[m->n++];
	to->key = (struct mapping_key){ .addr = o->near.addr,
		.port = o->near.has_port ? o->near.port : 0,
		.proto = o->proto,
		.has_port = o->near.has_port,
		.net = o->nets ? o->bits + 1u : 0,
		.place = text_hash(o->place) };
	to->mapped = o->near_nat;
	if (o->nets && o->bits < MAPPING_LENGTHS)
		m->has_length[o->bits] = true;
	return true;
}

/* The bucket that holds this key, or the free one where it belongs. */
static uint32_t *
find_bucket(const struct index *index, const struct mapping_key *key)
{
	size_t at = text_hash((struct text){ (const char *)key, sizeof(*key) }) & index->mask;

	while (index->buckets[at] != 0 &&
	       memcmp(&index->entry[index->buckets[at] - 1].key, key, sizeof(*key)) != 0)
		at = (at + 1) & index->mask;
	return &index->buckets[at];
}

static struct index
index_mappings(const struct mappings *m)
{
	struct index index = { .entry = m->entry };
	size_t buckets = ROOM_AT_FIRST;

	while (buckets < 2 * m->n)
		buckets *= 2;
	index.mask = buckets - 1;
	index.buckets = mem_alloc(buckets, sizeof(*index.buckets));
	index.doubtful = mem_alloc(m->n, sizeof(*index.doubtful));
	for (size_t i = 0; i < m->n; i++) {
		uint32_t *bucket = find_bucket(&index, &m->entry[i].key);

		if (*bucket == 0)
			*bucket = (uint32_t)i + 1;
		else if (!endpoint_equal(&m->entry[*bucket - 1].mapped, &m->entry[i].mapped))
			index.doubtful[*bucket - 1] = 1;
	}
	return index;
}

/* The first `bits` of one address, the rest of the other. */
static struct addr
splice(const struct addr *first, const struct addr *rest, unsigned bits)
{
	struct addr a = *rest;

	for (unsigned i = 0; i < bits; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		a.bytes[i / 8] = (uint8_t)((a.bytes[i / 8] & ~bit) | (first->bytes[i / 8] & bit));
	}
	return a;
}

/* The translation of the one network that holds the inside host; of several, none. */
static void
join_net(const struct mappings *m, const struct index *index, struct session *s)
{
	const struct addr zero = { .family = s->key.inside.family };
	const unsigned longest = s->key.inside.family == 4 ? 32 : 128;
	uint32_t only = 0;

	for (unsigned bits = 0; bits <= longest; bits++) {
		struct mapping_key key = { .addr = splice(&s->key.inside, &zero, bits),
			.proto = PROTO_NONE,
			.net = bits + 1,
			.place = s->key.place };
		uint32_t found = m->has_length[bits] ? *find_bucket(index, &key) : 0;

		if (found != 0 && (only != 0 || index->doubtful[found - 1]))
			return;
		if (found != 0)
			only = found;
	}
	if (only != 0 && index->entry[only - 1].mapped.addr.family == s->key.inside.family)
		s->in_nat = splice(&index->entry[only - 1].mapped.addr, &s->key.inside,
		    index->entry[only - 1].key.net - 1);
}

static void
join(const struct mappings *m, const struct index *index, struct session *s)
{
	const bool has_port = s->flags & SESSION_IN_PORT;
	/* From the one that says most to the one that says least. */
	const struct mapping_key keys[] = {
		{ s->key.inside, s->key.in_port, s->key.proto, has_port, 0, s->key.place },
		{ s->key.inside, 0, s->key.proto, false, 0, s->key.place },
		{ s->key.inside, 0, PROTO_NONE, false, 0, s->key.place },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		uint32_t found = *find_bucket(index, &keys[i]);
		const struct endpoint *mapped;

		if (found == 0)
			continue;
		if (index->doubtful[found - 1])
			return;
		mapped = &index->entry[found - 1].mapped;
		s->in_nat = mapped->addr;
		s->in_nat_port = mapped->port;
		if (mapped->has_port)
			s->flags |= SESSION_IN_NAT_PORT;
		return;
	}
	join_net(m, index, s);
}

void
mappings_join(const struct mappings *m, struct rows *rows)
{
	struct index index;

	if (m->n == 0)
		return;
	index = index_mappings(m);
	for (size_t i = 0; i < rows->n; i++)
		if (rows->row[i].key.scope == SCOPE_TRANSIT && rows->row[i].in_nat.family == 0)
			join(m, &index, &rows->row[i]);
	free(index.buckets);
	free(index.doubtful);
}

void
mappings_free(struct mappings *m)
{
	free(m->entry);
	*m = (struct mappings){ 0 };
}
