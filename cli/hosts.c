/* gatebook hosts: the inside hosts that talked with the outside. */
#include "cli/ends.h"

static int
run(struct call *call)
{
	return ends_run(call, ASK_INSIDE);
}

const struct cli_command cli_hosts = {
	.name = "hosts",
	.synopsis = "[ADDR|NET|@FILE ...] [FILTER]",
	.summary = "Inside hosts that talked with the outside, and with how many addresses",
	.text = "Without an address all of them. PEERS counts outside addresses, SERVICES pairs "
		"of an outside address and a service. A session that several devices saw counts "
		"once.\n\n"
		"Where devices are asked who is where (`identity: true`), NAME, MAC and AT say "
		"what the host called itself, its MAC, and the switch and port it was at when it "
		"was last seen in the range; gatebook whereis tells why there.",
	.example = "gatebook hosts\ngatebook hosts 10.1.0.0/16 --last 7d --sort peers --limit 20",
	.options = ends_options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
