/* Cisco ASA, and the firewall inside of FTD: connections and translations.
 *
 * A connection names the interface of the lower security level first, whoever started: that end is
 * far. "N in use" counts the whole box: a header, no total. Two units of a cluster may list one
 * connection, the second as a stub: the unit is its place. */
#include "drivers/cisco_asa_log.h"
#include "drivers/function.h"
#include "drivers/value.h"

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

/* Static translation of a port: "10.30.8.14 25-25". A range of more ports has none. */
static bool
one_port(struct text token, struct endpoint *e)
{
	uint64_t first, last;

	if (!text_take_number(&token, UINT16_MAX, &first) || !text_take_char(&token, '-') ||
	    !text_number(token, UINT16_MAX, &last) || first != last)
		return false;
	e->port = (uint16_t)first;
	e->has_port = true;
	return true;
}

static bool
near_port_range(struct text token, struct observation *o)
{
	return one_port(token, &o->near);
}

static bool
nat_port_range(struct text token, struct observation *o)
{
	return one_port(token, &o->near_nat);
}

/* The days of "2d 3h:05m:12s" are read, the rest comes behind a blank. */
static bool
asa_hours(struct text token, struct observation *o)
{
	uint32_t seconds;
	bool known;

	if (!value_duration(token, &seconds, &known) || seconds > UINT32_MAX - o->counters.age)
		return false;
	o->counters.age += seconds;
	return known;
}

/* Where the number of a message ends, "302013:": six digits that begin a word or follow a dash, a
 * bar. 0: there is none. */
static size_t
message_end(struct text line)
{
	enum { DIGITS = 6 };
	size_t run = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.s[i];

		if (c == ':' && run == DIGITS &&
		    (i == DIGITS || strchr(" -|", line.s[i - DIGITS - 1])))
			return i + 1;
		run = c >= '0' && c <= '9' ? run + 1 : 0;
	}
	return 0;
}

/* Before "Built" stands the first number of a message: what a user typed comes behind its own. */
static bool
asa_message(struct text token, struct observation *o)
{
	(void)token;
	if (o->place.n == 0 || message_end(o->place) != o->place.n)
		return false;
	o->place = (struct text){ 0 };
	return true;
}

/* A message that is about no connection and no translation (302..., 305...). */
static bool
asa_other_message(struct text token, struct observation *o)
{
	enum { NUMBER = 7 };
	size_t end = message_end(o->place);

	(void)token;
	return end > 0 && memcmp(o->place.s + end - NUMBER, "302", 3) != 0 &&
	       memcmp(o->place.s + end - NUMBER, "305", 3) != 0;
}

static const struct function functions[] = {
	{ "asa_flags", asa_flags },
	{ "asa_hours", asa_hours },
	{ "asa_initiator", asa_initiator },
	{ "asa_message", asa_message },
	{ "asa_other_message", asa_other_message },
	{ "far_iface_colon", far_iface_colon },
	{ "nat_port_range", nat_port_range },
	{ "near_iface_colon", near_iface_colon },
	{ "near_port_range", near_port_range },
	{ NULL, NULL },
};

/* clang-format off */
#define PLAIN_TAIL ", idle {idle}, bytes {bytes}[, flags {state...}]"

/* unit-1-1(LOCAL):****************** */
#define UNIT "@ {place}[(LOCAL)]:****{_...}"

#define CONN                                                                                       \
	/* TCP outside 203.0.113.18:443 inside 10.30.8.14:50231, idle 0:00:04, bytes 9, flags UxIO \
	 * ICMP outside 203.0.113.1:0 inside 10.30.8.14:512, idle 0:00:01, bytes 56 */             \
	"{proto} {far.iface} {far} {near.iface} {near}" PLAIN_TAIL "{row!asa_flags}",              \
	/* TCP outside 203.0.113.5:50700 NP Identity Ifc 192.0.2.1:22, idle 0:00:00, bytes 2,      \
	 * flags UOB */                                                                            \
	"{proto} {_} {far} NP Identity Ifc {near}" PLAIN_TAIL "{scope=self}{row!asa_flags}",       \
	/* UDP NP Identity Ifc 10.30.0.1:514 inside 10.30.8.7:514, idle 0:00:02, bytes 9, flags - */ \
	"{proto} NP Identity Ifc {near} {_} {far}" PLAIN_TAIL                                      \
	"{scope=self}{row!asa_flags}{starter=unknown}"

