/* Texts to numbers: an open hash table that only grows. */
#ifndef GATEBOOK_AUDIT_TABLE_H
#define GATEBOOK_AUDIT_TABLE_H

#include "base/arena.h"

struct table_row {
	const char *text;
	uint32_t n, value;
	uint64_t hash;
};

struct table {
	struct table_row *rows;
	size_t size, used; /* size: a power of two */
};

/* The number of a text, or NULL. Valid until the next table_add. */
uint32_t *table_find(const struct table *t, struct text key);

/* Adds a text that is not there; the key is copied into the arena. Returns the copy. */
const char *table_add(struct table *t, struct arena *arena, struct text key, uint32_t value);
void table_free(struct table *t);

#endif
