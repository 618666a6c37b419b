/* Community ID v1: the name of a flow that Zeek, Suricata, Arkime and others give it too
 * (https://github.com/corelight/community-id-spec). */
#ifndef GATEBOOK_QUERY_COMMUNITY_ID_H
#define GATEBOOK_QUERY_COMMUNITY_ID_H

#include "base/addr.h"

enum { COMMUNITY_ID_TEXT = 32 };

/* "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", the same from either end, seed 0. False where it cannot be
 * told: no protocol, a port missing of TCP, UDP or SCTP, and ICMP, whose types no session table
 * has.
 */
bool community_id(const struct endpoint *a, const struct endpoint *b, unsigned proto,
    char out[static COMMUNITY_ID_TEXT]);

#endif
