#include "ledger/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ledger/hash.h"
#include "ledger/ledger.h"

/* The first reason stands. */
static bool __attribute__((format(printf, 2, 3))) wrong(struct verifier *v, const char *format, ...)
{
	va_list arguments;

	if (v->why[0])
		return false;
	va_start(arguments, format);
	(void)vsnprintf(v->why, sizeof(v->why), format, arguments);
	va_end(arguments);
	return false;
}

void
verifier_begin(struct verifier *v, const struct ledger_keys *keys)
{
	*v = (struct verifier){ .keys = keys };
}

bool
verifier_record(struct verifier *v, uint64_t seq, int64_t time_us, const void *record, size_t n,
    const void *hash, size_t hash_n)
{
	const uint64_t number = v->tree.n + 1;
	struct ledger_event e;
	uint64_t inner;
	uint8_t want[32];

	if (v->tree.n / HEAD_EVERY > v->sealed / HEAD_EVERY)
		return wrong(v,
		    "record %" PRIu64 ": no signed head over it, as there is at every multiple of "
		    "%d: a head was removed, or the writer had no key",
		    v->tree.n, HEAD_EVERY);
	if (seq != number)
		return wrong(v,
		    "record %" PRIu64 " is missing: the next one there is has number %" PRIu64,
		    number, seq);
	if (!ledger_decode(record, n, &e, &inner))
		return wrong(
		    v, "record %" PRIu64 ": these bytes were not written by the ledger", number);
	if (inner != seq || e.time_us != time_us)
		return wrong(v,
		    "record %" PRIu64 ": number or time beside it are not those inside it", number);
	ledger_hash(v->hash, record, n, want);
	if (hash_n != 32 || memcmp(want, hash, 32) != 0)
		return wrong(v,
		    "record %" PRIu64 ": its hash does not follow from it and the record before: "
		    "one of the two was changed",
		    number);
	memcpy(v->hash, want, 32);
	if (number == 1) {
		memcpy(v->first, want, 32);
		v->first_us = time_us;
	}
	v->last_us = time_us;
	merkle_add(&v->tree, want);
	return true;
}

/* What a head says about the records so far. */
static bool
matches(struct verifier *v, const struct head *h, const char *which)
{
	char origin[HEAD_ORIGIN];
	uint8_t root[32];

	head_origin(v->first, origin);
	merkle_root(&v->tree, root);
	if (h->size == v->tree.n && strcmp(origin, h->origin) == 0 &&
	    memcmp(root, h->root, 32) == 0)
		return true;
	return wrong(v,
	    "the %s over %" PRIu64 " records is not about these: one of them is not what was "
	    "signed",
	    which, h->size);
}

bool
verifier_head(struct verifier *v, uint64_t size, struct text note)
{
	struct head h;

	if (!head_parse(note, &h))
		return wrong(v, "the head over %" PRIu64 " records does not read", size);
	if (size != h.size || h.size < v->sealed || !matches(v, &h, "head"))
		return wrong(
		    v, "the head over %" PRIu64 " records stands at %" PRIu64, h.size, size);
	if (h.number != v->heads + 1 || memcmp(h.before, v->before, 32) != 0)
		return wrong(v,
		    "head %" PRIu64 " over %" PRIu64 " records does not follow head %" PRIu64
		    ": one between them was removed",
		    h.number, h.size, v->heads);
	if (v->keys && !head_verify(note, v->keys, &h))
		return wrong(v,
		    "the head over %" PRIu64 " records is not signed by the key: another key, or "
		    "a changed head",
		    size);
	v->heads = h.number;
	v->sealed = h.size;
	v->signed_us = h.time_us;
	head_hash(note, v->before);
	return true;
}

bool
verifier_kept(struct verifier *v, struct text note)
{
	struct head h;

	if (!head_parse(note, &h))
		return wrong(v, "the exported head does not read");
	return matches(v, &h, "exported head") &&
	       (head_verify(note, v->keys, &h) ||
		   wrong(v, "the exported head is not signed by the key"));
}

bool
verifier_end(struct verifier *v, int64_t now_us)
{
	const int64_t patience = INT64_C(2000000) * HEAD_SECONDS;

	if (v->why[0])
		return false;
	if (!v->keys)
		return true;
	if (v->tree.n == 0)
		return wrong(v, "the ledger has no record: nothing can be said for it");
	if (v->heads == 0)
		return wrong(v,
		    "no signed head: %" PRIu64
		    " records are chained, but whoever can write the file can chain them anew. "
		    "`gatebook ledger key` makes a key, the next poll signs",
		    v->tree.n);
	if (v->sealed / HEAD_EVERY < v->tree.n / HEAD_EVERY)
		return wrong(v, "no signed head over record %" PRIu64 ": the seal is missing",
		    v->tree.n / HEAD_EVERY * HEAD_EVERY);
	if (v->sealed < v->tree.n && now_us - v->last_us > patience)
		return wrong(v,
		    "records %" PRIu64 " to %" PRIu64
		    " are older than %d minutes and under no signed head: the seal is missing. A "
		    "writer that was killed leaves this too, and the next poll mends it",
		    v->sealed + 1, v->tree.n, 2 * HEAD_SECONDS / 60);
	return true;
}

