/* What our table-valued functions have in common: they read one packed value and give integers.
 * Included by packed.c and roll_table.c, in Gatebook and in the extension. */
#ifndef GATEBOOK_STORE_VTAB_H
#define GATEBOOK_STORE_VTAB_H

#include "store/sqlite.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The cursor's own copy of its argument, which may move while the cursor stands. */
struct vtab_value {
	uint8_t *data;
	size_t size, capacity;
};

/* An SQLite code. */
static inline int
vtab_copy(struct vtab_value *copy, sqlite3_value *value)
{
	const void *data = sqlite3_value_blob(value);

	copy->size = (size_t)sqlite3_value_bytes(value);
	if (copy->size > copy->capacity) {
		uint8_t *grown = realloc(copy->data, copy->size);
		if (!grown)
			return SQLITE_NOMEM;
		copy->data = grown;
		copy->capacity = copy->size;
	}
	if (copy->size)
		memcpy(copy->data, data, copy->size);
	return SQLITE_OK;
}

/* A column: NULL unless the value is there; over 2^63 - 1 it is that. */
static inline void
vtab_give(sqlite3_context *context, bool has, uint64_t value)
{
	if (has)
		sqlite3_result_int64(context, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

/* Gives SQLite the sentence that tells what is damaged. */
static inline int
vtab_damaged(sqlite3_vtab *vtab, const char *what)
{
	sqlite3_free(vtab->zErrMsg);
	vtab->zErrMsg = sqlite3_mprintf("%s", what);
	return SQLITE_CORRUPT;
}

static inline int
vtab_disconnect(sqlite3_vtab *vtab)
{
	free(vtab);
	return SQLITE_OK;
}

#endif