static const char *const conn[] = { CONN, UNIT, NULL };

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
	UNIT,
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
#define NETS_FROM "NAT from {near.iface}:{_!net_real} to {far.iface}:{_!net_mapped}"
#define NO_FLAGS "flags idle {idle} timeout {_}"
#define FLAGS "flags {state} idle {idle} timeout {_}"

#define XLATE                                                                                      \
	/* TCP PAT from inside:10.30.8.14/50231 to outside:192.0.2.44/50231 flags ri idle 0:01:02  \
	 * timeout 0:00:30 */                                                                      \
	"{proto} PAT from {near.iface}:{near} to {far.iface}:{near_nat}[ " FLAGS "]",              \
	/* TCP PAT from inside:10.30.8.14 25-25 to outside:192.0.2.44 25-25 */                     \
	"{proto} PAT from {near.iface}:{near.addr} {_!near_port_range} to "                        \
	"{far.iface}:{near_nat.addr} {_!nat_port_range}[ " FLAGS "]",                              \
	/* NAT from any:10.90.67.2 to any:10.86.94.0 flags idle 277:05:26 timeout 0:00:00 */       \
	NAT_FROM " " NO_FLAGS,                                                                     \
	/* NAT from dmz:172.16.20.5 to outside:192.0.2.45                                          \
	 *     flags s idle 16:02:55 timeout 0:00:00 */                                            \
	NAT_FROM "[ " FLAGS "]",                                                                   \
	"+ " NO_FLAGS,                                                                             \
	"+ " FLAGS,                                                                                \
	/* NAT from any:10.1.1.0/24 to any:172.16.1.0/24 */                                        \
	NETS_FROM " " NO_FLAGS,                                                                    \
	NETS_FROM "[ " FLAGS "]",                                                                  \
	/* NAT from any:10.9.0.9, 10.9.0.10/31, 10.9.0.12/30, */                                   \
	"NAT from {_...}{unread=a list, or networks of two sizes, is translated: no host is named}",\
	/* PAT Global 192.0.2.44(1024) Local 10.30.8.14(4242)                                      \
	 * Global 192.0.2.45 Local 172.16.20.5 */                                                  \
	"PAT Global {near_nat} Local {near}",                                                      \
	"Global {near_nat.addr} Local {near.addr}"

static const char *const xlate[] = { XLATE, UNIT, NULL };
/* Flags: D - DNS, i - dynamic, r - portmap, s - static, I - identity, T - twice */
static const char *const xlate_noise[] = { "{number} in use, ", "Flags: ", "{_} - ", NULL };

/* Of each host its translations, then its connections. */
static const char *const local_host[] = { XLATE, CONN, UNIT, NULL };
static const char *const local_host_noise[] = {
	"Interface {_}: {number} active, ", /* inside: 41 active, 92 maximum active, 0 denied */
	"local host: \\<", "Licensed host limit: ", "TCP flow count/limit = ",
	"TCP embryonic count to host = ", "TCP intercept watermark = ", "UDP flow count/limit = ",
	"Xlate:", "Conn:", "Cluster:", NULL,
};

static const char *const arp[] = {
	/* outside 203.0.113.4 444e.6df8.b97e 15 */
	"{near.iface} {near.addr} {mac} {number}[ alias]",
	/* inside 10.30.8.1 0013.2401.01a3 - */
	"{near.iface} {near.addr} {mac} -{kind=static}[ alias]",
	NULL,
};

