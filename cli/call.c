/* What the commands ask of the frame. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

const char *
call_value(const struct call *call, const char *option)
{
	const struct option_row *rows = call->command->options;

	for (int i = 0; rows != NULL && rows[i].name != NULL; i++)
		if (strcmp(rows[i].name, option) == 0)
			return call->values[i];
	return NULL;
}

struct writer *
call_writer(const struct call *call, const struct column *columns, struct error *err)
{
	struct writer *w = writer_new(
	    stdout, call->form, columns, call->columns, call->utc, !call->no_headers, err);

	if (w != NULL && call->csv_safe)
		writer_csv_safe(w);
	return w;
}

int
cli_fail(const struct error *err, int otherwise)
{
	fflush(stdout); /* the reason comes after what was printed before it */
	fprintf(stderr, "gatebook: %s\n", err->text);
	return err->exit != 0 ? err->exit : otherwise;
}
