/* What the commands share that talk to a running daemon. */
#ifndef GATEBOOK_CLI_DAEMON_H
#define GATEBOOK_CLI_DAEMON_H

#include <jansson.h>

#include "cli/command.h"
#include "poller/decision.h"

/* Asks the daemon of the configuration and shows the rows of its answer: each column is filled from
 * the member of its name. Returns the exit code; that no daemon runs was then said. */
int daemon_show(struct call *call, const struct config *config, int n, const char *const *words,
    const struct column *columns);

/* Fills a row from the members of a JSON object that are named like the columns, and ends it. */
void daemon_put(struct writer *w, const struct column *columns, const json_t *row);

/* Says in err that no daemon runs; returns EXIT_FAILED. */
int daemon_missing(const struct config *config, struct error *err);

/* Has the decision kept by the running daemon, or, where none runs, writes it to the store itself.
 * Returns how many rows it changed, or -1 with err. */
int daemon_keep(const struct config *config, const struct decision *d, struct error *err);

#endif
