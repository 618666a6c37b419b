/* The part of the writer that knows cells and columns; the forms stand in writer_*.c. */
#include "query/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const struct {
	const char *name;
	enum writer_form form;
	const struct form_calls *calls;
} forms[] = {
	{ "table", WRITE_TABLE, &form_table },
	{ "wide", WRITE_WIDE, &form_table },
	{ "json", WRITE_JSON, &form_json },
	{ "ndjson", WRITE_NDJSON, &form_ndjson },
	{ "csv", WRITE_CSV, &form_csv },
	{ "tsv", WRITE_TSV, &form_tsv },
};

const char *const writer_forms[] = { "table", "wide", "json", "ndjson", "csv", "tsv", NULL };

bool
writer_form_parse(const char *name, enum writer_form *form)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (strcmp(name, forms[i].name) == 0) {
			*form = forms[i].form;
			return true;
		}
	}
	return false;
}

static int
unknown_column(const struct writer *w, struct text name, struct error *err)
{
	const char **names = mem_alloc((size_t)w->n_columns + 1, sizeof(*names));
	char *typed = form_escape(name), list[400] = "";
	const char *near;
	size_t n = 0;

	for (int i = 0; i < w->n_columns; i++) {
		names[i] = w->columns[i].name;
		if (n < sizeof(list))
			n += (size_t)snprintf(list + n, sizeof(list) - n, " %s", names[i]);
	}
	near = text_nearest(typed, names);
	error_exit(err, EXIT_USAGE, "--columns: no column '%s' in this answer%s%s%s. There are:%s",
	    typed, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "", list);
	free(typed);
	free(names);
	return -1;
}

static int
pick(struct writer *w, const char *picked, struct error *err)
{
	struct text rest = text_of(picked), name;
	int found;

	while (rest.n > 0) {
		if (!text_take_until(&rest, ',', &name)) {
			name = rest;
			rest.n = 0;
		}
		name = text_trim(name);
		found = -1;
		for (int i = 0; i < w->n_columns; i++)
			if (text_is_nocase(name, w->columns[i].name))
				found = i;
		if (found < 0)
			return unknown_column(w, name, err);
		w->order = mem_grow(w->order, (size_t)w->n_order + 1, sizeof(*w->order));
		w->order[w->n_order++] = found;
	}
	if (w->n_order == 0)
		return unknown_column(w, text_of(""), err);
	return 0;
}

static void
pick_default(struct writer *w)
{
	bool human = writer_is_table(w);

	w->order = mem_alloc((size_t)w->n_columns, sizeof(*w->order));
	for (int i = 0; i < w->n_columns; i++) {
		if (human && w->columns[i].title == NULL)
			continue;
		if (w->form == WRITE_TABLE && w->columns[i].wide)
			continue;
		w->order[w->n_order++] = i;
	}
}

static void
destroy(struct writer *w)
{
	for (int i = 0; i < w->n_columns; i++) {
		free(w->values[i].bytes);
		free(w->values[i].ends);
		free(w->values[i].show);
	}
	free(w->values);
	free(w->order);
	free(w);
}

struct writer *
writer_new(FILE *out, enum writer_form form, const struct column *columns, const char *picked,
    bool utc, bool headers, struct error *err)
{
	struct writer *w = mem_alloc(1, sizeof(*w));

	*w = (struct writer){
		.out = out, .form = form, .columns = columns, .utc = utc, .headers = headers
	};
	while (columns[w->n_columns].name != NULL)
		w->n_columns++;
	w->values = mem_alloc((size_t)w->n_columns, sizeof(*w->values));
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (forms[i].form == form)
			w->calls = forms[i].calls;
	if (picked == NULL) {
		pick_default(w);
	} else if (pick(w, picked, err) < 0) {
		destroy(w);
		return NULL;
	}
	w->calls->begin(w);
	return w;
}

void
writer_csv_safe(struct writer *w)
{
	w->csv_safe = true;
}

