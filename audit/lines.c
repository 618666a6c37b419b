#include "audit/lines.h"

#include <string.h>

const char *
line_use_name(enum line_use use)
{
	static const char *const names[] = { "setup", "command", "page", "leave", "question",
		"enable", "key" };

	return names[use];
}

/* Counts down to the line that was asked for; equal lines count once. */
struct search {
	const struct driver *driver;
	unsigned left;
	struct sent_line *out;
	bool found;
};

static bool
was_before(const struct search *s, const struct command *until, const char *line)
{
	const char *const *setup = s->driver->dialect.setup;

	for (unsigned i = 0; until && setup && setup[i]; i++)
		if (strcmp(setup[i], line) == 0)
			return true;
	for (const struct command *c = s->driver->commands; c->send && c != until; c++)
		if (!(c->flags & COMMAND_RECORD) && strcmp(c->send, line) == 0)
			return true;
	return false;
}

static void
offer(struct search *s, const char *line, enum line_use use, const struct command *command)
{
	if (s->found || !line)
		return;
	if (s->left-- > 0)
		return;
	*s->out = (struct sent_line){ line, use, command };
	s->found = true;
}

static void
offer_commands(struct search *s)
{
	for (const struct command *c = s->driver->commands; c->send; c++) {
		if (c->flags & COMMAND_RECORD)
			continue;
		if (!was_before(s, c, c->send))
			offer(s, c->send, LINE_COMMAND, c);
		offer(s, c->pages, LINE_PAGE, c);
	}
}

bool
sent_line(const struct driver *driver, unsigned i, struct sent_line *out)
{
	const struct dialect *dialect = &driver->dialect;
	struct search s = { driver, i, out, false };
	bool asked = driver->signs.says != NULL;

	if (dialect->shell)
		offer(&s, "", LINE_KEY, NULL);
	if (dialect->shell && dialect->more && dialect->more[0])
		offer(&s, " ", LINE_KEY, NULL);
	for (unsigned k = 0; dialect->setup && dialect->setup[k]; k++)
		offer(&s, dialect->setup[k], LINE_SETUP, NULL);
	offer_commands(&s);
	offer(&s, dialect->leave, LINE_LEAVE, NULL);
	offer(&s, dialect->enable, LINE_ENABLE, NULL);
	if (asked && !was_before(&s, NULL, driver->signs.version))
		offer(&s, driver->signs.version, LINE_QUESTION, NULL);
	return s.found;
}
