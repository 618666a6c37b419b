/* gatebook driver detect: what is this device, and how do we know? */
#include <string.h>

#include "cli/command.h"
#include "poller/detect.h"

enum { C_DEVICE, C_PLATFORM, C_INVENTORY, C_BY, C_WHY, C_NEXT, C_SANDBOX };

static const struct column columns[] = { [C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_PLATFORM] = { "platform", "PLATFORM", CELL_LIST },
	[C_INVENTORY] = { "inventory", "INVENTORY", CELL_TEXT },
	[C_BY] = { "by", "BY", CELL_TEXT },
	[C_WHY] = { "why", "WHY", CELL_TEXT },
	[C_NEXT] = { "next", "NEXT", CELL_TEXT },
	[C_SANDBOX] = { "sandbox", "SANDBOX", CELL_NUMBER, .wide = true },
	{ NULL } };

/* The inventory's word stands if it is among those found. */
static bool
is_among(const struct detected *d, const struct driver *driver)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->found[i] == driver)
			return true;
	return false;
}

static void
put(struct writer *w, const struct device *device, const struct detected *d,
    const struct error *err)
{
	char next[300];

	writer_text(w, C_DEVICE, text_of(device->name));
	writer_text(w, C_INVENTORY, text_of(device->driver->name));
	for (unsigned i = 0; i < d->n; i++)
		writer_list(w, C_PLATFORM, text_of(d->found[i]->name));
	if (d->by)
		writer_text(w, C_BY, text_of(d->by));
	writer_text(w, C_WHY, text_of(d->n > 0 || !err->text[0] ? d->why : err->text));
	if (d->n == 0)
		(void)snprintf(next, sizeof(next),
		    "record a reply by hand, then: gatebook driver test PLATFORM FILE");
	else if (is_among(d, device->driver))
		next[0] = '\0';
	else if (d->n > 1)
		(void)snprintf(next, sizeof(next),
		    "one of them, by what it is there for, at %s:%u; see: gatebook driver show %s",
		    device->file, device->line, d->found[0]->name);
	else if (device->driver->commands[0].form == FORM_VARBINDS)
		(void)snprintf(next, sizeof(next),
		    "SNMP shows what it can; what passes through it, platform %s by SSH may tell",
		    d->found[0]->name);
	else
		(void)snprintf(next, sizeof(next), "write platform: %s at %s:%u", d->found[0]->name,
		    device->file, device->line);
	writer_number(w, C_SANDBOX, d->sandbox);
	if (next[0])
		writer_text(w, C_NEXT, text_of(next));
	writer_row(w);
}

static int
detect(struct call *call, const struct config *config, const struct device **devices)
{
	struct error err = { 0 };
	struct writer *w = call_writer(call, columns, &err);
	int found = 0, n = 0, exit_code = EXIT_FAILED;

	if (!w)
		return cli_fail(&err, EXIT_USAGE);
	for (; devices[n]; n++) {
		struct error why = { 0 };
		struct detected d;

		if (detect_device(config, devices[n], &d, &why) != 0) {
			exit_code = cli_fail(&why, EXIT_FAILED);
			if (d.n == 0 && !d.why[0])
				continue;
		} else if (d.n == 1) {
			found++;
		}
		put(w, devices[n], &d, &why);
	}
	if (writer_end(w, NULL) < 0)
		return EXIT_FAILED;
	return found == n ? EXIT_OK : found > 0 ? EXIT_PARTIAL : exit_code;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	const struct device **devices = NULL;
	struct error err = { 0 };
	int rc;

	if (!config)
		return EXIT_USAGE;
	if (call->n == 0)
		error_set(&err, "driver detect takes devices; see: gatebook inventory list");
	else
		devices = config_select(config, call->n, call->words, &err);
	rc = devices ? detect(call, config, devices) : cli_fail(&err, EXIT_USAGE);
	config_free(config);
	return rc;
}

const struct cli_command cli_driver_detect = {
	.name = "driver detect",
	.synopsis = "DEVICE|@TAG ...",
	.summary = "Log into a device, find out its platform and say how",
	.text = "Looks at what the SSH server calls itself and at the prompt, then asks what the "
		"device is, "
		"the likeliest question first and five at most (`show version`, `display version`, "
		"`get system status` ...), until an answer is one that a driver knows. An SNMP "
		"agent is asked for its sysObjectID and sysDescr alone. Every line "
		"is in the "
		"ledger before it is sent. The inventory is not changed: NEXT says what to write "
		"where.",
	.example = "gatebook driver detect edge-fw1\ngatebook driver detect @new -o json",
	.flags = CLI_OUTPUT,
	.run = run,
};
