/* HP ProCurve and ArubaOS-Switch: neighbours. */
#include "drivers/driver.h"

/*   10.11.12.11     0015b2-a45078     dynamic 2 */
static const char *const arp[] = {
	"IP Address | {near.addr}",
	"MAC Address | {mac}",
	"Type | {state}",
	"Port | {near.iface}",
	NULL,
};
static const char *const arp_noise[] = { "IP ARP table", NULL };

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

static const char *const aliases[] = { "procurve", "hp", "aruba_osswitch", "aruba_procurve", NULL };
static const char *const setup[] = { "no page", NULL };
static const char *const more[] = { "-- MORE --", NULL };
static const char *const refusals[] = { "Invalid input:", "Ambiguous input:", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Image stamp:    /ws/swbuildm/rel_venice_qaoff/code/build/lvm */
	"Image stamp:*",
	NULL,
};

const struct driver driver_hp_procurve = {
	.name = "hp_procurve",
	.title = "HP ProCurve",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#>",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.11" },
	.commands = commands,
	.blind = "Sessions: the switch has no table of them. Only who is behind which port.",
	.privilege = "operator",
	.status = STATUS_SAMPLES,
};
