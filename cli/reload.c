/* gatebook reload: the running daemon takes the configuration as it is now. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "poller/control.h"

static void
show(const json_t *row, void *arg)
{
	const char *faults = json_string_value(json_object_get(row, "faults"));

	(void)arg;
	if (faults)
		(void)fputs(faults, stderr);
	else
		(void)printf("%lld devices on a schedule, configuration %.12s\n",
		    (long long)json_integer_value(json_object_get(row, "devices")),
		    json_string_value(json_object_get(row, "config")));
}

static int
run(struct call *call)
{
	static const char *const words[] = { "reload" };
	struct config *config = cli_config(call);
	struct error err = { 0 };
	int rc;

	/* The faults were said: the daemon would say them again. */
	if (!config)
		return EXIT_USAGE;
	rc = control_ask(config->control, 1, words, show, NULL, &err);
	if (rc == CONTROL_NOBODY)
		(void)error_set(
		    &err, "no daemon runs on %s: there is nothing to reload", config->store);
	config_free(config);
	return rc == 0 ? EXIT_OK : cli_fail(&err, rc > 0 ? rc : EXIT_FAILED);
}

const struct cli_command cli_reload = { .name = "reload",
	.synopsis = "",
	.summary = "Have the daemon load the configuration anew",
	.text = "All of it or nothing: with one fault, said as file:line:column, the daemon goes "
		"on "
		"with what it had. Polls that run keep the configuration they began with. The "
		"store, the socket and the retention are those of the start.",
	.example = "gatebook reload",
	.run = run };
