/* Linux: sockets as the kernel and lsof list them, neighbours, logins. Only linux.c includes this
 * file. */
#ifndef GATEBOOK_DRIVERS_LINUX_HOST_H
#define GATEBOOK_DRIVERS_LINUX_HOST_H

#include "drivers/vyatta.h"

/* What shells and sudo say on stderr before a command that works. */
#define SHELL_NOISE "bash: warning: ", "-bash: warning: ", "sudo: unable to resolve host "

#define HOST_NAME                                                                                  \
	"{unread=a host name stands where an address belongs: the numeric form was not asked}"

/* clang-format off */
/* The protocol is in the file's name only. */
#define PROC_SOCKET "{number}: {near:native} {far:native} {state} {hex}:{hex} <>"
static const char *const proc_tcp[] = {
	/*    3: 802AA8C0:D450 2104C798:01BB 08 00000000:00000052 02:00000A6F 00000000  1000        0 ... */
	PROC_SOCKET "{proto=tcp}",
	NULL,
};
static const char *const proc_udp[] = { PROC_SOCKET "{proto=udp}", NULL };
static const char *const proc_socket_noise[] = { "sl local_address ", SHELL_NOISE, NULL };

/* The thread's column is there only where lsof lists threads. */
#define LSOF "{app} {number} [{number} ]{_} {_} IPv{number} {_} {_} "
static const char *const lsof[] = {
	/* python3 17297 root    6u  IPv4  49930      0t0  TCP 10.20.0.11:58397->203.0.113.10:443 (ESTABLISHED) */
	LSOF "{proto} {near}->{far}[ ({state})]",
	/* python3 17294 root    6u  IPv4  49737      0t0  TCP 10.20.0.13:443 (LISTEN)
	 * python3 17294 root    7u  IPv4  49738      0t0  UDP 10.20.0.13:443 */
	LSOF "{proto} {near}[ ({state})]",
	/* sshd      16944   root    3u  IPv4 207375 0t0 TCP fw.example:ssh->192.0.2.1:65159 (ESTABLISHED) */
	LSOF "{_} {_!host_name}->{_} <>" HOST_NAME,
	LSOF "{_} {_}->{_!host_name} <>" HOST_NAME,
	LSOF "{_} {_!host_name} <>" HOST_NAME,
	NULL,
};
static const char *const lsof_noise[] = { "COMMAND PID ", SHELL_NOISE, NULL };

static const char *const ip_neigh[] = {
	/* 10.20.0.11 dev lan0 lladdr 2e:67:37:02:ca:f3 STALE */
	"{near.addr} dev {near.iface} lladdr {mac} [router ][proxy ]{state:caps}",
	/* 192.0.2.77 dev wan0 FAILED */
	"{near.addr} dev {near.iface} [router ][proxy ]{state:caps}",
	NULL,
};
static const char *const shell_noise[] = { SHELL_NOISE, NULL };

/* [{"dst":"10.20.0.11","dev":"lan0","lladdr":"2e:67:37:02:ca:f3","state":["STALE"]}] */
static const char *const ip_neigh_json[] = {
	".",
	"dst {near.addr}",
	"dev {near.iface}",
	"lladdr {mac}",
	"state {state}",
	NULL,
};

static const char *const proc_arp[] = {
	/* 192.168.71.254   0x1         0x2         00:50:56:f3:2f:ae     *        ens33 */
	"{near.addr} {hex} {hex} {mac:mac} {_} {near.iface}",
	NULL,
};
static const char *const proc_arp_noise[] = { "IP address HW type ", SHELL_NOISE, NULL };

static const char *const arp_a[] = {
	/* ? (192.168.10.100) at <incomplete> on eth1.10 */
	"{_} ({near.addr}) at \\<{mac}> on {near.iface}",
	/* ? (192.168.13.197) at 00:04:4b:cc:9c:ba [ether] on eth1.100 */
	"{_} ({near.addr}) at {mac} \\[{_}\\] [PERM ]on {near.iface}",
	NULL,
};

static const char *const arp_n[] = {
	VYATTA_ARP("ether"),
	/* _gateway                 ether   00:50:56:f7:4a:fc   C                     ens33 */
	"{_!host_name} ether {mac} <>" HOST_NAME,
	NULL,
};
static const char *const arp_n_noise[] = { VYATTA_ARP_NOISE, SHELL_NOISE, NULL };

static const char *const who[] = {
	/* kbrazil  pts/0        2020-03-02 02:54 (192.168.71.1) */
	"{_!login_name} {tty} {number}-{number}-{number} {number}:{number}[ ({from})]",
	/* kbrazil  + pts/0        2020-02-29 18:43 00:11        3709 (192.168.71.1) */
	"{user} + {tty} {_} {_} {_} {number}[ ({from})]",
	"{user} - {tty} {_} {_} {_} {number}[ ({from})]",
	NULL,
};
static const char *const who_noise[] = {
	"NAME LINE ",
	"system boot ",
	"LOGIN ",
	"run-level ",
	"{_} {number}-{number}-{number} {number}:{number} {number} id=", /* has left */
	SHELL_NOISE,
	NULL,
};

static const char *const w[] = {
	/* kbrazil  ttyS0    -                21Oct19 14:32  18.09s 18.01s -bash */
	"{user} {tty} - {_} {_} {_!cpu_time} {_!cpu_time} {_...}",
	/* kbrazil  pts/0    192.168.71.1     Thu22   10.00s  0.17s  0.00s w */
	"{user} {tty} {from} {_} {_} {_!cpu_time} {_!cpu_time} {_...}",
	NULL,
};
static const char *const w_noise[] = {
	"USER TTY ",
	"{number}:{number}:{number} up ",
	SHELL_NOISE,
	NULL,
};

static const char *const count[] = { "{number} {number}{unread=a count of one word was expected}", NULL };
/* clang-format on */

#endif
