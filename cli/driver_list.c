/* gatebook driver list: the platforms we know. */
#include "cli/driver.h"

enum { C_NAME, C_TITLE, C_TOPICS, C_STATUS, C_COMMANDS, C_ALIASES, C_QUESTION, C_BLIND };

static const struct column columns[] = {
	[C_NAME] = { "name", "NAME", CELL_TEXT },
	[C_TITLE] = { "title", "TITLE", CELL_TEXT },
	[C_TOPICS] = { "topics", "TOPICS", CELL_LIST },
	[C_STATUS] = { "status", "STATUS", CELL_TEXT },
	[C_COMMANDS] = { "commands", "COMMANDS", CELL_LIST, .right = true },
	[C_ALIASES] = { "aliases", "ALIASES", CELL_LIST, .wide = true },
	[C_QUESTION] = { "question", "DETECTED BY", CELL_TEXT, .wide = true },
	[C_BLIND] = { "blind", "CANNOT SEE", CELL_TEXT },
	{ NULL },
};

static void
put(struct writer *w, const struct driver *d)
{
	unsigned topics = 0, n = 0;
	char count[16];

	writer_text(w, C_NAME, text_of(d->name));
	writer_text(w, C_TITLE, text_of(d->title));
	writer_text(w, C_STATUS, text_of(status_name(d->status)));
	writer_text(w, C_BLIND, text_of(d->blind));
	for (; d->commands[n].send != NULL; n++) {
		writer_list(w, C_COMMANDS, text_of(d->commands[n].send));
		if (!(topics & 1u << d->commands[n].topic))
			writer_list(w, C_TOPICS, text_of(topic_name(d->commands[n].topic)));
		topics |= 1u << d->commands[n].topic;
	}
	snprintf(count, sizeof count, "%u", n);
	writer_show(w, C_COMMANDS, count);
	for (int i = 0; d->aliases != NULL && d->aliases[i] != NULL; i++)
		writer_list(w, C_ALIASES, text_of(d->aliases[i]));
	if (d->signs.says)
		writer_text(w, C_QUESTION, text_of(d->signs.version));
	writer_row(w);
}

/* --- the names of other tools ----------------------------------------------------------------- */

enum { N_NAME, N_PLATFORM };

static const struct column names[] = {
	[N_NAME] = { "name", "NAME", CELL_TEXT },
	[N_PLATFORM] = { "platform", "PLATFORM", CELL_TEXT },
	{ NULL },
};

static void
put_name(struct writer *w, const char *name, const struct driver *d)
{
	writer_text(w, N_NAME, text_of(name));
	writer_text(w, N_PLATFORM, text_of(d->name));
	writer_row(w);
}

static void
put_names(struct writer *w, const struct driver *d)
{
	put_name(w, d->name, d);
	for (int i = 0; d->aliases != NULL && d->aliases[i] != NULL; i++)
		put_name(w, d->aliases[i], d);
}

static const struct option_row options[] = {
	{ "names", 0, NULL, "every name a platform goes by, one a row: those of other tools too" },
	{ NULL },
};

static int
run(struct call *call)
{
	struct error err = { 0 };
	bool by_name = call_value(call, "names") != NULL;
	struct writer *w = call_writer(call, by_name ? names : columns, &err);

	if (w == NULL)
		return cli_fail(&err, EXIT_USAGE);
	for (unsigned i = 0; i < drivers_count; i++)
		(by_name ? put_names : put)(w, drivers[i]);
	return writer_end(w, NULL) < 0 ? EXIT_FAILED : EXIT_OK;
}

const struct cli_command cli_driver_list = {
	.name = "driver list",
	.synopsis = "",
	.summary = "List the platforms gatebook can read",
	.text = "STATUS says what a driver rests on: 'verified' ran against the real producer, "
		"'samples' "
		"reads real outputs, 'layout' was written from a description and nobody has seen "
		"it "
		"work.",
	.example = "gatebook driver list\ngatebook driver list --names -o csv | grep ios",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
