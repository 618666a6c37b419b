/* MikroTik RouterOS: connection tracking, neighbours, stations and logins.
 *
 * The reply's source is the far end that really answers, its destination the near end as the far
 * side sees it. Flags are columns of one letter with holes: where they end is told by the key. */
#include "drivers/driver.h"

/* icmp-id=69: of both ends that send, as they stand in the place of ports elsewhere */
static bool
routeros_icmp_id(struct text token, struct observation *o)
{
	uint64_t id;

	if (!text_number(token, UINT16_MAX, &id))
		return false;
	o->near.has_port = o->near_nat.has_port = true;
	o->near.port = o->near_nat.port = (uint16_t)id;
	return true;
}

static const struct function functions[] = {
	{ "routeros_icmp_id", routeros_icmp_id },
	{ NULL, NULL },
};

/* clang-format off */
/* Thousands are set off with a blank; what was fast-tracked is part of the totals. */
#define REST                                                                                       \
	"<icmp-id={_!routeros_icmp_id} tcp-state={state} timeout={left} "                          \
	"orig-packets={packets.near:spaced} orig-bytes={bytes.near:spaced} "                       \
	"repl-packets={packets.far:spaced} repl-bytes={bytes.far:spaced}>{starter=near}"

static const char *const connections[] = {
	/* 0 SAC protocol=tcp src-address=172.31.255.29 src-port=56454 dst-address=172.31.255.30
	 * dst-port=22 reply-src-address=172.31.255.30 reply-src-port=22 reply-dst-address=172.31.255.29
	 * reply-dst-port=56454 tcp-state=established timeout=23h59m52s orig-packets=520
	 * orig-bytes=47 603 ... repl-packets=363 repl-bytes=53 460 ... repl-rate=6.4kbps
	 * 1 S Cs protocol=icmp src-address=192.168.80.254 ... icmp-type=8 icmp-code=0 icmp-id=69 ... */
	"{number} <>protocol={proto} src-address={near.addr}[ src-port={near.port}] "
	"dst-address={far_nat.addr}[ dst-port={far_nat.port}] "
	"reply-src-address={far.addr}[ reply-src-port={far.port}] "
	"reply-dst-address={near_nat.addr}[ reply-dst-port={near_nat.port}] " REST,
	/*  0  SAC Fs  protocol=tcp src-address=192.168.74.248:33186 dst-address=203.0.113.188:5228
	 * reply-src-address=203.0.113.188:5228 reply-dst-address=192.0.2.74:33186 tcp-state=... */
	"{number} <>protocol={proto} src-address={near} dst-address={far_nat} "
	"reply-src-address={far} reply-dst-address={near_nat} " REST,
	NULL,
};
static const char *const connections_noise[] = {
	"Flags: E - expected, S - seen-reply, ",
	"s - srcnat, d - dstnat",
	NULL,
};

static const char *const count[] = {
	"{number} {number}{unread=a count of one word was expected}",
	NULL,
};
static const char *const nothing[] = { NULL };

static const char *const arp[] = {
	/*  0 DC address=10.160.1.230 mac-address=12:34:56:78:90:AA interface=ether2_BOX published=no */
	"{number} <>address={near.addr} <mac-address={mac} interface={near.iface}>",
	NULL,
};

static const char *const stations[] = {
	/* 0 D E  mac-address=11:22:33:44:55:01 interface=ether4 bridge=lan-bridge on-interface=ether4 */
	"{number} <>mac-address={mac} <vid={vlan} interface={near.iface}>",
	NULL,
};

static const char *const logins[] = {
	/*  0    jul/21/2023 09:38:39 user1      1.2.3.4         ssh */
	"{number} [R ][M ]{_} {_} {user} {near.addr} {tty}",
	NULL,
};
static const char *const logins_noise[] = { "Flags: R - radius, ", "# WHEN NAME ADDRESS VIA", NULL };
/* clang-format on */

static const char *const terse_also[] = { "/ip firewall connection print terse", NULL };
static const char *const detail_also[] = { "/ip firewall connection print detail", NULL };
static const char *const arp_also[] = { "/ip arp print terse", NULL };
static const char *const stations_also[] = { "/interface bridge host print terse", NULL };

static const struct command commands[] = {
	{
	    .send = "/ip firewall connection print count-only",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = count,
	    .noise = nothing,
	    .total = "{total}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "/ip firewall connection print terse without-paging",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = connections,
	    .noise = connections_noise,
	    .also = terse_also,
	    .begins = "{number} <>protocol=",
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_SAMPLES,
	},
	/* The same, wrapped at blanks to the width of the terminal. */
	{
	    .send = "/ip firewall connection print detail without-paging",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = connections,
	    .noise = connections_noise,
	    .also = detail_also,
	    .begins = "{number} <>protocol=",
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "/ip arp print terse without-paging",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = nothing,
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "/interface bridge host print terse without-paging",
	    .topic = TOPIC_STATIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_SELF,
	    .patterns = stations,
	    .noise = nothing,
	    .also = stations_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "/user active print",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = logins,
	    .noise = logins_noise,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"routeros",
	"mikrotik",
	"ros",
	"community.routeros.routeros",
	"community.network.routeros",
	NULL,
};
static const char *const setup[] = { NULL };
static const char *const more[] = { "-- [Q quit|", NULL };
static const char *const refusals[] = {
	"bad command name",
	"expected end of command",
	"syntax error",
	"not enough permissions",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* version: 6.48.6 (long-term) */
	"version: *",
	NULL,
};

const struct driver driver_mikrotik_routeros = {
	.name = "mikrotik_routeros",
	.title = "MikroTik RouterOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "/quit", },
	.signs = { .banner = "ROSSSH*", .prompt = "[[]*@*[]]*>", .version = "/system resource print", .says = says,
	    .object = "1.3.6.1.4.1.14988" },
	.commands = commands,
	.functions = functions,
	.blind = "IPv6 connections have a table of their own, which is not asked; neither are "
		 "connections listed that bypass connection tracking or are offloaded.",
	.privilege = "group with the policies ssh and read",
	.status = STATUS_SAMPLES,
};
