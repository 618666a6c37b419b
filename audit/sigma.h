/* Sigma rules (sigmahq.io) for discovery on network devices, with our own use of it taken out. */
#ifndef GATEBOOK_AUDIT_SIGMA_H
#define GATEBOOK_AUDIT_SIGMA_H

#include <stdio.h>

#include "inventories/config.h"

/* Writes the rules as YAML documents. sources: addresses that polls come from, ends with NULL;
 * without any the filter is by account and line alone. */
void sigma_write(FILE *out, const struct config *config, const char *const *sources, int64_t now);

#endif
