/* What poll.c and ask.c share: the state of the one poll this process is. Nobody else includes it.
 */
#ifndef GATEBOOK_POLLER_VISIT_H
#define GATEBOOK_POLLER_VISIT_H

#include "poller/join.h"
#include "poller/login.h"
#include "poller/normalise.h"
#include "poller/poll.h"
#include "poller/rows.h"
#include "poller/presences.h"
#include "poller/wire.h"
#include "transports/transport.h"

/* The jump host, and what its login needs. */
struct jump {
	struct target to;
	struct login held;
	struct wire_pins pins;
	const char *pin[64];
	char host[ADDR_TEXT], address[LOGIN_ADDRESS];
	uint64_t login_seq;
};

struct poll {
	const struct config *config;
	const struct device *device;
	const struct transport *transport;
	int channel;
	struct target to;
	struct link link;
	char host[ADDR_TEXT], address[LOGIN_ADDRESS];
	struct login held;
	struct wire_pins pins;
	const char *pin[64];
	struct jump jump; /* when the device has one */
	struct rows rows;
	struct mappings mappings;
	struct presences presences;
	bool identity_only; /* nothing in the plan lists sessions */
	struct normalise normalise;
	struct poll_report report;
	int64_t began_ms;
	uint64_t login_seq, first_seq; /* of the planned lines */
	int commands_read;
	bool lost;   /* the connection is gone: ask nothing more */
	bool spared; /* not asked on purpose: it is busy, or somebody else polls it */
};

/* Records why the poll is not complete; the first reason stands. Returns false. */
bool poll_fail(struct poll *p, enum reason reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes the intent to send these lines durable; *first is the sequence number of the first. Returns
 * false, with the reason recorded, when it could not be: then none of them may be sent. */
bool poll_intend(struct poll *p, const char *const *lines, int n, uint64_t *first);

/* The same for another account and address than the device's. */
bool poll_intend_as(struct poll *p, const struct credential *account, const char *address,
    const char *const *lines, int n, uint64_t *first);

/* Receives trusted host keys and points `pin` (64 of them) at them. */
void poll_take_pins(struct poll *p, struct wire_pins *pins, const char **pin);

/* jump.c: the jump host of the device; each does nothing for a device that has none. Before the
 * login: what it needs, false with the reason recorded; its intent. After it: its result, and its
 * secret is wiped. */
bool poll_jump_prepare(struct poll *p);
bool poll_jump_intend(struct poll *p);
void poll_jump_result(struct poll *p);

/* Says what came of the intent `refers`. */
void poll_result(
    struct poll *p, uint64_t refers, const char *what, const char *said, const char *detail);

/* False: the plan asks who is where, and nothing else. */
bool poll_lists_sessions(const struct command *const *plan, int n);

/* Asks everything the plan has, reads it into p->rows, and takes leave (ask.c). */
void poll_talk(struct poll *p);

#endif
