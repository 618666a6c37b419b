/* Check Point Gaia: the connections table of the gateway, in three forms, and its log.
 *
 * A connection has up to four keys. One is the connection, seen from the client that opened it; the
 * others are links to it, the packets of one way as they are on one side of a translation. So a
 * link tells what an end became. One that does not stand behind its connection is a row of its own,
 * as its right side names both ends. */
#include "drivers/function.h"
#include "drivers/value.h"

struct key {
	struct endpoint from, to;
	uint16_t proto;
};

static bool
is_end(struct text addr, struct text port, bool hex, struct endpoint *e)
{
	uint64_t number;
	bool ok = hex ? value_hex_addr(addr, false, &e->addr) &&
			    value_hex(port, UINT16_MAX, &number)
		      : addr_parse(addr, &e->addr) && text_number(port, UINT16_MAX, &number);

	e->has_port = ok;
	e->port = ok ? (uint16_t)number : 0;
	return ok;
}

/* 0a460515, 0000c50c, cb007150, 000001bb, 00000006
 * Source: 10.70.5.21; SPort: 50444; Dest: 203.0.113.80; DPort: 443; Protocol: tcp */
static bool
read_key(struct text t, struct key *key)
{
	enum { PARTS = 5 };
	struct text part[PARTS], name;
	bool hex = !memchr(t.s, ';', t.n);
	uint64_t proto;

	*key = (struct key){ 0 };
	for (unsigned i = 0; i < PARTS; i++) {
		if (!text_take_until(&t, hex ? ',' : ';', &part[i])) {
			part[i] = t;
			t.n = 0;
		}
		part[i] = text_trim(part[i]);
		if (!hex && text_take_until(&part[i], ' ', &name)) /* SPort: 50444 */
			text_skip_blanks(&part[i]);
	}
	if (t.n > 0 || !is_end(part[0], part[1], hex, &key->from) ||
	    !is_end(part[2], part[3], hex, &key->to))
		return false;
	if (!hex)
		return proto_parse(part[4], &key->proto);
	if (!value_hex(part[4], UINT8_MAX, &proto))
		return false;
	key->proto = (uint16_t)proto;
	return true;
}

/* Which way a link looks is told by the end that it has in common with its connection. One that
 * shares none does not say which is which. */
static bool
take_link(const struct key *link, const struct key *to, struct observation *o)
{
	struct endpoint client = link->from, server = link->to;

	if (endpoint_equal(&link->from, &to->to) || endpoint_equal(&link->to, &to->from)) {
		client = link->to;
		server = link->from;
	} else if (!endpoint_equal(&link->from, &to->from) && !endpoint_equal(&link->to, &to->to)) {
		return false;
	}
	if (!endpoint_equal(&client, &to->from))
		o->near_nat = client;
	if (!endpoint_equal(&server, &to->to)) {
		o->far_nat = to->to;
		o->far = server;
	}
	return true;
}

/* The keys wait in the user and the application, whom no key names. */
static bool
read_link(struct observation *o, struct key *link, struct key *to)
{
	bool ok = read_key(o->user, link) && read_key(o->app, to) && link->proto == to->proto;

	o->user = o->app = (struct text){ 0 };
	return ok;
}

/* A link to the connection above it. */
static bool
gaia_link(struct text token, struct observation *o)
{
	const struct endpoint *asked = o->far_nat.addr.family != 0 ? &o->far_nat : &o->far;
	struct key link, to;

	(void)token;
	return read_link(o, &link, &to) && to.proto == o->proto &&
	       endpoint_equal(&to.from, &o->near) && endpoint_equal(&to.to, asked) &&
	       take_link(&link, &to, o);
}

static bool
gaia_lone_link(struct text token, struct observation *o)
{
	struct key link, to;

	(void)token;
	if (!read_link(o, &link, &to))
		return false;
	o->near = to.from;
	o->far = to.to;
	o->proto = to.proto;
	return take_link(&link, &to, o);
}

static bool
is_set(const struct endpoint *e)
{
	return e->addr.family != 0 && !addr_is_any(&e->addr);
}

/* Of a log: 0.0.0.0 is an end that was not translated, 0 a port. The destination is the far end
 * until a translated one stands beside it. A record without both ends and a protocol is none of a
 * connection. */
