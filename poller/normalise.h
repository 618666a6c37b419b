/* From the device's view to ours: which end is the inside host, who started, what is left out. */
#ifndef GATEBOOK_POLLER_NORMALISE_H
#define GATEBOOK_POLLER_NORMALISE_H

#include "base/prefix.h"
#include "base/record.h"

struct mappings;
struct rows;

struct normalise {
	const struct prefix_set *internal;
	struct addr device; /* the address we dialled; family 0 when there is none */
	struct endpoint login_here, login_there; /* both ends of our own login; family 0 without one
						  */
	bool keep_inside, keep_outside; /* keep rows with two inside, or two outside ends */
	uint32_t command;               /* index of the command being read */
	struct rows *rows;              /* where sessions go */
	struct mappings *mappings;      /* where what a NAT table says of one end goes */
	bool crosses; /* a flow is listed once for each place that it crosses: it is one session */
	struct poll_report *report; /* where what is left out is counted */
};

/* Turns one observation into a session and adds it to n->rows, or counts why it did not. */
void normalise_row(struct normalise *n, const struct observation *o);

#endif
