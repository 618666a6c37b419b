/* The takers of whole fields, built of the smallest ones. Each gets where the line stands, and
 * where it ends if it has to know; it fills its place in the observation and returns where the line
 * stands then, or NULL when what it looked for is not there. Inline for match.c, which alone
 * includes this file. */
#ifndef GATEBOOK_DRIVERS_FIELDS_H
#define GATEBOOK_DRIVERS_FIELDS_H

#include "drivers/take.h"
#include "drivers/value.h"

static inline void *
place_of(struct observation *o, const struct step *s)
{
	return (char *)o + s->at;
}

/* [2001:db8::1]:443  2001:db8::1.443  192.0.2.1:*  *.*: split at the last separator, with a decimal
 * port or none; 192.0.2.1  ---: none at all. NULL for what has to be judged. */
static const char *__attribute__((noinline))
take_other_endpoint(const char *p, const struct step *s, struct endpoint *end)
{
	const char *after = word_end(p, s), *port = after, *stop;
	struct endpoint e = { 0 };
	uint64_t number = 0;

	if ((after - p == 3 && memcmp(p, "---", 3) == 0) || take_ipv4(p, &e.addr) == after) {
		*end = e;
		return after;
	}
	while (port > p && is_digit(port[-1]))
		port--;
	if (port == after && port > p && port[-1] == '*')
		port--;
	else if (take_digits(port, &number) != after || number > UINT16_MAX)
		return NULL;
	stop = port - 1;
	if (stop <= p || (*stop != ':' && *stop != '.' && *stop != '/'))
		return NULL;
	if (*p == '[' && (*--stop != ']' || ++p == stop))
		return NULL;
	if ((*p != '*' || stop > p + 1) && take_ipv4(p, &e.addr) != stop &&
	    value_ipv6(p, stop, &e.addr) != stop)
		return NULL;
	e.has_port = *port != '*';
	e.port = (uint16_t)number;
	*end = e;
	return after;
}

/* For whatever the quick ways below do not know. */
static const char *__attribute__((noinline))
take_end_slowly(const char *p, const struct step *s, struct observation *o)
{
	struct endpoint *e = place_of(o, s);
	const char *after = s->op == OP_ADDR       ? value_ipv6(p, p + ADDR_TEXT, &e->addr)
			    : s->op == OP_ENDPOINT ? take_other_endpoint(p, s, e)
						   : NULL;
	struct text token;
	struct value_end v = { 0 };
	bool ok;

	if (after && is_edge(after, s))
		return after;
	after = word_end(p, s);
	token = (struct text){ p, (size_t)(after - p) };
	if (token.n == 0)
		return NULL;
	if (s->op == OP_ENDPOINT)
		ok = value_endpoint(token, &v);
	else if (s->op == OP_ADDR)
		ok = value_addr(token, &v.end.addr, &v.scope);
	else
		ok = value_port(token, &v.end, &v.service);
	if (!ok)
		return NULL;
	if (s->op != OP_PORT)
		e->addr = v.end.addr;
	if (s->op != OP_ADDR) {
		e->port = v.end.port;
		e->has_port = v.end.has_port;
	}
	if (v.service.n > 0 && s->at2 != NOWHERE)
		memcpy((char *)o + s->at2, &v.service, sizeof(v.service));
	if (o->place.n == 0)
		o->place = v.scope;
	return after;
}

static __always_inline const char *
take_addr(const char *p, const struct step *s, struct observation *o)
{
	struct endpoint *e = place_of(o, s);
	const char *after = take_ipv4(p, &e->addr);

	return after && is_edge(after, s) ? after : take_end_slowly(p, s, o);
}

static __always_inline const char *
take_port(const char *p, const struct step *s, struct observation *o)
{
	struct endpoint *e = place_of(o, s);
	uint64_t port;
	const char *after = take_digits(p, &port);

	if (!after || port > UINT16_MAX || !is_edge(after, s))
		return take_end_slowly(p, s, o);
	e->port = (uint16_t)port;
	e->has_port = true;
	return after;
}

