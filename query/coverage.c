#include "query/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

/* A device that is polled every 5 minutes is late, not blind, for as long as that once more. */
enum { LATE = 2 };

/* How the polls of one device go by. */
struct pass {
	int64_t begin, end; /* the part of the range in which the device was known */
	int64_t last;       /* the last complete poll in it, or begin */
	int64_t before;     /* the last complete poll, before the range too; 0: none yet */
	uint64_t missed;    /* polls that were due and are not complete */
	unsigned reason, outcome;
	bool any;
};

static int
failed(sqlite3 *db, struct error *err)
{
	return error_exit(err, EXIT_FAILED, "cannot read the polls: %s", sqlite3_errmsg(db));
}

static int
load_devices(struct coverage *c, sqlite3 *db, struct error *err)
{
	sqlite3_stmt *st;
	int code;

	if (sqlite3_prepare_v2(db,
		"SELECT id, name, blind, every, added FROM main.device d WHERE added <= ?1 "
		"OR EXISTS (SELECT 1 FROM main.poll WHERE device = d.id AND started <= ?1) "
		"ORDER BY name",
		-1, &st, NULL) != SQLITE_OK)
		return failed(db, err);
	sqlite3_bind_int64(st, 1, c->range.to);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if ((c->n & (c->n - 1)) == 0)
			c->devices = mem_grow(
			    c->devices, c->n > 0 ? 2 * c->n : 1, sizeof(*c->devices));
		c->devices[c->n++] = (struct coverage_device){ .id = sqlite3_column_int64(st, 0),
			.name = mem_string((const char *)sqlite3_column_text(st, 1)),
			.cannot_see = mem_string((const char *)sqlite3_column_text(st, 2)),
			.every = sqlite3_column_int64(st, 3),
			.added = sqlite3_column_int64(st, 4) };
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : failed(db, err);
}

/* The last poll, and the last complete one, before the range begins: where gaps begin, and what is
 * known of a device that was not tried since. */
static int
look_back(struct coverage_device *d, struct pass *p, int64_t from, sqlite3_stmt *any,
    sqlite3_stmt *complete)
{
	int code;

	sqlite3_bind_int64(any, 1, d->id);
	sqlite3_bind_int64(any, 2, from);
	code = sqlite3_step(any);
	if (code == SQLITE_ROW) {
		p->any = true;
		p->outcome = (unsigned)sqlite3_column_int(any, 0);
		p->reason = (unsigned)sqlite3_column_int(any, 1);
	}
	sqlite3_reset(any);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? 0 : -1;
	sqlite3_bind_int64(complete, 1, d->id);
	sqlite3_bind_int64(complete, 2, from);
	code = sqlite3_step(complete);
	if (code == SQLITE_ROW)
		d->last_complete = sqlite3_column_int64(complete, 0);
	sqlite3_reset(complete);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -1;
}

static void
gap(struct coverage_device *d, int64_t from, int64_t to, bool open)
{
	if (to - from <= d->gap && d->gap_to != 0)
		return;
	d->gap = to - from;
	d->gap_from = from;
	d->gap_to = to;
	d->gap_open = open;
}

/* Polls that were due between two complete ones, or after the last one, and in the range. They are
 * due an interval after the last complete poll and then every interval, half of one early or late:
 * so neither jitter nor where the range begins makes a hole, and polls by hand fill none. `every`
 * is the interval that was in force then. */
static void
miss(struct pass *p, int64_t every, int64_t from, int64_t to)
{
	int64_t last = p->before != 0 ? p->before : p->begin - every, first = 1, n;

	if (every <= 0)
		return;
	if (from > last + every)
		first = (from - last + every - 1) / every;
	n = (to - every / 2 - last) / every - first + 1;
	if (n > 0)
		p->missed += (uint64_t)n;
}

static void
count(struct coverage_device *d, struct pass *p, sqlite3_stmt *st, int64_t from)
{
	int64_t asked = sqlite3_column_int64(st, 2);

	switch ((enum outcome)p->outcome) {
	case OUTCOME_COMPLETE:
		d->complete++;
		gap(d, p->last, asked, false);
		miss(p,
		    sqlite3_column_type(st, 4) == SQLITE_NULL ? d->every
							      : sqlite3_column_int64(st, 4),
		    from, asked);
		p->last = p->before = d->last_complete = asked;
		break;
	case OUTCOME_PARTIAL: d->partial++; break;
	case OUTCOME_FAILED: d->failed++; break;
	case OUTCOME_SKIPPED: d->skipped++; break;
	}
}

static int
walk_polls(struct coverage_device *d, struct pass *p, int64_t from, sqlite3_stmt *st)
{
	int code;

	sqlite3_bind_int64(st, 1, d->id);
	sqlite3_bind_int64(st, 2, from);
	sqlite3_bind_int64(st, 3, p->end);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		/* A device becomes known by its first poll, whose record is written when it has
		 * ended. */
		if (!p->any && sqlite3_column_int64(st, 3) < p->begin)
			p->begin = p->last = sqlite3_column_int64(st, 3);
		p->any = true;
		p->outcome = (unsigned)sqlite3_column_int(st, 0);
		p->reason = (unsigned)sqlite3_column_int(st, 1);
		count(d, p, st, from);
	}
	sqlite3_reset(st);
	return code == SQLITE_DONE ? 0 : -1;
}

