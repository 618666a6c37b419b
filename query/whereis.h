/* Where an address was: its MAC, the port of the switch behind which that was heard, what says it
 * stands there.
 *
 * A MAC is heard on every switch on its way. The port where it really is, is the one with the
 * fewest stations, and none that leads to another device of the store. */
#ifndef GATEBOOK_QUERY_WHEREIS_H
#define GATEBOOK_QUERY_WHEREIS_H

#include "query/range.h"
#include "query/target.h"
#include "store/read.h"

/* One stay: from when to when an address was at a place. Times as of a session (store/store.h); -1:
 * no bound. */
struct stay {
	struct addr addr;
	char mac[PRESENT_MAC];
	int64_t told_by; /* device whose ARP or neighbour table has the address */
	int64_t device;  /* switch, or told_by when no switch hears the MAC */
	char port[PRESENT_WORD], vlan[PRESENT_WORD];
	char name[PRESENT_WORD], far_port[PRESENT_WORD]; /* of the device on that port; "": none
							    said so */
	int64_t start_after, start_by, end_from, end_by;
	bool alone;    /* no other MAC is heard on that port, and it leads to no polled device: what
			  is called `name` is the host itself */
	char why[120]; /* that port and no other */
};

struct whereis;

/* Questions about a time. What they read of a port is kept for the next one. NULL with err. */
struct whereis *whereis_new(struct reader *r, const struct range *range, struct error *err);
void whereis_free(struct whereis *w);

/* Calls each() for every stay of the target that may overlap the range, address by address, oldest
 * first. Ends early when each() returns non-zero. Returns 0, what each() returned, or -1 with err.
 */
int whereis_ask(struct whereis *w, const struct target *target,
    int (*each)(const struct stay *stay, void *arg), void *arg, struct error *err);

#endif
