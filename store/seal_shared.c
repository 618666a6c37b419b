#include "store/seal_shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static uint32_t
slot_of(const struct shared_set *set, const struct shared *s)
{
	const uint8_t *bytes = (const uint8_t *)s;
	uint32_t hash = 2166136261, i;

	for (size_t n = 0; n < sizeof(*s); n++)
		hash = (hash ^ bytes[n]) * 16777619;
	for (i = hash & (set->n_slots - 1); set->slots[i]; i = (i + 1) & (set->n_slots - 1)) {
		if (memcmp(&set->all[set->slots[i] - 1], s, sizeof(*s)) == 0)
			break;
	}
	return i;
}

/* Makes room for one more. */
static void
grow(struct shared_set *set)
{
	if (set->n == set->capacity) {
		set->capacity = set->capacity ? 2 * set->capacity : 256;
		set->all = mem_grow(set->all, set->capacity, sizeof(*set->all));
	}
	if (2 * set->n < set->n_slots)
		return;
	free(set->slots);
	set->n_slots = set->n_slots ? 2 * set->n_slots : 1024;
	set->slots = mem_alloc(set->n_slots, sizeof(*set->slots));
	for (uint32_t i = 0; i < set->n; i++)
		set->slots[slot_of(set, &set->all[i])] = i + 1;
}

uint32_t
shared_id(struct shared_set *set, const struct shared *s, bool *added)
{
	uint32_t slot;

	grow(set);
	slot = slot_of(set, s);
	*added = set->slots[slot] == 0;
	if (*added) {
		set->all[set->n++] = *s;
		set->slots[slot] = set->n;
	}
	return set->slots[slot];
}

void
shared_free(struct shared_set *set)
{
	free(set->all);
	free(set->slots);
	*set = (struct shared_set){ 0 };
}
