/* The second pass of the pattern compiler: it works out where open-ended fields stop and what
 * decides an optional group, and refuses what would be ambiguous. */
#include "drivers/pattern.h"

struct check {
	struct pattern *pattern;
	const char *source;
	struct error *err;
};

static int
fault(const struct check *c, const struct step *s, const char *what)
{
	return error_set(c->err, "pattern \"%s\", column %u: %s", c->source, s->column, what);
}

static bool
is_fact(const struct step *s)
{
	return s->op >= OP_ROW && s->op < OP_FIELD;
}

static unsigned
index_of(const struct check *c, const struct step *s)
{
	return (unsigned)(s - c->pattern->steps);
}

/* The step that acts at i: facts take nothing from the line. */
static const struct step *
acting(const struct check *c, unsigned i)
{
	const struct step *s = &c->pattern->steps[i];

	while (is_fact(s))
		s++;
	return s;
}

/* Where a field that ends before step i has to stop: the first bytes of what may follow it. */
static int
find_stops(struct check *c, unsigned i, struct step *field)
{
	const struct step *s = acting(c, i);

	if (s->op == OP_GROUP)
		return find_stops(c, index_of(c, s) + 1, field) < 0 ? -1
								    : find_stops(c, s->skip, field);
	if (s->blanks)
		return 0;
	if (s->n == 0 && s->op >= OP_FIELD)
		return fault(
		    c, s, "two fields with nothing between them: where does the first end?");
	if (s->n == 0 || s->literal[0] == field->stop || s->literal[0] == field->stop2)
		return 0;
	if (field->stop == '\0')
		field->stop = s->literal[0];
	else if (field->stop2 == '\0')
		field->stop2 = s->literal[0];
	else
		return fault(c, field, "a field with more than two ways to end");
	return 0;
}

/* A field that runs over blanks ends at a literal or at the end of the line. */
static int
check_rest(const struct check *c, unsigned i)
{
	const struct step *s = acting(c, i);

	if (s->n > 0 || s->op == OP_END || s->op == OP_OPENED)
		return 0;
	return fault(c, s, "{...} has to end at a literal or at the end of the line");
}

static bool
is_number(const struct step *s)
{
	return s->op >= OP_DURATION && s->op <= OP_HEX;
}

static bool
begin_alike(const struct step *a, const struct step *b)
{
	if (a->n > 0 && b->n > 0)
		return memcmp(a->literal, b->literal, a->n < b->n ? a->n : b->n) == 0;
	if (a->n > 0 || b->n > 0)
		return false;
	if (is_number(a) && is_number(b))
		return true;
	return a->op >= OP_FIELD && a->op == b->op && a->shape == b->shape;
}

/* A group is decided by the literal that it begins with, or else by its first field and the blanks
 * or the literal behind that. */
static int
decide_group(const struct check *c, unsigned i)
{
	const struct step *steps = c->pattern->steps, *group = &steps[i], *first = group + 1;
	const struct step *behind = first + 1, *after = &steps[group->skip];

	if (first->n == 0 && (first->op < OP_FIELD || first->op == OP_REST) &&
	    !(first->blanks && first->op == OP_NOTHING))
		return fault(c, group, "a group has to begin with a literal or a field");
	if (first->n == 0 && behind < after && behind->n > 0)
		return 0;
	if (begin_alike(first, after))
		return fault(c, group, "a group and what follows it begin alike");
	if (first->n > 0 || first->op != OP_WORD || first->shape != SHAPE_ANY ||
	    after->op == OP_END || after->op == OP_OPENED)
		return 0;
	return fault(c, group, "a group that any word may begin: give the word a shape");
}

/* A run of blanks takes all of them: a second one right behind it finds none. */
static bool
leads_to_blanks(const struct check *c, unsigned i)
{
	const struct step *s = acting(c, i);

	if (s->op != OP_GROUP)
		return s->blanks;
	return leads_to_blanks(c, index_of(c, s) + 1) || leads_to_blanks(c, s->skip);
}

/* A field that stands twice where both are always there: which one counts? */
static bool
is_named_before(const struct check *c, unsigned i)
{
	const struct step *steps = c->pattern->steps;
	unsigned inside = 0;

	for (unsigned k = 0; k <= i; k++) {
		if ((steps[k].op == OP_GROUP || steps[k].op == OP_BAG) && steps[k].skip > inside)
			inside = steps[k].skip;
		if (k < inside)
			continue;
		if (k < i && steps[k].op == steps[i].op && steps[k].at == steps[i].at &&
		    steps[k].value == steps[i].value)
			return inside <= i;
	}
	return false;
}

static int
check_step(struct check *c, unsigned i)
{
	struct step *s = &c->pattern->steps[i];

	if (s->op == OP_NOTHING && s->n == 0 && leads_to_blanks(c, i + 1))
		return fault(c, s, "blanks follow blanks: the first take them all");
	if (s->op == OP_REST)
		return check_rest(c, i + 1);
	if (s->op == OP_GROUP)
		return decide_group(c, i);
	if (s->op < OP_FIELD)
		return 0;
	if (s->at != NOWHERE && is_named_before(c, i))
		return fault(c, s, "a field named twice");
	return find_stops(c, i + 1, s);
}

