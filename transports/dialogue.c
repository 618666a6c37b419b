#include "transports/dialogue.h"

#include <string.h>

/* Where the escape sequence reader stands (ECMA-48). */
enum { PLAIN, ESCAPE, INTERMEDIATE, CSI, STRING, STRING_ESCAPE };

enum {
	NUMBER_MAX = LIMIT_LINE, /* of a cursor movement */
	STRING_MAX = 512,        /* bytes of a window title: what is longer is not one */
	MORE_TAIL = 48 /* bytes behind its opening: "--More-- (q) quit (u) pageup (/) search (n)
			  repeat" */
};

static bool
is_blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != ' ' && s[i] != '\t')
			return false;
	return true;
}

/* Characters a prompt may end with; a driver from a file may have none. */
static const char *
marks(const struct dialogue *d)
{
	return d->dialect->prompt ? d->dialect->prompt : ">#$%";
}

static void
clear_line(struct dialogue *d)
{
	d->n = d->cursor = 0;
	d->ghost = d->answered = d->cr = false;
}

void
dialogue_init(struct dialogue *d, const struct dialect *dialect)
{
	memset(d, 0, sizeof(*d));
	d->dialect = dialect;
}

void
dialogue_begin(struct dialogue *d, const char *sent)
{
	clear_line(d);
	d->lines = d->filled = 0;
	d->sent = sent && sent[0] ? sent : NULL;
}

/* --- prompts and echoes -------------------------------------------------------------------- */

/* The text is the learned prompt; its last mark may be another of the dialect's (R1> became R1#).
 */
static bool
is_prompt(const struct dialogue *d, struct text t)
{
	size_t n = strlen(d->prompt), mark = n;

	if (n == 0 || t.n != n)
		return false;
	while (mark > 0 && is_blank(d->prompt + mark - 1, 1))
		mark--;
	if (mark == 0)
		return false;
	mark--;
	return memcmp(t.s, d->prompt, mark) == 0 &&
	       memcmp(t.s + mark + 1, d->prompt + mark + 1, n - mark - 1) == 0 &&
	       (t.s[mark] == d->prompt[mark] || (t.s[mark] && strchr(marks(d), t.s[mark]) != NULL));
}

/* The line is the echo of what was sent, perhaps behind a prompt that the device drew again. A line
 * editor that redraws (`redrawn`) shows beginnings of it first. */
static bool
is_echo(struct dialogue *d, struct text line, bool redrawn)
{
	struct text sent = text_trim(text_of(d->sent));
	size_t n = strlen(d->prompt);

	if (n > 0 && line.n > n && is_prompt(d, (struct text){ line.s, n }))
		line = (struct text){ line.s + n, line.n - n };
	line = text_trim(line);
	if (text_equal(line, sent)) {
		d->sent = NULL;
		d->echoes = true;
		return true;
	}
	return redrawn && line.n < sent.n && memcmp(line.s, sent.s, line.n) == 0;
}

/* --- the line as a terminal shows it -------------------------------------------------------- */

static void
end_line(struct dialogue *d, const struct sink *sink, bool redrawn)
{
	struct text line = { d->line, d->n };
	bool mark = d->answered; /* a more-mark and nothing else */

	if (d->ghost)
		while (line.n > 0 && line.s[line.n - 1] == ' ')
			line.n--;
	clear_line(d);
	if (mark)
		return;
	if (d->sent) {
		if (is_blank(line.s, line.n) || is_echo(d, line, redrawn))
			return;
		if (!d->echoes)
			d->sent = NULL;
	}
	d->lines++;
	if (!is_blank(line.s, line.n))
		d->filled++;
	if (!sink || !sink->bytes)
		return;
	d->line[line.n] = '\n';
	sink->bytes(sink->arg, d->line, line.n + 1);
}

/* Moves to a column, with blanks where nothing was. */
static int
move_to(struct dialogue *d, size_t column)
{
	if (column >= LIMIT_LINE)
		return -1;
	if (column > d->n) {
		memset(d->line + d->n, ' ', column - d->n);
		d->n = column;
	}
	d->cursor = column;
	d->answered = false;
	return 0;
}

/* Text after a CR. A terminal would write over the line; we must not lose a row of a device that
 * ends lines with CR alone. Only what is blank, or was a more-mark, is written over. */
static void
after_return(struct dialogue *d, const struct sink *sink)
{
	d->cr = false;
	if (d->ghost)
		(void)move_to(d, 0);
	else if (is_blank(d->line, d->n))
		clear_line(d);
	else
		end_line(d, sink, true);
}

static int
put(struct dialogue *d, const char *s, size_t n)
{
	/* A device that does not wipe its more-mark goes on behind it. */
	if (d->answered && d->cursor == d->n && !is_blank(s, n))
		clear_line(d);
	if (d->cursor + n >= LIMIT_LINE)
		return -1;
	memcpy(d->line + d->cursor, s, n);
	d->cursor += n;
	if (d->cursor > d->n)
		d->n = d->cursor;
	return 0;
}

