/* Compiles patterns. The steps come in the order of the line; a second pass over them works out
 * where open-ended fields stop, and what decides an optional group (pattern_check.c). */
#include <stdarg.h>
#include <stddef.h>

#include "base/arena.h"
#include "drivers/function.h"
#include "drivers/pattern.h"

#define AT(member) offsetof(struct observation, member)

enum { MAX_DEPTH = 3, MAX_KEYS = 32 };

struct field {
	const char *name;
	uint8_t op;
	uint16_t at, at2, has;
};

static const struct field fields[] = {
	{ "_", OP_WORD, NOWHERE, NOWHERE, 0 },
	{ "age", OP_DURATION, AT(counters.age), NOWHERE, HAS_AGE },
	{ "app", OP_WORD, AT(app), NOWHERE, 0 },
	{ "bytes", OP_COUNTER, AT(counters.bytes_total), NOWHERE, HAS_BYTES_TOTAL },
	{ "bytes.far", OP_COUNTER, AT(counters.bytes_far), NOWHERE, HAS_BYTES_FAR },
	{ "bytes.near", OP_COUNTER, AT(counters.bytes_near), NOWHERE, HAS_BYTES_NEAR },
	{ "client", OP_WORD, AT(more.client), NOWHERE, 0 },
	{ "cmd", OP_WORD, AT(more.cmd), NOWHERE, 0 },
	{ "event", OP_WORD, AT(more.event), NOWHERE, 0 },
	{ "far", OP_ENDPOINT, AT(far), AT(far_service), 0 },
	{ "far.addr", OP_ADDR, AT(far), NOWHERE, 0 },
	{ "far.iface", OP_WORD, AT(far_iface), NOWHERE, 0 },
	{ "far.port", OP_PORT, AT(far), AT(far_service), 0 },
	{ "far_nat", OP_ENDPOINT, AT(far_nat), NOWHERE, 0 },
	{ "far_nat.addr", OP_ADDR, AT(far_nat), NOWHERE, 0 },
	{ "far_nat.port", OP_PORT, AT(far_nat), NOWHERE, 0 },
	{ "from", OP_WORD, AT(more.from), NOWHERE, 0 },
	{ "hex", OP_HEX, NOWHERE, NOWHERE, 0 },
	{ "idle", OP_DURATION, AT(counters.idle), NOWHERE, HAS_IDLE },
	{ "kind", OP_WORD, AT(more.kind), NOWHERE, 0 },
	{ "left", OP_DURATION, AT(counters.left), NOWHERE, HAS_LEFT },
	{ "mac", OP_WORD, AT(mac), NOWHERE, 0 },
	{ "nas", OP_WORD, AT(more.nas), NOWHERE, 0 },
	{ "near", OP_ENDPOINT, AT(near), AT(near_service), 0 },
	{ "near.addr", OP_ADDR, AT(near), NOWHERE, 0 },
	{ "near.iface", OP_WORD, AT(near_iface), NOWHERE, 0 },
	{ "near.port", OP_PORT, AT(near), AT(near_service), 0 },
	{ "near_nat", OP_ENDPOINT, AT(near_nat), NOWHERE, 0 },
	{ "near_nat.addr", OP_ADDR, AT(near_nat), NOWHERE, 0 },
	{ "near_nat.port", OP_PORT, AT(near_nat), NOWHERE, 0 },
	{ "number", OP_NUMBER, NOWHERE, NOWHERE, 0 },
	{ "opens", OP_WORD, AT(more.opens), NOWHERE, 0 },
	{ "packets.far", OP_COUNTER, AT(counters.packets_far), NOWHERE, HAS_PACKETS_FAR },
	{ "packets.near", OP_COUNTER, AT(counters.packets_near), NOWHERE, HAS_PACKETS_NEAR },
	{ "place", OP_WORD, AT(place), NOWHERE, 0 },
	{ "proto", OP_PROTO, AT(proto), NOWHERE, 0 },
	{ "remote", OP_WORD, AT(more.remote), NOWHERE, 0 },
	{ "state", OP_WORD, AT(state), NOWHERE, 0 },
	{ "task", OP_WORD, AT(more.task), NOWHERE, 0 },
	{ "time", OP_WORD, AT(more.time), NOWHERE, 0 },
	{ "total", OP_TOTAL, NOWHERE, NOWHERE, 0 },
	{ "tty", OP_WORD, AT(more.tty), NOWHERE, 0 },
	{ "user", OP_WORD, AT(user), NOWHERE, 0 },
	{ "vlan", OP_WORD, AT(more.vlan), NOWHERE, 0 },
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

static const struct {
	const char *name;
	uint8_t shape;
	uint8_t op; /* the only operation it goes with */
} shapes[] = {
	{ "caps", SHAPE_CAPS, OP_WORD },
	{ "hex", SHAPE_HEX, OP_ADDR },
	{ "hex", SHAPE_HEX, OP_PORT },
	{ "hex", SHAPE_HEX, OP_PROTO },
	{ "hex", SHAPE_HEX, OP_ENDPOINT },
	{ "lower", SHAPE_LOWER, OP_PROTO },
	{ "lower", SHAPE_LOWER, OP_WORD },
	{ "mac", SHAPE_MAC, OP_WORD },
	{ "pair", SHAPE_PAIR, OP_WORD },
	{ "native", SHAPE_NATIVE, OP_ENDPOINT },
	{ "scaled", SHAPE_SCALED, OP_COUNTER },
	{ "set", SHAPE_SET, OP_DURATION },
	{ "set", SHAPE_SET, OP_WORD },
	{ "spaced", SHAPE_SPACED, OP_COUNTER },
};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

struct build {
	const char *source, *at; /* the pattern, and where we are in it */
	struct pattern *pattern;
	char *text;     /* where the next literal byte goes */
	unsigned depth; /* open groups */
	bool open_end;  /* the last step has no operation yet: the next element may become it */
	uint16_t open[MAX_DEPTH];
	const struct function *own;
	struct error *err;
};

static int __attribute__((format(printf, 2, 3)))
fault(const struct build *b, const char *format, ...)
{
	char what[200];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return error_set(b->err, "pattern \"%s\", column %zu: %s", b->source,
	    (size_t)(b->at - b->source) + 1, what);
}

/* The next step, zeroed; NULL when there are too many. */
static struct step *
add(struct build *b, enum op op)
{
	struct step *s;

	b->open_end = false;
	if (b->pattern->n >= LIMIT_PATTERN_STEPS) {
		fault(b, "more than %d steps", LIMIT_PATTERN_STEPS);
		return NULL;
	}
	s = &b->pattern->steps[b->pattern->n++];
	*s = (struct step){
		.op = (uint8_t)op,
		.at = NOWHERE,
		.at2 = NOWHERE,
		.column = (uint16_t)(b->at - b->source + 1),
	};
	return s;
}

static struct step *
last(const struct build *b)
{
	return &b->pattern->steps[b->pattern->n - 1];
}

/* An operation: that of the last step, if it has none yet. */
static struct step *
operate(struct build *b, enum op op)
{
	if (!b->open_end)
		return add(b, op);
	b->open_end = false;
	last(b)->op = (uint8_t)op;
	last(b)->column = (uint16_t)(b->at - b->source + 1);
	return last(b);
}

/* Keeps n bytes of a literal. */
static const char *
keep(struct build *b, const char *bytes, size_t n)
{
	char *kept = b->text;

	memcpy(kept, bytes, n);
	kept[n] = '\0';
	b->text += n + 1;
	return kept;
}

/* A run of literal bytes: up to a blank or a byte with a meaning. */
static int
add_literal(struct build *b)
{
	char run[LIMIT_NAME];
	size_t n = 0;
	struct step *s;

	while (*b->at && n < sizeof(run) && !strchr(" \t[]{}<", *b->at)) {
		if (*b->at == '\\' && *++b->at == '\0')
			return fault(b, "nothing behind the backslash");
		if ((unsigned char)*b->at < ' ')
			return fault(b, "a control byte");
		run[n++] = *b->at++;
	}
	s = b->open_end && last(b)->n == 0 ? last(b) : add(b, OP_NOTHING);
	if (!s)
		return -1;
	s->n = (uint8_t)n;
	s->literal = keep(b, run, n);
	memcpy(&s->bits, run, n < sizeof(s->bits) ? n : sizeof(s->bits));
	memset(&s->mask, 0xff, n < sizeof(s->mask) ? n : sizeof(s->mask));
	b->open_end = true;
	return 0;
}

static int
add_blanks(struct build *b)
{
	struct step *s = add(b, OP_NOTHING);

	while (*b->at == ' ' || *b->at == '\t')
		b->at++;
	if (!s)
		return -1;
	s->blanks = true;
	b->open_end = true;
	return 0;
}

static int
add_group(struct build *b)
{
	if (b->depth == MAX_DEPTH)
		return fault(b, "groups nested deeper than %d", MAX_DEPTH);
	if (b->pattern->n > 0 && last(b)->op == OP_GROUP)
		return fault(b, "a group begins with a group: nothing decides it");
	b->open[b->depth++] = (uint16_t)b->pattern->n;
	if (!add(b, OP_GROUP))
		return -1;
	b->at++;
	return 0;
}

static int
end_group(struct build *b)
{
	uint16_t opened;

	if (b->depth == 0)
		return fault(b, "] without [");
	opened = b->open[--b->depth];
	if (opened + 1U == b->pattern->n)
		return fault(b, "an empty group");
	b->pattern->steps[opened].skip = (uint16_t)b->pattern->n;
	b->open_end = false;
	b->at++;
	return 0;
}

/* {proto=tcp} {starter=near} {scope=host} {state=listen} {current=yes} {unread=why} */
static int
add_fact(struct build *b, struct text name, struct text value)
{
	static const char *const starters[] = { "unknown", "near", "far" };
	struct step *s;
	uint16_t proto;

	if (text_is(name, "proto")) {
		if (!proto_parse(value, &proto))
			return fault(b, "no such protocol: %.*s", (int)value.n, value.s);
		s = add(b, OP_SET_PROTO);
		if (s)
			s->value = proto;
		return s ? 0 : -1;
	}
	s = add(b, text_is(name, "unread") ? OP_UNREAD : OP_SET_TEXT);
	if (!s)
		return -1;
	s->text = keep(b, value.s, value.n);
	s->value = (uint16_t)value.n;
	if (s->op == OP_UNREAD)
		return 0;
	if (text_is(name, "current") && text_is(value, "yes")) {
		s->op = OP_SET_BYTE;
		s->at = AT(more.current);
		s->value = 1;
		return 0;
	}
	for (uint16_t i = 0; i < 3; i++) {
		bool starter = text_is(name, "starter") && text_is(value, starters[i]);

		if (starter || (text_is(name, "scope") && text_is(value, scope_name(i)))) {
			s->op = OP_SET_BYTE;
			s->at = starter ? AT(starter) : AT(scope);
			s->value = i;
			return 0;
		}
	}
	for (unsigned i = 0; i < FIELDS; i++)
		if (fields[i].op == OP_WORD && fields[i].at != NOWHERE &&
		    text_is(name, fields[i].name))
			s->at = fields[i].at;
	if (s->at == NOWHERE)
		return fault(
		    b, "{%.*s=%.*s} states no fact", (int)name.n, name.s, (int)value.n, value.s);
	return 0;
}

/* {_!name} hands a word to a function, {row!name} the row */
static int
add_call(struct build *b, struct text name, struct text function)
{
	pattern_function *call = function_find(b->own, function);
	struct step *s;

	if (!call)
		return fault(b, "no function %.*s", (int)function.n, function.s);
	if (!text_is(name, "_") && !text_is(name, "row"))
		return fault(b, "a function takes {_!%.*s} or {row!%.*s}", (int)function.n,
		    function.s, (int)function.n, function.s);
	s = text_is(name, "row") ? add(b, OP_ROW) : operate(b, OP_CALL);
	if (s)
		s->call = call;
	return s ? 0 : -1;
}

static int
unknown_field(const struct build *b, struct text name)
{
	const char *names[FIELDS + 1] = { 0 };
	char token[LIMIT_NAME];
	const char *nearest;

	for (unsigned i = 0; i < FIELDS; i++)
		names[i] = fields[i].name;
	text_copy(name, token, sizeof(token));
	nearest = text_nearest(token, names);
	if (nearest)
		return fault(b, "no field {%s}: did you mean {%s}?", token, nearest);
	return fault(b, "no field {%s}", token);
}

/* {name} {name:shape} {name...} */
static int
add_field(struct build *b, struct text name, struct text shape, bool rest)
{
	const struct field *f = NULL;
	struct step *s;

	for (unsigned i = 0; i < FIELDS && !f; i++)
		if (text_is(name, fields[i].name))
			f = &fields[i];
	if (!f)
		return unknown_field(b, name);
	if (rest && f->op != OP_WORD)
		return fault(b, "{%s...}: only a text can hold blanks", f->name);
	s = operate(b, rest ? OP_REST : f->op);
	if (!s)
		return -1;
	s->at = f->at;
	s->at2 = f->at2;
	s->has = f->has;
	if (shape.n == 0)
		return 0;
	for (unsigned i = 0; i < SHAPES; i++)
		if (text_is(shape, shapes[i].name) && shapes[i].op == s->op)
			s->shape = shapes[i].shape;
	if (s->shape == SHAPE_ANY)
		return fault(b, "{%s} has no shape %.*s", f->name, (int)shape.n, shape.s);
	if (s->shape == SHAPE_HEX || s->shape == SHAPE_NATIVE) {
		s->value = s->op;
		s->op = OP_HEXED;
	}
	return 0;
}

static int
add_braces(struct build *b)
{
	const char *end = strchr(b->at, '}');
	struct text inside, name, value;
	char mark = '\0';
	int done;

	if (!end)
		return fault(b, "{ without }");
	inside = (struct text){ b->at + 1, (size_t)(end - b->at - 1) };
	name = inside;
	for (size_t i = 0; i < inside.n && mark == '\0'; i++) {
		if (!strchr(":=!", inside.s[i]))
			continue;
		mark = inside.s[i];
		name.n = i;
	}
	value = (struct text){ name.s + name.n + 1, inside.n - name.n - (mark ? 1 : 0) };
	if (mark == '=')
		done = add_fact(b, name, value);
	else if (mark == '!')
		done = add_call(b, name, value);
	else if (mark == ':')
		done = add_field(b, name, value, false);
	else if (name.n > 3 && memcmp(name.s + name.n - 3, "...", 3) == 0)
		done = add_field(b, (struct text){ name.s, name.n - 3 }, text_of(""), true);
	else
		done = add_field(b, name, text_of(""), false);
	b->at = end + 1;
	return done;
}

/* <packets={packets.near} zone={place:set}>: keys in any order, other words skipped */
static int
add_bag(struct build *b)
{
	struct step *bag = operate(b, OP_BAG);
	unsigned keys = 0;

	if (!bag)
		return -1;
	b->pattern->has_bag = true;
	bag->shape = b->at[1] == '"' ? SHAPE_QUOTED : SHAPE_ANY;
	b->at += bag->shape == SHAPE_QUOTED;
	for (b->at++; *b->at != '>';) {
		unsigned key = b->pattern->n;

		if (*b->at == ' ') {
			b->at++;
			continue;
		}
		if (*b->at == '\0')
			return fault(b, "< without >");
		if (++keys > MAX_KEYS)
			return fault(b, "more than %d keys", MAX_KEYS);
		b->open_end = false;
		if (strchr("[]{<", *b->at) || add_literal(b) < 0 || *b->at != '{')
			return fault(b, "between < and > stand key={field} pairs");
		if (add_braces(b) < 0)
			return -1;
		if (b->pattern->n != key + 1 || last(b)->op < OP_FIELD || last(b)->op == OP_REST)
			return fault(b, "a key needs one field");
	}
	for (const struct step *key = bag + 1; key <= last(b); key++)
		bag->initials |= 1U << ((unsigned char)key->literal[0] & 31);
	bag->skip = (uint16_t)b->pattern->n;
	b->at++;
	b->open_end = false;
	return 0;
}

static int
add_next(struct build *b)
{
	switch (*b->at) {
	case ' ':
	case '\t': return add_blanks(b);
	case '[': return add_group(b);
	case ']': return end_group(b);
	case '{': return add_braces(b);
	case '<': return add_bag(b);
	case '}': return fault(b, "} without {: write \\} for the byte");
	default: return add_literal(b);
	}
}

/* What stands before the pattern itself, and is no part of the line. */
static const char *
take_mark(struct pattern *p, const char *source)
{
	const struct {
		const char *mark;
		bool *flag;
	} marks[] = {
		{ "+ ", &p->continues },
		{ "+. ", &p->closes },
		{ "@ ", &p->heads },
		{ "~ ", &p->silent },
	};

	for (unsigned i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = strlen(marks[i].mark);

		if (strncmp(source, marks[i].mark, n) != 0)
			continue;
		*marks[i].flag = true;
		p->continues |= p->closes;
		return source + n;
	}
	return source;
}

struct pattern *
pattern_compile(const char *source, bool opening, const struct function *own, struct error *err)
{
	size_t length = strlen(source);
	struct pattern *p = mem_alloc(
	    1, sizeof(*p) + (LIMIT_PATTERN_STEPS + 2) * sizeof(p->steps[0])); /* OP_PART, OP_END */
	struct build b = { .source = source, .pattern = p, .own = own, .err = err };

	p->text = b.text = mem_alloc(1, 2 * length + 2);
	b.at = take_mark(p, source);
	while (*b.at)
		if (add_next(&b) < 0)
			goto bad;
	if (b.depth > 0) {
		fault(&b, "[ without ]");
		goto bad;
	}
	p->steps[p->n] = (struct step){ .op = opening ? OP_OPENED : OP_END };
	if (p->n == 0)
		fault(&b, "an empty pattern");
	else if (pattern_check(p, source, err) == 0)
		return p;
bad:
	pattern_free(p);
	return NULL;
}

void
pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	free(pattern->text);
	free(pattern);
}
