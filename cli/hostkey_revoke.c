/* gatebook hostkey revoke: a key that is trusted no more. */
#include <stdio.h>

#include "cli/hostkey.h"

static const struct option_row options[] = {
	{ "key", 'k', "KEY", "only this one, as `gatebook hostkey list` prints it (default: all)" },
	{ NULL }
};

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	const struct device **devices;
	struct error err = { 0 };
	int rc = EXIT_OK;

	if (!config)
		return EXIT_USAGE;
	if (call->n == 0)
		(void)error_set(&err, "name the devices: gatebook hostkey revoke DEVICE...");
	devices = call->n ? config_select(config, call->n, call->words, &err) : NULL;
	if (!devices)
		rc = cli_fail(&err, EXIT_USAGE);
	for (int i = 0; devices && devices[i]; i++) {
		int n = hostkey_change(config, devices[i], call_value(call, "key"), false, &err);

		if (n < 0)
			rc = cli_fail(&err, EXIT_FAILED);
		else
			(void)printf(
			    "%s: %d key%s revoked; it will not be contacted until one is trusted\n",
			    devices[i]->name, n, n == 1 ? "" : "s");
	}
	config_free(config);
	return rc;
}

const struct cli_command cli_hostkey_revoke = { .name = "hostkey revoke",
	.synopsis = "DEVICE... [--key KEY]",
	.summary = "Trust a device's host key no more",
	.text = "The key stays in the list's history, the decision is written to the ledger.",
	.example = "gatebook hostkey revoke edge-fw1",
	.options = options,
	.run = run };
