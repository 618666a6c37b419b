/* Addresses, endpoints and IP protocol numbers: parse, print, compare. */
#ifndef GATEBOOK_BASE_ADDR_H
#define GATEBOOK_BASE_ADDR_H

#include "base/text.h"

/* An IPv4 or IPv6 address in network byte order. family is 4, 6, or 0 for "none"; IPv4 uses the
 * first 4 bytes and leaves the rest zero, so that memcmp orders and compares whole structs. */
struct addr {
	uint8_t family;
	uint8_t bytes[16];
};

/* One end of a session. port is host byte order; an ICMP id or type stands in it as printed. */
struct endpoint {
	struct addr addr;
	bool has_port;
	uint16_t port;
};

enum { ADDR_TEXT = 46, ENDPOINT_TEXT = 54 }; /* buffer sizes that always suffice, NUL included */

/* The whole text as an address: dotted quad with four decimal parts of 0..255 and no leading
 * zeros, or any RFC 4291 form. An IPv4-mapped IPv6 address (::ffff:a.b.c.d) becomes IPv4.
 * A zone (%eth0) is refused. Returns false and leaves *a alone when it is not an address. */
bool addr_parse(struct text t, struct addr *a);

/* Takes the longest address at the cursor; the same forms. A number is never cut: "10.0.0.1234" and
 * "::12345" hold no address. What may follow stays: ":80", ".80", "/24", "%eth0"; but the colon
 * form of a port behind a short IPv6 address ("::1:80") cannot be told from one more group. */
bool addr_take(struct text *cursor, struct addr *a);

struct addr addr_from_ipv4(uint32_t host_order);
uint32_t addr_ipv4(const struct addr *a); /* host order; a->family must be 4 */

/* RFC 5952 text; of the IPv6 addresses that hold an IPv4 one, only ::ffff:a.b.c.d shows it. Returns
 * out. An address of family 0 gives "-". */
const char *addr_format(const struct addr *a, char out[static ADDR_TEXT]);

/* "addr:port", "[addr]:port" for IPv6, the address alone without a port. Returns out. */
const char *endpoint_format(const struct endpoint *e, char out[static ENDPOINT_TEXT]);

int addr_compare(const struct addr *a, const struct addr *b); /* <0, 0, >0; IPv4 before IPv6 */
bool addr_equal(const struct addr *a, const struct addr *b);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);
bool addr_is_any(const struct addr *a); /* 0.0.0.0 or :: */

/* Loopback, link-local, multicast, broadcast, unspecified (all of 0.0.0.0/8), class E or no
 * address: never an outside host (RFC 6890). Documentation ranges count as ordinary addresses. */
bool addr_is_special(const struct addr *a);

/* IP protocol numbers (IANA protocol-numbers) and what is not one of them. */
enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58,
	PROTO_NONE = 256, /* the device did not print a protocol */
	PROTO_RAW = 257,  /* a raw socket */
	PROTO_ANY = 258   /* the device says "any" */
};

/* Lower-case name of a protocol number ("tcp", "icmp6", "gre", ...); "proto-N" for one without a
 * name, "" for PROTO_NONE. The text lives for ever (static) or until the next call from this
 * thread (proto-N). */
const char *proto_name(unsigned proto);

/* A protocol by number (0..255, also "proto-N"), name or a name with a family behind it (tcp6,
 * udp4, tcp46, ipv6-icmp, icmpv6), case folded; "ip" is PROTO_ANY. Returns false when it is none.
 */
bool proto_parse(struct text t, uint16_t *proto);

#endif
