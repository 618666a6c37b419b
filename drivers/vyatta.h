/* What the systems that come from Vyatta print alike. Included by their drivers. */
#ifndef GATEBOOK_DRIVERS_VYATTA_H
#define GATEBOOK_DRIVERS_VYATTA_H

#include "drivers/driver.h"

/* clang-format off */
/* The direction that began, without its answer: what was translated is not told. */
#define VYATTA_SESSIONS                                                                            \
	/* 1015736001 10.86.100.87:58543     203.0.113.12:22        tcp [6] ES       430650 */     \
	"{number} {near} {far} {proto:lower} \\[{number}\\] {left}{starter=near}",                 \
	/* 1006237003 10.86.68.100           203.0.113.21           icmp [1]         29 */         \
	"{number} {near} {far} {proto:lower} \\[{number}\\] {state:caps} {left}{starter=near}"

#define VYATTA_SESSIONS_NOISE                                                                      \
	"TCP state codes: SS - SYN SENT, ", "FW - FIN WAIT, ", "TW - TIME WAIT, ",                 \
	"CONN ID Source Destination Protocol TIMEOUT"

#define VYATTA_ARP(hardware)                                                                       \
	/* 123.12.120.218                   (incomplete)                              eth1.1234 */ \
	"{near.addr} (incomplete) {near.iface}{mac=(incomplete)}",                                 \
	/* 10.123.254.20            ether   9c:8e:99:fa:15:0a   C                     eth1.1230 */ \
	"{near.addr} " hardware " {mac} {_:caps} {near.iface}"

#define VYATTA_ARP_NOISE "Address HWtype HWaddress "

#define VYATTA_REFUSALS                                                                            \
	"Invalid command", "Incomplete command", "Ambiguous command", "Permission denied"
/* clang-format on */

#endif
