/* SHA-256 as this room uses it. Ends the program where OpenSSL has none: the ledger cannot be kept
 * without it. Only this room includes this file. */
#ifndef GATEBOOK_LEDGER_HASH_H
#define GATEBOOK_LEDGER_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands before the bytes, so that no leaf can be taken for a node (RFC 9162, 2.1.1). */
enum hash_kind { HASH_LEAF = 0, HASH_NODE = 1 };

/* SHA-256(kind || left (32 bytes) || right (n bytes)). out may be left or right. */
void hash_pair(enum hash_kind kind, const uint8_t left[static 32], const void *right, size_t n,
    uint8_t out[static 32]);
void hash_bytes(const void *bytes, size_t n, uint8_t out[static 32]);

/* Lower-case hexadecimal digits and a NUL. Returns out. */
const char *hash_hex(const uint8_t hash[static 32], char out[static 65]);

#endif
