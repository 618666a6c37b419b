/* Cisco IOS XR: sockets of the router itself. The VRF is a number: place has it as printed. */
#include "drivers/driver.h"

/* clang-format off */
static const char *const tcp_brief[] = {
	/* 0x00007f5538004d40 0x60000000      0      0  10.52.51.2:43390   10.52.51.1:179   ESTAB */
	"{hex} {place} {number} {number} {near} {far} {state:caps}{proto=tcp}",
	/* The old 32-bit XR has no VRF-ID column. */
	"{hex} {number} {number} {near} {far} {state:caps}{proto=tcp}",
	NULL,
};

static const char *const udp_brief[] = {
	/* 0x00007f55380a3c30 0x60000000      0      0  10.52.51.2:3784    10.52.51.1:3784 */
	"{hex} {place} {number} {number} {near} {far}{proto=udp}",
	"{hex} {number} {number} {near} {far}{proto=udp}",
	NULL,
};

/* Sun Mar  1 12:56:01.120 UTC: stands above a reply unless the setup turned it off */
#define DATE "~ Mon ", "~ Tue ", "~ Wed ", "~ Thu ", "~ Fri ", "~ Sat ", "~ Sun "

static const char *const brief_noise[] = { "PCB ", DATE, NULL };

/* The connection ends where its far end is said: what follows are its counters and timers. */
static const char *const tcp_detail[] = {
	/* Connection state is ESTAB, I/O status: 0, socket status: 0 */
	"Connection state is {state:caps}, {_...}{proto=tcp}",
	/* Established at Mon Jul 12 09:44:25 2021 */
	"+ Established at {_...}",
	/* PCB 0x00007f553800d8f8, SO 0x7f5538008698, TCPCB 0x7f5538008b58, vrfid 0x60000000, */
	"+ PCB {_}, SO {_}, TCPCB {_}, vrfid {place},",
	/* Pak Prio: Medium, TOS: 192, TTL: 1, Hash index: 26 */
	"+ Pak Prio: {_...}",
	/* Local host: 2001:db8:10::1, Local port: 179 (Local App PID: 11298) */
	"+ Local host: {near.addr}, Local port: {near.port}[ (Local App PID: {_})]",
	/* Foreign host: 2001:db8:10::2, Foreign port: 56357 */
	"+ Foreign host: {far.addr}, Foreign port: {far.port}",
	NULL,
};

static const char *const tcp_detail_noise[] = {
	DATE,
	"====",
	"(Local App PID/instance/",
	"Current send queue size ",
	"Current receive queue size ",
	"Timer Starts Wakeups ",
	"Retrans {number} ",
	"SendWnd {number} ",
	"TimeWait {number} ",
	"AckHold {number} ",
	"KeepAlive {number} ",
	"PmtuAger {number} ",
	"GiveUp {number} ",
	"Throttle {number} ",
	"iss: ",
	"sndmax: ",
	"irs: ",
	"SRTT: ",
	"minRTT: ",
	"ACK hold time: ",
	"Giveup time: ",
	"Connect retries remaining: ",
	"State flags: ",
	"Feature flags: ",
	"Request flags: ",
	"Datagrams (in bytes): ",
	"Window scales: ",
	"Timestamp option: ",
	"Sack blocks ",
	"Sack holes ",
	"Socket options: ",
	"Socket states: ",
	"Socket receive buffer",
	"Socket send buffer",
	"Socket misc info ",
	"so_q0len ",
	"so_auto_rearm ",
	"PDU information:",
	"#PDU's in buffer: ",
	"FIB Lookup Cache: ",
	"Num Labels: ",
	"Num of peers with authentication info: ",
	NULL,
};
/* clang-format on */

static const char *const tcp_also[] = { "show tcp brief | {_...}", NULL };
static const char *const udp_also[] = { "show udp brief | {_...}", NULL };

/* clang-format off */
static const char *const arp[] = {
	/* 10.10.10.101    01:25:23   aabb.cc00.6500  Dynamic    ARPA  GigabitEthernet0/0/0/0 */
	"{near.addr} {_} {mac} {state} {_} {near.iface}",
	NULL,
};
/* 0/1/CPU0: a table for each line card */
static const char *const arp_noise[] = { "~ {number}/{number}/", "~ ----------", "Address Age ", DATE, NULL };

static const char *const neighbors[] = {
	/* fe80::e07:a1ff:fe1a:b801                 99   0c07.a11a.b801 REACH Gi0/0/0/0    0/0/CPU0 */
	"{near.addr} {_} {mac} {state:caps} {near.iface} {_}",
	/* [Mcast adjacency]                           - 0000.0000.0000 REACH Gi0/0/0/0    0/0/CPU0 */
	"\\[{mac...}\\] {_} {_} {state:caps} {near.iface} {_}",
	NULL,
};
static const char *const neighbors_noise[] = { "IPv6 Address ", DATE, NULL };

static const char *const users[] = {
	/* *  con0/RP0/CPU0   admin                hardware     0  00:00:00 */
	"{current=yes}* {tty} {user} {_} {number} {idle}[ {from}]",
	"{tty} {user} {_} {number} {idle}[ {from}]",
	NULL,
};
static const char *const users_noise[] = { "Line User ", DATE, NULL };
/* clang-format on */

static const char *const arp_also[] = { "show arp vrf {place}", "show arp {_...}", NULL };
static const char *const neighbors_also[] = { "show ipv6 neighbors vrf {place}", NULL };

static const struct command commands[] = {
	{
	    .send = "show tcp brief",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = tcp_brief,
	    .noise = brief_noise,
	    .also = tcp_also,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show udp brief",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = udp_brief,
	    .noise = brief_noise,
	    .also = udp_also,
	    .status = STATUS_LAYOUT,
	},
	/* The same sockets as show tcp brief, sixty lines each. */
	{
	    .send = "show tcp detail pcb all",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_SELF,
	    .patterns = tcp_detail,
	    .noise = tcp_detail_noise,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ipv6 neighbors",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = neighbors,
	    .noise = neighbors_noise,
	    .also = neighbors_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show users",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = users,
	    .noise = users_noise,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"cisco_iosxr",
	"iosxr",
	"ios-xr",
	"ios_xr",
	"xr",
	"cisco.iosxr.iosxr",
	"cisco-iosxr",
	"cisco-ios-xr",
	"cisco-xr",
	"ios-xr7",
	"ios-exr",
	NULL,
};
static const char *const setup[] = { "terminal length 0", "terminal exec prompt no-timestamp",
	NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "% ", "Command authorization failed", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Cisco IOS XR Software, Version 6.1.4 */
	"Cisco IOS XR Software*",
	NULL,
};

const struct driver driver_cisco_xr = {
	.name = "cisco_xr",
	.title = "Cisco IOS XR",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .banner = "Cisco-*", .prompt = "RP/*CPU*:*#", .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.9" },
	.commands = commands,
	.blind = "Traffic that passes through the router is not listed, nor translations of CGN "
		 "boards, nor who started a connection of the router itself.",
	.privilege = "task group with read of transport",
	.status = STATUS_LAYOUT,
};
