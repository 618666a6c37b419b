/* A login as net-snmp's handle. */
#ifndef GATEBOOK_TRANSPORTS_SNMP_SESSION_H
#define GATEBOOK_TRANSPORTS_SNMP_SESSION_H

#include "transports/snmp.h"

/* A handle for the functions snmp_sess_*; nothing is sent. NULL with err set: a protocol or a
 * password that net-snmp does not take, or no socket. */
void *snmp_session_open(const struct snmp_login *login, struct error *err);

#endif
