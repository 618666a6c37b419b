/* gatebook fields: the words of the filter language. */
#include "cli/command.h"
#include "query/filter.h"

enum { C_FIELD, C_SIDES, C_VALUES, C_HELP };

static const struct column columns[] = {
	[C_FIELD] = { "field", "FIELD", CELL_TEXT },
	[C_SIDES] = { "sides", "SIDES", CELL_TEXT },
	[C_VALUES] = { "values", "VALUES", CELL_TEXT },
	[C_HELP] = { "help", "MEANING", CELL_TEXT },
	{ NULL },
};

static void
put(const char *field, const char *sides, const char *values, const char *help, void *arg)
{
	writer_word(arg, C_FIELD, field);
	writer_word(arg, C_SIDES, sides);
	writer_word(arg, C_VALUES, values);
	writer_word(arg, C_HELP, help);
	writer_row(arg);
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct writer *w = call_writer(call, columns, &err);

	if (w == NULL)
		return cli_fail(&err, EXIT_USAGE);
	filter_fields(put, w);
	if (writer_end(w, NULL) >= 0 && fflush(stdout) == 0)
		return EXIT_OK;
	error_set(&err, "the answer could not be written whole to standard output");
	return cli_fail(&err, EXIT_FAILED);
}

const struct cli_command cli_fields = {
	.name = "fields",
	.synopsis = "",
	.summary = "The fields of the filter language, their sides and values",
	.text = "CMP is one of lt le gt ge eq. 'known' or 'unknown' in place of the values asks "
		"whether the device told it. gatebook-filter(7) has the grammar.",
	.example = "gatebook fields\n"
		   "gatebook who 203.0.113.0/24 port 443 and not state time_wait",
	.flags = CLI_OUTPUT,
	.run = run,
};
