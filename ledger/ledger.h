/* The ledger: every login, line sent, decision and question, as a hash-chained record.
 *
 * A record is canonical bytes: u32 field count, then for each field u32 length and bytes, all
 * little-endian. The fields are seq and then those of struct ledger_event in their order: numbers
 * have 8 bytes, texts end with a NUL that counts and hold no other. hash(n) = SHA-256(0x00 ||
 * hash(n-1) || record), hash(0) = 32 zero bytes. Signed heads and verification: this room. */
#ifndef GATEBOOK_LEDGER_LEDGER_H
#define GATEBOOK_LEDGER_LEDGER_H

#include "store/store.h"

enum ledger_kind {
	LEDGER_START,   /* a gatebook process that writes started: version, argv, user */
	LEDGER_INTENT,  /* a line, or a login, that will be sent; durable before it is */
	LEDGER_RESULT,  /* what came of an intent; an intent without one is `unknown` */
	LEDGER_HOSTKEY, /* a key was trusted, revoked, refused */
	LEDGER_POLL,    /* a poll ended: outcome, reason, counts, SHA-256 of the rows handed over */
	LEDGER_QUESTION,  /* an analyst asked: who, what, when */
	LEDGER_CONFIG,    /* a file of the configuration is new or changed: its SHA-256 */
	LEDGER_STOP,      /* that process ended; a start without a stop was killed */
	LEDGER_INVENTORY, /* a device is new, or its address, platform or account changed */
	LEDGER_HOLD,      /* a credential or a device is held, or released */
	LEDGER_KINDS
};
const char *ledger_kind_name(enum ledger_kind k);

struct ledger_event {
	enum ledger_kind kind;
	int64_t time_us;     /* wall clock, microseconds */
	const char *who;     /* user of this machine, "uid 1000 (anna)" */
	const char *device;  /* "" if none */
	const char *account; /* login name used on the device, "" if none */
	const char *address; /* host:port dialled, "" if none */
	const char *what;    /* the line sent, the question, the decision */
	const char *result;  /* "" for an intent; else ok, refused, failed: why */
	uint64_t refers;     /* seq of the intent a result belongs to, 0 if none */
	const char *detail;  /* key=value pairs: hashes, lines, bytes, algorithms */
};

/* Appends inside the store's transaction; *seq is the record's number. Returns 0, -1 with err. */
int ledger_append(struct store *s, const struct ledger_event *e, uint64_t *seq, struct error *err);

/* Canonical bytes into out; returns their number, 0 when size is too small. A null text is "". */
size_t ledger_encode(const struct ledger_event *e, uint64_t seq, void *out, size_t size);
/* Back again: strings borrow from the record. Returns false for bytes that ledger_encode did not
 * write. */
bool ledger_decode(const void *record, size_t n, struct ledger_event *e, uint64_t *seq);
void ledger_hash(
    const uint8_t before[static 32], const void *record, size_t n, uint8_t hash[static 32]);

#endif
