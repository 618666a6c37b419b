/* What a poll process may still do once it has its secret and its socket: compute, talk on the
 * descriptors it has, and end. No file, no new socket, no program. */
#ifndef GATEBOOK_POLLER_SANDBOX_H
#define GATEBOOK_POLLER_SANDBOX_H

#include "base/error.h"

enum sandbox { SANDBOX_OFF, SANDBOX_WARN, SANDBOX_ENFORCE };

/* Compiles the filter, in the scheduler: a poll then only has to load it. Returns 0, or -1 with err
 * when enforce was asked and there is no seccomp. */
int sandbox_prepare(enum sandbox level, struct error *err);

/* Closes the door: no_new_privs, not dumpable, no core file, seccomp allow-list (warn: logged by
 * the kernel; enforce: the process is killed) and, where the kernel has it, Landlock without any
 * right to a file. Returns what is in force (0 nothing, 1 seccomp, 2 seccomp and Landlock), or -1
 * with err when enforce was asked and seccomp is not to be had. */
int sandbox_close(enum sandbox level, struct error *err);

#endif
