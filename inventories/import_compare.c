/* A source's candidates against what was imported from it before, and what a person wrote. */
#include <stdarg.h>
#include <uthash.h>

#include "base/log.h"
#include "inventories/importing.h"

static struct arena *
arena_of(struct importing *i)
{
	return &i->l.config->arena;
}

/* --- a candidate becomes an entry ------------------------------------------------------------- */

struct comparing {
	struct importing *i;
	const struct config *config;
	const struct platform_map *map;
	struct import *out;
	struct entries entries;
	struct entry *by_id, *by_name; /* hash tables: of this source; of all */
	size_t rows_room;
};

/* What may stand in a name of ours: every run of other bytes becomes one '-'. NULL: nothing is
 * left, or it is too long. */
static const char *
fold(struct importing *i, const char *raw)
{
	char out[LIMIT_NAME + 2];
	size_t n = 0;

	for (; raw && *raw && n <= LIMIT_NAME; raw++) {
		bool letter = (*raw >= 'a' && *raw <= 'z') || (*raw >= 'A' && *raw <= 'Z') ||
			      (*raw >= '0' && *raw <= '9');

		if (letter || (n > 0 && strchr("._-", *raw)))
			out[n++] = *raw;
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-' && raw && raw[-1] != '-')
		n--;
	return n == 0 || n > LIMIT_NAME ? NULL : import_text(i, (struct text){ out, n });
}

static const char *
escaped(struct importing *i, const char *raw)
{
	char out[256];

	text_escape(text_of(raw), out, sizeof out);
	return import_text(i, text_of(out));
}

static int
compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Folded, sorted, each once. "all" means every device here and can be no tag. */
static void
put_tags(struct importing *i, const struct candidate *c, struct entry *e)
{
	size_t n = 0;

	if (c->n_tags == 0)
		return;
	e->tags = arena_alloc(arena_of(i), c->n_tags * sizeof *e->tags);
	for (size_t t = 0; t < c->n_tags; t++) {
		const char *tag = fold(i, c->tags[t]);

		if (tag && strcmp(tag, "all") != 0)
			e->tags[n++] = tag;
	}
	if (n > 0)
		qsort(e->tags, n, sizeof *e->tags, compare_text);
	for (size_t t = 0; t < n; t++)
		if (t == 0 || strcmp(e->tags[t], e->tags[e->n_tags - 1]) != 0)
			e->tags[e->n_tags++] = e->tags[t];
}

static bool
is_login(const struct credential *c)
{
	return c->user && (c->password || c->key);
}

/* The account of a new device: as ordered, else the only one of the user that the source names,
 * else the only login there is. */
static const char *
find_credential(const struct comparing *k, const struct candidate *c)
{
	const char *of_user = NULL, *only = NULL;
	unsigned users = 0, logins = 0;

	if (k->i->order->credential)
		return k->i->order->credential;
	for (size_t n = 0; n < k->config->n_credentials; n++) {
		const struct credential *one = &k->config->credentials[n];

		if (!is_login(one))
			continue;
		logins++;
		only = one->name;
		if (c->user && strcmp(c->user, one->user) == 0) {
			users++;
			of_user = one->name;
		}
	}
	return users == 1 ? of_user : logins == 1 ? only : NULL;
}

static void __attribute__((format(printf, 6, 7))) row(struct comparing *k, char mark,
    const char *name, const char *platform, const char *host, const char *format, ...)
{
	struct import *out = k->out;
	char details[800];
	va_list args;

	va_start(args, format);
	vsnprintf(details, sizeof details, format, args);
	va_end(args);
	if (out->n_rows == k->rows_room) {
		k->rows_room = k->rows_room ? k->rows_room * 2 : 64;
		out->rows = mem_grow(out->rows, k->rows_room, sizeof *out->rows);
	}
	out->rows[out->n_rows++] = (struct import_row){ mark,
		arena_string(&out->arena, text_of(name)),
		arena_string(&out->arena, text_of(platform ? platform : "")),
		arena_string(&out->arena, text_of(host ? host : "")),
		arena_string(&out->arena, text_of(details)) };
}

/* The device that the source names as the jump host. */
static bool
find_via(struct comparing *k, const char *raw, struct entry *e)
{
	const char *name = fold(k->i, raw);
	struct entry *other = NULL;

	if (name)
		HASH_FIND(hh_name, k->by_name, name, strlen(name), other);
	e->via = other || (name && config_device(k->config, name)) ? name : NULL;
	return e->via != NULL;
}

/* Why the candidate cannot be a device; NULL: it can, and *e is what it would be. */
static const char *
make(struct comparing *k, const struct candidate *c, struct platform_verdict verdict,
    struct entry *e)
{
	const char *wrong;

	if (c->problem)
		return c->problem;
	*e = (struct entry){ .name = fold(k->i, c->name),
		.host = c->host && c->host[0] ? c->host : c->name,
		.site = fold(k->i, c->site),
		.port = c->port == 22 ? 0 : c->port,
		.source = k->out->source,
		.state = c->down ? "down" : "up",
		.seen = true };
	if (c->via && !find_via(k, c->via, e))
		return arena_printf(arena_of(k->i),
		    "it is reached through %s, which is no device: write it in inventory.d/",
		    escaped(k->i, c->via));
	if (!e->name)
		return c->name && c->name[0] ? "its name is longer than 64 bytes or has no letter"
					     : "it has no name";
	wrong = fault_host(text_of(e->host));
	if (wrong)
		return arena_printf(arena_of(k->i), "host '%s': %s", escaped(k->i, e->host), wrong);
	if (e->site && strcmp(e->site, "all") == 0)
		e->site = NULL;
	if (!verdict.driver && !c->platform)
		return "the source says no platform; add a line (name ...) to platforms.map or "
		       "write the device in inventory.d/";
	if (!verdict.driver)
		return arena_printf(arena_of(k->i),
		    "platform \"%s\" not mapped; add a line to platforms.map or write the device "
		    "in "
		    "inventory.d/",
		    escaped(k->i, c->platform));
	if (!platform_can_poll(verdict.driver))
		return arena_printf(
		    arena_of(k->i), "platform %s lists no sessions to poll", verdict.driver->name);
	e->platform = verdict.driver->name;
	put_tags(k->i, c, e);
	return NULL;
}

/* --- what changes ----------------------------------------------------------------------------- */

static bool
same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Adds a word or a phrase behind what was said, parted by `between`. */
static void __attribute__((format(printf, 3, 4)))
say(char out[static 700], const char *between, const char *format, ...)
{
	size_t n = strlen(out);
	va_list args;

	if (n > 0 && n < 690)
		n += (size_t)snprintf(out + n, 700 - n, "%s", between);
	va_start(args, format);
	vsnprintf(out + n, 700 - n, format, args);
	va_end(args);
}

static const char *
joined(struct importing *i, const struct entry *e)
{
	const char *all = "";

	for (size_t t = 0; t < e->n_tags; t++)
		all = arena_printf(arena_of(i), "%s%s%s", all, t ? "," : "", e->tags[t]);
	return all;
}

static void
was(char out[static 700], const char *key, const char *old, const char *new)
{
	if (!same(old, new))
		say(out, ", ", "%s was %s", key, old && old[0] ? old : "not said");
}

static void
say_rule(char out[static 700], struct platform_verdict verdict)
{
	if (verdict.rule)
		say(out, " ", "(map line %u: %s)", verdict.line, verdict.rule);
}

/* Takes the source's word for what the source knows; what a person added stays. */
static void
update(struct comparing *k, struct entry *old, const struct entry *new,
    struct platform_verdict verdict)
{
	char words[700] = "", port[16] = "22";

	if (old->port)
		snprintf(port, sizeof port, "%u", old->port);
	was(words, "name", old->name, new->name);
	was(words, "host", old->host, new->host);
	was(words, "platform", old->platform, new->platform);
	if (words[0] && !same(old->platform, new->platform))
		say_rule(words, verdict);
	if (old->port != new->port)
		say(words, ", ", "port was %s", port);
	was(words, "site", old->site, new->site);
	was(words, "tags", joined(k->i, old), joined(k->i, new));
	was(words, "via", old->via, new->via);
	if (strcmp(old->state, "left") == 0)
		say(words, ", ", "back in the source");
	else if (!same(old->state, new->state))
		say(words, ", ", "was %s in the source", old->state);
	if (k->i->order->credential && old->credential && !same(old->credential, new->credential))
		say(words, ", ", "credential was %s", old->credential);
	if (words[0]) {
		row(k, '~', new->name, new->platform, new->host, "%s", words);
		k->out->changed++;
	} else {
		k->out->same++;
	}
	HASH_DELETE(hh_name, k->by_name, old);
	old->name = new->name;
	HASH_ADD_KEYPTR(hh_name, k->by_name, old->name, strlen(old->name), old);
	old->host = new->host;
	old->platform = new->platform;
	old->port = new->port;
	old->site = new->site;
	old->tags = new->tags;
	old->n_tags = new->n_tags;
	old->via = new->via;
	old->state = new->state;
	old->id = new->id;
	if (k->i->order->credential)
		old->credential = new->credential;
	old->seen = true;
}

static void
add(struct comparing *k, const struct candidate *c, const struct entry *new,
    struct platform_verdict verdict)
{
	struct entry *e;
	char words[700] = "";

	if (new->site)
		say(words, " ", "site=%s", new->site);
	if (new->n_tags)
		say(words, " ", "tags=%s", joined(k->i, new));
	if (new->port)
		say(words, " ", "port=%u", new->port);
	if (new->via)
		say(words, " ", "via=%s", new->via);
	if (c->down)
		say(words, " ", "(down in the source: disabled)");
	if (!same(c->name, new->name))
		say(words, " ", "(\"%s\" in the source)", escaped(k->i, c->name));
	say_rule(words, verdict);
	row(k, '+', new->name, new->platform, new->host, "%s", words);
	k->out->new ++;
	e = entries_add(k->i, &k->entries);
	*e = *new;
	HASH_ADD_KEYPTR(hh_name, k->by_name, e->name, strlen(e->name), e);
	HASH_ADD_KEYPTR(hh_id, k->by_id, e->id, strlen(e->id), e);
}

/* Who else has the name: a device written by hand, another source, another device of this one. NULL
 * when it is free for the device whose entry is `own`. */
static const char *
clash(struct comparing *k, const char *name, const struct entry *own)
{
	const struct device *d = config_device(k->config, name);
	struct entry *e;

	HASH_FIND(hh_name, k->by_name, name, strlen(name), e);
	if (e == own && e)
		return NULL;
	if (e && strcmp(e->source, k->out->source) != 0)
		return arena_printf(
		    arena_of(k->i), "a device of that name was imported from %s", e->source);
	if (e && e->seen)
		return "another device of the source has that name";
	if (e)
		return "the name is that of a device that the source calls otherwise now: import "
		       "again";
	if (d && !d->source)
		return arena_printf(arena_of(k->i),
		    "a device of that name is written by hand at %s:%u", d->file, d->line);
	return NULL;
}

/* What an earlier import made of the candidate: by its id; else by its name, for a device that was
 * deleted and entered anew. */
static struct entry *
find_entry(struct comparing *k, const char *id, const struct candidate *c)
{
	const char *name = fold(k->i, c->name);
	struct entry *e;

	HASH_FIND(hh_id, k->by_id, id, strlen(id), e);
	if (e || !name)
		return e;
	HASH_FIND(hh_name, k->by_name, name, strlen(name), e);
	return e && !e->seen && strcmp(e->source, k->out->source) == 0 ? e : NULL;
}

static void
skip(struct comparing *k, const struct candidate *c, struct entry *old, const char *why)
{
	const char *name = c->name && c->name[0] ? c->name : c->id ? c->id : "?";

	row(k, '!', escaped(k->i, name), "", "", "skipped: %s%s", why,
	    old && !old->seen ? "; its entry stays as it was" : "");
	k->out->skipped++;
	if (old)
		old->seen = true;
}

/* An id is a key of YAML's own kind: printable, and not cut. */
static const char *
id_of(struct comparing *k, const struct candidate *c)
{
	const char *id = c->id && c->id[0] ? c->id : c->name ? c->name : "";

	return strlen(id) <= 200 ? escaped(k->i, id) : NULL;
}

static void
take(struct comparing *k, struct candidate *c)
{
	struct platform_verdict verdict = platform_find(k->map, c);
	const char *id = id_of(k, c), *why;
	struct entry *old = id ? find_entry(k, id, c) : NULL, new = { 0 };

	if (verdict.skip && !c->problem) {
		k->out->left_out++;
		return;
	}
	why = id ? make(k, c, verdict, &new) : "its id is longer than 200 bytes";
	if (!why)
		why = clash(k, new.name, old);
	if (!why && old && old->seen)
		why = "another device of the source has that id";
	if (!why && !old && (k->i->order->credential || !k->entries.has_credential)) {
		new.credential = find_credential(k, c);
		if (!new.credential)
			why = "which account is it for? --credential NAME names one of "
			      "gatebook.yml";
	}
	new.id = id;
	if (why)
		skip(k, c, old, why);
	else if (old)
		update(k, old, &new, verdict);
	else
		add(k, c, &new, verdict);
}

static void
leave(struct comparing *k)
{
	for (size_t n = 0; n < k->entries.n; n++) {
		struct entry *e = k->entries.all[n];

		if (e->seen || strcmp(e->source, k->out->source) != 0)
			continue;
		if (strcmp(e->state, "left") == 0) {
			k->out->gone_before++;
			continue;
		}
		k->out->gone++;
		if (!k->i->order->prune)
			continue;
		e->state = "left";
		row(k, '-', e->name, e->platform, e->host, "left the source: disabled");
	}
}

static int
compare_rows(const void *left, const void *right)
{
	const struct import_row *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : (a->mark > b->mark) - (a->mark < b->mark);
}

static void
finish(struct comparing *k)
{
	struct import *out = k->out;

	if (out->n_rows > 0)
		qsort(out->rows, out->n_rows, sizeof *out->rows, compare_rows);
	out->text = entries_text(&k->entries, &out->text_n);
	out->warnings = arena_alloc(&out->arena, (k->i->n_warnings + 1) * sizeof *out->warnings);
	for (size_t n = 0; n < k->i->n_warnings; n++)
		out->warnings[n] = arena_string(&out->arena, text_of(k->i->warnings[n]));
}

void
import_compare(struct importing *i, const struct config *config, const struct platform_map *map,
    struct import *out)
{
	struct comparing k = { .i = i, .config = config, .map = map, .out = out };

	if (i->n == 0) {
		error_set(&i->err, "%s lists no device: nothing was changed", out->source);
		return;
	}
	out->read_ns = entries_changed_ns(out->path);
	if (entries_read(i, out->path, &k.entries)) {
		for (size_t n = 0; n < k.entries.n; n++) {
			struct entry *e = k.entries.all[n];

			HASH_ADD_KEYPTR(hh_name, k.by_name, e->name, strlen(e->name), e);
			if (strcmp(e->source, out->source) == 0)
				HASH_ADD_KEYPTR(hh_id, k.by_id, e->id, strlen(e->id), e);
		}
		/* Jump hosts before what is behind them. */
		for (size_t n = 0; n < i->n; n++)
			if (!i->candidates[n].via)
				take(&k, &i->candidates[n]);
		for (size_t n = 0; n < i->n; n++)
			if (i->candidates[n].via)
				take(&k, &i->candidates[n]);
		leave(&k);
		finish(&k);
	}
	HASH_CLEAR(hh_name, k.by_name);
	HASH_CLEAR(hh_id, k.by_id);
	free(k.entries.all);
}
