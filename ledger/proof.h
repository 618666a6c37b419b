/* A proof that one record stands under a signed head, for somebody who has not the ledger. */
#ifndef GATEBOOK_LEDGER_PROOF_H
#define GATEBOOK_LEDGER_PROOF_H

#include <sqlite3.h>

#include "base/arena.h"
#include "ledger/head.h"
#include "ledger/merkle.h"

struct proof {
	uint64_t seq, size; /* record, and how many the head covers */
	struct text record; /* its bytes */
	uint8_t before[32]; /* hash of the record before it */
	uint8_t leaf[32];   /* SHA-256(0x00 || before || record) */
	int n_path;
	uint8_t path[MERKLE_PATH][32]; /* from the leaf up (RFC 9162, 2.1.3.1) */
	struct text note;              /* the head */
};

/* Proves record `seq` under the last head of the store. What it holds lives in the arena. Returns
 * 0, or -1 with err: no such record, no head over it yet, a ledger that cannot be read. */
int ledger_prove(
    sqlite3 *db, uint64_t seq, struct arena *arena, struct proof *p, struct error *err);

#endif
