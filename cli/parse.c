/* The command line, read by the table. Options stand anywhere on the line; "--" ends them. */
#include "cli/parse.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

struct parser {
	struct call call;
	const char *output, *color;
	bool json, help, version;
	const char *group; /* "driver" was read, its sub-command was not */
	uint64_t given;    /* bit by row of cli_common */
	int argc, i;
	char **argv;
};

/* Where each common option goes: a bool for a switch, else a string. Same order as cli_common. */
static const size_t places[] = {
	offsetof(struct parser, call.dir),
	offsetof(struct parser, output),
	offsetof(struct parser, json),
	offsetof(struct parser, call.last),
	offsetof(struct parser, call.since),
	offsetof(struct parser, call.until),
	offsetof(struct parser, call.range),
	offsetof(struct parser, call.at),
	offsetof(struct parser, call.utc),
	offsetof(struct parser, call.columns),
	offsetof(struct parser, call.no_headers),
	offsetof(struct parser, call.csv_safe),
	offsetof(struct parser, color),
	offsetof(struct parser, call.quiet),
	offsetof(struct parser, call.verbose),
	offsetof(struct parser, call.yes),
	offsetof(struct parser, help),
	offsetof(struct parser, version),
};

const struct common_row cli_common[] = {
	{ { "dir", 'C', "DIR",
	      "the folder of gatebook.yml (else $GATEBOOK_DIR, ., /etc/gatebook)" },
	    0 },
	{ { "output", 'o', "FORM", "table, wide, json, ndjson, csv or tsv" }, CLI_OUTPUT },
	{ { "json", 'j', NULL, "the same as -o json" }, CLI_OUTPUT },
	{ { "last", 0, "DURATION", "from that long ago until now: 30m, 2h, 7d" }, CLI_TIMES },
	{ { "since", 0, "TIME", "from this time on" }, CLI_TIMES },
	{ { "until", 0, "TIME", "up to this time" }, CLI_TIMES },
	{ { "range", 0, "A..B", "both at once; either end may be left out" }, CLI_TIMES },
	{ { "at", 0, "TIME", "what was open at this moment" }, CLI_TIMES },
	{ { "utc", 0, NULL, "read and print times as UTC" }, CLI_TIMES | CLI_OUTPUT },
	{ { "columns", 0, "A,B", "these columns, in this order" }, CLI_OUTPUT },
	{ { "no-headers", 0, NULL, "rows only" }, CLI_OUTPUT },
	{ { "csv-safe", 0, NULL, "disarm CSV cells that a spreadsheet would run" }, CLI_OUTPUT },
	{ { "color", 0, "WHEN", "auto, always or never" }, 0 },
	{ { "quiet", 'q', NULL, "say less on stderr" }, 0 },
	{ { "verbose", 'v', NULL, "say more on stderr" }, 0 },
	{ { "yes", 'y', NULL, "do it without asking" }, 0 },
	{ { "help", 'h', NULL, "print what the command does" }, 0 },
	{ { "version", 'V', NULL, "print the version" }, 0 },
	{ { NULL }, 0 },
};
_Static_assert(sizeof(places) / sizeof(*places) + 1 == sizeof(cli_common) / sizeof(*cli_common),
    "one place for each common option");

bool
common_applies(const struct common_row *common, const struct cli_command *command)
{
	return common->needs == 0 || (command != NULL && (command->flags & common->needs) != 0);
}

const struct cli_command *
cli_find(const char *name)
{
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

bool
cli_is_group(const char *group)
{
	size_t n = strlen(group);

	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++)
		if (strncmp((*c)->name, group, n) == 0 && (*c)->name[n] == ' ')
			return true;
	return false;
}

/* The words one could have meant: sub-commands of a group, or first words of all commands. */
static const char *
nearest_command(const char *typed, const char *group, char *out, size_t size)
{
	size_t n = 0, skip = group != NULL ? strlen(group) + 1 : 0;
	const char *names[256], *near;

	for (const struct cli_command *const *c = cli_commands; *c != NULL && n < 255; c++) {
		if (group != NULL &&
		    (strncmp((*c)->name, group, skip - 1) != 0 || (*c)->name[skip - 1] != ' '))
			continue;
		names[n++] = (*c)->name + skip;
	}
	names[n] = NULL;
	near = text_nearest(typed, names);
	for (size_t i = 0; near == NULL && group == NULL && i < n; i++) {
		const char *one[2] = { NULL, NULL };
		struct text rest = text_of(names[i]), first;

		if (!text_take_word(&rest, &first) || rest.n == 0)
			continue;
		text_copy(first, out, size);
		one[0] = out;
		near = text_nearest(typed, one);
	}
	return near;
}

