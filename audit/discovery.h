/* Commands that tell who talks with whom, and who is near: ATT&CK T1049 and its neighbours on
 * network devices. What our own drivers ask is among them: that is why our own use has to be told
 * apart. */
#ifndef GATEBOOK_AUDIT_DISCOVERY_H
#define GATEBOOK_AUDIT_DISCOVERY_H

#include "audit/canon.h"

/* Openings in canonical form; ends with NULL. Those of the public Sigma rule for Cisco discovery,
 * those of ATT&CK T1049, and what they lack: translations and session tables. The lines of the
 * drivers come on top. */
extern const char *const discovery_openings[];

/* A canonical command is one. `extra` (may be NULL) are further openings, ends with NULL. */
bool discovery_is(struct text seen, const char *const *extra);

#endif
