#include "ledger/hash.h"

#include <openssl/evp.h>

#include "base/log.h"

static _Noreturn void
give_up(void)
{
	log_fatal("SHA-256 is not available in this OpenSSL: the ledger cannot be kept");
}

/* Looking the algorithm up costs more than hashing a record: once for each thread. */
static EVP_MD_CTX *
begin(void)
{
	static _Thread_local EVP_MD_CTX *context;

	if (context) {
		if (EVP_DigestInit_ex(context, NULL, NULL) != 1)
			give_up();
		return context;
	}
	context = EVP_MD_CTX_new();
	if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
		give_up();
	return context;
}

void
hash_pair(enum hash_kind kind, const uint8_t left[static 32], const void *right, size_t n,
    uint8_t out[static 32])
{
	EVP_MD_CTX *context = begin();
	uint8_t prefix = (uint8_t)kind;

	if (EVP_DigestUpdate(context, &prefix, 1) != 1 ||
	    EVP_DigestUpdate(context, left, 32) != 1 || EVP_DigestUpdate(context, right, n) != 1 ||
	    EVP_DigestFinal_ex(context, out, NULL) != 1)
		give_up();
}

void
hash_bytes(const void *bytes, size_t n, uint8_t out[static 32])
{
	EVP_MD_CTX *context = begin();

	if (EVP_DigestUpdate(context, bytes, n) != 1 || EVP_DigestFinal_ex(context, out, NULL) != 1)
		give_up();
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
