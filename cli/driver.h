/* What the driver commands share. */
#ifndef GATEBOOK_CLI_DRIVER_H
#define GATEBOOK_CLI_DRIVER_H

#include "cli/command.h"

/* The driver of --driver FILE when that was given, else the one called `name`. NULL with err (exit
 * EXIT_USAGE) that names the nearest. Give it back with driver_put. */
const struct driver *driver_get(const struct call *call, const char *name, struct error *err);
void driver_put(const struct call *call, const struct driver *driver);

/* Calls add(arg, word) for each word of a command's flags: "heavy", "variant" ... */
void command_flags(unsigned flags, void (*add)(void *arg, const char *flag), void *arg);

const char *form_name(enum form form);

#endif
