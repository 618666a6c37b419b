/* Linux: connection tracking of a firewall, sockets of a server. One exec channel a command. */
#include "drivers/function.h"
#include "drivers/linux_host.h"

/* A connection from the box to itself passes through nothing: its end is the box, and the end that
 * answers comes first. */
static bool
one_box(struct text token, struct observation *o)
{
	struct endpoint end = o->near;

	(void)token;
	if (o->near.addr.family == 0 || !addr_equal(&o->near.addr, &o->far.addr))
		return true;
	o->near = o->far;
	o->far = end;
	end = o->near_nat;
	o->near_nat = o->far_nat;
	o->far_nat = end;
	o->scope = SCOPE_HOST;
	if (o->starter != STARTER_UNKNOWN)
		o->starter = o->starter == STARTER_NEAR ? STARTER_FAR : STARTER_NEAR;
	return true;
}

/* What w says of processor time: 18.09s 1:02 3:04m ? */
static bool
cpu_time(struct text token, struct observation *o)
{
	(void)o;
	if (text_is(token, "?"))
		return true;
	for (size_t i = 0; i < token.n; i++)
		if ((token.s[i] < '0' || token.s[i] > '9') && !strchr(".:sm", token.s[i]))
			return false;
	return token.s[0] >= '0' && token.s[0] <= '9';
}

/* Lines of who about the system itself stand where a user would. */
static bool
login_name(struct text token, struct observation *o)
{
	o->user = token;
	return !text_is(token, "system") && !text_is(token, "run-level");
}

static const struct function functions[] = {
	{ "cpu_time", cpu_time },
	{ "login_name", login_name },
	{ "one_box", one_box },
	{ NULL, NULL },
};

#undef linux

/* The second tuple is the answer the box expects: where it goes to is the near end as the far side
 * sees it, where it comes from is the end that really answers. Words between the tuples (counters,
 * [UNREPLIED], the keys of gre, timeouts of /proc) may be there or not. */
#define TUPLES(head)                                                                               \
	head "<>src={near.addr} dst={far_nat.addr}[ sport={near.port} dport={far_nat.port}]"       \
	     "[ type={_} code={_} id={near.port}] <packets={packets.near} bytes={bytes.near}>"     \
	     "src={far.addr} dst={near_nat.addr}[ sport={far.port} dport={near_nat.port}]"         \
	     "[ type={_} code={_} id={near_nat.port}] <packets={packets.far} bytes={bytes.far} "   \
	     "zone={place:set} delta-time={age}>{starter=near}{row!one_box}"

/* clang-format off */
static const char *const conntrack[] = {
	/* ipv4     2 tcp      6 431931 ESTABLISHED src=10.20.0.11 dst=203.0.113.10 sport=44319
	 * dport=443 packets=4 bytes=222 src=203.0.113.10 dst=192.0.2.1 sport=443 dport=44319
	 * packets=3 bytes=170 [ASSURED] mark=7 delta-time=69 use=1 id=2864792516
	 *
	 * udp      17 28 src=10.20.0.12 dst=198.51.100.7 sport=44146 dport=53 [UNREPLIED]
	 * src=198.51.100.7 dst=192.0.2.1 sport=53 dport=44146 mark=7 use=1 */
	TUPLES("[ipv4 2 ][ipv6 10 ]{_} {proto} [{left} ][{state:caps} ]"),
	NULL,
};
/* clang-format on */

static const char *const conntrack_noise[] = { SHELL_NOISE, NULL };

/* <flow><meta direction="original"><layer3 protonum="2" protoname="ipv4"><src>10.20.0.11</src> ...
 * <meta direction="independent"><state>ESTABLISHED</state><timeout>431965</timeout> ... </flow> */
static const char *const conntrack_xml[] = {
	"flow",
	"meta[direction=original]/layer3/src {near.addr}",
	"meta[direction=original]/layer3/dst {far_nat.addr}",
	"meta[direction=original]/layer4@protonum {proto}",
	"meta[direction=original]/layer4/sport {near.port}",
	"meta[direction=original]/layer4/dport {far_nat.port}",
	"meta[direction=original]/counters/packets {packets.near}",
	"meta[direction=original]/counters/bytes {bytes.near}",
	"meta[direction=reply]/layer3/src {far.addr}",
	"meta[direction=reply]/layer3/dst {near_nat.addr}",
	"meta[direction=reply]/layer4/sport {far.port}",
	"meta[direction=reply]/layer4/dport {near_nat.port}",
	"meta[direction=reply]/counters/packets {packets.far}",
	"meta[direction=reply]/counters/bytes {bytes.far}",
	"meta[direction=independent]/state {state}",
	"meta[direction=independent]/timeout {left}",
	"meta[direction=independent]/zone {place:set}",
	"meta[direction=independent]/deltatime {age}",
	".@type {state}", /* of an event: new, update, destroy; its own state comes later */
	". {starter=near}{row!one_box}",
	NULL,
};

static const char *const xml_noise[] = { "\\<conntrack>", SHELL_NOISE, NULL };

