/* Nokia SR OS: sockets of the router itself. An entry stands on two lines. */
#include "drivers/driver.h"

static const char *const connections[] = {
	/* UDP          0        0 0.0.0.0.161                   * */
	"{proto} {number} {number} {near} *",
	/* TCP          0        0 10.88.0.1.179                 ESTABLISH */
	"{proto} {number} {number} {near} {state:caps}",
	/*                         10.88.0.2.49811               1 */
	"+. {far} {place}",
	NULL,
};
static const char *const noise[] = {
	"Connections",
	"Proto RecvQ TxmtQ ",
	"Remote Address ",
	"==========",
	"----------",
	NULL,
};

static const struct command commands[] = {
	{
	    .send = "show system connections",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_SELF,
	    .patterns = connections,
	    .noise = noise,
	    .total = "No. of Connections: {total}",
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"alcatel_sros",
	"sros",
	"srosmd",
	"sros-md",
	"timos",
	"community.network.sros",
	NULL,
};
static const char *const setup[] = { "environment no more", NULL };
static const char *const more[] = { "Press any key to continue (Q to quit)", NULL };
static const char *const refusals[] = { "Error: ", "MINOR: ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* TiMOS-B-19.10.R3 both/x86_64 Nokia 7750 SR */
	"TiMOS-*",
	NULL,
};

const struct driver driver_nokia_sros = {
	.name = "nokia_sros",
	.title = "Nokia SR OS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "logout", },
	.signs = { .prompt = "*[AB]:*#", .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.6527" },
	.commands = commands,
	.blind = "Traffic through the router is forwarded in hardware and not listed, nor who started "
		 "a connection of the router itself.",
	.privilege = "a profile that permits show",
	.status = STATUS_LAYOUT,
};
