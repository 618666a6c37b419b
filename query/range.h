/* The time a question is about: words of the command line to seconds, and back to a line of text.
 */
#ifndef GATEBOOK_QUERY_RANGE_H
#define GATEBOOK_QUERY_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* What was typed; NULL where it was not. */
struct range_words {
	const char *last, *since, *until, *range, *at;
	bool utc; /* words without an offset are UTC, not local time */
};

struct range {
	int64_t from, to; /* seconds since 1970, both inclusive; from 0: from the beginning */
	bool at;          /* one moment: from == to */
	bool utc;
};

/* Resolves the words; nothing typed means the last 24 hours. An end that lies ahead becomes now.
 *
 * A word is a moment or a span: 2026-11-01T08:00 (seconds, Z or an offset may follow), @1764000000,
 * now; 30s 30m 2h 7d 2w = that long ago; 2026-11-01, today, yesterday = the whole local day. A span
 * as a beginning means its first second, as an end its last. Returns 0, or -1 with err (exit
 * EXIT_USAGE): what is ambiguous is refused, such as an hour that the clocks pass twice. */
int range_parse(const struct range_words *words, struct range *r, struct error *err);

/* One of those words: a moment (begin == end) or a span, both inclusive. option names where it was
 * typed. Returns 0, or -1 with err. */
int range_span(struct text typed, bool utc, const char *option, int64_t *begin, int64_t *end,
    struct error *err);

enum { RANGE_TEXT = 96, MOMENT_TEXT = 40 };

/* "2026-11-14 23:20 +01:00 .. 2026-11-21 23:20 +01:00", or one moment. Returns out. */
const char *range_format(const struct range *r, char out[static RANGE_TEXT]);

/* "2026-11-14 23:20", with seconds unless they are 0 or `minutes`; local unless utc. */
const char *moment_format(int64_t seconds, bool utc, bool minutes, char out[static MOMENT_TEXT]);

/* "25m", "1h05m", "3d04h": never more than two units, rounded down. */
const char *duration_format(int64_t seconds, char out[static MOMENT_TEXT]);

/* A duration word ("90s", "5m", "2h", "7d", "2w") in seconds; false when it is none. */
bool duration_parse(const char *typed, int64_t *seconds);

#endif
