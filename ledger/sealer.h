/* Makes the signed heads: after what was appended, inside the same transaction. */
#ifndef GATEBOOK_LEDGER_SEALER_H
#define GATEBOOK_LEDGER_SEALER_H

#include "ledger/head.h"
#include "ledger/merkle.h"
#include "store/store.h"

/* Plain data: a copy is a way back when the transaction fails. */
struct sealer {
	const struct ledger_key *key; /* NULL: no heads are made */
	struct merkle tree;           /* of the records under the last head */
	uint64_t number;              /* of the last head; 0: none */
	char origin[HEAD_ORIGIN];
	uint8_t before[32];
	char note[HEAD_NOTE]; /* the last head, "" if none */
};

/* Takes up where the store's last head stands. Returns 0, or -1 with err: it is damaged, or stands
 * above the last record; then nothing may be appended. */
int sealer_begin(
    struct sealer *s, struct store *store, const struct ledger_key *key, struct error *err);

/* Makes a head at each multiple of HEAD_EVERY that was passed and, when `all`, one over all
 * records. Inside the store's transaction, before its commit. Returns the number of heads made, or
 * -1 with err: then roll back and take the copy. */
int sealer_seal(struct sealer *s, struct store *store, bool all, struct error *err);

/* Records that no head covers yet. -1: the ledger cannot be read. */
int64_t sealer_due(const struct sealer *s, struct store *store);

#endif
