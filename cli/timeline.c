/* gatebook timeline: each contact over the time asked, poll by poll. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/contact_row.h"

enum { C_HOST, C_OUTSIDE, C_PORT, C_PROTO, C_STRIP, C_SEEN, C_POLLS, C_BY };
enum { CELLS = 48, CELLS_MOST = 1000 };

static const struct column columns[] = {
	[C_HOST] = { "int.ip", "HOST", CELL_ADDR },
	[C_OUTSIDE] = { "ext.ip", "OUTSIDE", CELL_ADDR },
	[C_PORT] = { "port", "PORT/PROTO", CELL_NUMBER },
	[C_PROTO] = { "proto", NULL, CELL_TEXT },
	[C_STRIP] = { "strip", "TIMELINE", CELL_TEXT },
	[C_SEEN] = { "polls_seen", "SEEN", CELL_NUMBER, .right = true },
	[C_POLLS] = { "polls_ok", NULL, CELL_NUMBER },
	[C_BY] = { "devices", "BY", CELL_LIST },
	{ NULL },
};

/* What a cell can say; the letter in machine forms, the sign in a table. */
static const struct glyph {
	char letter;
	const char *sign;
} glyphs[] = {
	{ '/', "/" }, { '.', "\xc2\xb7" }, /* middle dot */
	{ '+', "\xe2\x96\x82" },           /* a quarter block */
	{ '#', "\xe2\x96\x86" },           /* three quarters of a block */
};

static const struct glyph *
cell(const struct contacts *all, const struct contact *c, int64_t from, int64_t to)
{
	uint64_t seen, of;

	contact_stretch(all, c, from, to, &seen, &of);
	return &glyphs[of == 0 ? 0 : seen == 0 ? 1 : seen < of ? 2 : 3];
}

static void
put_strip(struct writer *w, const struct question *q, const struct contacts *all,
    const struct contact *c, size_t cells)
{
	char *letters = mem_alloc(cells + 1, 1), *signs = mem_alloc(3 * cells + 1, 1);
	int64_t from = q->range.from, span = q->range.to + 1 - from;
	size_t n = 0;

	for (size_t i = 0; i < cells; i++) {
		const struct glyph *g = cell(all, c, from + span * (int64_t)i / (int64_t)cells,
		    from + span * (int64_t)(i + 1) / (int64_t)cells);

		letters[i] = g->letter;
		memcpy(signs + n, g->sign, strlen(g->sign));
		n += strlen(g->sign);
	}
	writer_word(w, C_STRIP, letters);
	if (MB_CUR_MAX > 1)
		writer_show(w, C_STRIP, signs);
	free(letters);
	free(signs);
}

static void
put(struct writer *w, const struct question *q, const struct contacts *all, const struct contact *c,
    size_t cells)
{
	uint64_t seen, of;
	char text[48];

	writer_addr(w, C_HOST, &c->key.inside);
	writer_addr(w, C_OUTSIDE, &c->key.outside);
	put_service(w, C_PORT, c->key.port, c->key.proto);
	put_strip(w, q, all, c, cells);
	contact_seen(all, c, &seen, &of);
	writer_number(w, C_SEEN, seen);
	writer_number(w, C_POLLS, of);
	snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)seen, (unsigned long long)of);
	writer_show(w, C_SEEN, text);
	put_devices(w, C_BY, q->reader, c);
	writer_row(w);
}

static void
put_legend(const struct question *q, size_t cells)
{
	char text[MOMENT_TEXT];
	bool signs = MB_CUR_MAX > 1;

	if (q->call->form > WRITE_WIDE || q->call->no_headers)
		return;
	duration_format((q->range.to + 1 - q->range.from) / (int64_t)cells, text);
	printf("a cell is %s: %s every poll showed it, %s some, %s none, / nobody looked\n", text,
	    signs ? glyphs[3].sign : "#", signs ? glyphs[2].sign : "+",
	    signs ? glyphs[1].sign : ".");
}

/* A timeline needs a beginning: that of the oldest contact when none was asked for. */
static void
begin(struct question *q, const struct contacts *all)
{
	if (q->range.from > 0 || all->n == 0)
		return;
	q->range.from = all->sorted[0]->first_by;
	for (size_t i = 1; i < all->n; i++)
		if (all->sorted[i]->first_by < q->range.from)
			q->range.from = all->sorted[i]->first_by;
}

static int
answer(struct question *q, struct error *err)
{
	struct ask ask = question_ask(q, ASK_EITHER);
	const char *typed = call_value(q->call, "cells");
	struct contacts all = { 0 };
	struct writer *w = NULL;
	uint64_t cells = CELLS;
	size_t limit;
	int rc;

	if (typed != NULL && (!text_number(text_of(typed), CELLS_MOST, &cells) || cells == 0))
		error_exit(err, EXIT_USAGE, "--cells wants a number from 1 to %d", CELLS_MOST);
	else if (q->range.at)
		error_exit(err, EXIT_USAGE, "a timeline needs a range: --last, --since, --range");
	else if (question_limit(q->call, &limit, err) == 0 &&
		 contacts_load(&ask, true, &all, err) == 0)
		w = call_writer(q->call, columns, err);
	if (w == NULL) {
		rc = cli_fail(err, EXIT_FAILED);
	} else {
		begin(q, &all);
		for (size_t i = 0; i < all.n && i < limit; i++)
			put(w, q, &all, all.sorted[i], (size_t)cells);
		rc = question_end(q, w, "no contact", all.n < limit ? all.n : limit, all.n);
		put_legend(q, (size_t)cells);
	}
	contacts_free(&all);
	return rc;
}

static int
run(struct call *call)
{
	return question_run_about(call, answer,
	    "timeline wants an address or a filter: gatebook timeline 10.1.2.3 --last 24h");
}

static const struct option_row options[] = {
	{ "cells", 0, "N", "how many stretches of time (else 48)" },
	{ "limit", 'n', "N", "the first N rows" },
	{ NULL },
};

const struct cli_command cli_timeline = {
	.name = "timeline",
	.synopsis = "ADDR|NET|@FILE ... [FILTER]",
	.summary = "When each contact was there, absent, or not looked at",
	.text = "A row for each contact, a cell for each stretch of the range. A cell tells what "
		"the complete polls in it showed, at the devices that ever saw the contact: # "
		"every poll of one of them, + some, . none, / one of them was not polled, so "
		"nobody can say. The signs of a table are "
		"drawn where the locale has them.",
	.example = "gatebook timeline 10.1.2.3 --last 24h\n"
		   "gatebook timeline 203.0.113.9 port 443 --last 7d --cells 7",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
