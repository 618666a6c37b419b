#include "query/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter_tree.h"

/* Ranges from which on addresses that are not there are hopped over, and from which on reading the
 * day once costs less than that: a hop costs as much as some ten contacts read. */
enum { HOP = 64, SCAN = 2048 };

/* One part being asked. */
struct pass {
	const struct ask *ask;
	const char *session, *contact;
	int (*row)(sqlite3_stmt *statement, void *arg);
	void *arg;
	struct error *err;
	const struct filter_node *all;  /* target and filter; NULL: every row */
	const struct filter_node *seek; /* the test in it that a sealed day is searched by */
	sqlite3 *db;
	bool whole;
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

static int
step(const struct pass *p, sqlite3_stmt *st)
{
	int code, rc = 0;

	while (rc == 0 && (code = sqlite3_step(st)) == SQLITE_ROW)
		rc = p->row(st, p->arg);
	if (rc == 0 && code != SQLITE_DONE)
		rc = failed(p);
	sqlite3_reset(st);
	return rc;
}

/* Parameters 1 and 2 are the time, 3 and 4 the range of addresses that is sought. */
static sqlite3_stmt *
prepare(const struct pass *p, bool seek)
{
	const struct filter_node *done = seek ? p->seek : NULL;
	bool contacts = p->whole && p->contact != NULL &&
			(p->all == NULL || node_fits_contact(p->all));
	int parameter = 5, code;
	sqlite3_stmt *st = NULL;
	char *sql = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&sql, &n);

	fprintf(out, "SELECT %s FROM %s WHERE %s%s", contacts ? p->contact : p->session,
	    contacts ? "v_contact" : "v_session",
	    contacts ? "?1 >= ?2" /* every row of this part lies in the range */
		     : "min(coalesce(start_after + 1, start_by), end_from) <= ?1 "
		       "AND (end_by IS NULL OR end_by > ?2)",
	    seek ? " AND outside BETWEEN ?3 AND ?4" : "");
	if (p->all != NULL) {
		fputs(" AND ", out);
		node_write(p->all, done, contacts, &parameter, out);
	}
	fclose(out);
	code = filter_register(p->db);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(p->db, sql, -1, &st, NULL);
	free(sql);
	if (code != SQLITE_OK)
		return NULL;
	sqlite3_bind_int64(st, 1, p->ask->range.to);
	sqlite3_bind_int64(st, 2, p->ask->range.from);
	parameter = 5;
	if (p->all == NULL || node_bind(p->all, done, &parameter, st) == SQLITE_OK)
		return st;
	sqlite3_finalize(st);
	return NULL;
}

static int
one_range(const struct pass *p, sqlite3_stmt *st, size_t i)
{
	return target_bind(&p->seek->addrs, i, 1, st, 3) == SQLITE_OK ? step(p, st) : failed(p);
}

/* The first address of the day that is not below a; 1: found, 0: there is none, -1: failed. */
static int
next_address(const struct pass *p, sqlite3_stmt *next, struct addr *a)
{
	int code;

	if (reader_bind_addr(next, 1, a) != SQLITE_OK)
		return failed(p);
	code = sqlite3_step(next);
	if (code == SQLITE_ROW && !reader_column_addr(next, 0, a))
		code = SQLITE_CORRUPT;
	sqlite3_reset(next);
	return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : failed(p);
}

/* Many ranges: from address to address of the day, so that it costs no more than the smaller of the
 * two lists. */
static int
hop(const struct pass *p, sqlite3_stmt *st)
{
	const struct target *t = &p->seek->addrs;
	struct addr at = t->ranges[0].first;
	sqlite3_stmt *next;
	int rc = 0, found;

	if (sqlite3_prepare_v2(p->db,
		"SELECT outside FROM temp.asked_contact WHERE outside >= ?1 ORDER BY outside "
		"LIMIT 1",
		-1, &next, NULL) != SQLITE_OK)
		return failed(p);
	for (size_t i = 0; rc == 0 && i < t->n;) {
		found = next_address(p, next, &at);
		if (found != 1) {
			rc = found;
			break;
		}
		i = target_from(t, &at);
		if (i < t->n && addr_compare(&t->ranges[i].first, &at) <= 0)
			rc = one_range(p, st, i++);
		if (i < t->n)
			at = t->ranges[i].first;
	}
	sqlite3_finalize(next);
	return rc;
}

/* A sealed day is sorted by outside: one seek for each range of the test that names that side.
 * Everything else is read once. */
static int
each_part(sqlite3 *db, bool whole, void *arg)
{
	struct pass *p = arg;
	bool seek = p->seek != NULL && p->seek->addrs.n < SCAN && db != reader_live(p->ask->reader);
	sqlite3_stmt *st;
	int rc = 0;

	p->db = db;
	p->whole = whole;
	st = prepare(p, seek);
	if (st == NULL)
		return failed(p);
	if (!seek)
		rc = step(p, st);
	else if (p->seek->addrs.n >= HOP)
		rc = hop(p, st);
	for (size_t i = 0; seek && p->seek->addrs.n < HOP && rc == 0 && i < p->seek->addrs.n; i++)
		rc = one_range(p, st, i);
	sqlite3_finalize(st);
	return rc;
}

int
ask_rows(const struct ask *ask, const char *session, const char *contact,
    int (*row)(sqlite3_stmt *statement, void *arg), void *arg, struct error *err)
{
	static const enum filter_side sides[] = { SIDE_EXT, SIDE_INT, SIDE_ANY };
	struct filter_node target = { .kind = NODE_TEST, .field = FIELD_HOST },
			   both = { .kind = NODE_AND, .left = &target };
	struct pass p = { .ask = ask,
		.session = session,
		.contact = contact,
		.row = row,
		.arg = arg,
		.err = err };

	if (ask->filter != NULL && filter_resolve(ask->filter, ask->reader, err) < 0)
		return -1;
	p.all = ask->filter != NULL ? ask->filter->root : NULL;
	if (ask->target != NULL && ask->target->n > 0) {
		target.side = sides[ask->side];
		target.addrs = *ask->target;
		both.right = ask->filter != NULL ? ask->filter->root : NULL;
		p.all = both.right != NULL ? &both : &target;
	}
	p.seek = p.all != NULL ? node_seek(p.all) : NULL;
	return reader_parts(ask->reader, ask->range.from, ask->range.to, each_part, &p, err);
}