/* The text of an endpoint, and where it went. Tables that show both sides of a translation print
 * the end that nothing translates twice. */
struct last_end {
	const char *at;
	size_t n; /* 0: none yet */
	const struct endpoint *end;
};

static __always_inline bool
is_last_end(const char *p, const struct step *s, const struct last_end *last)
{
	return last->n > 0 && memcmp(p, last->at, 8) == 0 && memcmp(p, last->at, last->n) == 0 &&
	       is_edge(p + last->n, s);
}

/* The quick way: an IPv4 address, a separator and a decimal port. */
static __always_inline const char *
take_endpoint(const char *p, const struct step *s, struct observation *o, struct last_end *last)
{
	struct endpoint *e = place_of(o, s);
	const char *after;
	uint64_t port;

	if (is_last_end(p, s, last)) {
		*e = *last->end;
		return p + last->n;
	}
	after = take_ipv4(p, &e->addr);
	if (after)
		after = *after == ':' || *after == '.' || *after == '/'
			    ? take_digits(after + 1, &port)
			    : NULL;
	if (!after || port > UINT16_MAX || !is_edge(after, s))
		return take_end_slowly(p, s, o);
	e->port = (uint16_t)port;
	e->has_port = true;
	*last = (struct last_end){ p, (size_t)(after - p), e };
	return after;
}

enum { TCP = 't' | 'c' << 8 | 'p' << 16, UDP = 'u' | 'd' << 8 | 'p' << 16 };

static __always_inline const char *
take_proto(const char *p, const struct step *s, struct observation *o)
{
	struct text token;
	uint64_t number;
	const char *after;
	uint32_t name;

	memcpy(&name, p, sizeof(name));
	name = (le32toh(name) | 0x202020) & 0xffffff; /* small letters */
	if ((name == TCP || name == UDP) && is_edge(p + 3, s) &&
	    (s->shape == SHAPE_ANY || *p >= 'a')) {
		o->proto = name == TCP ? PROTO_TCP : PROTO_UDP;
		return p + 3;
	}
	after = take_digits(p, &number);
	if (after && number <= 255 && is_edge(after, s) && s->shape == SHAPE_ANY) {
		o->proto = (uint16_t)number;
		return after;
	}
	after = word_end(p, s);
	token = (struct text){ p, (size_t)(after - p) };
	if (token.n == 0 || (s->shape == SHAPE_LOWER && (*p < 'a' || *p > 'z')))
		return NULL;
	return value_proto(token, &o->proto) ? after : NULL;
}

static inline bool
has_shape(const char *p, const char *end, unsigned char shape)
{
	const char first = shape == SHAPE_CAPS ? 'A' : 'a';

	if ((unsigned char)(*p - first) > 25)
		return false;
	while (++p < end)
		if ((unsigned char)(*p - first) > 25 && !is_digit(*p) && *p != '_' &&
		    (*p != '-' || shape != SHAPE_CAPS))
			return false;
	return true;
}

/* The end of a word in capitals that ends within a block; NULL: there is none. */
static inline const char *
caps_end(const char *p, const struct step *s)
{
	block bytes;

	if (s->stop != 0 || (unsigned char)(*p - 'A') > 25)
		return NULL;
	bytes = block_at(p);
	p += run_of((bytes - 'A' <= 25) | (bytes - '0' <= 9) | (bytes == '_') | (bytes == '-'));
	return (unsigned char)*p <= ' ' ? p : NULL;
}

static inline bool
is_hex(char c)
{
	return is_digit(c) || (unsigned char)((c | 0x20) - 'a') <= 5;
}

/* 0010.0de0.e289  00:00:5e:00:53:01  0015b2-a45078: a digit, and within the block before it eleven.
 */
