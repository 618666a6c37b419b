/* WatchGuard Fireware: the neighbours of the firewall. */
#include "drivers/driver.h"

/* clang-format off */
static const char *const arp[] = {
	/* ? (10.3.0.8) at <incomplete>  on vlan4 */
	"{_} ({near.addr}) at \\<{mac}> on {near.iface}",
	/* ? (10.5.0.4) at 00:01:02:03:04:05 [ether] PERM on eth0 */
	"{_} ({near.addr}) at {mac:mac} \\[ether\\] PERM on {near.iface}",
	/* ? (10.0.0.6) at 00:01:02:03:04:c8 [ether]  on vlan1 */
	"{_} ({near.addr}) at {mac:mac} \\[ether\\] on {near.iface}",
	NULL,
};
static const char *const arp_noise[] = { "-- ARP Table", "~ --", NULL };
/* clang-format on */

static const struct command commands[] = {
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"watchguard_firebox",
	"watchguard_fireware",
	"fireware",
	"firebox",
	NULL,
};

const struct driver driver_watchguard = {
	.name = "watchguard",
	.title = "WatchGuard Fireware",
	.aliases = aliases,
	.dialect = { .shell = true, .prompt = "#>", .leave = "exit" },
	.signs = { .banner = "WatchGuard*", .object = "1.3.6.1.4.1.3097" },
	.commands = commands,
	.blind = "Sessions and translations: Fireware lists none on its command line that is known "
		 "here.",
	.privilege = "a monitor account (status)",
	.status = STATUS_SAMPLES,
};
