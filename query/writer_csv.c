/* CSV (RFC 4180: CRLF, quotes doubled) and TSV (one line a row; TAB, LF, CR and backslash escaped).
 *
 * Device text that holds control bytes or is no UTF-8 goes through text_escape here too: a file
 * that is shown with cat(1) must not move the cursor. */
#include "query/form.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

static void
quote(FILE *out, const char *s)
{
	if (strpbrk(s, ",\"\r\n") == NULL) {
		fputs(s, out);
		return;
	}
	fputc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

static void
backslash(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '\t': fputs("\\t", out); break;
		case '\n': fputs("\\n", out); break;
		case '\r': fputs("\\r", out); break;
		case '\\': fputs("\\\\", out); break;
		default: fputc(*s, out);
		}
	}
}

static char *
join(const struct value *v)
{
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);

	for (size_t i = 0; i < v->n_items; i++) {
		struct text item = value_item(v, i);

		if (i > 0)
			fputc(',', out);
		if (form_is_plain(item, "\t\r\n")) {
			fwrite(item.s, 1, item.n, out);
		} else {
			char *escaped = form_escape(item);

			fputs(escaped, out);
			free(escaped);
		}
	}
	fclose(out);
	return s;
}

/* A spreadsheet runs a cell that opens with one of these as a formula (CWE-1236). */
static bool
is_formula(const char *s)
{
	return *s != '\0' && strchr("=+-@\t\r", *s) != NULL;
}

static void
put_text(struct writer *w, const struct value *v)
{
	char *s = join(v);

	if (w->csv_safe && is_formula(s)) {
		size_t size = strlen(s) + 2;
		char *safe = mem_alloc(size, 1);

		snprintf(safe, size, "'%s", s);
		free(s);
		s = safe;
	}
	if (w->form == WRITE_TSV)
		backslash(w->out, s);
	else
		quote(w->out, s);
	free(s);
}

static void
put(struct writer *w, const struct value *v)
{
	char buffer[ADDR_TEXT + CLOCK_TEXT];

	if (!v->set)
		return;
	switch (v->kind) {
	case CELL_TEXT:
	case CELL_LIST: put_text(w, v); break;
	case CELL_NUMBER: fprintf(w->out, "%" PRIu64, v->number); break;
	case CELL_BOOL: fputs(v->number ? "true" : "false", w->out); break;
	case CELL_ADDR: fputs(addr_format(&v->addr, buffer), w->out); break;
	case CELL_TIME: fputs(clock_format(v->time, true, buffer), w->out); break;
	}
}

static void
end_line(struct writer *w)
{
	fputs(w->form == WRITE_TSV ? "\n" : "\r\n", w->out);
}

static void
begin(struct writer *w)
{
	if (!w->headers)
		return;
	for (int i = 0; i < w->n_order; i++) {
		if (i > 0)
			fputc(w->form == WRITE_TSV ? '\t' : ',', w->out);
		fputs(w->columns[w->order[i]].name, w->out);
	}
	end_line(w);
}

static void
row(struct writer *w)
{
	for (int i = 0; i < w->n_order; i++) {
		if (i > 0)
			fputc(w->form == WRITE_TSV ? '\t' : ',', w->out);
		put(w, &w->values[w->order[i]]);
	}
	end_line(w);
}

static void
end(struct writer *w, const char *meta)
{
	(void)w;
	(void)meta; /* these forms have no place for it: whoever asked prints it to stderr */
}

const struct form_calls form_csv = { begin, row, end };
const struct form_calls form_tsv = { begin, row, end };