static inline bool
is_mac(const char *p, const char *end)
{
	enum { LONGEST = sizeof(block) + 1, DIGITS = 12 };
	const size_t n = (size_t)(end - p);
	const block bytes = block_at(p);
	const block_mask marks = (bytes == '.') | (bytes == ':') | (bytes == '-');
	uint32_t within, digits;
	unsigned count = 1;

	if (n > LONGEST || !is_hex(end[-1]))
		return false;
	within = (UINT32_C(1) << (n - 1)) - 1;
	digits = block_bits((bytes - '0' <= 9) | ((bytes | 0x20) - 'a' <= 5)) & within;
	if (((digits | block_bits(marks)) & within) != within)
		return false;
	for (; digits != 0; digits &= digits - 1)
		count++;
	return count == DIGITS;
}

/* The end of the word behind the blanks behind a word; NULL when there is none. */
static const char *
second_word(const char *after, const struct step *s)
{
	const char *next = skip_blanks(after), *end = word_end(next, s);

	return next > after && end > next ? end : NULL;
}

static __always_inline const char *
take_text(const char *p, const struct step *s, struct observation *o)
{
	const char *after = s->shape == SHAPE_CAPS ? caps_end(p, s) : NULL;

	if (!after) {
		after = word_end(p, s);
		if (after == p || ((s->shape == SHAPE_CAPS || s->shape == SHAPE_LOWER) &&
				      !has_shape(p, after, s->shape)))
			return NULL;
	}
	if (s->shape == SHAPE_MAC && !is_mac(p, after))
		return NULL;
	if (s->shape == SHAPE_PAIR && !(after = second_word(after, s)))
		return NULL;
	if (s->at != NOWHERE && !(s->shape == SHAPE_SET && after == p + 1 && *p == '0'))
		*(struct text *)place_of(o, s) = (struct text){ p, (size_t)(after - p) };
	return after;
}

/* The text up to the literal behind the step, or up to the end; without blanks at its ends. */
static const char *
take_rest(const char *p, const char *end, const struct step *s, struct observation *o)
{
	const struct step *next = s + 1;
	const char *stop = end;
	struct text rest;

	while (next->op >= OP_ROW && next->op < OP_FIELD)
		next++;
	if (next->n > 0) {
		stop = p;
		do {
			stop = memmem(stop, (size_t)(end - stop), next->literal, next->n);
			if (!stop)
				return NULL;
		} while (next->blanks && (stop == p || !is_blank(stop[-1])) && stop++);
	}
	rest = text_trim((struct text){ p, (size_t)(stop - p) });
	if (rest.n == 0 || to_control(rest.s, rest.s + rest.n) != rest.s + rest.n)
		return NULL;
	if (s->at != NOWHERE)
		*(struct text *)place_of(o, s) = rest;
	return next->blanks ? rest.s + rest.n : stop;
}

static const char *__attribute__((noinline))
take_duration_slowly(const char *p, const struct step *s, uint32_t *seconds, bool *known)
{
	const char *after = word_end(p, s);

	return value_duration((struct text){ p, (size_t)(after - p) }, seconds, known) ? after
										       : NULL;
}

static __always_inline const char *
take_duration(const char *p, const struct step *s, struct observation *o)
{
	uint32_t *place = place_of(o, s), clamped;
	bool known = true;
	uint64_t seconds;
	const char *after = take_digits(p, &seconds);

	if (after && is_edge(after, s)) {
		clamped = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
	} else {
		after = take_duration_slowly(p, s, &clamped, &known);
		if (!after)
			return NULL;
	}
	if (!known || (s->shape == SHAPE_SET && clamped == 0))
		return after;
	*place = clamped;
	o->counters.has |= s->has;
	return after;
}

static const char *__attribute__((noinline))
take_count_slowly(const char *p, const char *end, const struct step *s, uint64_t *value)
{
	struct text t = { p, (size_t)(end - p) };

	if (s->shape == SHAPE_SCALED)
		return value_scaled(&t, value) && is_edge(t.s, s) ? t.s : NULL;
	return value_counter(&t, s->shape == SHAPE_SPACED, value) && is_edge(t.s, s) ? t.s : NULL;
}

