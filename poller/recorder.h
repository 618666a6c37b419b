/* The only writer of the store and the ledger: a process of its own, without network.
 *
 * It reads every message that has arrived, writes them in one transaction, commits, and only then
 * answers: many polls that end together share one commit. */
#ifndef GATEBOOK_POLLER_RECORDER_H
#define GATEBOOK_POLLER_RECORDER_H

#include "base/error.h"

struct recorder {
	const char *dir; /* of the store */
	const char *who; /* user for the ledger */
	int keep_days;
	int control; /* channel to the scheduler */
};

/* Starts the recorder as a child. *control is our end of its channel. Returns its pid after it
 * holds the store, or -1 with err (locked, newer schema, full disk ...). */
int recorder_start(
    const char *dir, const char *who, int keep_days, int *control, struct error *err);

/* Runs until the control channel ends; then seals what is due and leaves. Returns the exit code. */
int recorder_run(const struct recorder *r, struct error *err);

#endif