static int
unknown_command(const char *typed, const char *group, struct error *err)
{
	char buffer[LIMIT_NAME], shown[200];
	const char *near = nearest_command(typed, group, buffer, sizeof(buffer));

	text_escape(text_of(typed), shown, sizeof(shown));
	return error_exit(err, EXIT_USAGE, "unknown command '%s%s%s'%s%s%s. List: gatebook %s",
	    group ? group : "", group ? " " : "", shown, near ? " (did you mean '" : "",
	    near ? near : "", near ? "'?)" : "", group ? group : "help");
}

int
cli_unknown(const char *name, struct error *err)
{
	char group[LIMIT_NAME] = "";
	struct text rest = text_of(name), first;

	if (text_take_word(&rest, &first) && text_trim(rest).n > 0)
		text_copy(first, group, sizeof(group));
	if (*group == '\0' || !cli_is_group(group))
		return unknown_command(name, NULL, err);
	return unknown_command(text_trim(rest).s, group, err);
}

static int
take_word(struct parser *p, char *typed, struct error *err)
{
	char name[2 * LIMIT_NAME];

	if (p->call.command != NULL) {
		p->call.words[p->call.n++] = typed;
		return 0;
	}
	snprintf(
	    name, sizeof(name), "%s%s%s", p->group ? p->group : "", p->group ? " " : "", typed);
	p->call.command = cli_find(name);
	if (p->call.command != NULL)
		return 0;
	if (p->group == NULL && cli_is_group(typed)) {
		p->group = typed;
		return 0;
	}
	return unknown_command(typed, p->group, err);
}

static const char *
command_name(const struct parser *p)
{
	return p->call.command != NULL ? p->call.command->name
	       : p->group != NULL      ? p->group
				       : "help";
}

static int
unknown_option(const struct parser *p, const char *shown, const char *name, struct error *err)
{
	const char *names[128], *near;
	char printable[200];
	size_t n = 0;

	for (const struct common_row *c = cli_common; c->row.name != NULL; c++)
		if (common_applies(c, p->call.command))
			names[n++] = c->row.name;
	if (p->call.command != NULL && p->call.command->options != NULL)
		for (const struct option_row *o = p->call.command->options; o->name != NULL; o++)
			names[n++] = o->name;
	names[n] = NULL;
	near = name[0] != '\0' && name[1] != '\0' ? text_nearest(name, names) : NULL;
	text_escape(text_of(shown), printable, sizeof(printable));
	return error_exit(err, EXIT_USAGE, "unknown option '%s'%s%s%s. Options: gatebook %s%s",
	    printable, near ? " (did you mean '--" : "", near ? near : "", near ? "'?)" : "",
	    command_name(p), p->call.command != NULL ? " --help" : "");
}

/* The option called so: a row of the command (own is its index) or of cli_common (common is). */
static const struct option_row *
find_option(const struct parser *p, struct text name, char letter, int *own, int *common)
{
	const struct option_row *rows = p->call.command != NULL ? p->call.command->options : NULL;

	*own = *common = -1;
	for (int i = 0; rows != NULL && rows[i].name != NULL; i++) {
		if (letter != 0 ? rows[i].letter == letter : text_is(name, rows[i].name)) {
			*own = i;
			return &rows[i];
		}
	}
	for (int i = 0; cli_common[i].row.name != NULL; i++) {
		const struct option_row *row = &cli_common[i].row;

		if (letter != 0 ? row->letter == letter : text_is(name, row->name)) {
			*common = i;
			return row;
		}
	}
	return NULL;
}

static void
store(struct parser *p, const struct option_row *row, int own, int common, const char *value)
{
	char *place;

	if (own >= 0) {
		p->call.values[own] = value != NULL ? value : "";
		return;
	}
	place = (char *)p + places[common];
	p->given |= UINT64_C(1) << common;
	if (row->argument != NULL)
		*(const char **)(void *)place = value;
	else
		*(bool *)(void *)place = true;
}

static int
need_argument(const struct parser *p, const struct option_row *row, struct error *err)
{
	return error_exit(err, EXIT_USAGE,
	    "--%s needs an argument: --%s %s (%s). See: gatebook %s%s", row->name, row->name,
	    row->argument, row->help, command_name(p), p->call.command != NULL ? " --help" : "");
}

/* --name, --name=value, --name value */
static int
take_long(struct parser *p, const char *arg, struct error *err)
{
	struct text rest = text_of(arg + 2), name = rest;
	const char *value = NULL;
	const struct option_row *row;
	char copy[LIMIT_NAME];
	int own, common;

	if (text_take_until(&rest, '=', &name))
		value = rest.s;
	row = find_option(p, name, 0, &own, &common);
	if (row == NULL) {
		text_copy(name, copy, sizeof(copy));
		return unknown_option(p, arg, copy, err);
	}
	if (row->argument == NULL && value != NULL)
		return error_exit(
		    err, EXIT_USAGE, "--%s takes no argument: write --%s", row->name, row->name);
	if (row->argument != NULL && value == NULL) {
		if (p->i + 1 >= p->argc)
			return need_argument(p, row, err);
		value = p->argv[++p->i];
	}
	store(p, row, own, common, value);
	return 0;
}

