/* Who was seen where: rows of neighbours and stations on their way into the store. */
#ifndef GATEBOOK_POLLER_PRESENCES_H
#define GATEBOOK_POLLER_PRESENCES_H

#include "base/record.h"

struct presences {
	struct presence *list;
	size_t n, room;
	int fd;               /* memfd for the recorder */
	bool full;            /* over LIMIT_PRESENCES */
	uint8_t read, failed; /* kinds of which a table was read whole, or was not: a bit each */
};

/* The memfd is made here, before the sandbox closes. Returns 0 or -1. */
int presences_new(struct presences *s);

/* Which kind a row of this topic is of; PRESENT_KINDS: it says nothing of who is where. An address
 * of the device itself that is no host's (loopback, broadcast) is none. */
enum presence_kind presence_kind(enum topic topic, const struct observation *o);

/* Takes a row, if it names somebody. */
void presences_take(struct presences *s, enum topic topic, const struct observation *o);

/* A table of the topic has ended, whose rows were of these kinds (0: it had none). */
void presences_read(struct presences *s, enum topic topic, uint8_t kinds, bool whole);

/* What was read is of two devices, or of two lives of one: none of it is whole. */
void presences_doubt(struct presences *s);

/* The kinds of which all that was asked for was read whole: what is gone of them is gone. */
unsigned presences_whole(const struct presences *s);

/* Sorts, drops copies, writes them into the memfd and seals it. Returns the descriptor, or -1. */
int presences_finish(struct presences *s);
void presences_free(struct presences *s);

/* The recorder's side: maps n presences and checks every one of them. NULL: something does not fit.
 */
const struct presence *presences_map(int fd, uint64_t n, size_t *bytes);
void presences_unmap(const struct presence *list, size_t bytes);

#endif
