/* TCP-MIB: the connections of the agent's host itself, never what it forwards. */
#include "mibs/mib.h"

static const char *const connection[] = {
	/* .1.3.6.1.2.1.6.19.1.7.1.4.10.20.0.11.44319.1.4.203.0.113.10.443 = INTEGER: 5 */
	"7 {state}",
	NULL,
};

static const char *const conn[] = {
	/* .1.3.6.1.2.1.6.13.1.1.10.20.0.1.22.10.20.0.11.42776 = INTEGER: 5 */
	"1 {state}",
	NULL,
};

static const char *const listener[] = {
	/* .1.3.6.1.2.1.6.20.1.4.1.4.10.20.0.1.22 = Gauge32: 20211 */
	"4 {_}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "tcpConnectionTable",
	    .oid = "1.3.6.1.2.1.6.19.1",
	    .source = "RFC 4022",
	    .topic = TOPIC_SOCKETS,
	    .scope = SCOPE_HOST,
	    .proto = PROTO_TCP,
	    .index = "{near.addr:inet} {near.port} {far.addr:inet} {far.port}",
	    .columns = connection,
	},
	/* Its predecessor, IPv4 only. */
	{
	    .name = "tcpConnTable",
	    .oid = "1.3.6.1.2.1.6.13.1",
	    .source = "RFC 1213",
	    .topic = TOPIC_SOCKETS,
	    .scope = SCOPE_HOST,
	    .proto = PROTO_TCP,
	    .index = "{near.addr:ipv4} {near.port} {far.addr:ipv4} {far.port}",
	    .columns = conn,
	},
	{
	    .name = "tcpListenerTable",
	    .oid = "1.3.6.1.2.1.6.20.1",
	    .source = "RFC 4022",
	    .topic = TOPIC_SOCKETS,
	    .scope = SCOPE_HOST,
	    .proto = PROTO_TCP,
	    .index = "{near.addr:inet} {near.port}",
	    .columns = listener,
	},
	{ .name = NULL },
};

const struct mib mib_tcp_mib = { .name = "TCP-MIB", .tables = tables };
