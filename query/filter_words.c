/* Text to words of the language, and the error that shows the text with a caret. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter_tree.h"
#include "query/grammar.h"

/* --- errors ----------------------------------------------------------------------------------- */

enum { PROMPT = 10 + 9 }; /* "gatebook: " and "filter: '" stand before the text */

/* Columns that printable text takes: bytes that do not continue a character. */
static int
width(const char *s)
{
	int n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

void
reading_fail(struct reading *r, unsigned at, const char *format, ...)
{
	size_t length = strlen(r->text),
	       from = at > READING_SHOWN * 2 / 3 ? at - READING_SHOWN / 2 : 0;
	size_t n = length - from < READING_SHOWN ? length - from : READING_SHOWN;
	struct text all = text_of(r->text);
	char before[2 * READING_SHOWN], after[2 * READING_SHOWN], message[400];
	va_list ap;

	if (r->failed)
		return;
	r->failed = true;
	text_escape((struct text){ all.s + from, at - from }, before, sizeof(before));
	text_escape((struct text){ all.s + at, from + n - at }, after, sizeof(after));
	va_start(ap, format);
	vsnprintf(message, sizeof(message), format, ap);
	va_end(ap);
	error_exit(r->err, EXIT_USAGE, "filter: '%s%s%s%s'\n%*s^ %s", from > 0 ? "..." : "", before,
	    after, from + n < length ? "..." : "", PROMPT + (from > 0 ? 3 : 0) + width(before), "",
	    message);
}

const char *
reading_shown(const struct reading *r, struct filter_token t, char out[static 64])
{
	text_escape((struct text){ r->text + t.at, t.n < 40 ? t.n : 40 }, out, 64);
	return out;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Words of the language that are no field. Sides and flags have the number of what they stand for.
 */
static const struct keyword {
	const char *word;
	int kind, id;
} keywords[] = {
	{ "and", TOKEN_AND, 0 },
	{ "&&", TOKEN_AND, 0 },
	{ "or", TOKEN_OR, 0 },
	{ "||", TOKEN_OR, 0 },
	{ "not", TOKEN_NOT, 0 },
	{ "!", TOKEN_NOT, 0 },
	{ "any", TOKEN_ANY, 0 },
	{ "int", TOKEN_SIDE, SIDE_INT },
	{ "inside", TOKEN_SIDE, SIDE_INT },
	{ "ext", TOKEN_SIDE, SIDE_EXT },
	{ "outside", TOKEN_SIDE, SIDE_EXT },
	{ "src", TOKEN_SIDE, SIDE_SRC },
	{ "dst", TOKEN_SIDE, SIDE_DST },
	{ "nat", TOKEN_NAT, 0 },
	{ "open", TOKEN_FLAG, FIELD_END },
	{ "ipv4", TOKEN_FLAG, FIELD_FAMILY },
	{ "ipv6", TOKEN_FLAG, FIELD_FAMILY },
	{ "tcp", TOKEN_FLAG, FIELD_PROTO },
	{ "udp", TOKEN_FLAG, FIELD_PROTO },
	{ "icmp", TOKEN_FLAG, FIELD_PROTO },
	{ "icmp6", TOKEN_FLAG, FIELD_PROTO },
	{ "sctp", TOKEN_FLAG, FIELD_PROTO },
	{ "gre", TOKEN_FLAG, FIELD_PROTO },
	{ "esp", TOKEN_FLAG, FIELD_PROTO },
	{ "ah", TOKEN_FLAG, FIELD_PROTO },
};
enum { KEYWORDS = sizeof(keywords) / sizeof(*keywords) };

static const struct keyword comparisons[] = {
	{ "lt", TOKEN_COMPARE, 0 },
	{ "<", TOKEN_COMPARE, 0 },
	{ "le", TOKEN_COMPARE, 0 },
	{ "<=", TOKEN_COMPARE, 0 },
	{ "gt", TOKEN_COMPARE, 0 },
	{ ">", TOKEN_COMPARE, 0 },
	{ "ge", TOKEN_COMPARE, 0 },
	{ ">=", TOKEN_COMPARE, 0 },
	{ "eq", TOKEN_COMPARE, 0 },
	{ "=", TOKEN_COMPARE, 0 },
	{ "==", TOKEN_COMPARE, 0 },
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int
field_of(struct text typed)
{
	for (int i = 0; i < FIELDS; i++)
		if (text_is_nocase(typed, filter_field[i].word) ||
		    filter_word_index(filter_field[i].aliases, typed) >= 0)
			return i;
	return -1;
}

/* The kind of a word of the language; 0: it is none. */
static int
keyword_of(struct text typed, int *id)
{
	for (int i = 0; i < KEYWORDS; i++) {
		if (!text_is_nocase(typed, keywords[i].word))
			continue;
		*id = keywords[i].id;
		return keywords[i].kind;
	}
	*id = field_of(typed);
	return *id >= 0 ? TOKEN_FIELD : 0;
}

static bool
is_number(struct text typed)
{
	uint64_t n;
	struct text rest = typed;

	return text_take_number(&rest, UINT64_MAX, &n) &&
	       (rest.n == 0 || rest.s[0] == '-' || rest.s[0] == ',');
}

static void
unknown_word(struct reading *r, unsigned at, struct text typed)
{
	const char *names[KEYWORDS + FIELDS + 1], *near;
	struct target t = { 0 };
	char text[64], why[8], copy[64];
	size_t n = 0;

	text_escape((struct text){ typed.s, typed.n < 40 ? typed.n : 40 }, text, sizeof(text));
	if (typed.s[0] == '@' || target_add(&t, typed, why, sizeof(why)) == 0) {
		target_free(&t);
		reading_fail(
		    r, at, "say what it is: ext host %s, int host %s, host %s", text, text, text);
		return;
	}
	if (is_number(typed)) {
		reading_fail(r, at, "say what the number is: port %s", text);
		return;
	}
	for (int i = 0; i < KEYWORDS; i++)
		if (keywords[i].word[0] >= 'a') /* no sign like && */
			names[n++] = keywords[i].word;
	for (int i = 0; i < FIELDS; i++)
		names[n++] = filter_field[i].word;
	names[n] = NULL;
	text_copy(typed, copy, sizeof(copy));
	near = text_nearest(copy, names);
	reading_fail(r, at, "unknown word '%s'%s%s%s. Words: gatebook fields", text,
	    near != NULL ? " (did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?)" : "");
}

static void
add(struct reading *r, int kind, unsigned at, unsigned n, int id)
{
	if (r->n >= LIMIT_FILTER_WORDS) {
		reading_fail(r, at, "more than %d words: put lists into files, host @FILE",
		    LIMIT_FILTER_WORDS);
		return;
	}
	r->kinds[r->n] = kind;
	r->tokens[r->n++] = (struct filter_token){ at, n, id };
}

/* A word that may be of the language: up to what cannot be part of one. */
static struct text
bare_word(const char *s)
{
	size_t n = strcspn(s, " \t\r\n()!<>=,\"'&|");

	if (n == 0 && (strncmp(s, "&&", 2) == 0 || strncmp(s, "||", 2) == 0))
		n = 2;
	else if (n == 0 && strchr("<>=", *s) != NULL)
		n = s[1] == '=' ? 2 : 1;
	return (struct text){ s, n > 0 ? n : 1 };
}

/* The list of values at the cursor: items apart by commas, blanks around a comma allowed, quotes
 * around anything. Returns its length, 0: there is none. */
static unsigned
values_at(struct reading *r, const char *s)
{
	size_t n = 0, end = 0;

	for (;;) {
		if (s[n] == '"' || s[n] == '\'') {
			const char *stop = strchr(s + n + 1, s[n]);

			if (stop == NULL) {
				reading_fail(r, (unsigned)(s + n - r->text),
				    "the quote that begins here does not end");
				return 0;
			}
			n = (size_t)(stop - s) + 1;
		} else {
			n += strcspn(s + n, " \t\r\n(),");
		}
		end = n;
		while (is_blank(s[n]))
			n++;
		if (s[n] != ',')
			return (unsigned)end;
		for (end = ++n; is_blank(s[n]);)
			n++;
	}
}

/* Behind a field or a comparison stand values, whatever they look like. Returns the bytes taken. */
static unsigned
take_behind(struct reading *r, unsigned at)
{
	int last = r->kinds[r->n - 1];
	struct text typed = bare_word(r->text + at);
	unsigned n;

	if (last == TOKEN_FIELD || last == TOKEN_NAT) {
		if (text_is_nocase(typed, "known") || text_is_nocase(typed, "unknown")) {
			add(r, TOKEN_KNOWN, at, (unsigned)typed.n, typed.n == 7);
			return (unsigned)typed.n;
		}
		for (size_t i = 0; i < sizeof(comparisons) / sizeof(*comparisons); i++)
			if (text_is_nocase(typed, comparisons[i].word) && last == TOKEN_FIELD) {
				add(r, TOKEN_COMPARE, at, (unsigned)typed.n, 0);
				return (unsigned)typed.n;
			}
	}
	if (last == TOKEN_NAT)
		return 0;
	n = values_at(r, r->text + at);
	if (n > 0)
		add(r, TOKEN_VALUES, at, n, 0);
	return n;
}

void
reading_words(struct reading *r)
{
	unsigned at = 0;

	while (!r->failed) {
		int last = r->n > 0 ? r->kinds[r->n - 1] : 0, kind, id = 0;
		struct text typed;

		while (is_blank(r->text[at]))
			at++;
		if (r->text[at] == '\0')
			return;
		if (last == TOKEN_FIELD || last == TOKEN_COMPARE || last == TOKEN_NAT) {
			unsigned n = take_behind(r, at);

			at += n;
			if (n > 0 || r->failed)
				continue;
		}
		typed = bare_word(r->text + at);
		kind = *typed.s == '(' ? TOKEN_OPEN : *typed.s == ')' ? TOKEN_CLOSE : 0;
		if (kind == 0)
			kind = keyword_of(typed, &id);
		if (kind == 0)
			unknown_word(r, at, typed);
		else
			add(r, kind, at, (unsigned)typed.n, id);
		at += (unsigned)typed.n;
	}
}

int
filter_begins(int n, char *const *words)
{
	for (int i = 0; i < n; i++) {
		const char *s = words[i];
		int id;

		while (is_blank(*s))
			s++;
		if (strchr("(!'\"", *s) != NULL || keyword_of(bare_word(s), &id) != 0)
			return i;
		/* A letter that begins no IPv6 address begins a word; that it is unknown is told
		 * with a caret. */
		if (((*s | 32) >= 'g' && (*s | 32) <= 'z') ||
		    ((*s | 32) >= 'a' && (*s | 32) <= 'f' && strchr(s, ':') == NULL))
			return i;
	}
	return n;
}
