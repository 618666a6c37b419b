/* Linear memory: many allocations, one end. The inventory lives in one and dies with it at once.
 * Out of memory ends the program: nothing here returns NULL. */
#ifndef GATEBOOK_BASE_ARENA_H
#define GATEBOOK_BASE_ARENA_H

#include "base/text.h"

struct arena {
	struct arena_block *blocks;
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_string(struct arena *a, struct text t);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_free(struct arena *a); /* all of it; the arena is empty and usable again */

/* malloc family that exits on failure; size products are checked. For what outlives no arena. */
void *mem_alloc(size_t n, size_t size); /* zeroed */
void *mem_grow(void *old, size_t n, size_t size);
char *mem_string(const char *s);

#endif
