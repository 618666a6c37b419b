/* What the files of the writing side share. Nobody outside this room includes it. */
#ifndef GATEBOOK_STORE_INTERNAL_H
#define GATEBOOK_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store/lastword.h"
#include "store/store.h"
#include "store/words.h"

enum { SESSION_BITS = 40, DAY_BITS = 40 }; /* of open.id and closed.id below the device or day */

/* One member of the open set, as the writer remembers it. */
struct open_session {
	struct session_key key;
	uint8_t has;         /* counters */
	bool changed;        /* state or counters differ from the row in table open */
	uint32_t state;      /* word id */
	uint64_t number;     /* id without the device */
	uint64_t before;     /* complete polls of the device before the one that opened it */
	uint64_t attributes; /* hash of what else the row in table open says */
	int64_t begin;       /* the earliest it may have begun, as far as anybody knows */
	int64_t seen; /* when the last poll that showed it asked; counts if later than the set's */
	uint64_t counters[COUNTER_COUNT];
};

/* The open set of one device, sorted by key. */
struct open_set {
	struct open_session *sessions;
	size_t n;
	uint64_t numbers;                 /* sessions so far */
	uint64_t complete;                /* complete polls so far */
	int64_t asked;                    /* the last complete poll; 0: none yet */
	int64_t last_started, last_asked; /* any poll */
};

/* now = committed, next = what the open transaction will make of it. */
struct device_state {
	int64_t id;
	struct open_set now, next;
	bool staged;
};

enum statement {
	ST_DEVICE_FIND,
	ST_DEVICE_INSERT,
	ST_DEVICE_UPDATE,
	ST_DEVICE_STATE,
	ST_DEVICE_POLLED,
	ST_POLL_INSERT,
	ST_POLL_LAST,
	ST_OPEN_LOAD,
	ST_OPEN_INSERT,
	ST_OPEN_UPDATE,
	ST_OPEN_DELETE,
	ST_CLOSE,
	ST_CLOSE_LONG,
	ST_WORDS_READ,
	ST_WORDS_WRITE,
	ST_WORD_INSERT,
	ST_LEDGER_LAST,
	ST_LEDGER_PUT,
	ST_HOSTKEY_TRUST,
	ST_HOSTKEY_REVOKE,
	ST_COUNT
};

struct store {
	char *dir;
	int lock;
	sqlite3 *db;
	sqlite3_stmt *statements[ST_COUNT];
	struct lexicon words;
	struct device_state **devices; /* by id; NULL: not used yet */
	size_t n_devices;
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
/* Syncs a file, and says its size and hash. */
int folder_sync_file(
    const char *path, int64_t *bytes, uint8_t sha256[static 32], struct error *err);

/* The open sets (openset.c). NULL with err when a set cannot be read. */
struct open_set *openset_stage(struct store *s, int64_t device, struct error *err);
/* Gives a staged set its own sessions, which it then owns. */
void openset_replace(struct store *s, int64_t device, struct open_session *sessions, size_t n);
void openset_commit(struct store *s);
void openset_rollback(struct store *s);
void openset_free(struct store *s);

/* The columns of table open that a later poll may change. */
struct attributes {
	struct addr in_nat, out_nat;
	bool has_in_nat_port, has_out_nat_port;
	uint16_t in_nat_port, out_nat_port;
	uint8_t initiator;
	uint32_t app, user, in_iface, out_iface; /* word ids */
};
uint64_t attributes_hash(const struct attributes *a);

/* Merges a poll's rows into the staged set (merge.c). *dirty: the last words changed. */
int merge_rows(struct store *s, int64_t device, struct open_set *set,
    const struct poll_report *report, const struct session *rows, size_t n,
    const struct words *words, struct store_counts *counts, bool *dirty, struct error *err);

/* Sets broken when result is negative, and returns it. */
int store_result(struct store *s, int result);
int store_writing(struct store *s, struct error *err); /* 0 inside a transaction that is whole */

/* Finishes or removes what a killed sealing or dropping left (seal.c). */
int seal_repair(struct store *s, struct error *err);
void seal_abandon(struct store *s); /* waits for the builder; what it built is built again later */

#endif
