#include <inttypes.h>

#include "drivers/engine.h"

/* Some compilers name the system: here it names a driver. */
#undef linux

#define DRIVER(name) extern const struct driver driver_##name;
#include "drivers/list.h"
#undef DRIVER

#define DRIVER(name) &driver_##name,
const struct driver *const drivers[] = {
#include "drivers/list.h"
};
#undef DRIVER

const unsigned drivers_count = sizeof(drivers) / sizeof(drivers[0]);

enum {
	MAX_NAMES = 1024,
	NEAREST = 3,                  /* names to propose for an unknown one */
	ECHO_LINE = 2 * LIMIT_PROMPT, /* bytes of a prompt and a command: longer lines are neither
				       */
	ECHO_TRIES = 4                /* bytes in it that might end the prompt */
};

const char *
status_name(enum status s)
{
	static const char *const names[] = { "verified", "samples", "layout" };

	return (unsigned)s < 3 ? names[s] : "unknown";
}

static bool
is_called(const struct driver *driver, struct text name)
{
	if (text_is_nocase(name, driver->name))
		return true;
	for (unsigned i = 0; driver->aliases && driver->aliases[i]; i++)
		if (text_is_nocase(name, driver->aliases[i]))
			return true;
	return false;
}

const struct driver *
driver_find(const char *name)
{
	for (unsigned i = 0; i < drivers_count; i++)
		if (is_called(drivers[i], text_of(name)))
			return drivers[i];
	return NULL;
}

/* All names but those of the drivers in `left_out`. */
static void
list_names(const char *names[MAX_NAMES + 1], uint64_t left_out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < drivers_count; i++) {
		const char *const *aliases = drivers[i]->aliases;

		if (left_out >> i & 1)
			continue;
		if (n < MAX_NAMES)
			names[n++] = drivers[i]->name;
		for (; aliases && *aliases && n < MAX_NAMES; aliases++)
			names[n++] = *aliases;
	}
	names[n] = NULL;
}

const char *
driver_nearest(const char *name)
{
	static char out[NEAREST * (LIMIT_NAME + 8)];
	const char *names[MAX_NAMES + 1], *nearest;
	uint64_t found = 0;
	size_t used = 0;

	for (int i = 0; i < NEAREST; i++) {
		unsigned k = 0;

		list_names(names, found);
		nearest = text_nearest(name, names);
		if (!nearest)
			break;
		while (!is_called(drivers[k], text_of(nearest)))
			k++;
		found |= UINT64_C(1) << k;
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s'%s'",
		    i == 0 ? "" : " or ", drivers[k]->name);
	}
	return used > 0 ? out : NULL;
}

bool
command_can_poll(const struct command *command)
{
	return command->topic <= TOPIC_SOCKETS && !(command->flags & COMMAND_RECORD);
}

const struct command *
driver_guard(const struct driver *driver)
{
	const struct command *c = driver->commands;

	while (c->send && (c->topic != TOPIC_COUNT || (c->flags & COMMAND_VARIANT)))
		c++;
	return c->send ? c : NULL;
}

bool
command_tells_identity(const struct command *command)
{
	return (command->topic == TOPIC_NEIGHBOURS || command->topic == TOPIC_STATIONS ||
		   command->topic == TOPIC_PORTS || command->topic == TOPIC_NETWORKS) &&
	       !(command->flags & (COMMAND_RECORD | COMMAND_OPTIONAL));
}

/* "show session all start-at {1-2000000}", taken apart. */
struct page_line {
	struct text before, behind;
	uint64_t least, most;
};

static bool
take_plain_number(struct text *t, uint64_t *n)
{
	return t->n > 0 && (t->s[0] != '0' || t->n == 1 || t->s[1] < '0' || t->s[1] > '9') &&
	       text_take_number(t, UINT32_MAX, n);
}

static bool
split_page_line(const char *pages, struct page_line *p)
{
	struct text t = text_of(pages);
	size_t n = strcspn(pages, "{");

	p->before = (struct text){ pages, n };
	t = (struct text){ pages + n, t.n - n };
	if (!text_take_char(&t, '{') || !take_plain_number(&t, &p->least) ||
	    !text_take_char(&t, '-') || !take_plain_number(&t, &p->most) ||
	    !text_take_char(&t, '}'))
		return false;
	p->behind = t;
	return n > 0 && p->least <= p->most && strcspn(t.s, "{}") == t.n;
}

bool
command_pages_valid(const char *pages)
{
	struct page_line p;

	return split_page_line(pages, &p);
}

bool
command_page(const struct command *command, uint64_t number, char *line, size_t size)
{
	struct page_line p;
	int n;

	if (!command->pages || !split_page_line(command->pages, &p) || number < p.least ||
	    number > p.most)
		return false;
	n = snprintf(line, size, "%.*s%" PRIu64 "%.*s", (int)p.before.n, p.before.s, number,
	    (int)p.behind.n, p.behind.s);
	return n > 0 && (size_t)n < size;
}

