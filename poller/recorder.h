/* The only writer of the store and the ledger: a process of its own, without network.
 *
 * It reads every message that has arrived, writes them in one transaction, commits, and only then
 * answers: many polls that end together share one commit. */
#ifndef GATEBOOK_POLLER_RECORDER_H
#define GATEBOOK_POLLER_RECORDER_H

#include <stdbool.h>

#include "base/error.h"

struct recorder {
	const char *dir; /* of the store */
	const char *who; /* user for the ledger */
	int keep_days;
	const char *key;   /* the ledger's private key, or NULL: heads are not signed */
	bool must_sign;    /* that file has to be there */
	const char *heads; /* file for signed heads, or NULL */
	int control;       /* channel to the scheduler; recorder_start makes it */
};

/* Starts the recorder as a child. *control is our end of its channel. Returns its pid after it
 * holds the store, or -1 with err (locked, newer schema, full disk ...). */
int recorder_start(const struct recorder *recorder, int *control, struct error *err);

/* Runs until the control channel ends; then seals what is due and leaves. Returns the exit code. */
int recorder_run(const struct recorder *r, struct error *err);

#endif
