/* An answer of net-snmp as varbinds. */
#ifndef GATEBOOK_TRANSPORTS_SNMP_VALUE_H
#define GATEBOOK_TRANSPORTS_SNMP_VALUE_H

#include "mibs/mib.h"

struct snmp_pdu;

/* *list: what an answer holds, valid until the next call and as long as the pdu. Returns how many;
 * 0 of an answer that is an error (tooBig and its like): nothing of it counts. The error with which
 * SNMPv1 says the end of the MIB gives names without a value. */
size_t snmp_values(const struct snmp_pdu *pdu, const struct varbind **list);

#endif
