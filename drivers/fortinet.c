/* Fortinet FortiOS: the session table of the firewall, of the VDOM the login is in.
 *
 * The source of the original direction is near and started. One flow is listed once for each VDOM
 * it crosses. No setup: paging can be turned off only in the configuration, so marks are answered.
 */
#include "drivers/function.h"

/* vd=3: the place is the whole word, as printed. The pattern has read "vd=" before the number. */
static bool
fortios_vd(struct text token, struct observation *o)
{
	enum { KEY = 3 };

	for (size_t i = 0; i < token.n; i++)
		if (token.s[i] < '0' || token.s[i] > '9')
			return false;
	o->place = (struct text){ token.s - KEY, token.n + KEY };
	return true;
}

/* A session to the box: its starter was left open, as it stands as near until all is read. */
static bool
fortios_box(struct text token, struct observation *o)
{
	(void)token;
	if (o->scope != SCOPE_SELF || o->starter != STARTER_UNKNOWN)
		return true;
	observation_turn(o);
	o->starter = STARTER_FAR;
	return true;
}

/* Other records name the ends of a session too, but not its translation. */
static bool
fortios_traffic(struct text token, struct observation *o)
{
	(void)o;
	return text_is(token, "traffic");
}

static const struct function functions[] = {
	{ "fortios_traffic", fortios_traffic },
	{ "fortios_vd", fortios_vd },
	{ "fortios_box", fortios_box },
	{ NULL, NULL },
};

/* clang-format off */
static const char *const list[] = {
	/* udp     175    192.168.8.202:3679 -                192.0.2.53:53    - */
	"{proto} {left} {near} - {far} -{starter=near}",
	/* tcp     3570   10.8.1.10:49749  192.0.2.8:49749  203.0.113.9:443  - */
	"{proto} {left} {near} {near_nat} {far} -{starter=near}",
	/* tcp     106    203.0.113.200:40454 -                192.0.2.45:443   10.8.4.8:8443 */
	"{proto} {left} {near} - {far_nat} {far}{starter=near}",
	/* tcp     106    203.0.113.200:40454 10.8.4.1:40454 192.0.2.45:443   10.8.4.8:8443 */
	"{proto} {left} {near} {near_nat} {far_nat} {far}{starter=near}",
	NULL,
};

static const char *const list_noise[] = { "PROTO EXPIRE SOURCE ", NULL };

/* proto_state stays as printed. Ends are joined by the last colon, IPv6 too, and an older release
 * has a blank before the arrow. Where destination and source are both translated the hook of the
 * destination wins; the box itself is turned to near once all is read. */
#define INFO " info: <proto={proto} proto_state={state} duration={age} expire={left}>{starter=near}"
#define HOOKS                                                                                      \
	/* hook=pre dir=org act=dnat 203.0.113.200:40454->192.0.2.45:443(10.8.4.8:8443) */         \
	"+ hook={_} dir=org act=dnat {near}[ ]->{far_nat}({far})",                                 \
	/* hook=post dir=org act=snat 10.8.1.10:50880->203.0.113.9:443(192.0.2.8:50880) */         \
	"+ {row!far_unset}hook={_} dir=org act=snat {near}[ ]->{far}({near_nat})",                 \
	"+ {row!far_set}hook={_} dir=org act=snat {near}[ ]->{_}({near_nat})",                     \
	/* hook=pre dir=org act=noop 10.8.1.101:49963->10.9.2.101:22(0.0.0.0:0) */                 \
	"+ {row!far_unset}hook={_} dir=org act=noop {near}[ ]->{far}({_})",                        \
	"+ {row!far_set}hook={_} dir=org act=noop {_...}",                                         \
	/* hook=post dir=reply act=noop 2001:db8:9::53:53 ->2001:db8:8::10:57200(:::0) */          \
	"+ hook={_} dir=reply act={_...}"

#define DETAILS                                                                                    \
	/* statistic(bytes/packets/allow_err): org=23511/301/1 reply=25871/197/1 tuples=2 */       \
	"+ statistic(bytes/packets/allow_err): org={bytes.near}/{packets.near}/{number} "          \
	"reply={bytes.far}/{packets.far}/{number} <>",                                             \
	/* orgin->sink: org pre->in, reply out->post dev=28->24/24->28 gwy=10.8.0.1/0.0.0.0 */     \
	"+ orgin->sink: org pre->in, {_...}{scope=self}{starter=unknown}",                         \
	/* orgin->sink: org out->post, reply pre->in dev=0->7/7->0 gwy=0.0.0.0/10.8.0.1 */         \
	"+ orgin->sink: org out->post, {_...}{scope=self}",                                        \
	/* orgin->sink: org pre->post, reply pre->post dev=13->9/9->13 gwy=192.0.2.254/10.8.1.10 */ \
	"+ orgin->sink: org pre->post, {_...}",                                                    \
	/* misc=0 policy_id=11 pol_uuid_idx=523 auth_info=4 chk_client_info=0 vd=0 */              \
	"+ misc=<vd={_!fortios_vd}>{row!fortios_box}",                                             \
	/* user=rosa.t auth_server=LDAP-1 state=log may_dirty authed npu f00 acct-ext */           \
	"+ user={user...} auth_server=<>",                                                         \
	"+ state=<>", "+ origin-shaper=<>", "+ reply-shaper=<>", "+ per_ip_shaper=<>",             \
	"+ class_id=<>", "+ ha_id=<>", "+ policy_dir=<>", "+ tx speed(Bps/kbps): {_...}",          \
	"+ pos/(before,after) {_...}", "+ src_mac=<>", "+ serial=<>", "+ sdwan_<>",                \
	"+ rpdb_link_id<>", "+ dd_type=<>", "+ npu_state=<>", "+ npu info: {_...}", "+ vlifid=<>", \
	"+ no_ofld_reason:<>"

