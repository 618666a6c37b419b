/* Brocade and Ruckus FastIron: neighbours. */
#include "drivers/driver.h"

static const char *const arp[] = {
	/* Internet  10.51.250.120           -   fc5b.394a.5a7f  ARPA   Vlan10 */
	"Internet {near.addr} {_} {mac} {state:caps} {near.iface}",
	NULL,
};
static const char *const arp_noise[] = { "Protocol Address ", NULL };

static const struct command commands[] = {
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

static const char *const aliases[] = { "fastiron", "ruckus_fastiron", "ironware", NULL };
static const char *const setup[] = { "skip-page-display", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "Invalid input", "Incomplete command", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Copyright (c) 1996-2016 Brocade Communications Systems, Inc. All rights reserved. */
	"Copyright*Brocade Communications Systems*",
	"Copyright*Foundry Networks*",
	NULL,
};

const struct driver driver_brocade_fastiron = {
	.name = "brocade_fastiron",
	.title = "Brocade FastIron",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#>",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.1991" },
	.commands = commands,
	.blind = "Sessions: the switch has no table of them. Only who is behind which port.",
	.privilege = "read-only (level 5)",
	.status = STATUS_SAMPLES,
};
