/* gatebook run: the loop of schedule.h with a plan that follows the schedules, a control socket,
 * and a configuration that can be loaded anew. */
#ifndef GATEBOOK_POLLER_DAEMON_H
#define GATEBOOK_POLLER_DAEMON_H

#include "inventories/config.h"

/* Runs until SIGTERM or SIGINT; SIGHUP loads the configuration of `dir` anew. Owns the
 * configuration. Returns 0, or -1 with err: the store is not to
 * be had, the recorder died. */
int daemon_run(const char *dir, struct config *config, struct error *err);

#endif
