/* Reads a secret from its reference, in the process that needs it, for one login. */
#ifndef GATEBOOK_INVENTORIES_SECRET_H
#define GATEBOOK_INVENTORIES_SECRET_H

#include "base/error.h"
#include "inventories/config.h"

/* Reads file:, env:, systemd: or exec: into a locked buffer that is left out of core dumps and
 * reads as zeroes in a child made by fork. A file must be regular, not a symlink, owned by the
 * effective user or root, and closed to group and others, its folder not writable by them; an exec:
 * helper is an absolute path run without a shell or arguments, and must end well within 5 s; its
 * stdout is the secret. A trailing newline is dropped from a password (keep_newline false), which
 * must be one line.
 * Returns NULL with err saying what, where and the command that mends it, never the content. */
char *secret_read(const char *reference, bool keep_newline, struct error *err);
void secret_wipe(char *secret); /* zeroes and frees; NULL is fine */

/* Checks a reference without reading it further than its metadata; agent: too. Returns 0 or -1
 * with err. */
int secret_check(const char *reference, struct error *err);

/* Checks how a reference is written and touches nothing. Returns 0, or -1 with err, which never
 * quotes it: what is no reference may be the secret itself. */
int secret_syntax(const char *reference, struct error *err);

#endif
