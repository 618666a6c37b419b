/* What Prometheus wants to know (text format 0.0.4), on a loopback address: GET /metrics and
 * nothing else. Names and units as in etc/prometheus/; no addresses of hosts are in it. */
#ifndef GATEBOOK_POLLER_METRICS_H
#define GATEBOOK_POLLER_METRICS_H

#include <poll.h>

#include "poller/disk.h"
#include "poller/plan.h"

struct metrics;

/* Listens at "127.0.0.1:9740" or "[::1]:9740". NULL with err: not a loopback address, taken. */
struct metrics *metrics_open(const char *address, struct error *err);
void metrics_close(struct metrics *m); /* NULL is fine, here and below */

/* Adds its descriptors; returns how many. */
nfds_t metrics_watch(const struct metrics *m, struct pollfd *watch, nfds_t room);

/* Serves them; returns how many of `watch` were its own. */
nfds_t metrics_turn(struct metrics *m, const struct pollfd *watch, nfds_t n, const struct plan *p,
    const struct disk *d, int64_t started);

/* The page as text, to be freed. */
char *metrics_page(const struct plan *p, const struct disk *d, int64_t started);

#endif
