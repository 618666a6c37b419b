/* First contact: what was seen in a range and not in the time before it. */
#ifndef GATEBOOK_QUERY_FRESH_H
#define GATEBOOK_QUERY_FRESH_H

#include "query/contacts.h"
#include "query/coverage.h"

enum fresh_kind {
	FRESH_HOSTS,   /* an inside host that had no contact */
	FRESH_PEERS,   /* an outside address that nobody had a contact with */
	FRESH_PAIRS,   /* the two of them */
	FRESH_SERVICES /* and the service */
};

/* Loads the contacts of the range that are new: c->sorted has the earliest contact of each host,
 * peer, pair or service that no poll had seen between `from` and the range. The target may name
 * either end; ask->side is not looked at. Returns 0, or -1 with err; contacts_free in any case. */
int fresh_load(const struct ask *ask, enum fresh_kind kind, int64_t from, struct contacts *c,
    struct error *err);

/* How much of the baseline the devices that saw the contact had looked at, 0..1: below 1 the
 * contact may not be new. base: the coverage of the baseline; a device that was not known for all
 * of it counts for the time it was. */
double fresh_ratio(const struct coverage *base, const struct contact *c);

#endif
