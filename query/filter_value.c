/* The nodes of the tree, and the values of a test: addresses, numbers with units, times, words. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter_tree.h"
#include "query/range.h"

enum { WHY = 300 };

/* --- nodes ------------------------------------------------------------------------------------ */

static struct filter_node *
new_node(struct reading *r, enum filter_kind kind)
{
	struct filter_node *node = arena_alloc(r->arena, sizeof(*node));

	node->kind = kind;
	node->next = r->nodes;
	r->nodes = node;
	return node;
}

struct filter_node *
node_join(
    struct reading *r, enum filter_kind kind, struct filter_node *left, struct filter_node *right)
{
	struct filter_node *node = new_node(r, kind);

	node->left = left;
	node->right = right;
	return node;
}

static struct filter_node *
node_of_field(
    struct reading *r, enum filter_kind kind, enum filter_side side, struct filter_token field)
{
	struct filter_node *node = new_node(r, kind);

	node->field = (enum field_id)field.id;
	node->side = side;
	if (!filter_has_side(&filter_field[field.id], side))
		reading_fail(r, field.at, "'%s' has no such side: leave it out",
		    filter_field[field.id].word);
	if (++r->n_tests > LIMIT_FILTER_TESTS)
		reading_fail(r, field.at,
		    "more than %d conditions: put lists into files, host @FILE",
		    LIMIT_FILTER_TESTS);
	return node;
}

static void
add_span(struct reading *r, struct filter_node *node, int64_t low, int64_t high)
{
	struct filter_span *more;

	if ((node->n_spans & (node->n_spans - 1)) == 0) { /* grows when n is a power of two */
		more = arena_alloc(
		    r->arena, (node->n_spans > 0 ? 2 * node->n_spans : 1) * sizeof(*more));
		if (node->n_spans > 0)
			memcpy(more, node->spans, node->n_spans * sizeof(*more));
		node->spans = more;
	}
	node->spans[node->n_spans++] = (struct filter_span){ low, high };
}

/* A word that is a whole condition: tcp, ipv6, open. */
struct filter_node *
node_flag(struct reading *r, struct filter_token flag)
{
	struct text typed = { r->text + flag.at, flag.n };
	struct filter_node *node = node_of_field(
	    r, flag.id == FIELD_END ? NODE_KNOWN : NODE_TEST, SIDE_ANY, flag);
	uint16_t proto;

	if (flag.id == FIELD_END)
		return node_join(r, NODE_NOT, node, NULL); /* its end is not known */
	if (flag.id == FIELD_FAMILY)
		add_span(r, node, typed.s[3] - '0', typed.s[3] - '0');
	else if (proto_parse(typed, &proto))
		add_span(r, node, proto, proto);
	return node;
}

struct filter_node *
node_known(
    struct reading *r, enum filter_side side, struct filter_token field, struct filter_token known)
{
	struct filter_node *node = node_of_field(r, NODE_KNOWN, side, field);

	return known.id != 0 ? node_join(r, NODE_NOT, node, NULL) : node;
}

struct filter_node *
node_test(struct reading *r, enum filter_side side, struct filter_token field,
    const struct filter_token *compare, struct filter_token values)
{
	struct filter_node *node = node_of_field(r, NODE_TEST, side, field);
	const struct filter_field *f = &filter_field[field.id];
	bool ordered = f->kind >= KIND_COUNT && f->kind <= KIND_TIME;

	if (ordered && compare == NULL)
		reading_fail(r, values.at,
		    "say how it compares: %s gt %.*s, or ge, lt, le, eq in place of gt", f->word,
		    (int)values.n, r->text + values.at);
	else if (!ordered && compare != NULL)
		reading_fail(r, compare->at, "'%s' takes a list, no comparison: %s %.*s", f->word,
		    f->word, (int)values.n, r->text + values.at);
	else if (!r->failed)
		node_values(r, node, compare, values);
	return node;
}

/* --- one value -------------------------------------------------------------------------------- */

/* Each of these adds one value to the node; false with why. */

