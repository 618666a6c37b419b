#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* One packed session:
 *
 *   shape      byte: bits 0-3 enum pack_flag; bit 4: counters follow, their bits first; bit 5: the
 *              NAT port of the inside is that of `other`; bit 6: `polls` is the expected number
 *   number     varint, from the session before (the first: from base.first)
 *   start_by   zigzag, from the session before (the first: from base.start)
 *   gap        zigzag: start_by - start_after - base.gap, if there is a start_after
 *   length     zigzag: end_from - start_by
 *   gap        zigzag: end_by - end_from - base.gap
 *   polls      varint, unless as expected
 *   other, in_nat_port, out_nat_port   two bytes each, if there
 *   attribute  varint
 *   counters   byte of bits, then varints, if any */
enum {
	SHAPE_COUNTERS = 1 << 4,
	SHAPE_SAME_PORT = 1 << 5,
	SHAPE_POLLS = 1 << 6,
	SHAPE = (1 << 7) - 1
};

enum { SESSION_MAX = 3 + 6 + VARINT_MAX * (7 + COUNTER_COUNT), HEAD_MAX = 2 + 7 * VARINT_MAX };

/* Times beyond this are damage: they keep the sums below from overflowing. */
#define TIME_LIMIT (INT64_C(1) << 48)

static bool
possible(int64_t time)
{
	return time <= TIME_LIMIT && time >= -TIME_LIMIT;
}

static uint64_t
expected_polls(const struct pack_base *base, const struct packed_session *s)
{
	int64_t length = s->end_from - s->start_by;

	if (base->gap <= 0 || length <= 0)
		return 1;
	return 1 + (uint64_t)((length + base->gap - 1) / base->gap);
}

/* --- the summary ------------------------------------------------------------------------------ */

static bool
earlier(const struct packed_session *s, const struct pack_summary *m)
{
	bool has_after = s->flags & PACK_START_AFTER;

	if (m->n == 0 || s->start_by != m->first_by)
		return m->n == 0 || s->start_by < m->first_by;
	return m->has_first_after && (!has_after || s->start_after < m->first_after);
}

static void
summarise(struct pack_summary *m, const struct packed_session *s)
{
	if (earlier(s, m)) {
		m->has_first_after = s->flags & PACK_START_AFTER;
		m->first_after = m->has_first_after ? s->start_after : 0;
		m->first_by = s->start_by;
	}
	if (m->n == 0 || s->end_by > m->last_by ||
	    (s->end_by == m->last_by && s->end_from > m->last_from)) {
		m->last_from = s->end_from;
		m->last_by = s->end_by;
	}
	m->n++;
	if (!(s->has & (1 << COUNTER_BYTES_TOTAL | 1 << COUNTER_BYTES_OUT | 1 << COUNTER_BYTES_IN)))
		return;
	m->has_bytes = true;
	if (s->has & 1 << COUNTER_BYTES_TOTAL)
		m->bytes += s->counters[COUNTER_BYTES_TOTAL];
	else
		m->bytes += s->counters[COUNTER_BYTES_OUT] + s->counters[COUNTER_BYTES_IN];
}

static uint8_t *
put_summary(uint8_t *out, const struct pack_summary *m, const struct pack_base *base)
{
	*out++ = (uint8_t)(m->has_first_after | m->has_bytes << 1);
	out = varint_put(out, zigzag(m->first_by - base->start));
	if (m->has_first_after)
		out = varint_put(out, zigzag(m->first_by - m->first_after));
	out = varint_put(out, zigzag(m->last_by - base->start));
	out = varint_put(out, zigzag(m->last_by - m->last_from));
	return m->has_bytes ? varint_put(out, m->bytes) : out;
}

static bool
take_time(const uint8_t **at, const uint8_t *end, int64_t from, int64_t *time)
{
	uint64_t n;
	int64_t delta;

	if (!varint_take(at, end, &n))
		return false;
	delta = unzigzag(n);
	if (delta > 4 * TIME_LIMIT || delta < -4 * TIME_LIMIT)
		return false;
	*time = from + delta;
	return possible(*time);
}

