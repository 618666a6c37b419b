/* gatebook driver commands: every line that can be sent to a platform. */
#include "audit/lines.h"
#include "cli/driver.h"

enum { C_LINE, C_USE, C_TOPIC, C_FLAGS };

static const struct column columns[] = {
	[C_LINE] = { "line", "LINE", CELL_TEXT },
	[C_USE] = { "use", "USE", CELL_TEXT },
	[C_TOPIC] = { "topic", "TOPIC", CELL_TEXT },
	[C_FLAGS] = { "flags", "FLAGS", CELL_LIST },
	{ NULL },
};

static const struct option_row options[] = {
	{ "driver", 0, "FILE", "the driver of this YAML file" },
	{ NULL },
};

static void
add_flag(void *w, const char *flag)
{
	writer_list(w, C_FLAGS, text_of(flag));
}

static void
put(struct writer *w, const struct sent_line *l)
{
	writer_text(w, C_LINE, text_of(l->line));
	if (l->use == LINE_KEY)
		writer_show(w, C_LINE, l->line[0] ? "(blank, at a more-mark)" : "(Enter)");
	writer_text(w, C_USE, text_of(line_use_name(l->use)));
	if (l->command) {
		writer_text(w, C_TOPIC, text_of(topic_name(l->command->topic)));
		command_flags(l->command->flags, add_flag, w);
	}
	writer_row(w);
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	const struct driver *driver = NULL;
	struct writer *w = NULL;
	struct sent_line l;
	int rc = EXIT_OK;

	if (call->n > 1 || (call->n == 0) == (call_value(call, "driver") == NULL))
		error_set(&err, "driver commands takes one platform, or --driver FILE; see: "
				"gatebook driver list");
	else
		driver = driver_get(call, call->n > 0 ? call->words[0] : "", &err);
	if (driver)
		w = call_writer(call, columns, &err);
	if (!w)
		rc = cli_fail(&err, EXIT_USAGE);
	for (unsigned i = 0; w && sent_line(driver, i, &l); i++)
		put(w, &l);
	if (w && writer_end(w, NULL) < 0)
		rc = EXIT_FAILED;
	if (driver)
		driver_put(call, driver);
	return rc;
}

const struct cli_command cli_driver_commands = {
	.name = "driver commands",
	.synopsis = "PLATFORM | --driver FILE",
	.summary = "List every line that can be sent to a platform",
	.text = "Scaffolding included: what turns paging off, the logout, the question of `driver "
		"detect`, and the two keys. {LEAST-MOST} in a page's line stands for one number. "
		"What is not in this list is refused before the socket.",
	.example = "gatebook driver commands cisco_asa\n"
		   "gatebook driver commands linux -o csv --columns line --no-headers",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
