/* Sets of prefixes: is this address ours? The longest match decides; it can be an exception. */
#ifndef GATEBOOK_BASE_PREFIX_H
#define GATEBOOK_BASE_PREFIX_H

#include "base/addr.h"

struct prefix {
	struct addr addr; /* host bits are zero */
	uint8_t length;   /* 0..32 or 0..128 */
};

/* "10.0.0.0/8", "2001:db8::/32", or an address alone (length 32 or 128). Returns 0, or -1 with the
 * reason ("host bits are set: did you mean 10.0.0.0/8") in why, a buffer of size bytes or NULL.
 * "10/8" and other short forms are refused. */
int prefix_parse(struct text t, struct prefix *p, char *why, size_t size);
const char *prefix_format(const struct prefix *p, char out[static ADDR_TEXT + 4]);
bool prefix_holds(const struct prefix *p, const struct addr *a);
void prefix_last(const struct prefix *p, struct addr *last); /* the highest address in it */

/* A set. Zero-initialised is empty. Owns its memory until prefix_set_free. */
struct prefix_set {
	struct prefix_entry *entries; /* sorted by address, then length */
	size_t n, capacity;
};

/* Adds a prefix; `in` false makes it an exception (addresses in it are not in the set unless a
 * longer prefix says so). Adding the same prefix again replaces what was said of it. */
void prefix_set_add(struct prefix_set *set, const struct prefix *p, bool in);

/* True when the longest prefix of the set that holds a is one added with in = true. */
bool prefix_set_holds(const struct prefix_set *set, const struct addr *a);

/* True when some address of p is in the set: used to refuse lists that cover our own prefixes. */
bool prefix_set_overlaps(const struct prefix_set *set, const struct prefix *p);
void prefix_set_free(struct prefix_set *set);

/* Adds RFC 1918, RFC 4193 (fc00::/7) and RFC 6598 (100.64.0.0/10): the default inside. */
void prefix_set_add_private(struct prefix_set *set);

#endif
