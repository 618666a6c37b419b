/* Who was behind a public address and port: one flow that devices saw before and after translation
 * is one answer. */
#ifndef GATEBOOK_QUERY_NAT_H
#define GATEBOOK_QUERY_NAT_H

#include "query/ask.h"

enum { NAT_DEVICES = 8 }; /* that are named with a flow; two is the usual number */

struct nat_flow {
	struct endpoint inside; /* family 0: no device that translated it is polled */
	struct endpoint public, outside;
	uint16_t proto;
	uint8_t initiator;
	int64_t start_after, start_by, end_from, end_by; /* as of a session; -1: no bound */
	int64_t translated_by[NAT_DEVICES], seen_by[NAT_DEVICES];
	int n_translated, n_seen;
};

struct nat_flows {
	struct nat_flow *list; /* by inside host, then start */
	size_t n;
};

/* Finds the flows of the range whose inside end is called `public` outside; without a port, of any.
 * utc and more as in filter_parse: what else must be true, or NULL. Returns 0, or -1 with err; free
 * list in any case. */
int nat_find(struct reader *r, const struct range *range, const struct endpoint *public,
    const char *more, struct nat_flows *flows, struct error *err);

#endif
