/* What a NAT table says of an inside end alone: kept until the poll ends, then put to the sessions
 * of that end that carry no mapping of their own. */
#ifndef GATEBOOK_POLLER_JOIN_H
#define GATEBOOK_POLLER_JOIN_H

#include "base/record.h"

struct rows;
struct mapping;

enum { MAPPING_LENGTHS = 129 }; /* of a prefix: 0 .. 128 bits */

struct mappings {
	struct mapping *entry;
	size_t n, room;
	bool has_length[MAPPING_LENGTHS]; /* there is a mapping of networks of so many bits */
};

/* Keeps what a row without a peer says of its end, be it that it keeps its address: `tcp
 * inside:10.1.1.5/1000 to outside:192.0.2.1/1000`. False when there are more than LIMIT_REPLY_LINES
 * of them. */
bool mappings_take(struct mappings *m, const struct observation *o);

/* A transit session without a mapping takes the one of its protocol, inside address and port, else
 * the one of its protocol and address, else that of its address, else that of the network that
 * holds it, host part kept. An end that is mapped in two ways takes neither: nothing says which of
 * them is this session's. */
void mappings_join(const struct mappings *m, struct rows *rows);
void mappings_free(struct mappings *m);

#endif