/* Blind at the end of the range: the last word was a failure, or none came when it was due. A
 * partial poll read something: its device is counted as partial, not as blind. */
static void
judge(struct coverage_device *d, const struct pass *p)
{
	bool overdue = d->every > 0 && d->last_complete > 0 &&
		       p->end - d->last_complete > LATE * d->every;

	d->never = !p->any;
	if (!p->any) {
		d->blind = d->every == 0 || p->end - d->added > LATE * d->every;
		d->why = "never polled";
	} else if (p->outcome == OUTCOME_FAILED || p->outcome == OUTCOME_SKIPPED) {
		d->blind = true;
		d->why = reason_name((enum reason)p->reason);
	} else if (p->outcome == OUTCOME_COMPLETE && overdue) {
		d->blind = true;
		d->why = "overdue";
	}
	d->blind_since = d->last_complete > 0 ? d->last_complete : d->added;
}

static void
fill_slots(struct coverage_device *d, const struct range *r, const struct pass *p)
{
	if (r->at) { /* one moment is one slot, and the state before it is what is known of it */
		d->slots = 1;
		d->complete = !d->blind && d->last_complete > 0;
	} else if (d->every > 0) {
		d->slots = d->complete + p->missed;
	} else {
		d->slots = d->complete + d->partial + d->failed + d->skipped;
	}
}

static int
load_device(struct coverage *c, struct coverage_device *d, sqlite3_stmt *st[static 3])
{
	int64_t from = c->range.from;
	struct pass p = { .begin = from > d->added ? from : d->added, .end = c->range.to };

	if (p.begin > p.end)
		p.begin = p.end;
	p.last = p.begin;
	if (look_back(d, &p, from, st[0], st[1]) < 0)
		return -1;
	p.before = d->last_complete;
	if (walk_polls(d, &p, from, st[2]) < 0)
		return -1;
	miss(&p, d->every, from, p.end);
	gap(d, p.last, p.end, true);
	judge(d, &p);
	fill_slots(d, &c->range, &p);
	c->slots += d->slots;
	c->complete += d->complete;
	c->partial += d->partial;
	c->failed += d->failed;
	c->skipped += d->skipped;
	return 0;
}

static int
load_polls(struct coverage *c, sqlite3 *db, struct error *err)
{
	static const char *const sql[3] = {
		"SELECT outcome, reason FROM main.poll WHERE device = ?1 AND started < ?2 "
		"ORDER BY started DESC LIMIT 1",
		"SELECT asked FROM main.poll WHERE device = ?1 AND started < ?2 AND outcome = 0 "
		"ORDER BY started DESC LIMIT 1",
		"SELECT outcome, reason, asked, started, every FROM main.poll WHERE device = ?1 "
		"AND "
		"started BETWEEN ?2 AND ?3 "
		"ORDER BY started",
	};
	sqlite3_stmt *st[3] = { NULL };
	int rc = 0;

	for (int i = 0; i < 3 && rc == 0; i++)
		if (sqlite3_prepare_v2(db, sql[i], -1, &st[i], NULL) != SQLITE_OK)
			rc = failed(db, err);
	for (size_t i = 0; i < c->n && rc == 0; i++)
		if (load_device(c, &c->devices[i], st) < 0)
			rc = failed(db, err);
	for (int i = 0; i < 3; i++)
		sqlite3_finalize(st[i]);
	return rc;
}

struct coverage *
coverage_load(struct reader *r, const struct range *range, struct error *err)
{
	struct coverage *c = mem_alloc(1, sizeof(*c));
	sqlite3 *db = reader_live(r);

	c->range = *range;
	if (load_devices(c, db, err) == 0 && load_polls(c, db, err) == 0)
		return c;
	coverage_free(c);
	return NULL;
}

void
coverage_free(struct coverage *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++) {
		free(c->devices[i].name);
		free(c->devices[i].cannot_see);
	}
	free(c->devices);
	free(c);
}

uint64_t
coverage_not_tried(const struct coverage_device *d)
{
	uint64_t tried = d->complete + d->partial + d->failed + d->skipped;

	return d->slots > tried ? d->slots - tried : 0;
}

double
coverage_ratio(const struct coverage *c)
{
	return c->slots > 0 ? (double)c->complete / (double)c->slots : NAN;
}

double
coverage_device_ratio(const struct coverage_device *d)
{
	return d->slots > 0 ? (double)d->complete / (double)d->slots : NAN;
}

int64_t
coverage_certain(const struct coverage_device *d)
{
	return d->complete > 0 ? d->gap : -1;
}
