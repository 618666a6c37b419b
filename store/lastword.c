#include "store/sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "store/lastword.h"

enum { FLAG_SEEN = 1 << 5, FLAGS = (1 << 6) - 1 };

uint8_t *
lastword_put(uint8_t *out, const struct lastword *w)
{
	out = varint_put(out, w->number);
	*out++ = w->has | (w->seen ? FLAG_SEEN : 0);
	out = varint_put(out, w->state);
	if (w->seen)
		out = varint_put(out, (uint64_t)w->seen);
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (w->has & 1 << i)
			out = varint_put(out, w->counters[i]);
	}
	return out;
}

bool
lastword_take(const uint8_t **at, const uint8_t *end, struct lastword *w)
{
	const uint8_t *p = *at;
	uint64_t state, seen = 0;
	uint8_t flags;

	*w = (struct lastword){ 0 };
	if (!varint_take(&p, end, &w->number) || p == end || (*p & ~FLAGS))
		return false;
	flags = *p++;
	if (!varint_take(&p, end, &state) || state > UINT32_MAX)
		return false;
	if ((flags & FLAG_SEEN) && (!varint_take(&p, end, &seen) || seen > INT64_MAX))
		return false;
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if ((flags & 1 << i) && !varint_take(&p, end, &w->counters[i]))
			return false;
	}
	w->has = flags & ~FLAG_SEEN;
	w->state = (uint32_t)state;
	w->seen = (int64_t)seen;
	*at = p;
	return true;
}

/* --- the SQL function ------------------------------------------------------------------------- */

struct cache {
	int64_t device, poll;     /* of which the entries are; poll 0: none */
	struct lastword *entries; /* by number */
	size_t n, capacity;
	size_t last; /* found last: the next question is often about the same session */
};

static int
compare(const void *a, const void *b)
{
	const struct lastword *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

static int
decode(struct cache *c, const uint8_t *at, size_t size)
{
	const uint8_t *end = size ? at + size : at;

	c->n = c->last = 0;
	while (at < end) {
		if (c->n == c->capacity) {
			size_t capacity = c->capacity ? 2 * c->capacity : 256;
			struct lastword *grown = realloc(c->entries, capacity * sizeof(*grown));
			if (!grown)
				return SQLITE_NOMEM;
			c->entries = grown;
			c->capacity = capacity;
		}
		if (!lastword_take(&at, end, &c->entries[c->n++]))
			return SQLITE_CORRUPT;
	}
	if (c->n)
		qsort(c->entries, c->n, sizeof(*c->entries), compare);
	return SQLITE_OK;
}

/* Reads on the same connection, inside the statement that asks: the same snapshot. */
static int
load(struct cache *c, sqlite3 *db, int64_t device, int64_t poll)
{
	sqlite3_stmt *st;
	int code;

	c->poll = 0;
	code = sqlite3_prepare_v2(
	    db, "SELECT words FROM main.last_word WHERE device = ? AND poll = ?", -1, &st, NULL);
	if (code != SQLITE_OK)
		return code;
	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int64(st, 2, poll);
	if (sqlite3_step(st) == SQLITE_ROW) {
		const uint8_t *words = sqlite3_column_blob(st, 0);
		code = decode(c, words, (size_t)sqlite3_column_bytes(st, 0));
	} else {
		code = SQLITE_CORRUPT;
	}
	sqlite3_finalize(st);
	if (code == SQLITE_OK) {
		c->device = device;
		c->poll = poll;
	}
	return code;
}

static const struct lastword *
find(struct cache *c, uint64_t number)
{
	struct lastword key = { .number = number };
	struct lastword *found;

	if (c->last < c->n && c->entries[c->last].number == number)
		return &c->entries[c->last];
	if (c->n == 0)
		return NULL;
	found = bsearch(&key, c->entries, c->n, sizeof(key), compare);
	if (found)
		c->last = (size_t)(found - c->entries);
	return found;
}

static void
give(sqlite3_context *context, const struct lastword *w, const char *what, sqlite3_value *otherwise)
{
	static const char *const names[] = { "bytes_out", "bytes_in", "bytes_total", "packets_out",
		"packets_in" };
	int i = 0;

	if (strcmp(what, "state") == 0) {
		sqlite3_result_int64(context, w->state);
		return;
	}
	while (i < COUNTER_COUNT && strcmp(what, names[i]) != 0)
		i++;
	if (i < COUNTER_COUNT && (w->has & 1 << i))
		sqlite3_result_int64(
		    context, w->counters[i] > INT64_MAX ? INT64_MAX : (int64_t)w->counters[i]);
	else if (strcmp(what, "seen") == 0 && w->seen)
		sqlite3_result_int64(context, w->seen);
	else
		sqlite3_result_value(context, otherwise);
}

static void
last_word(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct cache *c = sqlite3_user_data(context);
	int64_t poll = sqlite3_value_int64(argv[0]), id = sqlite3_value_int64(argv[1]);
	const char *what = (const char *)sqlite3_value_text(argv[2]);
	const struct lastword *w = NULL;
	int code = SQLITE_OK;

	(void)argc;
	if (poll && (c->poll != poll || c->device != id >> 40))
		code = load(c, sqlite3_context_db_handle(context), id >> 40, poll);
	if (code != SQLITE_OK) {
		sqlite3_result_error(context, "table last_word is damaged", -1);
		sqlite3_result_error_code(context, code);
		return;
	}
	if (poll)
		w = find(c, (uint64_t)id & ((UINT64_C(1) << 40) - 1));
	if (w && what)
		give(context, w, what, argv[3]);
	else
		sqlite3_result_value(context, argv[3]);
}

static void
release(void *arg)
{
	struct cache *c = arg;

	free(c->entries);
	free(c);
}

int
lastword_register(sqlite3 *db)
{
	struct cache *c = calloc(1, sizeof(*c));

	if (!c)
		return SQLITE_NOMEM;
	return sqlite3_create_function_v2(
	    db, "last_word", 4, SQLITE_UTF8 | SQLITE_INNOCUOUS, c, last_word, NULL, NULL, release);
}
