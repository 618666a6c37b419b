/* What the transports share: time left, how a call fails, the last look before a line is sent. */
#ifndef GATEBOOK_TRANSPORTS_LINE_H
#define GATEBOOK_TRANSPORTS_LINE_H

#include "transports/transport.h"

/* Milliseconds left until the target's deadline, at most `most`, at least 0. */
int line_left(const struct link *link, int most);

/* Sets reason and why; the first reason stands until line_clear. Returns -1. */
int line_fail(struct link *link, enum reason reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void line_clear(struct link *link);

/* The allow-list of promise P1. Returns 0, or -1 with reason and why: then nothing may be written.
 */
int line_allowed(struct link *link, const char *line);

/* Tells transport_wire. */
void line_wire(const struct link *link, const char *line);

#endif
