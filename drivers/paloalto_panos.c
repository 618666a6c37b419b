/* Palo Alto PAN-OS: the session table of the firewall.
 *
 * The source is near and started. The bracket holds the end as it is behind the translation and is
 * always printed: the same address and port there is no translation. */
#include "drivers/function.h"

/* The zone where no interface is printed, whichever comes first. It waits in the user, whom this
 * table does not name. */
static bool
panos_from(struct text token, struct observation *o)
{
	(void)token;
	if (o->near_iface.n == 0)
		o->near_iface = o->user;
	o->user = (struct text){ 0 };
	return true;
}

static bool
panos_to(struct text token, struct observation *o)
{
	(void)token;
	if (o->far_iface.n == 0)
		o->far_iface = o->user;
	o->user = (struct text){ 0 };
	return true;
}

static const struct function functions[] = {
	{ "panos_from", panos_from },
	{ "panos_to", panos_to },
	{ NULL, NULL },
};

/* clang-format off */
static const char *const sessions[] = {
	/* 30417        ssl            ACTIVE  FLOW  NS   10.8.1.20[50311]/trust/6  (192.0.2.8[8285])
	 * 30418        dns            DISCARD FLOW  *    10.8.1.31[61001]/trust/17  (10.8.1.31[61001])
	 * 30419        ssh            ACTIVE  FLOW       10.8.1.32[40057]/trust/6  (10.8.1.32[40057]) */
	"{number} {app} {state:caps} {_:caps} [{_:caps}[*] ][* ]{near}/{near.iface...}/{proto} "
	"({near_nat}){starter=near}",
	/* vsys1                                          203.0.113.9[443]/untrust  (203.0.113.9[443]) */
	"+ {row!far_unset}{place} {far_nat}/{far.iface...} ({far})",
	NULL,
};
/* clang-format on */

static const char *const sessions_noise[] = {
	"ID Application ",
	"Vsys Dst\\[Dport\\]/Zone ",
	"~ ----------",
	"No Active Sessions",
	NULL,
};

/* <entry><source>10.8.1.20</source><xsource>192.0.2.8</xsource> ... in an order that differs from
 * release to release */
static const char *const sessions_xml[] = {
	"entry",
	"source {near.addr}",
	"sport {near.port}",
	"xsource {near_nat.addr}",
	"xsport {near_nat.port}",
	"dst {far_nat.addr}",
	"dport {far_nat.port}",
	"xdst {far.addr}",
	"xdport {far.port}",
	"proto {proto}",
	"state {state...}",
	"application {app...}",
	"vsys {place...}",
	"total-byte-count {bytes}",
	"ingress {near.iface...}",
	"egress {far.iface...}",
	"from {user...}{row!panos_from}",
	"to {user...}{row!panos_to}",
	". {starter=near}",
	NULL,
};

static const char *const arp[] = {
	/* vlan.1            172.25.2.197    (incomplete)      ethernet1/2.111     c      1016 */
	"{near.iface} {near.addr} ({mac}) {_} {state:lower} {number}",
	/* ethernet1/1       172.25.1.254    08:30:6b:26:43:30 ethernet1/1         c      627 */
	"{near.iface} {near.addr} {mac:mac} {_} {state:lower} {number}",
	NULL,
};
/* The totals above the table: "shown" is what is compared, as a filter leaves rows out. */
static const char *const arp_noise[] = {
	"interface ip address ",
	"maximum of entries supported :",
	"default timeout:",
	"total ARP entries in table :",
	"status: s - static",
	"~ ----------",
	NULL,
};

/* One line counts; the rest are a summary and the settings of the session table. */
static const char *const count_noise[] = {
	"~ ----------",
	"target-dp:",
	"Number of ",
	"Session ",
	"Packet rate:",
	"Throughput:",
	"New connection establish rate:",
	"TCP ",
	"TCP:",
	"UDP ",
	"ICMP ",
	"SCTP ",
	"other IP ",
	"Captive Portal ",
	"Authentication Portal ",
	"Accelerated aging ",
	"Scaling factor:",
	"Hardware ",
	"IPv6 firewalling:",
	"Strict TCP",
	"Reject TCP ",
	"Application trickling ",
	"Timeout to determine ",
	"Resource utilization ",
	"Scan scaling factor ",
	"Pcap token bucket rate ",
	"Max pending queued ",
	NULL,
};

static const char *const xml_noise[] = { "\\<response>", "\\<result>", NULL };

static const char *const sessions_also[] = {
	"show session all filter {_...}",
	"show session all start-at {_...}",
	NULL,
};
static const char *const xml_also[] = {
	"XML API op <show><session><all></all></session></show>",
	"show session all xml",
	NULL,
};

static const char *const arp_also[] = { "show arp {_}", NULL };
static const char *const none[] = { "{number}{unread=a number without its name}", NULL };

static const struct command commands[] = {
	{
	    .send = "show session all",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = sessions,
	    .noise = sessions_noise,
	    .also = sessions_also,
	    .pages = "show session all start-at {1-2000000}",
	    .page_rows = 1024,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	/* Never asked: what the XML API answers, and the command line where it is set to print XML.
	 */
	{
	    .send = "show session all",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_XML,
	    .scope = SCOPE_TRANSIT,
	    .patterns = sessions_xml,
	    .noise = xml_noise,
	    .also = xml_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show session info",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = none,
	    .noise = count_noise,
	    .total = "Number of allocated sessions: {total}",
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show arp all",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .total = "total ARP entries shown : {total}",
	    .also = arp_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"panos",
	"pan-os",
	"pan_os",
	"paloalto",
	"palo_alto",
	"paloalto-panos",
	"paloaltonetworks.panos.panos",
	"panos_api",
	NULL,
};
static const char *const setup[] = { "set cli pager off", "set cli scripting-mode on", NULL };
static const char *const more[] = { "lines ", NULL };
static const char *const refusals[] = { "Invalid syntax.", "Unknown command", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* sw-version: 9.1.0 */
	"sw-version: *",
	NULL,
};

const struct driver driver_paloalto_panos = {
	.name = "paloalto_panos",
	.title = "Palo Alto PAN-OS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .prompt = "*@*>", .version = "show system info", .says = says,
	    .object = "1.3.6.1.4.1.25461" },
	.commands = commands,
	.functions = functions,
	.blind = "Bytes, age and user in the text form. The list comes in pages of 1,024 sessions or more "
		 "by release, read until one is not full; a table that changes too fast between two "
		 "of them is partial.",
	.privilege = "role superreader, or one that may run op commands",
	.status = STATUS_LAYOUT,
};
