/* IP-MIB: who is behind which interface (ARP and neighbour discovery). */
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
	{ .name = NULL },
};

const struct mib mib_ip_mib = { .name = "IP-MIB", .tables = tables };
