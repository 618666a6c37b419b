/* SentinelOne Cloud Funnel: connections as the agent on a host saw them, an object a line.
 *
 * The source started; of an incoming one the destination is the host. */
#include "drivers/function.h"

/* Waits in the interface, which the record does not have, until the ends are known. */
static bool
sentinel_direction(struct text token, struct observation *o)
{
	if (text_is(token, "INCOMING"))
		o->near_iface = token;
	return text_is(token, "INCOMING") || text_is(token, "OUTGOING");
}

static bool
sentinel_ends(struct text token, struct observation *o)
{
	bool incoming = o->near_iface.n > 0;

	(void)token;
	o->near_iface = (struct text){ 0 };
	if (incoming)
		observation_turn(o);
	return true;
}

static const struct function functions[] = {
	{ "sentinel_ends", sentinel_ends },
	{ "sentinel_direction", sentinel_direction },
	{ NULL, NULL },
};

static const char *const connects[] = {
	".",
	"src.ip.address {near.addr}",
	"src.port.number {near.port}",
	"dst.ip.address {far.addr}",
	"dst.port.number {far.port}",
	"meta.event.name TCPV4{proto=tcp}",
	"meta.event.name TCPV6{proto=tcp}",
	"meta.event.name UDPV4{proto=udp}",
	"meta.event.name UDPV6{proto=udp}",
	"event.network.direction {_!sentinel_direction}",
	"event.network.connectionStatus {state}",
	"src.process.name {app...}",
	"src.process.user {user...}",
	"endpoint.name {place...}",
	". {starter=near}{row!sentinel_ends}",
	NULL,
};

static const char *const also[] = { "Cloud Funnel {_...}", "cloud-funnel {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "cloud-funnel-ip-connect",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_JSON,
	    .scope = SCOPE_HOST,
	    .patterns = connects,
	    .also = also,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

const struct driver driver_sentinelone = {
	.name = "sentinelone",
	.title = "SentinelOne Cloud Funnel (from files)",
	.aliases = (const char *const[]){ "cloud_funnel", NULL },
	.commands = commands,
	.functions = functions,
	.blind = "Hosts without an agent; how long a connection stood and what it carried.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
