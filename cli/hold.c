/* gatebook hold, gatebook release: nothing is started for a device, a credential, a platform, or at
 * all. */
#include <stdio.h>
#include <string.h>

#include "cli/daemon.h"
#include "poller/schedule.h"

static const struct option_row options[] = { { "credential", 0, "NAME",
						 "every device with this credential" },
	{ "platform", 0, "NAME", "every device of this platform" },
	{ "all", 0, NULL, "everything: no login is begun any more" },
	{ "why", 'w', "TEXT", "the reason, for whoever asks later" }, { NULL } };

static int
decide(const struct call *call, const struct config *config, enum decision_kind kind,
    const char *on, const char *name)
{
	struct decision d = { .kind = kind };
	struct error err = { 0 };
	const char *why = call_value(call, "why");
	int n;

	(void)text_copy(text_of(on), d.on, sizeof(d.on));
	(void)text_copy(text_of(name), d.name, sizeof(d.name));
	(void)text_copy(text_of(kind == DECIDE_HOLD ? "engineer" : ""), d.reason, sizeof(d.reason));
	(void)text_copy(text_of(why), d.why, sizeof(d.why));
	(void)schedule_who(d.by);
	n = daemon_keep(config, &d, &err);
	if (n < 0)
		return cli_fail(&err, EXIT_FAILED);
	if (kind == DECIDE_HOLD)
		(void)printf("%s%s%s: held\n", on, name[0] ? " " : "", name);
	else
		(void)printf("%s%s%s: %s\n", on, name[0] ? " " : "", name,
		    n > 0 ? "released" : "was not held");
	return EXIT_OK;
}

static int
decide_all(struct call *call, struct config *config, enum decision_kind kind)
{
	const char *credential = call_value(call, "credential"),
		   *platform = call_value(call, "platform");
	bool all = call_value(call, "all");
	const struct device **devices;
	struct error err = { 0 };
	int rc = EXIT_OK, one;

	if (call->n == 0 && !credential && !platform && !all) {
		(void)error_set(
		    &err, "say what: DEVICE or @TAG, --credential NAME, --platform NAME, --all");
		return cli_fail(&err, EXIT_USAGE);
	}
	if (all)
		return decide(call, config, kind, "all", "");
	if (credential && (one = decide(call, config, kind, "credential", credential)) != EXIT_OK)
		rc = one;
	if (platform && (one = decide(call, config, kind, "platform", platform)) != EXIT_OK)
		rc = one;
	devices = call->n ? config_select(config, call->n, call->words, &err) : NULL;
	if (call->n && !devices)
		return cli_fail(&err, EXIT_USAGE);
	for (int i = 0; devices && devices[i]; i++)
		if ((one = decide(call, config, kind, "device", devices[i]->name)) != EXIT_OK)
			rc = one;
	return rc;
}

static int
run(struct call *call, enum decision_kind kind)
{
	struct config *config = cli_config(call);
	int rc = config ? decide_all(call, config, kind) : EXIT_USAGE;

	config_free(config);
	return rc;
}

/* The same decision as hold --all and release --all: it outlives a restart. */
static int
run_everything(struct call *call, enum decision_kind kind)
{
	struct config *config = cli_config(call);
	struct error err = { 0 };
	int rc = EXIT_USAGE;

	if (config && call->n > 0) {
		(void)error_set(
		    &err, "%s takes no words: gatebook hold DEVICE holds one", call->command->name);
		rc = cli_fail(&err, EXIT_USAGE);
	} else if (config) {
		rc = decide(call, config, kind, "all", "");
	}
	config_free(config);
	return rc;
}

static int
run_pause(struct call *call)
{
	return run_everything(call, DECIDE_HOLD);
}

static int
run_resume(struct call *call)
{
	return run_everything(call, DECIDE_RELEASE);
}

static int
run_hold(struct call *call)
{
	return run(call, DECIDE_HOLD);
}

static int
run_release(struct call *call)
{
	return run(call, DECIDE_RELEASE);
}

const struct cli_command cli_hold = { .name = "hold",
	.synopsis = "[DEVICE|@TAG...] [--credential NAME] [--platform NAME] [--all] [--why TEXT]",
	.summary = "Begin no poll of a device, a credential, a platform, or at all",
	.text = "The kill switch. It is in force at once, stands in the store and in the ledger, "
		"and "
		"outlives every restart until `gatebook release`. Polls that run are not cut off. "
		"Without a daemon it is written to the store, and a poll by hand keeps to it too.",
	.example = "gatebook hold --all --why 'core maintenance'\ngatebook hold edge-fw1\ngatebook "
		   "hold "
		   "--credential ro-ssh",
	.options = options,
	.run = run_hold };

const struct cli_command cli_release = { .name = "release",
	.synopsis = "[DEVICE|@TAG...] [--credential NAME] [--platform NAME] [--all]",
	.summary = "Poll again what was held",
	.text = "Also ends what the daemon holds by itself: a device whose login was refused, a "
		"credential that several devices refused, a platform whose devices went away while "
		"they were polled. What was missed is not made up for. A device with a changed "
		"host "
		"key is released by trusting its key: gatebook hostkey trust. --all ends a hold of "
		"everything; what else is held stays held.",
	.example = "gatebook release edge-fw1\ngatebook release --all",
	.options = options,
	.run = run_release };

static const struct option_row pause_options[] = {
	{ "why", 'w', "TEXT", "the reason, for whoever asks later" }, { NULL }
};

const struct cli_command cli_schedule_pause = { .name = "schedule pause",
	.synopsis = "[--why TEXT]",
	.summary = "Begin no poll at all until resume",
	.text = "The same as `gatebook hold --all`: kept in the store, over restarts.",
	.example = "gatebook schedule pause --why 'core maintenance'",
	.options = pause_options,
	.run = run_pause };

const struct cli_command cli_schedule_resume = { .name = "schedule resume",
	.synopsis = "",
	.summary = "End a pause",
	.text = "The same as `gatebook release --all`: what is held one by one stays held, and "
		"what was "
		"missed is not made up for.",
	.example = "gatebook schedule resume",
	.run = run_resume };
