/* FreeBSD: its sockets, neighbours and NetFlow cache. Its packet filter is the driver pf. */
#include "drivers/bsd.h"

static bool
freebsd_cut(struct text token, struct observation *o)
{
	(void)o;
	return fills(token, 22);
}

static const struct function functions[] = {
	{ "freebsd_cut", freebsd_cut },
	{ NULL, NULL },
};

/* clang-format off */
static const char *const wide[] = { BSD_SOCKETS(""), NULL };
static const char *const narrow[] = { BSD_SOCKETS_CUT("", "freebsd_cut"), BSD_SOCKETS(""), NULL };
static const char *const sockets_noise[] = { BSD_SOCKETS_NOISE, NULL };

static const char *const flows[] = {
	/* re0           203.0.113.16    lo0           192.0.2.112         6    53591       22        1 */
	"{_} {far.addr} lo0 {near.addr} {proto} {far.port} {near.port} {packets.far}{scope=self}",
	/* re2           10.61.0.112     re0           203.0.113.129       6    53630      443       19 */
	"{near.iface} {near.addr} {far.iface} {far.addr} {proto} {near.port} {far.port} {packets.near}",
	NULL,
};
static const char *const flows_noise[] = { "SrcIf SrcIPaddress DstIf DstIPaddress Proto ", NULL };

static const char *const arp[] = { BSD_ARP, NULL };
static const char *const arp_noise[] = { NULL };
/* clang-format on */

static const char *const wide_also[] = { "netstat -an -W", "netstat -Wan", NULL };
static const char *const narrow_also[] = { "netstat -na", "netstat -an {_...}", NULL };
static const char *const flows_also[] = { "flowctl {_} show human",
	"flowctl {_} show human | {_...}", NULL };
static const char *const arp_also[] = { "arp -a", NULL };

static const struct command commands[] = {
	/* Before the wide form: a recorded reply without its command line is taken for this one. */
	{
	    .send = "netstat -an",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = narrow,
	    .noise = sockets_noise,
	    .also = narrow_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "netstat -anW",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = wide,
	    .noise = sockets_noise,
	    .also = wide_also,
	    .status = STATUS_SAMPLES,
	},
	/* One direction of a flow a row; the node has another name on each box. */
	{
	    .send = "flowctl netflow: show human",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = flows,
	    .noise = flows_noise,
	    .also = flows_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "arp -an",
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

static const char *const aliases[] = { "freebsd_ssh", "bsd", NULL };
static const char *const refusals[] = {
	BSD_REFUSALS,
	"netstat: illegal option",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* FreeBSD gw.example 13.2-RELEASE FreeBSD 13.2-RELEASE */
	"FreeBSD *",
	NULL,
};

const struct driver driver_freebsd = {
	.name = "freebsd",
	.title = "FreeBSD (netstat, arp, flowctl)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "$#", .refusals = refusals, },
	.signs = { .version = "uname -a", .says = says,
	    .object = "1.3.6.1.4.1.8072.3.2.8" },
	.commands = commands,
	.functions = functions,
	.blind = "Who started a connection is not told; what passes through the box is seen only "
		 "by pf or where a NetFlow node is set up.",
	.privilege = "none; root for flowctl.",
	.status = STATUS_SAMPLES,
};
