#include "store/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/record.h"
#include "store/sql.h"

struct lexicon_word {
	char *s;
	size_t n;
	uint64_t hash;
};

static size_t
slot_of(const struct lexicon *l, struct text t)
{
	size_t i = text_hash(t) & (l->n_slots - 1);

	while (l->slots[i]) {
		const struct lexicon_word *w = &l->words[l->slots[i] - 1];
		if (w->n == t.n && (t.n == 0 || memcmp(w->s, t.s, t.n) == 0))
			break;
		i = (i + 1) & (l->n_slots - 1);
	}
	return i;
}

static void
rebuild(struct lexicon *l, size_t n_slots)
{
	free(l->slots);
	l->slots = mem_alloc(n_slots, sizeof(*l->slots));
	l->n_slots = n_slots;
	for (size_t id = 0; id < l->n; id++) {
		if (l->words[id].s)
			l->slots[slot_of(l, lexicon_text(l, (int64_t)id))] = (uint32_t)id + 1;
	}
}

static void
add(struct lexicon *l, size_t id, struct text t)
{
	if (id >= l->capacity) {
		size_t capacity = id < 64 ? 128 : 2 * id;
		l->words = mem_grow(l->words, capacity, sizeof(*l->words));
		memset(l->words + l->capacity, 0, (capacity - l->capacity) * sizeof(*l->words));
		l->capacity = capacity;
	}
	l->words[id].s = mem_alloc(t.n + 1, 1);
	if (t.n)
		memcpy(l->words[id].s, t.s, t.n);
	l->words[id].n = t.n;
	l->words[id].hash = text_hash(t);
	if (id >= l->n)
		l->n = id + 1;
	if (2 * l->n > l->n_slots)
		rebuild(l, l->n_slots ? 2 * l->n_slots : 256);
	else
		l->slots[slot_of(l, t)] = (uint32_t)id + 1;
}

int
lexicon_load(struct lexicon *l, sqlite3 *db, struct error *err)
{
	sqlite3_stmt *st;
	int code;

	if (sql_prepare(db, "SELECT id, text FROM word ORDER BY id", &st, err) < 0)
		return -1;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		const char *s = (const char *)sqlite3_column_text(st, 1);
		int64_t id = sqlite3_column_int64(st, 0);
		if (id < 0 || id >= UINT32_MAX || !s)
			continue;
		add(l, (size_t)id, (struct text){ s, (size_t)sqlite3_column_bytes(st, 1) });
	}
	sqlite3_finalize(st);
	l->saved = l->n;
	return code == SQLITE_DONE ? 0 : sql_failed(db, "read", err);
}

int64_t
lexicon_id(struct lexicon *l, struct text t, sqlite3_stmt *insert, struct error *err)
{
	size_t id;
	uint32_t found = l->slots[slot_of(l, t)];

	if (found)
		return found - 1;
	id = l->n;
	sqlite3_bind_int64(insert, 1, (int64_t)id);
	sqlite3_bind_text(insert, 2, t.s, (int)t.n, SQLITE_STATIC);
	if (sql_step_reset(insert, "write", err) < 0)
		return -1;
	add(l, id, t);
	return (int64_t)id;
}

struct text
lexicon_text(const struct lexicon *l, int64_t id)
{
	if (id < 0 || (size_t)id >= l->n || !l->words[id].s)
		return (struct text){ "", 0 };
	return (struct text){ l->words[id].s, l->words[id].n };
}

uint64_t
lexicon_hash(const struct lexicon *l, int64_t id)
{
	return id < 0 || (size_t)id >= l->n ? 0 : l->words[id].hash;
}

void
lexicon_commit(struct lexicon *l)
{
	l->saved = l->n;
}

void
lexicon_rollback(struct lexicon *l)
{
	if (l->n == l->saved)
		return;
	for (size_t id = l->saved; id < l->n; id++) {
		free(l->words[id].s);
		l->words[id] = (struct lexicon_word){ 0 };
	}
	l->n = l->saved;
	rebuild(l, l->n_slots);
}

void
lexicon_free(struct lexicon *l)
{
	for (size_t id = 0; id < l->n; id++)
		free(l->words[id].s);
	free(l->words);
	free(l->slots);
	*l = (struct lexicon){ 0 };
}
