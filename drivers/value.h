/* Values as devices print them: ends of a session, durations, counters. Words lie in a line: the
 * PATTERN_PAD bytes behind it may be looked at. */
#ifndef GATEBOOK_DRIVERS_VALUE_H
#define GATEBOOK_DRIVERS_VALUE_H

#include "base/record.h"

/* An end of a session as it is printed: what is missing stays empty. */
struct value_end {
	struct endpoint end;
	struct text service; /* a port that is a name */
	struct text scope;   /* what stood behind a % */
};

/* An IPv6 address that ends at `end` at the latest, as addr_take reads it. NULL: none here, or one
 * that addr_take has to judge: of more than groups, or an IPv4 one. */
const char *value_ipv6(const char *p, const char *end, struct addr *a);

/* A whole word as address and port: a:p a.p a/p [a]:p a(p) a[p], split at the last separator; *
 * and its relatives for a missing address or port; the address alone. */
bool value_endpoint(struct text token, struct value_end *v);

/* A whole word as an address, with or without a scope; or a wildcard (family 0). */
bool value_addr(struct text token, struct addr *a, struct text *scope);

/* A whole word as a port: a number, a name, or * for none. */
bool value_port(struct text token, struct endpoint *e, struct text *service);

/* A whole word as a protocol: number, name, "any", "---" for none. */
bool value_proto(struct text token, uint16_t *proto);

/* A whole word as a duration: seconds, [h:]mm:ss, 1d19h, 21s, 119min. *known is false for those
 * that say none ("never", "-", a negative one). Clamped to UINT32_MAX. */
bool value_duration(struct text token, uint32_t *seconds, bool *known);

/* A whole word of hexadecimal digits. value_hex_addr: 8 or 32 of them; native: each four bytes as a
 * little-endian machine holds them. */
bool value_hex(struct text token, uint64_t most, uint64_t *value);
bool value_hex_addr(struct text token, bool native, struct addr *a);

/* 12 345 K M G behind a decimal number. */
bool value_scaled(struct text *cursor, uint64_t *value);

/* A decimal number, with commas (or, if spaced, blanks) between thousands, at the cursor. */
bool value_counter(struct text *cursor, bool spaced, uint64_t *value);

#endif