static bool
take_summary(
    const uint8_t **at, const uint8_t *end, const struct pack_base *base, struct pack_summary *m)
{
	int64_t delta = 0;
	uint8_t shape;

	if (*at == end || (shape = *(*at)++) > 3 || !take_time(at, end, base->start, &m->first_by))
		return false;
	m->has_first_after = shape & 1;
	m->has_bytes = shape >> 1;
	if (m->has_first_after && !take_time(at, end, 0, &delta))
		return false;
	m->first_after = m->has_first_after ? m->first_by - delta : 0;
	if (!take_time(at, end, base->start, &m->last_by) || !take_time(at, end, 0, &delta))
		return false;
	m->last_from = m->last_by - delta;
	m->bytes = 0;
	return !m->has_bytes || varint_take(at, end, &m->bytes);
}

/* --- packing ---------------------------------------------------------------------------------- */

/* Room for one more session. */
static void
reserve(struct packer *p)
{
	if (p->capacity >= p->used + SESSION_MAX)
		return;
	p->capacity = 2 * p->capacity + HEAD_MAX + SESSION_MAX + 1024;
	p->body = mem_grow(p->body, p->capacity, 1);
}

void
packer_begin(struct packer *p, const struct pack_base *base)
{
	p->base = *base;
	p->summary = (struct pack_summary){ 0 };
	p->used = HEAD_MAX; /* the head is known at the end */
	reserve(p);
	p->last = (struct packed_session){ .number = base->first, .start_by = base->start };
}

static uint8_t *
put_port(uint8_t *out, uint16_t port)
{
	*out++ = (uint8_t)(port >> 8);
	*out++ = (uint8_t)port;
	return out;
}

static uint8_t *
put_session(uint8_t *out, const struct packer *p, const struct packed_session *s)
{
	bool same = (s->flags & PACK_OTHER) && (s->flags & PACK_IN_NAT_PORT) &&
		    s->other == s->in_nat_port;
	bool expected = s->polls == expected_polls(&p->base, s);

	*out++ = (uint8_t)(s->flags | (s->has ? SHAPE_COUNTERS : 0) | (same ? SHAPE_SAME_PORT : 0) |
			   (expected ? SHAPE_POLLS : 0));
	out = varint_put(out, s->number - p->last.number);
	out = varint_put(out, zigzag(s->start_by - p->last.start_by));
	if (s->flags & PACK_START_AFTER)
		out = varint_put(out, zigzag(s->start_by - s->start_after - p->base.gap));
	out = varint_put(out, zigzag(s->end_from - s->start_by));
	out = varint_put(out, zigzag(s->end_by - s->end_from - p->base.gap));
	if (!expected)
		out = varint_put(out, s->polls);
	if (s->flags & PACK_OTHER)
		out = put_port(out, s->other);
	if ((s->flags & PACK_IN_NAT_PORT) && !same)
		out = put_port(out, s->in_nat_port);
	if (s->flags & PACK_OUT_NAT_PORT)
		out = put_port(out, s->out_nat_port);
	out = varint_put(out, s->attribute);
	if (s->has)
		*out++ = s->has;
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (s->has & 1 << i)
			out = varint_put(out, s->counters[i]);
	}
	return out;
}

void
packer_add(struct packer *p, const struct packed_session *s)
{
	reserve(p);
	p->used = (size_t)(put_session(p->body + p->used, p, s) - p->body);
	p->last = *s;
	summarise(&p->summary, s);
}

const uint8_t *
packer_end(struct packer *p, size_t *size)
{
	uint8_t head[HEAD_MAX];
	uint8_t *end = varint_put(head, p->summary.n);
	size_t n;

	if (p->summary.n > PACK_PLAIN)
		end = put_summary(end, &p->summary, &p->base);
	n = (size_t)(end - head);
	memcpy(p->body + HEAD_MAX - n, head, n);
	*size = p->used - HEAD_MAX + n;
	return p->body + HEAD_MAX - n;
}

void
packer_free(struct packer *p)
{
	free(p->body);
	*p = (struct packer){ 0 };
}

/* --- unpacking -------------------------------------------------------------------------------- */

