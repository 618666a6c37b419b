/* BRIDGE-MIB and Q-BRIDGE-MIB: which station was heard behind which port of a bridge.
 *
 * The port is the bridge's own number, which dot1dBasePortIfIndex leads to an interface; a
 * forwarding database is mostly a VLAN, not always. */
#include "mibs/mib.h"

static const char *const fdb[] = {
	/* .1.3.6.1.2.1.17.4.3.1.2.0.0.94.0.83.1 = INTEGER: 7 */
	"2 {near.iface}",
	/* .1.3.6.1.2.1.17.4.3.1.3.0.0.94.0.83.1 = INTEGER: 3; invalid(2), learned(3), self(4),
	   mgmt(5) */
	"3 {state}",
	NULL,
};

static const char *const base_port[] = {
	/* .1.3.6.1.2.1.17.1.4.1.2.7 = INTEGER: 10107, the interface */
	"2 {remote}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "dot1dBasePortTable",
	    .oid = "1.3.6.1.2.1.17.1.4.1",
	    .source = "RFC 4188",
	    .topic = TOPIC_PORTS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface}",
	    .columns = base_port,
	},
	{
	    .name = "dot1dTpFdbTable",
	    .oid = "1.3.6.1.2.1.17.4.3.1",
	    .source = "RFC 4188",
	    .topic = TOPIC_STATIONS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{mac:six}",
	    .columns = fdb,
	},
	{
	    .name = "dot1qTpFdbTable",
	    .oid = "1.3.6.1.2.1.17.7.1.2.2.1",
	    .source = "RFC 4363",
	    .topic = TOPIC_STATIONS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{vlan} {mac:six}",
	    .columns = fdb,
	},
	{ .name = NULL },
};

const struct mib mib_bridge_mib = { .name = "BRIDGE-MIB", .tables = tables };
