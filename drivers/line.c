/* Lines that hold no row by their nature: terminal codes, prompts and echoed commands. */
#include "drivers/engine.h"

bool
line_is_blank(struct text line)
{
	return skip_blanks(line.s) >= line.s + line.n;
}

/* What a terminal would show: a row of cells and where the next byte goes. */
struct screen {
	char *cells;
	size_t at, n;
};

static void
put(struct screen *screen, char c)
{
	if (screen->at >= LIMIT_LINE)
		return;
	screen->cells[screen->at++] = c;
	if (screen->at > screen->n)
		screen->n = screen->at;
}

/* ESC [ 16 D moves left, ESC [ K wipes to the end; other sequences show nothing. Returns the index
 * behind the sequence that begins at i. */
static size_t
escape(struct screen *screen, struct text line, size_t i)
{
	size_t count = 0;

	if (++i >= line.n)
		return i;
	if (line.s[i] == ']') { /* a title: up to BEL */
		while (i < line.n && line.s[i] != '\a')
			i++;
		return i < line.n ? i + 1 : i;
	}
	if (line.s[i] != '[')
		return i + 1;
	for (i++; i < line.n && line.s[i] >= ' ' && line.s[i] < '@'; i++)
		if (line.s[i] >= '0' && line.s[i] <= '9' && count < LIMIT_LINE)
			count = count * 10 + (size_t)(line.s[i] - '0');
	if (i >= line.n)
		return i;
	if (line.s[i] == 'D')
		screen->at -= count < screen->at ? count : screen->at;
	else if (line.s[i] == 'K')
		screen->n = screen->at;
	return i + 1;
}

bool
line_clean(struct text line, char *room, struct text *cleaned)
{
	struct screen screen = { .cells = room };

	if (to_control(line.s, line.s + line.n) == line.s + line.n)
		return false;
	for (size_t i = 0; i < line.n;) {
		char c = line.s[i];

		if (c == '\033') {
			i = escape(&screen, line, i);
			continue;
		}
		i++;
		if (c == '\b')
			screen.at -= screen.at > 0;
		else if (c == '\r')
			screen.at = 0;
		else if ((unsigned char)c >= ' ' || c == '\t')
			put(&screen, c);
	}
	*cleaned = (struct text){ room, screen.n };
	return true;
}

/* A prompt alone: one word that ends in a prompt character. */
static bool
is_prompt(const struct driver *driver, struct text t)
{
	if (!driver->dialect.prompt || t.n == 0 || t.n > LIMIT_PROMPT || t.s[t.n - 1] == '\0' ||
	    !strchr(driver->dialect.prompt, t.s[t.n - 1]))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.s[i] <= ' ')
			return false;
	return true;
}

bool
line_is_echo(const struct driver *driver, struct text line, struct text *place)
{
	struct text t = text_trim(line);

	return is_prompt(driver, t) || driver_command_place(driver, t, place) != NULL;
}
