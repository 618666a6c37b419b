/* Reads accounting records of others from a file, through the drivers: nothing is dropped, each
 * line is a record, noise, or counted unread and shown. */
#ifndef GATEBOOK_AUDIT_RECORDS_H
#define GATEBOOK_AUDIT_RECORDS_H

#include <stdio.h>

#include "drivers/reply.h"

enum record_class {
	RECORD_COMMAND, /* a command, when it was done or whenever it was logged */
	RECORD_BEGUN,   /* a command, when it began; another record tells its end */
	RECORD_LOGIN,
	RECORD_LOGOUT,
	RECORD_UPDATE, /* a session goes on */
	RECORD_CLASSES
};

/* One record; its texts are valid until the callback returns. */
struct aaa_record {
	enum record_class class;
	struct text nas, user, from, tty, command, task, time;
	uint64_t line; /* of the file, from 1 */
};

struct records_read {
	struct account account;              /* summed over the file */
	size_t n_unread;                     /* lines of it that are shown */
	char unread[LIMIT_UNREAD_KEPT][200]; /* printable, with their numbers */
};

/* Reads to the end in flat memory, files of any size. Returns 0, or -1 with err: it cannot be read,
 * or is no file of this driver (exit EXIT_USAGE). */
int records_read(FILE *file, const char *name, const struct driver *driver,
    void (*each)(const struct aaa_record *record, void *arg), void *arg, struct records_read *read,
    struct error *err);

#endif