static bool
is_hex_digit(unsigned char c)
{
	return strchr("0123456789abcdefABCDEF", c) && c != '\0';
}

static bool
is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_decimal(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* A value of the step's type may begin with the byte. It is said of some bytes that none begins
 * with, never the other way round. */
static bool
may_begin_value(const struct step *s, unsigned char c)
{
	switch (s->op) {
	case OP_ENDPOINT:
	case OP_ADDR: return is_hex_digit(c) || strchr(":[*-", c);
	case OP_PORT:
	case OP_PROTO: return is_decimal(c) || is_upper(c) || is_lower(c) || strchr("*-", c);
	case OP_DURATION: return is_decimal(c) || strchr(":-nN", c);
	case OP_COUNTER:
	case OP_TOTAL:
	case OP_NUMBER: return is_decimal(c);
	case OP_HEX:
	case OP_HEXED: return is_hex_digit(c);
	case OP_WORD:
		return c > ' ' && (s->shape != SHAPE_CAPS || is_upper(c)) &&
		       (s->shape != SHAPE_LOWER || is_lower(c)) &&
		       (s->shape != SHAPE_MAC || is_hex_digit(c) || strchr(".:-", c));
	default: return true;
	}
}

/* What stands from step i on may begin with the byte, blanks before it apart. */
static bool
may_begin(const struct check *c, unsigned i, unsigned char byte)
{
	const struct step *s = acting(c, i);

	if (s->op == OP_GROUP)
		return may_begin(c, index_of(c, s) + 1, byte) || may_begin(c, s->skip, byte);
	if (s->n > 0)
		return (unsigned char)s->literal[0] == byte;
	return s->op == OP_NOTHING ? may_begin(c, index_of(c, s) + 1, byte)
				   : may_begin_value(s, byte);
}

int
pattern_check(struct pattern *pattern, const char *source, struct error *err)
{
	struct check check = { pattern, source, err };
	const struct step *first;

	for (unsigned i = 0; i < pattern->n; i++) {
		if (check_step(&check, i) < 0)
			return -1;
		if (pattern->steps[i].op == OP_BAG)
			i = pattern->steps[i].skip - 1U; /* the values of keys end at blanks */
	}
	for (unsigned byte = 0; byte < 256; byte++)
		pattern->begins[byte] = may_begin(&check, 0, (unsigned char)byte);
	first = acting(&check, 0);
	if (first->n > 0 && !first->blanks) {
		pattern->bits = first->bits;
		pattern->mask = first->mask;
	}
	return 0;
}

static bool
is_same(const struct step *a, const struct step *b)
{
	if (a->op != b->op || a->shape != b->shape || a->blanks != b->blanks ||
	    a->stop != b->stop || a->stop2 != b->stop2 || a->n != b->n || a->skip != b->skip ||
	    a->value != b->value || a->at != b->at || a->at2 != b->at2 || a->has != b->has ||
	    (a->n > 0 && memcmp(a->literal, b->literal, a->n) != 0))
		return false;
	if (a->op == OP_SET_TEXT)
		return strcmp(a->text, b->text) == 0;
	return (a->op != OP_ROW && a->op != OP_CALL) || a->call == b->call;
}

/* How many steps both begin with, whatever the line: groups among them are whole, and none depends
 * on what comes behind. */
static unsigned
count_alike(const struct pattern *a, const struct pattern *b)
{
	unsigned alike = 0, inside = 0, bag = 0;
	bool looks_on = false; /* the last step ends where the one behind it begins */

	for (unsigned i = 0; i < a->n && i < b->n && is_same(&a->steps[i], &b->steps[i]); i++) {
		const struct step *s = &a->steps[i];

		if (s->op == OP_UNREAD)
			break;
		if ((s->op == OP_GROUP || s->op == OP_BAG) && s->skip > inside)
			inside = s->skip;
		if (s->op == OP_BAG)
			bag = s->skip;
		if (i < bag || s->op == OP_REST)
			looks_on = true;
		else if (!is_fact(s))
			looks_on = false;
		if (i + 1 >= inside && !looks_on)
			alike = i + 1;
	}
	return alike;
}

void
pattern_link(struct pattern *before, struct pattern *pattern)
{
	enum { WORTH = 2 }; /* fields, for what it takes to keep the observation */
	const unsigned alike = count_alike(before, pattern);
	struct step *part = &before->steps[alike];
	unsigned fields = 0;

	before->next = pattern;
	before->alike = alike;
	for (unsigned i = 0; i < alike; i++)
		fields += before->steps[i].op >= OP_FIELD;
	if (fields < WORTH)
		return;
	memmove(part + 1, part, (before->n + 1 - alike) * sizeof(*part));
	*part = (struct step){ .op = OP_PART, .at = NOWHERE, .at2 = NOWHERE };
	before->n++;
	for (unsigned i = 0; i < before->n; i++)
		before->steps[i].skip += before->steps[i].skip > alike;
	before->from += before->from > alike;
	pattern->from = alike;
}
