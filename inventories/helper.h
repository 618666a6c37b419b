/* Runs the program behind exec: and takes its stdout. Used by secret.c only. */
#ifndef GATEBOOK_INVENTORIES_HELPER_H
#define GATEBOOK_INVENTORIES_HELPER_H

#include <stddef.h>

#include "base/error.h"

enum { HELPER_MS = 5000 }; /* a vault on the network answers in well under 1 s, or not at all */

/* Runs `path` without a shell and without arguments: stdin and stderr are /dev/null (what a helper
 * complains about may hold what it was asked for), no other descriptor is passed. Up to `size`
 * bytes of stdout go to `into`, *n is their number. Returns 0 only if it ended with status 0 within
 * HELPER_MS; else it is killed with all it started, and err says why. */
int helper_run(const char *path, char *into, size_t size, size_t *n, struct error *err);

#endif
