/* Lists of indicators in JSON. */
#ifndef GATEBOOK_QUERY_LIST_JSON_H
#define GATEBOOK_QUERY_LIST_JSON_H

#include "query/target.h"

/* Reads one JSON value after the other and calls line() as target_lines does for each address in
 * Spamhaus DROP ("cidr"), Feodo's block list ("ip_address"), MISP (attributes of type ip-src,
 * ip-dst and those with |port, unless "to_ids" is false) and STIX 2.x (patterns of indicators:
 * ipv4-addr:value and ipv6-addr:value with = or ISSUBSET, joined by OR). What names no address is
 * left out and counted in the log; a pattern that needs more than an address is too, for it would
 * match too much. Returns 0, or -1 with err: what is no JSON, and the first wrong address. */
int list_json(FILE *in, const char *name,
    int (*line)(struct text t, char *why, size_t size, void *arg), void *arg, size_t *given,
    struct error *err);

#endif
