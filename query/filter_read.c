/* Words to a tree by the grammar, and what to say when a word stands where it may not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter_tree.h"

static void reading_unexpected(struct reading *r, int kind);
static enum filter_side reading_nat(
    struct reading *r, struct filter_token side, struct filter_token nat);

/* lemon's frame is its own: warnings that it was not written for are off within it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#include "query/grammar.h"
#include "query/grammar.c"
#pragma GCC diagnostic pop

/* --- what the grammar does not expect --------------------------------------------------------- */

/* The first and the last word of the level that word i stands in. */
static void
level_of(const struct reading *r, size_t i, size_t *first, size_t *last)
{
	int depth = 0;

	for (*first = i; *first > 0; (*first)--) {
		int kind = r->kinds[*first - 1];

		depth += kind == TOKEN_CLOSE ? 1 : kind == TOKEN_OPEN ? -1 : 0;
		if (depth < 0)
			break;
	}
	depth = 0;
	for (*last = i; *last + 1 < r->n; (*last)++) {
		int kind = r->kinds[*last + 1];

		depth += kind == TOKEN_OPEN ? 1 : kind == TOKEN_CLOSE ? -1 : 0;
		if (depth < 0)
			break;
	}
}

/* The last `and` or `or` of the level before word i. */
static size_t
operator_before(const struct reading *r, size_t i)
{
	int depth = 0;

	while (i-- > 0) {
		int kind = r->kinds[i];

		depth += kind == TOKEN_CLOSE ? 1 : kind == TOKEN_OPEN ? -1 : 0;
		if (depth == 0 && (kind == TOKEN_AND || kind == TOKEN_OR))
			break;
	}
	return i;
}

/* The text with parentheses around words a..b. */
static void
around(const struct reading *r, size_t a, size_t b, char *out, size_t size)
{
	unsigned from = r->tokens[a].at, to = r->tokens[b].at + r->tokens[b].n;

	snprintf(out, size, "%.*s(%.*s)%s", (int)from, r->text, (int)(to - from), r->text + from,
	    r->text + to);
}

static void
mixed(struct reading *r)
{
	size_t first, last, end = r->at, before = operator_before(r, r->at);
	char left[READING_SHOWN + 3], right[READING_SHOWN + 3];
	int depth = 0;

	if (strlen(r->text) > READING_SHOWN) {
		reading_fail(r, r->tokens[r->at].at,
		    "'or' and 'and' mixed; tcpdump and nfdump read this differently. Put "
		    "parentheses around what belongs together");
		return;
	}
	level_of(r, r->at, &first, &last);
	/* The run of this operator: up to the next other one. */
	for (size_t i = r->at + 1; i <= last; i++) {
		int kind = r->kinds[i];

		depth += kind == TOKEN_OPEN ? 1 : kind == TOKEN_CLOSE ? -1 : 0;
		if (depth == 0 && (kind == TOKEN_AND || kind == TOKEN_OR) &&
		    kind != r->kinds[r->at])
			break;
		end = i;
	}
	around(r, first, r->at - 1, left, sizeof(left));
	around(r, before + 1, end, right, sizeof(right));
	reading_fail(r, r->tokens[r->at].at,
	    "'or' and 'and' mixed; tcpdump and nfdump read this differently. Write: %s, or: %s",
	    left, right);
}

static bool
ends_term(int kind)
{
	return kind == TOKEN_VALUES || kind == TOKEN_KNOWN || kind == TOKEN_FLAG ||
	       kind == TOKEN_ANY || kind == TOKEN_CLOSE;
}

/* What had to follow the word before: the reason when anything else, or nothing, stands here. */
static void
incomplete(struct reading *r, unsigned at)
{
	struct filter_token before = r->tokens[r->at > 0 ? r->at - 1 : 0];
	int kind = r->at > 0 ? r->kinds[r->at - 1] : 0;
	const struct filter_field *f;
	char text[64];

	switch (kind) {
	case TOKEN_FIELD:
		f = &filter_field[before.id];
		reading_fail(r, at, "'%s' wants %s", reading_shown(r, before, text), f->values);
		break;
	case TOKEN_SIDE:
	case TOKEN_NAT:
		reading_fail(r, at, "'%s' wants a field of that end behind it: %s host 192.0.2.1",
		    reading_shown(r, before, text), text);
		break;
	case TOKEN_COMPARE:
		reading_fail(
		    r, at, "a value is missing behind '%s'", reading_shown(r, before, text));
		break;
	case 0: reading_fail(r, at, "a condition is missing here: ext host 192.0.2.1"); break;
	default:
		reading_fail(
		    r, at, "a condition is missing behind '%s'", reading_shown(r, before, text));
	}
}

/* The word at r->at, or the end of the text (kind 0), stands where nothing of its kind may. */
static void
reading_unexpected(struct reading *r, int kind)
{
	unsigned at = kind == 0 ? (unsigned)strlen(r->text) : r->tokens[r->at].at;
	bool complete = r->at > 0 && ends_term(r->kinds[r->at - 1]);
	size_t first, last;

	if (!complete) {
		incomplete(r, at);
	} else if (kind == 0) {
		reading_fail(r, at, "a ')' is missing");
	} else if (kind == TOKEN_CLOSE) {
		reading_fail(r, at, "this ')' closes nothing");
	} else if (kind == TOKEN_AND || kind == TOKEN_OR) {
		level_of(r, r->at, &first, &last);
		mixed(r);
	} else {
		reading_fail(r, at, "write 'and' or 'or' before this");
	}
}

static enum filter_side
reading_nat(struct reading *r, struct filter_token side, struct filter_token nat)
{
	if (side.id == SIDE_INT)
		return SIDE_INT_NAT;
	if (side.id != SIDE_EXT)
		reading_fail(r, nat.at, "nat has the sides int and ext: int nat, ext nat");
	return SIDE_EXT_NAT;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void
parse(struct reading *r)
{
	yyParser parser;

	filter_grammarInit(&parser);
	for (r->at = 0; r->at < r->n && !r->failed; r->at++)
		filter_grammar(&parser, r->kinds[r->at], r->tokens[r->at], r);
	if (!r->failed)
		filter_grammar(&parser, 0, (struct filter_token){ 0 }, r);
	filter_grammarFinalize(&parser);
}

struct filter *
filter_parse(const char *text, bool utc, struct error *err)
{
	struct filter *f = mem_alloc(1, sizeof(*f));
	struct reading r = { .text = text, .utc = utc, .arena = &f->arena, .err = err };

	if (strlen(text) > LIMIT_FILTER_BYTES) {
		error_exit(err, EXIT_USAGE,
		    "the filter has more than %d bytes: put lists into files, host @FILE",
		    LIMIT_FILTER_BYTES);
		r.failed = true;
	}
	r.tokens = mem_alloc(LIMIT_FILTER_WORDS, sizeof(*r.tokens));
	r.kinds = mem_alloc(LIMIT_FILTER_WORDS, sizeof(*r.kinds));
	if (!r.failed)
		reading_words(&r);
	if (!r.failed)
		parse(&r);
	free(r.tokens);
	free(r.kinds);
	f->nodes = r.nodes;
	f->root = r.root;
	if (!r.failed)
		return f;
	filter_free(f);
	return NULL;
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (struct filter_node *n = f->nodes; n != NULL; n = n->next)
		target_free(&n->addrs);
	arena_free(&f->arena);
	free(f);
}