/* Username     : marta.k               Index        : 1018 */
static const char *const anyconnect[] = {
	"Username : {user...} Index : {number}",
	/* Assigned IP  : 10.254.254.22          Public IP    : 203.0.113.4 */
	"+ Assigned IP : {near.addr} Public IP : {near_nat.addr}",
	"+ Bytes Tx : {bytes.near} Bytes Rx : {bytes.far}",
	/* Duration     : 2h:21m:21s */
	"+ Duration : {age}[ {_!asa_hours}]",
	"+ Inactivity : {idle}",
	"+ Protocol : {_...}", "+ License : {_...}", "+ Encryption : {_...}", "+ Hashing : {_...}",
	"+ Group Policy : {_...}", "+ Login Time : {_...}", "+ VLAN Mapping : {_...}",
	"+ Audt Sess ID : {_...}", "+ Security Grp : {_...}",
	NULL,
};
static const char *const anyconnect_noise[] = {
	"Session Type: ",
	"INFO: There are presently no active sessions",
	NULL,
};

static const char *const ssh[] = {
	/* 0   10.1.1.21       2.0     IN   aes128-ctr sha1     SessionStarted   james
	 * 1   10.1.1.22       1.5     -    3DES       -        SessionStarted   pat */
	"{tty} {from} {_} IN {_} {_} {state} {user}",
	"{tty} {from} {_} - {_} - {state} {user}",
	NULL,
};
/*                             OUT  aes128-ctr sha1     SessionStarted   james */
static const char *const ssh_noise[] = { "SID Client IP ", "OUT {_} {_} {_} {_}", NULL };

static const char *const conn_also[] = {
	"show conn all", "show conn address {_...}", "show conn port {_...}",
	"show conn protocol {_...}", "show conn state {_...}", "cluster exec show conn", NULL,
};
static const char *const detail_also[] = { "show conn detail {_...}", NULL };
static const char *const long_also[] = { "show conn long {_...}", NULL };
static const char *const local_host_also[] = { "show local-host {_...}", NULL };
static const char *const count_also[] = { "show cluster conn count", NULL };
/* clang-format on */

/* By default the long form: one walk over the table gives the translated ends and the age too,
 * which else would take a second walk (show xlate) and a join. */
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
	{
	    .send = "show local-host",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = local_host,
	    .noise = local_host_noise,
	    .also = local_host_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "syslog",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = syslog,
	    .noise = syslog_noise,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show vpn-sessiondb anyconnect",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_SELF,
	    .patterns = anyconnect,
	    .noise = anyconnect_noise,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show ssh sessions",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = ssh,
	    .noise = ssh_noise,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
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
	"firelinuxos",
	"fxos",
	NULL,
};
static const char *const setup[] = { "terminal pager 0", NULL };
static const char *const more[] = { "<--- More --->", NULL };
static const char *const refusals[] = { "ERROR: ", "Command authorization failed", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Cisco Adaptive Security Appliance Software Version 9.8(3)21 */
	"Cisco Adaptive Security Appliance*",
	/* Model                     : Cisco Firepower Threat Defense for VMware (75) Version 6.2.0
	 */
	"Model*: Cisco Firepower Threat Defense*",
	NULL,
};

const struct driver driver_cisco_asa = {
	.name = "cisco_asa",
	.title = "Cisco ASA, FTD (LINA)",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit",
	    .enable = "enable",
	    .enable_asks = "Password:", },
	.signs = { .banner = "Cisco-*", .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.9" },
	.commands = commands,
	.functions = functions,
	.blind = "Not listed: connections to the firewall itself, of other units of a cluster, of "
		 "other contexts; nor who started a UDP or ICMP exchange.",
	.privilege = "level 5 with command authorization; a default installation wants level 15",
	.status = STATUS_LAYOUT,
};
