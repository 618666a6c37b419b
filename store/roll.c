#include "store/roll.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* One entry:
 *
 *   length   byte: of what follows
 *   mask     varint of enum mask: what follows, and what does not
 *   kind     byte: scope, initiator << 2
 *   inside   4 or 16 bytes, unless it is that of the entry before
 *   outside  4 or 16 bytes
 *   proto    varint
 *   ports    2 bytes each, if there
 *   number   varint, down from head.top
 *   start    zigzag head.base - start_by; zigzag start_by - start_after, if there
 *   before   zigzag head.complete - before
 *   seen     zigzag head.base - seen, if there
 *   words    varint each, if not empty
 *   nat      family byte and address, port; each if there
 *   counters varint each, if there */
enum mask {
	SAME_INSIDE = 1 << 0,
	IN_PORT = 1 << 1,
	OUT_PORT = 1 << 2,
	START_AFTER = 1 << 3,
	INSIDE6 = 1 << 4,
	OUTSIDE6 = 1 << 5,
	WORDS_SHIFT = 6, /* six bits, the state first: it is the usual one */
	COUNTERS_SHIFT = 12,
	SEEN = 1 << 17,
	IN_NAT = 1 << 18,
	IN_NAT_PORT = 1 << 19,
	OUT_NAT = 1 << 20,
	OUT_NAT_PORT = 1 << 21,
	MASK = (1 << 22) - 1
};

/* All there is at its longest: mask, kind, two ends, proto, ports, two NAT ends, varints. It fits
 * the byte for the length. */
enum { ENTRY_MAX = 4 + 1 + 32 + 3 + 8 + 34 + VARINT_MAX * (5 + COUNTER_COUNT) + 5 * WORD_COUNT };
_Static_assert(ENTRY_MAX <= UINT8_MAX, "the length of an entry is a byte");

/* Times beyond this are damage: it keeps sums from overflowing. */
#define TIME_LIMIT (INT64_C(1) << 48)

/* --- writing ---------------------------------------------------------------------------------- */

/* Room for n bytes more. */
static void
reserve(struct roll_writer *w, size_t n)
{
	if (w->capacity - w->used >= n && w->bytes)
		return;
	w->capacity = 2 * w->capacity + n + 4096;
	w->bytes = mem_grow(w->bytes, w->capacity, 1);
}

void
roll_begin(struct roll_writer *w, const struct roll_head *head)
{
	uint8_t *out;

	w->head = *head;
	w->inside = (struct addr){ 0 };
	w->used = w->n = 0;
	w->earliest = INT64_MAX;
	reserve(w, 3 * VARINT_MAX);
	out = varint_put(w->bytes, zigzag(head->base));
	out = varint_put(out, head->top);
	out = varint_put(out, head->complete);
	w->used = (size_t)(out - w->bytes);
}

void
roll_free(struct roll_writer *w)
{
	free(w->bytes);
	*w = (struct roll_writer){ 0 };
}

static uint32_t
mask_of(const struct roll_writer *w, const struct roll_entry *e)
{
	uint32_t mask = (uint32_t)e->has << COUNTERS_SHIFT;

	mask |= e->flags & SESSION_IN_PORT ? IN_PORT : 0;
	mask |= e->flags & SESSION_OUT_PORT ? OUT_PORT : 0;
	mask |= e->flags & SESSION_IN_NAT_PORT ? IN_NAT_PORT : 0;
	mask |= e->flags & SESSION_OUT_NAT_PORT ? OUT_NAT_PORT : 0;
	mask |= e->has_start_after ? START_AFTER : 0;
	mask |= e->key.inside.family == 6 ? INSIDE6 : 0;
	mask |= e->key.outside.family == 6 ? OUTSIDE6 : 0;
	mask |= memcmp(&w->inside, &e->key.inside, sizeof(w->inside)) == 0 ? SAME_INSIDE : 0;
	mask |= e->seen ? SEEN : 0;
	mask |= e->in_nat.family ? IN_NAT : 0;
	mask |= e->out_nat.family ? OUT_NAT : 0;
	for (int i = 0; i < WORD_COUNT; i++)
		mask |= e->words[i] ? 1u << (WORDS_SHIFT + i) : 0;
	return mask;
}

static uint8_t *
put_addr(uint8_t *out, const struct addr *a)
{
	size_t n = a->family == 6 ? 16 : 4;

	memcpy(out, a->bytes, n);
	return out + n;
}

static uint8_t *
put_nat(uint8_t *out, const struct addr *a)
{
	if (a->family == 0)
		return out;
	*out++ = a->family;
	return put_addr(out, a);
}

