/* Records of several lines: the lines of one are held until the next begins. */
#include "drivers/engine.h"

struct record *
record_new(void)
{
	struct record *r = mem_alloc(1, sizeof(*r));

	r->o = &r->observations[0];
	r->next_o = &r->observations[1];
	r->text = r->texts[0];
	r->next_text = r->texts[1];
	return r;
}

/* The patterns that the line may match now. */
static uint64_t
candidates(const struct reply *reply, const char *begin, bool all_continue)
{
	const struct patterns *rows = &reply->program->rows;
	const struct record *r = reply->record;
	uint64_t set = rows->begins[(unsigned char)*begin];

	if (!r->open)
		return set & ~rows->continues;
	if (r->lines < LIMIT_BLOCK_LINES)
		return set;
	return all_continue ? 0 : set & ~rows->continues;
}

/* The line where it would lie in the record, or itself if there is no room. */
static struct text
place_line(char *text, size_t used, struct text line)
{
	if (line.n > RECORD_TEXT - used)
		return line;
	memcpy(text + used, line.s, line.n);
	text[used + line.n] = '\n';
	return (struct text){ text + used, line.n };
}

static void
swap_texts(struct record *r)
{
	char *text = r->text;

	r->text = r->next_text;
	r->next_text = text;
}

/* What the line said is part of the record from now on. */
static void
hold_line(struct record *r, struct text line)
{
	struct observation *o = r->o;

	r->o = r->next_o;
	r->next_o = o;
	if (r->lines == 0)
		r->first = line.n;
	r->used += line.n;
	r->lines++;
}

enum line_kind
reply_read_block(struct reply *reply, struct text line)
{
	struct record *r = reply->record;
	const char *begin = text_begin(line);
	const bool all_continue = r->open && reply->program->command->paragraphs;
	uint64_t set = candidates(reply, begin, all_continue);
	const struct pattern *p, *last = NULL;
	struct walk *walk = &reply->walk;

	for (; (p = next_pattern(&reply->program->rows, &set, begin)) != NULL; last = p) {
		bool continues = p->continues || all_continue;
		struct text placed = continues ? place_line(r->text, r->used, line)
					       : place_line(r->next_text, 0, line);

		if (!walk_begin(walk, last, p))
			continue;
		if (walk->from > 0 || continues)
			memcpy(r->next_o, walk->from > 0 ? &walk->o : r->o, reply->row_size);
		else
			reply_fresh(reply, r->next_o);
		if (!pattern_walk(p, placed, r->next_o, walk))
			continue;
		if (!continues)
			reply_close_record(reply, true);
		walk_end(walk, last == NULL);
		if (walk->found.unread) {
			reply_note_refused(reply, walk->found.unread);
			return LINE_UNREAD;
		}
		if (placed.s == line.s)
			return LINE_UNREAD;
		if (!continues) {
			swap_texts(r);
			r->next_o->line = (uint32_t)reply->account.lines;
		}
		hold_line(r, line);
		r->open = true;
		r->closed |= p->closes;
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
		reply_emit(reply, r->o, r->o->line);
		reply->account.row += r->lines;
	} else {
		reply->account.unread += r->lines;
	}
	r->open = r->closed = false;
	r->lines = 0;
	r->used = 0;
}
