/* IP-MIB: who is behind which interface (ARP and neighbour discovery), and the addresses of the
 * device itself. */
#include "mibs/mib.h"

static const char *const net_to_physical[] = {
	/* .1.3.6.1.2.1.4.35.1.4.2.1.4.10.20.0.11 = Hex-STRING: 2E 67 37 02 CA F3 */
	"4 {mac}",
	/* .1.3.6.1.2.1.4.35.1.6.2.1.4.10.20.0.11 = INTEGER: 3; dynamic(3), static(4), local(5) */
	"6 {kind}",
	/* .1.3.6.1.2.1.4.35.1.7.2.1.4.10.20.0.11 = INTEGER: 1; reachable(1), stale(2) ... */
	"7 {state}",
	NULL,
};

static const char *const net_to_media[] = {
	/* .1.3.6.1.2.1.4.22.1.2.2.10.20.0.11 = Hex-STRING: 2E 67 37 02 CA F3 */
	"2 {mac}",
	/* .1.3.6.1.2.1.4.22.1.4.2.10.20.0.11 = INTEGER: 3; invalid(2), dynamic(3), static(4) */
	"4 {kind}",
	NULL,
};

static const char *const address[] = {
	/* .1.3.6.1.2.1.4.34.1.3.1.4.10.20.0.1 = INTEGER: 2 (ipAddressIfIndex) */
	"3 {near.iface}",
	/* .1.3.6.1.2.1.4.34.1.4.1.4.10.20.0.1 = INTEGER: 1; unicast(1), anycast(2), broadcast(3) */
	"4 {kind}",
	/* .1.3.6.1.2.1.4.34.1.5.1.4.10.20.0.1 = OID: .1.3.6.1.2.1.4.32.1.5.2.1.4.10.20.0.0.24
	   (ipAddressPrefix) */
	"5 {network}",
	NULL,
};

static const char *const addr[] = {
	/* .1.3.6.1.2.1.4.20.1.2.192.0.2.2 = INTEGER: 4 (ipAdEntIfIndex) */
	"2 {near.iface}",
	/* .1.3.6.1.2.1.4.20.1.3.192.0.2.2 = IpAddress: 255.255.255.0 (ipAdEntNetMask) */
	"3 {network}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "ipNetToPhysicalTable",
	    .oid = "1.3.6.1.2.1.4.35.1",
	    .source = "RFC 4293",
	    .topic = TOPIC_NEIGHBOURS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface} {near.addr:inet}",
	    .columns = net_to_physical,
	},
	/* Its predecessor, IPv4 only. */
	{
	    .name = "ipNetToMediaTable",
	    .oid = "1.3.6.1.2.1.4.22.1",
	    .source = "RFC 1213",
	    .topic = TOPIC_NEIGHBOURS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.iface} {near.addr:ipv4}",
	    .columns = net_to_media,
	},
	{
	    .name = "ipAddressTable",
	    .oid = "1.3.6.1.2.1.4.34.1",
	    .source = "RFC 4293",
	    .topic = TOPIC_NETWORKS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.addr:inet}",
	    .columns = address,
	},
	/* Its predecessor, IPv4 only. */
	{
	    .name = "ipAddrTable",
	    .oid = "1.3.6.1.2.1.4.20.1",
	    .source = "RFC 1213",
	    .topic = TOPIC_NETWORKS,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{near.addr:ipv4}",
	    .columns = addr,
	},
	{ .name = NULL },
};

const struct mib mib_ip_mib = { .name = "IP-MIB", .tables = tables };
