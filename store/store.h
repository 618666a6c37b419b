/* The book itself: one live database and one sealed file per day, in one directory.
 *
 *   DIR/gatebook.db            devices, polls, open set, closed sessions not yet sealed, long
 *                              sessions, words, host keys, ledger, catalogue of sealed days
 *   DIR/days/2026-11-24.db     sessions that ended on that UTC day, by contact; immutable
 *   DIR/lock                   held by the one writer, with its pid in it
 *
 * This header is the writing side: one process, one connection, which also checkpoints. */
#ifndef GATEBOOK_STORE_STORE_H
#define GATEBOOK_STORE_STORE_H

#include "base/error.h"
#include "base/record.h"

enum {
	STORE_SCHEMA = 5,
	DAY_SCHEMA = 1
}; /* PRAGMA user_version of the live and of the sealed files */

struct store;

/* Opens DIR for writing, creating it (mode 0700) when `create`. Takes the lock, migrates an older
 * schema, finishes or removes what a killed sealing left. Returns NULL with err: locked (by which
 * pid), newer schema (which), not a Gatebook store, network file system, full disk. */
struct store *store_open(const char *dir, bool create, struct error *err);
void store_close(struct store *s);

/* One transaction; all writing calls below stand between these two. Commit is durable when it
 * returns 0 (WAL, synchronous=FULL). After -1 the transaction is rolled back: the store is as it
 * was before begin, and can be used. */
int store_begin(struct store *s, struct error *err);
int store_commit(struct store *s, struct error *err);
void store_rollback(struct store *s);

struct store_device {
	const char *name, *platform, *site, *host, *transport;
	const char *blind; /* what its driver cannot see */
	uint32_t every;    /* seconds between polls; 0: by hand only */
};

/* Inserts or updates a device by name; its id is stable for ever. Returns id > 0, or -1. */
int64_t store_device(struct store *s, const struct store_device *d, struct error *err);

struct store_counts {
	uint64_t opened, reseen, closed;
	uint64_t once; /* of the closed ones: those that a single poll saw */
};

/* Writes one poll and what it saw. `rows` are sorted by session_key_compare without duplicates.
 *   complete: opens what is new, closes what is gone, re-seen rows cost no row write;
 *   partial:  opens what is new, closes nothing;
 *   failed, skipped: n must be 0; only the poll's own record is written.
 * A poll older than the device's last one is refused, and so are rows that are not sorted or not
 * whole: -1 with err, and the transaction is as it was. After any other -1 only store_rollback is
 * left. Returns the poll id > 0.
 *
 * What is known of a session:
 *   start  in (asked of the last complete poll before it, answered of the first poll with it]; no
 *          lower bound when there was no complete poll. An age that the device prints narrows
 *          both; a round one may be cut, so it is trusted to its unit only (3600: to the hour).
 *          An age that contradicts the last complete poll is not believed.
 *   end    in [asked of the last poll with it, answered of the first complete poll without it); a
 *          partial poll that shows it moves the first bound, one that does not moves nothing.
 *   polls  the complete polls that showed it.
 *   state, counters: the device's last word; what it did not print this time stands. NAT,
 *          application, user and interfaces: as in the last poll with it. */
int64_t store_poll(struct store *s, int64_t device, const struct poll_report *report,
    const struct session *rows, size_t n, const struct words *words, struct store_counts *counts,
    struct error *err);

/* Writes what the poll saw of who is where, behind store_poll of the same one. `list` is sorted by
 * memcmp, kinds whose bit stands in `whole` were read whole: what is gone of them is closed. A row
 * that is seen again costs no write. Returns 0, or -1 with err: then only store_rollback is left.
 */
int store_presences(struct store *s, int64_t device, const struct poll_report *report,
    const struct presence *list, size_t n, unsigned whole, struct error *err);

/* Seals every UTC day before today (clock_now) that has closed sessions; drops sealed days older
 * than keep_days whole, and what else is of that age and over (0 keeps all). Must not be called
 * inside a transaction; crash-safe at any point. Returns the number of days sealed, or -1. */
int store_seal(struct store *s, int keep_days, struct error *err);

/* The same in small pieces, for a writer that others wait for: the file of a day is built by a
 * thread while transactions go on, everything else is done some 20 ms at a time. Call it between
 * transactions, a few times a second while it returns 1; 0: nothing is left to do; -1 with err. */
int store_seal_step(struct store *s, int keep_days, struct error *err);

/* Host keys: "type SHA256:..." pinned for a device. */
int store_hostkey_trust(
    struct store *s, const char *device, const char *key, const char *by, struct error *err);
int store_hostkey_revoke(struct store *s, const char *device, const char *key, const char *by,
    struct error *err); /* key NULL: all of the device; returns how many */

/* Nothing is polled that is held, over restarts too. */
struct store_hold {
	const char *on;   /* "device", "credential", "platform", "all" */
	const char *name; /* "" of all */
	const char *reason, *why, *by;
};
int store_hold(struct store *s, const struct store_hold *h, struct error *err); /* no-op when held
										 */
int store_release(struct store *s, const char *on, const char *name, const char *by,
    struct error *err); /* returns how many */

/* The ledger's table; the room ledger/ decides what stands in a record. seq counts from 1;
 * store_ledger_last gives 0 and zeros when there is none yet. */
int store_ledger_last(struct store *s, uint64_t *seq, uint8_t hash[static 32]);
int store_ledger_put(struct store *s, uint64_t seq, int64_t time_us, const void *record, size_t n,
    const uint8_t hash[static 32], struct error *err);

/* Gives the hashes of the records after `after`, in order. Returns how many, or -1 with err. */
int64_t store_ledger_hashes(struct store *s, uint64_t after,
    void (*each)(const uint8_t hash[static 32], void *arg), void *arg, struct error *err);

/* What the ledger says of the configuration: remembers the hash of a file; and how a device would
 * change what the store has of it. Return 1 new or (store_device_change: 2) changed, 0 as it was,
 * -1 with err. */
int store_config_file(struct store *s, const char *path, const char *sha256, struct error *err);
int store_device_change(struct store *s, const struct store_device *d, struct error *err);

/* Signed heads: a note about the records 1..size, and the peaks of their Merkle tree, highest
 * first, 32 bytes each. The last one: returns its size, 0 when there is none, -1 with err; note and
 * peaks hold what fits, else it is an error. */
int store_head_put(struct store *s, uint64_t size, const char *note, const void *peaks, size_t n,
    struct error *err);
int64_t store_head_last(struct store *s, char *note, size_t note_size, void *peaks,
    size_t *peaks_size, struct error *err);

#endif
