/* The inside of the daemon: daemon.c lives, daemon_answers.c answers. Nobody else includes this. */
#ifndef GATEBOOK_POLLER_DAEMON_STATE_H
#define GATEBOOK_POLLER_DAEMON_STATE_H

#include "poller/alerts.h"
#include "poller/control.h"
#include "poller/daemon.h"
#include "poller/metrics.h"
#include "poller/schedule.h"

/* A decision that the recorder has not answered yet. */
struct pending {
	struct pending *next;
	uint32_t number;
	struct decision decision;
};

struct daemon {
	struct schedule schedule;
	const char *dir;
	struct config *config;
	struct control *control;
	struct alerts *alerts;
	struct metrics *metrics; /* NULL: not asked for */
	struct pending *pending;
	int64_t started; /* seconds since 1970 */
	long sign_ms;    /* between two signs of life; 0: nobody wants one */
	int64_t signed_ms;
};

/* Loads the configuration anew: all of it or, with the faults in *why (to be freed), none. */
int daemon_reload(struct daemon *d, char **why);

/* Sends the decision on its way; a hold is in force at once, all else when it is kept. Returns its
 * number, or 0 when the recorder is gone. */
uint32_t daemon_decide(struct daemon *d, const struct decision *decision);

/* What a question is answered with. */
void daemon_answer(struct client *client, int n, char **words, void *daemon);

/* Those who follow the log get what is new. */
void daemon_follow(struct daemon *d);

/* A poll is on record: those who asked for it are told. */
void daemon_tell(struct daemon *d, const struct flight *flight);

#endif
