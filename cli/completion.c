/* gatebook completion SHELL: completion scripts written from the command table. */
#include <string.h>

#include "cli/parse.h"

static const char forms[] = "table wide json ndjson csv tsv";

/* Calls each() for every option the command takes, its own first. */
static void
each_option(FILE *out, const struct cli_command *c,
    void (*each)(FILE *out, const struct cli_command *c, const struct option_row *o))
{
	for (const struct option_row *o = c->options; o != NULL && o->name != NULL; o++)
		each(out, c, o);
	for (const struct common_row *o = cli_common; o->row.name != NULL; o++)
		if (common_applies(o, c))
			each(out, c, &o->row);
}

/* Within single quotes of a shell. */
static void
quoted(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			fputs("'\\''", out);
		else
			fputc(*s, out);
	}
}

/* The second words of a group, and the first words of all commands, each once. */
static void
words(FILE *out, const char *group)
{
	size_t n = group != NULL ? strlen(group) : 0;
	struct text last = { "", 0 };

	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		struct text rest = text_of((*c)->name), first = rest;

		if (group != NULL) {
			if (strncmp((*c)->name, group, n) == 0 && (*c)->name[n] == ' ')
				fprintf(out, "%s ", (*c)->name + n + 1);
			continue;
		}
		text_take_word(&rest, &first);
		if (!text_equal(first, last))
			fprintf(out, "%.*s ", (int)first.n, first.s);
		last = first;
	}
}

/* Calls each() once for every group. */
static void
each_group(FILE *out, void (*each)(FILE *out, const char *group))
{
	char last[LIMIT_NAME] = "", group[LIMIT_NAME];

	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		struct text rest = text_of((*c)->name), first;

		if (!text_take_word(&rest, &first) || rest.n == 0)
			continue;
		text_copy(first, group, sizeof(group));
		if (strcmp(group, last) != 0)
			each(out, group);
		memcpy(last, group, sizeof(last));
	}
}

/* Options that eat the next word, as a shell pattern: -C|--dir|... */
static void
with_argument(FILE *out)
{
	const char *bar = "";

	for (const struct common_row *o = cli_common; o->row.name != NULL; o++) {
		if (o->row.argument == NULL)
			continue;
		if (o->row.letter != 0)
			fprintf(out, "%s-%c|--%s", bar, o->row.letter, o->row.name);
		else
			fprintf(out, "%s--%s", bar, o->row.name);
		bar = "|";
	}
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++)
		for (const struct option_row *o = (*c)->options; o != NULL && o->name != NULL; o++)
			if (o->argument != NULL)
				fprintf(out, "|--%s", o->name);
}

static void
bash_option(FILE *out, const struct cli_command *c, const struct option_row *o)
{
	(void)c;
	fprintf(out, "--%s ", o->name);
}

static void
bash_group(FILE *out, const char *group)
{
	fprintf(out, "\t'%s') words='", group);
	words(out, group);
	fputs("' ;;\n", out);
}

static void
bash(FILE *out)
{
	fputs(
	    "# bash completion for gatebook; written by: gatebook completion bash\n"
	    "_gatebook()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd= words= i\n"
	    "\tCOMPREPLY=()\n"
	    "\tcase $prev in\n",
	    out);
	fprintf(
	    out, "\t-o|--output) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", forms);
	fputs("\t--color) COMPREPLY=($(compgen -W 'auto always never' -- \"$cur\")); return ;;\n"
	      "\t-C|--dir) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n"
	      "\tesac\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n"
	      "\t\t",
	    out);
	with_argument(out);
	fputs(") i=$((i + 1)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) cmd=\"${cmd:+$cmd }${COMP_WORDS[i]}\" ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase $cmd in\n"
	      "\t'' | help) words='",
	    out);
	words(out, NULL);
	fputs("' ;;\n\tcompletion) words='bash zsh fish' ;;\n", out);
	each_group(out, bash_group);
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		fprintf(out, "\t'%s' | '%s '*) ", (*c)->name, (*c)->name);
		fputs("[[ $cur == -* ]] && words='", out);
		each_option(out, *c, bash_option);
		fputs("' ;;\n", out);
	}
	fputs("\tesac\n"
	      "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "}\n"
	      "complete -o default -F _gatebook gatebook\n",
	    out);
}

/* What completes an option's argument, in the words of zsh's _arguments. */
static const char *
zsh_action(const struct option_row *o)
{
	if (strcmp(o->name, "output") == 0)
		return "(table wide json ndjson csv tsv)";
	if (strcmp(o->name, "color") == 0)
		return "(auto always never)";
	if (strcmp(o->name, "dir") == 0)
		return "_files -/";
	return strstr(o->argument, "FILE") != NULL ? "_files" : "";
}

/* A brackets or colon in a help text would end it. */
static void
zsh_text(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *s) != NULL)
			fprintf(out, "\\%c", *s);
		else
			fputc(*s, out);
	}
}

