#include "ledger/hash.h"

/* The plain interface: looking the algorithm up for each record costs more than hashing it, and the
 * new interface keeps its state on the heap. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "base/log.h"

void
hash_pair(enum hash_kind kind, const uint8_t left[static 32], const void *right, size_t n,
    uint8_t out[static 32])
{
	uint8_t prefix = (uint8_t)kind;
	SHA256_CTX context;

	if (!SHA256_Init(&context) || !SHA256_Update(&context, &prefix, 1) ||
	    !SHA256_Update(&context, left, 32) || !SHA256_Update(&context, right, n) ||
	    !SHA256_Final(out, &context))
		log_fatal("SHA-256 is not available in this OpenSSL: the ledger cannot be kept");
}

void
hash_bytes(const void *bytes, size_t n, uint8_t out[static 32])
{
	SHA256_CTX context;

	if (!SHA256_Init(&context) || !SHA256_Update(&context, bytes, n) ||
	    !SHA256_Final(out, &context))
		log_fatal("SHA-256 is not available in this OpenSSL: the ledger cannot be kept");
}

const char *
hash_hex(const uint8_t hash[static 32], char out[static 65])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 32; i++) {
		out[2 * i] = digits[hash[i] >> 4];
		out[2 * i + 1] = digits[hash[i] & 15];
	}
	out[64] = '\0';
	return out;
}
