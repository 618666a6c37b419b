/* A small process that runs the driver's commands, forked before the sandbox closes: the poll that
 * reads their output cannot start a program, and the helper reads none of it.
 *
 * poll -> helper: one number, the index of a command. helper -> poll: frames of one kind. */
#ifndef GATEBOOK_TRANSPORTS_HELPER_H
#define GATEBOOK_TRANSPORTS_HELPER_H

#include "drivers/driver.h"

enum helper_frame_kind { HELPER_OUT, HELPER_ASIDE, HELPER_EXIT };

enum { HELPER_BYTES = 32768 };

/* One message on a SOCK_SEQPACKET pair: kind and its bytes, or kind and status. */
struct helper_frame {
	uint32_t kind;
	int32_t status; /* of HELPER_EXIT: exit status; 128 + signal when killed */
	char bytes[HELPER_BYTES];
};

enum { HELPER_HEAD = offsetof(struct helper_frame, bytes) };

/* Serves requests on channel until its other end is closed; a command that still runs then is
 * killed. Never returns. */
void helper_run(const struct driver *driver, int channel) __attribute__((noreturn));

#endif