static void
zsh_spec(FILE *out, const char *dashes, const char *name, const struct option_row *o)
{
	fprintf(out, " \\\n\t\t\t'%s%s[", dashes, name);
	zsh_text(out, o->help);
	fputc(']', out);
	if (o->argument != NULL)
		fprintf(out, ":%s:%s", o->argument, zsh_action(o));
	fputc('\'', out);
}

static void
zsh_option(FILE *out, const struct cli_command *c, const struct option_row *o)
{
	char letter[2] = { o->letter, '\0' };

	(void)c;
	zsh_spec(out, "--", o->name, o);
	if (o->letter != 0)
		zsh_spec(out, "-", letter, o);
}

static void
zsh_group(FILE *out, const char *group)
{
	fprintf(out, "\t%s) compadd -- ", group);
	words(out, group);
	fputs(";;\n", out);
}

static void
zsh(FILE *out)
{
	fputs("#compdef gatebook\n"
	      "# zsh completion for gatebook; written by: gatebook completion zsh\n"
	      "_gatebook()\n{\n"
	      "\tlocal cmd= i\n"
	      "\tfor ((i = 2; i < CURRENT; i++)); do\n"
	      "\t\tcase ${words[i]} in\n"
	      "\t\t",
	    out);
	with_argument(out);
	fputs(") ((i++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) cmd=\"${cmd:+$cmd }${words[i]}\" ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase $cmd in\n"
	      "\t'' | help) compadd -- ",
	    out);
	words(out, NULL);
	fputs(";;\n\tcompletion) compadd -- bash zsh fish ;;\n", out);
	each_group(out, zsh_group);
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		fprintf(out, "\t'%s' | '%s '*)\n\t\t_arguments '*:argument:_files'", (*c)->name,
		    (*c)->name);
		each_option(out, *c, zsh_option);
		fputs("\n\t\t;;\n", out);
	}
	fputs("\tesac\n}\n"
	      "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _gatebook \"$@\"; "
	      "else compdef _gatebook gatebook; fi\n",
	    out);
}

static void
fish_condition(FILE *out, const char *name)
{
	struct text rest = text_of(name), one;
	const char *and = "";

	fputs("complete -c gatebook -n '", out);
	while (text_skip_blanks(&rest), text_take_word(&rest, &one)) {
		fprintf(out, "%s__fish_seen_subcommand_from %.*s", and, (int)one.n, one.s);
		and = "; and ";
	}
	fputc('\'', out);
}

static void
fish_option(FILE *out, const struct cli_command *c, const struct option_row *o)
{
	fish_condition(out, c->name);
	fprintf(out, " -l %s", o->name);
	if (o->letter != 0)
		fprintf(out, " -s %c", o->letter);
	if (strcmp(o->name, "output") == 0)
		fprintf(out, " -x -a '%s'", forms);
	else if (strcmp(o->name, "color") == 0)
		fputs(" -x -a 'auto always never'", out);
	else if (o->argument != NULL)
		fputs(" -r", out);
	fputs(" -d '", out);
	quoted(out, o->help);
	fputs("'\n", out);
}

static void
fish_group(FILE *out, const char *group)
{
	fish_condition(out, group);
	fputs(" -f -a '", out);
	words(out, group);
	fputs("'\n", out);
}

static void
fish(FILE *out)
{
	fputs("# fish completion for gatebook; written by: gatebook completion fish\n"
	      "complete -c gatebook -n __fish_use_subcommand -f -a '",
	    out);
	words(out, NULL);
	fputs("'\n", out);
	each_group(out, fish_group);
	fputs("complete -c gatebook -n '__fish_seen_subcommand_from completion' "
	      "-f -a 'bash zsh fish'\n"
	      "complete -c gatebook -n '__fish_seen_subcommand_from help' -f -a '",
	    out);
	words(out, NULL);
	fputs("'\n", out);
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++)
		each_option(out, *c, fish_option);
}

static int
run(struct call *call)
{
	static const char *const shells[] = { "bash", "zsh", "fish", NULL };
	static void (*const writers[])(FILE *) = { bash, zsh, fish };
	const char *near;
	struct error err = { 0 };

	for (int i = 0; call->n == 1 && shells[i] != NULL; i++) {
		if (strcmp(call->words[0], shells[i]) == 0) {
			writers[i](stdout);
			return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
		}
	}
	near = call->n == 1 ? text_nearest(call->words[0], shells) : NULL;
	error_exit(&err, EXIT_USAGE, "completion: say for which shell: gatebook completion %s",
	    near != NULL ? near : "bash, zsh or fish");
	return cli_fail(&err, EXIT_USAGE);
}

const struct cli_command cli_completion = {
	.name = "completion",
	.synopsis = "bash|zsh|fish",
	.summary = "Print the completion script of a shell",
	.text = "The script is written from the same table as the help texts, so it knows what "
		"this program knows.",
	.example = "gatebook completion bash > /etc/bash_completion.d/gatebook\n"
		   "gatebook completion zsh > \"${fpath[1]}/_gatebook\"\n"
		   "gatebook completion fish > ~/.config/fish/completions/gatebook.fish",
	.run = run,
};
