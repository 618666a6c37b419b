/* ArubaOS-CX switches: neighbours. */
#include "drivers/driver.h"

/* 172.25.0.185     d4:e8:80:af:05:7f  1/1/28       1/1/28                     reachable  default */
static const char *const arp[] = {
	"IPv4 Address | {near.addr}",
	"MAC | {mac}",
	"Port | {near.iface}",
	"State | {state}",
	"[VRF] | {place}",
	NULL,
};
static const char *const arp_noise[] = { "----------", NULL };
static const char *const arp_also[] = { "show arp", "show arp vrf {place}", NULL };

static const struct command commands[] = {
	{
	    .send = "show arp all-vrfs",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .total = "Total Number Of ARP Entries Listed- {total}.",
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "aoscx", "arubaos-cx", "arubanetworks.aoscx", NULL };
static const char *const setup[] = { "no page", NULL };
static const char *const more[] = { "-- MORE --", NULL };
static const char *const refusals[] = { "Invalid input", "% ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* ArubaOS-CX */
	"ArubaOS-CX*",
	NULL,
};

const struct driver driver_aruba_aoscx = {
	.name = "aruba_aoscx",
	.title = "ArubaOS-CX",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#>",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.47196" },
	.commands = commands,
	.blind = "Sessions: the switch has no table of them. Only who is behind which port.",
	.privilege = "role operators",
	.status = STATUS_SAMPLES,
};
