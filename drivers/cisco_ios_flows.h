/* Cisco IOS and IOS XE: what passes through, other than by NAT, and open ports. Only cisco_ios.c
 * includes this file. */
#ifndef GATEBOOK_DRIVERS_CISCO_IOS_FLOWS_H
#define GATEBOOK_DRIVERS_CISCO_IOS_FLOWS_H

/* Some releases print the load and the clock before a table. */
#define CLOCK "~ Load for five secs:", "~ Time source is "

/* clang-format off */
static const char *const open_ports[] = {
	/*  udp                *:67                  *:0               DHCPD Receive LISTEN */
	"{proto} {near} {far} {app...} LISTEN{state=LISTEN}",
	/*  tcp                *:22      10.44.0.9:51002                  SSH-Server ESTABLIS */
	"{proto} {near} {far} {app} {state:caps}",
	"{proto} {near} {far} {app...} ESTABLIS{state=ESTABLIS}",
	NULL,
};
static const char *const open_ports_noise[] = {
	"Active internet connections ",
	"Prot Local Address ",
	NULL,
};

/* Addresses and packets of a cached flow, one row a direction; which end began it is not told. */
#define FLOW "{near.addr} {far.iface} {far.addr} {proto:hex} {near.port:hex} {far.port:hex} "
static const char *const flows[] = {
	/* Gi0/1         203.0.113.5     Local         192.0.2.9       01 0000 0800     5 */
	"{_} {far.addr} Local {near.addr} {proto:hex} {far.port:hex} {near.port:hex} "
	"{packets.far:scaled}{scope=self}",
	/* Gi0/0         10.45.1.20      Gi0/1*        203.0.113.71    06 C74E 01BB    88: of the way out */
	"{near.iface} {near.addr} {far.iface}* {far.addr} {proto:hex} {near.port:hex} {far.port:hex} "
	"{packets.near:scaled}",
	/* Gi0/0.200     10.45.2.14      Gi0/1         192.0.2.53      11 EE48 0035   12K */
	"{near.iface} " FLOW "{packets.near:scaled}",
	NULL,
};
/* The statistics above the table prove nothing of the table. */
static const char *const flows_noise[] = {
	"SrcIf SrcIPaddress ",
	"~ IP packet size distribution ",
	"~ {number}-{number} ",
	"~ {number} ",
	"~ .{number} ",
	"~ IP Flow Switching Cache, ",
	"~ IP Sub Flow Cache, ",
	"~ Active flows timeout ",
	"~ Inactive flows timeout ",
	"~ last clearing of statistics ",
	"~ Protocol Total ",
	"~ -------- ",
	"~ TCP-",
	"~ UDP-",
	"~ ICMP ",
	"~ IGMP ",
	"~ IPINIP ",
	"~ GRE ",
	"~ IP-other ",
	"~ Total: ",
	NULL,
};

/* IPV4 SRC ADDR    IPV4 DST ADDR    TRNS SRC PORT  TRNS DST PORT  intf input   ...   pkts */
static const char *const monitor_table[] = {
	"IPV4 SRC ADDR | {near.addr}",
	"IPV4 DST ADDR | {far.addr}",
	"[TRNS SRC PORT] | {near.port}",
	"[TRNS DST PORT] | {far.port}",
	"[IP PROT] | {proto}",
	"[IP VRF ID INPUT] | {number} ({place})", /* 0          (DEFAULT) */
	"[INTF INPUT] | {near.iface}",
	"[INTF OUTPUT] | {far.iface}",
	"[bytes] | {bytes.near}",
	"[bytes long] | {bytes.near}",
	"[pkts] | {packets.near}",
	"[pkts long] | {packets.near}",
	NULL,
};

/* A paragraph a flow, its fields as the monitor's record has them: those that name a connection say
 * more than those of the packets. */
