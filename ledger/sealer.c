#include "ledger/sealer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

/* --- peaks, as they are stored ---------------------------------------------------------------- */

static size_t
pack(const struct merkle *tree, uint8_t out[static 64 * 32])
{
	size_t n = 0;

	for (int level = 63; level >= 0; level--)
		if (tree->n >> level & 1) {
			memcpy(out + n, tree->peak[level], 32);
			n += 32;
		}
	return n;
}

static bool
unpack(struct merkle *tree, uint64_t size, const uint8_t *peaks, size_t n)
{
	*tree = (struct merkle){ .n = size };
	for (int level = 63; level >= 0; level--)
		if (size >> level & 1) {
			if (n < 32)
				return false;
			memcpy(tree->peak[level], peaks, 32);
			peaks += 32;
			n -= 32;
		}
	return n == 0;
}

int
sealer_begin(struct sealer *s, struct store *store, const struct ledger_key *key, struct error *err)
{
	uint8_t peaks[64 * 32], root[32], hash[32];
	size_t n = sizeof(peaks);
	uint64_t last;
	struct head h;
	int64_t size;

	*s = (struct sealer){ .key = key };
	size = store_head_last(store, s->note, sizeof(s->note), peaks, &n, err);
	if (size <= 0)
		return (int)size;
	if (!head_parse(text_of(s->note), &h) || h.size != (uint64_t)size ||
	    !unpack(&s->tree, h.size, peaks, n))
		return error_set(
		    err, "the last head of the ledger is damaged: run `gatebook ledger verify`");
	merkle_root(&s->tree, root);
	if (memcmp(root, h.root, 32) != 0 || store_ledger_last(store, &last, hash) < 0 ||
	    last < h.size)
		return error_set(err,
		    "the ledger does not reach its last head (record %llu): run `gatebook ledger "
		    "verify`",
		    (unsigned long long)h.size);
	s->number = h.number;
	memcpy(s->origin, h.origin, sizeof(s->origin));
	head_hash(text_of(s->note), s->before);
	return 0;
}

static int
make_head(struct sealer *s, struct store *store, struct error *err)
{
	uint8_t peaks[64 * 32];
	struct head h = { .size = s->tree.n, .number = s->number + 1, .time_us = clock_now_us() };

	memcpy(h.origin, s->origin, sizeof(h.origin));
	memcpy(h.before, s->before, 32);
	merkle_root(&s->tree, h.root);
	head_sign(&h, s->key, s->note);
	head_hash(text_of(s->note), s->before);
	s->number++;
	return store_head_put(store, h.size, s->note, peaks, pack(&s->tree, peaks), err);
}

struct sealing {
	struct sealer *s;
	struct store *store;
	struct error *err;
	int made;
};

static void
take_hash(const uint8_t hash[static 32], void *arg)
{
	struct sealing *on = arg;
	struct merkle *tree = &on->s->tree;

	if (on->made < 0)
		return;
	if (tree->n == 0)
		head_origin(hash, on->s->origin);
	merkle_add(tree, hash);
	if (tree->n % HEAD_EVERY == 0)
		on->made = make_head(on->s, on->store, on->err) < 0 ? -1 : on->made + 1;
}

int
sealer_seal(struct sealer *s, struct store *store, bool all, struct error *err)
{
	struct sealing on = { s, store, err, 0 };
	uint64_t sealed = s->tree.n;
	int64_t due = sealer_due(s, store);

	if (!s->key || due == 0 ||
	    (due > 0 && !all && sealed / HEAD_EVERY == (sealed + (uint64_t)due) / HEAD_EVERY))
		return 0;
	if (due < 0 || store_ledger_hashes(store, sealed, take_hash, &on, err) < 0)
		return error_set(err, "the ledger cannot be read: run `gatebook ledger verify`");
	if (on.made < 0 || s->tree.n % HEAD_EVERY == 0)
		return on.made;
	return make_head(s, store, err) < 0 ? -1 : on.made + 1;
}

int64_t
sealer_due(const struct sealer *s, struct store *store)
{
	uint8_t hash[32];
	uint64_t last;

	if (store_ledger_last(store, &last, hash) < 0)
		return -1;
	return last > s->tree.n ? (int64_t)(last - s->tree.n) : 0;
}
