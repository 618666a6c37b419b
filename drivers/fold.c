/* Folded output: what is one row in truth stands on several lines, as wide as the terminal. A line
 * that the command's `begins` opens starts one; the lines behind it go on in it, until something
 * else comes: the next one, a blank line, noise, a total, a prompt. */
#include "drivers/engine.h"

/* The joined line is read like any other, and counted as the lines it stood on. */
static void
close_fold(struct reply *reply, bool whole)
{
	struct fold *f = reply->fold;
	struct text line = { f->text, f->used };
	enum line_kind kind = LINE_UNREAD;

	if (!f->open)
		return;
	f->open = false;
	f->text[f->used] = '\n';
	if (whole)
		kind = reply_read_line(reply, line);
	for (unsigned i = 0; i < f->lines; i++)
		reply_count(reply, i == 0 || kind != LINE_UNREAD ? kind : LINE_HELD, line);
	if (kind == LINE_UNREAD)
		reply->account.unread += f->lines - 1;
}

static bool
begins(const struct reply *reply, struct text line)
{
	struct observation o;
	struct found found = { 0 };

	reply_fresh(reply, &o);
	return pattern_match(reply->program->begins, line, &o, &found);
}

static bool
append(struct reply *reply, struct text line, bool blank)
{
	struct fold *f = reply->fold;

	if (line.n + blank > LIMIT_LINE - f->used || f->lines == LIMIT_BLOCK_LINES)
		return false;
	if (blank)
		f->text[f->used++] = ' ';
	memcpy(f->text + f->used, line.s, line.n);
	f->used += line.n;
	f->last = line.n;
	f->lines++;
	return true;
}

/* The line belongs to the row at hand, and is taken. */
static bool
goes_on(struct reply *reply, struct text line)
{
	unsigned width = reply->program->command->folds_at;

	if (width > 0)
		return reply->fold->last == width && append(reply, line, false);
	return !line_is_blank(line) && !reply_is_other(reply, line) &&
	       append(reply, text_trim(line), true);
}

void
fold_take_line(struct reply *reply, struct text line)
{
	struct fold *f = reply->fold;

	(void)reply_clean(reply, &line);
	if (begins(reply, line)) {
		close_fold(reply, true);
		f->open = true;
		f->lines = 0;
		f->used = 0;
		f->first = (uint32_t)reply->account.lines;
		append(reply, line, false);
		return;
	}
	if (f->open && goes_on(reply, line))
		return;
	close_fold(reply, true);
	f->first = (uint32_t)reply->account.lines;
	reply_count(reply, reply_read_line(reply, line), line);
}

void
fold_end(struct reply *reply, bool whole)
{
	close_fold(reply, whole);
}
