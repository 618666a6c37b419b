/* Juniper Junos: the flow sessions of an SRX, and the sockets of its routing engine.
 *
 * The wing in is the one that started: its source is near. Where the wing out differs from it,
 * there is a translation. A session of two nodes is listed twice, as Active and as Backup or Warm.
 */
#include "drivers/function.h"

/* node0 */
static bool
junos_node(struct text token, struct observation *o)
{
	if (token.n != 5 || memcmp(token.s, "node", 4) != 0 || token.s[4] < '0' || token.s[4] > '9')
		return false;
	o->place = token;
	return true;
}

static bool
junos_in_due(struct text token, struct observation *o)
{
	(void)token;
	return o->near.addr.family == 0 && o->far.addr.family == 0;
}

/* A tunnel has no wing out, others have one. */
static bool
junos_out_due(struct text token, struct observation *o)
{
	(void)token;
	return o->near.addr.family != 0 && o->scope != SCOPE_SELF &&
	       !(o->counters.has & HAS_BYTES_FAR);
}

/* The wing in alone: its destination is the far end unless the wing out knows better. A tunnel
 * (scope self) comes to the box. */
static bool
junos_in(struct text token, struct observation *o)
{
	(void)token;
	o->far = o->far_nat;
	if (o->scope == SCOPE_SELF) {
		observation_turn(o);
		observation_ends_here(o);
	}
	return true;
}

static bool
is_local(struct text iface)
{
	return text_take(&iface, ".local.");
}

/* Both wings: .local..0 is the box. */
static bool
junos_out(struct text token, struct observation *o)
{
	(void)token;
	if (!is_local(o->near_iface) && !is_local(o->far_iface))
		return true;
	if (!is_local(o->near_iface))
		observation_turn(o);
	observation_ends_here(o);
	return true;
}

/* XML: both wings fill the same fields, so the first makes room for the second. */
static bool
junos_direction(struct text token, struct observation *o)
{
	if (text_is(token, "In"))
		return junos_in_due(token, o);
	if (!text_is(token, "Out") || o->near.addr.family == 0 || o->far.addr.family != 0)
		return false;
	observation_turn(o);
	return true;
}

static bool
junos_wings(struct text token, struct observation *o)
{
	if (o->far.addr.family == 0)
		return junos_in(token, o);
	observation_turn(o);
	o->starter = STARTER_NEAR;
	return junos_out(token, o);
}

/* The words before "_SESSION_": only RT_FLOW may be their program, "sshd[7]:" quotes a user. */
static bool
junos_log_head(struct text token, struct observation *o)
{
	struct text head = o->place, part;
	bool ends = false;

	(void)token;
	for (text_skip_blanks(&head); text_take_word(&head, &part); text_skip_blanks(&head)) {
		ends = text_is(part, "RT_FLOW");
		if (part.s[part.n - 1] == ':' && !text_is(part, "RT_FLOW:"))
			return false;
	}
	o->place = (struct text){ 0 };
	return ends;
}

/* A user, no clock: " 9:38AM  up 209 days" stands above them. */
static bool
junos_user(struct text token, struct observation *o)
{
	o->user = token;
	return !memchr(token.s, ':', token.n);
}

/* Minutes, 2:05, 3days or "-". */
static bool
junos_idle(struct text token, struct observation *o)
{
	(void)o;
	return text_is(token, "-") || (token.s[0] >= '0' && token.s[0] <= '9');
}

/* A log names no application and no user by a word; a denied session has no translation. */
static bool
junos_log(struct text token, struct observation *o)
{
	(void)token;
	if (text_is(o->app, "None"))
		o->app = (struct text){ 0 };
	if (text_is(o->user, "N/A"))
		o->user = (struct text){ 0 };
	if (o->far.addr.family == 0)
		o->far = o->far_nat;
	o->starter = STARTER_NEAR;
	return true;
}

static const struct function functions[] = {
	{ "junos_idle", junos_idle },
	{ "junos_log", junos_log },
	{ "junos_log_head", junos_log_head },
	{ "junos_node", junos_node },
	{ "junos_in_due", junos_in_due },
	{ "junos_out_due", junos_out_due },
	{ "junos_in", junos_in },
	{ "junos_out", junos_out },
	{ "junos_direction", junos_direction },
	{ "junos_user", junos_user },
	{ "junos_wings", junos_wings },
	{ NULL, NULL },
};

/* clang-format off */
/* node0: of a cluster, its table below it */
#define NODE "@ {_!junos_node}:"

#define SESSION "Session ID: {number}, Policy name: {_}, [HA State: {_}[ ], ]"
#define STATE ", [Session State: ]{state}"
#define TAG ", [Conn Tag: {hex}, ]"
#define TAIL "[,[ HA Wing State: {_}[,]]]"

