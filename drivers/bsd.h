/* What the commands of BSD systems print alike: netstat, arp, refusals. Included by their drivers.
 */
#ifndef GATEBOOK_DRIVERS_BSD_H
#define GATEBOOK_DRIVERS_BSD_H

#include "drivers/function.h"

/* Without -W an end is cut to a width, and the rest may look like another end: one of exactly that
 * many bytes is not believed. */
static inline bool
fills(struct text token, size_t width)
{
	return token.n == width;
}

#define BSD_CUT "{unread=an address may be cut: netstat has to run with -W}"

/* clang-format off */
#define BSD_SOCKETS(head)                                                                          \
	/* tcp4       0      0 192.168.71.163.22      192.168.71.1.56321     ESTABLISHED */        \
	head "tcp{number} {number} {number} {near} {far} {state:caps}{proto=tcp}",                 \
	/* udp4       0      0 *.514                  *.* */                                       \
	head "udp{number} {number} {number} {near} {far}{proto=udp}"

#define BSD_SOCKETS_CUT(head, cut)                                                                 \
	/* tcp6       0      0  2600:1700:bab0:d.5 2607:f8b0:4003:c.9 ESTABLISHED */               \
	head "{_} {number} {number} {_!" cut "} {_} <>" BSD_CUT,                          \
	head "{_} {number} {number} {_} {_!" cut "} <>" BSD_CUT

/* The sockets of the system itself stand below. */
#define BSD_SOCKETS_NOISE                                                                          \
	"Active Internet connections", "Active Multipath Internet connections",                    \
	"Active LOCAL (UNIX) domain sockets", "Active UNIX domain sockets",                        \
	"Proto Recv-Q ", "Socket Flowhash ", "Address Type ",                                      \
	"{hex} stream ", "{hex} dgram ", "{hex} seqpac "

#define BSD_ARP                                                                                    \
	/* ? (192.168.71.2) at 00:50:56:f7:4a:fc on em0 expires in 942 seconds [ethernet]          \
	 * gate.example (192.168.71.1) at 0:50:56:c0:0:8 on en0 ifscope permanent [ethernet] */    \
	"{_} ({near.addr}) at {mac} on {near.iface} <>"

/* What the shell, or the program, says instead of a table. */
#define BSD_REFUSALS                                                                               \
	"{_...} command not found", "{_...} not found", "{_...} Permission denied",                \
	"{_...} Operation not permitted"
/* clang-format on */

#endif