/* -x, -xVALUE, -x VALUE, -xyz */
static int
take_short(struct parser *p, const char *arg, struct error *err)
{
	for (const char *s = arg + 1; *s != '\0'; s++) {
		const struct option_row *row;
		char letter[3] = { '-', *s, '\0' };
		int own, common;

		row = find_option(p, text_of(""), *s, &own, &common);
		if (row == NULL)
			return unknown_option(p, letter, letter + 1, err);
		if (row->argument == NULL) {
			store(p, row, own, common, NULL);
			continue;
		}
		if (s[1] == '\0' && p->i + 1 >= p->argc)
			return need_argument(p, row, err);
		store(p, row, own, common, s[1] != '\0' ? s + 1 : p->argv[++p->i]);
		return 0;
	}
	return 0;
}

static int
check_common(const struct parser *p, struct error *err)
{
	for (int i = 0; cli_common[i].row.name != NULL; i++) {
		if ((p->given >> i & 1) == 0 || common_applies(&cli_common[i], p->call.command))
			continue;
		return error_exit(err, EXIT_USAGE,
		    "gatebook %s takes no --%s. See: gatebook %s --help", p->call.command->name,
		    cli_common[i].row.name, p->call.command->name);
	}
	return 0;
}

static int
resolve_form(struct parser *p, struct error *err)
{
	const char *near;
	char shown[100];

	p->call.form = p->json ? WRITE_JSON : WRITE_TABLE;
	if (p->output == NULL || writer_form_parse(p->output, &p->call.form))
		return 0;
	near = text_nearest(p->output, writer_forms);
	text_escape(text_of(p->output), shown, sizeof(shown));
	return error_exit(err, EXIT_USAGE,
	    "-o: unknown form '%s'%s%s%s. There are: table wide json ndjson csv tsv", shown,
	    near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

static int
resolve_color(struct parser *p, struct error *err)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	char shown[100];

	if (p->color == NULL || strcmp(p->color, "auto") == 0) {
		p->call.color = isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
				term != NULL && strcmp(term, "dumb") != 0;
	} else if (strcmp(p->color, "always") == 0 || strcmp(p->color, "never") == 0) {
		p->call.color = p->color[0] == 'a';
	} else {
		text_escape(text_of(p->color), shown, sizeof(shown));
		return error_exit(
		    err, EXIT_USAGE, "--color: '%s' is none of auto, always, never", shown);
	}
	return 0;
}

/* -C, else $GATEBOOK_DIR, else the first of . and /etc/gatebook that holds a configuration. */
static void
resolve_dir(struct call *call)
{
	const char *env = getenv("GATEBOOK_DIR");

	if (call->dir != NULL)
		return;
	if (env != NULL && *env != '\0')
		call->dir = env;
	else if (access("gatebook.yml", F_OK) != 0 &&
		 access("/etc/gatebook/gatebook.yml", F_OK) == 0)
		call->dir = "/etc/gatebook";
	else
		call->dir = ".";
}

static int
walk(struct parser *p, struct error *err)
{
	bool options = true;

	for (p->i = 1; p->i < p->argc; p->i++) {
		char *arg = p->argv[p->i];
		int rc;

		if (options && strcmp(arg, "--") == 0) {
			options = false;
			continue;
		}
		if (!options || arg[0] != '-' || arg[1] == '\0')
			rc = take_word(p, arg, err);
		else if (arg[1] == '-')
			rc = take_long(p, arg, err);
		else
			rc = take_short(p, arg, err);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
cli_parse(int argc, char **argv, struct call *call, struct error *err)
{
	struct parser p = { .argc = argc, .argv = argv };
	int rc;

	p.call.words = mem_alloc((size_t)argc + 2, sizeof(*p.call.words));
	rc = walk(&p, err);
	if (rc == 0 && p.call.command != NULL && !p.help)
		rc = check_common(&p, err);
	if (rc == 0 && (resolve_form(&p, err) < 0 || resolve_color(&p, err) < 0))
		rc = -1;
	resolve_dir(&p.call);
	if (p.call.command == NULL && p.group != NULL)
		p.call.words[p.call.n++] = (char *)(uintptr_t)p.group;
	*call = p.call;
	if (rc < 0)
		return -1;
	if (p.version && !p.help)
		return PARSED_VERSION;
	return p.help || call->command == NULL ? PARSED_HELP : PARSED_RUN;
}

void
call_free(struct call *call)
{
	free(call->words);
	call->words = NULL;
	call->n = 0;
}