static const char *const flow[] = {
	/* Session ID: 90210, Policy name: N/A, Timeout: N/A, Session State: Valid */
	SESSION "Timeout: N/A" STATE "{scope=self}",
	/* Session ID: 17179870021, Policy name: lan-out/5, Timeout: 1788, Session State: Valid
	 * Session ID: 4711, Policy name: lan-out/5, HA State: Warm , Timeout: 20, Session State: Valid
	 * Session ID: 4712, Policy name: lan-out/5, Timeout: 1788, Valid */
	SESSION "Timeout: {left}" STATE "{starter=near}",
	/* In: 10.8.1.20/50311 --> 203.0.113.9/443;tcp, Conn Tag: 0x0, If: ge-0/0/1.0, Pkts: 4, Bytes: 812, */
	"+ {row!junos_in_due}In: {near} --> {far_nat};{proto}" TAG "If: {near.iface}, "
	"Pkts: {packets.near}, Bytes: {bytes.near}" TAIL "{row!junos_in}",
	/* Out: 203.0.113.9/443 --> 192.0.2.8/20117;tcp, If: fe-0/0/0.0, Pkts: 6, Bytes: 7023 */
	"+ {row!junos_out_due}Out: {far} --> {near_nat};{_}" TAG "If: {far.iface}, "
	"Pkts: {packets.far}, Bytes: {bytes.far}" TAIL "{row!junos_out}",
	NODE,
	NULL,
};

/* A block for each node, a list for each PIC. */
static const char *const flow_noise[] = { "----------", "Flow Sessions on FPC", NULL };

static const char *const arp[] = {
	/* 00:00:5e:00:53:04 10.8.1.130      vlan.20        none */
	"{mac} {near.addr} {near.iface}[ \\[{_}\\]] none",
	"{mac} {near.addr} {near.iface}[ \\[{_}\\]] permanent{kind=permanent}",
	/* 00:00:5e:00:53:04 10.8.1.130      10.8.1.130     em0.0          none */
	"{mac} {near.addr} {_} {near.iface}[ \\[{_}\\]] none",
	"{mac} {near.addr} {_} {near.iface}[ \\[{_}\\]] permanent{kind=permanent}",
	NODE,
	NULL,
};
static const char *const arp_noise[] = { "MAC Address ", "----------", NULL };

static const char *const users[] = {
	/* rosa     d0       -                                 8:31AM     56 -cl */
	"{_!junos_user} {tty} - {_} {_!junos_idle} {_...}",
	/* rosa     pts/1    10.8.0.1                          8:31AM     56 -cl */
	"{_!junos_user} {tty} {from} {_} {_!junos_idle} {_...}",
	NODE,
	NULL,
};
/*  9:38AM  up 209 days, 37 mins, 3 users, load averages: 0.28, 0.39, 0.37 */
static const char *const users_noise[] = { "USER TTY FROM ", "{_} up ", "----------", NULL };

static const char *const summary[] = {
	"Sessions-in-use:{unread=the line ends too early}",
	NODE,
	NULL,
};
static const char *const summary_noise[] = {
	"Unicast-sessions: ", "Multicast-sessions: ", "Services-offload-sessions: ",
	"Failed-sessions: ", "Sessions-in-drop-flow: ", "Valid sessions: ", "Pending sessions: ",
	"Invalidated sessions: ", "Sessions in other states: ", "Maximum-sessions: ",
	"----------", NULL,
};

#define LOG "{place...}{row!junos_log_head}_SESSION_"
#define RULES "{_}[ rule] {_} {_}[ rule] {_} {proto} {_} {_} {far.iface} {number} "
#define ENDS "{near}->{far_nat} 0x{hex} {app} {near_nat}->{far} 0x{hex} " RULES
#define ADDRS "{_...}source-address=\"{near.addr}\" source-port=\"{near.port}\" "                 \
	"destination-address=\"{far_nat.addr}\" destination-port=\"{far_nat.port}\" "              \
	"{_...}service-name=\"{app}\" "
#define NAT "nat-source-address=\"{near_nat.addr}\" nat-source-port=\"{near_nat.port}\" "         \
	"nat-destination-address=\"{far.addr}\" nat-destination-port=\"{far.port}\" {_...}"
#define ZONES "protocol-id=\"{proto}\" {_...}destination-zone-name=\"{far.iface}\" {_...}"
#define COUNTERS "packets-from-client=\"{packets.near}\" bytes-from-client=\"{bytes.near}\" "     \
	"packets-from-server=\"{packets.far}\" bytes-from-server=\"{bytes.far}\" "                 \
	"elapsed-time=\"{age}\" {_...}"
#define WHO "username=\"{user}\" {_...}packet-incoming-interface=\"{near.iface}\" {_...}"

