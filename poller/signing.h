/* The recorder's hand on the ledger's seal: signs heads inside its rounds, and drops them outside
 * the store once they are committed. */
#ifndef GATEBOOK_POLLER_SIGNING_H
#define GATEBOOK_POLLER_SIGNING_H

#include "inventories/config.h"
#include "ledger/sealer.h"

struct signing {
	struct ledger_key *key; /* NULL: nothing is signed */
	const char *heads;      /* file that each head is appended to, or NULL */
	struct sealer sealer;
	struct sealer committed; /* as of the last commit */
	int64_t since_ms;        /* when the oldest record without a head was seen; 0: none */
};

/* Reads the key: NULL without err when `path` is only the default and no file is there; NULL with
 * err when it cannot be used. */
struct ledger_key *signing_key(const char *path, bool must, struct error *err);

/* Takes up the store's heads. The key is owned from here on. Returns 0, or -1 with err. */
int signing_begin(struct signing *g, struct store *store, struct ledger_key *key, const char *heads,
    struct error *err);
void signing_end(struct signing *g);

/* Before a commit: signs what is due, all that there is when `all`. Returns 0, or -1 with err. */
int signing_seal(struct signing *g, struct store *store, bool all, struct error *err);

/* After it: the new head goes to the file, or (not committed) is forgotten. */
void signing_committed(struct signing *g, bool ok);

/* Signs all that no head covers yet, in a transaction of its own: for whoever writes a few records
 * and goes. Returns 0, or -1 with err. */
int signing_all(struct store *store, const struct config *config, struct error *err);

/* Milliseconds until a head is due; -1: none is. */
int signing_wait(const struct signing *g);

#endif