static uint8_t *
put_port(uint8_t *out, bool there, uint16_t port)
{
	if (!there)
		return out;
	*out++ = (uint8_t)(port >> 8);
	*out++ = (uint8_t)port;
	return out;
}

static uint8_t *
put_times(uint8_t *out, const struct roll_head *head, const struct roll_entry *e)
{
	out = varint_put(out, head->top - e->number);
	out = varint_put(out, zigzag(head->base - e->start_by));
	if (e->has_start_after)
		out = varint_put(out, zigzag(e->start_by - e->start_after));
	out = varint_put(out, zigzag((int64_t)(head->complete - e->before)));
	return e->seen ? varint_put(out, zigzag(head->base - e->seen)) : out;
}

void
roll_put(struct roll_writer *w, const struct roll_entry *e)
{
	uint32_t mask = mask_of(w, e);
	uint8_t *length, *out;

	reserve(w, 1 + ENTRY_MAX);
	length = w->bytes + w->used;
	out = varint_put(length + 1, mask);
	*out++ = (uint8_t)(e->key.scope | e->initiator << 2);
	if (!(mask & SAME_INSIDE))
		out = put_addr(out, &e->key.inside);
	out = put_addr(out, &e->key.outside);
	out = varint_put(out, e->key.proto);
	out = put_port(out, mask & IN_PORT, e->key.in_port);
	out = put_port(out, mask & OUT_PORT, e->key.out_port);
	out = put_times(out, &w->head, e);
	for (int i = 0; i < WORD_COUNT; i++) {
		if (e->words[i])
			out = varint_put(out, e->words[i]);
	}
	out = put_nat(out, &e->in_nat);
	out = put_port(out, mask & IN_NAT_PORT, e->in_nat_port);
	out = put_nat(out, &e->out_nat);
	out = put_port(out, mask & OUT_NAT_PORT, e->out_nat_port);
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (e->has & 1 << i)
			out = varint_put(out, e->counters[i]);
	}
	*length = (uint8_t)(out - length - 1);
	w->inside = e->key.inside;
	w->used = (size_t)(out - w->bytes);
	w->n++;
	if (roll_earliest(e) < w->earliest)
		w->earliest = roll_earliest(e);
}

/* --- reading ---------------------------------------------------------------------------------- */

int
roll_read(struct roll_reader *r, const void *bytes, size_t size)
{
	uint64_t base;

	*r = (struct roll_reader){ .at = bytes,
		.end = size ? (const uint8_t *)bytes + size : bytes };
	if (size == 0)
		return 0;
	if (!varint_take(&r->at, r->end, &base) || !varint_take(&r->at, r->end, &r->head.top) ||
	    !varint_take(&r->at, r->end, &r->head.complete))
		return -1;
	r->head.base = unzigzag(base);
	return r->head.base > TIME_LIMIT || r->head.base < -TIME_LIMIT ? -1 : 0;
}

static bool
take_addr(struct roll_reader *r, bool six, struct addr *a)
{
	size_t n = six ? 16 : 4;

	if ((size_t)(r->end - r->at) < n)
		return false;
	a->family = six ? 6 : 4;
	memcpy(a->bytes, r->at, n);
	r->at += n;
	return true;
}

static bool
take_nat(struct roll_reader *r, bool there, struct addr *a)
{
	if (!there)
		return true;
	if (r->at == r->end || (*r->at != 4 && *r->at != 6))
		return false;
	return take_addr(r, *r->at++ == 6, a);
}

static bool
take_port(struct roll_reader *r, bool there, uint16_t *port)
{
	if (!there)
		return true;
	if (r->end - r->at < 2)
		return false;
	*port = (uint16_t)(r->at[0] << 8 | r->at[1]);
	r->at += 2;
	return true;
}

static bool
take_time(struct roll_reader *r, int64_t from, int64_t *time)
{
	uint64_t n;

	if (!varint_take(&r->at, r->end, &n) || n > (uint64_t)TIME_LIMIT)
		return false;
	*time = from - unzigzag(n);
	return true;
}

static bool
take_times(struct roll_reader *r, uint64_t mask, struct roll_entry *e)
{
	uint64_t down;
	int64_t polls;

	if (!varint_take(&r->at, r->end, &down) || !take_time(r, r->head.base, &e->start_by))
		return false;
	e->number = r->head.top - down;
	if ((mask & START_AFTER) && !take_time(r, e->start_by, &e->start_after))
		return false;
	e->has_start_after = mask & START_AFTER;
	if (!take_time(r, 0, &polls))
		return false;
	e->before = r->head.complete + (uint64_t)polls;
	return !(mask & SEEN) || take_time(r, r->head.base, &e->seen);
}

