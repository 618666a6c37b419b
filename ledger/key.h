/* Ed25519 (RFC 8032) through libcrypto. Only this room includes this file. */
#ifndef GATEBOOK_LEDGER_KEY_H
#define GATEBOOK_LEDGER_KEY_H

#include <openssl/evp.h>

#include "ledger/head.h"

struct public_key {
	EVP_PKEY *pkey;
	uint8_t bytes[32];
};

struct ledger_key {
	EVP_PKEY *pkey;
	uint8_t public[32];
};

struct ledger_keys {
	int n;
	struct public_key key[HEAD_KEYS];
};

/* The first four bytes of SHA-256(name || LF || 0x01 || key): C2SP signed-note. */
void key_id(const uint8_t public[static 32], const char *name, uint8_t id[static 4]);
void key_sign(
    const struct ledger_key *key, const void *bytes, size_t n, uint8_t signature[static 64]);
bool key_verify(
    const struct public_key *key, const void *bytes, size_t n, const uint8_t signature[static 64]);

#endif
