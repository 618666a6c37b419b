/* A report as Markdown, as one HTML page without anything from elsewhere, or as JSON. */
#include <jansson.h>

#include "audit/report.h"

/* --- Markdown --------------------------------------------------------------------------------- */

static void
put_md(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '|' || *s == '\\' || *s == '`' || *s == '*' || *s == '_' || *s == '<')
			putc('\\', out);
		putc(*s == '\n' ? ' ' : *s, out);
	}
}

static void
table_md(FILE *out, const struct report_section *s)
{
	for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++)
		fprintf(out, "| %s ", s->column[i]);
	fputs("|\n", out);
	for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++)
		fputs("|---", out);
	fputs("|\n", out);
	for (const struct report_row *row = s->rows; row; row = row->next) {
		for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++) {
			fputs("| ", out);
			put_md(out, row->cell[i]);
			putc(' ', out);
		}
		fputs("|\n", out);
	}
	putc('\n', out);
}

static void
write_md(const struct report *r, FILE *out)
{
	fprintf(out, "# %s\n\n%s; made %s by gatebook " GATEBOOK_VERSION "\n\n", r->title, r->range,
	    r->made);
	for (int i = 0; i < r->n; i++) {
		const struct report_section *s = &r->section[i];

		fprintf(out, "## %s%s\n\n", s->title, s->good ? "" : " (to be looked at)");
		put_md(out, s->statement);
		fprintf(out, "\n\nShown by: `%s`\n\nEvidence for:", s->query);
		for (int k = 0; s->controls[k]; k++)
			fprintf(out, "%s %s", k ? "," : "", s->controls[k]);
		fputs("\n\n", out);
		if (s->n_rows > 0)
			table_md(out, s);
	}
}

/* --- HTML ------------------------------------------------------------------------------------- */

static void
put_html(FILE *out, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '&': fputs("&amp;", out); break;
		case '"': fputs("&quot;", out); break;
		default: putc(*s, out);
		}
}

static void
element(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<%s>", name);
	put_html(out, text);
	fprintf(out, "</%s>", name);
}

static void
table_html(FILE *out, const struct report_section *s)
{
	fputs("<table><thead><tr>", out);
	for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++)
		element(out, "th", s->column[i]);
	fputs("</tr></thead><tbody>\n", out);
	for (const struct report_row *row = s->rows; row; row = row->next) {
		fputs("<tr>", out);
		for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++)
			element(out, "td", row->cell[i]);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table>\n", out);
}

static const char style[] =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1c1c;background:#fff}h1{font-size:1.6rem;margin-bottom:0}h2{font-size:1.15rem;"
    "margin:2rem 0 .3rem;border-top:1px solid #ccc;padding-top:1rem}p{margin:.3rem 0}"
    ".meta,.controls{color:#555;font-size:.85rem}code{background:#f2f2f2;padding:.1rem .3rem;"
    "font-size:.85rem}table{border-collapse:collapse;margin:.6rem 0;font-size:.85rem;width:100%}"
    "th,td{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #e4e4e4;"
    "vertical-align:top;overflow-wrap:anywhere}.ok{color:#176b2c}.look{color:#a33b00}"
    "@media print{h2{break-after:avoid}tr{break-inside:avoid}}";

static void
write_html(const struct report *r, FILE *out)
{
	fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	      "<meta name=\"viewport\" content=\"width=device-width\">",
	    out);
	element(out, "title", r->title);
	fprintf(out, "<style>%s</style></head><body>\n", style);
	element(out, "h1", r->title);
	fputs("<p class=\"meta\">", out);
	put_html(out, r->range);
	fputs("; made ", out);
	put_html(out, r->made);
	fputs(" by gatebook " GATEBOOK_VERSION "</p>\n", out);
	for (int i = 0; i < r->n; i++) {
		const struct report_section *s = &r->section[i];

		fprintf(out, "<h2 id=\"%s\">%s <span class=\"%s\">%s</span></h2>\n", s->name,
		    s->title, s->good ? "ok" : "look", s->good ? "ok" : "to be looked at");
		element(out, "p", s->statement);
		fputs("\n<p>Shown by: ", out);
		element(out, "code", s->query);
		fputs("</p>\n<p class=\"controls\">Evidence for: ", out);
		for (int k = 0; s->controls[k]; k++)
			fprintf(out, "%s%s", k ? ", " : "", s->controls[k]);
		fputs("</p>\n", out);
		if (s->n_rows > 0)
			table_html(out, s);
	}
	fputs("</body></html>\n", out);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *
section_json(const struct report_section *s)
{
	json_t *rows = json_array(), *list = json_array();

	for (int k = 0; s->controls[k]; k++)
		json_array_append_new(list, json_string(s->controls[k]));
	for (const struct report_row *row = s->rows; row; row = row->next) {
		json_t *object = json_object();

		for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++)
			json_object_set_new(object, s->column[i], json_string(row->cell[i]));
		json_array_append_new(rows, object);
	}
	return json_pack("{s:s, s:s, s:b, s:s, s:s, s:o, s:o}", "name", s->name, "title", s->title,
	    "ok", s->good, "statement", s->statement, "query", s->query, "controls", list, "rows",
	    rows);
}

static int
write_json(const struct report *r, FILE *out)
{
	json_t *sections = json_array(), *all;
	int rc;

	for (int i = 0; i < r->n; i++)
		json_array_append_new(sections, section_json(&r->section[i]));
	all = json_pack("{s:s, s:s, s:s, s:s, s:o}", "title", r->title, "range", r->range, "made",
	    r->made, "version", GATEBOOK_VERSION, "sections", sections);
	rc = all ? json_dumpf(all, out, JSON_INDENT(2)) : -1;
	json_decref(all);
	putc('\n', out);
	return rc;
}

int
report_write(const struct report *r, enum report_form form, FILE *out)
{
	int rc = 0;

	if (form == REPORT_MD)
		write_md(r, out);
	else if (form == REPORT_HTML)
		write_html(r, out);
	else
		rc = write_json(r, out);
	return rc == 0 && fflush(out) == 0 && !ferror(out) ? 0 : -1;
}
