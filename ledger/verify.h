/* Is the ledger whole and as it was written? Everything is computed again from the records; what
 * cannot be shown is false: it fails closed. */
#ifndef GATEBOOK_LEDGER_VERIFY_H
#define GATEBOOK_LEDGER_VERIFY_H

#include <sqlite3.h>

#include "ledger/head.h"
#include "ledger/merkle.h"

enum { VERIFY_WHY = 400 };

/* One reading, from the first record on. Plain data: a copy is a way back. */
struct verifier {
	const struct ledger_keys *keys; /* NULL: the chain alone, whoever signed its heads or not */
	struct merkle tree;             /* of the records so far */
	uint8_t hash[32];               /* of the last one */
	uint8_t first[32];              /* of the first one */
	int64_t first_us, last_us;
	uint64_t heads;
	uint64_t sealed;   /* records under the last head */
	int64_t signed_us; /* when it was made */
	uint8_t before[32];
	char why[VERIFY_WHY]; /* what is false; "" so far nothing */
};

void verifier_begin(struct verifier *v, const struct ledger_keys *keys);

/* The next row of the ledger's table. Returns false, and says why, for what is not the next record.
 */
bool verifier_record(struct verifier *v, uint64_t seq, int64_t time_us, const void *record,
    size_t n, const void *hash, size_t hash_n);

/* The next head of the store, right behind the last record that it covers. */
bool verifier_head(struct verifier *v, uint64_t size, struct text note);

/* A head that was kept elsewhere, at the same place. */
bool verifier_kept(struct verifier *v, struct text note);

/* The ledger ends, and there is a head (`which` one) over more records. Returns false. */
bool verifier_above(struct verifier *v, uint64_t size, const char *which);

/* The end of the ledger: its records are sealed, or younger than two times HEAD_SECONDS. */
bool verifier_end(struct verifier *v, int64_t now_us);

/* The whole ledger of an open store, in one snapshot. `kept` are notes that were exported; each
 * must be a head of this ledger: one over more records than there are tells of a cut or an older
 * file. Returns 1 true, 0 false (v->why), or -1 with err when it cannot be read. */
int ledger_verify(sqlite3 *db, const struct ledger_keys *keys, struct text kept, int64_t now_us,
    struct verifier *v, struct error *err);

#endif
