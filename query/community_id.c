#include "query/community_id.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

enum { SCTP = 132 };

static size_t
put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return 2;
}

bool
community_id(const struct endpoint *a, const struct endpoint *b, unsigned proto,
    char out[static COMMUNITY_ID_TEXT])
{
	bool ports = proto == PROTO_TCP || proto == PROTO_UDP || proto == SCTP;
	size_t size = a->addr.family == 4 ? 4 : 16, n;
	int order = memcmp(a->addr.bytes, b->addr.bytes, size);
	uint8_t bytes[2 + 16 + 16 + 2 + 4], digest[EVP_MAX_MD_SIZE];
	const struct endpoint *low = a, *high = b;

	if (a->addr.family == 0 || a->addr.family != b->addr.family || proto > UINT8_MAX ||
	    proto == PROTO_ICMP || proto == PROTO_ICMP6 ||
	    (ports && (!a->has_port || !b->has_port)))
		return false;
	if (order > 0 || (order == 0 && ports && a->port > b->port)) {
		low = b;
		high = a;
	}
	n = put16(bytes, 0); /* the seed */
	memcpy(bytes + n, low->addr.bytes, size);
	memcpy(bytes + n + size, high->addr.bytes, size);
	n += 2 * size;
	bytes[n++] = (uint8_t)proto;
	bytes[n++] = 0;
	if (ports) {
		n += put16(bytes + n, low->port);
		n += put16(bytes + n, high->port);
	}
	if (EVP_Digest(bytes, n, digest, NULL, EVP_sha1(), NULL) != 1)
		return false;
	memcpy(out, "1:", 2);
	EVP_EncodeBlock((unsigned char *)out + 2, digest, 20);
	return true;
}
