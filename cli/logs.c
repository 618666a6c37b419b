/* gatebook logs: the last lines of the daemon's log. */
#include <stdio.h>

#include "cli/daemon.h"
#include "poller/control.h"
#include "query/range.h"

static void
show(const json_t *row, void *arg)
{
	const struct call *call = arg;
	char moment[MOMENT_TEXT];

	(void)printf("%s %s\n",
	    moment_format(json_integer_value(json_object_get(row, "at")), call->utc, false, moment),
	    json_string_value(json_object_get(row, "line")));
	(void)fflush(stdout);
}

static int
run(struct call *call)
{
	const char *words[] = { "logs", call_value(call, "number"), "follow" };
	struct config *config = cli_config(call);
	struct error err = { 0 };
	int rc;

	if (!config)
		return EXIT_USAGE;
	if (!words[1])
		words[1] = "20";
	rc = control_ask(
	    config->control, call_value(call, "follow") ? 3 : 2, words, show, call, &err);
	if (rc == CONTROL_NOBODY)
		rc = daemon_missing(config, &err);
	config_free(config);
	return rc == 0 ? EXIT_OK : cli_fail(&err, rc > 0 ? rc : EXIT_FAILED);
}

static const struct option_row options[] = { { "number", 'n', "N", "so many lines (default: 20)" },
	{ "follow", 'f', NULL, "and those that come, until you interrupt it" }, { NULL } };

const struct cli_command cli_logs = { .name = "logs",
	.synopsis = "[-n N] [-f]",
	.summary = "Show the last lines of the daemon's log",
	.text = "The daemon keeps its last thousand lines in memory, wherever its standard error "
		"goes. What the recorder and the polls write themselves, which are processes of "
		"their own, stands only there.",
	.example = "gatebook logs -n 100\ngatebook logs -f",
	.options = options,
	.run = run };
