/* Open vSwitch: connection tracking of the userspace datapath. One exec channel a command.
 *
 * As with Linux's own conntrack the original source is near and started, and the source of the
 * reply is the end that really answers. */
#include "drivers/driver.h"

/* clang-format off */
#define TAIL "[,zone={place}][,mark={_}][,labels={_}][,timeout={left}]" \
	"[,protoinfo=(state={state})]{starter=near}"

static const char *const conntrack[] = {
	/* tcp,orig=(src=10.40.0.5,dst=203.0.113.10,sport=53699,dport=443),reply=(src=203.0.113.10,
	 * dst=203.0.113.200,sport=443,dport=53699),zone=3,timeout=86398,protoinfo=(state=ESTABLISHED) */
	"{proto},orig=(src={near.addr},dst={far_nat.addr},sport={near.port},dport={far_nat.port}),"
	"reply=(src={far.addr},dst={near_nat.addr},sport={far.port},dport={near_nat.port})" TAIL,
	/* icmp,orig=(src=10.40.0.5,dst=203.0.113.10,id=7,type=8,code=0),reply=(...,id=7,type=0,code=0) */
	"{proto},orig=(src={near.addr},dst={far_nat.addr},id={near.port},type={_},code={_}),"
	"reply=(src={far.addr},dst={near_nat.addr},id={near_nat.port},type={_},code={_})" TAIL,
	NULL,
};
/* clang-format on */

static const char *const also[] = { "ovs-appctl dpctl/dump-conntrack",
	"ovs-appctl dpctl/dump-conntrack {_...}", NULL };
static const char *const noise[] = { "~ sudo: unable to resolve host ", NULL };

static const struct command commands[] = {
	{
	    .send = "ovs-appctl dpctl/dump-conntrack -s",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntrack,
	    .noise = noise,
	    .also = also,
	    .flags = COMMAND_PRIVILEGED,
	    .status = STATUS_VERIFIED,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "ovs", "open_vswitch", NULL };
static const char *const refusals[] = { "ovs-appctl: ", NULL };

const struct driver driver_openvswitch = {
	.name = "openvswitch",
	.title = "Open vSwitch (dpctl/dump-conntrack)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "$#", .refusals = refusals, },
	.signs = { .on = "linux" },
	.commands = commands,
	.blind = "Flows that are not sent through conntrack; their bytes and age; an empty table looks "
		 "like one that could not be read, as nothing is printed.",
	.privilege = "access to the control socket of ovs-vswitchd: root, or a sudoers line",
	.status = STATUS_VERIFIED,
};
