#include "query/ask.h"

#include <stdio.h>
#include <string.h>

/* One part being asked. */
struct pass {
	const struct ask *ask;
	const char *session, *contact;
	int (*row)(sqlite3_stmt *statement, void *arg);
	void *arg;
	struct error *err;
	sqlite3 *db;
	bool whole;
	enum ask_side side; /* outside or inside: the end asked for now */
	bool filter;        /* the target is too long for SQL: each row is looked at here */
	bool skip_outside;  /* rows whose outside matches were given by the pass before */
};

static int
failed(const struct pass *p)
{
	if (sqlite3_errcode(p->db) == SQLITE_INTERRUPT)
		return error_exit(p->err, EXIT_FAILED,
		    "the question took longer than it may; ask for a shorter time (--last) or "
		    "fewer addresses");
	return error_exit(p->err, EXIT_FAILED, "cannot read the store: %s", sqlite3_errmsg(p->db));
}

static bool
wanted(const struct pass *p, sqlite3_stmt *st)
{
	struct addr outside, inside;

	if (p->skip_outside && reader_column_addr(st, 0, &outside) &&
	    target_holds(p->ask->target, &outside))
		return false;
	if (!p->filter)
		return true;
	if (p->side == ASK_OUTSIDE)
		return reader_column_addr(st, 0, &outside) &&
		       target_holds(p->ask->target, &outside);
	return reader_column_addr(st, 1, &inside) && target_holds(p->ask->target, &inside);
}

static int
step(const struct pass *p, sqlite3_stmt *st)
{
	int code, rc = 0;

	while (rc == 0 && (code = sqlite3_step(st)) == SQLITE_ROW)
		if (wanted(p, st))
			rc = p->row(st, p->arg);
	if (rc == 0 && code != SQLITE_DONE)
		rc = failed(p);
	sqlite3_reset(st);
	return rc;
}

/* The statement for the ranges from `first` on; *n says for how many of them. */
static sqlite3_stmt *
prepare(const struct pass *p, size_t *n)
{
	char sql[8192], condition[TARGET_SLICE * 48] = "";
	bool contacts = p->whole && p->contact != NULL;
	struct target one = { .ranges = p->ask->target->ranges, .n = *n };
	sqlite3_stmt *st;

	if (*n > 0)
		*n = target_condition(&one, 0, p->side == ASK_INSIDE ? "inside" : "outside", 3,
		    condition, sizeof(condition));
	snprintf(sql, sizeof(sql), "SELECT %s FROM %s WHERE %s%s%s",
	    contacts ? p->contact : p->session, contacts ? "v_contact" : "v_session",
	    contacts ? "?1 >= ?2" /* every row of this part lies in the range */
		     : "min(coalesce(start_after + 1, start_by), end_from) <= ?1 "
		       "AND (end_by IS NULL OR end_by > ?2)",
	    *n > 0 ? " AND " : "", condition);
	if (sqlite3_prepare_v2(p->db, sql, -1, &st, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_int64(st, 1, p->ask->range.to);
	sqlite3_bind_int64(st, 2, p->ask->range.from);
	return st;
}

/* A sealed day is sorted by outside: one seek for each range. Everything else is read once, with
 * the ranges in the condition as long as they are few. */
static int
one_side(struct pass *p)
{
	const struct target *t = p->ask->target;
	bool seek = p->side == ASK_OUTSIDE && p->db != reader_live(p->ask->reader);
	size_t n = seek && t->n > 0 ? 1 : t->n <= TARGET_SLICE ? t->n : 0;
	sqlite3_stmt *st;
	int rc = 0;

	p->filter = n == 0 && t->n > 0;
	st = prepare(p, &n);
	if (st == NULL)
		return failed(p);
	for (size_t first = 0; rc == 0 && first < (seek ? t->n : 1); first++) {
		if (n > 0 && target_bind(t, first, n, st, 3) != SQLITE_OK)
			rc = failed(p);
		else
			rc = step(p, st);
	}
	if (seek && t->n == 0)
		rc = step(p, st);
	sqlite3_finalize(st);
	return rc;
}

static int
each_part(sqlite3 *db, bool whole, void *arg)
{
	struct pass *p = arg;
	enum ask_side side = p->ask->target->n > 0 ? p->ask->side : ASK_OUTSIDE;
	int rc;

	p->db = db;
	p->whole = whole;
	p->skip_outside = false;
	p->side = side == ASK_INSIDE ? ASK_INSIDE : ASK_OUTSIDE;
	rc = one_side(p);
	if (rc != 0 || side != ASK_EITHER)
		return rc;
	p->side = ASK_INSIDE;
	p->skip_outside = true;
	return one_side(p);
}

int
ask_rows(const struct ask *ask, const char *session, const char *contact,
    int (*row)(sqlite3_stmt *statement, void *arg), void *arg, struct error *err)
{
	struct pass p = { .ask = ask,
		.session = session,
		.contact = contact,
		.row = row,
		.arg = arg,
		.err = err };

	return reader_parts(ask->reader, ask->range.from, ask->range.to, each_part, &p, err);
}
