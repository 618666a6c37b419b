/* All commands, sorted by name. A command is one file: cli/NAME.c with its row `cli_NAME`. */
#include "cli/command.h"

extern const struct cli_command cli_completion;
extern const struct cli_command cli_help;
extern const struct cli_command cli_version;

const struct cli_command *const cli_commands[] = {
	&cli_completion,
	&cli_help,
	&cli_version,
	NULL,
};