static const char *const ss[] = {
	/* tcp   ESTAB 0      0      10.20.0.11:44319        203.0.113.10:443    users:((... */
	"[{proto:lower} ]{state:caps} {number} {number} {near} {far} <>",
	/* tcp   ESTAB 0      0             fw.example:ssh        198.51.100.7:40512 */
	"[{proto:lower} ]{state:caps} {number} {number} {_!host_name} {_} <>" HOST_NAME,
	"[{proto:lower} ]{state:caps} {number} {number} {_} {_!host_name} <>" HOST_NAME,
	NULL,
};

/* The header, glued or not; sockets that are no IP; the second line of -i and -m. */
static const char *const ss_noise[] = {
	"Netid ",
	"State ",
	"nl ",
	"p_raw ",
	"p_dgr ",
	"u_str ",
	"u_dgr ",
	"u_seq ",
	"v_str ",
	"v_dgr ",
	"tipc ",
	"xdp ",
	"ts ",
	"sack ",
	"cubic ",
	"bbr ",
	"skmem:(",
	"Failed to find cgroup2 mount",
	SHELL_NOISE,
	NULL,
};

#define NETSTAT "{proto:lower} {number} {number} "
/* clang-format off */
#define NETSTAT_ROWS                                                                               \
	/* tcp        0      0 10.20.0.13:57819        203.0.113.10:443        TIME_WAIT           \
	 * udp        0      0 0.0.0.0:5353            0.0.0.0:*               442/avahi-daemon: r */ \
	NETSTAT "{near} {far} [{state:caps} ][{number}/{app...}]",                                 \
	/* tcp        0      0 10.20.0.13:57819        203.0.113.10:443        TIME_WAIT   - */    \
	NETSTAT "{near} {far} [{state:caps} ]-",                                                   \
	/* tcp  0  0 10.20.0.1:22  10.20.0.11:34078  ESTABLISHED 0  58662  20620/sshd: admin [p */ \
	NETSTAT "{near} {far} [{state:caps} ]{_} {number}",                                        \
	NETSTAT "{near} {far} [{state:caps} ]{_} {number} {number}/{app...}",                      \
	NETSTAT "{near} {far} [{state:caps} ]{_} {number} -",                                      \
	/* tcp  0  0 10.20.0.1:22  10.20.0.11:34078  ESTABLISHED keepalive (7187.45/0/0) */        \
	NETSTAT "{near} {far} [{state:caps} ]{_} ({_}",                                            \
	/* tcp        0      0 localhost:smtp          0.0.0.0:*               LISTEN */           \
	NETSTAT "{_!host_name} {_} <>" HOST_NAME,                                                  \
	NETSTAT "{_} {_!host_name} <>" HOST_NAME
/* clang-format on */

static const char *const netstat_wide[] = { NETSTAT_ROWS, NULL };

/* Without -W an IPv6 end is cut to 23 bytes and may look like another address. */
#define MAY_BE_CUT "{unread=an IPv6 address may be cut: netstat has to run with -W}"
static const char *const netstat[] = {
	/* tcp6       0      0 2001:db8:1111:2222::443 2001:db8:1111:222:47552 ESTABLISHED */
	NETSTAT "{_!netstat_cut} {_} <>" MAY_BE_CUT,
	NETSTAT "{_} {_!netstat_cut} <>" MAY_BE_CUT,
	NETSTAT_ROWS,
	NULL,
};

static const char *const netstat_noise[] = {
	"Active ",
	"Proto ",
	"unix ",
	"raw ",
	"raw6 ",
	"(Not all processes could be identified",
	"will not be shown, you would have to be root",
	SHELL_NOISE,
	NULL,
};

static const char *const conntrack_also[] = {
	"conntrack -L -o extended",
	"conntrack -L -o extended,id,timestamp",
	"sudo conntrack -L -o extended,id",
	"sudo conntrack -L -o extended",
	NULL,
};
static const char *const plain_also[] = { "sudo conntrack -L", "sudo -n conntrack -L", NULL };
static const char *const proc_also[] = {
	"sudo cat /proc/net/nf_conntrack",
	"cat /proc/net/ip_conntrack",
	"sudo cat /proc/net/ip_conntrack",
	NULL,
};
static const char *const xml_also[] = { "sudo conntrack -L -o xml", NULL };
static const char *const ss_also[] = { "ss {_...}", "sudo ss {_...}", NULL };
static const char *const netstat_also[] = { "netstat {_...}", "sudo netstat {_...}", NULL };
static const char *const wide_also[] = {
	"netstat -tunapW",
	"netstat -ntW",
	"netstat -W {_...}",
	"sudo netstat -W {_...}",
	NULL,
};

/* conntrack v1.4.7 (conntrack-tools): 16 flow entries have been shown. */
#define TOTAL "conntrack {_} (conntrack-tools): {total} flow entries have been shown."

