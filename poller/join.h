/* What a NAT table says of an inside end alone: kept until the poll ends, then put to the sessions
 * of that end that carry no mapping of their own. */
#ifndef GATEBOOK_POLLER_JOIN_H
#define GATEBOOK_POLLER_JOIN_H

#include "base/record.h"

struct rows;
struct mapping;

struct mappings {
	struct mapping *entry;
	size_t n, room;
};

/* Keeps the mapping of a row that has one and no peer: `tcp inside:10.1.1.5/1000 to
 * outside:192.0.2.1/1000`. False when there are more than LIMIT_REPLY_LINES of them. */
bool mappings_take(struct mappings *m, const struct observation *o);

/* A transit session without a mapping takes the one of its protocol, inside address and port, else
 * the one of its protocol and address, else that of its address. An end that is mapped in two ways
 * takes neither: nothing says which of them is this session's. */
void mappings_join(const struct mappings *m, struct rows *rows);
void mappings_free(struct mappings *m);

#endif
