/* HPE and H3C Comware: sessions of the firewall and of NAT, neighbours.
 *
 * The initiator's source is near and started. The responder's source is the end that really
 * answers, its destination what it sees of near. Without a responder (the short forms) a
 * destination that an outside host asks for may stand for another behind it: it is no far end then.
 */
#include "drivers/function.h"

static bool
is_private(const struct addr *a)
{
	uint32_t v4 = a->family == 4 ? addr_ipv4(a) : 0;

	if (a->family == 6)
		return (a->bytes[0] & 0xfe) == 0xfc;
	return v4 >> 24 == 10 || v4 >> 20 == 0xac1 || v4 >> 16 == 0xc0a8 || v4 >> 22 == 0x191;
}

/* The destination of the initiator, seen by the source. */
static bool
comware_destination(struct text token, struct observation *o)
{
	(void)token;
	if (is_private(&o->near.addr) || is_private(&o->far_nat.addr)) {
		o->far = o->far_nat;
		o->far_nat = (struct endpoint){ 0 };
	}
	return true;
}

/* An echo has one id: the responder's source shows it as the far side sees it, where a port would
 * stand; the request's type and code stay those of the far end. */
static bool
comware_icmp(struct text token, struct observation *o)
{
	(void)token;
	if (o->proto != PROTO_ICMP && o->proto != PROTO_ICMP6)
		return true;
	o->near_nat.port = o->far.port;
	o->far.port = o->far_nat.port;
	return true;
}

static const struct function functions[] = {
	{ "comware_destination", comware_destination },
	{ "comware_icmp", comware_icmp },
	{ NULL, NULL },
};

/* clang-format off */
#define INITIATOR                                                                                  \
	/*   VPN instance/VLAN ID/VLL ID: vpn1/100/- */                                                \
	"+ {row!far_unset}VPN instance/VLAN ID/{_} ID: -/{_}",                                         \
	"+ {row!far_unset}VPN instance/VLAN ID/{_} ID: {place}/{_}",                                   \
	"+ VPN instance/VLAN ID/{_} ID: {_}",                                                          \
	"+ DS-Lite tunnel peer: {_}",                                                                  \
	/*   Protocol: TCP(6) */                                                                       \
	"+ Protocol: {proto}({number})",                                                               \
	"+ Source security zone: {_...}",                                                              \
	"+ Source security zone:"

static const char *const brief[] = {
	"Initiator:{starter=near}",
	/*   Source      IP/port: 198.51.100.77/40001 */
	"+ Source IP/port: {near}",
	/*   Destination IP/port: 192.0.2.62/443 */
	"+ Destination IP/port: {far_nat}{row!comware_destination}",
	/*   Inbound interface: GigabitEthernet1/0/9 */
	"+ Inbound interface: {near.iface}",
	"+ VPN instance/VLAN ID/{_} ID: -/{_}",
	"+ VPN instance/VLAN ID/{_} ID: {place}/{_}",
	INITIATOR,
	NULL,
};

static const char *const verbose[] = {
	"Initiator:{starter=near}",
	"+ {row!near_unset}Source IP/port: {near}",
	"+ {row!far_unset}Destination IP/port: {far_nat}",
	"+ {row!far_unset}Inbound interface: {near.iface}",
	"+ Responder:",
	/*   Source      IP/port: 203.0.113.2/5
	 *   Destination IP/port: 192.0.2.62/0 */
	"+ {row!far_unset}Source IP/port: {far}",
	"+ {row!far_set}Destination IP/port: {near_nat}",
	"+ {row!far_set}Inbound interface: {far.iface}",
	INITIATOR,
	"+ State: {state}",
	"+ Application: {app...}",
	"+ Rule ID: {_}",
	"+ Rule name: {_...}",
	"+ Rule name:",
	/* Start time: 2026-03-01 12:55:41  TTL: 59s */
	"+ Start time: {_} {_} TTL: {left}",
	/* Initiator->Responder:            1 packets         71 bytes */
	"+ Initiator->Responder: {packets.near} packets {bytes.near} bytes",
	"+. Responder->Initiator: {packets.far} packets {bytes.far} bytes"
	"{row!comware_icmp}",
	NULL,
};
static const char *const noise[] = { "~ Slot {number}:", NULL };

static const char *const arp[] = {
	/* 10.20.1.254     001e-c1dc-fc01 1        XGE1/0/47                16    D */
	"{near.addr} {mac} {vlan} {near.iface} {_} {state:caps}",
	NULL,
};
static const char *const arp_noise[] = { "Type: S-Static ", "IP address ", NULL };
/* clang-format on */

#define TOTAL "Total sessions found: {total}"

static const char *const session_also[] = {
	"display session table ipv6 verbose",
	"display session table ipv4 {_...} verbose",
	NULL,
};
static const char *const aspf_also[] = {
	"display aspf session ipv4",
	"display aspf session ipv6",
	"display session table ipv4",
	"display session table ipv6",
	"display nat session",
	NULL,
};
static const char *const arp_also[] = { "display arp all", "display arp {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "display session table ipv4 verbose",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = verbose,
	    .noise = noise,
	    .total = TOTAL,
	    .also = session_also,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "display nat session verbose",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = verbose,
	    .noise = noise,
	    .total = TOTAL,
	    .flags = COMMAND_VARIANT | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "display aspf session",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = brief,
	    .noise = noise,
	    .total = TOTAL,
	    .also = aspf_also,
	    .flags = COMMAND_VARIANT | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "display arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "comware", "h3c", "hpe_comware", NULL };
static const char *const setup[] = { "screen-length disable", NULL };
static const char *const more[] = { "---- More ----", NULL };
static const char *const refusals[] = { "% ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* HPE Comware Software, Version 7.1.045, Release 2432P03 */
	"H*Comware*Software*",
	NULL,
};

const struct driver driver_hp_comware = {
	.name = "hp_comware",
	.title = "HPE and H3C Comware",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">]",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "quit", },
	.signs = { .banner = "Comware-*", .prompt = "<*>", .version = "display version", .says = says,
	    .object = "1.3.6.1.4.1.25506" },
	.commands = commands,
	.functions = functions,
	.blind = "Idle time is not told; the forms without a responder show neither translation nor "
		 "counters, and of a session from outside to a translated address not who answers.",
	.privilege = "role network-operator",
	.status = STATUS_LAYOUT,
};
