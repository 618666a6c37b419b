/* HAProxy: the streams of a proxy, from its stats socket. One exec channel a command.
 *
 * A stream is two connections: from the client to the proxy, from the proxy to the server. The
 * client is near and started; the listener is what it asked for, the server who answers, and the
 * backend's address what the server sees of the client. The account's forced command hands the line
 * to the socket, so that no shell is needed. */
#include "drivers/driver.h"

/* clang-format off */
static const char *const streams[] = {
	/* 0x560a19a59ad0: [21/Nov/2026:23:48:18.561510] id=0 proto=tcpv4 source=10.20.0.12:45481 */
	"{hex}: \\[{_}\\] id={number} proto=tcpv4 source={near}{starter=near}{proto=tcp}",
	"{hex}: \\[{_}\\] id={number} proto=tcpv6 source={near}{starter=near}{proto=tcp}",
	/* ... proto=unix_stream source=unix:1: the question itself, whose frontend is GLOBAL, or a
	 * local client: its near end has no address */
	"{hex}: \\[{_}\\] id={number} proto=unix_stream source={_}",
	/*   frontend=f (id=2 mode=tcp), listener=? (id=1) addr=10.20.0.1:8080 */
	"+ frontend={app} (id={_} mode={_}), listener={_} (id={_}) addr=unix:{_}",
	"+ frontend={_} (id={_} mode={_}), listener={_} (id={_}) addr={far_nat}",
	"+ frontend=<>",
	/*   backend=b (id=3 mode=tcp) addr=192.0.2.1:46580 */
	"+ backend={_} (id={_} mode={_}) addr={near_nat}",
	"+ backend=<>",
	/*   server=s1 (id=1) addr=203.0.113.10:443 */
	"+ server={app} (id={_}) addr={far}",
	"+ server=<>",
	/*   task=0x560a19b74870 (state=0x00 nice=0 calls=2 rate=2 exp=1s tmask=0x1 age=1s) */
	"+ task={hex} <age={_!haproxy_age}>",
	/*   scf=0x560a19b190f0 flags=0x00000000 state=EST endp=CONN,0x560a19b74780,0x028c0001 sub=1 */
	"+ scf={hex} <state={state}>",
	"+ scb=<>", "+ co0=<>", "+ co1=<>", "+ app0=<>", "+ app1=<>", "+ flags=<>", "+ req=<>",
	"+ res=<>", "+ an_exp=<>", "+ buf=<>", "+ htx=<>", "+ txn=<>", "+ current_rule=<>",
	NULL,
};
/* clang-format on */

/* 1s) */
static bool
haproxy_age(struct text token, struct observation *o)
{
	uint64_t seconds;

	if (text_take_number(&token, UINT32_MAX, &seconds) && text_is(token, "s)")) {
		o->counters.age = (uint32_t)seconds;
		o->counters.has |= HAS_AGE;
	}
	return true;
}

static const struct function functions[] = {
	{ "haproxy_age", haproxy_age },
	{ NULL, NULL },
};

static const struct command commands[] = {
	{
	    .send = "show sess all",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = streams,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_VERIFIED,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "ha_proxy", NULL };
static const char *const refusals[] = { "Unknown command", "Permission denied", NULL };

const struct driver driver_haproxy = {
	.name = "haproxy",
	.title = "HAProxy (stats socket)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = ">", .refusals = refusals, },
	.signs = { .on = "linux" },
	.commands = commands,
	.functions = functions,
	.blind = "The question's own stream is a row of GLOBAL without ends; not seen are requests that share a connection; bytes of a stream that is still open; other processes "
		 "than the one that owns the socket.",
	.privilege = "an account whose forced command hands the line to a stats socket of level operator",
	.status = STATUS_VERIFIED,
};
