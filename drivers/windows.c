/* Windows: sockets of a server, and the shares it serves and uses. One exec channel a command. */
#include "drivers/driver.h"

/* [svchost.exe]; what stands there else is the component, or nothing the system would tell. */
static bool
windows_program(struct text token, struct observation *o)
{
	struct text t = o->app;

	(void)token;
	return (t.n > 2 && t.s[0] == '[' && t.s[t.n - 1] == ']') ||
	       text_is(t, "Can not obtain ownership information");
}

/* Z: */
static bool
windows_drive(struct text token, struct observation *o)
{
	if (token.n != 2 || token.s[1] != ':')
		return false;
	o->more.tty = token;
	return true;
}

/* \\10.87.7.172\people  \\files04.example.net\projects */
static bool
windows_share(struct text token, struct observation *o)
{
	struct text rest = token, host;

	if (!text_take(&rest, "\\\\") || !text_take_until(&rest, '\\', &host))
		return false;
	o->more.remote = token;
	if (!addr_parse(host, &o->near.addr))
		o->more.host = host;
	return true;
}

/* The states of RFC 9293 as netstat has them in English. */
static bool
windows_state(struct text token, struct observation *o)
{
	static const char *const states[] = { "LISTENING", "ESTABLISHED", "TIME_WAIT", "CLOSE_WAIT",
		"SYN_SENT", "SYN_RECEIVED", "FIN_WAIT_1", "FIN_WAIT_2", "LAST_ACK", "CLOSING",
		"CLOSED", "BOUND", "DELETE_TCB", NULL };

	for (unsigned i = 0; states[i]; i++)
		if (text_is(token, states[i])) {
			o->state = token;
			return true;
		}
	return false;
}

static const struct function functions[] = {
	{ "windows_drive", windows_drive },
	{ "windows_program", windows_program },
	{ "windows_share", windows_share },
	{ "windows_state", windows_state },
	{ NULL, NULL },
};

/* clang-format off */
#define HOST_NAME "{unread=a host name where an address was due: netstat has to run with -n}"

static const char *const netstat[] = {
	/* TCP    127.0.0.1:1031         127.0.0.1:1032         ESTABLISHED     10644 */
	"TCP {near} {far} {_!windows_state}[ {number}]{proto=tcp}",
	/* UDP    0.0.0.0:5353           *:*                                    6096 */
	"UDP {near} {far}[ {number}]{proto=udp}",
	/* With -b the program stands below, and above it a component of it. */
	"+ {app...}{row!windows_program}",
	"+ {_}",
	"TCP {_!host_name} {_} <>" HOST_NAME,
	"TCP {_} {_!host_name} <>" HOST_NAME,
	"TCP {near} {far} {_} <>{unread=a state in another language: ask Get-NetTCPConnection}",
	NULL,
};
static const char *const netstat_noise[] = { "Active Connections", "Proto Local Address ", NULL };

#define CUT "{_...}...{unread=PowerShell cut an address: widen the table, or use ConvertTo-Json}"
/* 10.87.0.236                         64921     203.0.113.200                       443 ... */
static const char *const connection_table[] = {
	"LocalAddress | {near.addr}",
	"LocalAddress | " CUT,
	"LocalPort | {near.port}",
	"RemoteAddress | {far.addr}",
	"RemoteAddress | " CUT,
	"RemotePort | {far.port}",
	"State | {state}",
	". | {proto=tcp}",
	NULL,
};
static const char *const connection_csv_noise[] = { "~ #TYPE ", NULL };

/* State is a number in older releases: 5 is Established (MSFT_NetTCPConnection). */
static const char *const connection_json[] = {
	".",
	"LocalAddress {near.addr}",
	"LocalPort {near.port}",
	"RemoteAddress {far.addr}",
	"RemotePort {far.port}",
	"State {state}",
	". {proto=tcp}",
	NULL,
};

/* \\10.87.0.9            marta.k              Windows 2002 Serv    12 00:04:17 */
static const char *const net_session[] = {
	"Computer | \\\\\\\\\\[{near.addr}\\]",
	"Computer | \\\\\\\\{near.addr}",
	"User name | {user...}",
	"Client Type | {client...}",
	"Opens | {opens}",
	"Idle time | {idle}",
	NULL,
};
static const char *const net_noise[] = {
	"----------",
	"The command completed successfully.",
	"There are no entries in the list.",
	NULL,
};

static const char *const net_use[] = {
	/* Unavailable  V:        \\10.87.7.172\people      Microsoft Windows Network */
	"{state} {_!windows_drive} {_!windows_share} <>",
	/*              Z:        \\10.87.7.172\lab         Microsoft Windows Network */
	"{_!windows_drive} {_!windows_share} <>",
	/* OK                     \\10.87.2.82\IPC$         Microsoft Windows Network */
	"{state} {_!windows_share} <>",
	NULL,
};
static const char *const net_use_noise[] = {
	"New connections will ",
	"Status Local ",
	"Microsoft Windows Network", /* behind a long name on a line of its own */
	"----------",
	"The command completed successfully.",
	"There are no entries in the list.",
	NULL,
};
/* clang-format on */

static const char *const netstat_also[] = { "netstat {_...}", NULL };
static const char *const connection_also[] = { "Get-NetTCPConnection {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "netstat -ano",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_HOST,
	    .patterns = netstat,
	    .noise = netstat_noise,
	    .also = netstat_also,
	    .status = STATUS_SAMPLES,
	},
	/* What PowerShell prints, as it was asked: none of it can be sent by an exec channel of
	   cmd. */
	{
	    .send = "Get-NetTCPConnection",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_HOST,
	    .patterns = connection_table,
	    .also = connection_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "Get-NetTCPConnection",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_JSON,
	    .scope = SCOPE_HOST,
	    .patterns = connection_json,
	    .also = connection_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "Get-NetTCPConnection",
	    .topic = TOPIC_SOCKETS,
	    .form = FORM_CSV,
	    .scope = SCOPE_HOST,
	    .patterns = connection_table,
	    .noise = connection_csv_noise,
	    .also = connection_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "net session",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_HOST,
	    .patterns = net_session,
	    .noise = net_noise,
	    .flags = COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "net use",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_HOST,
	    .patterns = net_use,
	    .noise = net_use_noise,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "win", "microsoft_windows", "ansible.windows", NULL };
static const char *const refusals[] = { "'netstat' is not recognized ", "System error ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Microsoft Windows [Version 10.0.19045.3448] */
	"Microsoft Windows*",
	NULL,
};

const struct driver driver_windows = {
	.name = "windows",
	.title = "Windows (netstat, net)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = ">", .refusals = refusals, },
	.signs = { .banner = "OpenSSH_for_Windows_*", .version = "ver", .says = says,
	    .object = "1.3.6.1.4.1.311" },
	.commands = commands,
	.functions = functions,
	.blind = "Who started a connection, its age and bytes; peers of UDP sockets; systems in another "
		 "language than English.",
	.privilege = "a user who may log in over SSH; an administrator for net session",
	.status = STATUS_LAYOUT,
};
