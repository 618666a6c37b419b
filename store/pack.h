/* The sessions of one contact, packed: what a sealed day keeps instead of a row per session.
 *
 *   n          varint: sessions
 *   summary    only when n > PACK_PLAIN: see struct pack_summary
 *   n times    flags, number, start, gap, length, gap [polls] [ports] attribute [counters]
 *
 * Numbers count from the one before, times from the base or the one before, gaps (between the two
 * bounds of a start or of an end) from the vantage's usual one. pack.c says it exactly. */
#ifndef GATEBOOK_STORE_PACK_H
#define GATEBOOK_STORE_PACK_H

#include "store/roll.h"

/* What the packed numbers of a contact count from; known from tables seal and vantage. */
struct pack_base {
	int64_t start;  /* seconds */
	uint64_t first; /* session number */
	int64_t gap;    /* seconds */
};

enum pack_flag {
	PACK_OTHER = 1 << 0, /* has_other: the end that is not the contact's port has one */
	PACK_IN_NAT_PORT = 1 << 1,
	PACK_OUT_NAT_PORT = 1 << 2,
	PACK_START_AFTER = 1 << 3
};

struct packed_session {
	uint64_t number;
	uint8_t flags; /* enum pack_flag */
	uint8_t has;   /* counters */
	uint16_t other, in_nat_port, out_nat_port;
	uint32_t attribute;
	int64_t start_after, start_by, end_from, end_by;
	uint64_t polls;
	uint64_t counters[COUNTER_COUNT];
};

struct pack_summary {
	uint64_t n;
	bool has_first_after, has_bytes;
	int64_t first_after, first_by; /* start of the earliest session */
	int64_t last_from, last_by;    /* end of the latest */
	uint64_t bytes;                /* sum of what the sessions that say it say */
};

enum { PACK_PLAIN = 8 }; /* up to so many sessions a summary is made by reading them */

/* Packing: begin, add each in order of number, end. The bytes belong to the packer until the next
 * begin or free; zero-initialised is empty. */
struct packer {
	struct pack_base base;
	struct packed_session last;
	struct pack_summary summary;
	uint8_t *body;
	size_t used, capacity;
};
void packer_begin(struct packer *p, const struct pack_base *base);
void packer_add(struct packer *p, const struct packed_session *s);
const uint8_t *packer_end(struct packer *p, size_t *size);
void packer_free(struct packer *p);

/* Unpacking: next returns 1 with a session, 0 at the end, -1 when the bytes are damaged. */
struct unpacker {
	struct pack_base base;
	uint64_t number;  /* of the session before */
	int64_t start_by; /* and its */
	const uint8_t *at, *end;
	uint64_t left;
};
int unpacker_begin(struct unpacker *u, const struct pack_base *base, const void *data, size_t size);
int unpacker_next(struct unpacker *u, struct packed_session *s);

/* The summary of a packed contact. Returns 0, or -1 when the bytes are damaged. */
int unpack_summary(
    const struct pack_base *base, const void *data, size_t size, struct pack_summary *summary);

#endif
