/* Which addresses a question is about: words of the command line to ranges of addresses, and those
 * to SQL and to a yes or no. */
#ifndef GATEBOOK_QUERY_TARGET_H
#define GATEBOOK_QUERY_TARGET_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/prefix.h"

/* From first to last address, one family. */
struct target_range {
	struct addr first, last;
};

/* Ranges in order, none touching another. Zero-initialised is empty. */
struct target {
	struct target_range *ranges;
	size_t n;
	size_t given; /* addresses and prefixes read, duplicates included */
};

/* Each word is an address, a prefix, or @FILE with one of them on each line ("#" or ";" begin a
 * comment, what follows a blank or comma on a line is ignored, "[.]" is read as "."; "@-" is
 * standard input). Returns 0, or -1 with err (exit EXIT_USAGE) naming the word, or file:line and
 * how many more lines are wrong. Free with target_free in any case. */
int target_parse(int n, char *const *words, struct target *t, struct error *err);
void target_free(struct target *t);

/* The same in steps: one address or prefix more, which may be written 203[.]0[.]113[.]9. Returns 0,
 * or -1 with why. After the last one target_tidy puts the ranges in order. */
int target_add(struct target *t, struct text typed, char *why, size_t size);
void target_tidy(struct target *t);

/* Calls line() with the first field of every line of a list (@PATH, "-": standard input), or with
 * every address of a list in JSON (query/list_json.h); line() returns 0, or -1 with why. Returns 0,
 * or -1 with err as target_parse. */
int target_lines(const char *path, int (*line)(struct text t, char *why, size_t size, void *arg),
    void *arg, struct error *err);

/* The referee: is the address in one of the ranges? */
bool target_holds(const struct target *t, const struct addr *a);

/* The index of the first range that does not end before the address; t->n: there is none. */
size_t target_from(const struct target *t, const struct addr *a);

enum { TARGET_SLICE = 64 }; /* ranges that stand in one SQL condition at most */

/* The same as an SQL condition on `column` for up to TARGET_SLICE ranges from `first` on, with 2
 * parameters each, numbered from `parameter`: "(outside BETWEEN ?3 AND ?4 OR ...)". Appends to out
 * (size bytes, NUL-terminated) and returns the number of ranges in it. */
size_t target_condition(const struct target *t, size_t first, const char *column, int parameter,
    char *out, size_t size);

/* Binds them. Returns an SQLite code. */
int target_bind(
    const struct target *t, size_t first, size_t n, sqlite3_stmt *statement, int parameter);

#endif
