#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"

static int64_t standing; /* seconds; 0: the wall clock runs */

void
clock_set(int64_t seconds)
{
	standing = seconds;
}

static int64_t
read_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

#ifdef __SANITIZE_ADDRESS__
#define CLOCK_TESTS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CLOCK_TESTS 1
#endif
#endif
#ifndef CLOCK_TESTS
#define CLOCK_TESTS 0
#endif

/* The environment may not move the clock of what ships: the ledger's times come from here. */
static int64_t
fixed(void)
{
	static int64_t from_environment = -1;

	if (standing != 0 || !CLOCK_TESTS)
		return standing;
	if (from_environment < 0) {
		uint64_t v = 0;

		text_number(text_of(getenv("GATEBOOK_NOW")), INT64_MAX / 1000000, &v);
		from_environment = (int64_t)v;
	}
	return from_environment;
}

int64_t
clock_now_us(void)
{
	int64_t seconds = fixed();

	return seconds != 0 ? seconds * 1000000 : read_us(CLOCK_REALTIME);
}

int64_t
clock_now(void)
{
	int64_t us = clock_now_us();

	return us / 1000000 - (us % 1000000 < 0);
}

int64_t
clock_mono_ms(void)
{
	return read_us(CLOCK_MONOTONIC) / 1000;
}

const char *
clock_format(int64_t seconds, bool utc, char out[static CLOCK_TEXT])
{
	time_t t = seconds;
	struct tm tm;

	if ((utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) == NULL || tm.tm_year < 1000 - 1900 ||
	    tm.tm_year > 9999 - 1900) {
		snprintf(out, CLOCK_TEXT, "@%lld", (long long)seconds);
		return out;
	}
	size_t n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	long minutes = utc ? 0 : labs(tm.tm_gmtoff) / 60;

	if (utc)
		snprintf(out + n, CLOCK_TEXT - n, "Z");
	else
		snprintf(out + n, CLOCK_TEXT - n, "%c%02ld:%02ld", tm.tm_gmtoff < 0 ? '-' : '+',
		    minutes / 60 % 100, minutes % 60);
	return out;
}