/* session info: proto=6 proto_state=01 duration=241 expire=3568 timeout=3600 flags=00000000 use=3 */
static const char *const blocks[] = { "session" INFO, DETAILS, HOOKS, NULL };
/* session6 info: proto=58 proto_state=00 duration=5 expire=58 timeout=0 refresh_dir=both use=4 */
static const char *const blocks6[] = { "session6" INFO, DETAILS, HOOKS, NULL };

/* date=2026-03-01 time=13:53:02 ... type="traffic" subtype="forward" ... vd="root" ...
 * srcip=203.0.113.200 srcport=40454 srcintf="wan1" ... dstip=192.0.2.45 dstport=443 dstintf="dmz" ...
 * trandisp="dnat" tranip=10.58.4.8 tranport=8443 duration=6 sentbyte=120 rcvdbyte=60 ... */
static const char *const traffic[] = {
	"<\"type={_!fortios_traffic} action={state} vd={place} proto={proto} srcip={near.addr} "
	"srcport={near.port} srcintf={near.iface} dstip={far_nat.addr} dstport={far_nat.port} "
	"dstintf={far.iface} transip={near_nat.addr} transport={near_nat.port} tranip={far.addr} "
	"tranport={far.port} duration={age} sentbyte={bytes.near} rcvdbyte={bytes.far} "
	"sentpkt={packets.near} rcvdpkt={packets.far} user={user} app={app}>"
	"{starter=near}{row!record_ends}",
	NULL,
};
/* Of what happened on the box, and of what was found in sessions that have a record of their own. */
static const char *const traffic_noise[] = {
	"<\">type=\"event\" ", "<\">type=\"utm\" ", NULL };

static const char *const arp[] = {
	/* 192.168.1.114     4          40:cb:c0:ce:81:85 lan */
	"{near.addr} {number} {mac:mac} {near.iface}",
	NULL,
};
static const char *const arp_noise[] = { "Address Age(min) Hardware Addr ", NULL };
/* clang-format on */

/* The counts of one VDOM, and of all: what stands around them has its own words. */
static const char *const none[] = { "{number}{unread=a number without its name}", NULL };
static const char *const stat_noise[] = {
	"memory_tension_drop=",
	"delete=",
	"flush_work_num=",
	"TCP sessions:",
	"{number} in {_:caps} state",
	"firewall error stat:",
	"error{number}=",
	"tt=",
	"cont=",
	"ids_recv=",
	"url_recv=",
	"av_recv=",
	"fqdn_count=",
	"fqdn6_count=",
	"global: ses_limit=",
	NULL,
};

static const char *const traffic_also[] = { "FortiOS traffic log, key=value", NULL };

static const struct command commands[] = {
	{
	    .send = "diagnose sys session list",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = blocks,
	    .total = "total session[:] {total}",
	    .flags = COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	/* Without bytes, age, user, VDOM and the sessions of the box itself. */
	{
	    .send = "get system session list",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = list,
	    .noise = list_noise,
	    .flags = COMMAND_VARIANT | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "diagnose sys session6 list",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = blocks6,
	    .total = "total session6[:] {total}",
	    .flags = COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "get system session status",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = none,
	    .total = "The total number of sessions for the current VDOM: {total}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "diagnose sys session stat",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = none,
	    .noise = stat_noise,
	    .total = "misc info: session_count={total} <>",
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "syslog traffic",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = traffic,
	    .noise = traffic_noise,
	    .also = traffic_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "get system arp",
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
	"fortios",
	"fortigate",
	"fortinet_fortios",
	"fortinet.fortios.fortios",
	"forti",
	NULL,
};
static const char *const more[] = { "--More-- ", NULL };
static const char *const refusals[] = { "Command fail. Return code", "Unknown action", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Version: FortiGate-600E v6.2.6,build1175,201110 (GA) */
	"Version: Forti*",
	NULL,
};

const struct driver driver_fortinet = {
	.name = "fortinet",
	.title = "Fortinet FortiOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "#$",
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "get system status", .says = says,
	    .object = "1.3.6.1.4.1.12356" },
	.commands = commands,
	.functions = functions,
	.blind = "VDOMs other than the one of the login are not listed; counters of offloaded "
		 "sessions lag; get system session list has IPv4 only.",
	.privilege = "access profile with read, and system-diagnostics for diagnose",
	.crosses = true,
	.status = STATUS_LAYOUT,
};
