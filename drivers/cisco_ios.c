/* Cisco IOS and IOS XE: sockets of the router itself, and its translations. */
#include "drivers/cisco_ios_flows.h"
#include "drivers/cisco_ios_hosts.h"
#include "drivers/driver.h"

#define HOST_NAME "{unread=a host name stands where an address belongs: ask the numeric form}"

static const char *const tcp_brief[] = {
	/* 81C95568  172.16.1.1.23           172.16.1.100.1049      ESTAB */
	"{hex} {near} {far} {state:caps}{proto=tcp}",
	/* 81C95568  router.example.23       host.example.1049      ESTAB */
	"{hex} {_} {_} {state:caps}" HOST_NAME,
	NULL,
};
static const char *const tcp_noise[] = { "TCB ", NULL };

static const char *const ip_sockets[] = {
	/*  17 10.44.0.53         53 10.44.12.2      56011   0   0    0   0
	 *  17 --listen--            --any--           161   0   0    1   0 */
	"{proto}[(v6)] {far.addr} [{far.port} ]{near.addr} {near.port} {number} {number} {hex} "
	"{number} "
	"[{far.iface}]",
	NULL,
};
static const char *const ip_sockets_noise[] = { "Proto ", NULL };

/* A translation of networks prints their length where a port would stand:
 * ---  192.0.2.0/24          10.1.0.0/24           ---                   --- */
#define NAT_ROWS                                                                                   \
	"--- {_!net_mapped} {_!net_real} {far_nat} {far}",                                         \
	    "{proto} {near_nat} {near} {far_nat} {far}"

static const char *const nat[] = {
	/* Pro  Inside global         Inside local          Outside local         Outside global
	 * tcp  192.0.2.7:11012       10.1.0.89:11012       203.0.113.100:23      203.0.113.100:23
	 * ---  192.0.2.9             10.1.0.95             ---                   --- */
	NAT_ROWS,
	NULL,
};

static const char *const nat_verbose[] = {
	/* udp  192.0.2.7:1025          10.1.0.1:4000        ---                   --- */
	NAT_ROWS,
	/* create 04/09/11 10:51:48, use 04/09/11 10:52:31, timeout: 00:01:00 */
	"+ create[:] {_} {_}, use[:] {_} {_}, timeout: {left:set}",
	/* Releases before IOS XE say how long ago:
	 * create 00:00:10, use 00:00:08 timeout:86400000, left 23:59:51, Map-Id(In): 1,
	 * flags:
	 * extended, use_count: 0, VRF : red, entry-id: 2, lc_entries: 0 */
	"+ create {age}, use {idle}[,][ timeout[:][ ]{_},] left {left},[ Map-Id(In):[ "
	"]{number}[,]]",
	"+ create {age}, use {idle}[,][ timeout[:][ ]{_},] left {left}",
	"+ create {age}, use {idle} timeout:{_}",
	"+ create {age}, use {idle}[,]",
	"+ flags:",
	"+ flags: {_...}",
	"+ extended, use_count: {number}, VRF : {place}, <>",
	"+ extended, {_...}",
	"+ static, {_...}",
	"+ none, {_...}",
	"+ timing-out, {_...}",
	/* Map-Id(In):1, Mac-Address: 0000.0000.0000 Input-IDB: GigabitEthernet0/3/1 */
	"+ Map-Id(In):[ ]{number}[, Mac-Address: {_} Input-IDB:[ {near.iface}]]",
	/* Mac-Address: 0000.0000.0000    Input-IDB: TenGigabitEthernet1/1/0 */
	"+ Mac-Address: {_} Input-IDB:[ {near.iface}]",
	/* entry-id: 0x8ef80350, use_count:1 */
	"+ entry-id: {_}, use_count:{number}",
	"+ RuleID : {_...}",
	"+ Flags: {_...}",
	"+ ALG Application Type: {_...}",
	"+ WLAN-Flags: {_...}",
	/* In_pkts: 5 In_bytes: 400, Out_pkts: 4 Out_bytes: 320 */
	"+ In_pkts: {packets.far} In_bytes: {bytes.far}, "
	"Out_pkts: {packets.near} Out_bytes: {bytes.near}",
	/* Output-IDB: GigabitEthernet5 */
	"+ Output-IDB:[ {far.iface}]",
	/* Group_id:0    vrf: genie */
	"+ Group_id:[ ]{_}[ vrf:[ {place}]]",
	/* Format(H:M:S) Time-left :0:1:38 */
	"+ Format(H:M:S) Time-left :{left:set}",
	NULL,
};
static const char *const nat_noise[] = { "Pro Inside global ", NULL };

