/* A copy of the book in another folder, taken while the book is written, and the way back.
 *
 * The copy of the live database is one snapshot (VACUUM INTO through a reader: the writer does not
 * wait); the sealed days that its catalogue names never change, so each of them is linked or copied
 * once. store/manifest.h says what counts in the folder. Configuration and secrets are files of
 * their own and not in it. */
#ifndef GATEBOOK_STORE_BACKUP_H
#define GATEBOOK_STORE_BACKUP_H

#include <stdint.h>

#include "base/error.h"

struct backup_done {
	int64_t made;  /* seconds since 1970: everything acknowledged before is in it */
	int64_t bytes; /* of the live database */
	uint64_t days, linked, copied; /* all; those that are new */
	uint64_t missing;              /* sealed days that could not be had: each was logged */
};

/* Backs the store in dir up into the folder `to`, which is made (mode 0700), or empty, or holds an
 * earlier backup of this store. Returns 0, or -1 with err; then what was there before still is the
 * backup. */
int store_backup(const char *dir, const char *to, struct backup_done *done, struct error *err);

/* Makes a store of a backup in dir, which must hold none. Every byte of the backup is checked
 * before anything is written. Returns 0, or -1 with err (EXIT_FALSE: the backup is damaged). */
int store_restore(const char *from, const char *dir, struct backup_done *done, struct error *err);

#endif
