/* Adaptive intervals: the same number of polls, spent where they find most. Pure arithmetic over
 * what polls found; plan_adapt.c.
 *
 * A device is taken for a place where sessions begin at random and last for random times with a
 * mean of 1/turnover seconds, `stock` of them at a time. A poll every T seconds then sees, of what
 * passed since the one before,
 *
 *     stock * (1 - exp(-turnover * T)) sessions that are new,
 *
 * and a new session is gone at the next poll with the chance 1 - exp(-turnover * T). Both are
 * counted by every poll, so both unknowns follow. Polls are spent best where one more poll a second
 * would find the same everywhere:
 *
 *     stock * (1 - exp(-x) * (1 + x)),  x = turnover * T.
 *
 * Intervals stand on a ladder of half powers of two around `every`, so that what is no difference
 * makes no difference, and devices that are alike keep `every`. */
#ifndef GATEBOOK_POLLER_PLAN_ADAPT_H
#define GATEBOOK_POLLER_PLAN_ADAPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the polls of one device found, the later ones weighing more. Zeroed: nothing yet. */
struct churn {
	double polls;   /* that are counted here */
	double seconds; /* since the poll before each of them */
	double opened;  /* sessions that were new */
	double before;  /* sessions that were new at the poll before each */
	double once;    /* of those: gone now */
	int64_t asked;  /* seconds since 1970: the last complete poll; 0: none to count from */
	double at_last; /* sessions that were new then; negative: nobody can tell */
};

/* A complete poll: sessions that were new, and those gone now that only the poll before saw. */
void churn_add(struct churn *c, int64_t asked, uint64_t opened, uint64_t once);

/* A poll that was not whole: what the next one finds cannot be counted from it. */
void churn_break(struct churn *c);

/* One device of a schedule. */
struct adapted {
	const struct churn *churn;
	uint32_t every; /* seconds; the answer */
};

/* Gives each device its interval, least <= it <= most (seconds; least <= every <= most), so that
 * all together are polled no more often than with `every` each. A device of which too little is
 * known has `every`. */
void adapt(struct adapted *devices, size_t n, uint32_t every, uint32_t least, uint32_t most);

/* True when enough polls are counted to follow them. */
bool churn_known(const struct churn *c);

#endif
