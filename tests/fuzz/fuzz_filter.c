/* Filters: whatever is typed is an error with a caret, or has two readings that agree. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/filter_rows.h"

#include "base/clock.h"

enum { ROWS = 8 };

static sqlite3 *db;
static struct filter_row rows[ROWS];

static void
prepare(void)
{
	struct chance c = { 1 };

	clock_set(ROWS_TIME + 86400);
	db = rows_open();
	for (int i = 0; i < ROWS; i++) {
		int device;

		rows[i] = rows_make(&c, &device);
		rows_insert(db, i, &rows[i], device);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = malloc(n + 1);
	struct error err = { 0 };
	struct filter *f;

	if (db == NULL)
		prepare();
	if (text == NULL)
		return 0;
	memcpy(text, bytes, n);
	text[n] = '\0';
	f = strchr(text, '@') == NULL ? filter_parse(text, true, &err) : NULL; /* no files */
	if (f != NULL) {
		bool found[ROWS] = { false };

		rows_select(db, f, found);
		for (int i = 0; i < ROWS; i++)
			if (found[i] != (filter_judge(f, &rows[i]) == FILTER_TRUE))
				abort();
	} else if (strchr(text, '@') == NULL && strchr(err.text, '^') == NULL && n < 60000) {
		abort();
	}
	filter_free(f);
	free(text);
	return 0;
}
