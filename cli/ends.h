/* hosts and peers: contacts added up by one of their ends. */
#ifndef GATEBOOK_CLI_ENDS_H
#define GATEBOOK_CLI_ENDS_H

#include "cli/question.h"

extern const struct option_row ends_options[];

/* Runs the command: one row for each inside host (side ASK_INSIDE) or outside address. */
int ends_run(struct call *call, enum ask_side side);

#endif
