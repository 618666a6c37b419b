#include "drivers/detect.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

enum { STRANGE_LINES = 64, MARKS = 32 };

/* --- the dialect of all ----------------------------------------------------------------------- */

static struct {
	struct command commands[STRANGE_LINES];
	const char *more[STRANGE_LINES];
	char prompt[MARKS];
	unsigned n, n_more;
} strange;

static void
add_line(const char *line)
{
	static const char *const no_pattern[] = { NULL };
	unsigned i = 0;

	while (line && i < strange.n && strcmp(strange.commands[i].send, line) != 0)
		i++;
	if (line && i == strange.n && i + 1 < STRANGE_LINES)
		strange.commands[strange.n++] = (struct command){
			.send = line, .patterns = no_pattern, .noise = no_pattern
		};
}

static void
add_more(const char *mark)
{
	unsigned i = 0;

	while (i < strange.n_more && strcmp(strange.more[i], mark) != 0)
		i++;
	if (i == strange.n_more && i + 1 < STRANGE_LINES)
		strange.more[strange.n_more++] = mark;
}

static void
add_marks(const char *prompt)
{
	for (size_t n = strlen(strange.prompt); *prompt; prompt++)
		if (!strchr(strange.prompt, *prompt) && n + 1 < sizeof(strange.prompt))
			strange.prompt[n++] = *prompt;
}

const struct driver *
detect_stranger(void)
{
	static struct driver stranger = { .name = "unknown",
		.title = "a device of unknown platform",
		.dialect = { .shell = true, .prompt = strange.prompt, .more = strange.more },
		.commands = strange.commands,
		.blind = "",
		.privilege = "" };

	for (unsigned i = 0; i < drivers_count; i++) {
		const struct driver *d = drivers[i];

		if (!d->signs.says)
			continue;
		add_line(d->signs.version);
		add_line(d->dialect.leave);
		add_marks(d->dialect.prompt);
		for (unsigned k = 0; d->dialect.more && d->dialect.more[k]; k++)
			add_more(d->dialect.more[k]);
	}
	return &stranger;
}

/* --- signs ------------------------------------------------------------------------------------ */

static bool
looks_like(const char *glob, const char *text)
{
	return glob && fnmatch(glob, text, 0) == 0;
}

static unsigned
count(uint64_t set)
{
	return (unsigned)__builtin_popcountll(set);
}

bool
detect_banner(struct detection *d, const char *software)
{
	for (unsigned i = 0; i < drivers_count; i++)
		if (looks_like(drivers[i]->signs.banner, software))
			d->banner |= UINT64_C(1) << i;
	return count(d->banner) == 1;
}

void
detect_prompt(struct detection *d, const char *prompt)
{
	for (unsigned i = 0; i < drivers_count; i++)
		if (looks_like(drivers[i]->signs.prompt, prompt))
			d->prompt |= UINT64_C(1) << i;
}

static bool
was_tried(const struct detection *d, const char *line)
{
	for (unsigned i = 0; i < d->n_tried; i++)
		if (strcmp(d->tried[i], line) == 0)
			return true;
	return false;
}

/* How much speaks for asking a line: the signs of the drivers that would ask it, then their number.
 */
static unsigned
weight_of(const struct detection *d, const char *line)
{
	unsigned best = 0, askers = 0;

	for (unsigned i = 0; i < drivers_count; i++) {
		const struct signs *s = &drivers[i]->signs;
		unsigned signs = (d->banner >> i & 1 ? 2 : 0) + (d->prompt >> i & 1 ? 1 : 0);

		if (!s->says || strcmp(s->version, line) != 0)
			continue;
		askers++;
		if (signs > best)
			best = signs;
	}
	return best * DETECT_DRIVERS + askers;
}

const char *
detect_next(struct detection *d)
{
	const char *next = NULL;
	unsigned most = 0;

	for (unsigned i = 0; i < drivers_count && d->n_tried < DETECT_ASKS; i++) {
		const char *line = drivers[i]->signs.says ? drivers[i]->signs.version : NULL;
		unsigned weight = line && !was_tried(d, line) ? weight_of(d, line) : 0;

		if (weight > most) {
			most = weight;
			next = line;
		}
	}
	if (next)
		d->tried[d->n_tried++] = next;
	d->asked = next;
	return next;
}

/* The longest sign of a driver that the line matches. */
static size_t
said_by(const struct signs *s, const char *line)
{
	size_t longest = 0;

	for (const char *const *says = s->says; *says; says++)
		if (strlen(*says) > longest && looks_like(*says, line))
			longest = strlen(*says);
	return longest;
}

/* What those of `set` would say to be asked what they are. */
static void
compare(struct detection *d, uint64_t set, struct text line)
{
	char copy[200];

	(void)text_copy(text_trim(line), copy, sizeof(copy));
	for (unsigned i = 0; i < drivers_count; i++) {
		const struct signs *s = &drivers[i]->signs;
		size_t length = s->says && (set >> i & 1) ? said_by(s, copy) : 0;

		if (length == 0 || length < d->said_length)
			continue;
		if (length > d->said_length) {
			d->said = 0;
			text_escape(text_of(copy), d->line, sizeof(d->line));
		}
		d->said_length = length;
		d->said |= UINT64_C(1) << i;
	}
}

void
detect_line(struct detection *d, struct text line)
{
	uint64_t askers = 0;

	for (unsigned i = 0; i < drivers_count; i++)
		if (drivers[i]->signs.says && strcmp(drivers[i]->signs.version, d->asked) == 0)
			askers |= UINT64_C(1) << i;
	compare(d, askers, line);
}

static bool
lies_below(const char *object, const char *root)
{
	size_t n = root ? strlen(root) : 0;

	return n > 0 && strncmp(object, root, n) == 0 && (object[n] == '.' || object[n] == '\0');
}

void
detect_agent(struct detection *d, const char *object, struct text description)
{
	struct text line;

	for (unsigned i = 0; i < drivers_count; i++)
		if (lies_below(object, drivers[i]->signs.object))
			d->object |= UINT64_C(1) << i;
	while (text_take_line(&description, &line))
		compare(d, d->object ? d->object : UINT64_MAX, line);
}

bool
detect_heard(struct detection *d)
{
	for (unsigned i = 0; i < drivers_count; i++)
		if (drivers[i]->signs.says && strcmp(drivers[i]->signs.version, d->asked) == 0 &&
		    !(d->said >> i & 1))
			d->denied |= UINT64_C(1) << i;
	return d->said != 0;
}

uint64_t
detect_found(const struct detection *d)
{
	if (d->said || d->object)
		return d->said ? d->said : d->object;
	return (d->banner ? d->banner : d->prompt) & ~d->denied;
}
