/* One command, one file, one row of cli/commands.c. */
#ifndef GATEBOOK_CLI_COMMAND_H
#define GATEBOOK_CLI_COMMAND_H

#include "base/error.h"
#include "inventories/config.h"
#include "query/writer.h"

/* One option: the table yields parsing, help, completion and the manual's list. */
struct option_row {
	const char *name;     /* long name without dashes */
	char letter;          /* short form, 0 if none */
	const char *argument; /* word shown for its argument, NULL for a switch */
	const char *help;     /* one line */
};

/* What the command line said, parsed by the table; one struct for all commands. */
struct call {
	const struct cli_command *command;
	const char *dir;       /* -C DIR, else $GATEBOOK_DIR, else ".", else /etc/gatebook */
	enum writer_form form; /* -o; table unless said */
	bool utc, quiet, verbose, yes, no_headers, csv_safe;
	bool color; /* resolved: --color, NO_COLOR, TERM and whether stdout is a terminal */
	const char *columns;
	const char *last, *since, *until, *range, *at; /* time words as typed */
	const char *values[32]; /* by option row of the command: its argument, or "" for a switch */
	int n;
	char **words; /* what is not an option */
};

struct cli_command {
	const char *name;                 /* "who", or "driver test" for a sub-command */
	const char *synopsis;             /* after the name */
	const char *summary;              /* one line, no full stop */
	const char *text;                 /* paragraphs for --help and the manual */
	const char *example;              /* lines to type */
	const struct option_row *options; /* ends with a NULL name */
	unsigned flags;
	int (*run)(struct call *call); /* returns the exit code */
};
enum {
	CLI_TIMES = 1 << 0,  /* takes --last ... */
	CLI_OUTPUT = 1 << 1, /* takes -o */
	CLI_FILTER = 1 << 2  /* its words are addresses, then a filter */
};

extern const struct cli_command *const cli_commands[]; /* sorted by name, ends with NULL */

/* The value of the command's own option, or NULL when it was not given. */
const char *call_value(const struct call *call, const char *option);

/* The writer for the call's form, columns and zone on stdout; NULL with err. */
struct writer *call_writer(
    const struct call *call, const struct column *columns, struct error *err);

/* Prints "gatebook: text" to stderr and returns err->exit, or `otherwise` when that is 0. */
int cli_fail(const struct error *err, int otherwise);

/* Loads the configuration of call->dir; NULL after every fault was printed (exit EXIT_USAGE). */
struct config *cli_config(const struct call *call);

#endif
