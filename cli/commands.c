/* All commands, sorted by name. A command is one file: cli/NAME.c with its row `cli_NAME`. */
#include "cli/command.h"

extern const struct cli_command cli_completion;
extern const struct cli_command cli_demo;
extern const struct cli_command cli_driver_list;
extern const struct cli_command cli_driver_show;
extern const struct cli_command cli_driver_test;
extern const struct cli_command cli_help;
extern const struct cli_command cli_hostkey_list;
extern const struct cli_command cli_hostkey_revoke;
extern const struct cli_command cli_hostkey_scan;
extern const struct cli_command cli_hostkey_trust;
extern const struct cli_command cli_poll;
extern const struct cli_command cli_version;

const struct cli_command *const cli_commands[] = {
	&cli_completion,
	&cli_demo,
	&cli_driver_list,
	&cli_driver_show,
	&cli_driver_test,
	&cli_help,
	&cli_hostkey_list,
	&cli_hostkey_revoke,
	&cli_hostkey_scan,
	&cli_hostkey_trust,
	&cli_poll,
	&cli_version,
	NULL,
};
