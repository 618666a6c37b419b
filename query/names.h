/* What the polled devices are called, to tell a neighbour that is one of them.
 *
 * A device announces itself by LLDP or CDP with its name, which may have a domain behind it and is
 * written in any case; the inventory gives it a name and a host. Without a domain on one of the two
 * sides the first labels are compared, else all of it. An address has no domain. */
#ifndef GATEBOOK_QUERY_NAMES_H
#define GATEBOOK_QUERY_NAMES_H

#include "store/read.h"

struct names;

/* Reads the devices of the store. NULL with err. */
struct names *names_new(struct reader *r, struct error *err);
void names_free(struct names *names);

/* Is one of them called so? The empty name is nobody's. */
bool names_have(const struct names *names, const char *announced);

#endif