bool
verifier_above(struct verifier *v, uint64_t size, const char *which)
{
	return wrong(v,
	    "there is the %s over %" PRIu64 " records, but the ledger ends at %" PRIu64
	    ": its tail was cut, or this is an older file",
	    which, size, v->tree.n);
}

/* --- a whole store ---------------------------------------------------------------------------- */

struct note {
	uint64_t size;
	struct text text;
};

struct reading {
	sqlite3 *db;
	struct verifier *v;
	sqlite3_stmt *records, *heads;
	bool has_head; /* the statement stands at one */
	struct note *kept;
	size_t n_kept, at;
};

static int
compare_sizes(const void *a, const void *b)
{
	const struct note *x = a, *y = b;

	return x->size < y->size ? -1 : x->size > y->size;
}

/* Returns -1 with err for what is no file of heads: nobody may take it for a check. */
static int
read_kept(struct reading *r, struct text kept, struct error *err)
{
	struct text note;
	struct head h;

	while (head_next(&kept, &note)) {
		if (!head_parse(note, &h))
			return error_set(err, "a head of the file cannot be read");
		r->kept = mem_grow(r->kept, r->n_kept + 1, sizeof(*r->kept));
		r->kept[r->n_kept++] = (struct note){ h.size, note };
	}
	if (text_trim(kept).n > 0)
		return error_set(err, "not all of the file is heads, as `gatebook ledger head` "
				      "writes them");
	if (r->n_kept > 1)
		qsort(r->kept, r->n_kept, sizeof(*r->kept), compare_sizes);
	return 0;
}

static void
step_head(struct reading *r)
{
	r->has_head = sqlite3_step(r->heads) == SQLITE_ROW;
}

/* All heads over exactly the records so far. */
static bool
take_heads(struct reading *r)
{
	const uint64_t n = r->v->tree.n;

	while (r->has_head && (uint64_t)sqlite3_column_int64(r->heads, 0) <= n) {
		struct text note = { (const char *)sqlite3_column_text(r->heads, 1),
			(size_t)sqlite3_column_bytes(r->heads, 1) };

		if (!verifier_head(r->v, (uint64_t)sqlite3_column_int64(r->heads, 0), note))
			return false;
		step_head(r);
	}
	for (; r->at < r->n_kept && r->kept[r->at].size <= n; r->at++)
		if (!verifier_kept(r->v, r->kept[r->at].text))
			return false;
	return true;
}

/* Returns 1, 0 (false) or -1 (SQLite failed). */
static int
read_all(struct reading *r, int64_t now_us)
{
	int code;

	step_head(r);
	while ((code = sqlite3_step(r->records)) == SQLITE_ROW) {
		sqlite3_stmt *st = r->records;

		if (!verifier_record(r->v, (uint64_t)sqlite3_column_int64(st, 0),
			sqlite3_column_int64(st, 1), sqlite3_column_blob(st, 2),
			(size_t)sqlite3_column_bytes(st, 2), sqlite3_column_blob(st, 3),
			(size_t)sqlite3_column_bytes(st, 3)) ||
		    !take_heads(r))
			return 0;
	}
	if (code != SQLITE_DONE)
		return -1;
	if (r->has_head)
		return verifier_above(r->v, (uint64_t)sqlite3_column_int64(r->heads, 0), "head");
	if (r->at < r->n_kept)
		return verifier_above(r->v, r->kept[r->at].size, "exported head");
	return verifier_end(r->v, now_us);
}

int
ledger_verify(sqlite3 *db, const struct ledger_keys *keys, struct text kept, int64_t now_us,
    struct verifier *v, struct error *err)
{
	struct reading r = { .db = db, .v = v };
	int rc;

	verifier_begin(v, keys);
	rc = read_kept(&r, kept, err);
	if (rc == 0) {
		/* One snapshot, whatever is written meanwhile. */
		if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
		    sqlite3_prepare_v2(db,
			"SELECT seq, time_us, record, hash FROM ledger ORDER BY seq", -1,
			&r.records, NULL) != SQLITE_OK ||
		    sqlite3_prepare_v2(db, "SELECT size, note FROM head ORDER BY size", -1,
			&r.heads, NULL) != SQLITE_OK ||
		    (rc = read_all(&r, now_us)) < 0)
			rc = error_set(err, "the ledger cannot be read: %s", sqlite3_errmsg(db));
		sqlite3_finalize(r.records);
		sqlite3_finalize(r.heads);
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	free(r.kept);
	return rc;
}
