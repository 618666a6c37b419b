/* What many sessions of a day have in common, each combination once: table attribute of a sealed
 * day. */
#ifndef GATEBOOK_STORE_SEAL_SHARED_H
#define GATEBOOK_STORE_SEAL_SHARED_H

#include <stdint.h>

#include "base/addr.h"

/* Words are ids of the live database. Set to zero before filling: compared byte by byte. */
struct shared {
	uint32_t state, app, user, in_iface, out_iface;
	struct addr in_nat, out_nat;
};

/* Zero-initialised is empty; owns its memory until shared_free. */
struct shared_set {
	struct shared *all; /* id - 1 */
	uint32_t n, capacity;
	uint32_t *slots; /* open addressing; 0 = free, else id */
	uint32_t n_slots;
};

/* The id of s, from 1 on; *added when it is a new one. */
uint32_t shared_id(struct shared_set *set, const struct shared *s, bool *added);
void shared_free(struct shared_set *set);

#endif
