/* Walks a line along the steps of a pattern: one pass, no allocation, nothing is tried twice but
 * the first field of an optional group. */
#include "drivers/fields.h"

static void
forget_hexed(const struct step *s, struct observation *o)
{
	if (s->value == OP_PROTO)
		o->proto = PROTO_NONE;
	else
		memset(place_of(o, s), 0, sizeof(struct endpoint));
}

/* What a field of a group that was not there has written. */
static void
forget_field(const struct step *s, struct observation *o)
{
	o->counters.has &= ~(uint32_t)s->has;
	if (s->op == OP_ENDPOINT || s->op == OP_ADDR)
		memset(place_of(o, s), 0, sizeof(struct endpoint));
	else if (s->op == OP_HEXED)
		forget_hexed(s, o);
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
	struct text text = { s->text, s->value };

	switch (s->op) {
	case OP_SET_BYTE: *(uint8_t *)place_of(o, s) = (uint8_t)s->value; break;
	case OP_SET_PROTO: o->proto = s->value; break;
	case OP_SET_TEXT: *(struct text *)place_of(o, s) = text; break;
	case OP_UNREAD: found->unread = s->text; break;
	default: break;
	}
}

/* The first eight bytes of a literal are compared at once, then its last eight. */
static __always_inline bool
starts_with(const char *p, const char *end, const struct step *s)
{
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	if ((bytes ^ s->bits) & s->mask)
		return false;
	if (s->n <= sizeof(bytes))
		return true;
	if (s->n > 2 * sizeof(bytes))
		return end - p >= s->n && memcmp(p, s->literal, s->n) == 0;
	return memcmp(p + s->n - sizeof(bytes), s->literal + s->n - sizeof(bytes), sizeof(bytes)) ==
	       0;
}

/* Mostly there is one. */
static __always_inline const char *
skip_few_blanks(const char *p)
{
	if (*p == ' ' && (unsigned char)*++p > ' ')
		return p;
	return skip_blanks(p);
}

/* The blanks (at least one, or the end of the line) and the literal of a step. */
static __always_inline const char *
take_opening(const char *p, const char *end, const struct step *s)
{
	if (s->blanks) {
		if (!is_blank(*p) && p != end)
			return NULL;
		p = skip_few_blanks(p);
	}
	if (s->n == 0)
		return p;
	return starts_with(p, end, s) ? p + s->n : NULL;
}

/* What stands in quotes, blanks and all, is one value; none at all is no value. */
static const char *
take_quoted(const char *p, const char *end, const struct step *key, struct observation *o,
    struct found *found)
{
	const char *close = quotes_end(p, end);
	struct step inside = *key;

	if (!close || close == p + 1)
		return close ? close + 1 : NULL;
	if (key->op == OP_WORD && key->shape == SHAPE_ANY) {
		if (key->at != NOWHERE)
			*(struct text *)place_of(
			    o, key) = (struct text){ p + 1, (size_t)(close - p - 1) };
		return close + 1;
	}
	inside.stop = '"';
	return take_field(p + 1, end, &inside, o, found) == close ? close + 1 : NULL;
}

/* Words in any order, up to the literal behind the bag or the end of the line. Equal keys are
 * told apart by their order. A known key whose value does not read fails the line. */
static const char *
take_bag(const char *p, const char *end, const struct step *bag, const struct step *behind,
    struct observation *o, struct found *found)
{
	uint32_t used = 0, bit;

	if (bag + 1 == behind && behind->n == 0)
		return end;
	for (;;) {
		const struct step *key = bag + 1;

		p = skip_few_blanks(p);
		if (p == end || (behind->n > 0 && starts_with(p, end, behind)))
			return p;
		if (!(bag->initials >> ((unsigned char)*p & 31) & 1))
			key = behind;
		for (bit = 1; key < behind; key++, bit <<= 1)
			if (!(used & bit) && starts_with(p, end, key))
				break;
		if (key == behind) {
			p = bag->shape == SHAPE_QUOTED ? quoted_word_end(p, end)
						       : word_end_any(p, end);
			if (!p)
				return NULL;
			continue;
		}
		used |= bit;
		p += key->n;
		if (bag->shape == SHAPE_QUOTED && *p == '"')
			p = take_quoted(p, end, key, o, found);
		else
			p = key->op == OP_COUNTER ? take_counter(p, end, key, o)
						  : take_field(p, end, key, o, found);
		if (!p)
			return NULL;
	}
}

