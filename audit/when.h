/* When a record was written, in whatever words the log has for it. */
#ifndef GATEBOOK_AUDIT_WHEN_H
#define GATEBOOK_AUDIT_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Reads one of
 *
 *   1795303935, 1795303935.125, 1795303935125     seconds or milliseconds since 1970
 *   2026-03-01 13:35:28 +0100                     also T, a fraction, Z, +01:00, / for -
 *   Sat Nov 21 23:32:15 2026                      with or without weekday and year
 *   Nov 21 2026 23:32:15
 *
 * into microseconds since 1970. Without a zone it is local time; without a year the last one in
 * which it is not more than a day behind `now_us`. False: it is none of them, or no date. */
bool when_parse(struct text t, int64_t now_us, int64_t *us);

#endif
