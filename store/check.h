/* Is a store, or a backup, as it was written? Everything is read; nothing is changed. */
#ifndef GATEBOOK_STORE_CHECK_H
#define GATEBOOK_STORE_CHECK_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* One file that was looked at. */
struct checked {
	const char *file; /* path */
	int64_t day;      /* days since 1970; -1: no sealed day */
	const char *why;  /* what is wrong; NULL: good */
};

struct check {
	void (*file)(const struct checked *c, void *arg);
	/* The live database, once it was found whole: for what others keep in it. */
	void (*live)(sqlite3 *db, void *arg);
	void *arg;
	/* filled */
	bool backup;  /* dir holds one: its files were compared with its manifest */
	int64_t made; /* of a backup, seconds since 1970 */
};

/* The live database: every page, index and packed value. The sealed days: SHA-256, size and schema
 * against the catalogue; the catalogue against the files. A daemon may write meanwhile. A flipped
 * bit in the live database that leaves a value of the right form is not found: only sealed days,
 * the ledger and backups carry hashes. Returns 0, or -1 with err: there is nothing that could be
 * checked. */
int store_check(const char *dir, struct check *c, struct error *err);

#endif
