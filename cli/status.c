/* gatebook status: what the daemon does now. */
#include "cli/daemon.h"

static const struct column columns[] = { { "pid", "PID", CELL_NUMBER, true },
	{ "since", "SINCE", CELL_TIME }, { "devices", "DEVICES", CELL_NUMBER, true },
	{ "in_flight", "RUNNING", CELL_NUMBER, true }, { "waiting", "WAITING", CELL_NUMBER, true },
	{ "held", "HELD", CELL_NUMBER, true }, { "failing", "FAILING", CELL_NUMBER, true },
	{ "complete", "COMPLETE", CELL_NUMBER, true }, { "partial", "PARTIAL", CELL_NUMBER, true },
	{ "failed", "FAILED", CELL_NUMBER, true }, { "skipped", "SKIPPED", CELL_NUMBER, true },
	{ "next", "NEXT", CELL_TIME }, { "stopped", "STOPPED", CELL_TEXT },
	{ "free_bytes", NULL, CELL_NUMBER }, { "store_bytes", NULL, CELL_NUMBER },
	{ "version", NULL, CELL_TEXT }, { "config", NULL, CELL_TEXT }, { NULL } };

static int
run(struct call *call)
{
	static const char *const words[] = { "status" };
	struct config *config = cli_config(call);
	int rc = config ? daemon_show(call, config, 1, words, columns) : EXIT_USAGE;

	config_free(config);
	return rc;
}

const struct cli_command cli_status = { .name = "status",
	.synopsis = "",
	.summary = "Say what the daemon does now",
	.text =
	    "One row: devices on a schedule, polls that run or wait for a budget, devices held, "
	    "devices that do not answer, polls since the start by outcome, and when the next is "
	    "due. STOPPED says why none is started at all: the disk of the store is nearly full.",
	.example = "gatebook status\ngatebook status -o json",
	.flags = CLI_OUTPUT,
	.run = run };