static struct value *
fill(struct writer *w, int column, enum cell kind)
{
	struct value *v = &w->values[column];

	v->set = true;
	v->kind = kind;
	return v;
}

static void
add_item(struct value *v, struct text t)
{
	if (v->n + t.n > v->capacity) {
		v->capacity = 2 * (v->n + t.n);
		v->bytes = mem_grow(v->bytes, v->capacity, 1);
	}
	if (v->n_items == v->capacity_items) {
		v->capacity_items = 2 * v->capacity_items + 4;
		v->ends = mem_grow(v->ends, v->capacity_items, sizeof(*v->ends));
	}
	if (t.n > 0)
		memcpy(v->bytes + v->n, t.s, t.n);
	v->n += t.n;
	v->ends[v->n_items++] = v->n;
}

struct text
value_item(const struct value *v, size_t item)
{
	size_t begin = item > 0 ? v->ends[item - 1] : 0;

	if (item >= v->n_items)
		return (struct text){ "", 0 };
	return (struct text){ v->bytes != NULL ? v->bytes + begin : "", v->ends[item] - begin };
}

void
writer_text(struct writer *w, int column, struct text t)
{
	struct value *v = fill(w, column, CELL_TEXT);

	v->n = v->n_items = 0;
	add_item(v, t);
}

void
writer_word(struct writer *w, int column, const char *text)
{
	if (text[0])
		writer_text(w, column, text_of(text));
}

void
writer_number(struct writer *w, int column, uint64_t n)
{
	fill(w, column, CELL_NUMBER)->number = n;
}

void
writer_addr(struct writer *w, int column, const struct addr *a)
{
	if (a->family != 0)
		fill(w, column, CELL_ADDR)->addr = *a;
}

void
writer_time(struct writer *w, int column, int64_t seconds)
{
	fill(w, column, CELL_TIME)->time = seconds;
}

void
writer_bool(struct writer *w, int column, bool value)
{
	fill(w, column, CELL_BOOL)->number = value;
}

void
writer_list(struct writer *w, int column, struct text item)
{
	add_item(fill(w, column, CELL_LIST), item);
}

bool
writer_is_table(const struct writer *w)
{
	return w->form == WRITE_TABLE || w->form == WRITE_WIDE;
}

bool
writer_has(const struct writer *w, int column)
{
	for (int i = 0; i < w->n_order; i++)
		if (w->order[i] == column)
			return true;
	return false;
}

void
writer_show(struct writer *w, int column, const char *text)
{
	struct value *v = &w->values[column];

	if (!writer_is_table(w))
		return;
	free(v->show);
	v->show = mem_string(text);
}

void
writer_row(struct writer *w)
{
	w->calls->row(w);
	w->rows++;
	for (int i = 0; i < w->n_columns; i++) {
		struct value *v = &w->values[i];

		v->set = false;
		v->n = v->n_items = 0;
		free(v->show);
		v->show = NULL;
	}
}

int64_t
writer_end(struct writer *w, const char *meta)
{
	FILE *out = w->out;
	int64_t rows = w->rows;

	w->calls->end(w, meta);
	destroy(w);
	return fflush(out) != 0 || ferror(out) ? -1 : rows;
}

/* What text_escape would leave as it is, apart from backslashes and what is allowed. */
bool
form_is_plain(struct text t, const char *allowed)
{
	while (t.n > 0) {
		size_t n = 0;
		char *escaped;
		bool same;

		while (n < t.n && t.s[n] != '\\' &&
		       (t.s[n] == '\0' || strchr(allowed, t.s[n]) == NULL))
			n++;
		escaped = form_escape((struct text){ t.s, n });
		same = text_equal(text_of(escaped), (struct text){ t.s, n });
		free(escaped);
		if (!same)
			return false;
		n += n < t.n;
		t.s += n;
		t.n -= n;
	}
	return true;
}

char *
form_escape(struct text t)
{
	size_t size = 4 * t.n + 1;
	char *out = mem_alloc(size, 1);

	text_escape(t, out, size);
	return out;
}
