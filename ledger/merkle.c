#include "ledger/merkle.h"

#include <string.h>

#include "ledger/hash.h"

static void
join(const uint8_t left[static 32], const uint8_t right[static 32], uint8_t out[static 32])
{
	hash_pair(HASH_NODE, left, right, 32, out);
}

void
merkle_add(struct merkle *m, const uint8_t leaf[static 32])
{
	uint8_t carry[32];
	int level = 0;

	memcpy(carry, leaf, 32);
	for (; m->n >> level & 1; level++)
		join(m->peak[level], carry, carry);
	memcpy(m->peak[level], carry, 32);
	m->n++;
}

void
merkle_root(const struct merkle *m, uint8_t root[static 32])
{
	bool begun = false;

	if (m->n == 0)
		hash_bytes("", 0, root);
	for (int level = 0; level < 64; level++) {
		if (!(m->n >> level & 1))
			continue;
		if (begun)
			join(m->peak[level], root, root);
		else
			memcpy(root, m->peak[level], 32);
		begun = true;
	}
}

/* The largest power of two below n; n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k << 1 < n)
		k <<= 1;
	return k;
}

int
merkle_path(uint64_t leaf, uint64_t n, struct merkle_span path[static MERKLE_PATH])
{
	struct merkle_span down[MERKLE_PATH], in = { 0, n };
	int depth = 0;

	while (in.end - in.first > 1) {
		uint64_t middle = in.first + split(in.end - in.first);

		if (leaf < middle) {
			down[depth++] = (struct merkle_span){ middle, in.end };
			in.end = middle;
		} else {
			down[depth++] = (struct merkle_span){ in.first, middle };
			in.first = middle;
		}
	}
	for (int i = 0; i < depth; i++)
		path[i] = down[depth - 1 - i];
	return depth;
}