static bool
add_port(struct reading *r, struct filter_node *node, struct text t, char *why)
{
	struct text rest = t;
	uint64_t low, high;

	if (!text_take_number(&rest, UINT16_MAX, &low))
		goto none;
	high = low;
	if (text_take_char(&rest, '-') && !text_take_number(&rest, UINT16_MAX, &high))
		goto none;
	if (rest.n > 0)
		goto none;
	if (high < low) {
		snprintf(why, WHY, "the range ends before it begins: write %llu-%llu",
		    (unsigned long long)high, (unsigned long long)low);
		return false;
	}
	add_span(r, node, (int64_t)low, (int64_t)high);
	return true;
none:
	snprintf(why, WHY, "a port is a number up to 65535, or a range like 8000-8100");
	return false;
}

static bool
add_proto(struct reading *r, struct filter_node *node, struct text t, char *why)
{
	uint16_t proto;

	if (!proto_parse(t, &proto) || proto > UINT8_MAX) {
		snprintf(why, WHY, "no protocol: a name like tcp, or a number up to 255");
		return false;
	}
	add_span(r, node, proto, proto);
	return true;
}

static bool
add_choice(struct reading *r, struct filter_node *node, struct text t, char *why)
{
	const struct filter_field *f = &filter_field[node->field];
	int i = filter_word_index(f->choices, t);

	if (i < 0 || text_is(t, "-")) {
		snprintf(why, WHY, "'%s' is one of %s", f->word, f->values);
		return false;
	}
	add_span(r, node, i, i);
	return true;
}

static bool
add_word(struct reading *r, struct filter_node *node, struct text t)
{
	struct text *more;

	if ((node->n_words & (node->n_words - 1)) == 0) { /* grows when n is a power of two */
		more = arena_alloc(
		    r->arena, (node->n_words > 0 ? 2 * node->n_words : 1) * sizeof(*more));
		if (node->n_words > 0)
			memcpy(more, node->words, node->n_words * sizeof(*more));
		node->words = more;
	}
	node->words[node->n_words++] = (struct text){ arena_string(r->arena, t), t.n };
	return true;
}

/* --- what has an order ------------------------------------------------------------------------ */

/* 1500, 10k, 1.5G (powers of 1000, as tables print them), 4Ki (powers of 1024). */
static bool
take_amount(struct text t, bool units, int64_t *low)
{
	static const char letters[] = "kMGTP";
	uint64_t n, tenth = 0, unit = 1;
	bool point = false;

	if (!text_take_number(&t, INT64_MAX, &n))
		return false;
	if (units && t.n > 1 && t.s[0] == '.' && t.s[1] >= '0' && t.s[1] <= '9') {
		tenth = (uint64_t)(t.s[1] - '0');
		t = (struct text){ t.s + 2, t.n - 2 };
		point = true;
	}
	for (int i = 0; units && t.n > 0 && letters[i] != '\0'; i++) {
		if ((t.s[0] | 32) != (letters[i] | 32))
			continue;
		bool binary = t.n > 1 && t.s[1] == 'i';
		for (int k = 0; k <= i; k++)
			unit *= binary ? 1024 : 1000;
		t = (struct text){ t.s + 1 + binary, t.n - 1 - binary };
		break;
	}
	if (units && t.n == 1 && t.s[0] == 'B')
		t.n = 0;
	if (t.n > 0 || (point && unit == 1) || n > (uint64_t)INT64_MAX / unit - 1)
		return false;
	*low = (int64_t)(n * unit + tenth * (unit / 10));
	return true;
}

/* The value at its begin and its end: a day is a span, everything else a point. */
static bool
take_ordered(
    struct reading *r, enum field_kind kind, struct text t, int64_t *begin, int64_t *end, char *why)
{
	struct error err = { 0 };
	char copy[64];

	switch (kind) {
	case KIND_DURATION:
		snprintf(why, WHY, "no duration: a number and a unit, like 90s, 5m, 2h, 7d");
		if (!text_copy(t, copy, sizeof(copy)) || !duration_parse(copy, begin))
			return false;
		break;
	case KIND_TIME:
		if (range_span(t, r->utc, "the filter", begin, end, &err) == 0)
			return true;
		snprintf(why, WHY, "%.*s", WHY - 1, err.text);
		return false;
	default:
		snprintf(why, WHY,
		    kind == KIND_COUNT ? "no number"
				       : "no number: digits, and a unit if wanted, "
					 "like 1500, 10k, 1.5G, 4Ki");
		if (!take_amount(t, kind == KIND_BYTES, begin))
			return false;
	}
	*end = *begin;
	return true;
}