bool
command_is_page(const struct command *command, const char *line)
{
	struct text t = text_of(line);
	struct page_line p;
	uint64_t number;

	if (!command->pages || !split_page_line(command->pages, &p) ||
	    strncmp(line, p.before.s, p.before.n) != 0)
		return false;
	t = (struct text){ line + p.before.n, t.n - p.before.n };
	return take_plain_number(&t, &number) && number >= p.least && number <= p.most &&
	       text_equal(t, p.behind);
}

bool
driver_may_send(const struct driver *driver, const char *line)
{
	const char *const *setup = driver->dialect.setup;

	for (const struct command *c = driver->commands; c->send; c++)
		if (!(c->flags & COMMAND_RECORD) &&
		    (strcmp(c->send, line) == 0 || command_is_page(c, line)))
			return true;
	for (unsigned i = 0; setup && setup[i]; i++)
		if (strcmp(setup[i], line) == 0)
			return true;
	if (driver->dialect.enable && strcmp(driver->dialect.enable, line) == 0)
		return true;
	return driver->dialect.leave && strcmp(driver->dialect.leave, line) == 0;
}

/* The words of the line against those of a spelling: equal, or (short_words) the beginning of
 * them. {place} and {_} stand for a word, {_...} for whatever follows. */
static bool
is_spelled(const char *spelling, struct text line, bool short_words, struct text *place)
{
	struct text s = text_of(spelling), want, got;

	for (;;) {
		text_skip_blanks(&s);
		text_skip_blanks(&line);
		if (!text_take_word(&s, &want))
			return line.n == 0;
		if (text_is(want, "{_...}"))
			return true;
		if (!text_take_word(&line, &got))
			return false;
		if (text_is(want, "{_}"))
			continue;
		if (text_is(want, "{place}")) {
			*place = got;
			continue;
		}
		if (short_words && got.n < want.n)
			want.n = got.n;
		if (!text_equal(want, got))
			return false;
	}
}

struct spelled {
	const struct command *command;
	const char *spelling;
	size_t n; /* length of the spelling: the longest says most */
	struct text place;
};

static void
try_spelling(struct spelled *best, const struct command *command, const char *spelling,
    struct text line, bool short_words)
{
	struct spelled found = { command, spelling, 0, { 0 } };

	if (line.n == 0 || line.s[0] != spelling[0])
		return;
	found.n = strlen(spelling);
	if (found.n > best->n && is_spelled(spelling, line, short_words, &found.place))
		*best = found;
}

static struct spelled
find_spelling(const struct driver *driver, struct text line, bool short_words)
{
	struct spelled best = { 0 };

	for (const struct command *c = driver->commands; c->send; c++) {
		try_spelling(&best, c, c->send, line, short_words);
		for (unsigned i = 0; c->also && c->also[i]; i++)
			try_spelling(&best, c, c->also[i], line, short_words);
	}
	return best;
}

static bool
is_prompt_end(const char *prompt, char c)
{
	return c != '\0' && strchr(prompt, c);
}

static struct spelled
find(const struct driver *driver, struct text line)
{
	const char *prompt = driver->dialect.prompt ? driver->dialect.prompt : "";
	struct spelled found = { 0 };
	struct text t = text_trim(line);

	if (t.n > ECHO_LINE)
		return found;
	/* At the beginning of the line, and behind each byte that may end a prompt. */
	for (int i = 0; i < ECHO_TRIES && !found.command && t.n > 0; i++) {
		text_skip_blanks(&t);
		found = find_spelling(driver, t, false);
		if (!found.command && driver->dialect.shell)
			found = find_spelling(driver, t, true);
		while (t.n > 0 && !is_prompt_end(prompt, t.s[0]))
			t = (struct text){ t.s + 1, t.n - 1 };
		while (t.n > 0 && is_prompt_end(prompt, t.s[0]))
			t = (struct text){ t.s + 1, t.n - 1 };
	}
	return found;
}

const struct command *
driver_command_place(const struct driver *driver, struct text line, struct text *place)
{
	struct spelled found = find(driver, line);

	if (found.place.n > 0)
		*place = found.place;
	return found.command;
}

bool
driver_answers(const struct driver *driver, const struct command *command, struct text line)
{
	struct spelled found = find(driver, line);

	if (!found.command || command == found.command)
		return found.command != NULL;
	for (unsigned i = 0; command->also && command->also[i]; i++)
		if (strcmp(command->also[i], found.spelling) == 0)
			return true;
	return strcmp(command->send, found.spelling) == 0;
}

const struct command *
driver_command(const struct driver *driver, struct text line)
{
	struct text place;

	return driver_command_place(driver, line, &place);
}
