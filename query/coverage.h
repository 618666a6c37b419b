/* What was looked at: the polls due against the polls complete, for each device, over a range.
 *
 * Part of every answer: "nobody" means nothing without it. Device facts come from the store. */
#ifndef GATEBOOK_QUERY_COVERAGE_H
#define GATEBOOK_QUERY_COVERAGE_H

#include "query/range.h"
#include "store/read.h"

struct coverage_device {
	int64_t id;
	char *name, *cannot_see; /* what its driver says it cannot see */
	int64_t every;           /* seconds; 0: polled by hand only */
	int64_t added;           /* when it became known; the range counts from then */
	uint64_t slots;          /* polls due and polls complete; by hand: polls tried */
	uint64_t complete, partial, failed, skipped;
	int64_t gap, gap_from, gap_to; /* the longest time without a complete poll, seconds */
	bool gap_open;                 /* it reaches the end of the range */
	int64_t last_complete;         /* before the end of the range; 0: never */
	bool never; /* not one poll, of any outcome, up to the end of the range */
	bool blind; /* at the end of the range nothing is read from it */
	int64_t blind_since;
	const char *why; /* reason_name() of its last poll, "never polled", "overdue" */
};

struct coverage {
	struct range range;
	struct coverage_device *devices; /* by name */
	size_t n;
	uint64_t slots, complete, partial, failed, skipped;
};

/* NULL with err: the polls could not be read. */
struct coverage *coverage_load(struct reader *r, const struct range *range, struct error *err);
void coverage_free(struct coverage *c);

/* Polls due that were not even tried. */
uint64_t coverage_not_tried(const struct coverage_device *d);

/* 0..1: slots that have a complete poll; a device cannot make up for another. NaN: no slot at all.
 */
double coverage_ratio(const struct coverage *c);
double coverage_device_ratio(const struct coverage_device *d);

/* Sessions at least this long (seconds) were seen for certain: the longest gap. -1: nothing is
 * certain. */
int64_t coverage_certain(const struct coverage_device *d);

#endif
