/* How many sessions a firewall has: one value each, asked before a table is dumped. */
#include "mibs/mib.h"

#define SCALAR(column)                                                                             \
	(const char *const[])                                                                      \
	{                                                                                          \
		column, NULL                                                                       \
	}
#define COUNT(called, group, column, from)                                                         \
	{                                                                                          \
		.name = called, .oid = group, .source = from, .topic = TOPIC_COUNT,                \
		.scope = SCOPE_TRANSIT, .proto = PROTO_NONE, .index = "{_}",                       \
		.columns = SCALAR(column),                                                         \
	}

static const struct mib_table tables[] = {
	COUNT("fgSysSesCount", "1.3.6.1.4.1.12356.101.4.1", "8 {total}", "FORTINET-FORTIGATE-MIB"),
	COUNT("fwNumConn", "1.3.6.1.4.1.2620.1.1.25", "3 {total}", "CHECKPOINT-MIB"),
	/* jnxJsSPUMonitoringCurrentTotalSession, of the whole SRX */
	COUNT("jnxJsSPUMonitoringObjects", "1.3.6.1.4.1.2636.3.39.1.12.1", "2 {total}",
	    "JUNIPER-SRX5000-SPU-MONITORING-MIB"),
	COUNT("panSessionActive", "1.3.6.1.4.1.25461.2.1.2.3", "3 {total}", "PAN-COMMON-MIB"),
	COUNT("sysStatClientCurConns", "1.3.6.1.4.1.3375.2.1.1.2.1", "8 {total}",
	    "F5-BIGIP-SYSTEM-MIB"),
	{ .name = NULL },
};

const struct mib mib_counts = { .name = "session counts", .tables = tables };
