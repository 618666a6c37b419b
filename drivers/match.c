/* Walks a line along the steps of a pattern: one pass, no allocation, nothing is tried twice but
 * the first field of an optional group. */
#include "drivers/pattern.h"
#include "drivers/value.h"

struct cursor {
	const char *p, *end;
};

static inline bool
is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Words end at blanks and control bytes, and where the pattern says. */
static inline bool
ends_at(char c, const struct step *s)
{
	return (unsigned char)c <= ' ' || c == s->stop || c == s->stop2;
}

static inline bool
at_edge(const struct cursor *c, const struct step *s)
{
	return c->p == c->end || ends_at(*c->p, s);
}

static inline struct text
take_word(struct cursor *c, const struct step *s)
{
	const char *start = c->p;

	while (c->p < c->end && !ends_at(*c->p, s))
		c->p++;
	return (struct text){ start, (size_t)(c->p - start) };
}

/* Up to 18 digits, which cannot overflow. */
static inline bool
take_digits(struct cursor *c, uint64_t *value)
{
	const char *start = c->p;
	uint64_t v = 0;

	while (c->p < c->end && is_digit(*c->p) && c->p - start < 19)
		v = v * 10 + (uint64_t)(*c->p++ - '0');
	*value = v;
	return c->p > start && c->p - start < 19;
}

static inline void *
place_of(struct observation *o, const struct step *s)
{
	return (char *)o + s->at;
}

static void
note_scope(struct observation *o, struct text scope)
{
	if (o->place.n == 0)
		o->place = scope;
}

/* What value_endpoint, value_addr and value_port read, for whatever the quick ways do not know. */
static bool
take_end_slowly(struct cursor *c, const struct step *s, struct observation *o)
{
	struct text token = take_word(c, s);
	struct endpoint *end = place_of(o, s);
	struct value_end v = { 0 };
	bool ok;

	if (token.n == 0)
		return false;
	if (s->op == OP_ENDPOINT)
		ok = value_endpoint(token, &v);
	else if (s->op == OP_ADDR)
		ok = value_addr(token, &v.end.addr, &v.scope);
	else
		ok = value_port(token, &v.end, &v.service);
	if (!ok)
		return false;
	if (s->op != OP_PORT)
		end->addr = v.end.addr;
	if (s->op != OP_ADDR) {
		end->port = v.end.port;
		end->has_port = v.end.has_port;
	}
	if (v.service.n > 0 && s->at2 != NOWHERE)
		memcpy((char *)o + s->at2, &v.service, sizeof(v.service));
	note_scope(o, v.scope);
	return true;
}

static inline bool
take_addr(struct cursor *c, const struct step *s, struct observation *o)
{
	struct endpoint *end = place_of(o, s);
	struct text t = { c->p, (size_t)(c->end - c->p) };

	if (addr_take(&t, &end->addr) && (t.n == 0 || ends_at(*t.s, s))) {
		c->p = t.s;
		return true;
	}
	return take_end_slowly(c, s, o);
}

static inline bool
take_port(struct cursor *c, const struct step *s, struct observation *o)
{
	struct endpoint *end = place_of(o, s);
	struct cursor quick = *c;
	uint64_t port;

	if (take_digits(&quick, &port) && port <= UINT16_MAX && at_edge(&quick, s)) {
		end->port = (uint16_t)port;
		end->has_port = true;
		*c = quick;
		return true;
	}
	return take_end_slowly(c, s, o);
}

/* The quick way: an IPv4 address, a separator and a decimal port. */
static inline bool
take_endpoint(struct cursor *c, const struct step *s, struct observation *o)
{
	struct endpoint *end = place_of(o, s);
	struct text t = { c->p, (size_t)(c->end - c->p) };
	struct cursor quick;
	struct addr addr;
	uint64_t port;

	if (!addr_take(&t, &addr) || addr.family != 4 || t.n == 0)
		return take_end_slowly(c, s, o);
	quick = (struct cursor){ t.s + 1, c->end };
	if ((*t.s != ':' && *t.s != '.' && *t.s != '/') || !take_digits(&quick, &port) ||
	    port > UINT16_MAX || !at_edge(&quick, s))
		return take_end_slowly(c, s, o);
	end->addr = addr;
	end->port = (uint16_t)port;
	end->has_port = true;
	*c = quick;
	return true;
}

static inline bool
take_proto(struct cursor *c, const struct step *s, struct observation *o)
{
	struct cursor quick = *c;
	struct text token;
	uint64_t number;

	if (take_digits(&quick, &number) && number <= 255 && at_edge(&quick, s)) {
		*c = quick;
		o->proto = (uint16_t)number;
		return true;
	}
	token = take_word(c, s);
	if (s->shape == SHAPE_LOWER && (token.n == 0 || token.s[0] < 'a' || token.s[0] > 'z'))
		return false;
	return value_proto(token, &o->proto);
}

