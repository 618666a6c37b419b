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
	uint32_t times;                      /* rounds; 0: until interrupted */
	uint32_t every;                      /* seconds from the start of a round to the next */
	/* Called when a poll is on record (or could not be written: poll_id 0). */
	void (*recorded)(const struct device *device, const struct wire_recorded *r, void *arg);
	/* Called about ten times a second with the devices in flight; NULL: no progress wanted. */
	void (*progress)(
	    const struct device *const *running, int n, int done, int total, void *arg);
	/* Called after each round; false ends the run. May be NULL. */
	bool (*round)(void *arg);
	void *arg;
};

/* Polls each device `times` times within the configured limits; the recorder, and with it what it
 * knows of the open sessions, stays between the rounds. SIGINT or SIGTERM starts no further poll,
 * kills those in flight (their polls are recorded as failed) and returns EXIT_INTERRUPTED.
 * Otherwise returns 0, or -1 with err when the store cannot be opened or the recorder is lost. */
int schedule_run(const struct schedule *s, struct error *err);

/* "uid 1000 (anna)": the user of this machine, for the ledger. Returns out. */
const char *schedule_who(char out[static 128]);

#endif
