/* FORTINET-FORTIGATE-MIB: the sessions of a FortiGate, without translation, IPv4 only. Its walk is
 * heavy. */
#include "mibs/mib.h"

static const char *const session[] = {
	/* .1.3.6.1.4.1.12356.101.11.2.1.1.2.1 = INTEGER: 6; the number of the IP protocol
	   (FgSessProto) */
	"2 {proto}",
	/* .1.3.6.1.4.1.12356.101.11.2.1.1.3.1 = IpAddress: 10.8.1.10 */
	"3 {near.addr}",
	"4 {near.port}",
	"5 {far.addr}",
	"6 {far.port}",
	/* .1.3.6.1.4.1.12356.101.11.2.1.1.7.1 = INTEGER: 3570, seconds until it goes */
	"7 {left}",
	/* .1.3.6.1.4.1.12356.101.11.2.1.1.8.1 = INTEGER: 1, number of the VDOM */
	"8 {place}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "fgIpSessTable",
	    .oid = "1.3.6.1.4.1.12356.101.11.2.1.1",
	    .source = "FORTINET-FORTIGATE-MIB",
	    .topic = TOPIC_SESSIONS,
	    .scope = SCOPE_TRANSIT,
	    .proto = PROTO_NONE,
	    .index = "{_}",
	    .columns = session,
	},
	{ .name = NULL },
};

const struct mib mib_fortigate_mib = { .name = "FORTINET-FORTIGATE-MIB", .tables = tables };
