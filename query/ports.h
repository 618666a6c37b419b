/* What a port leads to: how many stations are heard there, and which device says it stands there.
 *
 * An uplink has thousands of stations and is asked about for each of them: a port is read once. */
#ifndef GATEBOOK_QUERY_PORTS_H
#define GATEBOOK_QUERY_PORTS_H

#include "query/range.h"
#include "store/read.h"

struct ports;

struct port_view {
	unsigned crowd;              /* distinct MACs */
	const char *name, *far_port; /* of the device there, a polled one before others; "": none
					says so */
	bool uplink;                 /* it is a polled one */
};

/* Of what may have been there in the range. */
struct ports *ports_new(struct reader *r, const struct range *range);
void ports_free(struct ports *ports);

/* The port between two times (inclusive). Returns 0, or -1 with err. The view's texts live as long
 * as `ports`. */
int ports_look(struct ports *ports, int64_t device, const char *port, int64_t from, int64_t to,
    struct port_view *view, struct error *err);

#endif
