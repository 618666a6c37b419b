/* Which driver reads a device of unknown platform: by what its SSH server calls itself, by its
 * prompt, and by its own word for what it is. Each driver states its signs; nothing else is known
 * here. */
#ifndef GATEBOOK_DRIVERS_DETECT_H
#define GATEBOOK_DRIVERS_DETECT_H

#include "drivers/driver.h"

enum { DETECT_DRIVERS = 64, DETECT_ASKS = 5 /* lines sent at most */ };

/* What is known of a device so far. Starts zeroed. */
struct detection {
	uint64_t banner, prompt, object; /* drivers that the sign speaks for, a bit each */
	uint64_t denied;                 /* drivers whose question was answered by something else */
	const char *asked;               /* the line whose reply comes now */
	uint64_t said;                   /* drivers that this reply speaks for */
	size_t said_length;              /* of the longest sign that matched: it says most */
	char line[120];                  /* the line that said so, escaped */
	const char *tried[DETECT_ASKS];
	unsigned n_tried;
};

/* Looks like any platform and may only be asked what it is: its lines are the version lines and
 * logout lines of all drivers, its prompt and more-marks those of all. */
const struct driver *detect_stranger(void);

/* What the server calls itself: "Cisco-1.25" of "SSH-2.0-Cisco-1.25". True: one driver alone
 * answers to that, and nothing need be asked. */
bool detect_banner(struct detection *d, const char *software);
void detect_prompt(struct detection *d, const char *prompt);

/* The next line to ask, the likeliest first; NULL: nothing is left that would tell more. */
const char *detect_next(struct detection *d);

/* A line of the reply. */
void detect_line(struct detection *d, struct text line);

/* The reply is over. True: it said what the device is. */
bool detect_heard(struct detection *d);

/* What an SNMP agent says of itself (RFC 3418): sysObjectID, dotted, and sysDescr, which looks like
 * what the platform says when it is asked for its version. Nothing else need be known. */
void detect_agent(struct detection *d, const char *object, struct text description);

/* The drivers that what is known speaks for, a bit each in their order. */
uint64_t detect_found(const struct detection *d);

#endif
