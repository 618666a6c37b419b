/* JSON ({"rows":[...],"meta":{...}}) and NDJSON (a row on each line, {"meta":{...}} on the last).
 *
 * One jansson object lives at a time. Only ASCII is printed, so that no byte of a device can be
 * taken for a control sequence by a terminal. */
#include "query/form.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

struct buffer {
	char *bytes;
	size_t size;
};

static json_t *
text(struct text t)
{
	json_t *j = json_stringn(t.s, t.n);

	if (j == NULL) { /* not UTF-8 */
		char *escaped = form_escape(t);

		j = json_string(escaped);
		free(escaped);
	}
	return j;
}

static json_t *
list(const struct value *v)
{
	json_t *j = json_array();

	for (size_t i = 0; i < v->n_items; i++)
		json_array_append_new(j, text(value_item(v, i)));
	return j;
}

static json_t *
value(const struct value *v, enum cell column)
{
	char buffer[ADDR_TEXT + CLOCK_TEXT];

	if (!v->set)
		return column == CELL_LIST ? json_array() : json_null();
	switch (v->kind) {
	case CELL_TEXT: return text(value_item(v, 0));
	case CELL_LIST: return list(v);
	case CELL_NUMBER:
		return json_integer(v->number > INT64_MAX ? INT64_MAX : (json_int_t)v->number);
	case CELL_BOOL: return json_boolean(v->number);
	case CELL_ADDR: return json_string(addr_format(&v->addr, buffer));
	case CELL_TIME: return json_string(clock_format(v->time, true, buffer));
	}
	return json_null();
}

/* "start.not_before" puts the value into the object "start". */
static void
place(json_t *object, const char *path, json_t *j)
{
	struct text rest = text_of(path), step;

	while (text_take_until(&rest, '.', &step)) {
		char key[LIMIT_NAME];
		json_t *inner;

		text_copy(step, key, sizeof(key));
		inner = json_object_get(object, key);
		if (!json_is_object(inner)) {
			inner = json_object();
			json_object_set_new(object, key, inner);
		}
		object = inner;
	}
	json_object_set_new(object, rest.s, j); /* the last step ends where the C string ends */
}

/* Through a buffer of our own: json_dumpf calls fwrite for every comma. */
static void
dump(struct writer *w, const json_t *object)
{
	const size_t flags = JSON_COMPACT | JSON_ENSURE_ASCII;
	struct buffer *b = w->state;
	size_t n;

	if (b == NULL)
		w->state = b = mem_alloc(1, sizeof(*b));
	while ((n = json_dumpb(object, b->bytes, b->size, flags)) > b->size) {
		b->size = 2 * n;
		b->bytes = mem_grow(b->bytes, b->size, 1);
	}
	fwrite(b->bytes, 1, n, w->out);
}

static void
drop_buffer(struct writer *w)
{
	struct buffer *b = w->state;

	if (b != NULL)
		free(b->bytes);
	free(b);
}

static void
put_row(struct writer *w)
{
	json_t *object = json_object();

	if (object == NULL)
		log_fatal("out of memory while writing JSON");
	for (int i = 0; i < w->n_order; i++) {
		const struct column *c = &w->columns[w->order[i]];

		place(object, c->name, value(&w->values[w->order[i]], c->kind));
	}
	dump(w, object);
	json_decref(object);
}

static void
json_begin(struct writer *w)
{
	fputs("{\"rows\":[", w->out);
}

static void
json_row(struct writer *w)
{
	fputs(w->rows > 0 ? ",\n" : "\n", w->out);
	put_row(w);
}

static void
json_end(struct writer *w, const char *meta)
{
	fputs(w->rows > 0 ? "\n]" : "]", w->out);
	if (meta != NULL)
		fprintf(w->out, ",\n\"meta\":%s", meta);
	fputs("}\n", w->out);
	drop_buffer(w);
}

static void
ndjson_begin(struct writer *w)
{
	(void)w; /* no heading: the keys stand in every row */
}

static void
ndjson_row(struct writer *w)
{
	put_row(w);
	fputc('\n', w->out);
}

static void
ndjson_end(struct writer *w, const char *meta)
{
	if (meta != NULL)
		fprintf(w->out, "{\"meta\":%s}\n", meta);
	drop_buffer(w);
}

const struct form_calls form_json = { json_begin, json_row, json_end };
const struct form_calls form_ndjson = { ndjson_begin, ndjson_row, ndjson_end };