static const char *const proc_tcp_also[] = { "cat /proc/net/tcp6", NULL };
static const char *const proc_udp_also[] = { "cat /proc/net/udp6", NULL };
static const char *const lsof_also[] = { "lsof {_...}", "sudo lsof {_...}", NULL };
static const char *const ip_neigh_also[] = { "ip neigh {_...}", "ip -s neigh", NULL };
static const char *const ip_neigh_json_also[] = { "ip -j neigh {_...}", NULL };
static const char *const arp_a_also[] = { "arp -a", NULL };
static const char *const arp_n_also[] = { "arp", NULL };
static const char *const who_also[] = { "who", "who {_...}", NULL };
static const char *const w_also[] = { "w", NULL };

static const struct command commands[] = {
	{
	    .send = "conntrack -L -o extended,id",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack,
	    .noise = conntrack_noise,
	    .total = TOTAL,
	    .also = conntrack_also,
	    .flags = COMMAND_PRIVILEGED,
	    .status = STATUS_VERIFIED,
	},
	{
	    .send = "sudo -n conntrack -L -o extended,id",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack,
	    .noise = conntrack_noise,
	    .total = TOTAL,
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_VERIFIED,
	},
	{
	    .send = "cat /proc/net/nf_conntrack",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack,
	    .noise = conntrack_noise,
	    .also = proc_also,
	    .flags = COMMAND_VARIANT | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "conntrack -L",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack,
	    .noise = conntrack_noise,
	    .total = TOTAL,
	    .also = plain_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "conntrack -L -o xml",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_XML,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack_xml,
	    .noise = xml_noise,
	    .total = TOTAL,
	    .also = xml_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	/* Before ss: a recorded netstat without its command line is taken for this one. */
	{
	    .send = "netstat -tunap",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = netstat,
	    .noise = netstat_noise,
	    .also = netstat_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "ss -Htunap",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = ss,
	    .noise = ss_noise,
	    .also = ss_also,
	    .status = STATUS_VERIFIED,
	},
	{
	    .send = "netstat -W -tunap",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = netstat_wide,
	    .noise = netstat_noise,
	    .also = wide_also,
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "cat /proc/net/tcp",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = proc_tcp,
	    .noise = proc_socket_noise,
	    .also = proc_tcp_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "cat /proc/net/udp",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = proc_udp,
	    .noise = proc_socket_noise,
	    .also = proc_udp_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "lsof -nP -i",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = lsof,
	    .noise = lsof_noise,
	    .also = lsof_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	/* The events of connections as they come and go: a log, no table. */
	{
	    .send = "conntrack -E -o xml",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_XML,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack_xml,
	    .noise = xml_noise,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "conntrack -C",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = count,
	    .noise = shell_noise,
	    .total = "{total}",
	    .flags = COMMAND_PRIVILEGED,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "ip neigh",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = ip_neigh,
	    .noise = shell_noise,
	    .also = ip_neigh_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "ip -j neigh",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_JSON,
	    .scope = SCOPE_HOST,
	    .patterns = ip_neigh_json,
	    .noise = shell_noise,
	    .also = ip_neigh_json_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "cat /proc/net/arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = proc_arp,
	    .noise = proc_arp_noise,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "arp -an",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = arp_a,
	    .noise = shell_noise,
	    .also = arp_a_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "arp -n",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = arp_n,
	    .noise = arp_n_noise,
	    .also = arp_n_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "who -a",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = who,
	    .noise = who_noise,
	    .also = who_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "w -i",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = w,
	    .noise = w_noise,
	    .also = w_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"debian",
	"ubuntu",
	"rhel",
	"centos",
	"openwrt",
	"linux_ssh",
	"netfilter",
	"iptables",
	"linuxgeneric",
	NULL,
};
static const char *const refusals[] = {
	"conntrack {_} (conntrack-tools): Operation failed",
	"Operation failed",
	"{_...} command not found",
	"{_...} not found",
	"{_...} Permission denied",
	"{_...} Operation not permitted",
	"{_...} No such file or directory",
	"{_...} is not in the sudoers file",
	"{_...} is not allowed to ",
	"sudo: a password is required",
	"sudo: a terminal is required",
	"sudo: no tty present",
	"This account is currently not available",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Linux fw 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 x86_64 GNU/Linux */
	"Linux *",
	NULL,
};

const struct driver driver_linux = {
	.name = "linux",
	.title = "Linux (conntrack, ss, netstat)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "$#", .refusals = refusals, },
	.signs = { .prompt = "*@*:*[$#]", .version = "uname -a", .says = says,
	    .object = "1.3.6.1.4.1.8072.3.2.10" },
	.commands = commands,
	.functions = functions,
	.blind = "Connections that bypass conntrack (notrack rules, hardware offload, other "
		 "network "
		 "namespaces) are not listed, nor those that began and ended between two polls.",
	.privilege = "CAP_NET_ADMIN for conntrack, or a sudoers line for exactly "
		     "\"conntrack -L -o extended\\,id\"; none for ss.",
	.status = STATUS_VERIFIED,
};
