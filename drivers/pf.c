/* pf, the packet filter of OpenBSD, FreeBSD, pfSense and OPNsense. One exec channel a command.
 *
 * The arrow says who started: it points from that end, which is near. The bracket behind an end is
 * the same end on the other side of a translation: of the left end of -> and the right end of <-,
 * which started, what it was before; of the others, what was asked for. A session that comes in by
 * one interface and leaves by another has two states. */
#include "drivers/bsd.h"

/* 127.0.0.1:3500 (203.0.113.3:443) <- 10.77.0.162:59587: a proxy on the box answers in the place of
 * the end that was asked for, which is the one to remember. */
static bool
pf_redirected(struct text token, struct observation *o)
{
	struct endpoint proxy = o->far;

	(void)token;
	if (proxy.addr.family != 4 || proxy.addr.bytes[0] != 127 || o->far_nat.addr.family == 0)
		return true;
	o->far = o->far_nat;
	o->far_nat = proxy;
	return true;
}

static const struct function functions[] = {
	{ "pf_redirected", pf_redirected },
	{ NULL, NULL },
};

/* clang-format off */
#define OUT "-> {far} [({far_nat}) ]{state}{starter=near}"
#define IN "{far} [({far_nat}) ][\\{{_}\\} ]\\<- "

static const char *const states[] = {
	/* all esp 192.0.2.79 -> 198.51.100.4       MULTIPLE:MULTIPLE
	 * all esp 2001:db8:77::1 <- 2001:db8:4::4:4       SINGLE:MULTIPLE: without a port */
	"{place} {proto} {near.addr} -> {far.addr} {state}{starter=near}",
	"{place} {proto} {far.addr} [\\{{_}\\} ]\\<- {near.addr} {state}{starter=near}",
	/* vtnet0 tcp 192.168.77.119:52405 -> 203.0.113.46:443       ESTABLISHED:ESTABLISHED
	 * vtnet0 tcp 2001:db8:77::9[52405] -> 2001:db8:b0::200e[443]       FIN_WAIT_2:ESTABLISHED */
	"{place} {proto} {near} " OUT,
	/* vtnet1 tcp 192.0.2.79:44692 (10.77.0.9:44692) -> 198.51.100.4:443       SYN_SENT:CLOSED */
	"{place} {proto} {near_nat} ({near}) " OUT,
	/* vtnet0 udp 192.168.77.53:53 <- 192.168.77.5:41894       MULTIPLE:SINGLE
	 * all tcp 10.77.0.80:8443 (192.0.2.79:443) <- 203.0.113.99:50110       CLOSED:SYN_SENT */
	"{place} {proto} " IN "{near} {state}{starter=near}{row!pf_redirected}",
	"{place} {proto} " IN "{near_nat} ({near}) {state}{starter=near}{row!pf_redirected}",
	/* [2837096001 + 392192] wscale 7  [2817892001 + 65792] wscale 10 */
	"+ \\[{number} + <>",
	/* age 00:01:21, expires in 00:00:17, 261:447 pkts, 15234:616986 bytes, anchor 4 */
	"+ age {age}, expires in {left}, {packets.near}:{packets.far} pkts, "
	"{bytes.near}:{bytes.far} bytes[, {_...}]",
	/* id: 0a1b2c3d00000001 creatorid: 5e6f7081 */
	"+ id: <>",
	/* origif: vtnet0 */
	"+ origif: {_}",
	NULL,
};

/* What pfctl says when it was built without ALTQ; what shells and sudo say before it works. */
static const char *const states_noise[] = {
	"No ALTQ support in kernel",
	"ALTQ related functions disabled",
	"sudo: unable to resolve host ",
	NULL,
};

static const char *const arp[] = { BSD_ARP, NULL };
static const char *const arp_noise[] = { NULL };
/* clang-format on */

static const char *const verbose_also[] = {
	"pfctl -ss -v -v",
	"pfctl -ss -vv",
	"pfctl -vvss",
	"pfctl -vss",
	"pfctl -v -s states",
	NULL,
};
static const char *const brief_also[] = { "pfctl -s states", "pfctl -s state", "sudo -n pfctl -ss",
	"doas -n pfctl -ss", NULL };
static const char *const arp_also[] = { "arp -a", NULL };

#define STATES                                                                                     \
	.topic = TOPIC_SESSIONS, .form = FORM_BLOCKS, .scope = SCOPE_TRANSIT, .patterns = states,  \
	.noise = states_noise, .status = STATUS_LAYOUT

static const struct command commands[] = {
	{ .send = "pfctl -ss -v", STATES, .also = verbose_also, .flags = COMMAND_PRIVILEGED },
	{ .send = "sudo -n pfctl -ss -v", STATES, .flags = COMMAND_VARIANT },
	{ .send = "doas -n pfctl -ss -v", STATES, .flags = COMMAND_VARIANT },
	{ .send = "pfctl -ss",
	    STATES,
	    .also = brief_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED },
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

static const char *const aliases[] = {
	"openbsd",
	"pfsense",
	"opnsense",
	"freebsd_pf",
	"pfctl",
	NULL,
};
static const char *const refusals[] = {
	BSD_REFUSALS,
	"{_...} No such file or directory",
	"sudo: a password is required",
	"doas: ",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* OpenBSD gw.example 7.4 GENERIC.MP#1397 amd64 */
	"OpenBSD *",
	/* FreeBSD pfSense.localdomain 11.3-STABLE FreeBSD 11.3-STABLE #236
	   21cbb70bbd1(RELENG_2_4_5) */
	"FreeBSD *pfSense*",
	/* FreeBSD OPNsense.localdomain 13.2-RELEASE-p5 FreeBSD 13.2-RELEASE-p5 */
	"FreeBSD *OPNsense*",
	/* any other may filter with pf or not: both this and freebsd are named */
	"FreeBSD *",
	NULL,
};

const struct driver driver_pf = {
	.name = "pf",
	.title = "pf (OpenBSD, FreeBSD, pfSense, OPNsense)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "$#", .refusals = refusals, },
	.signs = { .version = "uname -a", .says = says },
	.commands = commands,
	.functions = functions,
	.blind = "Traffic that rules pass without keeping state is not listed, nor whether a state "
		 "that comes in ends on the box itself; OpenBSD prints its ARP table in another form.",
	.privilege = "root or read access to /dev/pf, or a sudoers or doas line for exactly "
		     "\"pfctl -ss -v\".",
	.status = STATUS_LAYOUT,
};
