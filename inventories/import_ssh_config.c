/* ssh_config(5): each Host whose name has no wildcard. The first value that fits a host counts, as
 * there. What only ssh itself can decide (Match, Include) is said, not guessed. */
#include <fnmatch.h>

#include "inventories/importing.h"

enum { LINES = 5000 /* each is compared with each */ };

enum setting { HOSTNAME, PORT, USER, JUMP, SETTINGS };

struct block {
	struct text patterns; /* behind Host; empty: before the first Host */
	const char *settings[SETTINGS];
	unsigned line;
	bool match; /* of a Match: applies to nothing */
};

struct ssh_config {
	struct block *blocks;
	size_t n;
};

static struct block *
begin(struct importing *i, struct ssh_config *s, struct text patterns, unsigned line)
{
	if (s->n == LINES) {
		fault_at(&i->l, line, 1, "more than %d Host lines", LINES);
		return &s->blocks[s->n - 1];
	}
	s->blocks = mem_grow(s->blocks, s->n + 1, sizeof *s->blocks);
	s->blocks[s->n] = (struct block){ .patterns = patterns, .line = line };
	return &s->blocks[s->n++];
}

/* "Keyword value", "Keyword=value", with quotes round the value or without. */
static struct text
take_keyword(struct text *t)
{
	struct text keyword = { t->s, 0 };

	while (keyword.n < t->n && !strchr(" \t=", t->s[keyword.n]))
		keyword.n++;
	*t = text_trim((struct text){ t->s + keyword.n, t->n - keyword.n });
	if (text_take_char(t, '='))
		*t = text_trim(*t);
	if (t->n >= 2 && t->s[0] == '"' && t->s[t->n - 1] == '"')
		*t = (struct text){ t->s + 1, t->n - 2 };
	return keyword;
}

static void
line(struct importing *i, struct text raw, unsigned number, void *arg)
{
	static const char *const names[SETTINGS] = { "hostname", "port", "user", "proxyjump" };
	struct ssh_config *s = arg;
	struct text t = text_trim(raw), keyword = take_keyword(&t);
	const char *value = import_text(i, t);
	struct block *b = s->n ? &s->blocks[s->n - 1] : begin(i, s, (struct text){ 0 }, number);

	if (text_is_nocase(keyword, "host")) {
		begin(i, s, text_of(value), number);
	} else if (text_is_nocase(keyword, "match")) {
		import_warn(i, "line %u: Match and what it says is not read", number);
		begin(i, s, text_of(value), number)->match = true;
	} else if (text_is_nocase(keyword, "include")) {
		import_warn(i, "line %u: Include is not followed: import that file too", number);
	} else if (text_is_nocase(keyword, "proxycommand") && !text_is_nocase(t, "none")) {
		if (!b->settings[JUMP])
			b->settings[JUMP] = "a ProxyCommand";
	}
	for (int n = 0; n < SETTINGS; n++)
		if (text_is_nocase(keyword, names[n]) && !b->settings[n])
			b->settings[n] = value;
}

static bool
fits(struct importing *i, const struct block *b, const char *name)
{
	struct text rest = b->patterns, one;
	bool good = rest.n == 0 && !b->match;

	for (text_skip_blanks(&rest); text_take_word(&rest, &one); text_skip_blanks(&rest)) {
		bool not = text_take_char(&one, '!');

		if (b->match || fnmatch(import_text(i, one), name, 0) != 0)
			continue;
		if (not )
			return false;
		good = true;
	}
	return good;
}

/* HostName may name the host itself: %h. */
static const char *
expand(struct importing *i, const char *hostname, const char *name)
{
	struct text rest = text_of(hostname), before;

	if (!hostname || !text_take_until(&rest, '%', &before))
		return hostname;
	if (!text_take_char(&rest, 'h'))
		return hostname;
	return arena_printf(
	    &i->l.config->arena, "%.*s%s%.*s", (int)before.n, before.s, name, (int)rest.n, rest.s);
}

static void
add(struct importing *i, const struct ssh_config *s, const char *name)
{
	const char *settings[SETTINGS] = { NULL };
	struct candidate *c;

	for (size_t n = 0; n < i->n; n++)
		if (strcmp(i->candidates[n].name, name) == 0)
			return;
	c = import_add(i);
	if (!c)
		return;
	for (size_t b = 0; b < s->n; b++) {
		if (!fits(i, &s->blocks[b], name))
			continue;
		for (int n = 0; n < SETTINGS; n++)
			if (!settings[n])
				settings[n] = s->blocks[b].settings[n];
	}
	c->name = name;
	c->host = expand(i, settings[HOSTNAME], name);
	c->user = settings[USER];
	c->via = settings[JUMP] ? import_jump(i, text_of(settings[JUMP])) : NULL;
	if (!import_port(settings[PORT], &c->port))
		c->problem = "its Port is no port";
}

static void
read_source(struct importing *i)
{
	struct ssh_config s = { 0 };

	import_lines(i, i->order->source, line, &s);
	for (size_t b = 0; b < s.n && import_good(i); b++) {
		struct text rest = s.blocks[b].patterns, one;

		for (text_skip_blanks(&rest); !s.blocks[b].match && text_take_word(&rest, &one);
		     text_skip_blanks(&rest))
			if (!memchr(one.s, '*', one.n) && !memchr(one.s, '?', one.n) &&
			    one.s[0] != '!')
				add(i, &s, import_text(i, one));
	}
	free(s.blocks);
}

const struct import_kind import_ssh_config = { "ssh-config",
	"an ssh_config(5); its hosts have no platform: --map says it by their names", read_source };
