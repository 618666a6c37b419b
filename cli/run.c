/* gatebook run: the daemon. */
#include <stdio.h>

#include "base/log.h"
#include "cli/command.h"
#include "poller/daemon.h"
#include "poller/plan.h"

static void
say(const char *sentence, void *arg)
{
	(void)arg;
	(void)fprintf(stderr, "gatebook: %s\n", sentence);
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	struct error err = { 0 };

	if (!config)
		return EXIT_USAGE;
	if (call->n > 0) {
		(void)error_set(&err, "run takes no words: it polls what gatebook.yml schedules");
		config_free(config);
		return cli_fail(&err, EXIT_USAGE);
	}
	if (plan_check(config, say, NULL) > 0) {
		config_free(config);
		return EXIT_USAGE;
	}
	log_set_level(call->verbose ? LOG_DEBUG : call->quiet ? LOG_WARNING : LOG_INFO);
	if (daemon_run(call->dir, config, &err) != 0)
		return cli_fail(&err, EXIT_FAILED);
	return EXIT_OK;
}

const struct cli_command cli_run = { .name = "run",
	.synopsis = "",
	.summary = "Poll by schedule until told to stop",
	.text =
	    "The daemon. It polls the devices as `schedules:` of gatebook.yml (or `every:` of a "
	    "device) say, within `limits:`, and never catches up on what was missed. A login that "
	    "was "
	    "refused or a host key that changed is not tried again: the device is held until "
	    "somebody "
	    "releases it. A plan that cannot work is refused with the numbers. One line goes to "
	    "standard error for each poll. SIGTERM starts nothing more and gives what runs 20 "
	    "seconds; "
	    "SIGHUP loads the configuration anew, like `gatebook reload`.",
	.example = "gatebook run\nsystemctl start gatebook",
	.run = run };
