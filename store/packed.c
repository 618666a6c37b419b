#include "store/vtab.h"

#include "store/pack.h"
#include "store/packed.h"

enum { ARGUMENTS = 2, FROM_VANTAGE = 4 /* device, place, scope, initiator */ };

/* What one of the two tables is. The columns of the vantage come after its own, then the hidden
 * ones, the arguments. */
struct shape {
	const char *declaration;
	int own;
	bool summary;
};

static const struct shape shapes[] = {
	{ "CREATE TABLE x(number, other, attribute, in_nat_port, out_nat_port, start_after, "
	  "start_by, "
	  "end_from, end_by, polls, bytes_out, bytes_in, bytes_total, packets_out, packets_in, "
	  "device, place, scope, initiator, sessions HIDDEN, vantage HIDDEN)",
	    15, false },
	{ "CREATE TABLE x(n, first_after, first_by, last_from, last_by, bytes, "
	  "device, place, scope, initiator, sessions HIDDEN, vantage HIDDEN)",
	    6, true },
};

/* A row of the file's table vantage. */
struct vantage {
	int64_t id, device, scope, initiator;
	struct pack_base base;
	char *place;
};

/* The vantages are few and every contact needs one: they are read once. */
struct table {
	sqlite3_vtab base; /* SQLite's; must stand first */
	const struct shape *shape;
	sqlite3 *db;
	struct vantage *vantages; /* by id */
	size_t n, capacity;
	bool loaded;
};

struct cursor {
	sqlite3_vtab_cursor base; /* SQLite's; must stand first */
	struct unpacker unpacker;
	struct packed_session session;
	struct pack_summary summary;
	const struct vantage *vantage;
	struct vtab_value value;
	bool done;
};

static int
connect(
    sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **vtab, char **message)
{
	struct table *t;
	int code = sqlite3_declare_vtab(db, ((const struct shape *)aux)->declaration);

	(void)argc, (void)argv, (void)message;
	if (code != SQLITE_OK)
		return code;
	sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	t = calloc(1, sizeof(*t));
	if (!t)
		return SQLITE_NOMEM;
	t->shape = aux;
	t->db = db;
	*vtab = &t->base;
	return SQLITE_OK;
}

static int
disconnect(sqlite3_vtab *vtab)
{
	struct table *t = (struct table *)vtab;

	for (size_t i = 0; i < t->n; i++)
		free(t->vantages[i].place);
	free(t->vantages);
	free(t);
	return SQLITE_OK;
}

/* --- vantages --------------------------------------------------------------------------------- */

static int
add_vantage(struct table *t, sqlite3_stmt *st)
{
	const char *place = (const char *)sqlite3_column_text(st, 2);

	if (t->n == t->capacity) {
		size_t capacity = 2 * t->capacity + 64;
		struct vantage *grown = realloc(t->vantages, capacity * sizeof(*grown));

		if (!grown)
			return SQLITE_NOMEM;
		t->vantages = grown;
		t->capacity = capacity;
	}
	t->vantages[t->n] = (struct vantage){ .id = sqlite3_column_int64(st, 0),
		.device = sqlite3_column_int64(st, 1),
		.scope = sqlite3_column_int64(st, 3),
		.initiator = sqlite3_column_int64(st, 4),
		.base = { .first = (uint64_t)sqlite3_column_int64(st, 5),
		    .gap = sqlite3_column_int64(st, 6),
		    .start = sqlite3_column_int64(st, 7) },
		.place = strdup(place ? place : "") };
	return t->vantages[t->n++].place ? SQLITE_OK : SQLITE_NOMEM;
}

static int
load_vantages(struct table *t)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(t->db,
	    "SELECT id, device, place, scope, initiator, first, gap, start "
	    "FROM main.seal CROSS JOIN main.vantage ORDER BY id",
	    -1, &st, NULL);

	if (code != SQLITE_OK)
		return code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		if ((code = add_vantage(t, st)) != SQLITE_OK)
			break;
	sqlite3_finalize(st);
	t->loaded = code == SQLITE_DONE;
	return t->loaded ? SQLITE_OK : code;
}