static const char *const monitor_record[] = {
	"IPV4 SOURCE ADDRESS: {near.addr}",
	"IPV6 SOURCE ADDRESS: {near.addr}",
	"IPV4 DESTINATION ADDRESS: {far.addr}",
	"IPV6 DESTINATION ADDRESS: {far.addr}",
	"TRNS SOURCE PORT: {near.port}",
	"TRNS DESTINATION PORT: {far.port}",
	"CONNECTION IPV4 INITIATOR ADDRESS: {near.addr}{starter=near}",
	"CONNECTION IPV4 RESPONDER ADDRESS: {far.addr}",
	"CONNECTION RESPONDER PORT: {far.port}",
	"connection initiator port: {near.port}",
	"IP PROTOCOL: {proto}",
	"IP VRF ID INPUT: {number} ({place})",
	"APPLICATION NAME: {app...}",
	"INTERFACE INPUT: {near.iface}",
	"interface input: {near.iface}",
	"interface output: {far.iface}",
	"counter bytes: {bytes.near}",
	"counter bytes long: {bytes.near}",
	"counter packets: {packets.near}",
	"counter packets long: {packets.near}",
	"connection client packets counter: {packets.near}",
	"connection server packets counter: {packets.far}",
	"connection client network bytes counter: {bytes.near}",
	"connection server network bytes counter: {bytes.far}",
	"+ {_...}: {_...}", /* timestamp abs first:                      08:02:48.000 */
	NULL,
};
static const char *const monitor_noise[] = {
	"Cache type:",
	"Cache size:",
	"High Watermark:",
	"Flows added:",
	"Flows aged:",
	"- Active timeout ",
	"- Inactive timeout ",
	"- Event aged ",
	"- Watermark aged ",
	"- Emergency aged ",
	CLOCK,
	NULL,
};

static const char *const inspect[] = {
	/* Session ID 0x00000603 (192.0.2.1:5633)=>(203.0.113.1:12609) udp SIS_OPENING */
	"Session [ID ]{hex} ({near})=>({far}) {_!proto_or_app} {state}{starter=near}",
	/*  Created 00:01:11, Last heard 00:00:15 */
	"+ Created {age}, Last heard {idle}",
	/*  Bytes sent (initiator:responder) [360:360] */
	"+ Bytes sent (initiator:responder) \\[{bytes.near}:{bytes.far}\\]",
	NULL,
};
static const char *const inspect_noise[] = {
	"Zone-pair:",
	"policy exists on zp ",
	"Service-policy inspect ",
	"Class-map:",
	"Match:",
	"Inspect",
	"Pass",
	"Drop",
	"Half-open Sessions",
	"Established Sessions",
	"Terminating Sessions",
	"{number} packets, {number} bytes",
	NULL,
};

static const char *const scb[] = {
	/* Session ID:0x00000002 2001:db8:1::1 128 2001:db8:2::2 7993 proto 58 (0:0) (0x3:icmp) [sd] 3046618007 */
	"Session ID:{hex} {near.addr} {near.port} {far.addr} {far.port} proto {proto} ({place}) ({_}) "
	"\\[{state}\\]{starter=near} <>",
	NULL,
};
static const char *const scb_noise[] = {
	"\\[s=session ",
	"~ --show platform ",
	"Return code: ",
	NULL,
};

static const char *const nat64[] = {
	/* udp     203.0.113.2:63        [2001:db8:101:102::]:63 */
	"{proto} {far.addr} {far_nat.addr}",
	"{proto} {far} {far_nat}",
	/*         192.0.2.6             2001:db8:9::3: without brackets the last group is no port */
	"+. {row!near_unset}{near_nat.addr} {near.addr}",
	/*         192.0.2.5:63          [2001:db8:9::2]:63 */
	"+. {row!near_unset}{near_nat} {near}",
	"+ created: {_...}",
	/*         timeout: 300000, left 00:00:02, */
	"+ timeout: {number}, left {left},",
	"+ use_count: {_...}",
	NULL,
};
static const char *const nat64_noise[] = {
	"Proto Original IPv4 ",
	"Translated IPv6 ",
	"----------",
	NULL,
};
/* clang-format on */

#endif
