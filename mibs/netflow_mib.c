/* CISCO-NETFLOW-MIB: the flows of a router with the most packets or bytes, as many as it is
 * configured to keep. A flow has one direction: which end is inside is told by the prefixes, who
 * began is unknown. */
#include "mibs/mib.h"

static const char *const top_flows[] = {
	/* .1.3.6.1.4.1.9.9.387.1.7.8.1.3.1 = Hex-STRING: 0A 01 02 03 (cnfTopFlowsSrcAddress) */
	"3 {near.addr}",
	"6 {far.addr}",   /* cnfTopFlowsDstAddress */
	"10 {near.port}", /* cnfTopFlowsSrcPort */
	"11 {far.port}",  /* cnfTopFlowsDstPort */
	/* .1.3.6.1.4.1.9.9.387.1.7.8.1.19.1 = Gauge32: 6 (cnfTopFlowsProtocol) */
	"19 {proto}",
	"24 {bytes.near}",   /* cnfTopFlowsBytes */
	"25 {packets.near}", /* cnfTopFlowsPackets */
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "cnfTopFlowsTable",
	    .oid = "1.3.6.1.4.1.9.9.387.1.7.8.1",
	    .source = "CISCO-NETFLOW-MIB",
	    .topic = TOPIC_SESSIONS,
	    .scope = SCOPE_TRANSIT,
	    .proto = PROTO_NONE,
	    .index = "{_}",
	    .columns = top_flows,
	},
	{ .name = NULL },
};

const struct mib mib_netflow_mib = { .name = "CISCO-NETFLOW-MIB", .tables = tables };