static int
begin(struct unpacker *u, struct pack_summary *m, const struct pack_base *base, const void *data,
    size_t size)
{
	*u = (struct unpacker){
		.base = *base, .at = data, .end = size ? (const uint8_t *)data + size : data
	};
	*m = (struct pack_summary){ 0 };
	u->number = base->first;
	u->start_by = base->start;
	if (!possible(base->gap) || !possible(base->start) ||
	    !varint_take(&u->at, u->end, &u->left))
		return -1;
	if (u->left > PACK_PLAIN && !take_summary(&u->at, u->end, base, m))
		return -1;
	return 0;
}

int
unpacker_begin(struct unpacker *u, const struct pack_base *base, const void *data, size_t size)
{
	struct pack_summary ignored;

	return begin(u, &ignored, base, data, size);
}

static bool
take_port(const uint8_t **at, const uint8_t *end, uint16_t *port)
{
	if (end - *at < 2)
		return false;
	*port = (uint16_t)((*at)[0] << 8 | (*at)[1]);
	*at += 2;
	return true;
}

static bool
take_times(struct unpacker *u, uint8_t shape, struct packed_session *s)
{
	int64_t gap;

	if (!take_time(&u->at, u->end, u->start_by, &s->start_by))
		return false;
	if (s->flags & PACK_START_AFTER) {
		if (!take_time(&u->at, u->end, u->base.gap, &gap))
			return false;
		s->start_after = s->start_by - gap;
	}
	if (!take_time(&u->at, u->end, s->start_by, &s->end_from) ||
	    !take_time(&u->at, u->end, u->base.gap, &gap))
		return false;
	s->end_by = s->end_from + gap;
	if (!possible(s->start_after) || !possible(s->end_by))
		return false;
	s->polls = expected_polls(&u->base, s);
	return (shape & SHAPE_POLLS) || varint_take(&u->at, u->end, &s->polls);
}

static bool
take_ports(struct unpacker *u, uint8_t shape, struct packed_session *s)
{
	if ((s->flags & PACK_OTHER) && !take_port(&u->at, u->end, &s->other))
		return false;
	if (shape & SHAPE_SAME_PORT)
		s->in_nat_port = s->other;
	else if ((s->flags & PACK_IN_NAT_PORT) && !take_port(&u->at, u->end, &s->in_nat_port))
		return false;
	return !(s->flags & PACK_OUT_NAT_PORT) || take_port(&u->at, u->end, &s->out_nat_port);
}

static bool
take_rest(struct unpacker *u, uint8_t shape, struct packed_session *s)
{
	uint64_t attribute;

	if (!varint_take(&u->at, u->end, &attribute) || attribute > UINT32_MAX)
		return false;
	s->attribute = (uint32_t)attribute;
	if (!(shape & SHAPE_COUNTERS))
		return true;
	if (u->at == u->end || *u->at == 0 || *u->at >> COUNTER_COUNT)
		return false;
	s->has = *u->at++;
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if ((s->has & 1 << i) && !varint_take(&u->at, u->end, &s->counters[i]))
			return false;
	}
	return true;
}

int
unpacker_next(struct unpacker *u, struct packed_session *s)
{
	uint64_t step;
	uint8_t shape;

	*s = (struct packed_session){ 0 };
	if (u->left == 0)
		return u->at == u->end ? 0 : -1;
	if (u->at == u->end)
		return -1;
	shape = *u->at++;
	s->flags = shape & 15;
	if ((shape & ~SHAPE) ||
	    ((shape & SHAPE_SAME_PORT) && (~s->flags & (PACK_OTHER | PACK_IN_NAT_PORT))) ||
	    !varint_take(&u->at, u->end, &step))
		return -1;
	s->number = u->number + step;
	if (!take_times(u, shape, s) || !take_ports(u, shape, s) || !take_rest(u, shape, s))
		return -1;
	u->number = s->number;
	u->start_by = s->start_by;
	u->left--;
	return 1;
}

int
unpack_summary(
    const struct pack_base *base, const void *data, size_t size, struct pack_summary *summary)
{
	struct unpacker u;
	struct packed_session s;
	uint64_t n;
	int more;

	if (begin(&u, summary, base, data, size) < 0)
		return -1;
	n = u.left;
	if (n > PACK_PLAIN) {
		summary->n = n;
		return 0;
	}
	while ((more = unpacker_next(&u, &s)) > 0)
		summarise(summary, &s);
	return more;
}
