/* The part of gatebook(1) that the command table knows, in mdoc(7). */
#include <string.h>

#include "cli/parse.h"

enum { FOLD = 70 }; /* columns after which a line ends at the next blank */

/* Text on lines of its own. A leading dot or quote would be a macro. Literal text keeps its lines
 * and its hyphens. */
static void
put(FILE *out, struct text t, bool literal)
{
	size_t column = 0;

	for (size_t i = 0; i < t.n; i++) {
		if (!literal && t.s[i] == ' ' && column >= FOLD && i + 1 < t.n) {
			fputc('\n', out);
			column = 0;
			continue;
		}
		if (column++ == 0 && (t.s[i] == '.' || t.s[i] == '\''))
			fputs("\\&", out);
		switch (t.s[i]) {
		case '\\': fputs("\\e", out); break;
		case '-': fputs(literal ? "\\-" : "-", out); break;
		case '"': fputs(literal ? "\\(dq" : "\"", out); break;
		default: fputc(t.s[i], out);
		}
	}
}

static void
put_line(FILE *out, struct text t, bool literal)
{
	put(out, t, literal);
	fputc('\n', out);
}

/* mdoc wants each sentence on its own line. */
static void
put_sentences(FILE *out, const char *text)
{
	struct text rest = text_of(text);
	size_t start = 0;

	for (size_t i = 0; i < rest.n; i++) {
		bool paragraph = rest.s[i] == '\n' && i + 1 < rest.n && rest.s[i + 1] == '\n';
		bool stop = i + 1 < rest.n && strchr(".?!", rest.s[i]) != NULL &&
			    rest.s[i + 1] == ' ';

		if (!paragraph && !stop && rest.s[i] != '\n')
			continue;
		put_line(out,
		    text_trim((struct text){ rest.s + start, i - start + (stop ? 1 : 0) }), false);
		if (paragraph)
			fputs(".Pp\n", out);
		i += stop || paragraph ? 1 : 0;
		start = i + 1;
	}
	if (start < rest.n)
		put_line(out, text_trim((struct text){ rest.s + start, rest.n - start }), false);
}

static void
put_option(FILE *out, const struct option_row *o)
{
	fputs(".It ", out);
	if (o->letter != 0)
		fprintf(out, "Fl %c , ", o->letter);
	fprintf(out, "Fl Fl %s", o->name);
	if (o->argument != NULL)
		fprintf(out, " Ar %s", o->argument);
	fputc('\n', out);
	put_line(out, text_of(o->help), false);
}

static void
put_common(FILE *out)
{
	fputs(".Sh COMMON OPTIONS\n"
	      "Options may stand anywhere on the line;\n"
	      ".Fl Fl\n"
	      "ends them.\n"
	      "Each command's\n"
	      ".Fl Fl help\n"
	      "lists those it takes.\n"
	      ".Bl -tag -width Ds\n",
	    out);
	for (const struct common_row *c = cli_common; c->row.name != NULL; c++)
		put_option(out, &c->row);
	fputs(".El\n", out);
}

static void
put_command(FILE *out, const struct cli_command *c)
{
	struct text rest = text_of(c->example), line;

	fprintf(out, ".Ss gatebook %s", c->name);
	if (c->synopsis != NULL && *c->synopsis != '\0') {
		fputc(' ', out);
		put(out, text_of(c->synopsis), true);
	}
	fputc('\n', out);
	put(out, text_of(c->summary), false);
	fputs(".\n", out);
	if (c->text != NULL && *c->text != '\0') {
		fputs(".Pp\n", out);
		put_sentences(out, c->text);
	}
	if (c->options != NULL && c->options->name != NULL) {
		fputs(".Bl -tag -width Ds\n", out);
		for (const struct option_row *o = c->options; o->name != NULL; o++)
			put_option(out, o);
		fputs(".El\n", out);
	}
	if (rest.n == 0)
		return;
	fputs(".Bd -literal -offset indent\n", out);
	while (text_take_line(&rest, &line))
		put_line(out, line, true);
	fputs(".Ed\n", out);
}

void
help_mdoc(FILE *out)
{
	put_common(out);
	fputs(".Sh COMMANDS\n", out);
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++)
		put_command(out, *c);
}
