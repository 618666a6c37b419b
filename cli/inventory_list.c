/* gatebook inventory list: the devices of the configuration. */
#include "cli/command.h"

enum {
	C_DEVICE,
	C_PLATFORM,
	C_HOST,
	C_PORT,
	C_TRANSPORT,
	C_SITE,
	C_TAGS,
	C_CREDENTIAL,
	C_EVERY,
	C_ENABLED,
	C_TIMEOUT,
	C_ALGORITHMS,
	C_COMMANDS,
	C_DEFINED,
	C_SOURCE,
	C_SOURCE_ID,
	C_SOURCE_STATE,
	C_VIA
};

static const struct column columns[] = {
	[C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_PLATFORM] = { "platform", "PLATFORM", CELL_TEXT },
	[C_HOST] = { "host", "HOST", CELL_TEXT },
	[C_PORT] = { "port", "PORT", CELL_NUMBER, .right = true },
	[C_TRANSPORT] = { "transport", "TRANSPORT", CELL_TEXT },
	[C_SITE] = { "site", "SITE", CELL_TEXT },
	[C_TAGS] = { "tags", "TAGS", CELL_LIST },
	[C_CREDENTIAL] = { "credential", "CREDENTIAL", CELL_TEXT },
	[C_EVERY] = { "every_s", "EVERY", CELL_NUMBER, .right = true },
	[C_ENABLED] = { "enabled", "ENABLED", CELL_BOOL },
	[C_TIMEOUT] = { "timeout_s", "TIMEOUT", CELL_NUMBER, .right = true, .wide = true },
	[C_ALGORITHMS] = { "algorithms", "ALGORITHMS", CELL_TEXT, .wide = true },
	[C_COMMANDS] = { "commands", "COMMANDS", CELL_LIST, .wide = true },
	[C_DEFINED] = { "defined", "DEFINED", CELL_TEXT, .wide = true },
	[C_SOURCE] = { "source", "SOURCE", CELL_TEXT, .wide = true },
	[C_SOURCE_ID] = { "source_id", "SOURCE ID", CELL_TEXT, .wide = true },
	[C_SOURCE_STATE] = { "source_state", "SOURCE STATE", CELL_TEXT, .wide = true },
	[C_VIA] = { "via", "VIA", CELL_TEXT, .wide = true },
	{ NULL },
};

static void
put_duration(struct writer *w, int column, uint32_t seconds)
{
	char text[CONFIG_DURATION];

	writer_number(w, column, seconds);
	writer_show(w, column, config_duration(seconds, text));
}

static void
put_source(struct writer *w, const struct device *d)
{
	writer_text(w, C_SOURCE, text_of(d->source));
	if (d->source_id)
		writer_text(w, C_SOURCE_ID, text_of(d->source_id));
	writer_text(w, C_SOURCE_STATE, text_of(d->source_state ? d->source_state : "up"));
}

static void
put(struct writer *w, const struct device *d)
{
	char defined[300];

	writer_text(w, C_DEVICE, text_of(d->name));
	writer_text(w, C_PLATFORM, text_of(d->driver->name));
	writer_text(w, C_HOST, text_of(d->host));
	if (d->port)
		writer_number(w, C_PORT, d->port);
	writer_text(w, C_TRANSPORT, text_of(d->transport));
	if (d->site[0])
		writer_text(w, C_SITE, text_of(d->site));
	for (size_t i = 0; d->tags[i]; i++)
		writer_list(w, C_TAGS, text_of(d->tags[i]));
	if (d->credential)
		writer_text(w, C_CREDENTIAL, text_of(d->credential->name));
	put_duration(w, C_EVERY, d->every);
	writer_bool(w, C_ENABLED, !d->disabled);
	put_duration(w, C_TIMEOUT, d->timeout);
	if (strcmp(d->transport, "ssh") == 0)
		writer_text(w, C_ALGORITHMS, text_of(d->algorithms));
	for (size_t i = 0; d->commands && d->commands[i]; i++)
		writer_list(w, C_COMMANDS, text_of(d->commands[i]));
	if (d->via)
		writer_text(w, C_VIA, text_of(d->via->name));
	if (d->source)
		put_source(w, d);
	snprintf(defined, sizeof(defined), "%s:%u", d->file, d->line);
	writer_text(w, C_DEFINED, text_of(defined));
	writer_row(w);
}

/* Without words all of them, disabled ones too: the list is the place to see that they are. */
static int
put_all(struct writer *w, struct config *config, const struct call *call, struct error *err)
{
	const struct device **picked;

	if (call->n == 0) {
		for (size_t i = 0; i < config->n_devices; i++)
			put(w, &config->devices[i]);
		return 0;
	}
	picked = config_select(config, call->n, call->words, err);
	for (size_t i = 0; picked && picked[i]; i++)
		put(w, picked[i]);
	return picked ? 0 : -1;
}

static int
list(struct config *config, struct call *call)
{
	struct error err = { 0 };
	struct writer *w = call_writer(call, columns, &err);
	int rc;

	if (w == NULL)
		return cli_fail(&err, EXIT_USAGE);
	rc = put_all(w, config, call, &err);
	if (writer_end(w, NULL) < 0 && rc == 0)
		return EXIT_FAILED;
	if (rc != 0)
		return cli_fail(&err, EXIT_USAGE);
	if (config->n_devices == 0 && !call->quiet)
		fprintf(stderr, "no devices: add one to %s/inventory.d/*.yml\n", call->dir);
	return EXIT_OK;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	int code = EXIT_USAGE;

	if (config != NULL)
		code = list(config, call);
	config_free(config);
	return code;
}

const struct cli_command cli_inventory_list = {
	.name = "inventory list",
	.synopsis = "[DEVICE|@TAG|@SITE|@all...]",
	.summary = "List the devices of the configuration",
	.text = "All of them without an argument, disabled ones too. @TAG and @SITE are those that "
		"a "
		"poll of the same words would ask: not the disabled ones.",
	.example = "gatebook inventory list\ngatebook inventory list @edge -o json",
	.flags = CLI_OUTPUT,
	.run = run,
};
