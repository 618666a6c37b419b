/* gatebook driver show: all that one driver may send, and how it reads what comes back. */
#include <jansson.h>

#include "cli/driver.h"

static const struct option_row options[] = {
	{ "driver", 0, "FILE", "show the driver of this YAML file" },
	{ NULL },
};

/* --- as a JSON object ------------------------------------------------------------------------- */

static json_t *
string_or_null(const char *s)
{
	return s != NULL ? json_string(s) : json_null();
}

static json_t *
list(const char *const *items)
{
	json_t *array = json_array();

	for (int i = 0; items != NULL && items[i] != NULL; i++)
		json_array_append_new(array, json_string(items[i]));
	return array;
}

static void
append(void *array, const char *flag)
{
	json_array_append_new(array, json_string(flag));
}

static json_t *
command_json(const struct command *c)
{
	json_t *flags = json_array();

	command_flags(c->flags, append, flags);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "send", c->send,
	    "topic", topic_name(c->topic), "form", form_name(c->form), "scope",
	    scope_name(c->scope), "status", status_name(c->status), "flags", flags, "patterns",
	    list(c->patterns), "noise", list(c->noise), "total", string_or_null(c->total), "also",
	    list(c->also), "pages", string_or_null(c->pages));
}

static int
show_json(const struct driver *d)
{
	const struct dialect *l = &d->dialect;
	json_t *commands = json_array(), *object;
	int rc;

	for (int i = 0; d->commands[i].send != NULL; i++)
		json_array_append_new(commands, command_json(&d->commands[i]));
	object = json_pack(
	    "{s:s, s:s, s:o, s:s, s:s, s:s, s:{s:b, s:o, s:o, s:o, s:o, s:o, s:o}, s:o, s:o}",
	    "name", d->name, "title", d->title, "aliases", list(d->aliases), "status",
	    status_name(d->status), "blind", d->blind, "privilege", d->privilege, "dialect",
	    "shell", l->shell, "prompt", string_or_null(l->prompt), "setup", list(l->setup), "more",
	    list(l->more), "refusals", list(l->refusals), "leave", string_or_null(l->leave),
	    "enable", string_or_null(l->enable), "question", string_or_null(d->signs.version),
	    "commands", commands);
	rc = json_dumpf(object, stdout, JSON_INDENT(2));
	json_decref(object);
	return rc == 0 && puts("") >= 0 && fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

/* --- for people ------------------------------------------------------------------------------- */

static void
print_list(const char *what, const char *const *items)
{
	for (int i = 0; items != NULL && items[i] != NULL; i++) {
		printf("%-12s%s\n", i == 0 ? what : "", items[i]);
	}
}

static void
print_flag(void *arg, const char *flag)
{
	(void)arg;
	printf(", %s", flag);
}

static void
print_command(const struct command *c)
{
	printf("\n%s\n    %s of scope %s, read as %s, %s", c->send, topic_name(c->topic),
	    scope_name(c->scope), form_name(c->form), status_name(c->status));
	command_flags(c->flags, print_flag, NULL);
	puts("");
	if (c->pages != NULL)
		printf("    next page   %s, any number of this range, until a page "
		       "holds less than half of %u rows\n",
		    c->pages, c->page_rows);
	for (int i = 0; c->also != NULL && c->also[i] != NULL; i++)
		printf("    same reply  %s\n", c->also[i]);
	for (int i = 0; c->patterns[i] != NULL; i++)
		printf("    pattern     %s\n", c->patterns[i]);
	for (int i = 0; c->noise != NULL && c->noise[i] != NULL; i++)
		printf("    no row      %s\n", c->noise[i]);
	if (c->total != NULL)
		printf("    total       %s\n", c->total);
}

/* How `gatebook driver detect` tells it. */
static void
print_signs(const struct signs *s)
{
	if (s->says)
		printf("%-12s%s, by `gatebook driver detect` only\n", "asked", s->version);
	else if (s->banner)
		printf("%-12sits SSH server, %s; it is asked nothing\n", "detected by", s->banner);
	else if (s->on)
		printf("%-12snothing: a program on %s, which only the inventory tells\n",
		    "detected by", s->on);
	else
		printf("%-12snothing\n", "detected by");
}

static void
print_guard(const struct command *guard)
{
	if (guard)
		printf("%-12s%s, before its tables, where `limits: {sessions:}` or `max_sessions:` "
		       "is set\n",
		    "counts by", guard->send);
	else
		printf("%-12snothing: a limit on sessions cannot be kept before they are listed\n",
		    "counts by");
}

static int
show_text(const struct driver *d)
{
	const struct dialect *l = &d->dialect;

	printf("%-12s%s\n%-12s%s\n", "name", d->name, "title", d->title);
	print_list("aliases", d->aliases);
	printf("%-12s%s\n%-12s%s\n%-12s%s\n", "status", status_name(d->status), "privilege",
	    d->privilege, "cannot see", d->blind);
	printf("%-12s%s\n", "session",
	    d->commands[0].form == FORM_VARBINDS ? "GETBULK, a table at a time"
	    : l->shell                           ? "one shell"
						 : "one exec channel for each command");
	if (l->shell)
		printf("%-12sends with one of %s\n", "prompt", l->prompt);
	print_list("setup", l->setup);
	if (l->enable != NULL)
		printf("%-12s%s, only with a credential that has 'enable:'\n", "enable", l->enable);
	if (l->leave != NULL)
		printf("%-12s%s\n", "leave", l->leave);
	print_signs(&d->signs);
	print_guard(driver_guard(d));
	puts("\nThese lines, the setup and the leave line are all that is ever sent:");
	for (int i = 0; d->commands[i].send != NULL; i++)
		print_command(&d->commands[i]);
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

/* --- as rows, one for each command ------------------------------------------------------------ */

enum { C_SEND, C_TOPIC, C_FORM, C_SCOPE, C_STATUS, C_FLAGS, C_PATTERNS, C_TOTAL };

static const struct column columns[] = {
	[C_SEND] = { "send", "COMMAND", CELL_TEXT },
	[C_TOPIC] = { "topic", "TOPIC", CELL_TEXT },
	[C_FORM] = { "form", "FORM", CELL_TEXT },
	[C_SCOPE] = { "scope", "SCOPE", CELL_TEXT },
	[C_STATUS] = { "status", "STATUS", CELL_TEXT },
	[C_FLAGS] = { "flags", "FLAGS", CELL_LIST },
	[C_PATTERNS] = { "patterns", "PATTERNS", CELL_LIST },
	[C_TOTAL] = { "total", "TOTAL", CELL_TEXT },
	{ NULL },
};

static void
add_flag(void *w, const char *flag)
{
	writer_list(w, C_FLAGS, text_of(flag));
}

static int
show_rows(const struct call *call, const struct driver *d)
{
	struct error err = { 0 };
	struct writer *w = call_writer(call, columns, &err);

	if (w == NULL)
		return cli_fail(&err, EXIT_USAGE);
	for (const struct command *c = d->commands; c->send != NULL; c++) {
		writer_text(w, C_SEND, text_of(c->send));
		writer_text(w, C_TOPIC, text_of(topic_name(c->topic)));
		writer_text(w, C_FORM, text_of(form_name(c->form)));
		writer_text(w, C_SCOPE, text_of(scope_name(c->scope)));
		writer_text(w, C_STATUS, text_of(status_name(c->status)));
		command_flags(c->flags, add_flag, w);
		for (int i = 0; c->patterns[i] != NULL; i++)
			writer_list(w, C_PATTERNS, text_of(c->patterns[i]));
		if (c->total != NULL)
			writer_text(w, C_TOTAL, text_of(c->total));
		writer_row(w);
	}
	return writer_end(w, NULL) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	const struct driver *driver;
	int rc;

	if (call->n > 1 || (call->n == 0) == (call_value(call, "driver") == NULL)) {
		error_set(&err,
		    "driver show takes one platform, or --driver FILE; see: gatebook driver list");
		return cli_fail(&err, EXIT_USAGE);
	}
	driver = driver_get(call, call->n > 0 ? call->words[0] : "", &err);
	if (driver == NULL)
		return cli_fail(&err, EXIT_USAGE);
	if (call->form == WRITE_JSON)
		rc = show_json(driver);
	else if (call->form == WRITE_TABLE && call->columns == NULL)
		rc = show_text(driver);
	else
		rc = show_rows(call, driver);
	driver_put(call, driver);
	return rc;
}

const struct cli_command cli_driver_show = {
	.name = "driver show",
	.synopsis = "PLATFORM | --driver FILE",
	.summary = "Show the exact lines a driver may send and how it reads the replies",
	.text = "This is the whole list: a line that does not stand here is never sent. Give it to "
		"the "
		"people who write the command authorisation of the account.",
	.example = "gatebook driver show cisco_ios\ngatebook driver show linux -o json",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
