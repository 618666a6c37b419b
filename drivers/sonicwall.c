/* SonicWall SonicOS: the connection table and the log of connections. */
#include "drivers/function.h"

/* tcp/https */
static bool
sonicos_proto(struct text token, struct observation *o)
{
	struct text name = token;

	if (!text_take_until(&token, '/', &name))
		name = token;
	return proto_parse(name, &o->proto);
}

static const struct function functions[] = {
	{ "sonicos_proto", sonicos_proto },
	{ NULL, NULL },
};

/* clang-format off */
/*   #  Src MAC           Src IP           Src Port  Src IF  Dst MAC           Dst IP  ...
 *   1  00:00:5e:00:53:20 10.83.10.20      50312     X6      00:00:5e:00:53:01 203.0.113.18 ... */
static const char *const connections[] = {
	"Src IP | {near.addr}",
	"Src Port | {near.port}",
	"Src IF | {near.iface}",
	"Dst IP | {far.addr}",
	"Dst Port | {far.port}",
	"Dst IF | {far.iface}",
	"Protocol | {proto}",
	"[Expiry(s)] | {left}",
	"[Tx Bytes] | {bytes.near}",
	"[Rx Bytes] | {bytes.far}",
	"[Tx Pkts] | {packets.near}",
	"[Rx Pkts] | {packets.far}",
	/* Named as their names are two words: cells that nobody reads. */
	"[Src MAC] | {_}",
	"[Dst MAC] | {_}",
	"[IPS Cat] | {_}",
	"[App ID] | {_}",
	". | {starter=near}",
	NULL,
};

static const char *const connection_log[] = {
	/* CEF:0|SonicWall|NSa 2700|7.0.1-5000-R1000|98|Connection Opened|4|cat=262111 gcat=6
	 * src=10.83.10.20 spt=50312 deviceInboundInterface=X6-V333 cs1Label=192.0.2.83 snpt=21044
	 * dst=203.0.113.18 dpt=443 deviceOutboundInterface=X1 cs2Label=203.0.113.18 dnpt=443
	 * susr="example.com\jonas" proto=tcp/https out=60 ... appName="General HTTPS" ... */
	"<>CEF:0|SonicWall|{_...}|{_}|{number}|{state...}|{number}|<\"src={near.addr} "
	"spt={near.port} deviceInboundInterface={near.iface} cs1Label={near_nat.addr} "
	"snpt={near_nat.port} dst={far_nat.addr} dpt={far_nat.port} "
	"deviceOutboundInterface={far.iface} cs2Label={far.addr} dnpt={far.port} susr={user} "
	"proto={_!sonicos_proto} out={bytes.near} in={bytes.far} appName={app}>"
	"{starter=near}{row!record_ends}",
	NULL,
};
/* clang-format on */

static const char *const log_also[] = { "syslog (CEF) connection opened/closed", NULL };

static const struct command commands[] = {
	{
	    .send = "show connections",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_COLUMNS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = connections,
	    .total = "Total: {total}",
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "syslog connection",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = connection_log,
	    .also = log_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"sonicos",
	"sonic_os",
	"sonicwall_sonicos",
	"sonicwall-sonicos",
	NULL,
};
static const char *const setup[] = { "no cli pager session", NULL };
static const char *const refusals[] = { "% No matching command found", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* firmware-version "SonicOS Enhanced 6.5.4.4-44n" */
	"*SonicOS*",
	NULL,
};

const struct driver driver_sonicwall = {
	.name = "sonicwall",
	.title = "SonicWall SonicOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">",
	    .setup = setup,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.8741" },
	.commands = commands,
	.functions = functions,
	.blind = "The columns of the table are known from the web page only: a reply that prints "
		 "others is not read; translations are in the log alone.",
	.privilege = "read-only administrators",
	.status = STATUS_LAYOUT,
};
