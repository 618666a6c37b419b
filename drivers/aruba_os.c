/* Aruba controllers (ArubaOS 8): the data path's sessions, neighbours.
 *
 * One row for each direction: its source is near. Flag C says that the source is the client, who
 * started; a row without it goes back to the client. Flag N: the destination is translated, and who
 * is behind it is not told. */
#include "drivers/function.h"

static bool
aruba_flags(struct text token, struct observation *o)
{
	o->starter = STARTER_FAR;
	for (size_t i = 0; i < token.n; i++) {
		if (token.s[i] == 'C')
			o->starter = STARTER_NEAR;
		if (token.s[i] != 'N')
			continue;
		o->far_nat = o->far;
		o->far = (struct endpoint){ 0 };
	}
	return true;
}

/* Some releases count in hexadecimal digits and do not say so. One letter, or packets that would
 * be shorter or longer than one can be (RFC 791: 20 to 65,535 bytes): no counter of the row can be
 * told. */
static bool
aruba_counters(struct text token, struct observation *o)
{
	const uint32_t both = HAS_PACKETS_NEAR | HAS_BYTES_NEAR;
	const uint64_t packets = o->counters.packets_near, bytes = o->counters.bytes_near;

	(void)token;
	if ((o->counters.has & both) != both || bytes / 20 < packets ||
	    (packets > 0 ? bytes / packets > UINT16_MAX : bytes > 0))
		o->counters.has &= ~both;
	return true;
}

/* 00:00:5e:00:53:1a: what is bridged has no address. */
static bool
aruba_mac(struct text token, struct observation *o)
{
	enum { MAC = 17 };

	(void)o;
	for (size_t i = 0; i < token.n; i++)
		if ((token.s[i] == ':') != (i % 3 == 2))
			return false;
	return token.n == MAC;
}

static const struct function functions[] = {
	{ "aruba_counters", aruba_counters },
	{ "aruba_flags", aruba_flags },
	{ "aruba_mac", aruba_mac },
	{ NULL, NULL },
};

/* Source IP or MAC  Destination IP  Prot SPort DPort Cntr Prio ToS Age Destination TAge Packets ...
 * ----------------  --------------  ---- ----- ----- ---- ---- --- --- ----------- ---- ------- ...
 * 10.20.4.17        203.0.113.9     6    50112 443   0/0  0    0   3   tunnel 31   0    44      ...
 */
static const char *const sessions[] = {
	"Source IP or MAC | {near.addr}",
	"Destination IP | {far.addr}",
	"Prot | {proto}",
	"SPort | {near.port}",
	"DPort | {far.port}",
	"Packets | {packets.near}",
	"Packets | {hex}",
	"Bytes | {bytes.near}",
	"Bytes | {hex}",
	"Flags | {_!aruba_flags}",
	". | {row!aruba_counters}",
	NULL,
};
static const char *const sessions_noise[] = {
	"Datapath Session Table Entries",
	"----------",
	"Flags: F - fast age",
	"{_} - ", /* C - client, M - mirror, V - VOIP */
	"{_!aruba_mac} ",
	NULL,
};

/*    Internet  10.13.68.113  24:be:05:28:10:71  vlan10     78 */
static const char *const arp[] = {
	"IP Address | {near.addr}",
	"Hardware Address | {mac}",
	"Interface | {near.iface}",
	NULL,
};
static const char *const arp_noise[] = { "~ Codes: * - Local", "IPV4 ARP Table", "----------",
	NULL };

static const char *const sessions_also[] = { "show datapath session table {_...}",
	"show datapath session", NULL };

static const struct command commands[] = {
	{
	    .send = "show datapath session table",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = sessions,
	    .noise = sessions_noise,
	    .total = "Entries: {total}",
	    .also = sessions_also,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .total = "Total ARP entries: {total}",
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "aosw", "arubaos", "aruba", NULL };
static const char *const setup[] = { "no paging", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "% Invalid input", "% Parse error", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* ArubaOS (MODEL: Aruba7210), Version 8.6.0.4 */
	"ArubaOS (MODEL:*",
	NULL,
};

const struct driver driver_aruba_os = {
	.name = "aruba_os",
	.title = "ArubaOS (controllers)",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#>",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.14823" },
	.commands = commands,
	.functions = functions,
	.blind = "State and age of a session are not told, nor the real end behind a translated "
		 "destination; packets and bytes may be misread: some releases print them in "
		 "hexadecimal digits, and a row without a letter does not show it.",
	.privilege = "role read-only",
	.status = STATUS_LAYOUT,
};
