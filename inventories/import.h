/* Other tools' inventories: read, compared with what was imported from them before, and written to
 * inventory.d/IMPORTED.yml. Files written by hand are never touched. */
#ifndef GATEBOOK_INVENTORIES_IMPORT_H
#define GATEBOOK_INVENTORIES_IMPORT_H

#include "inventories/config.h"

struct importing;
struct import_kind {
	const char *name;
	const char *reads; /* one line: what SOURCE is */
	void (*read)(struct importing *i);
};
extern const struct import_kind *const import_kinds[]; /* sorted by name, ends with NULL */

struct import_order {
	const char *kind, *source; /* as typed: a path, "-" or a URL */
	const char *map;           /* path of a platforms.map, or NULL */
	const char *token;         /* reference to a secret, or NULL */
	const char *cacert;     /* path of certificates to trust instead of the system's, or NULL */
	const char *credential; /* for devices that are new, or NULL: the only one that fits */
	bool prune;             /* disable what left the source */
};

/* One device whose entry changes ('+' new, '~' changed, '-' left the source) or that is not taken
 * ('!'). All texts are printable. */
struct import_row {
	char mark;
	const char *name, *platform, *host; /* "" when unknown */
	const char *details;                /* one sentence, or key=value words */
};

struct import {
	struct arena arena;
	struct import_row *rows; /* sorted by name */
	size_t n_rows;
	size_t new, changed, same, skipped, left_out; /* left_out: by a skip rule */
	size_t gone, gone_before;                     /* left the source now, and earlier */
	const char *source;                           /* "netbox:https://netbox.example.net" */
	const char *path;                             /* of IMPORTED.yml */
	int64_t read_ns; /* when that was changed last, when it was read; 0: not there */
	char *text;      /* what it will hold */
	size_t text_n;
	const char **warnings; /* end with NULL */
};

/* Reads the source and compares; writes nothing. Every fault of a file is printed to `faults` as
 * file:line:column: reason. Returns NULL with err (its exit code set: EXIT_AUTH when the source
 * refused the token) after anything that would make the list of devices less than whole. */
struct import *import_new(
    const struct config *config, const struct import_order *order, FILE *faults, struct error *err);

/* Writes IMPORTED.yml: a temporary file, fsync, loaded once to see that it has no fault, rename.
 * Returns 0, or -1 with err: then the old file stands. */
int import_apply(const struct import *import, const char *dir, FILE *faults, struct error *err);

void import_free(struct import *import);

#endif
