/* nfdump: what it prints of NetFlow and IPFIX records, with -o extended. Read from files. */
#include "drivers/driver.h"

static const char *const extended[] = {
	/* 2026-03-01 12:36:15.086     0.610 TCP         10.75.10.2:34370 ->    198.51.100.86:443
	 * .AP.S.   0        8      700       13     9180     87     1 */
	"{_} {_} {_} {proto} {near} -> {far} {_} {number} {packets.near} {bytes.near} <>",
	NULL,
};
static const char *const noise[] = {
	"Date first seen ",
	"Summary: ",
	"Time window: ",
	"Total flows processed: ",
	"Sys: ",
	NULL,
};

static const char *const also[] = { "nfdump -o extended {_...}", "nfdump extended", NULL };

static const struct command commands[] = {
	{
	    .send = "nfdump-extended",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = extended,
	    .noise = noise,
	    .also = also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

const struct driver driver_nfdump = {
	.name = "nfdump",
	.title = "nfdump (NetFlow and IPFIX, from files)",
	.aliases = (const char *const[]){ "nfcapd", NULL },
	.commands = commands,
	.blind = "Who began a flow; counters that are printed with a unit (1.2 M): ask nfdump for "
		 "-N.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