/* A group is left out if what it begins with is not there: its literal, or else its first field
 * with what stands right behind that. s: the step that failed; opened: not by its blanks or its
 * literal. */
static inline bool
is_left_out(const struct step *group, const struct step *behind, const struct step *s, bool opened)
{
	if (s >= behind)
		return false;
	if (group[1].n > 0)
		return s == group + 1 && !opened;
	return s <= group + (opened ? 1 : 2);
}

static const char *__attribute__((noinline))
note_parting(struct walk *walk, const struct step *s, const char *p, const struct observation *o)
{
	if (walk->keeps == 0)
		return p;
	walk->parted = s;
	walk->at = p;
	memcpy(&walk->o, o, walk->size);
	return p;
}

/* Where the line stands before the first step of the walk. */
static inline const char *
walk_start(const struct pattern *pattern, struct text line, struct walk *walk)
{
	walk->parted = NULL;
	if (walk->from > 0)
		return walk->at;
	return pattern->steps[0].blanks ? line.s : skip_blanks(line.s);
}

bool
pattern_walk(
    const struct pattern *pattern, struct text line, struct observation *o, struct walk *walk)
{
	const struct step *steps = pattern->steps, *s = steps + walk->from, *group = NULL;
	const char *p = walk_start(pattern, line, walk), *end = line.s + line.n;
	const char *before = p, *opened, *after;
	struct last_end last = { 0 };

	for (;; s++) {
		after = opened = take_opening(p, end, s);
		if (opened)
			switch (s->op) {
			case OP_END:
				walk->failed = (unsigned)(s - steps);
				return skip_blanks(opened) == end;
			case OP_OPENED: return true;
			case OP_NOTHING: break;
			case OP_GROUP:
				group = s;
				before = opened;
				break;
			case OP_BAG:
				after = take_bag(opened, end, s, steps + s->skip, o, &walk->found);
				s = steps + s->skip - 1;
				break;
			case OP_ROW: after = s->call((struct text){ 0 }, o) ? opened : NULL; break;
			case OP_SET_BYTE:
			case OP_SET_PROTO:
			case OP_SET_TEXT:
			case OP_UNREAD: state_fact(s, o, &walk->found); break;
			/* The frequent ones of take_field stand here, for one jump a step. */
			case OP_ENDPOINT: after = take_endpoint(opened, s, o, &last); break;
			case OP_ADDR: after = take_addr(opened, s, o); break;
			case OP_PORT: after = take_port(opened, s, o); break;
			case OP_PROTO: after = take_proto(opened, s, o); break;
			case OP_WORD: after = take_text(opened, s, o); break;
			case OP_DURATION: after = take_duration(opened, s, o); break;
			case OP_COUNTER: after = take_counter(opened, end, s, o); break;
			case OP_NUMBER: after = take_number(opened, s); break;
			case OP_HEX: after = take_hex(opened, s); break;
			case OP_PART: after = note_parting(walk, s, p, o); break;
			default: after = take_field(opened, end, s, o, &walk->found); break;
			}
		p = after;
		if (p)
			continue;
		if (!group || !is_left_out(group, steps + group->skip, s, opened)) {
			walk->failed = (unsigned)(s - steps);
			return false;
		}
		if (opened || s > group + 1)
			forget_field(group + 1, o);
		last.n = 0;
		p = before;
		s = steps + group->skip - 1;
		group = NULL;
	}
}

bool
pattern_match(
    const struct pattern *pattern, struct text line, struct observation *o, struct found *found)
{
	struct walk walk;

	walk.from = 0;
	walk.keeps = 0;
	walk.found = *found;
	if (!pattern_walk(pattern, line, o, &walk))
		return false;
	*found = walk.found;
	return true;
}