/* What a collector wrote of the flow log, plain or structured; the plain one may be cut short. */
static const char *const rt_flow[] = {
	LOG "CREATE: session created " ENDS "{user}({_}) {near.iface} {_...}"
	"{state=create}{row!junos_log}",
	LOG "CREATE: session created {near}->{far_nat}{state=create}{row!junos_log}",
	LOG "CLOSE: session closed {_...}: " ENDS "{packets.near}({bytes.near}) "
	"{packets.far}({bytes.far}) {age} {_} {_} {user}({_}) {near.iface} {_...}"
	"{state=close}{row!junos_log}",
	LOG "CLOSE: session closed TCP {_...}: {near}->{far_nat} {app}{proto=tcp}{state=close}"
	"{row!junos_log}",
	LOG "CLOSE: session closed {_...}: {near}->{far_nat} {app}{state=close}{row!junos_log}",
	LOG "DENY: session denied {near}->{far_nat} {app}{state=deny}{row!junos_log}",
	LOG "CREATE \\[" ADDRS NAT ZONES WHO "{state=create}{row!junos_log}",
	LOG "CLOSE \\[" ADDRS NAT ZONES COUNTERS WHO "{state=close}{row!junos_log}",
	LOG "DENY \\[" ADDRS ZONES WHO "{state=deny}{row!junos_log}",
	NULL,
};
/* clang-format on */

/* <flow-session> ... <flow-information><direction>In</direction><source-address>10.8.1.20</...>
 * Both wings fill near and far_nat: junos_direction turns the row between them. */
static const char *const flow_xml[] = {
	"flow-session",
	"application-name {app...}",
	"timeout {left}",
	"sess-state {state...}",
	"logical-system {place...}",
	"duration {age}",
	"flow-information/direction {_!junos_direction}",
	"flow-information/source-address {near.addr}",
	"flow-information/source-port {near.port}",
	"flow-information/destination-address {far_nat.addr}",
	"flow-information/destination-port {far_nat.port}",
	"flow-information/protocol {proto}",
	"flow-information/interface-name {near.iface}",
	"flow-information/pkt-cnt {packets.near}",
	"flow-information/byte-cnt {bytes.near}",
	". {starter=near}{row!junos_wings}",
	NULL,
};
static const char *const xml_noise[] = {
	"\\<rpc-reply>",
	"\\<multi-routing-engine-results>",
	"\\<multi-routing-engine-item>",
	"\\<re-name>",
	"re-name: {_!junos_node}",
	"\\<flow-session-information>",
	"\\<flow-fpc-pic-id>",
	"flow-fpc-pic-id: on FPC",
	"\\<displayed-session-count>",
	"\\<cli>",
	"\\<banner>",
	NULL,
};

static const char *const connections[] = {
	/* tcp4       0      0  10.8.0.192.22          10.8.0.1.56714         ESTABLISHED */
	"tcp{number} {number} {number} {near} {far} {state:caps}{proto=tcp}",
	/* udp4       0      0  *.514                  *.* */
	"udp{number} {number} {number} {near} {far}{proto=udp}",
	NODE,
	NULL,
};
static const char *const connections_noise[] = { "Active Internet connections", "Proto Recv-Q ",
	"----------", NULL };

static const char *const flow_also[] = {
	"show security flow session brief",
	"show security flow session nat",
	"show security flow session interface {_...}",
	"show security flow session source-prefix {_...}",
	"show security flow session destination-prefix {_...}",
	"show security flow session | no-more",
	NULL,
};
static const char *const connections_also[] = {
	"show system connections inet",
	"show system connections inet6",
	"show system connections | no-more",
	NULL,
};

static const char *const arp_also[] = { "show arp", NULL };
static const char *const users_also[] = { "show system users no-resolve", NULL };

static const struct command commands[] = {
	{
	    .send = "show security flow session summary",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = summary,
	    .noise = summary_noise,
	    .total = "Sessions-in-use: {total}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show security flow session",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = flow,
	    .noise = flow_noise,
	    .total = "Total sessions: {total}",
	    .also = flow_also,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	/* The same with age and application, in fifty lines a session instead of three. */
	{
	    .send = "show security flow session | display xml",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_XML,
	    .scope = SCOPE_TRANSIT,
	    .patterns = flow_xml,
	    .noise = xml_noise,
	    .total = "displayed-session-count: {total}",
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show system connections",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = connections,
	    .noise = connections_noise,
	    .also = connections_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "syslog rt-flow",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = rt_flow,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show arp no-resolve",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .total = "Total entries: {total}",
	    .also = arp_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show system users",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = users,
	    .noise = users_noise,
	    .also = users_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"junos",
	"juniper",
	"juniper_srx",
	"srx",
	"juniper-junos",
	"juniper-srx",
	"junipernetworks.junos.junos",
	"junos-evo",
	NULL,
};
static const char *const setup[] = { "set cli screen-length 0", "set cli screen-width 0", NULL };
static const char *const more[] = { "---(more", NULL };
static const char *const refusals[] = { "syntax error", "unknown command.",
	"error: permission denied", NULL };

/* In a cluster {primary:node0} stands on a line above the prompt. */
/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Junos: 18.4R3.3 */
	"Junos: *",
	/* JUNOS Software Release [10.4R6.5] */
	"JUNOS *",
	NULL,
};

const struct driver driver_juniper_junos = {
	.name = "juniper_junos",
	.title = "Juniper Junos (SRX)",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">}",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.2636" },
	.commands = commands,
	.functions = functions,
	.blind = "The age of a session is not told, nor "
		 "who started a connection or a tunnel of the device itself.",
	.privilege = "login class with permission view",
	.status = STATUS_LAYOUT,
};
