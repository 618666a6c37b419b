/* What the inventory commands share. */
#ifndef GATEBOOK_CLI_INVENTORY_H
#define GATEBOOK_CLI_INVENTORY_H

#include "cli/command.h"

/* inventory check --login: polls the devices (ends with NULL) and says how far each login came, and
 * how many of its commands were allowed. Returns the exit code. */
int inventory_log_in(struct call *call, struct config *config, const struct device **devices);

/* The devices that are meant: all of them, disabled ones too, without words. NULL with err. */
const struct device **inventory_pick(
    struct config *config, const struct call *call, struct error *err);

#endif
