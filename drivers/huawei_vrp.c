/* Huawei VRP routers and switches: translations of a carrier's NAT, own sockets, neighbours. */
#include "drivers/driver.h"

/* clang-format off */
static const char *const nat[] = {
	/*   udp: 10.64.1.2:1605[192.0.2.101:2605]--> 203.0.113.31:1024 */
	"{proto}: {near}\\[{near_nat}\\]-->[ ]{far}{starter=near}",
	/* udp: [2001:db8:64::0002]:-( 192.0.2.100:-)-->[2001:db8:64ff::]:-(0.0.0.0:-), frag_ID:100 */
	"{proto}: \\[{near.addr}\\]:-([ ]{near_nat.addr}:-)-->[ ]\\[{far.addr}\\]:-({_})[, frag_ID:{number}]"
	"{starter=near}",
	/* icmp: [2001:db8:64::0002]:200(192.0.2.100:200)--> *:32768 */
	"{proto}: \\[{near.addr}\\]:{near.port}({near_nat})-->[ ]{far}{starter=near}",
	NULL,
};
static const char *const nat_noise[] = {
	"~ This operation will take a few minutes",
	"~ Slot: ",
	NULL,
};

/* Port forwards; a port 0 is every port. The interface holds for those below it. */
static const char *const nat_server[] = {
	"@ Interface : {far.iface}",
	/*   Global IP/Port     : current-interface/8080 (Real IP : 192.0.2.156) */
	"Global IP/Port : current-interface/0(any) (Real IP : {near_nat.addr})",
	"Global IP/Port : current-interface/{near_nat.port}({_}) (Real IP : {near_nat.addr})",
	"Global IP/Port : current-interface/{near_nat.port} (Real IP : {near_nat.addr})",
	/*   Global IP/Port     : 192.0.2.10/443 */
	"Global IP/Port : {near_nat.addr}/0(any)",
	"Global IP/Port : {near_nat.addr}/{near_nat.port}[({_})]",
	/*   Inside IP/Port     : 192.168.1.24/80(www) */
	"+ Inside IP/Port : {near.addr}/0(any)",
	"+ Inside IP/Port : {near.addr}/{near.port}[({_})]",
	/*   Protocol : 6(tcp) */
	"+ Protocol : {proto}({_})",
	"+ VPN instance-name : ----", "+ VPN instance-name : {place}",
	"+ Acl number : {_}", "+ Vrrp id : {_}", "+ Description : {_...}",
	NULL,
};
static const char *const nat_server_noise[] = { "Nat Server Information:", NULL };

static const char *const tcp_status[] = {
	/* 0d43a344 110/4    10.64.0.5:22          10.64.9.14:50234      0      Established */
	"{hex} {number}/{number} {near} {far} {place} {state}{proto=tcp}",
	NULL,
};
static const char *const tcp_noise[] = { "TCPCB Tid/Soid ", NULL };

/* A learned entry has its VLAN on a line of its own. */
static const char *const arp[] = {
	/* 192.168.1.253   b076-1b65-6a40            I -         MEth0/0/1 */
	"{state=I -}{near.addr} {mac} I - {near.iface}[ {place}]",
	/* 10.10.10.2      b8d6-f6ff-739b  17        D-0         XGE0/0/1
	 *                                             10/- */
	"{near.addr} {mac} {number} {state} {near.iface}[ {place}]",
	"{near.addr} {mac} {state:caps} {near.iface}[ {place}]",
	"+ {_}/{_}",
	NULL,
};
static const char *const arp_noise[] = { "IP ADDRESS ", "VLAN/CEVLAN", "----------", NULL };
/* clang-format on */

static const char *const nat_also[] = { "display nat session table {_...}", NULL };
static const char *const arp_also[] = { "display arp", "display arp {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "display nat session table",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat,
	    .noise = nat_noise,
	    .total = "Current total sessions:[ ]{total}.",
	    .also = nat_also,
	    .flags = COMMAND_HEAVY | COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "display nat server",
	    .topic = TOPIC_NAT,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat_server,
	    .noise = nat_server_noise,
	    .total = "Total : {total}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "display tcp status",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = tcp_status,
	    .noise = tcp_noise,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "display arp all",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .total = "Total:{total} Dynamic:{number} Static:{number} Interface:{number}",
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"huawei",
	"huawei_vrpv8",
	"vrp",
	"hvrp",
	"ce",
	"community.network.ce",
	NULL,
};
static const char *const setup[] = { "screen-length 0 temporary", NULL };
static const char *const more[] = { "---- More ----", NULL };
static const char *const refusals[] = { "Error: ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* VRP (R) software, Version 8.180 (NE40E V800R011C00SPC200) */
	"VRP (R) software*",
	NULL,
};

const struct driver driver_huawei_vrp = {
	.name = "huawei_vrp",
	.title = "Huawei VRP",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">]",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "quit", },
	.signs = { .banner = "HUAWEI-*", .prompt = "<*>", .version = "display version", .says = says,
	    .object = "1.3.6.1.4.1.2011" },
	.commands = commands,
	.blind = "Traffic that is forwarded without translation; translations are asked for only "
		 "where the inventory says so, as the device takes minutes; who started a "
		 "connection of the device itself.",
	.privilege = "level 1",
	.status = STATUS_LAYOUT,
};