static bool
take_key(struct roll_reader *r, uint64_t mask, struct roll_entry *e)
{
	uint16_t in_port = 0, out_port = 0;
	uint64_t proto;
	uint8_t kind;

	if (r->at == r->end || *r->at > 15)
		return false;
	kind = *r->at++;
	e->key.scope = kind & 3;
	e->initiator = kind >> 2;
	if ((mask & SAME_INSIDE) && r->inside.family == 0)
		return false; /* there was none before */
	if (mask & SAME_INSIDE)
		e->key.inside = r->inside;
	else if (!take_addr(r, mask & INSIDE6, &e->key.inside))
		return false;
	r->inside = e->key.inside;
	if (!take_addr(r, mask & OUTSIDE6, &e->key.outside) ||
	    !varint_take(&r->at, r->end, &proto) || proto > UINT16_MAX)
		return false;
	e->key.proto = (uint16_t)proto;
	if (!take_port(r, mask & IN_PORT, &in_port) || !take_port(r, mask & OUT_PORT, &out_port))
		return false;
	e->key.in_port = in_port;
	e->key.out_port = out_port;
	return true;
}

static bool
take_words(struct roll_reader *r, uint64_t mask, struct roll_entry *e)
{
	uint64_t n;

	for (int i = 0; i < WORD_COUNT; i++) {
		if (!(mask & 1u << (WORDS_SHIFT + i)))
			continue;
		if (!varint_take(&r->at, r->end, &n) || n > UINT32_MAX)
			return false;
		e->words[i] = (uint32_t)n;
	}
	return true;
}

static bool
take_counters(struct roll_reader *r, uint64_t mask, struct roll_entry *e)
{
	e->has = (uint8_t)(mask >> COUNTERS_SHIFT & ((1 << COUNTER_COUNT) - 1));
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if ((e->has & 1 << i) && !varint_take(&r->at, r->end, &e->counters[i]))
			return false;
	}
	return true;
}

/* The mask of the entry at hand, and where it ends. */
static bool
take_mask(struct roll_reader *r, uint64_t *mask, const uint8_t **end)
{
	uint8_t length = *r->at++;

	if (length > r->end - r->at)
		return false;
	*end = r->at + length;
	return varint_take(&r->at, *end, mask) && *mask <= MASK;
}

static bool
take_rest(struct roll_reader *r, uint64_t mask, struct roll_entry *e)
{
	if (!take_times(r, mask, e) || !take_words(r, mask, e))
		return false;
	e->flags = (uint8_t)((mask & IN_PORT ? SESSION_IN_PORT : 0) |
			     (mask & OUT_PORT ? SESSION_OUT_PORT : 0) |
			     (mask & IN_NAT_PORT ? SESSION_IN_NAT_PORT : 0) |
			     (mask & OUT_NAT_PORT ? SESSION_OUT_NAT_PORT : 0));
	return take_nat(r, mask & IN_NAT, &e->in_nat) &&
	       take_port(r, mask & IN_NAT_PORT, &e->in_nat_port) &&
	       take_nat(r, mask & OUT_NAT, &e->out_nat) &&
	       take_port(r, mask & OUT_NAT_PORT, &e->out_nat_port) && take_counters(r, mask, e);
}

int
roll_next(struct roll_reader *r, struct roll_entry *e)
{
	const uint8_t *end;
	uint64_t mask;

	if (r->at == r->end)
		return 0;
	memset(e, 0, sizeof(*e));
	if (!take_mask(r, &mask, &end) || !take_key(r, mask, e) || !take_rest(r, mask, e) ||
	    r->at != end)
		return -1;
	return 1;
}

int
roll_peek(struct roll_reader *r, struct addr *inside, struct addr *outside)
{
	struct roll_reader ahead = *r;
	const uint8_t *end;
	uint64_t mask;

	if (r->at == r->end)
		return 0;
	if (!take_mask(&ahead, &mask, &end) || ahead.at == end ||
	    ((mask & SAME_INSIDE) && r->inside.family == 0))
		return -1;
	ahead.at++; /* kind */
	*inside = r->inside;
	if (!(mask & SAME_INSIDE)) {
		*inside = (struct addr){ 0 };
		if (!take_addr(&ahead, mask & INSIDE6, inside))
			return -1;
	}
	*outside = (struct addr){ 0 };
	r->peeked = *inside;
	return take_addr(&ahead, mask & OUTSIDE6, outside) ? 1 : -1;
}

void
roll_skip(struct roll_reader *r)
{
	r->inside = r->peeked;
	r->at += 1 + *r->at;
}