static bool
gaia_translations(struct text token, struct observation *o)
{
	const struct endpoint asked = o->far_nat;

	(void)token;
	if (!is_set(&o->near_nat))
		o->near_nat = (struct endpoint){ 0 };
	else if (o->near_nat.port == 0)
		o->near_nat = (struct endpoint){ o->near_nat.addr, o->near.has_port, o->near.port };
	if (!is_set(&o->far)) {
		o->far = asked;
		o->far_nat = (struct endpoint){ 0 };
	} else if (o->far.port == 0) {
		o->far = (struct endpoint){ o->far.addr, asked.has_port, asked.port };
	}
	return is_set(&o->near) && is_set(&o->far) && o->proto != PROTO_NONE;
}

static const struct function functions[] = {
	{ "gaia_link", gaia_link },
	{ "gaia_lone_link", gaia_lone_link },
	{ "gaia_translations", gaia_translations },
	{ NULL, NULL },
};

#define BOTH_ENDS_CHANGE                                                                           \
	"{unread=a link that changes both ends does not say which of them is the client}"

/* clang-format off */
static const char *const hexed[] = {
	/* <00000000, 0a460515, 0000c50c, cb007150, 000001bb, 00000006; 0001c001, 00044000, ...,
	 * 00000000; 3571/3600> */
	"\\<{hex}, {near.addr:hex}, {near.port:hex}, {far.addr:hex}, {far.port:hex}, {proto:hex}; "
	"{_...}; [@]{left}/{number}>{starter=near}",
	/* <00000001, cb007150, 000001bb, c0000214, 00005a4d, 00000006> -> <00000000, 0a460515,
	 * 0000c50c, cb007150, 000001bb, 00000006> (00000805) */
	"+ \\<{hex}, {user...}> -> \\<{hex}, {app...}> ({hex}){row!gaia_link}",
	"\\<{hex}, {user...}> -> \\<{hex}, {app...}> ({hex}){starter=near}{row!gaia_lone_link}",
	"\\<{hex}, {_...}> -> \\<{hex}, {_...}> ({hex})" BOTH_ENDS_CHANGE,
	NULL,
};
static const char *const hexed_noise[] = {
	"localhost:", "-------- connections --------", "dynamic, id ", NULL };

/* Names, where the gateway resolves them, are no addresses. */
#define ENTRY "{_} {_} > : (+); Direction: {number}; "
static const char *const formatted[] = {
	/* 12:00:01 10.70.0.1 > : (+); Direction: 0; Source: 10.70.5.33; SPort: 40112;
	 * Dest: 198.51.100.53; DPort: 53; Protocol: udp; CPTFMT_sep: ;; Type: 16386; Rule: 4;
	 * Timeout: 336; ... Expires: 12/40; LastUpdateTime: 01Mar2026 12:00:00; ... */
	ENTRY "Source: {near.addr}; SPort: {near.port}; Dest: {far.addr}; DPort: {far.port}; "
	"Protocol: {proto}; CPTFMT_sep: ;; {_...}Expires: {left}/{number}; <>{starter=near}",
	/* 12:00:01 10.70.0.1 > : (+); Direction: 1; Source: 203.0.113.80; SPort: 443;
	 * Dest: 192.0.2.20; DPort: 23117; Protocol: tcp; CPTFMT_sep_1: ->; Direction_1: 0;
	 * Source_1: 10.70.5.21; SPort_1: 50444; Dest_1: 203.0.113.80; DPort_1: 443;
	 * Protocol_1: tcp; FW_symval: 2053; ... */
	"+ " ENTRY "{user...}CPTFMT_sep_1: ->; Direction_1: {number}; {app...}FW_symval: <>"
	"{row!gaia_link}",
	ENTRY "{user...}CPTFMT_sep_1: ->; Direction_1: {number}; {app...}FW_symval: <>"
	"{starter=near}{row!gaia_lone_link}",
	ENTRY "Source: {_!host_name}; <>"
	"{unread=a name stands where an address belongs: the gateway resolves them}",
	ENTRY "{_...}Dest: {_!host_name}; <>"
	"{unread=a name stands where an address belongs: the gateway resolves them}",
	ENTRY "{_...}CPTFMT_sep_1: ->; <>" BOTH_ENDS_CHANGE,
	NULL,
};
static const char *const formatted_noise[] = { "localhost:", "Date: ", NULL };

#define CONNTAB                                                                                    \
	"\\<({_:lower}, src=\\[{near.addr},{near.port}\\], dest=\\[{far.addr},{far.port}\\], "       \
	"{proto}); {left}/{number}, rule={_}, "
#define SERVICE "service={app}({number})[, conn modules: {_...}]>{starter=near}"
static const char *const conntab[] = {
	/* <(inbound, src=[10.70.5.21,50444], dest=[203.0.113.80,443], TCP); 3571/3600, rule=12,
	 * tcp state=TCP_ESTABLISHED, service=https(335), conn modules: Authentication, FG-1> */
	CONNTAB "tcp state={state}, " SERVICE,
	CONNTAB SERVICE,
	NULL,
};

