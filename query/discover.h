/* What the polled devices know of and nobody polls: their neighbours, and the networks they have
 * hosts in. */
#ifndef GATEBOOK_QUERY_DISCOVER_H
#define GATEBOOK_QUERY_DISCOVER_H

#include "query/range.h"
#include "store/read.h"

enum discovery_kind { DISCOVERY_NEIGHBOUR, DISCOVERY_NETWORK };

struct discovery {
	enum discovery_kind kind;
	char name[PRESENT_WORD];     /* of the neighbour, as it calls itself */
	char far_port[PRESENT_WORD]; /* and its port */
	struct addr net;             /* of a network: its first address */
	unsigned bits, hosts;        /* and how many addresses of it were seen */
	int64_t told_by;             /* a device */
	char port[PRESENT_WORD];     /* its port or interface */
};

/* Calls each() for every one that was there in the range: first neighbours whose name no device of
 * the store has, then networks (/24, /64) with neighbours in them that no device of the store
 * stands in: by its own addresses where it told them, else by the one it is polled at. Returns 0,
 * what each() returned if that is not 0, or -1 with err. */
int discover(struct reader *r, const struct range *range,
    int (*each)(const struct discovery *d, void *arg), void *arg, struct error *err);

#endif
