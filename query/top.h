/* Contacts added up by one of their parts: by host, peer, service, device ... */
#ifndef GATEBOOK_QUERY_TOP_H
#define GATEBOOK_QUERY_TOP_H

#include "query/contacts.h"

enum top_key {
	TOP_HOST,
	TOP_PEER,
	TOP_NET, /* the outside /24 or /48 */
	TOP_SERVICE,
	TOP_PROTO,
	TOP_DEVICE,
	TOP_KEYS
};
extern const char *const top_keys[]; /* their words, ends with NULL */

enum top_order { TOP_HOSTS, TOP_PEERS, TOP_CONTACTS, TOP_SESSIONS, TOP_BYTES, TOP_ORDERS };
extern const char *const top_orders[];

struct top {
	struct addr addr; /* of HOST, PEER, NET */
	int64_t number;   /* port (-1: none), prefix length, or device */
	uint16_t proto;
	uint64_t counts[TOP_ORDERS];
	bool has_bytes;
};

/* The groups, the largest first. Malloc'd; *n of them. */
struct top *top_of(const struct contacts *c, enum top_key key, enum top_order order, size_t *n);

#endif
