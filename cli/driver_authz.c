/* gatebook driver authz: the least-privilege account of a platform. */
#include <stdio.h>
#include <string.h>

#include "audit/authz.h"
#include "cli/driver.h"

static const struct option_row options[] = {
	{ "output", 'o', "FORM", "what authorises: tac_plus, ise, ios-view, sudoers ..." },
	{ "user", 0, "NAME", "name of the account (gatebook)" },
	{ "driver", 0, "FILE", "the driver of this YAML file" },
	{ NULL },
};

/* Letters, digits, '-' and '_': what every one of the forms takes as it is. */
static bool
is_name(const char *s)
{
	return *s && strlen(s) <= 32 &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
		   strlen(s);
}

static int
run(struct call *call)
{
	const char *user = call_value(call, "user") ? call_value(call, "user") : "gatebook";
	const struct driver *driver = NULL;
	const struct authz_form *form = NULL;
	struct error err = { 0 };

	if (call->n > 1 || (call->n == 0) == (call_value(call, "driver") == NULL))
		error_set(&err, "driver authz takes one platform, or --driver FILE; see: gatebook "
				"driver list");
	else if (!is_name(user))
		error_set(&err, "--user: letters, digits, '-' and '_', 32 at most");
	else
		driver = driver_get(call, call->n > 0 ? call->words[0] : "", &err);
	if (driver)
		form = authz_find(driver, call_value(call, "output"), &err);
	if (form)
		authz_print(stdout, form, driver, user);
	if (driver)
		driver_put(call, driver);
	if (!form)
		return cli_fail(&err, EXIT_USAGE);
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

const struct cli_command cli_driver_authz = {
	.name = "driver authz",
	.synopsis = "PLATFORM -o FORM [--user NAME]",
	.summary = "Print the least-privilege account of a platform, to paste",
	.text = "For AAA servers: tac_plus, tac_plus-ng, ise, freeradius. For the device itself: "
		"ios-view, nxos-role, xr-taskgroup, junos-class, asa, panos-role, fortios-profile, "
		"eos-role. For hosts: sudoers, forcecommand. Permits the lines of `driver "
		"commands` that polls send, and nothing else; the head says whether a test has "
		"run this form or it follows the vendor's manual only.",
	.example = "gatebook driver authz cisco_ios -o tac_plus\n"
		   "gatebook driver authz linux -o sudoers > /etc/sudoers.d/gatebook",
	.options = options,
	.run = run,
};
