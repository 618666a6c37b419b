/* Writes an answer: the same rows as a table, JSON, NDJSON, CSV or TSV.
 *
 * Cells are typed. Streams: only the table form keeps rows (it must know the widths). `-o csv`
 * follows RFC 4180. Text is exact in JSON, and in CSV and TSV unless it holds control bytes or is
 * no UTF-8; then, and always in tables, it is escaped (\xNN). Times are UTC with Z in every machine
 * form; in a table local with the offset, or UTC when asked. */
#ifndef GATEBOOK_QUERY_WRITER_H
#define GATEBOOK_QUERY_WRITER_H

#include <stdio.h>

#include "base/error.h"
#include "base/record.h"

enum writer_form { WRITE_TABLE, WRITE_WIDE, WRITE_JSON, WRITE_NDJSON, WRITE_CSV, WRITE_TSV };
bool writer_form_parse(const char *word, enum writer_form *form);
extern const char *const writer_forms[]; /* the words, ends with NULL */

enum cell { CELL_TEXT, CELL_NUMBER, CELL_ADDR, CELL_TIME, CELL_BOOL, CELL_LIST };

struct column {
	const char *name;  /* JSON key and CSV header: lower_case, a path with dots nests
			      ("first.not_before") */
	const char *title; /* table heading, upper case; NULL: not in a table */
	enum cell kind;
	bool right; /* right-aligned in a table */
	bool wide;  /* only in -o wide (and in every machine form) */
};

struct writer;

/* columns ends with a NULL name. picked: comma-separated names of --columns or NULL; an unknown one
 * is an error that names the nearest. */
struct writer *writer_new(FILE *out, enum writer_form form, const struct column *columns,
    const char *picked, bool utc, bool headers, struct error *err);

/* From here on a CSV or TSV cell that a spreadsheet would run as a formula gets a ' in front. */
void writer_csv_safe(struct writer *w);

/* Fill the row by column index; what is not set is null (JSON) or "-" (table) or empty (CSV). */
void writer_text(struct writer *w, int column, struct text t);
void writer_word(struct writer *w, int column, const char *text); /* "" sets nothing */
void writer_number(struct writer *w, int column, uint64_t n);
void writer_addr(struct writer *w, int column, const struct addr *a);
void writer_time(struct writer *w, int column, int64_t seconds);
void writer_bool(struct writer *w, int column, bool value);
void writer_list(struct writer *w, int column, struct text item); /* adds one item */
/* What a table cell shows instead of the value, e.g. "08:55-09:00" for a time pair. */
void writer_show(struct writer *w, int column, const char *text);
bool writer_is_table(const struct writer *w);        /* false: writer_show would be for nothing */
bool writer_has(const struct writer *w, int column); /* false: the answer leaves it out */
void writer_row(struct writer *w);                   /* ends the row */

/* Ends the answer and frees the writer. meta: a JSON object as text that becomes "meta" beside
 * "rows" in -o json (and a last line {"meta":...} in ndjson); NULL: rows only. Returns the number
 * of rows, or -1 if writing failed (full disk, closed pipe). */
int64_t writer_end(struct writer *w, const char *meta);

#endif
