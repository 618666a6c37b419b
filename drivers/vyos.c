/* VyOS: connection tracking, flow accounting and neighbours, in operational mode.
 *
 * The reply's source is the far end that really answers, its destination the near end as the far
 * side sees it. A cell of State or Zone may be blank; the layout depends on the release. */
#include "drivers/vyatta.h"

/* The table of the other family has other rules: sessions6. */
static bool
vyos_ipv4(struct text token, struct observation *o)
{
	(void)token;
	return o->near.addr.family == 4 && o->far.addr.family == 4;
}

static const struct function functions[] = {
	{ "vyos_ipv4", vyos_ipv4 },
	{ NULL, NULL },
};

/* clang-format off */
#define ENDS "{number} {near} {far_nat} {far} {near_nat} "
#define COUNTED                                                                                    \
	"{number} {near} {far_nat} {packets.near} {bytes.near} {far} {near_nat} "                  \
	"{packets.far} {bytes.far} "
#define REST "{left} {number}[ {place:set}]{starter=near}"

#define IPV4 "{row!vyos_ipv4}"

static const char *const sessions[] = {
	/* 211650001   100.64.88.41:58442   198.51.100.8:53  198.51.100.8:53  192.0.2.86:1024  udp  8  0 */
	ENDS "{proto:lower} " REST IPV4,
	/* 3989510001  10.86.0.10:46955     203.0.113.1:443  203.0.113.1:443  192.0.2.86:46955  tcp
	 * ESTABLISHED  432344     0 */
	ENDS "{proto:lower} {state:caps} " REST IPV4,
	/* 282920777  10.86.0.9:5353   198.51.100.53:53  1  71  198.51.100.53:53  192.0.2.86:5353  0  0
	 * udp                    29         0 */
	COUNTED "{proto:lower} " REST IPV4,
	COUNTED "{proto:lower} {state:caps} " REST IPV4,
	VYATTA_SESSIONS,
	NULL,
};

/* A port stands behind a colon, as do the groups of the address: only of protocols that have ports
 * is it known to be there. */
static const char *const sessions6[] = {
	/* 77  2001:db8:86::a  2001:db8:7::7  2001:db8:7::7  2001:db8:86::a  icmpv6  29  0 */
	"{number} {near.addr} {far_nat.addr} {far.addr} {near_nat.addr} icmpv6 " REST "{proto=icmp6}",
	"{number} {near.addr} {far_nat.addr} {packets.near} {bytes.near} {far.addr} {near_nat.addr} "
	"{packets.far} {bytes.far} icmpv6 " REST "{proto=icmp6}",
	/* 78  2001:db8:86::a:53011  2001:db8:7::7:53  2001:db8:7::7:53  2001:db8:86::a:53011  udp  8  0 */
	ENDS "udp " REST "{proto=udp}",
	ENDS "tcp {state:caps} " REST "{proto=tcp}",
	COUNTED "udp " REST "{proto=udp}",
	COUNTED "tcp {state:caps} " REST "{proto=tcp}",
	NULL,
};

static const char *const sessions_noise[] = {
	"Id Original src Original dst Reply src Reply dst Protocol State Timeout Mark Zone",
	"Id Original src Original dst Original packets Original bytes Reply src Reply dst "
	"Reply packets Reply bytes Protocol State Timeout Mark Zone",
	"~ --",
	"Entries not found",
	VYATTA_SESSIONS_NOISE,
	NULL,
};

static const char *const flows[] = {
	/* eth0  00:00:5e:00:53:48  00:00:5e:00:53:92  10.86.0.100  203.0.113.14  40523  22  tcp ... */
	"IN_IFACE | {near.iface}",
	"SRC_IP | {near.addr}",
	"DST_IP | {far.addr}",
	"SRC_PORT | {near.port}",
	"DST_PORT | {far.port}",
	"PROTOCOL | {proto}",
	"PACKETS | {packets.near}",
	"BYTES | {bytes.near}",
	NULL,
};
static const char *const flows_noise[] = { NULL };

static const char *const arp[] = {
	VYATTA_ARP("{state:lower}"),
	/* 192.0.2.9  eth0  FAILED */
	"{near.addr} {near.iface} {state:caps}",
	/* 192.0.2.1  eth0  00:53:00:11:22:33  REACHABLE */
	"{near.addr} {near.iface} {mac} {state:caps}",
	NULL,
};
static const char *const arp_noise[] = {
	VYATTA_ARP_NOISE,
	"Address Interface Link layer address State",
	"~ --",
	NULL,
};
/* clang-format on */

static const char *const sessions_also[] = { "show conntrack table ipv4 | no-more", NULL };
static const char *const flows_also[] = { "show flow-accounting interface {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "show conntrack table ipv4",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = sessions,
	    .noise = sessions_noise,
	    .also = sessions_also,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show conntrack table ipv6",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = sessions6,
	    .noise = sessions_noise,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	/* One direction of a flow a row. */
	{
	    .send = "show flow-accounting",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = flows,
	    .noise = flows_noise,
	    .also = flows_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show arp",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"vyatta_vyos",
	"vyatta",
	"vyos.vyos.vyos",
	NULL,
};
static const char *const setup[] = { "set terminal length 0", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { VYATTA_REFUSALS, NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Version:          VyOS 1.3.0 */
	"Version:*VyOS*",
	NULL,
};

const struct driver driver_vyos = {
	.name = "vyos",
	.title = "VyOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = "$",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .prompt = "*@*:*[$#]", .version = "show version", .says = says },
	.commands = commands,
	.functions = functions,
	.blind = "Connections that bypass conntrack are not listed; older releases show neither "
		 "counters nor, before 1.4, what was translated.",
	.privilege = "operator level",
	.status = STATUS_LAYOUT,
};
