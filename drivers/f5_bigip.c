/* F5 BIG-IP: connections through its virtual servers. One exec channel a command.
 *
 * A connection is client, virtual address, translated client, server. The client is near and has
 * started: the server sees it as the third, and it asked for the second. */
#include "drivers/driver.h"

/* The end of a connection that has no server side yet is the one that was asked for. */
static bool
f5_no_server(struct text token, struct observation *o)
{
	(void)token;
	o->far = o->far_nat;
	o->far_nat = (struct endpoint){ 0 };
	return true;
}

/* Idle Timeout 300, behind Idle Time 3 */
static bool
f5_left(struct text token, struct observation *o)
{
	struct counters *c = &o->counters;
	uint64_t timeout;

	if (text_is(token, "indefinite") || !(c->has & HAS_IDLE))
		return true;
	if (!text_number(token, UINT32_MAX, &timeout))
		return false;
	c->has |= HAS_LEFT;
	c->left = timeout > c->idle ? (uint32_t)timeout - c->idle : 0;
	return true;
}

static const struct function functions[] = {
	{ "f5_no_server", f5_no_server },
	{ "f5_left", f5_left },
	{ NULL, NULL },
};

/* clang-format off */
#define REST " {proto} {idle} (tmm: {number}) {_}{starter=near}"

static const char *const connections[] = {
	/* 10.56.30.9:61010   192.0.2.53:53   any6.any   any6.any   udp  1   (tmm: 0)  none */
	"{near} {far_nat} any6.any any6.any" REST "{row!f5_no_server}",
	"{near} {far_nat} any.any any.any" REST "{row!f5_no_server}",
	/* 203.0.113.15:39367    192.0.2.80:443   10.56.8.15:48041   10.56.11.63:8443   tcp  23  (tmm: 0)  none
	 * 2001:db8:9::43.45829  2001:db8:80::10.443  2001:db8:8::15.45829  2001:db8:11::63.8443  tcp ... */
	"{near} {far_nat} {near_nat} {far}" REST,
	NULL,
};

static const char *const blocks[] = {
	/* 10.56.30.9:50123 - 198.51.100.99:443 - 192.0.2.90:11020 - 198.51.100.99:443 */
	"{near} - {far_nat} - any6.any - any6.any{starter=near}{row!f5_no_server}",
	"{near} - {far_nat} - any.any - any.any{starter=near}{row!f5_no_server}",
	"{near} - {far_nat} - {near_nat} - {far}{starter=near}",
	"+ ---{_}",
	"+ TMM {number}",
	"+ Type {_}",
	"+ Acceleration {_}",
	"+ Protocol {proto}",
	"+ Idle Time {idle}",
	"+ Idle Timeout {_!f5_left}",
	"+ Unit ID {number}",
	"+ Lasthop {_...}",
	"+ Virtual Path {_}",
	"+ Conn Id {_}",
	/*                           ClientSide            ServerSide */
	"+ ClientSide ServerSide",
	"+ Client Addr {_} {_}",
	"+ Server Addr {_} {_}",
	/* Bits In       18.4K                 221.0K: rounded, and of what is sent by the client */
	"+ Bits In {_} {_}",
	"+ Bits Out {_} {_}",
	"+ Packets In {packets.near} {_}",
	"+ Packets Out {packets.far} {_}",
	NULL,
};
static const char *const noise[] = { "Sys::Connections", NULL };
/* clang-format on */

#define TOTAL "Total records returned: {total}"

static const char *const mirror_also[] = { "tmsh show /sys connection type mirror", NULL };
static const char *const all_also[] = {
	"show /sys connection",
	"show /sys connection {_} {_}",
	"show sys connection {_} {_}",
	"tmsh show sys connection",
	"tmsh show sys connection {_} {_}",
	"tmsh show /sys connection",
	"tmsh show /sys connection {_} {_}",
	NULL,
};
static const char *const blocks_also[] = {
	"show sys connection {_} {_} all-properties",
	"tmsh show sys connection all-properties",
	"tmsh show sys connection {_} {_} all-properties",
	"tmsh show /sys connection all-properties",
	"tmsh show /sys connection {_} {_} all-properties",
	NULL,
};

#define CONNECTIONS                                                                                \
	.topic = TOPIC_SESSIONS, .scope = SCOPE_TRANSIT, .noise = noise,                           \
	.total = "Total records returned: {total}", .status = STATUS_LAYOUT
#define LINES CONNECTIONS, .form = FORM_ROWS, .patterns = connections

/* The whole table of a busy device can exhaust its memory while it is listed: a poll asks for the
 * mirrored connections only, first as tmsh, then as bash takes it. */
static const struct command commands[] = {
	{ .send = "show sys connection type mirror", LINES },
	{ .send = "tmsh show sys connection type mirror",
	    LINES,
	    .also = mirror_also,
	    .flags = COMMAND_VARIANT },
	{ .send = "show sys connection",
	    LINES,
	    .also = all_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY },
	{ .send = "show sys connection all-properties",
	    CONNECTIONS,
	    .form = FORM_BLOCKS,
	    .patterns = blocks,
	    .also = blocks_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY },
	{ .send = NULL },
};

static const char *const aliases[] = {
	"f5",
	"f5_tmsh",
	"f5_linux",
	"f5_ltm",
	"bigip",
	"bigip_f5",
	"bigip13",
	"tmos",
	"f5networks.f5_bigip.bigip",
	NULL,
};
static const char *const refusals[] = {
	"Syntax Error:",
	"{_...} command not found",
	"{_...} not found",
	"{_...} Permission denied",
	"Unexpected Error:",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Product     BIG-IP */
	"Product*BIG-IP*",
	NULL,
};

const struct driver driver_f5_bigip = {
	.name = "f5_bigip",
	.title = "F5 BIG-IP (tmsh)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "#", .refusals = refusals, },
	.signs = { .version = "tmsh show sys version", .says = says,
	    .object = "1.3.6.1.4.1.3375" },
	.commands = commands,
	.functions = functions,
	.blind = "Only mirrored connections are asked for unless the inventory names another "
		 "command; how many bytes passed is printed rounded, and left out.",
	.privilege = "role guest with access to tmsh, or to bash.",
	.status = STATUS_LAYOUT,
};