/* Total number of translations: 3 */
#define NAT_TOTAL "Total number of translations: {total}"

static const char *const numeric_also[] = { "show tcp brief all numeric", NULL };
static const char *const brief_also[] = { "show tcp brief all", NULL };
static const char *const nat_also[] = {
	"show ip nat translations vrf {place}",
	"show ip nat translations tcp",
	"show ip nat translations udp",
	"show ip nat translations icmp",
	NULL,
};
static const char *const verbose_also[] = {
	"show ip nat translations vrf {place} verbose",
	"show ip nat translations verbose vrf {place}",
	NULL,
};

static const char *const nat64_also[] = { "show nat64 translations {_...}", NULL };
static const char *const inspect_also[] = {
	"show policy-map type inspect zone-pair {_} sessions",
	"show policy-firewall sessions",
	NULL,
};
static const char *const scb_also[] = {
	"show policy-firewall sessions platform {_...}",
	"show platform hardware qfp active feature firewall datapath scb {_...}",
	"show platform hardware cpp active feature firewall session create {_...}",
	NULL,
};
static const char *const flows_also[] = { "show ip cache {_} flow", NULL };
static const char *const monitor_also[] = {
	"show flow monitor {_} cache",
	"show flow monitor {_} cache format {_}",
	"show flow monitor name {_} cache",
	"show flow monitor name {_} cache format {_}",
	NULL,
};
static const char *const arp_also[] = { "show arp", "show ip arp vrf {place}",
	"show arp vrf {place}", NULL };
static const char *const neighbors_also[] = { "show ipv6 neighbors vrf {place}", NULL };
static const char *const stations_also[] = {
	"show mac-address-table",
	"show mac address-table {_...}",
	NULL,
};
/* Where the table of translations has a line for each, this has one number. */
static const char *const nat_count[] = { "{number}{unread=a number without its name}", NULL };
static const char *const nat_count_noise[] = {
	"Peak translations:",
	"Outside interfaces:",
	"Inside interfaces:",
	"Hits:",
	"CEF Translated",
	"CEF Punted",
	"Expired translations:",
	"Dynamic mappings:",
	"-- Inside ",
	"-- Outside ",
	"\\[Id: ",
	"Id: ",
	"access-list ",
	"route-map ",
	"pool ",
	"start ",
	"type ",
	"longest chain",
	"Total doors:",
	"Appl doors:",
	"Normal doors:",
	"Queued Packets:",
	"Reserved port setting",
	"Dynamic overload mapping",
	"nat-limit statistics:",
	"max entry:",
	"In-to-out drops:",
	"Out-to-in drops:",
	"Pool stats drop:",
	"Mapping stats drop:",
	"Port block alloc fail:",
	"IP alias add fail:",
	"Limit entry add fail:",
	"GigabitEthernet",
	"FastEthernet",
	"Ethernet",
	"TenGigabitEthernet",
	"TwoGigabitEthernet",
	"FiveGigabitEthernet",
	"TwentyFiveGigE",
	"FortyGigabitEthernet",
	"HundredGigE",
	"Serial",
	"Dialer",
	"Vlan",
	"Loopback",
	"Tunnel",
	"Port-channel",
	"BDI",
	"BVI",
	"NVI",
	"Cellular",
	"Virtual-",
	"Multilink",
	"ATM",
	NULL,
};

static const char *const users_also[] = { "show users all", "show users wide", NULL };

