/* What a backup holds: the file SHA256SUMS in its folder, which `sha256sum -c` reads too.
 *
 *   # gatebook backup 1 made 1795580167 of HEX         the first record of the ledger; zeros: none
 *   HEX  live-0123456789abcdef.db                      named by its hash: never written over
 *   HEX  days/2026-11-24.db                            one for each sealed day, in order
 *   # whole HEX                                        of all the lines above
 *
 * It is renamed into its place when everything it names is on disk, and nothing else of the folder
 * counts: so a backup that was killed is the one before it. No file at all: the first one was not
 * finished. */
#ifndef GATEBOOK_STORE_MANIFEST_H
#define GATEBOOK_STORE_MANIFEST_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { MANIFEST_NAME = 32 };

struct manifest_file {
	char name[MANIFEST_NAME]; /* below the folder: "days/2026-11-24.db" */
	uint8_t sha256[32];
};

struct manifest {
	int64_t made; /* seconds since 1970 */
	uint8_t store[32];
	struct manifest_file *files; /* the live database first */
	size_t n;
};

/* Every byte is checked. False: it is not what manifest_write wrote. manifest_free in any case. */
bool manifest_parse(struct text t, struct manifest *m);

/* The manifest of a folder. Returns 1; 0 when the folder has none; -1 with err: it cannot be read,
 * or it is damaged. */
int manifest_read(const char *dir, struct manifest *m, struct error *err);

/* Writes it beside, syncs it, renames it into its place. Returns 0, or -1 with err. */
int manifest_write(const char *dir, const struct manifest *m, struct error *err);

void manifest_add(struct manifest *m, const char *name, const uint8_t sha256[static 32]);
const struct manifest_file *manifest_find(const struct manifest *m, const char *name); /* or NULL */
void manifest_free(struct manifest *m);

/* "live-0123456789abcdef.db" of a hash. */
void manifest_live_name(const uint8_t sha256[static 32], char name[static MANIFEST_NAME]);

/* Names that only a backup gives: what of them the manifest does not have is a leftover. */
bool manifest_is_live(struct text name);
bool manifest_is_day(struct text name); /* without "days/" */

#endif
