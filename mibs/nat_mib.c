/* NAT-MIB and NATV2-MIB: which inside end is which outside. They name no peer: a row is no session,
 * it gives sessions of the same poll their inside end's other name. */
#include "mibs/mib.h"

static const char *const addr_bind[] = {
	/* .1.3.6.1.2.1.123.1.6.1.4.2.1.4.10.1.2.3 = Hex-STRING: C0 00 02 09
	   (natAddrBindGlobalAddr) */
	"4 {near_nat.addr}",
	NULL,
};

static const char *const addr_port_bind[] = {
	/* .1.3.6.1.2.1.123.1.8.1.6.2.1.4.10.1.2.3.40001.5 = Hex-STRING: C0 00 02 09
	   (natAddrPortBindGlobalAddr) */
	"6 {near_nat.addr}",
	/* .1.3.6.1.2.1.123.1.8.1.7.2.1.4.10.1.2.3.40001.5 = Gauge32: 61234
	   (natAddrPortBindGlobalPort) */
	"7 {near_nat.port}",
	NULL,
};

static const char *const port_map[] = {
	/* .1.3.6.1.2.1.234.2.6.1.9.1.6.0.1.4.192.0.2.9.61234 = Hex-STRING: 0A 01 02 03
	   (natv2PortMapInternalAddress; of DS-Lite the tunnel's end) */
	"9 {near.addr}",
	/* natv2PortMapInternalPort */
	"12 {near.port}",
	NULL,
};

static const struct mib_table tables[] = {
	/* The index: ifIndex, the local address. */
	{
	    .name = "natAddrBindTable",
	    .oid = "1.3.6.1.2.1.123.1.6.1",
	    .source = "RFC 4008",
	    .topic = TOPIC_NAT,
	    .scope = SCOPE_TRANSIT,
	    .proto = PROTO_NONE,
	    .index = "{far.iface} {near.addr:inet}",
	    .columns = addr_bind,
	},
	/* The index: ifIndex, the local address, port and protocol. */
	{
	    .name = "natAddrPortBindTable",
	    .oid = "1.3.6.1.2.1.123.1.8.1",
	    .source = "RFC 4008",
	    .topic = TOPIC_NAT,
	    .scope = SCOPE_TRANSIT,
	    .proto = PROTO_NONE,
	    .index = "{far.iface} {near.addr:inet} {near.port} {proto:nat}",
	    .columns = addr_port_bind,
	},
	/* The index: instance, protocol, the external realm's name, the external address, its port.
	 */
	{
	    .name = "natv2PortMapTable",
	    .oid = "1.3.6.1.2.1.234.2.6.1",
	    .source = "RFC 7659",
	    .topic = TOPIC_NAT,
	    .scope = SCOPE_TRANSIT,
	    .proto = PROTO_NONE,
	    .index = "{_} {proto} {_:string} {near_nat.addr:inet} {near_nat.port}",
	    .columns = port_map,
	},
	{ .name = NULL },
};

const struct mib mib_nat_mib = { .name = "NAT-MIB", .tables = tables };