/* They mostly count from 1. */
static const struct vantage *
find_vantage(const struct table *t, int64_t id)
{
	size_t low = 0, high = t->n;

	if (id > 0 && (uint64_t)id <= t->n && t->vantages[id - 1].id == id)
		return &t->vantages[id - 1];
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->vantages[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->n && t->vantages[low].id == id ? &t->vantages[low] : NULL;
}

/* --- the table -------------------------------------------------------------------------------- */

/* Both arguments are needed; a plan that does not have them yet is no plan. */
static int
best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
	int first = ((struct table *)vtab)->shape->own + FROM_VANTAGE, found = 0;

	for (int i = 0; i < info->nConstraint; i++) {
		int argument = info->aConstraint[i].iColumn - first;
		if (argument < 0)
			continue;
		if (!info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		if (info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		info->aConstraintUsage[i].argvIndex = argument + 1;
		info->aConstraintUsage[i].omit = 1;
		found |= 1 << argument;
	}
	if (found != (1 << ARGUMENTS) - 1)
		return SQLITE_CONSTRAINT;
	info->estimatedCost = 2;
	info->estimatedRows = 2;
	return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor)
{
	struct cursor *c = calloc(1, sizeof(*c));

	(void)vtab;
	if (!c)
		return SQLITE_NOMEM;
	*cursor = &c->base;
	return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *cursor)
{
	struct cursor *c = (struct cursor *)cursor;

	free(c->value.data);
	free(c);
	return SQLITE_OK;
}

static int
damaged(struct cursor *c)
{
	c->done = true;
	return vtab_damaged(c->base.pVtab, "the packed sessions of a contact are damaged");
}

static int
next(sqlite3_vtab_cursor *cursor)
{
	struct cursor *c = (struct cursor *)cursor;
	int more = 0;

	if (!((struct table *)cursor->pVtab)->shape->summary)
		more = unpacker_next(&c->unpacker, &c->session);
	c->done = more == 0;
	return more < 0 ? damaged(c) : SQLITE_OK;
}

static int
filter(sqlite3_vtab_cursor *cursor, int plan, const char *name, int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)cursor;
	struct table *t = (struct table *)cursor->pVtab;
	int code = t->loaded ? SQLITE_OK : load_vantages(t);

	(void)plan, (void)name;
	c->done = true;
	if (code != SQLITE_OK || argc != ARGUMENTS || sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return code;
	if (vtab_copy(&c->value, argv[0]) != SQLITE_OK)
		return SQLITE_NOMEM;
	c->vantage = find_vantage(t, sqlite3_value_int64(argv[1]));
	if (!c->vantage)
		return vtab_damaged(&t->base, "the vantage of a contact is missing");
	if (t->shape->summary) {
		c->done = false;
		return unpack_summary(
			   &c->vantage->base, c->value.data, c->value.size, &c->summary) < 0
			   ? damaged(c)
			   : SQLITE_OK;
	}
	if (unpacker_begin(&c->unpacker, &c->vantage->base, c->value.data, c->value.size) < 0)
		return damaged(c);
	return next(cursor);
}

static int
at_end(sqlite3_vtab_cursor *cursor)
{
	return ((struct cursor *)cursor)->done;
}

static void
give_time(sqlite3_context *context, bool has, int64_t value)
{
	if (has)
		sqlite3_result_int64(context, value);
}

static void
summary_column(const struct pack_summary *m, sqlite3_context *context, int column)
{
	switch (column) {
	case 0: vtab_give(context, true, m->n); break;
	case 1: give_time(context, m->has_first_after, m->first_after); break;
	case 2: give_time(context, true, m->first_by); break;
	case 3: give_time(context, true, m->last_from); break;
	case 4: give_time(context, true, m->last_by); break;
	case 5: vtab_give(context, m->has_bytes, m->bytes); break;
	}
}

static void
session_column(const struct packed_session *s, sqlite3_context *context, int column)
{
	switch (column) {
	case 0: vtab_give(context, true, s->number); break;
	case 1: vtab_give(context, s->flags & PACK_OTHER, s->other); break;
	case 2: vtab_give(context, true, s->attribute); break;
	case 3: vtab_give(context, s->flags & PACK_IN_NAT_PORT, s->in_nat_port); break;
	case 4: vtab_give(context, s->flags & PACK_OUT_NAT_PORT, s->out_nat_port); break;
	case 5: give_time(context, s->flags & PACK_START_AFTER, s->start_after); break;
	case 6: give_time(context, true, s->start_by); break;
	case 7: give_time(context, true, s->end_from); break;
	case 8: give_time(context, true, s->end_by); break;
	case 9: vtab_give(context, true, s->polls); break;
	default:
		column -= 10;
		if (column < COUNTER_COUNT)
			vtab_give(context, s->has & 1 << column, s->counters[column]);
	}
}

static void
vantage_column(const struct vantage *v, sqlite3_context *context, int column)
{
	switch (column) {
	case 0: sqlite3_result_int64(context, v->device); break;
	case 1: sqlite3_result_text(context, v->place, -1, SQLITE_STATIC); break;
	case 2: sqlite3_result_int64(context, v->scope); break;
	case 3: sqlite3_result_int64(context, v->initiator); break;
	}
}

static int
column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int which)
{
	struct cursor *c = (struct cursor *)cursor;
	const struct shape *shape = ((struct table *)cursor->pVtab)->shape;

	if (which >= shape->own)
		vantage_column(c->vantage, context, which - shape->own);
	else if (shape->summary)
		summary_column(&c->summary, context, which);
	else
		session_column(&c->session, context, which);
	return SQLITE_OK;
}

static int
rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id)
{
	*id = (sqlite3_int64)((struct cursor *)cursor)->session.number;
	return SQLITE_OK;
}

int
packed_register(sqlite3 *db)
{
	static const sqlite3_module module = {
		.iVersion = 0,
		.xConnect = connect, /* and no xCreate: the table is there without being created */
		.xBestIndex = best_index,
		.xDisconnect = disconnect,
		.xOpen = open_cursor,
		.xClose = close_cursor,
		.xFilter = filter,
		.xNext = next,
		.xEof = at_end,
		.xColumn = column,
		.xRowid = rowid,
	};
	int code = sqlite3_create_module(db, "packed_sessions", &module, (void *)&shapes[0]);

	if (code != SQLITE_OK)
		return code;
	return sqlite3_create_module(db, "packed_summary", &module, (void *)&shapes[1]);
}