static const struct command commands[] = {
	{
	    .send = "show tcp brief numeric",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = tcp_brief,
	    .noise = tcp_noise,
	    .also = numeric_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show tcp brief",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = tcp_brief,
	    .noise = tcp_noise,
	    .also = brief_also,
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ip sockets",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = ip_sockets,
	    .noise = ip_sockets_noise,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ip nat statistics",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat_count,
	    .noise = nat_count_noise,
	    .total = "Total[ active] translations: {total} ({number} static, {_...}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show ip nat translations",
	    .topic = TOPIC_NAT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat,
	    .noise = nat_noise,
	    .total = NAT_TOTAL,
	    .also = nat_also,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ip nat translations verbose",
	    .topic = TOPIC_NAT,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat_verbose,
	    .noise = nat_noise,
	    .total = NAT_TOTAL,
	    .also = verbose_also,
	    .flags = COMMAND_HEAVY | COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show control-plane host open-ports",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = open_ports,
	    .noise = open_ports_noise,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show nat64 translations",
	    .topic = TOPIC_NAT,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat64,
	    .noise = nat64_noise,
	    .total = NAT_TOTAL,
	    .also = nat64_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show policy-map type inspect zone-pair sessions",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = inspect,
	    .noise = inspect_noise,
	    .also = inspect_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show policy-firewall sessions platform",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = scb,
	    .noise = scb_noise,
	    .total = "Number of sessions read: {total}",
	    .also = scb_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ip cache flow",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = flows,
	    .noise = flows_noise,
	    .also = flows_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show ip flow top-talkers",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = flows,
	    .noise = flows_noise,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	/* The monitor has a name of its own, so that nothing can be sent: both layouts are read. */
	{
	    .send = "show flow monitor cache",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = monitor_table,
	    .noise = monitor_noise,
	    .total = "Current entries: {total}",
	    .also = monitor_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show flow monitor cache",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = monitor_record,
	    .noise = monitor_noise,
	    .total = "Current entries: {total}",
	    .also = monitor_also,
	    .paragraphs = true,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ip arp",
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
	    .send = "show device-tracking database",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = tracking,
	    .noise = tracking_noise,
	    .total = "Binding Table has {total} entries, {_...}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ip dhcp snooping binding",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_SELF,
	    .patterns = snooping,
	    .total = "Total number of bindings: {total}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show mac address-table",
	    .topic = TOPIC_STATIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = stations,
	    .noise = stations_noise,
	    .total = "Total Mac Addresses for this criterion: {total}",
	    .also = stations_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show users",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = users,
	    .noise = users_noise,
	    .also = users_also,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"cisco_iosxe",
	"cisco_xe",
	"ios",
	"iosxe",
	"ios-xe",
	"ios_xe",
	"cisco.ios.ios",
	"cisco-ios",
	"cisco-iosxe",
	"cisco-ios-xe",
	NULL,
};
static const char *const setup[] = { "terminal length 0", "terminal width 0", NULL };
static const char *const more[] = { " --More-- ", NULL };
static const char *const refusals[] = {
	"% Invalid input detected",
	"% Ambiguous command",
	"% Incomplete command",
	"% Unknown command",
	"% \\[{_}\\] Unknown command", /* FRRouting names the daemon */
	"Command authorization failed",
	"% Authorization failed",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.1(4)M */
	"Cisco IOS Software*",
	"Cisco IOS XE Software*",
	/* IOS (tm) C2600 Software (C2600-I-M), Version 12.2(8)T5 */
	"IOS (tm) *",
	NULL,
};

const struct driver driver_cisco_ios = {
	.name = "cisco_ios",
	.title = "Cisco IOS and IOS XE",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit",
	    .enable = "enable",
	    .enable_asks = "Password:", },
	.signs = { .banner = "Cisco-*", .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.9" },
	.commands = commands,
	.blind = "Traffic that passes without NAT is not listed, nor who started a translated "
		 "session, nor sockets in a VRF of the router.",
	.privilege = "level 1",
	.status = STATUS_SAMPLES,
};
