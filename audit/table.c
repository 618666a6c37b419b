#include "audit/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Log lines are hostile: nobody may choose texts that fall together. Eight bytes at a time,
 * multiplied by a number that is drawn at the start. */
static uint64_t
hash_of(struct text key)
{
	static uint64_t seed;
	uint64_t h, w;

	while (seed == 0)
		if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
			seed = UINT64_C(0x9e3779b97f4a7c15);
	h = seed ^ key.n;
	for (; key.n >= 8; key.s += 8, key.n -= 8) {
		memcpy(&w, key.s, 8);
		h = (h ^ w) * (seed | 1);
		h ^= h >> 29;
	}
	w = 0;
	if (key.n > 0)
		memcpy(&w, key.s, key.n);
	h = (h ^ w) * (seed | 1);
	return h ^ h >> 32;
}

static struct table_row *
place_of(const struct table *t, struct text key, uint64_t hash)
{
	size_t i = hash & (t->size - 1);

	while (t->rows[i].text && (t->rows[i].hash != hash || t->rows[i].n != key.n ||
				      memcmp(t->rows[i].text, key.s, key.n) != 0))
		i = (i + 1) & (t->size - 1);
	return &t->rows[i];
}

uint32_t *
table_find(const struct table *t, struct text key)
{
	struct table_row *row = t->size ? place_of(t, key, hash_of(key)) : NULL;

	return row && row->text ? &row->value : NULL;
}

static void
grow(struct table *t)
{
	struct table old = *t;

	t->size = old.size ? old.size * 2 : 64;
	t->rows = mem_alloc(t->size, sizeof(*t->rows));
	for (size_t i = 0; i < old.size; i++)
		if (old.rows[i].text)
			*place_of(t, (struct text){ old.rows[i].text, old.rows[i].n },
			    old.rows[i].hash) = old.rows[i];
	free(old.rows);
}

const char *
table_add(struct table *t, struct arena *arena, struct text key, uint32_t value)
{
	struct table_row *row;
	uint64_t hash = hash_of(key);

	if (t->used * 4 >= t->size * 3)
		grow(t);
	row = place_of(t, key, hash);
	*row = (struct table_row){ arena_string(arena, key), (uint32_t)key.n, value, hash };
	t->used++;
	return row->text;
}

void
table_free(struct table *t)
{
	free(t->rows);
	*t = (struct table){ 0 };
}
