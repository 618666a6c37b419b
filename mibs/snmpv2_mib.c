/* SNMPv2-MIB: what an agent says of itself. Its uptime before and after a walk tells a reboot in
 * the middle of it. */
#include "mibs/mib.h"

static const char *const system_group[] = {
	/* .1.3.6.1.2.1.1.1.0 = STRING: "Cisco IOS Software, C2960 Software ..." (sysDescr) */
	"1 {kind}",
	/* .1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.8072.3.2.10 (sysObjectID) */
	"2 {from}",
	/* .1.3.6.1.2.1.1.3.0 = Timeticks: (102) 0:00:01.02 (sysUpTime) */
	"3 {up}",
	/* .1.3.6.1.2.1.1.5.0 = STRING: "sw1.example" (sysName) */
	"5 {host}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "system",
	    .oid = "1.3.6.1.2.1.1",
	    .source = "RFC 3418",
	    .topic = TOPIC_SYSTEM,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{_}",
	    .columns = system_group,
	},
	{ .name = NULL },
};

const struct mib mib_snmpv2_mib = { .name = "SNMPv2-MIB", .tables = tables };
