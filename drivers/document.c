/* What the forms of documents (xml, json) have in common: records that are filled part by part, and
 * the account of the lines below them.
 *
 * The account counts lines of text here too. A line is a row when a record ended in it or lies
 * over it, unread when one of those did not read or when something stood outside of records that
 * the driver does not name, noise otherwise. */
#include "drivers/map.h"

static void
open_fresh(struct reply *reply)
{
	struct record *r = reply->record;

	reply_fresh(reply, r->o);
	r->o->line = (uint32_t)reply->account.lines + 1;
	r->open = true;
}

void
document_open_record(struct reply *reply)
{
	open_fresh(reply);
	reply->document.bad = false;
}

struct text
document_keep(struct reply *reply, const char *bytes, size_t n)
{
	struct record *r = reply->record;
	char *at = r->text + r->used;

	if (n > RECORD_TEXT - r->used) {
		reply->document.bad = true;
		return (struct text){ 0 };
	}
	memcpy(at, bytes, n);
	at[n] = '\n';
	r->used += n;
	return (struct text){ at, n };
}

void
document_field(struct reply *reply, int field, struct text text)
{
	static const char nothing[PATTERN_PAD];
	const struct map *map = reply->program->map;
	struct observation *o = reply->record->o, before;
	struct walk *walk = &reply->walk;

	walk->from = 0;
	walk->found.unread = NULL;
	if (text.n == 0)
		text.s = nothing;
	for (int i = field; i >= 0; i = map->fields[i].alt) {
		const struct map_field *f = &map->fields[i];

		if (f->alt >= 0)
			memcpy(&before, o, reply->row_size);
		if (pattern_walk(f->pattern, text, o, walk)) {
			if (walk->found.unread)
				reply_note_refused(reply, walk->found.unread);
			reply->document.bad |= walk->found.unread != NULL;
			return;
		}
		if (f->alt >= 0)
			memcpy(o, &before, reply->row_size);
	}
	reply->document.bad = true;
}

/* Nobody and nothing: not the record we know. */
static bool
is_empty(const struct observation *o)
{
	return o->near.addr.family == 0 && o->far.addr.family == 0 && o->mac.n == 0 &&
	       o->user.n == 0 && o->more.remote.n == 0;
}

bool
document_finish(struct reply *reply)
{
	const struct map *map = reply->program->map;

	for (unsigned i = 0; i < map->n_fields; i++)
		if (map->fields[i].node == MAP_END)
			document_field(reply, (int)i, (struct text){ 0 });
	return !reply->document.bad && !is_empty(reply->record->o);
}

void
document_close_record(struct reply *reply)
{
	bool good = document_finish(reply);

	reply->document.has_row |= good;
	reply->document.has_unread |= !good;
	reply_close_record(reply, good);
}

bool
document_wrapper(struct reply *reply, const char *before, struct text name, const char *behind)
{
	char part[LIMIT_NAME + 4 + PATTERN_PAD] = "";
	const struct pattern *noise;

	if (name.n > LIMIT_NAME)
		return false;
	snprintf(part, sizeof(part) - PATTERN_PAD, "%s%.*s%s", before, (int)name.n, name.s, behind);
	noise = reply_opens(reply, &reply->program->noise, text_of(part));
	if (noise)
		reply->recognised |= !noise->silent;
	return noise != NULL;
}

void
document_end_line(struct reply *reply, struct text line)
{
	struct document *d = &reply->document;

	if (line.n > 0 && line.s[line.n - 1] == '\n')
		line.n--;
	reply->account.lines++;
	if (reply->account.lines > LIMIT_REPLY_LINES)
		reply_stop(
		    reply, REASON_LIMIT, "the reply has more than %d lines", LIMIT_REPLY_LINES);
	if (d->has_unread || reply->stopped)
		reply_count(reply, LINE_UNREAD, line);
	else if (reply->record->open)
		reply->record->lines++;
	else
		reply_count(reply, d->has_row ? LINE_ROW : LINE_NOISE, line);
	d->has_row = d->has_unread = d->has_bytes = false;
}

bool
document_begins(const struct reply *reply, struct text piece, const char *openings)
{
	struct text before = { reply->carry, reply->carried };

	text_skip_blanks(&before);
	if (before.n > 0 || reply->overlong)
		return before.n > 0 && strchr(openings, before.s[0]);
	text_skip_blanks(&piece);
	return piece.n > 0 && piece.s[0] != '\0' && strchr(openings, piece.s[0]);
}
