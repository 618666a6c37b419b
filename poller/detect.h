/* What is this device? One login and the few lines that detect.h of the drivers knows, each in the
 * ledger before it is sent, by a process in the sandbox of a poll. Stores no poll. */
#ifndef GATEBOOK_POLLER_DETECT_H
#define GATEBOOK_POLLER_DETECT_H

#include "drivers/detect.h"
#include "inventories/config.h"

struct detected {
	const struct driver *found[DETECT_DRIVERS]; /* one: this it is; more: one of these */
	unsigned n;
	const char *by;   /* "version", "banner", "prompt", of an agent "sysDescr", "sysObjectID";
			     NULL:   nothing speaks for anything */
	unsigned sandbox; /* of the login: 0 nothing, 1 seccomp, 2 seccomp and Landlock */
	char why[500];    /* the sign, as the device gave it; or why there is none */
};

/* Asks a device of transport ssh, or an SNMP agent for what it says of itself. Returns 0 when it
 * was reached, or -1 with err (exit EXIT_AUTH for a host key or a login that was refused); then d
 * still says what the banner gave away. */
int detect_device(const struct config *config, const struct device *device, struct detected *d,
    struct error *err);

#endif
