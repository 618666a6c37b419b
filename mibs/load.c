/* HOST-RESOURCES-MIB and CISCO-PROCESS-MIB: how busy the processors are, asked before a table is
 * walked. */
#include "mibs/mib.h"

static const char *const host[] = {
	/* .1.3.6.1.2.1.25.3.3.1.2.196608 = INTEGER: 7; percent, of the last minute */
	"2 {total}",
	NULL,
};

static const char *const cisco[] = {
	/* .1.3.6.1.4.1.9.9.109.1.1.1.1.8.1 = Gauge32: 12; percent, of five minutes
	   (cpmCPUTotal5minRev) */
	"8 {total}",
	NULL,
};

static const struct mib_table tables[] = {
	{
	    .name = "hrProcessorTable",
	    .oid = "1.3.6.1.2.1.25.3.3.1",
	    .source = "RFC 2790",
	    .topic = TOPIC_LOAD,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{_}",
	    .columns = host,
	},
	{
	    .name = "cpmCPUTotalTable",
	    .oid = "1.3.6.1.4.1.9.9.109.1.1.1.1",
	    .source = "CISCO-PROCESS-MIB",
	    .topic = TOPIC_LOAD,
	    .scope = SCOPE_SELF,
	    .proto = PROTO_NONE,
	    .index = "{_}",
	    .columns = cisco,
	},
	{ .name = NULL },
};

const struct mib mib_load = { .name = "processor load", .tables = tables };
