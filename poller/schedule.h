/* The loop that everything hangs on: starts the polls that the plan allows, hears from the recorder
 * what is on record, tells the plan. Talks to no device, writes no SQL, stays small. */
#ifndef GATEBOOK_POLLER_SCHEDULE_H
#define GATEBOOK_POLLER_SCHEDULE_H

#include <poll.h>

#include "poller/decision.h"
#include "poller/disk.h"
#include "poller/flight.h"

struct schedule;

/* Who else is served by the loop; every function may be NULL. */
struct attendant {
	/* Adds descriptors to watch, at most `room`; returns how many. */
	nfds_t (*watch)(struct pollfd *watch, nfds_t room, void *arg);
	/* Called each turn, about ten times a second or more, with those descriptors. */
	void (*turn)(struct schedule *s, const struct pollfd *watch, nfds_t n, void *arg);
	/* The answer to a decision that was sent with schedule_decide. */
	void (*decided)(const struct wire_decided *d, void *arg);
	/* The plan has held these: a bit for each enum hold_on. */
	void (*held)(struct schedule *s, const struct flight *flight, unsigned on, void *arg);
};

struct schedule {
	const struct config *config; /* of the polls that are started from now on */
	struct plan *plan;
	const char *what;  /* the command line, for the ledger */
	uint32_t times;    /* rounds of a plan by hand; 0: until interrupted */
	uint32_t every;    /* seconds from the start of a round to the next */
	uint32_t patience; /* seconds that polls in flight may take when the loop is stopped */
	/* Called when a poll is on record (or could not be written: poll_id 0) and has ended. */
	void (*recorded)(const struct flight *flight, void *arg);
	/* Called each turn; NULL: no progress wanted. */
	void (*progress)(const struct fleet *fleet, int done, int total, void *arg);
	/* Called after each round; false ends the run. May be NULL. */
	bool (*round)(void *arg);
	const struct attendant *attendant; /* NULL: nobody */
	void *arg;
	/* of the loop */
	struct fleet fleet;
	int signals;
	pid_t recorder;
	struct disk disk;
	bool stopping;
	bool by_hand; /* somebody waits: a full disk ends the run, a daemon waits for room */
	int64_t stopped_ms;
	int done;
	uint32_t decisions;
};

/* Starts the recorder and closes nothing else over: to be called before schedule_run, so that what
 * is known can be recalled. Returns 0, or -1 with err (locked, newer schema, full disk ...). */
int schedule_open(struct schedule *s, struct error *err);

/* Asks the recorder for what is known from before: holds and last polls, into the plan. Returns 0
 * or -1 when the recorder is gone. */
int schedule_recall(struct schedule *s);

/* Runs the plan. A plan by hand ends with its rounds, another one when it is told to. SIGINT or
 * SIGTERM starts no further poll, waits `patience` for those in flight, kills what is left (their
 * polls are recorded as failed); a second signal does not wait. Returns 0, EXIT_INTERRUPTED, or -1
 * with err when the recorder is lost. */
int schedule_run(struct schedule *s, struct error *err);

/* Takes leave of the recorder without having run. */
void schedule_leave(struct schedule *s);

/* Sends a decision to the recorder; its answer comes to the attendant. Returns its number, or 0
 * when the recorder is gone. */
uint32_t schedule_decide(struct schedule *s, const struct decision *d);

/* A ledger record that belongs to no poll. by: whose it is; NULL: ours. */
void schedule_log(
    struct schedule *s, uint32_t event, const char *by, const char *what, const char *detail);

/* The files of the configuration, with their SHA-256: those that changed become records. */
void schedule_log_files(struct schedule *s);

struct moment schedule_now(void);

/* "uid 1000 (anna)": the user of this machine, for the ledger. Returns out. */
const char *schedule_who(char out[static 128]);
const char *schedule_user(uid_t uid, char out[static 128]); /* the same of another one */

#endif
