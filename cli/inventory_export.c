/* gatebook inventory export: the devices as one inventory file. */
#include <stdio.h>

#include "cli/inventory.h"

static void
put(const char *key, const char *value)
{
	printf("    %s: ", key);
	config_put_text(stdout, text_of(value));
	putchar('\n');
}

static void
put_list(const char *key, const char *const *list)
{
	if (!list || !list[0])
		return;
	printf("    %s: [", key);
	for (size_t n = 0; list[n]; n++) {
		fputs(n ? ", " : "", stdout);
		config_put_text(stdout, text_of(list[n]));
	}
	puts("]");
}

static void
put_device(const struct device *d)
{
	bool ssh = strcmp(d->transport, "ssh") == 0, snmp = strcmp(d->transport, "snmp") == 0;
	char text[CONFIG_DURATION];

	fputs("  - name: ", stdout);
	config_put_text(stdout, text_of(d->name));
	putchar('\n');
	if (ssh || snmp)
		put("host", d->host);
	put("platform", d->driver->name);
	if (!ssh)
		put("transport", d->transport);
	if (d->port && d->port != (snmp ? 161 : 22))
		printf("    port: %u\n", d->port);
	if (d->from)
		put("from", d->from);
	if (d->via)
		put("via", d->via->name);
	if (d->replay)
		put("replay", d->replay);
	if (d->credential)
		put("credential", d->credential->name);
	if (d->site[0])
		put("site", d->site);
	put_list("tags", d->tags);
	if (ssh && strcmp(d->algorithms, "modern") != 0)
		put("algorithms", d->algorithms);
	put_list("commands", d->commands);
	if (d->every)
		put("every", config_duration(d->every, text));
	put("timeout", config_duration(d->timeout, text));
	if (d->identity)
		puts("    identity: true");
	if (d->disabled)
		puts("    enabled: false");
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	struct error err = { 0 };
	const struct device **devices;
	int code = EXIT_OK;

	if (!config)
		return EXIT_USAGE;
	devices = inventory_pick(config, call, &err);
	if (devices)
		puts("devices:");
	for (; devices && *devices; devices++)
		put_device(*devices);
	if (!devices)
		code = cli_fail(&err, EXIT_USAGE);
	else if (fflush(stdout) != 0)
		code = EXIT_FAILED;
	config_free(config);
	return code;
}

const struct cli_command cli_inventory_export = {
	.name = "inventory export",
	.synopsis = "[DEVICE|@TAG|@SITE|@all...]",
	.summary = "Print the devices as one inventory file",
	.text =
	    "YAML as it stands in inventory.d/, with the defaults of the files put to each device: "
	    "for another configuration, or to take imported devices into your own hands. "
	    "Credentials "
	    "are named, not copied; prefixes and schedules of their own are not in it. For other "
	    "programs: inventory list -o json.",
	.example = "gatebook inventory export @edge > edge.yml",
	.run = run,
};
