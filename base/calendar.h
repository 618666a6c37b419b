/* Times that come again: five-field cron expressions, and windows of the week. */
#ifndef GATEBOOK_BASE_CALENDAR_H
#define GATEBOOK_BASE_CALENDAR_H

#include "base/error.h"
#include "base/text.h"
#include "base/zone.h"

/* Sets of numbers, a bit each. */
struct cron {
	uint64_t minute;         /* 0..59 */
	uint32_t hour, monthday; /* 0..23, 1..31 */
	uint16_t month;          /* 1..12 */
	uint8_t weekday;         /* 0..6, 0 is Sunday */
	bool either; /* both days are restricted: one of them is enough, as in crontab(5) */
};

/* "17 3 * * mon-fri": minute, hour, day of month, month, day of week; with lists, ranges, steps
 * and, for the last two, English names of three letters; 7 is Sunday too. Returns 0, or -1 with
 * err naming the field. */
int cron_parse(struct text t, struct cron *c, struct error *err);

/* The first full minute after `after` (seconds since 1970) that it names in the zone, or -1 if
 * there is none within five years ("0 0 30 2 *"). */
int64_t cron_next(const struct cron *c, struct zone *z, int64_t after);

/* A week from Monday 00:00, a bit for each minute. */
enum { WEEK_MINUTES = 7 * 24 * 60 };
struct week {
	uint8_t open[WEEK_MINUTES / 8];
};

/* "Mon-Fri 06:00-22:00, Sat 08:00-12:00": each part days (a day, a range, or none for every day)
 * and hours (from-to, to 24:00 at most; past midnight when to is not after from; none for all day).
 * Returns 0, or -1 with err. */
int week_parse(struct text t, struct week *w, struct error *err);

/* True if the window is open at that time in the zone. */
bool week_open(const struct week *w, struct zone *z, int64_t utc);

/* The first moment at or after utc when the window is open (or, with `open` false, closed), to the
 * minute; -1 if it never is. */
int64_t week_next(const struct week *w, struct zone *z, int64_t utc, bool open);

#endif
