/* The inside of a plan: plan.c starts polls and hears of their end, plan_keep.c builds it and
 * changes it. Nobody else includes this. */
#ifndef GATEBOOK_POLLER_PLAN_STATE_H
#define GATEBOOK_POLLER_PLAN_STATE_H

#include <string.h>

#include "poller/plan.h"

/* What devices share: a site, a credential, a platform. */
struct budget {
	char name[LIMIT_NAME + 1];
	unsigned in_flight;
	enum hold hold;
	unsigned failures;   /* logins refused, devices gone, since it was released */
	int64_t failed;      /* seconds since 1970: the first of those */
	double tokens;       /* logins */
	int64_t refilled_ms; /* monotonic */
	struct budget *next;
};

struct plan {
	const struct config *config;
	bool by_hand;
	bool stale;             /* moments have changed: the queues are built anew */
	struct entry **entries; /* sorted by name */
	size_t n;
	struct entry **gone; /* left the inventory while they ran */
	size_t n_gone;
	struct entry **heap; /* by the moment that they are due */
	size_t n_heap;
	struct entry **ready; /* due, the first to go first */
	size_t n_ready;
	struct budget *sites, *accounts, *families;
	struct budget all; /* every login together */
	unsigned logins_in_flight, agents_in_flight, slow_in_flight;
	int64_t adapted_ms; /* monotonic: when intervals were looked at last; 0: never */
	int64_t clocks;     /* wall minus monotonic, seconds */
};

/* Its polls are logins, which AAA servers feel. */
static inline bool
plan_logs_in(const struct device *d)
{
	return strcmp(d->transport, "ssh") == 0;
}

/* The next moment of each schedule that has none ahead. */
void plan_set_moments(const struct plan *p, struct entry *e, int64_t wall);

/* Forgets what was due: every schedule begins at its next moment. */
void plan_restart(const struct plan *p, struct entry *e, int64_t wall);

/* Gives every device of an adaptive schedule its interval, if it is time for that. */
void plan_adapt(struct plan *p, struct moment now);

/* Gives the entry the budgets of its device. */
void plan_attach(struct plan *p, struct entry *e);

#endif
