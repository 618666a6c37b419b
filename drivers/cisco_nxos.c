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
	NULL,
};
static const char *const setup[] = { "terminal length 0", "terminal width 511", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "% ", "Command authorization failed", NULL };

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
	.commands = commands,
	.blind = "Traffic through the switch is forwarded in hardware and not listed, nor who "
		 "started a connection of the switch itself.",
	.privilege = "role network-operator",
	.status = STATUS_LAYOUT,
};
