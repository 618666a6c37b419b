/* UDP-MIB: the endpoints of the agent's host; only connected ones have a peer. */
#include "mibs/mib.h"

static const char *const endpoint[] = {
	/* .1.3.6.1.2.1.7.7.1.8.1.4.10.20.0.12.44146.1.4.198.51.100.7.53.49948 = Gauge32: 17300 */
	"8 {_}",
	NULL,
};

static const char *const listener[] = {
	/* .1.3.6.1.2.1.7.5.1.1.10.20.0.1.161 = IpAddress: 10.20.0.1 */
	"1 {_}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "udpEndpointTable",
	    .oid = "1.3.6.1.2.1.7.7.1",
	    .source = "RFC 4113",
	    .topic = TOPIC_SOCKETS,
	    .scope = SCOPE_HOST,
	    .proto = PROTO_UDP,
	    .index = "{near.addr:inet} {near.port} {far.addr:inet} {far.port} {_}",
	    .columns = endpoint,
	},
	/* Its predecessor: no peers at all. */
	{
	    .name = "udpTable",
	    .oid = "1.3.6.1.2.1.7.5.1",
	    .source = "RFC 1213",
	    .topic = TOPIC_SOCKETS,
	    .scope = SCOPE_HOST,
	    .proto = PROTO_UDP,
	    .index = "{near.addr:ipv4} {near.port}",
	    .columns = listener,
	},
	{ .name = NULL },
};

const struct mib mib_udp_mib = { .name = "UDP-MIB", .tables = tables };
