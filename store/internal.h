/* What the files of the writing side share. Nobody outside this room includes it. */
#ifndef GATEBOOK_STORE_INTERNAL_H
#define GATEBOOK_STORE_INTERNAL_H

#include <sqlite3.h>
#include <sys/types.h>

#include "store/roll.h"
#include "store/store.h"
#include "store/words.h"

enum { SESSION_BITS = 40, DAY_BITS = 40 }; /* of a session's or closed.id below device or day */

enum statement {
	ST_DEVICE_FIND,
	ST_DEVICE_INSERT,
	ST_DEVICE_UPDATE,
	ST_DEVICE_STATE,
	ST_DEVICE_POLLED,
	ST_POLL_INSERT,
	ST_POLL_LAST,
	ST_OPEN_READ,
	ST_OPEN_WRITE,
	ST_CLOSED_INSERT,
	ST_LONG_INSERT,
	ST_WORD_INSERT,
	ST_LEDGER_LAST,
	ST_LEDGER_PUT,
	ST_LEDGER_HASHES,
	ST_CONFIG_FILE,
	ST_HEAD_PUT,
	ST_HEAD_LAST,
	ST_PRESENCE_OPEN,
	ST_PRESENCE_INSERT,
	ST_PRESENCE_CLOSE,
	ST_PRESENCE_READ_READ,
	ST_PRESENCE_READ_WRITE,
	ST_HOSTKEY_TRUST,
	ST_HOSTKEY_REVOKE,
	ST_HOLD,
	ST_RELEASE,
	ST_COUNT
};

struct store {
	char *dir;
	int lock;
	sqlite3 *db;
	sqlite3_stmt *statements[ST_COUNT];
	struct lexicon words;
	int64_t closing_day;    /* closed.id counts in this day ... */
	int64_t closing_number; /* ... and this was the last one; 0: to be looked up */
	int64_t sealed_day;     /* the last one in the catalogue */
	int64_t closed_days;    /* no session may be closed into this day or an earlier one */
	int days_sealed;        /* since the store was opened */
	struct seal_job *job;   /* a day is being built (seal.c) */
	bool writing;
	bool broken; /* SQLite failed inside the transaction: only rollback is left */
};

/* Folder, lock and kind of file system (folder.c). */
int folder_prepare(const char *dir, bool create, struct error *err);
int folder_lock(const char *dir, struct error *err); /* the descriptor that holds the lock, or -1 */
int folder_sync(const char *path, struct error *err);
/* Says the size and the hash of a file; folder_sync_file has it on disk first. */
int folder_hash_file(
    const char *path, int64_t *bytes, uint8_t sha256[static 32], struct error *err);
int folder_sync_file(
    const char *path, int64_t *bytes, uint8_t sha256[static 32], struct error *err);

int folder_copy_file(const char *from, const char *to, mode_t mode, struct error *err);
/* One immutable file at another place under its own name: linked, or copied where that cannot be.
 * Returns 1 linked, 0 copied, -1 with err: it is not what was sealed (EXIT_FALSE), or the disk says
 * no; then `to` is as it was. */
int folder_place(
    const char *from, const char *to, const uint8_t sha256[static 32], struct error *err);

/* Sets broken when result is negative, and returns it. */
int store_result(struct store *s, int result);
int store_writing(struct store *s, struct error *err); /* 0 inside a transaction that is whole */

/* Finishes or removes what a killed sealing or dropping left (seal.c). */
int seal_repair(struct store *s, struct error *err);
void seal_abandon(struct store *s); /* waits for the builder; what it built is built again later */

#endif