static __always_inline const char *
take_count(const char *p, const char *end, const struct step *s, uint64_t *value)
{
	const char *after = take_digits(p, value);

	if (after && is_edge(after, s) && (s->shape != SHAPE_SPACED || !is_digit(after[1])))
		return after;
	return take_count_slowly(p, end, s, value);
}

static __always_inline const char *
take_counter(const char *p, const char *end, const struct step *s, struct observation *o)
{
	const char *after = take_count(p, end, s, place_of(o, s));

	if (after)
		o->counters.has |= s->has;
	return after;
}

static const char *
take_total(const char *p, const char *end, const struct step *s, struct found *found)
{
	const char *after = take_count(p, end, s, &found->total);

	found->has_total |= after != NULL;
	return after;
}

static __always_inline const char *
take_number(const char *p, const struct step *s)
{
	const char *start = p;

	p += run_of(block_at(p) - '0' <= 9);
	while (is_digit(*p))
		p++;
	return p > start && is_edge(p, s) ? p : NULL;
}

static __always_inline const char *
take_hex(const char *p, const struct step *s)
{
	const char *start;

	if (p[0] == '0' && (p[1] | 0x20) == 'x')
		p += 2;
	start = p;
	p += run_of((block_at(p) - '0' <= 9) | ((block_at(p) | 0x20) - 'a' <= 5));
	while (is_hex(*p))
		p++;
	return p > start && is_edge(p, s) ? p : NULL;
}

/* 0a460515  0100007F:1F90  0011 */
static const char *
take_hexed(const char *p, const struct step *s, struct observation *o)
{
	const char *after = word_end(p, s);
	struct text token = { p, (size_t)(after - p) }, addr = token;
	struct endpoint *e = place_of(o, s);
	uint64_t number;
	bool native = s->shape == SHAPE_NATIVE;

	if (s->value == OP_ADDR)
		return value_hex_addr(token, native, &e->addr) ? after : NULL;
	if (s->value == OP_ENDPOINT &&
	    (!text_take_until(&token, ':', &addr) || !value_hex_addr(addr, native, &e->addr)))
		return NULL;
	if (!value_hex(token, s->value == OP_PROTO ? UINT8_MAX : UINT16_MAX, &number))
		return NULL;
	if (s->value == OP_PROTO) {
		o->proto = (uint16_t)number;
		return after;
	}
	e->port = (uint16_t)number;
	e->has_port = true;
	return after;
}

static const char *
take_call(const char *p, const struct step *s, struct observation *o)
{
	const char *after = word_end(p, s);

	return after > p && s->call((struct text){ p, (size_t)(after - p) }, o) ? after : NULL;
}

/* Takes a field: at least one byte, up to an edge. */
static const char *__attribute__((noinline)) take_field(const char *p, const char *end,
    const struct step *s, struct observation *o, struct found *found)
{
	struct last_end none = { 0 };

	switch (s->op) {
	case OP_ENDPOINT: return take_endpoint(p, s, o, &none);
	case OP_ADDR: return take_addr(p, s, o);
	case OP_PORT: return take_port(p, s, o);
	case OP_PROTO: return take_proto(p, s, o);
	case OP_WORD: return take_text(p, s, o);
	case OP_REST: return take_rest(p, end, s, o);
	case OP_DURATION: return take_duration(p, s, o);
	case OP_COUNTER: return take_counter(p, end, s, o);
	case OP_TOTAL: return take_total(p, end, s, found);
	case OP_NUMBER: return take_number(p, s);
	case OP_HEX: return take_hex(p, s);
	case OP_HEXED: return take_hexed(p, s, o);
	case OP_CALL: return take_call(p, s, o);
	default: return NULL;
	}
}

#endif