static bool
add_ordered(
    struct reading *r, struct filter_node *node, struct text compare, struct text t, char *why)
{
	char c = (char)(compare.s[0] | 32), second = compare.n > 1 ? (char)(compare.s[1] | 32) : 0;
	int64_t begin, end;

	if (!take_ordered(r, filter_field[node->field].kind, t, &begin, &end, why))
		return false;
	if (compare.s[0] == '=' || c == 'e')
		add_span(r, node, begin, end);
	else if (compare.s[0] == '<' ? compare.n == 2 : c == 'l' && second == 'e')
		add_span(r, node, INT64_MIN, end);
	else if (compare.s[0] == '<' || c == 'l')
		add_span(r, node, INT64_MIN, begin - 1);
	else if (compare.s[0] == '>' ? compare.n == 2 : second == 'e')
		add_span(r, node, begin, INT64_MAX);
	else
		add_span(r, node, end + 1, INT64_MAX);
	return true;
}

/* --- lists ------------------------------------------------------------------------------------ */

static bool
add_value(
    struct reading *r, struct filter_node *node, struct text compare, struct text t, char *why)
{
	enum field_kind kind = filter_field[node->field].kind;

	if (kind != KIND_ADDR && ++r->n_values > LIMIT_FILTER_VALUES) {
		snprintf(why, WHY, "more than %d values", LIMIT_FILTER_VALUES);
		return false;
	}
	switch (kind) {
	case KIND_ADDR: return target_add(&node->addrs, t, why, WHY) == 0;
	case KIND_PORT: return add_port(r, node, t, why);
	case KIND_PROTO: return add_proto(r, node, t, why);
	case KIND_CHOICE: return add_choice(r, node, t, why);
	case KIND_WORD:
	case KIND_DEVICE: return add_word(r, node, t);
	default: return add_ordered(r, node, compare, t, why);
	}
}

struct lines {
	struct reading *r;
	struct filter_node *node;
};

static int
add_line(struct text t, char *why, size_t size, void *arg)
{
	struct lines *l = arg;

	(void)size;
	return add_value(l->r, l->node, (struct text){ 0 }, t, why) ? 0 : -1;
}

/* One item of the list at t; the caret stands under it when it is wrong. */
static void
add_item(struct reading *r, struct filter_node *node, struct text compare, struct text t)
{
	unsigned at = (unsigned)(t.s - r->text);
	struct lines lines = { r, node };
	struct error err = { 0 };
	char why[WHY] = "", path[4096];
	bool quoted = t.n >= 2 && (t.s[0] == '"' || t.s[0] == '\'') && t.s[t.n - 1] == t.s[0];

	if (quoted)
		t = (struct text){ t.s + 1, t.n - 2 };
	if (t.n == 0) {
		reading_fail(r, at, "a value is missing here");
	} else if (!quoted && t.s[0] == '@' && compare.n == 0) {
		text_copy((struct text){ t.s + 1, t.n - 1 }, path, sizeof(path));
		if (target_lines(path, add_line, &lines, &err) < 0)
			reading_fail(r, at, "%s", err.text);
	} else if (!add_value(r, node, compare, t, why)) {
		reading_fail(r, at, "%s", why);
	}
}

static size_t
item_length(struct text t)
{
	size_t n = 0;

	for (char quote = 0; n < t.n && (quote != 0 || t.s[n] != ','); n++) {
		if (quote != 0)
			quote = t.s[n] == quote ? 0 : quote;
		else if (t.s[n] == '"' || t.s[n] == '\'')
			quote = t.s[n];
	}
	return n;
}

void
node_values(struct reading *r, struct filter_node *node, const struct filter_token *compare,
    struct filter_token values)
{
	struct text rest = { r->text + values.at, values.n }, how = { 0 };

	if (compare != NULL)
		how = (struct text){ r->text + compare->at, compare->n };
	while (!r->failed) {
		size_t n = item_length(rest);

		if (compare != NULL && n < rest.n) {
			reading_fail(r, values.at + (unsigned)n, "one value is compared, no list");
			return;
		}
		add_item(r, node, how, text_trim((struct text){ rest.s, n }));
		if (n == rest.n)
			break;
		rest = (struct text){ rest.s + n + 1, rest.n - n - 1 };
	}
	target_tidy(&node->addrs);
}