static bool
has_shape(struct text token, enum shape shape)
{
	char first = shape == SHAPE_CAPS ? 'A' : 'a';
	const char *more = shape == SHAPE_CAPS ? "_-" : "_";

	if ((unsigned char)(token.s[0] - first) > 25)
		return false;
	for (size_t i = 1; i < token.n; i++)
		if ((unsigned char)(token.s[i] - first) > 25 && !is_digit(token.s[i]) &&
		    !strchr(more, token.s[i]))
			return false;
	return true;
}

static inline bool
take_text(struct cursor *c, const struct step *s, struct observation *o)
{
	struct text token = take_word(c, s);

	if (token.n == 0)
		return false;
	if (s->shape == SHAPE_CAPS || s->shape == SHAPE_LOWER) {
		if (!has_shape(token, s->shape))
			return false;
	} else if (s->shape == SHAPE_SET && token.n == 1 && token.s[0] == '0') {
		return true;
	}
	if (s->at != NOWHERE)
		*(struct text *)place_of(o, s) = token;
	return true;
}

/* The text up to the literal behind the step, or up to the end; without blanks at its ends. */
static bool
take_rest(struct cursor *c, const struct step *s, struct observation *o)
{
	const struct step *next = s + 1;
	const char *stop = c->end;
	struct text rest;
	bool blank;

	while (next->op >= OP_ROW && next->op < OP_FIELD)
		next++;
	blank = next->op == OP_BLANKS;
	if (blank)
		next++;
	if (next->op == OP_BYTE || next->op == OP_LITERAL) {
		stop = c->p;
		do {
			stop = memmem(stop, (size_t)(c->end - stop), next->literal, next->n);
			if (!stop)
				return false;
		} while (blank && (stop == c->p || !is_blank(stop[-1])) && stop++);
	}
	rest = text_trim((struct text){ c->p, (size_t)(stop - c->p) });
	for (size_t i = 0; i < rest.n; i++)
		if ((unsigned char)rest.s[i] < ' ' && rest.s[i] != '\t')
			return false;
	if (rest.n == 0)
		return false;
	c->p = blank ? rest.s + rest.n : stop;
	if (s->at != NOWHERE)
		*(struct text *)place_of(o, s) = rest;
	return true;
}

static inline bool
take_duration(struct cursor *c, const struct step *s, struct observation *o)
{
	struct cursor quick = *c;
	uint64_t seconds;
	uint32_t clamped;
	bool known = true;

	if (take_digits(&quick, &seconds) && at_edge(&quick, s)) {
		*c = quick;
		clamped = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
	} else if (!value_duration(take_word(c, s), &clamped, &known)) {
		return false;
	}
	if (!known || (s->shape == SHAPE_SET && clamped == 0))
		return true;
	*(uint32_t *)place_of(o, s) = clamped;
	o->counters.has |= s->has;
	return true;
}

static inline bool
take_counter(struct cursor *c, const struct step *s, struct observation *o, struct found *found)
{
	struct text t = { c->p, (size_t)(c->end - c->p) };
	struct cursor quick = *c;
	uint64_t value;

	if (s->shape != SHAPE_SPACED && take_digits(&quick, &value) && at_edge(&quick, s))
		c->p = quick.p;
	else if (value_counter(&t, s->shape == SHAPE_SPACED, &value))
		c->p = t.s;
	else
		return false;
	if (s->op == OP_TOTAL) {
		found->total = value;
		found->has_total = true;
	} else {
		*(uint64_t *)place_of(o, s) = value;
		o->counters.has |= s->has;
	}
	return at_edge(c, s);
}

static inline bool
take_number(struct cursor *c, const struct step *s)
{
	while (c->p < c->end && is_digit(*c->p))
		c->p++;
	return at_edge(c, s);
}

static inline bool
take_hex(struct cursor *c, const struct step *s)
{
	if (c->end - c->p > 2 && c->p[0] == '0' && (c->p[1] | 0x20) == 'x')
		c->p += 2;
	while (c->p < c->end && (is_digit(*c->p) || (unsigned char)((*c->p | 0x20) - 'a') <= 5))
		c->p++;
	return at_edge(c, s);
}

/* Takes a field; at least one byte, up to an edge. */
static inline bool
take_field(struct cursor *c, const struct step *s, struct observation *o, struct found *found)
{
	if (at_edge(c, s))
		return false;
	switch (s->op) {
	case OP_ENDPOINT: return take_endpoint(c, s, o);
	case OP_ADDR: return take_addr(c, s, o);
	case OP_PORT: return take_port(c, s, o);
	case OP_PROTO: return take_proto(c, s, o);
	case OP_WORD: return take_text(c, s, o);
	case OP_DURATION: return take_duration(c, s, o);
	case OP_TOTAL:
	case OP_COUNTER: return take_counter(c, s, o, found);
	case OP_NUMBER: return take_number(c, s);
	case OP_HEX: return take_hex(c, s);
	case OP_CALL: return s->call(take_word(c, s), o);
	default: return false;
	}
}

