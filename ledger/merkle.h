/* The Merkle tree over the ledger's hashes (RFC 9162, 2.1): a leaf is the chain's hash of a record,
 * a node SHA-256(0x01 || left || right). Kept as its peaks, so memory is flat. */
#ifndef GATEBOOK_LEDGER_MERKLE_H
#define GATEBOOK_LEDGER_MERKLE_H

#include <stddef.h>
#include <stdint.h>

/* peak[i]: root over 2^i leaves, where bit i of n is set; the highest stands leftmost. */
struct merkle {
	uint64_t n;
	uint8_t peak[64][32];
};

void merkle_add(struct merkle *m, const uint8_t leaf[static 32]);

/* The root over the n leaves; of none SHA-256 of nothing. */
void merkle_root(const struct merkle *m, uint8_t root[static 32]);

/* A part of the leaves, numbered from 0: first <= i < end. */
struct merkle_span {
	uint64_t first, end;
};

/* The inclusion path of leaf `leaf` (from 0) in a tree of n leaves (RFC 9162, 2.1.3.1): the parts
 * whose roots it consists of, from the leaf up. Returns how many; leaf < n. */
enum { MERKLE_PATH = 64 };
int merkle_path(uint64_t leaf, uint64_t n, struct merkle_span path[static MERKLE_PATH]);

#endif
