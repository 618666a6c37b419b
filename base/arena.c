#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { BLOCK_BYTES = 65536 - 64 }; /* what malloc serves from its heap, its own header included */

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

static struct arena_block *
new_block(size_t size)
{
	if (size > PTRDIFF_MAX - sizeof(struct arena_block))
		log_fatal("out of memory: %zu bytes asked for", size);
	struct arena_block *b = calloc(1, sizeof *b + size);

	if (b == NULL)
		log_fatal("out of memory: %zu bytes asked for", size);
	b->size = size;
	return b;
}

/* A large piece gets a block of its own behind the first, which stays open for small ones. */
static void *
own_block(struct arena *a, size_t size)
{
	struct arena_block *b = new_block(size);

	b->used = size;
	b->next = a->blocks->next;
	a->blocks->next = b;
	return b->bytes;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);

	if (size > PTRDIFF_MAX - align)
		log_fatal("out of memory: %zu bytes asked for", size);
	size = size == 0 ? align : (size + align - 1) / align * align;
	if (a->blocks == NULL)
		a->blocks = new_block(BLOCK_BYTES);
	if (size > BLOCK_BYTES / 4)
		return own_block(a, size);
	struct arena_block *b = a->blocks;

	if (b->size - b->used < size) {
		b = new_block(BLOCK_BYTES);
		b->next = a->blocks;
		a->blocks = b;
	}
	void *p = b->bytes + b->used;

	b->used += size;
	return p;
}

char *
arena_string(struct arena *a, struct text t)
{
	char *s = arena_alloc(a, t.n + 1);

	if (t.n > 0)
		memcpy(s, t.s, t.n);
	return s;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);

	va_end(args);
	if (n < 0)
		log_fatal("cannot format \"%s\"", format);
	char *s = arena_alloc(a, (size_t)n + 1);

	va_start(args, format);
	vsnprintf(s, (size_t)n + 1, format, args);
	va_end(args);
	return s;
}

void
arena_free(struct arena *a)
{
	while (a->blocks != NULL) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
}

static size_t
product(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX)
		log_fatal("out of memory: %zu times %zu bytes asked for", n, size);
	return bytes > 0 ? bytes : 1; /* malloc(0) may return NULL */
}

void *
mem_alloc(size_t n, size_t size)
{
	void *p = calloc(1, product(n, size));

	if (p == NULL)
		log_fatal("out of memory: %zu times %zu bytes asked for", n, size);
	return p;
}

void *
mem_grow(void *old, size_t n, size_t size)
{
	void *p = realloc(old, product(n, size));

	if (p == NULL)
		log_fatal("out of memory: %zu times %zu bytes asked for", n, size);
	return p;
}

char *
mem_string(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(mem_alloc(size, 1), s, size);
}
