#include "ledger/proof.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/ledger.h"

/* Runs a statement with up to two numbers; the caller finalizes. NULL with err. */
static sqlite3_stmt *
query(sqlite3 *db, const char *sql, uint64_t a, uint64_t b, struct error *err)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
		error_set(err, "the ledger cannot be read: %s", sqlite3_errmsg(db));
		return NULL;
	}
	if (sqlite3_bind_parameter_count(st) > 0)
		sqlite3_bind_int64(st, 1, (int64_t)a);
	if (sqlite3_bind_parameter_count(st) > 1)
		sqlite3_bind_int64(st, 2, (int64_t)b);
	return st;
}

static struct text
keep(struct arena *arena, const void *bytes, int n)
{
	struct text t = { bytes, (size_t)n };

	return (struct text){ memcpy(arena_alloc(arena, t.n + 1), t.s, t.n), t.n };
}

static int
read_head(sqlite3 *db, struct arena *arena, struct proof *p, struct error *err)
{
	sqlite3_stmt *st = query(
	    db, "SELECT size, note FROM head ORDER BY size DESC LIMIT 1", 0, 0, err);
	int rc = 0;

	if (!st)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW) {
		p->size = (uint64_t)sqlite3_column_int64(st, 0);
		p->note = keep(arena, sqlite3_column_text(st, 1), sqlite3_column_bytes(st, 1));
	} else {
		rc = error_set(err,
		    "the ledger has no signed head yet: `gatebook ledger key` makes a key, the "
		    "next poll signs");
	}
	sqlite3_finalize(st);
	return rc;
}

static int
read_record(sqlite3 *db, struct arena *arena, struct proof *p, struct error *err)
{
	sqlite3_stmt *st = query(db,
	    "SELECT seq, record, hash FROM ledger WHERE seq IN (?1 - 1, ?1) ORDER BY seq", p->seq,
	    0, err);
	bool found = false;

	while (st && sqlite3_step(st) == SQLITE_ROW) {
		uint8_t *hash = p->before;

		if ((uint64_t)sqlite3_column_int64(st, 0) == p->seq) {
			p->record = keep(
			    arena, sqlite3_column_blob(st, 1), sqlite3_column_bytes(st, 1));
			hash = p->leaf;
			found = true;
		}
		if (sqlite3_column_bytes(st, 2) == 32)
			memcpy(hash, sqlite3_column_blob(st, 2), 32);
	}
	sqlite3_finalize(st);
	if (!st)
		return -1;
	return found ? 0 : error_exit(err, EXIT_USAGE, "the ledger has no record %" PRIu64, p->seq);
}

/* The root over a part of the records, which is itself a tree. */
static int
root_of(sqlite3 *db, const struct merkle_span *span, uint8_t root[static 32], struct error *err)
{
	struct merkle tree = { 0 };
	sqlite3_stmt *st = query(db,
	    "SELECT hash FROM ledger WHERE seq > ?1 AND seq <= ?2 ORDER BY seq", span->first,
	    span->end, err);

	if (!st)
		return -1;
	while (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == 32)
		merkle_add(&tree, sqlite3_column_blob(st, 0));
	sqlite3_finalize(st);
	merkle_root(&tree, root);
	return tree.n == span->end - span->first
		   ? 0
		   : error_set(err, "records are missing: run `gatebook ledger verify`");
}

static int
prove(sqlite3 *db, struct arena *arena, struct proof *p, struct error *err)
{
	struct merkle_span spans[MERKLE_PATH];

	if (read_record(db, arena, p, err) < 0 || read_head(db, arena, p, err) < 0)
		return -1;
	if (p->seq > p->size)
		return error_set(err,
		    "record %" PRIu64
		    " is not under a signed head yet (the last one covers %" PRIu64 ")",
		    p->seq, p->size);
	p->n_path = merkle_path(p->seq - 1, p->size, spans);
	for (int i = 0; i < p->n_path; i++)
		if (root_of(db, &spans[i], p->path[i], err) < 0)
			return -1;
	return 0;
}

int
ledger_prove(sqlite3 *db, uint64_t seq, struct arena *arena, struct proof *p, struct error *err)
{
	int rc;

	*p = (struct proof){ .seq = seq };
	if (seq == 0 || seq > INT64_MAX)
		return error_exit(err, EXIT_USAGE, "records count from 1");
	(void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	rc = prove(db, arena, p, err);
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