/* What a field of a group that was not there has written. */
static void
forget_field(const struct step *s, struct observation *o)
{
	o->counters.has &= ~(uint32_t)s->has;
	if (s->op == OP_ENDPOINT || s->op == OP_ADDR)
		memset(place_of(o, s), 0, sizeof(struct endpoint));
	else if (s->op == OP_PORT)
		((struct endpoint *)place_of(o, s))->has_port = false;
	else if (s->op == OP_PROTO)
		o->proto = PROTO_NONE;
	else if (s->op == OP_WORD && s->at != NOWHERE)
		memset(place_of(o, s), 0, sizeof(struct text));
	if (s->op <= OP_PORT && s->at2 != NOWHERE)
		memset((char *)o + s->at2, 0, sizeof(struct text));
}

static void
state_fact(const struct step *s, struct observation *o, struct found *found)
{
	struct text text = { s->literal, s->n };

	switch (s->op) {
	case OP_SET_BYTE: *(uint8_t *)place_of(o, s) = (uint8_t)s->n; break;
	case OP_SET_PROTO: o->proto = s->n; break;
	case OP_SET_TEXT: *(struct text *)place_of(o, s) = text; break;
	case OP_UNREAD: found->unread = s->literal; break;
	default: break;
	}
}

static inline bool
take_literal(struct cursor *c, const struct step *s)
{
	if ((size_t)(c->end - c->p) < s->n || *c->p != *s->literal ||
	    memcmp(c->p, s->literal, s->n) != 0)
		return false;
	c->p += s->n;
	return true;
}

/* At least one blank, or nothing at the end of the line. */
static inline bool
take_blanks(struct cursor *c)
{
	if (c->p == c->end)
		return true;
	if (!is_blank(*c->p))
		return false;
	do
		c->p++;
	while (c->p < c->end && is_blank(*c->p));
	return true;
}

static inline void
skip_blanks(struct cursor *c)
{
	while (c->p < c->end && is_blank(*c->p))
		c->p++;
}

/* The key of the bag at the cursor that was not used yet; NULL when the word is none. */
static const struct step *
find_key(const struct cursor *c, const struct step *bag, const struct step *steps, uint32_t used)
{
	const struct step *behind = steps + bag->skip;
	unsigned i = 0;

	for (const struct step *s = bag + 1; s < behind; s = steps + s->skip, i++) {
		struct cursor ahead = *c;

		if ((used >> i & 1) == 0 && take_literal(&ahead, s))
			return s;
	}
	return NULL;
}

/* Words in any order, up to the literal behind the bag or the end of the line. Equal keys are
 * told apart by their order. A known key whose value does not read fails the line. */
static bool
take_bag(struct cursor *c, const struct step *bag, const struct step *steps, struct observation *o,
    struct found *found)
{
	const struct step *behind = steps + bag->skip, *key;
	uint32_t used = 0;

	for (;;) {
		struct cursor ahead;

		skip_blanks(c);
		ahead = *c;
		if (c->p == c->end || (behind->op <= OP_LITERAL && behind->op >= OP_BYTE &&
					  take_literal(&ahead, behind)))
			return true;
		key = find_key(c, bag, steps, used);
		if (!key) {
			while (c->p < c->end && !is_blank(*c->p))
				c->p++;
			continue;
		}
		used |= 1U << ((key - bag - 1) / 2);
		c->p += key->n;
		if (!take_field(c, key + 1, o, found))
			return false;
	}
}

bool
pattern_match(
    const struct pattern *pattern, struct text line, struct observation *o, struct found *found)
{
	const struct step *steps = pattern->steps, *s = steps, *window = NULL;
	struct cursor c = { line.s, line.s + line.n }, before = c;
	bool ok;

	if (s->op != OP_BLANKS)
		skip_blanks(&c);
	for (;; s++) {
		switch (s->op) {
		case OP_END: skip_blanks(&c); return c.p == c.end;
		case OP_OPENED: return true;
		case OP_BYTE:
			ok = c.p < c.end && *c.p == *s->literal;
			c.p += ok;
			break;
		case OP_LITERAL: ok = take_literal(&c, s); break;
		case OP_BLANKS: ok = take_blanks(&c); break;
		case OP_GROUP:
			before = c;
			window = steps + s->window;
			continue;
		case OP_BAG:
			ok = take_bag(&c, s, steps, o, found);
			s = steps + s->skip - 1;
			break;
		case OP_ROW: ok = s->call((struct text){ 0 }, o); break;
		case OP_SET_BYTE:
		case OP_SET_PROTO:
		case OP_SET_TEXT:
		case OP_UNREAD: state_fact(s, o, found); continue;
		case OP_REST: ok = take_rest(&c, s, o); break;
		default: ok = take_field(&c, s, o, found); break;
		}
		if (ok)
			continue;
		if (!window || s > window)
			return false;
		/* Not this group: go on behind it. */
		while (s->op != OP_GROUP) {
			forget_field(s, o);
			s--;
		}
		c = before;
		window = NULL;
		s = steps + s->skip - 1;
	}
}
