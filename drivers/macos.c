/* macOS: sockets, neighbours and logins of a workstation. */
#include "drivers/bsd.h"

static bool
macos_cut(struct text token, struct observation *o)
{
	(void)o;
	return fills(token, 22);
}

/* With -A there is room for less. */
static bool
macos_cut_more(struct text token, struct observation *o)
{
	(void)o;
	return fills(token, 18);
}

/* console, s001 or ttys001: what else stands there is no login. */
static bool
macos_tty(struct text token, struct observation *o)
{
	struct text rest = token;
	uint64_t number;

	o->more.tty = token;
	if (text_is(token, "console"))
		return true;
	text_take(&rest, "tty");
	return text_take_char(&rest, 's') && text_number(rest, UINT16_MAX, &number);
}

static const struct function functions[] = {
	{ "macos_tty", macos_tty },
	{ "macos_cut", macos_cut },
	{ "macos_cut_more", macos_cut_more },
	{ NULL, NULL },
};

/* clang-format off */
/* 7fb03cb93c70868d        0 udp4       0      0  *.33354            *.* */
#define CONTROL_BLOCK "{hex} {hex} "

static const char *const wide[] = { BSD_SOCKETS(""), NULL };
static const char *const narrow[] = { BSD_SOCKETS_CUT("", "macos_cut"), BSD_SOCKETS(""), NULL };
static const char *const with_blocks[] = {
	BSD_SOCKETS_CUT(CONTROL_BLOCK, "macos_cut_more"),
	BSD_SOCKETS(CONTROL_BLOCK),
	NULL,
};
static const char *const sockets_noise[] = { BSD_SOCKETS_NOISE, NULL };

static const char *const arp[] = { BSD_ARP, NULL };
static const char *const arp_noise[] = { NULL };

static const char *const w[] = {
	/* kelly    s000     -                Wed16       - ssh localhost */
	"{user} {_!macos_tty} - {_} {_} {_...}",
	/* kelly    s001     127.0.0.1        10:14       - -bash */
	"{user} {_!macos_tty} {from} {_} {_} {_...}",
	NULL,
};
/* 10:15  up 20 days, 19:44, 8 users, load averages: 0.86 0.45 0.37 */
static const char *const w_noise[] = { "~ {_} up {_...} load averages: ", "USER TTY FROM ", NULL };

static const char *const who[] = {
	/* kbrazil  ttys000  Feb 13 16:44 00:02   51217  term=0 exit=0 */
	"{user} {_!macos_tty} {_} {number} {_} {_} {number}[ term={_} exit={_}]",
	NULL,
};
static const char *const who_noise[] = { "USER LINE WHEN ", "reboot ~ ", ". run-level ", NULL };
/* clang-format on */

static const char *const narrow_also[] = { "netstat -na", "netstat -an {_...}", NULL };
static const char *const wide_also[] = { "netstat -an -W", "netstat -Wan", NULL };
static const char *const blocks_also[] = { "netstat -Aan", NULL };
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
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "netstat -An",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = with_blocks,
	    .noise = sockets_noise,
	    .also = blocks_also,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	/* Internet sockets only: below them stand tables of the kernel in many forms. */
	{
	    .send = "netstat -anW -f inet",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = wide,
	    .noise = sockets_noise,
	    .also = wide_also,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "netstat -anW -f inet6",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = wide,
	    .noise = sockets_noise,
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
	{
	    .send = "w",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = w,
	    .noise = w_noise,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "who -a",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = who,
	    .noise = who_noise,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "osx", "mac", "darwin", NULL };
static const char *const refusals[] = {
	BSD_REFUSALS,
	"netstat: illegal option",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Darwin mac.example 22.6.0 Darwin Kernel Version 22.6.0 */
	"Darwin *",
	NULL,
};

const struct driver driver_macos = {
	.name = "macos",
	.title = "macOS (netstat, arp, w)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "$#%", .refusals = refusals, },
	.signs = { .version = "uname -a", .says = says,
	    .object = "1.3.6.1.4.1.8072.3.2.16" },
	.commands = commands,
	.functions = functions,
	.blind = "Who started a connection and which program holds it are not told.",
	.privilege = "none",
	.status = STATUS_LAYOUT,
};
