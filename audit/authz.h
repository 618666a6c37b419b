/* The least-privilege account of a platform, in the words of whatever authorises it: to be read,
 * completed where it says CHANGE-ME, and pasted. Only lines that polls send are permitted. */
#ifndef GATEBOOK_AUDIT_AUTHZ_H
#define GATEBOOK_AUDIT_AUTHZ_H

#include <stdio.h>

#include "base/error.h"
#include "drivers/driver.h"

struct authz_form {
	const char *name;             /* -o */
	const char *title;            /* one line */
	const char *const *platforms; /* ends with NULL; NULL: each that has a command line */
	bool tested; /* a test runs it; else it follows the vendor's manual and nobody has seen it
			work */
	const char *comment; /* what begins a comment in this form */
	void (*print)(FILE *out, const struct driver *driver, const char *user);
};
extern const struct authz_form authz_forms[]; /* ends with a NULL name */

/* The form called so, if it fits the platform; NULL with err that names those that do. */
const struct authz_form *authz_find(
    const struct driver *driver, const char *name, struct error *err);

/* Prints the profile behind a head that says what it is for and what it rests on. */
void authz_print(
    FILE *out, const struct authz_form *form, const struct driver *driver, const char *user);

#endif
