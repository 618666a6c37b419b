/* Cisco ASA, and the firewall inside of FTD: connections and translations.
 *
 * A connection names the interface of the lower security level first, whoever started: that end is
 * far. "N in use" counts the whole box, rows or not: it is a header, no total. The heads of a
 * cluster's units stay unread: two units may list one connection, and a row cannot say whose it is.
 */
#include "drivers/function.h"

/* The flags of an ASA connection: letters, then the marks of other engines ("UxIO N1"). Of TCP they
 * say who began: B the outer end, else the inner one. */
static bool
asa_flags(struct text token, struct observation *o)
{
	enum { LONGEST = 40 };
	bool first = true;

	(void)token;
	if (o->state.n > LONGEST)
		return false;
	if (o->proto == PROTO_TCP)
		o->starter = STARTER_NEAR;
	for (size_t i = 0; i < o->state.n; i++) {
		char c = o->state.s[i], small = c | 0x20;

		if ((small < 'a' || small > 'z') && (c < '0' || c > '9') && c != '-' && c != ' ')
			return false;
		first &= c != ' ';
		if (c == 'B' && first && o->proto == PROTO_TCP)
			o->starter = STARTER_FAR;
	}
	return true;
}

/* "Initiator: 203.0.113.90" says more than the flags: on a box whose interfaces have one security
 * level nothing is outer. */
static bool
asa_initiator(struct text token, struct observation *o)
{
	struct addr a;

	if (!addr_parse(token, &a))
		return false;
	if (addr_equal(&o->near.addr, &o->far.addr))
		return true;
	if (addr_equal(&a, &o->far.addr))
		o->starter = STARTER_FAR;
	else if (addr_equal(&a, &o->near.addr))
		o->starter = STARTER_NEAR;
	return true;
}

/* An interface and the colon behind it: its name may hold colons too, "MPLS:MPLS(MPLS):". */
static bool
iface_colon(struct text token, struct text *iface)
{
	if (token.n < 2 || token.s[token.n - 1] != ':')
		return false;
	*iface = (struct text){ token.s, token.n - 1 };
	return true;
}

static bool
far_iface_colon(struct text token, struct observation *o)
{
	return iface_colon(token, &o->far_iface);
}

static bool
near_iface_colon(struct text token, struct observation *o)
{
	return iface_colon(token, &o->near_iface);
}

static const struct function functions[] = {
	{ "asa_flags", asa_flags },
	{ "asa_initiator", asa_initiator },
	{ "far_iface_colon", far_iface_colon },
	{ "near_iface_colon", near_iface_colon },
	{ NULL, NULL },
};

/* clang-format off */
#define PLAIN_TAIL ", idle {idle}, bytes {bytes}[, flags {state...}]"

static const char *const conn[] = {
	/* TCP outside 203.0.113.18:443 inside 10.30.8.14:50231, idle 0:00:04, bytes 912, flags UxIO
	 * ICMP outside 203.0.113.1:0 inside 10.30.8.14:512, idle 0:00:01, bytes 56 */
	"{proto} {far.iface} {far} {near.iface} {near}" PLAIN_TAIL "{row!asa_flags}",
	/* TCP outside 203.0.113.5:50700 NP Identity Ifc 192.0.2.1:22, idle 0:00:00, bytes 20,
	 * flags UOB */
	"{proto} {_} {far} NP Identity Ifc {near}" PLAIN_TAIL
	"{scope=self}{row!asa_flags}",
	/* UDP NP Identity Ifc 10.30.0.1:514 inside 10.30.8.7:514, idle 0:00:02, bytes 9, flags - */
	"{proto} NP Identity Ifc {near} {_} {far}" PLAIN_TAIL
	"{scope=self}{row!asa_flags}{starter=unknown}",
	NULL,
};

#define LONG_TAIL "flags {state...}, idle {idle}, uptime {age}, timeout {_}" \
	"[, bytes {bytes}[, {_...}]]"

/* Of show conn detail and show conn long. The timeout is the configured one, not what is left. */
static const char *const conn_long[] = {
	/* TCP outside: 203.0.113.18/443 (203.0.113.18/443) inside: 10.30.8.14/50231
	 * (192.0.2.44/50231), flags UxIO , idle 4s, uptime 1m2s, timeout 1h0m, bytes 4096 */
	"{proto} {_!far_iface_colon} {far} ({far_nat}) {_!near_iface_colon} {near} ({near_nat}), "
	LONG_TAIL "{row!asa_flags}",
	/* TCP outside: 203.0.113.90/15100 dmz: 10.30.40.10/80, */
	"{proto} {_!far_iface_colon} {far} {_!near_iface_colon} {near},",
	/* flags - N1, idle 21s, uptime 21s, timeout 2m0s, bytes 28, Rx-RingNum 45, Internal-D */
	"+ " LONG_TAIL "{row!asa_flags}",
	/* Initiator: 203.0.113.90, Responder: 10.30.40.10 */
	"+ Initiator: {_!asa_initiator}, Responder: {_}",
	/* Connection lookup keyid: 100587001 */
	"+ Connection lookup keyid: {number}",
	NULL,
};

