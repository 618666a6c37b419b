#include "audit/canon.h"

#include <string.h>

/* "enable" result=success: the command alone. */
static struct text
unquote(struct text t)
{
	const char *end;

	if (t.n < 2 || (t.s[0] != '"' && t.s[0] != '\''))
		return t;
	end = memchr(t.s + 1, t.s[0], t.n - 1);
	if (!end)
		return t;
	return (struct text){ t.s + 1, (size_t)(end - t.s - 1) };
}

static bool
cut_end(struct text *t, const char *end)
{
	size_t n = strlen(end);

	if (t->n < n || memcmp(t->s + t->n - n, end, n) != 0)
		return false;
	*t = text_trim((struct text){ t->s, t->n - n });
	return true;
}

/* "/usr/sbin/conntrack -L" and "sudo -n conntrack -L" are "conntrack -L". */
static struct text
without_home(struct text t)
{
	struct text first = t, rest = t;

	for (int i = 0; i < 3; i++) {
		if (text_take(&t, "sudo ") || text_take(&t, "doas ") || text_take(&t, "-n "))
			text_skip_blanks(&t);
	}
	rest = first = t;
	if (t.n == 0 || t.s[0] != '/' || !text_take_word(&rest, &first) ||
	    (!text_starts(first, "/usr/") && !text_starts(first, "/bin/") &&
		!text_starts(first, "/sbin/")))
		return t;
	for (size_t i = first.n; i > 0; i--)
		if (first.s[i - 1] == '/')
			return (struct text){ t.s + i, t.n - i };
	return t;
}

size_t
canon_command(struct text typed, char out[static CANON_LINE])
{
	struct text t = text_trim(unquote(text_trim(typed)));
	size_t n = 0;
	bool blank = false;

	while (cut_end(&t, "<cr>") || cut_end(&t, "| no-more"))
		;
	t = without_home(t);
	for (size_t i = 0; i < t.n && n < CANON_LINE - 2; i++) {
		unsigned char c = (unsigned char)t.s[i];

		if (c <= ' ') {
			blank = n > 0;
			continue;
		}
		if (blank)
			out[n++] = ' ';
		blank = false;
		out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	out[n] = '\0';
	return n;
}

/* The next words of both; false when one of them has ended. */
static bool
next_words(struct text *a, struct text *b, struct text *x, struct text *y)
{
	struct text a_was = *a;

	text_skip_blanks(a);
	text_skip_blanks(b);
	if (!text_take_word(a, x))
		return false;
	if (text_take_word(b, y))
		return true;
	*a = a_was;
	return false;
}

static bool
is_beginning(struct text a, struct text b, size_t least)
{
	size_t n = a.n < b.n ? a.n : b.n;

	return memcmp(a.s, b.s, n) == 0 && (a.n == b.n || n >= least);
}

bool
canon_same(struct text sent, struct text seen)
{
	struct text a = sent, b = seen, x, y;

	if (text_equal(sent, seen))
		return true;
	if (seen.n >= CANON_CUT && seen.n < sent.n && memcmp(sent.s, seen.s, seen.n) == 0)
		return true;
	while (next_words(&a, &b, &x, &y))
		if (!is_beginning(x, y, 1))
			return false;
	return text_trim(a).n == 0 && text_trim(b).n == 0;
}

bool
canon_begins(struct text opening, struct text seen)
{
	struct text x, y;

	while (next_words(&opening, &seen, &x, &y))
		if (y.n > x.n || !is_beginning(x, y, 2))
			return false;
	return text_trim(opening).n == 0;
}
