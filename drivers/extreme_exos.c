/* Extreme EXOS: neighbours, and who is logged in. */
#include "drivers/driver.h"

/* clang-format off */
static const char *const arp[] = {
	/* VR-Default    10.128.32.4      00:d0:59:17:74:83   20      NO  bluered       4092  1:25 */
	"{place} {near.addr} {mac} {number} {_:caps} {_} {vlan}[ {near.iface}]",
	NULL,
};
static const char *const arp_noise[] = {
	"VR Destination Mac ",
	"Dynamic Entries ",
	"Pending Entries ",
	"ARP address check:",
	"Timeout ",
	"Locktime ",
	"Retransmit Time ",
	"Reachable Time ",
	"Fast Convergence ",
	"ARP Global Settings",
	"Max Entries ",
	"Max Pending Entries ",
	"Max Proxy Entries ",
	NULL,
};

#define LOGIN "{number} {_} {_} {number} {_} {number} {user} {tty} {_} {_} "
static const char *const logins[] = {
	/* *   5 Sun Mar  1 12:10:29 2026 admin    console local  dis  serial */
	"* " LOGIN "serial{current=yes}",
	"* " LOGIN "{from}{current=yes}",
	/*     9 Sun Mar  1 12:55:40 2026 marta.k  telnet  local  dis  203.0.113.90 */
	LOGIN "serial",
	LOGIN "{from}",
	NULL,
};
static const char *const logins_noise[] = { "CLI", "# Login Time ", "==========", NULL };
/* clang-format on */

static const struct command commands[] = {
	{
	    .send = "show iparp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show session",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = logins,
	    .noise = logins_noise,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "extreme", "exos", "xos", NULL };
static const char *const setup[] = { "disable clipaging session", NULL };
static const char *const more[] = { "Press <SPACE> to continue", NULL };
static const char *const refusals[] = { "%% ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Image   : ExtremeXOS version 16.1.3.6 */
	"Image*: ExtremeXOS version*",
	NULL,
};

const struct driver driver_extreme_exos = {
	.name = "extreme_exos",
	.title = "Extreme EXOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#>",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.1916" },
	.commands = commands,
	.blind = "Sessions: the switch has no table of them. Only who is behind which port, and who is "
		 "logged in.",
	.privilege = "user account",
	.status = STATUS_LAYOUT,
};
