/* Alerts without another system: a line to syslog(3) and a command of the configuration, when a
 * device is silent, speaks again, when something is held, when too many lines are not read.
 *
 *   silent   no poll got anything for `alerts.silent` intervals in which it might have been polled
 *   speaks   and now one did
 *   held     a device, credential or platform is held, or everything
 *   unread   more than `alerts.unread` percent of a poll's lines were not read
 *
 * Both are done by a process of its own, with a deadline; the scheduler never waits for it. One of
 * each kind and name at a time: what comes meanwhile is logged only. */
#ifndef GATEBOOK_POLLER_ALERTS_H
#define GATEBOOK_POLLER_ALERTS_H

#include "poller/plan.h"

struct alerts;

struct alerts *alerts_new(struct moment now);
void alerts_free(struct alerts *a); /* hooks that run are killed */

/* Runs the command for what just happened, as soon as fewer than LIMIT_HOOKS run. `why` may hold
 * what a device said: it is escaped. */
void alerts_raise(struct alerts *a, const struct config *c, const char *kind, const char *name,
    const char *site, const char *why);

/* A poll has ended. */
void alerts_poll(struct alerts *a, const struct config *c, const struct entry *e, const char *name,
    const struct poll_report *r);

/* Looks for devices that have become silent, every ten seconds; starts, reaps and ends hooks. */
void alerts_turn(struct alerts *a, const struct plan *p, const struct config *c, struct moment now);

/* alerts_syslog.c, for syslog.h and base/log.h use the same names. May block. */
void alerts_syslog(const char *line);

#endif
