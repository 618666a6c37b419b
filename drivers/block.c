/* Records of several lines: the lines of one are held until the next begins. */
#include "drivers/engine.h"

/* Texts that lie in the line move with it into the record. */
static bool
hold_line(struct record *r, struct text line, struct observation *o)
{
	char *to = r->text + r->used;

	if (line.n > sizeof(r->text) - r->used)
		return false;
	memcpy(to, line.s, line.n);
	texts_move(o, line, to);
	if (r->lines == 0)
		r->first = line.n;
	r->used += line.n;
	r->lines++;
	r->o = *o;
	return true;
}

enum line_kind
reply_read_block(struct reply *reply, struct text line)
{
	const struct patterns *rows = &reply->program->rows;
	const char *begin = text_begin(line);
	struct record *r = reply->record;
	struct observation o;
	struct found found = { 0 };

	for (unsigned i = 0; i < rows->n; i++) {
		bool continues = rows->list[i]->continues ||
				 (r->open && reply->program->command->paragraphs);

		if ((continues && (!r->open || r->lines == LIMIT_BLOCK_LINES)) ||
		    !pattern_may_match(rows->list[i], begin))
			continue;
		if (continues)
			o = r->o;
		else
			reply_fresh(reply, &o);
		found.unread = NULL;
		if (!pattern_match(rows->list[i], line, &o, &found))
			continue;
		if (!continues)
			reply_close_record(reply, true);
		if (found.unread) {
			reply_note_refused(reply, found.unread);
			return LINE_UNREAD;
		}
		if (!continues)
			o.line = (uint32_t)reply->account.lines;
		if (!hold_line(r, line, &o))
			return LINE_UNREAD;
		r->open = true;
		r->closed |= rows->list[i]->closes;
		return LINE_HELD;
	}
	return LINE_NOISE;
}

void
reply_close_record(struct reply *reply, bool good)
{
	struct record *r = reply->record;

	if (!r || !r->open)
		return;
	if (good && reply->program->closes && !r->closed) {
		reply_keep_unread(reply, (struct text){ r->text, r->first });
		good = false;
	}
	if (good) {
		reply_emit(reply, &r->o, r->o.line);
		reply->account.row += r->lines;
	} else {
		reply->account.unread += r->lines;
	}
	r->open = r->closed = false;
	r->lines = 0;
	r->used = 0;
}
