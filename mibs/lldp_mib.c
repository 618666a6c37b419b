/* LLDP-MIB and CISCO-CDP-MIB: what stands behind a port and says so itself. */
#include "mibs/mib.h"

static const char *const remote[] = {
	/* .1.0.8802.1.1.2.1.4.1.1.8.0.2.1 = STRING: "eth0" */
	"8 {from}",
	/* .1.0.8802.1.1.2.1.4.1.1.9.0.2.1 = STRING: "sw2.example" */
	"9 {remote}",
	NULL,
};

static const char *const cache[] = {
	/* .1.3.6.1.4.1.9.9.23.1.2.1.1.4.7.1 = Hex-STRING: C0 00 02 09 */
	"4 {near.addr}",
	/* .1.3.6.1.4.1.9.9.23.1.2.1.1.6.7.1 = STRING: "sw2.example" */
	"6 {remote}",
	/* .1.3.6.1.4.1.9.9.23.1.2.1.1.7.7.1 = STRING: "GigabitEthernet0/1" */
	"7 {from}",
	/* .1.3.6.1.4.1.9.9.23.1.2.1.1.8.7.1 = STRING: "cisco WS-C2960X-24TS-L" */
	"8 {kind}",
	NULL,
};

static const char *const local[] = {
	/* .1.0.8802.1.1.2.1.3.7.1.4.3 = STRING: "wan0" */
	"4 {remote}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "lldpLocPortTable",
	    .oid = "1.0.8802.1.1.2.1.3.7.1",
	    .source = "IEEE 802.1AB",
	    .topic = TOPIC_PORTS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface}",
	    .columns = local,
	},
	/* The index: a time mark, the local port's number, a counter. */
	{
	    .name = "lldpRemTable",
	    .oid = "1.0.8802.1.1.2.1.4.1.1",
	    .source = "IEEE 802.1AB",
	    .topic = TOPIC_NEIGHBOURS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{_} {near.iface} {_}",
	    .columns = remote,
	},
	{
	    .name = "cdpCacheTable",
	    .oid = "1.3.6.1.4.1.9.9.23.1.2.1.1",
	    .source = "CISCO-CDP-MIB",
	    .topic = TOPIC_NEIGHBOURS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface} {_}",
	    .columns = cache,
	    .sparse = true,
	},
	{ .name = NULL },
};

const struct mib mib_lldp_mib = { .name = "LLDP-MIB", .tables = tables };
