/* IF-MIB: what the number of an interface is called. */
#include "mibs/mib.h"

static const char *const names[] = {
	/* .1.3.6.1.2.1.31.1.1.1.1.2 = STRING: "lan0" */
	"1 {remote}",
	NULL,
};

static const char *const descriptions[] = {
	/* .1.3.6.1.2.1.2.2.1.2.2 = STRING: "lan0" (ifDescr) */
	"2 {remote}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "ifXTable",
	    .oid = "1.3.6.1.2.1.31.1.1.1",
	    .source = "RFC 2863",
	    .topic = TOPIC_PORTS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface}",
	    .columns = names,
	},
	/* Older, and longer names: of agents without ifXTable. */
	{
	    .name = "ifTable",
	    .oid = "1.3.6.1.2.1.2.2.1",
	    .source = "RFC 2863",
	    .topic = TOPIC_PORTS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface}",
	    .columns = descriptions,
	},
	{ .name = NULL },
};

const struct mib mib_if_mib = { .name = "IF-MIB", .tables = tables };
