/* Who is due, who may start now: forks the polls, kills those over their deadline, hears from the
 * recorder what is on record. Talks to no device, writes no SQL, stays small. */
#ifndef GATEBOOK_POLLER_SCHEDULE_H
#define GATEBOOK_POLLER_SCHEDULE_H

#include "inventories/config.h"
#include "poller/wire.h"

struct schedule {
	const struct config *config;
	const struct device *const *devices; /* ends with NULL */
	const char *what;                    /* the command line, for the ledger */
	/* Called when a poll is on record (or could not be written: poll_id 0). */
	void (*recorded)(const struct device *device, const struct wire_recorded *r, void *arg);
	/* Called about ten times a second with the devices in flight; NULL: no progress wanted. */
	void (*progress)(
	    const struct device *const *running, int n, int done, int total, void *arg);
	void *arg;
};

/* Polls each device once within the configured limits. SIGINT or SIGTERM starts no further poll,
 * kills those in flight (their polls are recorded as failed) and returns EXIT_INTERRUPTED.
 * Otherwise returns 0, or -1 with err when the store cannot be opened or the recorder is lost. */
int schedule_once(const struct schedule *s, struct error *err);

/* "uid 1000 (anna)": the user of this machine, for the ledger. Returns out. */
const char *schedule_who(char out[static 128]);

#endif
