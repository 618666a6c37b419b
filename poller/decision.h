/* What a person (or the plan) decided and the store has to keep: a hold, a release, a host key
 * trusted or revoked. The decision and its ledger record are written together or not at all. */
#ifndef GATEBOOK_POLLER_DECISION_H
#define GATEBOOK_POLLER_DECISION_H

#include "inventories/config.h"
#include "store/store.h"

enum decision_kind { DECIDE_HOLD, DECIDE_RELEASE, DECIDE_TRUST, DECIDE_REVOKE };

/* Fixed, for it travels between processes (poller/wire.h). Texts that do not apply are empty. */
struct decision {
	uint32_t kind;             /* enum decision_kind */
	char on[16];               /* device, credential, platform, all */
	char name[LIMIT_NAME + 1]; /* of what is held; the device of a key */
	char reason[24], why[256]; /* of a hold */
	char key[160];             /* "type SHA256:..."; of DECIDE_REVOKE empty: all */
	char by[128];              /* "uid 1000 (anna)" */
};

/* Writes it inside the store's transaction. Returns how many rows it changed, or -1 with err. */
int decision_write(struct store *s, const struct decision *d, struct error *err);

/* Opens the store, writes the decision, commits, signs: for when no daemon holds it. Returns the
 * same. */
int decision_make(const struct config *c, const struct decision *d, struct error *err);

/* False for a decision whose texts do not end or whose kind there is not. */
bool decision_fits(const struct decision *d);

#endif
