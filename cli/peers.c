/* gatebook peers: the outside addresses that were talked with. */
#include "cli/ends.h"

static int
run(struct call *call)
{
	return ends_run(call, ASK_OUTSIDE);
}

const struct cli_command cli_peers = {
	.name = "peers",
	.synopsis = "[ADDR|NET|@FILE ...] [FILTER]",
	.summary = "Outside addresses that were talked with, and by how many hosts",
	.text = "Without an address all of them. HOSTS counts inside hosts, SERVICES pairs of "
		"an inside host and a service. A session that several devices saw counts once.",
	.example = "gatebook peers --last 24h --sort hosts\ngatebook peers 203.0.113.0/24 -o csv",
	.options = ends_options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
