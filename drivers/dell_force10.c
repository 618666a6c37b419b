/* Dell Force10 (FTOS): neighbours. */
#include "drivers/driver.h"

/* Internet    192.168.186.99        6   5d:7c:2f:d5:62:57   Te 0/22    Vl 10            CP */
static const char *const arp[] = {
	"Address | {near.addr}",
	"Hardware Address | {mac}",
	"Interface | -",
	"Interface | {near.iface...}",
	"VLAN | -",
	"VLAN | Vl {vlan}",
	NULL,
};
static const char *const arp_noise[] = { "----------", NULL };

static const struct command commands[] = {
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "force10", "dell_ftos", "ftos", NULL };
static const char *const setup[] = { "terminal length 0", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "% Error", "% Invalid", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Dell Real Time Operating System Software */
	"*Real Time Operating System Software*",
	NULL,
};

const struct driver driver_dell_force10 = {
	.name = "dell_force10",
	.title = "Dell Force10",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#>",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.6027" },
	.commands = commands,
	.blind = "Sessions: the switch has no table of them. Only who is behind which port.",
	.privilege = "privilege level 1",
	.status = STATUS_SAMPLES,
};
