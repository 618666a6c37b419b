/* What the forms of the writer share: the row being filled, and one set of calls per form. */
#ifndef GATEBOOK_QUERY_FORM_H
#define GATEBOOK_QUERY_FORM_H

#include "query/writer.h"

/* One cell of the row being filled. A text is a list of one item. */
struct value {
	bool set;
	enum cell kind; /* of the call that filled it, which may be stricter than the column's */
	uint64_t number;
	int64_t time;
	struct addr addr;
	char *bytes; /* items one after the other */
	size_t n, capacity;
	size_t *ends; /* where each item ends in bytes */
	size_t n_items, capacity_items;
	char *show; /* what a table prints instead, or NULL */
};

struct writer {
	FILE *out;
	enum writer_form form;
	const struct form_calls *calls;
	const struct column *columns;
	int n_columns;
	int *order; /* the columns to print, in this order */
	int n_order;
	struct value *values; /* one for each column */
	bool utc, headers, csv_safe;
	int64_t rows;
	void *state; /* the form's own */
};

/* begin() may print a heading; row() prints w->values; end() prints what is left and frees state.
 */
struct form_calls {
	void (*begin)(struct writer *w);
	void (*row)(struct writer *w);
	void (*end)(struct writer *w, const char *meta);
};

extern const struct form_calls form_table, form_json, form_ndjson, form_csv, form_tsv;

struct text value_item(const struct value *v, size_t item);

/* True for text that text_escape leaves as it is, apart from backslashes and the characters in
 * `allowed`. */
bool form_is_plain(struct text t, const char *allowed);

/* t as printable text in new memory (free it): text_escape without a bound. */
char *form_escape(struct text t);

#endif
