/* Commands as they are compared: what a device wrote into a log beside what was sent to it. */
#ifndef GATEBOOK_AUDIT_CANON_H
#define GATEBOOK_AUDIT_CANON_H

#include <stdbool.h>

#include "base/text.h"

enum {
	CANON_LINE = 512, /* bytes of a command that are compared */
	CANON_CUT = 240   /* a command of so many bytes may have been cut by the device */
};

/* Into out: small letters, one blank between words; without quotes around it, `sudo -n` and the
 * folder of a program before it, `<cr>` and `| no-more` at its end. Returns the length; what does
 * not fit is cut. */
size_t canon_command(struct text typed, char out[static CANON_LINE]);

/* The two are one command: word by word equal, or one word is the beginning of the other (devices
 * expand and people abbreviate), or `seen` was cut at CANON_CUT bytes or more. Both canonical. */
bool canon_same(struct text sent, struct text seen);

/* `seen` begins with the words of `opening`, each of them abbreviated to two letters at least. */
bool canon_begins(struct text opening, struct text seen);

#endif