/* 214 in use, 8810 most used */
static const char *const conn_noise[] = {
	"{number} in use, ",
	"Inspect Snort:",
	"preserve-connection: ",
	"Cluster:",
	"fwd connections: ",
	"dir connections: ",
	"centralized connections: ",
	"VPN redirect connections: ",
	"Flags: ",
	"{_} - ", /* B - TCP probe for server certificate, */
	NULL,
};

static const char *const count[] = {
	"{number} in use{unread=the line ends too early}",
	NULL,
};
/* 41 in use, fwd connection 0 in use, ... (Cluster-wide aggregated): the sum of the units below */
static const char *const count_noise[] = {
	"{number} in use, fwd connection ",
	"Usage Summary In Cluster:",
	"{_}:****",
	"Inspect Snort:",
	"preserve-connection: ",
	NULL,
};

#define NAT_FROM "NAT from {near.iface}:{near.addr} to {far.iface}:{near_nat.addr}"
#define NO_FLAGS "flags idle {idle} timeout {_}"
#define FLAGS "flags {state} idle {idle} timeout {_}"

static const char *const xlate[] = {
	/* TCP PAT from inside:10.30.8.14/50231 to outside:192.0.2.44/50231 flags ri idle 0:01:02
	 * timeout 0:00:30 */
	"{proto} PAT from {near.iface}:{near} to {far.iface}:{near_nat}[ " FLAGS "]",
	/* NAT from any:10.90.67.2 to any:10.86.94.0 flags idle 277:05:26 timeout 0:00:00 */
	NAT_FROM " " NO_FLAGS,
	/* NAT from dmz:172.16.20.5 to outside:192.0.2.45
	 *     flags s idle 16:02:55 timeout 0:00:00 */
	NAT_FROM "[ " FLAGS "]",
	"+ " NO_FLAGS,
	"+ " FLAGS,
	/* NAT from any:10.1.1.0/24 to any:172.16.1.0/24
	 * NAT from any:10.9.0.9, 10.9.0.10/31, 10.9.0.12/30, */
	"NAT from {_...}{unread=networks or lists are translated here: no single host is named}",
	/* PAT Global 192.0.2.44(1024) Local 10.30.8.14(4242)
	 * Global 192.0.2.45 Local 172.16.20.5 */
	"PAT Global {near_nat} Local {near}",
	"Global {near_nat.addr} Local {near.addr}",
	NULL,
};
/* Flags: D - DNS, i - dynamic, r - portmap, s - static, I - identity, T - twice */
static const char *const xlate_noise[] = { "{number} in use, ", "Flags: ", "{_} - ", NULL };
/* clang-format on */

static const char *const conn_also[] = {
	"show conn all",
	"show conn address {_...}",
	"show conn port {_...}",
	"show conn protocol {_...}",
	"show conn state {_...}",
	"cluster exec show conn",
	NULL,
};
static const char *const detail_also[] = { "show conn detail {_...}", NULL };
static const char *const long_also[] = { "show conn long {_...}", NULL };
static const char *const count_also[] = { "show cluster conn count", NULL };

/* Of the default commands the long form is the one: a single walk over the table gives the
 * translated ends and the age too, which else would take a second walk (show xlate) and a join. */
static const struct command commands[] = {
	{
	    .send = "show conn count",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = count,
	    .noise = count_noise,
	    .total = "{total} in use, {number} most used[, {_...}]",
	    .also = count_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show conn long",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conn_long,
	    .noise = conn_noise,
	    .also = long_also,
	    .flags = COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show conn",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conn,
	    .noise = conn_noise,
	    .also = conn_also,
	    .flags = COMMAND_VARIANT | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show conn detail",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conn_long,
	    .noise = conn_noise,
	    .also = detail_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show xlate",
	    .topic = TOPIC_NAT,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = xlate,
	    .noise = xlate_noise,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"cisco_ftd",
	"asa",
	"ftd",
	"cisco.asa.asa",
	"cisco-asa",
	"cisco-ftd",
	NULL,
};
static const char *const setup[] = { "terminal pager 0", NULL };
static const char *const more[] = { "<--- More --->", NULL };
static const char *const refusals[] = { "ERROR: ", "Command authorization failed", NULL };

const struct driver driver_cisco_asa = {
	.name = "cisco_asa",
	.title = "Cisco ASA, FTD (LINA)",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.commands = commands,
	.functions = functions,
	.blind = "Connections to the firewall itself, those of other units of a cluster and of "
		 "other contexts are not listed, nor who started a UDP or ICMP exchange.",
	.privilege = "level 5 with command authorization; a default installation wants level 15",
	.status = STATUS_LAYOUT,
};
