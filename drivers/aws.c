/* AWS VPC flow logs: records of an interface, one way each. Read from files, never asked for.
 *
 * The source is near. It started where the flags hold a SYN and no ACK, and where nothing came back
 * as the packet was rejected; else the log does not say. */
#include "drivers/driver.h"

/* clang-format off */
#define HEAD "{number} {number} {_} {near.addr} {far.addr} {near.port} {far.port} {proto} "         \
	"{packets.near} {bytes.near} {number} {number} "

static const char *const text[] = {
	/* 2 100200300400 eni-0a1b2c3d4e5f60718 198.51.100.7 10.60.1.20 40022 3389 6 1 40 1772366412
	 * 1772366430 REJECT OK */
	HEAD "REJECT OK <>{state=REJECT}{starter=near}",
	/* 5 ... 1772366455 ACCEPT OK vpc-0aa1 subnet-012 i-012 2 IPv4 10.60.1.33 ...: flags are 2, 3 */
	HEAD "{state:caps} OK {_} {_} {_} 2 <>{starter=near}",
	HEAD "{state:caps} OK {_} {_} {_} 3 <>{starter=near}",
	HEAD "{state:caps} OK <>",
	NULL,
};
static const char *const text_noise[] = {
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start ",
	"{number} {number} {_} - - - - ", /* NODATA, SKIPDATA */
	NULL,
};
/* clang-format on */

static const char *const json[] = {
	".",
	"srcaddr {near.addr}",
	"dstaddr {far.addr}",
	"srcport {near.port}",
	"dstport {far.port}",
	"protocol {proto}",
	"packets {packets.near}",
	"bytes {bytes.near}",
	"action REJECT{state=REJECT}{starter=near}",
	"action {state}",
	"tcp_flags 2{starter=near}",
	"tcp_flags 3{starter=near}",
	"tcp_flags {_}",
	NULL,
};

static const char *const also[] = { "vpc flow log", NULL };

static const struct command commands[] = {
	{
	    .send = "vpc-flow-log",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = text,
	    .noise = text_noise,
	    .also = also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "vpc-flow-log",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_JSON,
	    .scope = SCOPE_TRANSIT,
	    .patterns = json,
	    .also = also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "aws_vpc", NULL };

const struct driver driver_aws = {
	.name = "aws",
	.title = "AWS VPC flow logs (from files)",
	.aliases = aliases,
	.commands = commands,
	.blind = "Logs with fields of one's own in another order; traffic of the intervals that "
		 "the log "
		 "itself calls skipped; which way a record without flags was opened.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
