/* The local time of a named zone (IANA time zone database), whatever the zone of this machine. */
#ifndef GATEBOOK_BASE_ZONE_H
#define GATEBOOK_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed but for its name it is ready to use; the name is borrowed. */
struct zone {
	const char *name; /* "Europe/Berlin"; NULL: the zone of this machine */
	int64_t block;    /* the quarter of an hour that `offset` is known for, counted from 1 */
	int offset;
};

/* True if the machine has rules for the name (package tzdata); "UTC" needs none. */
bool zone_known(const char *name);

/* Seconds that the zone's clocks are ahead of UTC at the time (seconds since 1970). */
int zone_offset(struct zone *z, int64_t utc);

/* When the zone's clocks show this local time, given as if it were UTC. Of a time that comes twice
 * (clocks set back) the first; one that never comes (set forward) is read by the clock that was not
 * set forward, an hour later. */
int64_t zone_utc(struct zone *z, int64_t local);

#endif
