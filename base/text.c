#include "base/text.h"

#include <string.h>

enum { NEAREST_MAX = 64 }; /* longer words are not typing mistakes */

struct text
text_of(const char *string)
{
	return (struct text){ string, string != NULL ? strlen(string) : 0 };
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* memcmp may not be given the null pointer of an empty text, not even for no bytes. */
static bool
same(const char *a, const char *b, size_t n)
{
	return n == 0 || memcmp(a, b, n) == 0;
}

static void
advance(struct text *cursor, size_t n)
{
	if (n == 0)
		return;
	cursor->s += n;
	cursor->n -= n;
}

bool
text_equal(struct text a, struct text b)
{
	return a.n == b.n && same(a.s, b.s, a.n);
}

bool
text_is(struct text t, const char *string)
{
	return text_equal(t, text_of(string));
}

bool
text_is_nocase(struct text t, const char *string)
{
	for (size_t i = 0; i < t.n; i++) {
		if (string[i] == '\0' || lower(t.s[i]) != lower(string[i]))
			return false;
	}
	return string[t.n] == '\0';
}

bool
text_starts(struct text t, const char *string)
{
	size_t n = strlen(string);

	return n <= t.n && same(t.s, string, n);
}

bool
text_contains(struct text t, const char *string)
{
	size_t n = strlen(string);

	return n == 0 || (t.n >= n && memmem(t.s, t.n, string, n) != NULL);
}

struct text
text_trim(struct text t)
{
	while (t.n > 0 && (is_blank(t.s[0]) || t.s[0] == '\r'))
		advance(&t, 1);
	while (t.n > 0 && (is_blank(t.s[t.n - 1]) || t.s[t.n - 1] == '\r'))
		t.n--;
	return t;
}

bool
text_take(struct text *cursor, const char *literal)
{
	if (!text_starts(*cursor, literal))
		return false;
	advance(cursor, strlen(literal));
	return true;
}

bool
text_take_char(struct text *cursor, char c)
{
	if (cursor->n == 0 || cursor->s[0] != c)
		return false;
	advance(cursor, 1);
	return true;
}

void
text_skip_blanks(struct text *cursor)
{
	while (cursor->n > 0 && is_blank(cursor->s[0]))
		advance(cursor, 1);
}

bool
text_take_word(struct text *cursor, struct text *word)
{
	size_t n = 0;

	while (n < cursor->n && !is_blank(cursor->s[n]))
		n++;
	if (n == 0)
		return false;
	*word = (struct text){ cursor->s, n };
	advance(cursor, n);
	return true;
}

bool
text_take_until(struct text *cursor, char stop, struct text *before)
{
	const char *at = cursor->n > 0 ? memchr(cursor->s, stop, cursor->n) : NULL;

	if (at == NULL)
		return false;
	*before = (struct text){ cursor->s, (size_t)(at - cursor->s) };
	advance(cursor, before->n + 1);
	return true;
}

bool
text_take_line(struct text *cursor, struct text *line)
{
	if (cursor->n == 0)
		return false;
	const char *end = memchr(cursor->s, '\n', cursor->n);
	size_t n = end != NULL ? (size_t)(end - cursor->s) : cursor->n;

	*line = (struct text){ cursor->s, n };
	/* A terminal in the way doubles the CR: "\r\r\n". */
	while (line->n > 0 && line->s[line->n - 1] == '\r')
		line->n--;
	advance(cursor, end != NULL ? n + 1 : n);
	return true;
}

bool
text_take_number(struct text *cursor, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < cursor->n; i++) {
		unsigned digit = (unsigned char)cursor->s[i] - '0';

		if (digit > 9)
			break;
		if (digit > max || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (i == 0)
		return false;
	advance(cursor, i);
	*value = v;
	return true;
}

static unsigned
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = lower(c);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

bool
text_take_hex(struct text *cursor, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < cursor->n; i++) {
		unsigned digit = hex_digit(cursor->s[i]);

		if (digit > 15)
			break;
		if (digit > max || v > (max - digit) / 16)
			return false;
		v = v * 16 + digit;
	}
	if (i == 0)
		return false;
	advance(cursor, i);
	*value = v;
	return true;
}

bool
text_number(struct text t, uint64_t max, uint64_t *value)
{
	uint64_t v;

	if (!text_take_number(&t, max, &v) || t.n != 0)
		return false;
	*value = v;
	return true;
}

bool
text_copy(struct text t, char *out, size_t size)
{
	if (size == 0)
		return false;
	size_t n = t.n > 0 ? strnlen(t.s, t.n) : 0; /* a C string ends at a NUL */

	if (n > size - 1)
		n = size - 1;
	if (n > 0)
		memcpy(out, t.s, n);
	out[n] = '\0';
	return n == t.n;
}

/* What a terminal obeys or reorders instead of showing: C1 controls, line and paragraph
 * separators, marks that turn the direction of the text. */
static bool
commands_terminal(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9f) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* The length of the printable character at t, 0 when its first byte must be escaped. */
static size_t
printable(struct text t)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)t.s[0];

	if (first < 0x80)
		return first >= 0x20 && first != 0x7f && first != '\\';
	size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	uint32_t c = first & (0x7fU >> n);

	if (first < 0xc2 || first > 0xf4 || t.n < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		unsigned char byte = (unsigned char)t.s[i];

		if ((byte & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (byte & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return commands_terminal(c) ? 0 : n;
}

static size_t
escape_byte(unsigned char byte, char out[static 4])
{
	static const char digits[] = "0123456789abcdef";

	if (byte == '\\') {
		memcpy(out, "\\\\", 2);
		return 2;
	}
	out[0] = '\\';
	out[1] = 'x';
	out[2] = digits[byte >> 4];
	out[3] = digits[byte & 15];
	return 4;
}

void
text_escape(struct text t, char *out, size_t size)
{
	char escape[4];
	size_t used = 0;

	if (size == 0)
		return;
	while (t.n > 0) {
		size_t taken = printable(t);
		size_t n = taken;
		const char *from = t.s;

		if (taken == 0) {
			n = escape_byte((unsigned char)t.s[0], escape);
			from = escape;
			taken = 1;
		}
		if (n > size - 1 - used)
			break;
		memcpy(out + used, from, n);
		used += n;
		advance(&t, taken);
	}
	out[used] = '\0';
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of two neighbours, case folded. Three rows of the
 * table are enough. Both words have at most NEAREST_MAX bytes. */
static unsigned
distance(struct text a, struct text b)
{
	unsigned rows[3][NEAREST_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.n; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		char c = lower(a.s[i - 1]);

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			char d = lower(b.s[j - 1]);

			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (c != d));
			if (i > 1 && j > 1 && c == lower(b.s[j - 2]) && d == lower(a.s[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		unsigned *spare = before;

		before = last;
		last = row;
		row = spare;
	}
	return last[b.n];
}

const char *
text_nearest(const char *word, const char *const *candidates)
{
	struct text w = text_of(word);
	unsigned best = w.n < 6 ? 1 : (unsigned)(w.n / 3);
	const char *nearest = NULL;

	if (w.n == 0 || w.n > NEAREST_MAX)
		return NULL;
	for (; *candidates != NULL; candidates++) {
		struct text c = text_of(*candidates);
		unsigned d = c.n > NEAREST_MAX ? best + 1 : distance(w, c);

		if (d < best || (d == best && nearest == NULL)) {
			best = d;
			nearest = *candidates;
		}
	}
	return nearest;
}
