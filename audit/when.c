#include "audit/when.h"

#include <string.h>
#include <time.h>

struct date {
	unsigned year, month, day, hour, minute, second; /* year 0: not said */
	uint32_t micro;
	bool zoned;
	int offset; /* seconds east */
};

static bool
two(struct text *t, unsigned most, unsigned *value)
{
	if (t->n < 2 || (unsigned char)(t->s[0] - '0') > 9 || (unsigned char)(t->s[1] - '0') > 9)
		return false;
	*value = (unsigned)(t->s[0] - '0') * 10 + (unsigned)(t->s[1] - '0');
	*t = (struct text){ t->s + 2, t->n - 2 };
	return *value <= most;
}

static bool
four(struct text *t, unsigned *value)
{
	unsigned high, low;

	if (!two(t, 99, &high) || !two(t, 99, &low))
		return false;
	*value = high * 100 + low;
	return *value >= 1970 && *value < 3000;
}

static void
fraction(struct text *t, uint32_t *micro)
{
	uint32_t unit = 100000;

	if (t->n < 2 || (t->s[0] != '.' && t->s[0] != ',') || (unsigned char)(t->s[1] - '0') > 9)
		return;
	*t = (struct text){ t->s + 1, t->n - 1 };
	for (; t->n > 0 && (unsigned char)(t->s[0] - '0') <= 9; unit /= 10) {
		*micro += (uint32_t)(t->s[0] - '0') * unit;
		*t = (struct text){ t->s + 1, t->n - 1 };
	}
}

/* 23:32:15.125 */
static bool
clock_of(struct text *t, struct date *d)
{
	if (!two(t, 23, &d->hour) || !text_take_char(t, ':') || !two(t, 59, &d->minute) ||
	    !text_take_char(t, ':') || !two(t, 60, &d->second))
		return false;
	fraction(t, &d->micro);
	return true;
}

/* Z, +0100, +01:00, -05, or nothing */
static bool
zone(struct text *t, struct date *d)
{
	unsigned hours, minutes = 0;
	int sign;

	text_skip_blanks(t);
	if (t->n == 0)
		return true;
	d->zoned = true;
	if (text_take_char(t, 'Z') || text_take(t, "UTC") || text_take(t, "GMT"))
		return t->n == 0;
	sign = t->s[0] == '-' ? -1 : 1;
	if ((!text_take_char(t, '+') && !text_take_char(t, '-')) || !two(t, 14, &hours))
		return false;
	(void)text_take_char(t, ':');
	if (t->n > 0 && !two(t, 59, &minutes))
		return false;
	d->offset = sign * (int)(hours * 3600 + minutes * 60);
	return t->n == 0;
}

static bool
month_of(struct text *t, unsigned *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; t->n >= 3 && i < 12; i++)
		if (memcmp(t->s, names + (size_t)3 * i, 3) == 0) {
			*month = i + 1;
			*t = (struct text){ t->s + 3, t->n - 3 };
			return true;
		}
	return false;
}

/* Days since 1970 of a day of the Gregorian calendar. */
static int64_t
days_of(const struct date *d)
{
	static const unsigned before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	const unsigned y = d->year - (d->month <= 2);

	return 365 * ((int64_t)d->year - 1970) + y / 4 - y / 100 + y / 400 - 477 +
	       before[d->month - 1] + d->day - 1;
}

/* Seconds that local time is ahead of UTC then. Asked once for an hour. */
static int64_t
local_offset(const struct date *d, int64_t seconds)
{
	static _Thread_local int64_t hour = INT64_MIN, offset;

	if (seconds / 3600 != hour) {
		struct tm tm = { .tm_year = (int)d->year - 1900,
			.tm_mon = (int)d->month - 1,
			.tm_mday = (int)d->day,
			.tm_hour = (int)d->hour,
			.tm_isdst = -1 };
		time_t there = mktime(&tm);

		hour = seconds / 3600;
		offset = there == (time_t)-1 ? 0 : hour * 3600 - (int64_t)there;
	}
	return offset;
}

static bool
finish(struct date *d, int64_t now_us, int64_t *us)
{
	int64_t seconds;
	bool yearless = d->year == 0;

	if (yearless)
		d->year = (unsigned)(now_us / INT64_C(31556952000000)) + 1970;
	if (d->month < 1 || d->month > 12 || d->day < 1 || d->day > 31)
		return false;
	for (int tries = 0; tries < 3; tries++) {
		seconds = days_of(d) * 86400 + d->hour * 3600 + d->minute * 60 + d->second;
		seconds -= d->zoned ? d->offset : local_offset(d, seconds);
		if (!yearless || seconds * 1000000 <= now_us + INT64_C(86400000000))
			break;
		d->year--;
	}
	*us = seconds * 1000000 + d->micro;
	return true;
}

/* 2026-03-01 13:35:28 +0100 */
static bool
iso(struct text t, struct date *d)
{
	char between;

	if (!four(&t, &d->year) || t.n == 0 || ((between = t.s[0]) != '-' && between != '/'))
		return false;
	if (!text_take_char(&t, between) || !two(&t, 12, &d->month) ||
	    !text_take_char(&t, between) || !two(&t, 31, &d->day))
		return false;
	if (!text_take_char(&t, 'T'))
		text_skip_blanks(&t);
	return clock_of(&t, d) && zone(&t, d);
}

/* Sat Nov 21 23:32:15 2026 */
static bool
named(struct text t, struct date *d)
{
	struct text first;
	uint64_t day;

	if (!month_of(&t, &d->month)) {
		if (!text_take_word(&t, &first) || first.n != 3)
			return false;
		text_skip_blanks(&t);
		if (!month_of(&t, &d->month))
			return false;
	}
	text_skip_blanks(&t);
	if (!text_take_number(&t, 31, &day))
		return false;
	d->day = (unsigned)day;
	text_skip_blanks(&t);
	if (t.n > 4 && t.s[4] == ' ') {
		if (!four(&t, &d->year))
			return false;
		text_skip_blanks(&t);
	}
	if (!clock_of(&t, d))
		return false;
	text_skip_blanks(&t);
	if (d->year == 0 && t.n >= 4 && (unsigned char)(t.s[0] - '0') <= 9 && !four(&t, &d->year))
		return false;
	return zone(&t, d);
}

static bool
epoch(struct text t, int64_t *us)
{
	uint64_t number;
	uint32_t micro = 0;

	if (!text_take_number(&t, UINT64_C(99999999999999), &number))
		return false;
	fraction(&t, &micro);
	if (t.n > 0 || number < 100000000 || number > UINT64_C(32503680000000) ||
	    (number > UINT64_C(32503680000) && number < UINT64_C(100000000000)))
		return false; /* before 1973, or behind the year 3000 */
	*us = number > UINT64_C(99999999999) ? (int64_t)number * 1000
					     : (int64_t)number * 1000000 + micro;
	return true;
}

bool
when_parse(struct text t, int64_t now_us, int64_t *us)
{
	struct date d = { 0 };

	t = text_trim(t);
	if (t.n == 0 || t.n > 64)
		return false;
	if (epoch(t, us))
		return true;
	if ((unsigned char)(t.s[0] - '0') <= 9)
		return iso(t, &d) && finish(&d, now_us, us);
	return named(t, &d) && finish(&d, now_us, us);
}
