/* gatebook inventory show: all that is known of a device, and where it was said. */
#include <stdarg.h>

#include "cli/inventory.h"
#include "poller/poll.h"

enum { C_DEVICE, C_KEY, C_VALUE };

static const struct column columns[] = { [C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_KEY] = { "key", "KEY", CELL_TEXT },
	[C_VALUE] = { "value", "VALUE", CELL_TEXT },
	{ NULL } };

static void __attribute__((format(printf, 4, 5)))
put(struct writer *w, const struct device *d, const char *key, const char *format, ...)
{
	char value[2048];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	writer_text(w, C_DEVICE, text_of(d->name));
	writer_text(w, C_KEY, text_of(key));
	writer_text(w, C_VALUE, text_of(value));
	writer_row(w);
}

static void
put_login(struct writer *w, const struct device *d)
{
	const struct credential *c = d->credential;

	put(w, d, "transport", "%s", d->transport);
	if (d->from)
		put(w, d, "from", "%s", d->from);
	if (d->via)
		put(w, d, "via", "%s (%s:%u)", d->via->name, d->via->host, d->via->port);
	if (d->port)
		put(w, d, "port", "%u", d->port);
	if (c)
		put(w, d, "credential", "%s (%s:%u)", c->name, c->file, c->line);
	if (c && c->user)
		put(w, d, "user", "%s", c->user);
	if (strcmp(d->transport, "ssh") == 0)
		put(w, d, "algorithms", "%s", d->algorithms);
	if (d->replay)
		put(w, d, "replay", "%s", d->replay);
}

static void
put_source(struct writer *w, const struct device *d)
{
	if (!d->source)
		return;
	put(w, d, "source", "%s", d->source);
	if (d->source_id)
		put(w, d, "source_id", "%s", d->source_id);
	put(w, d, "source_state", "%s", d->source_state ? d->source_state : "up");
}

static void
put_device(struct writer *w, const struct device *d)
{
	const struct command *plan[LIMIT_COMMANDS];
	int n = poll_plan(d, plan);
	char text[CONFIG_DURATION];

	put(w, d, "platform", "%s (%s)", d->driver->name, d->driver->title);
	put(w, d, "host", "%s", d->host);
	put_login(w, d);
	if (d->site[0])
		put(w, d, "site", "%s", d->site);
	for (size_t t = 0; d->tags[t]; t++)
		put(w, d, "tag", "%s", d->tags[t]);
	put(w, d, "enabled", "%s", d->disabled ? "no" : "yes");
	put(w, d, "every", "%s", config_duration(d->every, text));
	put(w, d, "timeout", "%s", config_duration(d->timeout, text));
	for (int i = 0; i < n; i++)
		put(w, d, "command", "%s%s", plan[i]->send,
		    poll_is_variant(d, plan[i]) ? "    (only if the one before is refused)" : "");
	put(w, d, "privilege", "%s", d->driver->privilege);
	put(w, d, "cannot see", "%s", d->driver->blind);
	put_source(w, d);
	put(w, d, "defined", "%s:%u", d->file, d->line);
}

static int
show(struct call *call, struct config *config)
{
	struct error err = { 0 };
	const struct device **devices = inventory_pick(config, call, &err);
	struct writer *w = devices ? call_writer(call, columns, &err) : NULL;

	if (!w)
		return cli_fail(&err, EXIT_USAGE);
	for (; *devices; devices++)
		put_device(w, *devices);
	return writer_end(w, NULL) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	int code = config ? show(call, config) : EXIT_USAGE;

	config_free(config);
	return code;
}

const struct cli_command cli_inventory_show = {
	.name = "inventory show",
	.synopsis = "[DEVICE|@TAG|@SITE|@all...]",
	.summary = "Show all that is known of a device, and where it was said",
	.text =
	    "Keys of the device with the defaults of its file, the account, the commands that a "
	    "poll sends in their order, what the account needs on the device and what the driver "
	    "cannot see there; of an imported device its source.",
	.example = "gatebook inventory show edge-fw1",
	.flags = CLI_OUTPUT,
	.run = run,
};
