/* Ubiquiti EdgeRouter (EdgeOS): connection tracking and neighbours, in operational mode. */
#include "drivers/vyatta.h"

static const char *const sessions[] = { VYATTA_SESSIONS, NULL };
static const char *const sessions_noise[] = { VYATTA_SESSIONS_NOISE, NULL };
static const char *const arp[] = { VYATTA_ARP("{_:lower}"), NULL };
static const char *const arp_noise[] = { VYATTA_ARP_NOISE, NULL };

static const struct command commands[] = {
	{
	    .send = "show conntrack table ipv4",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = sessions,
	    .noise = sessions_noise,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"edgeos",
	"edgerouter",
	"edgemax",
	"ubiquiti_edge",
	"community.network.edgeos",
	NULL,
};
static const char *const setup[] = { "terminal length 0", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { VYATTA_REFUSALS, NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* HW model:     EdgeRouter X 5-Port */
	"HW model:*Edge*",
	NULL,
};

const struct driver driver_ubiquiti_edgerouter = {
	.name = "ubiquiti_edgerouter",
	.title = "Ubiquiti EdgeRouter (EdgeOS)",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "$",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .prompt = "*@*:*[$#]", .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.41112" },
	.commands = commands,
	.blind = "What was translated, how much passed, and IPv6 are not listed, nor what the "
		 "hardware forwards by itself.",
	.privilege = "operator level",
	.status = STATUS_LAYOUT,
};
