/* Wall and monotonic time; nothing else reads the time. In the sanitized build that the tests run
 * (build/san), GATEBOOK_NOW (seconds since 1970) fixes the wall clock. The build that ships does
 * not look at it: nobody may date the ledger. */
#ifndef GATEBOOK_BASE_CLOCK_H
#define GATEBOOK_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t clock_now(void);         /* wall, seconds since 1970 UTC, rounded down */
int64_t clock_now_us(void);      /* wall, microseconds */
int64_t clock_mono_ms(void);     /* monotonic, milliseconds */
void clock_set(int64_t seconds); /* wall stands at this until clock_set(0) */

enum { CLOCK_TEXT = 32, CLOCK_DAY = 86400 };

/* "2026-11-25T04:16:07Z" when utc, else local with offset "2026-11-25T05:16:07+01:00".
 * Outside the years 1000..9999 "@" and the seconds. Returns out. */
const char *clock_format(int64_t seconds, bool utc, char out[static CLOCK_TEXT]);

#endif
