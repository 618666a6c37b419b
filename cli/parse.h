/* The frame around the commands: the common options, parsing by the table, help texts. */
#ifndef GATEBOOK_CLI_PARSE_H
#define GATEBOOK_CLI_PARSE_H

#include <stdio.h>
#include <sys/types.h>

#include "cli/command.h"

/* Options that many commands share. `needs`: taken by commands that have one of these flags; 0: by
 * all. Ends with a NULL name. */
struct common_row {
	struct option_row row;
	unsigned needs;
};
extern const struct common_row cli_common[];

/* True if the command takes this common option. */
bool common_applies(const struct common_row *common, const struct cli_command *command);

enum parsed { PARSED_RUN, PARSED_HELP, PARSED_VERSION };

/* Fills *call (to be given to call_free, whatever comes back) from the command line. Returns
 * PARSED_RUN; PARSED_HELP when help was asked for or nothing to run was named: call->command is
 * NULL for the overview and call->words[0], if any, then names a group like "driver";
 * PARSED_VERSION; or -1 with err (exit EXIT_USAGE) naming the nearest word. */
int cli_parse(int argc, char **argv, struct call *call, struct error *err);
void call_free(struct call *call);

/* The command of that name, or NULL. */
const struct cli_command *cli_find(const char *name);

/* Sets err to "unknown command ..." with the nearest one; returns -1. name may be "group word". */
int cli_unknown(const char *name, struct error *err);

/* True if some command is called "group ...". */
bool cli_is_group(const char *group);

/* What --help prints: for one command; for a group or, with NULL, for all. */
void help_command(FILE *out, const struct cli_command *command);
void help_overview(FILE *out, const char *group);
void help_json(FILE *out);
void help_mdoc(FILE *out); /* the COMMANDS section of doc/gatebook.1 */

/* A question whose answer goes to a terminal is read through $PAGER, when that is set. */
bool pager_wanted(const struct call *call);

/* Puts the pager between us and standard output; -1: there is none, nothing has changed. pager_end
 * waits until the reader has closed it. */
pid_t pager_start(void);
void pager_end(pid_t pid);

#endif
