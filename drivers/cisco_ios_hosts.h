/* Cisco IOS and IOS XE: neighbours, stations, logins. Only cisco_ios.c includes this file. */
#ifndef GATEBOOK_DRIVERS_CISCO_IOS_HOSTS_H
#define GATEBOOK_DRIVERS_CISCO_IOS_HOSTS_H

/* clang-format off */
static const char *const arp[] = {
	/* Internet  10.100.88.199           0   Incomplete      ARPA */
	"Internet {near.addr} {_} {mac} {state}[ {near.iface}]",
	NULL,
};
static const char *const arp_noise[] = { "Protocol Address ", NULL };

static const char *const neighbors[] = {
	/* 2001:db8:106:100:793A:F08D:5B3A:EF89       33 54e1.addb.200f  STALE Vl6 */
	"{near.addr} {_} {mac} {state:caps} {near.iface}",
	NULL,
};
static const char *const neighbors_noise[] = { "IPv6 Address ", NULL };

static const char *const stations[] = {
	/* 0010.0de0.e289       Dynamic          1  FastEthernet0/1 */
	"{mac:mac} {state} {vlan} {near.iface}",
	/*    1    0010.0de0.e289    DYNAMIC     Fa0/1 */
	"[* ]{vlan} {mac:mac} {state:caps} {near.iface...}",
	NULL,
};
static const char *const stations_noise[] = {
	"Destination Address ",
	"Mac Address Table",
	"Vlan Mac Address ",
	"Non-static Address Table:",
	"Dynamic Addresses Count:",
	"Secure Addresses ",
	"Static Addresses ",
	"System Self Addresses Count:",
	"Total MAC addresses:",
	"Multicast Entries",
	"----",
	NULL,
};

/* A user stands in the line only while one is there. */
static const char *const users[] = {
	/* * 10 vty 0     arm        idle                 00:00:00   192.0.2.4 */
	"{current=yes}*[ ]{number} {tty:pair} {user} {_} {idle}[ {from}]",
	"{current=yes}*[ ]{number} {tty:pair} {idle}[ {from}]",
	/*    0 con 0                                     00:00:00 */
	"{number} {tty:pair} {user} {_} {idle}[ {from}]",
	"{number} {tty:pair} {idle}[ {from}]",
	NULL,
};
static const char *const users_noise[] = { "Line User ", "Interface User ", CLOCK, NULL };

/* MacAddress          IpAddress        Lease(sec)  Type           VLAN  Interface */
static const char *const snooping[] = {
	"MacAddress | {mac}",
	"IpAddress | {near.addr}",
	"Lease(sec) | {left}",
	"Type | {state}",
	"VLAN | {vlan}",
	"Interface | {near.iface}",
	NULL,
};

static const char *const tracking[] = {
	/* L   10.22.66.10                            7081.05ff.eb40     Vl230      230   0100  10194mn REACHABLE */
	"{kind} {near.addr} {mac} {near.iface} {vlan} {_} {_} {state:caps}",
	/* DH4 10.160.43.197  94d4.69ff.e606  Te8/0/37  1023  0025  116s    REACHABLE  191 s try 0(557967 s) */
	"{kind} {near.addr} {mac} {near.iface} {vlan} {_} {_} {state:caps} {_...}",
	NULL,
};
static const char *const tracking_noise[] = {
	"~ Codes: L - Local, ",
	"~ Preflevel flags ",
	"~ {hex}:",
	"Network Layer Address ",
	NULL,
};
/* clang-format on */

#endif
