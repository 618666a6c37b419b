/* The polls in flight: a process each, forked here, watched here, and killed here when it is over
 * its deadline. What a poll saw goes from it to the recorder; here only its end is heard. */
#ifndef GATEBOOK_POLLER_FLIGHT_H
#define GATEBOOK_POLLER_FLIGHT_H

#include <poll.h>
#include <sys/types.h>

#include "poller/plan.h"
#include "poller/wire.h"

/* One poll, from its start until it is on record and its process is gone. */
struct flight {
	struct entry *entry;
	char name[LIMIT_NAME + 1], platform[LIMIT_NAME + 1];
	uint32_t slot, timeout;
	pid_t pid; /* 0: gone */
	int pidfd;
	int64_t began_ms, deadline_ms; /* monotonic */
	int64_t started;               /* seconds since 1970 */
	bool killed, recorded;
	struct wire_recorded record;
};

struct fleet {
	int control; /* to the recorder */
	struct flight **flights;
	size_t n, room;
	uint32_t next_slot;
};

/* Starts the poll. `closes` (ends with -1) are descriptors of the scheduler that the poll must not
 * keep. Returns 0, or -1 when no process or channel can be made. */
int fleet_launch(
    struct fleet *f, const struct config *c, const struct errand *v, const int *closes);

/* Hears one message of the recorder; *decided is filled when it was the answer to a decision (its
 * kind is then not 0). Returns -1 when the recorder is gone. */
int fleet_hear(struct fleet *f, struct wire_decided *decided);

/* Tells the recorder of processes that have ended, of those that fleet_watch gave to watch and
 * nothing was launched since; `interrupted` because we were told to stop. */
void fleet_reap(struct fleet *f, const struct pollfd *watch, bool interrupted);

/* Kills those over their deadline, or all. */
void fleet_kill(struct fleet *f, bool all);

/* The next poll that is on record and gone, taken out: the caller frees it. NULL: none. */
struct flight *fleet_landed(struct fleet *f);

/* Adds what is to be watched; returns how many. */
nfds_t fleet_watch(const struct fleet *f, struct pollfd *watch);

/* Leaves the recorder. What still flies is killed: without the recorder no line is accounted for.
 */
void fleet_end(struct fleet *f);

#endif
