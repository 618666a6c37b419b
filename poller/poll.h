/* One visit to one device, in a process of its own: open, ask, read, normalise, hand over, exit. */
#ifndef GATEBOOK_POLLER_POLL_H
#define GATEBOOK_POLLER_POLL_H

#include "inventories/config.h"

/* Runs in a fork of the scheduler and never returns. channel leads to the recorder, which knows
 * which device this is. */
void poll_run(const struct config *config, const struct device *device, int channel)
    __attribute__((noreturn));

/* The commands a poll of this device asks, in order, the variants of each behind it. Returns their
 * number, at most LIMIT_COMMANDS. */
int poll_plan(const struct device *device, const struct command *plan[static LIMIT_COMMANDS]);

/* The tables of an SNMP agent that a poll walks in one of the device's contexts, too: of a VLAN
 * ("vlan-7") its bridge, of a VRF its neighbours. Ends with NULL. */
const char *const *poll_tables_in(const char *context);

/* True if the command is asked only when the one before it was refused. */
bool poll_is_variant(const struct device *device, const struct command *c);

#endif
