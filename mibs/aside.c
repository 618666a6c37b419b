/* What stands in walks of whole agents and is read by nobody: known by name, so that a walk can say
 * what it was not read for. */
#include "mibs/mib.h"

#define ASIDE(called, at, from)                                                                    \
	{                                                                                          \
		.name = called, .oid = at, .source = from                                          \
	}

static const struct mib_table tables[] = {
	ASIDE("lldpConfiguration", "1.0.8802.1.1.2.1.1", "IEEE 802.1AB"),
	ASIDE("lldpStatistics", "1.0.8802.1.1.2.1.2", "IEEE 802.1AB"),
	ASIDE("lldpLocalSystemData", "1.0.8802.1.1.2.1.3", "IEEE 802.1AB"),
	ASIDE("lldpRemManAddrTable", "1.0.8802.1.1.2.1.4.2", "IEEE 802.1AB"),
	ASIDE("lldpRemUnknownTLVTable", "1.0.8802.1.1.2.1.4.3", "IEEE 802.1AB"),
	ASIDE("lldpRemOrgDefInfoTable", "1.0.8802.1.1.2.1.4.4", "IEEE 802.1AB"),
	ASIDE("lldpExtensions", "1.0.8802.1.1.2.1.5", "IEEE 802.1AB"),
	ASIDE("interfaces", "1.3.6.1.2.1.2", "RFC 2863"),
	ASIDE("atTable", "1.3.6.1.2.1.3", "RFC 1213"),
	ASIDE("ip", "1.3.6.1.2.1.4", "RFC 4293"),
	/* Routes: a full table has a million, and what is connected is in ipAddressTable. */
	ASIDE("ipRouteTable", "1.3.6.1.2.1.4.21", "RFC 1213"),
	ASIDE("ipCidrRouteTable", "1.3.6.1.2.1.4.24.4", "RFC 4292"),
	ASIDE("inetCidrRouteTable", "1.3.6.1.2.1.4.24.7", "RFC 4292"),
	ASIDE("ipAddressPrefixTable", "1.3.6.1.2.1.4.32", "RFC 4293"),
	ASIDE("icmp", "1.3.6.1.2.1.5", "RFC 4293"),
	ASIDE("tcp", "1.3.6.1.2.1.6", "RFC 4022"),
	ASIDE("udp", "1.3.6.1.2.1.7", "RFC 4113"),
	ASIDE("transmission", "1.3.6.1.2.1.10", "RFC 2863"),
	ASIDE("snmp", "1.3.6.1.2.1.11", "RFC 3418"),
	ASIDE("dot1dBridge", "1.3.6.1.2.1.17", "RFC 4188"),
	ASIDE("host", "1.3.6.1.2.1.25", "RFC 2790"),
	ASIDE("mta", "1.3.6.1.2.1.28", "RFC 2789"),
	ASIDE("ifMIB", "1.3.6.1.2.1.31", "RFC 2863"),
	ASIDE("entityMIB", "1.3.6.1.2.1.47", "RFC 6933"),
	ASIDE("ipv6MIB", "1.3.6.1.2.1.55", "RFC 2465"),
	ASIDE("dismanEventMIB", "1.3.6.1.2.1.88", "RFC 2981"),
	ASIDE("notificationLogMIB", "1.3.6.1.2.1.92", "RFC 3014"),
	ASIDE("natMIB", "1.3.6.1.2.1.123", "RFC 4008"),
	ASIDE("natv2MIB", "1.3.6.1.2.1.234", "RFC 7659"),
	ASIDE("ucdavis", "1.3.6.1.4.1.2021", "UCD-SNMP-MIB"),
	ASIDE("netSnmp", "1.3.6.1.4.1.8072", "NET-SNMP-MIB"),
	ASIDE("snmpV2", "1.3.6.1.6", "RFC 2578"),
	{ .name = NULL },
};

const struct mib mib_aside = { .name = "known and not read", .tables = tables };
