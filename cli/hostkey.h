/* What the hostkey commands share: which device, what it shows now, what is trusted. */
#ifndef GATEBOOK_CLI_HOSTKEY_H
#define GATEBOOK_CLI_HOSTKEY_H

#include "cli/command.h"

enum hostkey_state {
	HOSTKEY_TRUSTED, /* the key it shows is pinned */
	HOSTKEY_NEW,     /* nothing is pinned for this device */
	HOSTKEY_CHANGED  /* something else is pinned */
};

/* Connects to the device and reads its key; offers no credential. Returns 0, or -1 with err. */
int hostkey_look(const struct device *device, char key[static 128], struct error *err);

/* Compares a key with the trusted ones of the device ("" in *was when there is none). */
enum hostkey_state hostkey_compare(const struct config *config, const struct device *device,
    const char *key, char was[static 128]);

/* Opens the store for writing, runs `change` in one transaction beside its ledger record, commits.
 * Returns 0, or -1 with err. */
int hostkey_change(const struct config *config, const struct device *device, const char *key,
    bool trust, struct error *err);

/* The "SHA256:..." part of a key; the type part is what stands before its blank. */
const char *hostkey_fingerprint(const char *key);

#endif
