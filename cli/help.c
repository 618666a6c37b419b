/* gatebook help: what --help prints, the same for programs, and the manual's command section. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/parse.h"

enum { WIDTH = 80, INDENT = 2 };

/* One paragraph, folded at WIDTH. */
static void
fold(FILE *out, struct text paragraph, int indent)
{
	struct text typed;
	size_t column = 0;

	for (;;) {
		paragraph = text_trim(paragraph);
		if (!text_take_word(&paragraph, &typed))
			break;
		if (column > 0 && column + 1 + typed.n > (size_t)WIDTH) {
			fputc('\n', out);
			column = 0;
		}
		column += (size_t)fprintf(
		    out, "%*s%.*s", column > 0 ? 1 : indent, "", (int)typed.n, typed.s);
	}
	if (column > 0)
		fputc('\n', out);
}

/* The next paragraph of a text whose paragraphs are parted by an empty line, on one line. */
static bool
next_paragraph(struct text *rest, char **line)
{
	struct text one;
	size_t n = 0;
	FILE *out;

	free(*line);
	*line = NULL;
	while (rest->n > 0 && *rest->s == '\n')
		text_take_char(rest, '\n');
	if (rest->n == 0)
		return false;
	out = open_memstream(line, &n);
	while (text_take_line(rest, &one) && text_trim(one).n > 0)
		fprintf(out, "%.*s ", (int)one.n, one.s);
	fclose(out);
	return true;
}

static void
put_text(FILE *out, const char *text)
{
	struct text rest = text_of(text);
	char *line = NULL;

	while (next_paragraph(&rest, &line)) {
		fputc('\n', out);
		fold(out, text_of(line), 0);
	}
}

static void
put_option(FILE *out, const struct option_row *o)
{
	char left[80], letter[8] = "    ";

	if (o->letter != 0)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name, o->argument ? " " : "",
	    o->argument ? o->argument : "");
	fprintf(out, "%*s%-26s %s\n", INDENT, "", left, o->help);
}

static void
put_common(FILE *out, const char *title, unsigned needs, const struct cli_command *command)
{
	bool any = false;

	for (const struct common_row *c = cli_common; c->row.name != NULL; c++) {
		if (c->needs != needs || !common_applies(c, command))
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", title);
		any = true;
		put_option(out, &c->row);
	}
}

static void
put_example(FILE *out, const char *example)
{
	struct text rest = text_of(example), line;

	fprintf(out, "\nexamples:\n");
	while (text_take_line(&rest, &line))
		fprintf(out, "%*s%.*s\n", INDENT, "", (int)line.n, line.s);
}

void
help_command(FILE *out, const struct cli_command *c)
{
	bool synopsis = c->synopsis != NULL && *c->synopsis != '\0';

	fprintf(out, "usage: gatebook %s%s%s\n%s\n", c->name, synopsis ? " " : "",
	    synopsis ? c->synopsis : "", c->summary);
	if (c->text != NULL)
		put_text(out, c->text);
	if (c->options != NULL && c->options->name != NULL) {
		fprintf(out, "\noptions:\n");
		for (const struct option_row *o = c->options; o->name != NULL; o++)
			put_option(out, o);
	}
	put_common(out, "time", CLI_TIMES, c);
	put_common(out, "time and output", CLI_TIMES | CLI_OUTPUT, c);
	put_common(out, "output", CLI_OUTPUT, c);
	put_common(out, "everywhere", 0, c);
	if (c->example != NULL && *c->example != '\0')
		put_example(out, c->example);
}

void
help_overview(FILE *out, const char *group)
{
	size_t n = group != NULL ? strlen(group) : 0;

	fprintf(out, "usage: gatebook %s [OPTIONS] ...\n\n", group != NULL ? group : "COMMAND");
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		if (group != NULL && (strncmp((*c)->name, group, n) != 0 || (*c)->name[n] != ' '))
			continue;
		fprintf(out, "%*s%-18s %s\n", INDENT, "", (*c)->name, (*c)->summary);
	}
	if (group != NULL)
		fprintf(out, "\nmore: gatebook help %s SUBCOMMAND\n", group);
	else
		fprintf(out, "\nmore: gatebook help COMMAND, man gatebook\n");
}

static json_t *
json_option(const struct option_row *o)
{
	char letter[2] = { o->letter, '\0' };

	return json_pack("{s:s, s:s?, s:s?, s:s}", "name", o->name, "letter",
	    o->letter != 0 ? letter : NULL, "argument", o->argument, "help", o->help);
}

void
help_json(FILE *out)
{
	json_t *root = json_object(), *list = json_array();

	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		json_t *options = json_array();

		for (const struct option_row *o = (*c)->options; o != NULL && o->name != NULL; o++)
			json_array_append_new(options, json_option(o));
		for (const struct common_row *o = cli_common; o->row.name != NULL; o++)
			if (common_applies(o, *c))
				json_array_append_new(options, json_option(&o->row));
		json_array_append_new(
		    list, json_pack("{s:s, s:s?, s:s, s:s?, s:s?, s:o}", "name", (*c)->name,
			      "synopsis", (*c)->synopsis, "summary", (*c)->summary, "text",
			      (*c)->text, "example", (*c)->example, "options", options));
	}
	json_object_set_new(root, "version", json_string(GATEBOOK_VERSION));
	json_object_set_new(root, "commands", list);
	json_dumpf(root, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(root);
}

static int
run(struct call *call)
{
	char name[2 * LIMIT_NAME] = "";
	const struct cli_command *command;
	struct error err = { 0 };

	if (call_value(call, "json") != NULL)
		help_json(stdout);
	else if (call_value(call, "mdoc") != NULL)
		help_mdoc(stdout);
	else if (call->n == 0)
		help_overview(stdout, NULL);
	else {
		snprintf(name, sizeof(name), "%s%s%s", call->words[0], call->n > 1 ? " " : "",
		    call->n > 1 ? call->words[1] : "");
		command = cli_find(name);
		if (command != NULL)
			help_command(stdout, command);
		else if (call->n == 1 && cli_is_group(name))
			help_overview(stdout, name);
		else
			return cli_unknown(name, &err), cli_fail(&err, EXIT_USAGE);
	}
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

static const struct option_row options[] = {
	{ "json", 'j', NULL, "all commands and options as JSON, for programs" },
	{ "mdoc", 0, NULL, "the command section of the manual, in mdoc" },
	{ NULL },
};

const struct cli_command cli_help = {
	.name = "help",
	.synopsis = "[COMMAND]",
	.summary = "Explain a command, or list them all",
	.text = "Prints the same as gatebook COMMAND --help. The table behind it also yields "
		"the completion of the shells and the manual's list of commands and options.",
	.example = "gatebook help who\ngatebook help driver\ngatebook help --json | jq -r "
		   "'.commands[].name'",
	.options = options,
	.run = run,
};
