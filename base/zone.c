#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Every zone changes its clocks at a full quarter of an hour (of UTC). */
enum { BLOCK = 900, DAY = 86400 };

bool
zone_known(const char *name)
{
	char path[300];

	if (strcmp(name, "UTC") == 0)
		return true;
	if (name[0] == '/' || name[0] == '\0' || strstr(name, "..") ||
	    (size_t)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name) >= sizeof(path))
		return false;
	return access(path, R_OK) == 0;
}

/* The C library knows the rules, but of one zone at a time: $TZ. */
static int
ask_library(const char *name, int64_t utc)
{
	char *own = getenv("TZ"), *kept = own ? strdup(own) : NULL;
	time_t t = utc;
	struct tm tm;

	if (name)
		(void)setenv("TZ", name, 1);
	tzset();
	if (!localtime_r(&t, &tm))
		tm.tm_gmtoff = 0;
	if (name && kept)
		(void)setenv("TZ", kept, 1);
	else if (name)
		(void)unsetenv("TZ");
	tzset();
	free(kept);
	return (int)tm.tm_gmtoff;
}

int
zone_offset(struct zone *z, int64_t utc)
{
	int64_t block = utc / BLOCK - (utc % BLOCK < 0) + 1;

	if (z->block != block) {
		z->offset = ask_library(z->name, utc);
		z->block = block;
	}
	return z->offset;
}

int64_t
zone_utc(struct zone *z, int64_t local)
{
	int before = zone_offset(z, local - DAY), after = zone_offset(z, local + DAY);
	int early = before > after ? before : after, late = before > after ? after : before;

	if (zone_offset(z, local - early) == early)
		return local - early;
	return local - (zone_offset(z, local - late) == late ? late : before);
}
