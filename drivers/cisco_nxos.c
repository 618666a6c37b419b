/* Cisco NX-OS: sockets of the switch itself. What passes through is switched in hardware. */
#include "drivers/driver.h"

static const char *const sockets[] = {
	/* [host]: tcp(4/6) LISTEN       0         *(22)
	 * [host]: udp                   0         *(161) */
	"\\[host\\]: {proto}[({_})] [{state:caps} ]{number} {near}",
	/*         management   104       10.50.1.21(59880) */
	"+ {place} {number} {far}",
	NULL,
};
static const char *const sockets_noise[] = {
	"Active connections ",
	"Protocol State/ ",
	"Context Send-Q ",
	NULL,
};

static const char *const sockets_also[] = {
	"show sockets connection tcp",
	"show sockets connection udp",
	"show sockets connection raw",
	NULL,
};

/* clang-format off */
/* 10.233.6.6      00:14:04  d0d0.fd61.ecc1  Vlan3            Ethernet1/9         +        PRIMARY */
static const char *const arp[] = {
	"Address | {near.addr}",
	"MAC Address | {mac}",
	"Interface | {near.iface}",
	"[Physical Interface] | {_...}",
	"[VRF Name] | {place}",
	NULL,
};
static const char *const arp_noise[] = {
	"IP ARP Table for ",
	"~ Flags: ",
	"~ * - ",
	"~ + - ",
	"~ # - ",
	"~ CP - ",
	"~ PS - ",
	"~ RO - ",
	"~ D - ",
	NULL,
};

static const char *const stations[] = {
	/* *    145        000a.000a.000a   static     -        F      F    Po10 */
	"{vlan} {mac:mac} {state:lower} {_} {_} {_} {near.iface}",
	"{_} {vlan} {mac:mac} {state:lower} {_} {_} {_} {near.iface}",
	NULL,
};
static const char *const stations_noise[] = {
	"~ Legend:",
	"~ * - primary entry",
	"~ age - seconds since ",
	"~ (T) - True",
	"VLAN MAC Address ",
	"----------",
	NULL,
};

/* Jan 28 13:44: the login; the mark at the end is on the one that asks. */
#define LOGIN "{user} {tty} {_} {number} {_} {_} {number}"
static const char *const users[] = {
	/* admin    pts/2        Jan 28 13:44   .          8096 adding some comments * */
	LOGIN " {_...} *{current=yes}",
	LOGIN " *{current=yes}",
	LOGIN " {_...}",
	LOGIN,
	NULL,
};
static const char *const users_noise[] = { "NAME LINE ", NULL };
/* clang-format on */

static const char *const arp_also[] = {
	"show ip arp vrf all",
	"show ip arp vrf {place}",
	"show ip arp {_...}",
	NULL,
};
static const char *const stations_also[] = { "show mac address-table {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "show sockets connection",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_SELF,
	    .patterns = sockets,
	    .noise = sockets_noise,
	    /* Total number of netstack tcp sockets: 4; one for each section: they add up */
	    .total = "Total number of netstack {_} sockets: {total}",
	    .also = sockets_also,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show ip arp detail vrf all",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .total = "Total number of entries: {total}",
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show mac address-table",
	    .topic = TOPIC_STATIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = stations,
	    .noise = stations_noise,
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
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"nxos",
	"nx-os",
	"nx_os",
	"nexus",
	"cisco.nxos.nxos",
	"cisco-nxos",
	"cisco-nx-os",
	"nxos_ssh",
	"cisco-nx",
	NULL,
};
static const char *const setup[] = { "terminal length 0", "terminal width 511", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "% ", "Command authorization failed", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Cisco Nexus Operating System (NX-OS) Software */
	"Cisco Nexus Operating System*",
	NULL,
};

const struct driver driver_cisco_nxos = {
	.name = "cisco_nxos",
	.title = "Cisco NX-OS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.9" },
	.commands = commands,
	.blind = "Traffic through the switch is forwarded in hardware and not listed, nor who "
		 "started a connection of the switch itself.",
	.privilege = "role network-operator",
	.status = STATUS_LAYOUT,
};
