/* What every answer ends with: the range, the coverage, who was blind. "Nobody" and "could not see"
 * never look alike. */
#ifndef GATEBOOK_QUERY_ANSWER_H
#define GATEBOOK_QUERY_ANSWER_H

#include <stdio.h>

#include "query/coverage.h"

/* The meta object of an answer in JSON: version, query, range, generated, coverage{ratio, slots,
 * ok, partial, failed, skipped, blind[{device, since, why}]}. Times in UTC. free() it. */
char *answer_meta(const struct coverage *c, const char *query);

/* One line under a table: range, coverage, blind devices by name, in yellow where it is not whole
 * and color is set. With rows == 0 a line before it says what was not found, or that nobody looked:
 * `nothing` names it, "no contact with 203.0.113.9". */
void answer_footer(
    FILE *out, const struct coverage *c, int64_t rows, const char *nothing, bool color);

/* "08:55-09:00", "2026-11-19 23:58 .. 11-20 00:03": the bounds of a start or an end as one text.
 * after/by -1: that side is not known ("by 09:00", "from 09:00"). Returns out. */
enum { INTERVAL_TEXT = 96 };
const char *answer_interval(int64_t after, int64_t by, bool utc, char out[static INTERVAL_TEXT]);

#endif
