#include "store/vtab.h"

#include "store/pack.h"
#include "store/packed.h"

enum { ARGUMENTS = 4 }; /* sessions, start, first, gap */

/* What one of the two tables is. Its hidden columns, the arguments, come after the others. */
struct shape {
	const char *declaration;
	int arguments; /* column of the first argument */
	bool summary;
};

static const struct shape shapes[] = {
	{ "CREATE TABLE x(number, other, attribute, in_nat_port, out_nat_port, start_after, "
	  "start_by, "
	  "end_from, end_by, polls, bytes_out, bytes_in, bytes_total, packets_out, packets_in, "
	  "sessions HIDDEN, start HIDDEN, first HIDDEN, gap HIDDEN)",
	    15, false },
	{ "CREATE TABLE x(n, first_after, first_by, last_from, last_by, bytes, "
	  "sessions HIDDEN, start HIDDEN, first HIDDEN, gap HIDDEN)",
	    6, true },
};

struct table {
	sqlite3_vtab base; /* SQLite's; must stand first */
	const struct shape *shape;
};

struct cursor {
	sqlite3_vtab_cursor base; /* SQLite's; must stand first */
	struct unpacker unpacker;
	struct packed_session session;
	struct pack_summary summary;
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
	*vtab = &t->base;
	return SQLITE_OK;
}

/* All four arguments are needed; a plan that does not have them yet is no plan. */
static int
best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
	int first = ((struct table *)vtab)->shape->arguments, found = 0;

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
	struct pack_base base;

	(void)plan, (void)name;
	c->done = true;
	if (argc != ARGUMENTS || sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return SQLITE_OK;
	if (vtab_copy(&c->value, argv[0]) != SQLITE_OK)
		return SQLITE_NOMEM;
	base = (struct pack_base){ .start = sqlite3_value_int64(argv[1]),
		.first = (uint64_t)sqlite3_value_int64(argv[2]),
		.gap = sqlite3_value_int64(argv[3]) };
	if (((struct table *)cursor->pVtab)->shape->summary) {
		c->done = false;
		return unpack_summary(&base, c->value.data, c->value.size, &c->summary) < 0
			   ? damaged(c)
			   : SQLITE_OK;
	}
	if (unpacker_begin(&c->unpacker, &base, c->value.data, c->value.size) < 0)
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

static int
column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int which)
{
	struct cursor *c = (struct cursor *)cursor;

	if (((struct table *)cursor->pVtab)->shape->summary)
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
		.xDisconnect = vtab_disconnect,
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
