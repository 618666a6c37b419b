/* Contacts: the sessions of one inside host with one outside address and service, added up over
 * devices, sessions and days. */
#ifndef GATEBOOK_QUERY_CONTACTS_H
#define GATEBOOK_QUERY_CONTACTS_H

#include <uthash.h>

#include "query/ask.h"

/* Compared byte for byte: padding and unused bytes are zero. */
struct contact_key {
	struct addr inside, outside;
	int32_t port; /* of the end that answered, else of the outside; -1: none */
	uint16_t proto;
	uint8_t initiator, scope;
};

/* Where one device saw the contact. Intervals are numbers of its complete polls in the range. */
struct sighting {
	int64_t device;
	uint64_t sessions, bytes;
	bool has_bytes;
	struct interval {
		uint32_t first, last;
	} * intervals; /* in order, apart */
	uint32_t n_intervals, capacity;
};

enum { UNKNOWN_TIME = -1 };

struct contact {
	struct contact_key key;
	int64_t first_after; /* UNKNOWN_TIME: there was no complete poll before */
	int64_t first_by;
	int64_t last_from;
	int64_t last_by; /* UNKNOWN_TIME while open */
	bool open;
	struct endpoint in_nat, out_nat; /* the first one met; family 0: none */
	unsigned nats;                   /* how many mappings differed from it */
	struct sighting *by;
	uint32_t n_by;
	UT_hash_handle hh;
};

struct contacts {
	struct contact *hash;
	struct contact **sorted; /* by inside, outside, proto, port, then the rest */
	size_t n;
	struct polls *polls;
};

/* Collects them. exact: which polls saw each contact, and its NAT, are asked for too, which reads
 * sessions even where a day's contacts would do. Returns 0, or -1 with err; free in any case. */
int contacts_load(const struct ask *ask, bool exact, struct contacts *c, struct error *err);
void contacts_free(struct contacts *c);

/* Complete polls that saw the contact, and complete polls in the range, at the device that saw it
 * most often. */
void contact_seen(
    const struct contacts *c, const struct contact *one, uint64_t *seen, uint64_t *of);

/* What the complete polls of a stretch of time (seconds, to exclusive) showed of the contact, at
 * the devices that ever saw it: *of polls, *seen of them with it, both of the device that saw it
 * most often there. *of == 0: nobody looked, or not all of them were looked at and none showed it.
 * Needs contacts_load with exact. */
void contact_stretch(const struct contacts *c, const struct contact *one, int64_t from, int64_t to,
    uint64_t *seen, uint64_t *of);

/* The same session may be seen at several devices, so these are the largest of them, not the sum.
 */
uint64_t contact_sessions(const struct contact *one);
bool contact_bytes(const struct contact *one, uint64_t *bytes);

/* Contacts of one address, or of one indicator, added up: the earliest start, the latest end. */
struct contact_sum {
	uint64_t contacts, sessions, bytes;
	bool has_bytes, open;
	int64_t first_after, first_by, last_from, last_by; /* as of a contact */
};
void contact_add(struct contact_sum *sum, const struct contact *one);

#endif