static const char *const log_exporter[] = {
	/* syslog[action:"Accept"; ... origin:"10.70.0.1"; ... dst:"203.0.113.80"; ... proto:"6"; ...
	 * s_port:"50444"; service:"443"; service_id:"https"; src:"10.70.5.21"; xlatedport:"0";
	 * xlatedst:"0.0.0.0"; xlatesport:"23117"; xlatesrc:"192.0.2.20"] */
	"<>syslog\\[<\"action:{state} origin:{place} proto:{proto} service_id:{app} src:{near.addr} "
	"s_port:{near.port} dst:{far_nat.addr} service:{far_nat.port} xlatesrc:{near_nat.addr} "
	"xlatesport:{near_nat.port} xlatedst:{far.addr} xlatedport:{far.port}>"
	"{starter=near}{row!gaia_translations}",
	/* CEF: 0|Check Point|VPN-1 & FireWall-1|Check Point|Log|TCP_8443|Unknown|act=Accept ...
	 * spt=49811 dpt=8443 ... origin=10.70.0.1 ... dst=192.0.2.30 ... proto=6 ... src=203.0.113.9
	 * xlatedport=443 xlatedst=10.70.9.10 xlatesport=0 xlatesrc=0.0.0.0 */
	"<>CEF:[ ]0|Check Point|{_...}|act={state} <spt={near.port} dpt={far_nat.port} origin={place} "
	"dst={far_nat.addr} proto={proto} service_id={app} src={near.addr} xlatedport={far.port} "
	"xlatedst={far.addr} xlatesport={near_nat.port} xlatesrc={near_nat.addr}>"
	"{starter=near}{row!gaia_translations}",
	NULL,
};
/* Of the gateway's own tunnels: their addresses are its own and its peer's. */
static const char *const log_noise[] = { "<>syslog\\[action:\"Key Install\";", NULL };

static const char *const arp[] = {
	/* 192.168.13.233                  BC:30:5B:B5:76:DB */
	"{near.addr} {mac:mac}",
	NULL,
};
static const char *const arp_noise[] = { "~ Dynamic Arp Parameters", "IP Address Mac Address",
	NULL };

static const char *const count[] = { "{number}{unread=a number without its name}", NULL };
static const char *const count_noise[] = { "HOST NAME ID #VALS ", NULL };

static const char *const formatted_also[] = { "fw tab -t connections -u -f", NULL };
static const char *const log_also[] = { "Log Exporter syslog", NULL };
/* clang-format on */

/* Never without -u, which alone lists more than the first entries. */
static const struct command commands[] = {
	{
	    .send = "fw tab -t connections -u",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = hexed,
	    .noise = hexed_noise,
	    .flags = COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "fw ctl conntab",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = conntab,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "fw tab -t connections -f -u",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = formatted,
	    .noise = formatted_noise,
	    .also = formatted_also,
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "syslog log exporter",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = log_exporter,
	    .noise = log_noise,
	    .also = log_also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "fw tab -t connections -s",
	    .topic = TOPIC_COUNT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = count,
	    .noise = count_noise,
	    /* localhost             connections                      8158   100    150       0 */
	    .total = "{_} connections {number} {total} {number} {number}",
	    .flags = COMMAND_OPTIONAL | COMMAND_PRIVILEGED,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show arp dynamic all",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = {
	"checkpoint",
	"check_point",
	"check_point.gaia",
	"checkpoint-gaia",
	"gaia",
	"gaiaos",
	NULL,
};
static const char *const setup[] = { "set clienv rows 0", NULL };
static const char *const more[] = { "-- More --", NULL };
static const char *const refusals[] = { "CLINFR", "NMSHNM", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Product version Check Point Gaia R77.30 */
	"Product version Check Point*",
	NULL,
};

const struct driver driver_checkpoint_gaia = {
	.name = "checkpoint_gaia",
	.title = "Check Point Gaia",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .version = "show version all", .says = says,
	    .object = "1.3.6.1.4.1.2620" },
	.commands = commands,
	.functions = functions,
	.blind = "Bytes, age and IPv6 are not in the table; a translation is known by the links "
		 "beside a connection only, and connections of other gateways or CoreXL instances "
		 "come as copies.",
	.privilege = "a role with the fw commands, or the expert shell",
	.status = STATUS_LAYOUT,
};
