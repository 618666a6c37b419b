/* A stretch of somebody else's bytes, and a cursor that walks it.
 *
 * A `struct text` borrows: it is valid as long as the buffer behind it. It is not NUL-terminated
 * and may hold any byte. Takers follow one rule: on success they advance the cursor past what
 * they took, on failure they leave everything, the cursor too, as it was. So they chain with &&. */
#ifndef GATEBOOK_BASE_TEXT_H
#define GATEBOOK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *s;
	size_t n;
};

/* The text of a C string, without its NUL. A null pointer gives the empty text. */
struct text text_of(const char *string);

bool text_equal(struct text a, struct text b);
bool text_is(struct text t, const char *string);        /* equal, byte for byte */
bool text_is_nocase(struct text t, const char *string); /* equal, ASCII case folded */
bool text_starts(struct text t, const char *string);    /* begins with string */
bool text_contains(struct text t, const char *string);
struct text text_trim(struct text t); /* without blanks, tabs, CR at both ends */

/* Takers. Blank means space or tab. */
bool text_take(struct text *cursor, const char *literal);
bool text_take_char(struct text *cursor, char c);
void text_skip_blanks(struct text *cursor);
bool text_take_word(struct text *cursor, struct text *word); /* up to a blank or end; not empty */
bool text_take_until(struct text *cursor, char stop, struct text *before); /* takes the stop too */
bool text_take_line(struct text *cursor, struct text *line); /* up to LF or end, without CRs, LF */

/* All decimal digits at the cursor, at least one, at most `max` in value; no sign. A number over
 * max is refused, not cut. */
bool text_take_number(struct text *cursor, uint64_t max, uint64_t *value);
bool text_take_hex(struct text *cursor, uint64_t max, uint64_t *value); /* hex digits, no 0x */

/* The whole text as a number: text_take_number and nothing left. */
bool text_number(struct text t, uint64_t max, uint64_t *value);

/* Copies t into out as a C string, at most size - 1 bytes and up to a NUL in t; returns false when
 * something was cut. */
bool text_copy(struct text t, char *out, size_t size);

/* Copies t into out as printable text: control characters (C0, DEL, C1), marks that
 * turn the direction of text and bytes that are not valid UTF-8 become \xNN, a backslash \\. At
 * most size - 1 bytes, never half an escape. Everything a device said goes through here before it
 * reaches a terminal or a log. */
void text_escape(struct text t, char *out, size_t size);

/* The candidate nearest to `word` by edit distance (case folded, a swap of neighbours counts one),
 * or NULL when none is within a third of its length (at least 1). `candidates` ends with NULL. For
 * "did you mean". */
const char *text_nearest(const char *word, const char *const *candidates);

#endif
