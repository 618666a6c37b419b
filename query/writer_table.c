/* The table for people: aligned by libsmartcols, never cut, the same on a terminal and in a pipe.
 */
#include "query/form.h"

#include <ctype.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

static char *
upper(const char *name)
{
	char *s = mem_string(name);

	for (char *p = s; *p != '\0'; p++)
		*p = *p == '_' ? ' ' : (char)toupper((unsigned char)*p);
	return s;
}

static void
begin(struct writer *w)
{
	struct libscols_table *table = scols_new_table();

	if (table == NULL)
		log_fatal("out of memory while writing a table");
	scols_table_set_stream(table, w->out);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	scols_table_enable_noheadings(table, !w->headers);
	scols_table_enable_noencoding(table, 1); /* cells went through text_escape already */
	scols_table_set_column_separator(table, "  ");
	for (int i = 0; i < w->n_order; i++) {
		const struct column *c = &w->columns[w->order[i]];
		char *title = c->title != NULL ? mem_string(c->title) : upper(c->name);

		scols_table_new_column(table, title, 0, c->right ? SCOLS_FL_RIGHT : 0);
		free(title);
	}
	w->state = table;
}

static char *
join(const struct value *v)
{
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);

	for (size_t i = 0; i < v->n_items; i++) {
		char *item = form_escape(value_item(v, i));

		fprintf(out, "%s%s", i > 0 ? "," : "", item);
		free(item);
	}
	fclose(out);
	if (n == 0) {
		free(s);
		return mem_string("-");
	}
	return s;
}

static char *
cell(const struct writer *w, const struct value *v)
{
	char buffer[ADDR_TEXT + CLOCK_TEXT];

	if (v->show != NULL)
		return form_escape(text_of(v->show));
	if (!v->set)
		return mem_string("-");
	switch (v->kind) {
	case CELL_TEXT:
	case CELL_LIST: return join(v);
	case CELL_NUMBER: snprintf(buffer, sizeof(buffer), "%" PRIu64, v->number); break;
	case CELL_BOOL: return mem_string(v->number ? "yes" : "no");
	case CELL_ADDR: addr_format(&v->addr, buffer); break;
	case CELL_TIME: clock_format(v->time, w->utc, buffer); break;
	}
	return mem_string(buffer);
}

static bool
is_ascii(const char *s)
{
	while ((unsigned char)*s >= 1 && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

/* In a locale without multi-byte characters nobody knows how wide they are (libsmartcols would look
 * for the width without end): their bytes are shown as \\xNN there. */
static char *
fit_locale(char *s)
{
	char *out, *p;

	if (MB_CUR_MAX > 1 || is_ascii(s))
		return s;
	p = out = mem_alloc(4 * strlen(s) + 1, 1);
	for (const char *c = s; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x80)
			*p++ = *c;
		else
			p += snprintf(p, 5, "\\x%02x", (unsigned)(unsigned char)*c);
	}
	free(s);
	return out;
}

static void
row(struct writer *w)
{
	struct libscols_line *line = scols_table_new_line(w->state, NULL);

	if (line == NULL)
		log_fatal("out of memory while writing a table");
	for (int i = 0; i < w->n_order; i++)
		scols_line_refer_data(
		    line, (size_t)i, fit_locale(cell(w, &w->values[w->order[i]])));
}

/* An empty table still shows its heading: the reader sees what was asked for. libsmartcols prints
 * nothing for a table without lines. */
static void
heading(struct writer *w)
{
	for (int i = 0; w->headers && i < w->n_order; i++) {
		const struct column *c = &w->columns[w->order[i]];
		char *title = c->title != NULL ? mem_string(c->title) : upper(c->name);

		fprintf(w->out, "%s%s", i > 0 ? "  " : "", title);
		free(title);
	}
	if (w->headers)
		fputc('\n', w->out);
}

static void
end(struct writer *w, const char *meta)
{
	(void)meta; /* in a table the coverage line is printed under it by whoever asked */
	if (w->rows > 0)
		scols_print_table(w->state);
	else
		heading(w);
	scols_unref_table(w->state);
}

const struct form_calls form_table = { begin, row, end };