static int
control_sequence(struct dialogue *d, char final)
{
	unsigned number = d->number ? d->number : 1;

	switch (final) {
	case 'D': return move_to(d, d->cursor > number ? d->cursor - number : 0);
	case 'C': return move_to(d, d->cursor + number);
	case 'G': return move_to(d, number - 1);
	case 'J':
	case 'K':
		d->answered = false;
		if (d->number == 0)
			d->n = d->cursor;
		else
			memset(d->line, ' ', d->number == 1 ? d->cursor : d->n);
		return 0;
	default: return 0;
	}
}

static int
control(struct dialogue *d, char c, const struct sink *sink)
{
	switch (c) {
	case '\n': end_line(d, sink, false); return 0;
	case '\r': d->cr = true; return 0;
	case '\t': return put(d, &c, 1);
	case 0x1b: d->state = ESCAPE; return 0;
	case '\b':
		if (d->cr)
			after_return(d, sink);
		return move_to(d, d->cursor > 0 ? d->cursor - 1 : 0);
	default: return 0; /* NUL, BEL and their like print nothing */
	}
}

/* One byte inside an escape sequence. */
static int
escape(struct dialogue *d, char c, const struct sink *sink)
{
	unsigned char u = (unsigned char)c;

	switch (d->state) {
	case ESCAPE:
		d->number = d->skipped = 0;
		if (c == '[')
			d->state = CSI;
		else if (c == ']' || c == 'P' || c == '^' || c == '_' || c == 'X')
			d->state = STRING;
		else
			d->state = u >= 0x20 && u < 0x30 ? INTERMEDIATE : PLAIN;
		return 0;
	case INTERMEDIATE:
		if (u < 0x20 || u >= 0x30)
			d->state = PLAIN;
		return 0;
	case CSI:
		if (c >= '0' && c <= '9' && d->skipped == 0)
			d->number = d->number < NUMBER_MAX ? d->number * 10 + (unsigned)(c - '0')
							   : d->number;
		else if (u >= 0x20 && u < 0x40)
			d->skipped = 1; /* behind the first parameter */
		if (u >= 0x20 && u < 0x40)
			return 0;
		d->state = PLAIN;
		return u >= 0x40 ? control_sequence(d, c) : control(d, c, sink);
	default:
		if (c == '\a' || (d->state == STRING_ESCAPE && c == '\\'))
			d->state = PLAIN;
		else if (c == '\r' || c == '\n' || ++d->skipped > STRING_MAX) {
			d->state = PLAIN; /* never let an open string swallow rows */
			return control(d, c, sink);
		} else
			d->state = c == 0x1b ? STRING_ESCAPE : STRING;
		return 0;
	}
}

int
dialogue_feed(struct dialogue *d, const char *bytes, size_t n, const struct sink *sink)
{
	size_t i = 0;

	while (i < n) {
		size_t run = i;
		int rc = 0;

		while (d->state == PLAIN && run < n && (unsigned char)bytes[run] >= 0x20 &&
		       bytes[run] != 0x7f)
			run++;
		if (run > i) {
			if (d->cr)
				after_return(d, sink);
			rc = put(d, bytes + i, run - i);
			i = run;
		} else if (d->state != PLAIN) {
			rc = escape(d, bytes[i++], sink);
		} else {
			rc = control(d, bytes[i++], sink);
		}
		if (rc != 0)
			return -1;
	}
	return 0;
}

/* --- what stands at the end ----------------------------------------------------------------- */

struct text
dialogue_tail(const struct dialogue *d)
{
	if (d->cursor < d->n && is_blank(d->line + d->cursor, d->n - d->cursor))
		return (struct text){ d->line, d->cursor };
	return (struct text){ d->line, d->n };
}

enum dialogue_sight
dialogue_sight(const struct dialogue *d)
{
	struct text tail = dialogue_tail(d), shown = text_trim(tail);

	if (d->cr || d->state != PLAIN || shown.n == 0)
		return DIALOGUE_TEXT;
	if (d->ghost) /* not all of a more-mark may have been wiped */
		text_skip_blanks(&tail);
	/* A prompt before the echo is an old one: its reply is still to come. */
	if (is_prompt(d, tail))
		return d->sent && d->echoes ? DIALOGUE_TEXT : DIALOGUE_PROMPT;
	for (const char *const *m = d->dialect->more; m && *m; m++) {
		struct text mark = text_trim(text_of(*m));

		if (mark.n > 0 && shown.n >= mark.n && shown.n <= mark.n + MORE_TAIL &&
		    memcmp(shown.s, mark.s, mark.n) == 0)
			return DIALOGUE_MORE;
	}
	return DIALOGUE_TEXT;
}

void
dialogue_answered(struct dialogue *d)
{
	memset(d->line, ' ', d->n);
	d->ghost = d->answered = true;
}

struct text
dialogue_candidate(const struct dialogue *d)
{
	struct text tail = dialogue_tail(d), shown = text_trim(tail);

	if (d->cr || d->state != PLAIN || shown.n == 0 || tail.n >= LIMIT_PROMPT ||
	    !strchr(marks(d), shown.s[shown.n - 1]))
		return (struct text){ "", 0 };
	return tail;
}

void
dialogue_learn(struct dialogue *d, struct text prompt)
{
	(void)text_copy(prompt, d->prompt, sizeof(d->prompt));
}
