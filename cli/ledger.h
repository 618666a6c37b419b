/* What the ledger's commands share. */
#ifndef GATEBOOK_CLI_LEDGER_H
#define GATEBOOK_CLI_LEDGER_H

#include "cli/command.h"
#include "ledger/head.h"
#include "ledger/scan.h"
#include "store/read.h"

/* The store of the call, for reading. NULL with err. */
struct reader *ledger_reader(const struct call *call, struct error *err);

/* The keys that may have signed: --key FILE, else what `ledger key` left in DIR/secrets. NULL with
 * err. */
struct ledger_keys *ledger_public(const struct call *call, struct error *err);

/* The whole of a small file (up to LIMIT_CONFIG bytes), malloc'd, with a NUL behind it; NULL with
 * err. */
char *ledger_file(const char *path, size_t *n, struct error *err);

/* Makes a key: PATH (mode 0600) and PATH.pub. Returns 0, or -1 with err: what is there already is
 * never overwritten. */
int ledger_key_make(const char *path, struct error *err);

/* Which records are shown: --device, --kind, --user and the time words. */
extern const struct option_row ledger_filters[];
struct ledger_filter {
	const char *device, *user;
	unsigned kinds; /* a bit each */
	int64_t from_us, to_us;
};

/* Reads the filter of the call; without time words the range is the last day, or (`all`)
 * everything. Returns 0, or -1 with err. */
int ledger_filter_read(
    const struct call *call, bool all, struct ledger_filter *f, struct error *err);
bool ledger_filter_passes(const struct ledger_filter *f, const struct ledger_event *e);

/* The columns of a record, and its row. */
extern const struct column ledger_columns[];
void ledger_put(struct writer *w, const struct ledger_row *row);

#endif
