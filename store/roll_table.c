#include "store/vtab.h"

#include "store/roll.h"
#include "store/roll_table.h"

static const char declaration[] =
    "CREATE TABLE x(number, scope, proto, inside, in_port, outside, out_port, in_nat, in_nat_port, "
    "out_nat, out_nat_port, initiator, state, place, app, user, in_iface, out_iface, start_after, "
    "start_by, seen, before, bytes_out, bytes_in, bytes_total, packets_out, packets_in, "
    "roll HIDDEN)";

enum {
	C_NUMBER,
	C_SCOPE,
	C_PROTO,
	C_INSIDE,
	C_IN_PORT,
	C_OUTSIDE,
	C_OUT_PORT,
	C_IN_NAT,
	C_IN_NAT_PORT,
	C_OUT_NAT,
	C_OUT_NAT_PORT,
	C_INITIATOR,
	C_WORDS,
	C_START_AFTER = C_WORDS + WORD_COUNT,
	C_START_BY,
	C_SEEN,
	C_BEFORE,
	C_COUNTERS,
	C_ROLL = C_COUNTERS + COUNTER_COUNT
};

/* One comparison of an address, done before SQLite looks at the row. */
struct test {
	bool outside;
	unsigned char op; /* SQLITE_INDEX_CONSTRAINT_... */
	struct addr with;
};

enum { TESTS = 8 };

struct cursor {
	sqlite3_vtab_cursor base; /* SQLite's; must stand first */
	struct roll_reader reader;
	struct roll_entry entry;
	struct test tests[TESTS];
	int n_tests;
	struct vtab_value value;
	bool done;
};

static int
connect(
    sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **vtab, char **message)
{
	int code = sqlite3_declare_vtab(db, declaration);

	(void)aux, (void)argc, (void)argv, (void)message;
	if (code != SQLITE_OK)
		return code;
	sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	*vtab = calloc(1, sizeof(**vtab));
	return *vtab ? SQLITE_OK : SQLITE_NOMEM;
}

/* A comparison that the cursor can make. */
static bool
testable(const struct sqlite3_index_constraint *c)
{
	if (c->iColumn != C_INSIDE && c->iColumn != C_OUTSIDE)
		return false;
	return c->op == SQLITE_INDEX_CONSTRAINT_EQ || c->op == SQLITE_INDEX_CONSTRAINT_GT ||
	       c->op == SQLITE_INDEX_CONSTRAINT_GE || c->op == SQLITE_INDEX_CONSTRAINT_LT ||
	       c->op == SQLITE_INDEX_CONSTRAINT_LE;
}

/* The plan is a text: for each argument after the roll, its column and its operator. SQLite tests
 * again itself, so what is not taken here is not lost. */
static int
best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
	char plan[2 * TESTS + 1];
	int n = 0;
	bool roll = false;

	(void)vtab;
	for (int i = 0; i < info->nConstraint; i++) {
		const struct sqlite3_index_constraint *c = &info->aConstraint[i];
		if (c->iColumn == C_ROLL && !c->usable)
			return SQLITE_CONSTRAINT;
		if (c->iColumn == C_ROLL && c->op == SQLITE_INDEX_CONSTRAINT_EQ && !roll) {
			info->aConstraintUsage[i].argvIndex = 1;
			info->aConstraintUsage[i].omit = 1;
			roll = true;
		}
	}
	for (int i = 0; i < info->nConstraint && n < TESTS; i++) {
		const struct sqlite3_index_constraint *c = &info->aConstraint[i];
		if (!c->usable || !testable(c))
			continue;
		info->aConstraintUsage[i].argvIndex = n + 2;
		plan[2 * n] = (char)('A' + c->iColumn);
		plan[2 * n++ + 1] = (char)c->op;
	}
	if (!roll)
		return SQLITE_CONSTRAINT;
	plan[2 * n] = '\0';
	info->idxStr = sqlite3_mprintf("%s", plan);
	info->needToFreeIdxStr = 1;
	info->estimatedCost = n ? 500 : 1000;
	info->estimatedRows = n ? 10 : 1000;
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
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

/* The order of SQLite: integers before blobs, so IPv4 before IPv6, and byte by byte within. */
static bool
passes(const struct test *t, const struct addr *inside, const struct addr *outside)
{
	int order = addr_compare(t->outside ? outside : inside, &t->with);

	switch (t->op) {
	case SQLITE_INDEX_CONSTRAINT_EQ: return order == 0;
	case SQLITE_INDEX_CONSTRAINT_GT: return order > 0;
	case SQLITE_INDEX_CONSTRAINT_GE: return order >= 0;
	case SQLITE_INDEX_CONSTRAINT_LT: return order < 0;
	default: return order <= 0;
	}
}

/* Passes over entries that nobody asks for. Returns 1 at one that somebody may, else as roll_next.
 */
static int
look(struct cursor *c)
{
	struct addr inside, outside;
	int more;

	while ((more = roll_peek(&c->reader, &inside, &outside)) > 0) {
		int i = 0;
		while (i < c->n_tests && passes(&c->tests[i], &inside, &outside))
			i++;
		if (i == c->n_tests)
			break;
		roll_skip(&c->reader);
	}
	return more;
}

static int
damaged(struct cursor *c)
{
	c->done = true;
	return vtab_damaged(c->base.pVtab, "a roll of sessions is damaged");
}

static int
next(sqlite3_vtab_cursor *cursor)
{
	struct cursor *c = (struct cursor *)cursor;
	int more = c->n_tests ? look(c) : 1;

	if (more > 0)
		more = roll_next(&c->reader, &c->entry);
	c->done = more == 0;
	return more < 0 ? damaged(c) : SQLITE_OK;
}

/* Values that are no address are left to SQLite. */
static void
add_test(struct cursor *c, char column, char op, sqlite3_value *value)
{
	struct test t = { .outside = column == 'A' + C_OUTSIDE, .op = (unsigned char)op };
	int64_t n = sqlite3_value_int64(value);

	if (sqlite3_value_type(value) == SQLITE_INTEGER && n >= 0 && n <= UINT32_MAX) {
		t.with = addr_from_ipv4((uint32_t)n);
	} else if (sqlite3_value_type(value) == SQLITE_BLOB && sqlite3_value_bytes(value) == 16) {
		t.with.family = 6;
		memcpy(t.with.bytes, sqlite3_value_blob(value), 16);
	} else {
		return;
	}
	c->tests[c->n_tests++] = t;
}

static int
filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)cursor;

	(void)number;
	c->done = true;
	c->n_tests = 0;
	if (argc < 1 || sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return SQLITE_OK;
	for (int i = 1; i < argc && i <= TESTS; i++)
		add_test(c, plan[2 * i - 2], plan[2 * i - 1], argv[i]);
	if (vtab_copy(&c->value, argv[0]) != SQLITE_OK)
		return SQLITE_NOMEM;
	if (roll_read(&c->reader, c->value.data, c->value.size) < 0)
		return damaged(c);
	return next(cursor);
}

static int
at_end(sqlite3_vtab_cursor *cursor)
{
	return ((struct cursor *)cursor)->done;
}

static void
give_addr(sqlite3_context *context, const struct addr *a)
{
	if (a->family == 4)
		sqlite3_result_int64(context, addr_ipv4(a));
	else if (a->family == 6)
		sqlite3_result_blob(context, a->bytes, 16, SQLITE_TRANSIENT);
}

static void
give_key(sqlite3_context *context, const struct roll_entry *e, int which)
{
	switch (which) {
	case C_NUMBER: vtab_give(context, true, e->number); break;
	case C_SCOPE: vtab_give(context, true, e->key.scope); break;
	case C_PROTO: vtab_give(context, true, e->key.proto); break;
	case C_INSIDE: give_addr(context, &e->key.inside); break;
	case C_IN_PORT: vtab_give(context, e->flags & SESSION_IN_PORT, e->key.in_port); break;
	case C_OUTSIDE: give_addr(context, &e->key.outside); break;
	case C_OUT_PORT: vtab_give(context, e->flags & SESSION_OUT_PORT, e->key.out_port); break;
	case C_IN_NAT: give_addr(context, &e->in_nat); break;
	case C_IN_NAT_PORT:
		vtab_give(context, e->flags & SESSION_IN_NAT_PORT, e->in_nat_port);
		break;
	case C_OUT_NAT: give_addr(context, &e->out_nat); break;
	case C_OUT_NAT_PORT:
		vtab_give(context, e->flags & SESSION_OUT_NAT_PORT, e->out_nat_port);
		break;
	case C_INITIATOR: vtab_give(context, true, e->initiator); break;
	}
}

static int
column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int which)
{
	const struct roll_entry *e = &((struct cursor *)cursor)->entry;

	if (which < C_WORDS)
		give_key(context, e, which);
	else if (which < C_START_AFTER)
		vtab_give(context, true, e->words[which - C_WORDS]);
	else if (which == C_START_AFTER && e->has_start_after)
		sqlite3_result_int64(context, e->start_after);
	else if (which == C_START_BY)
		sqlite3_result_int64(context, e->start_by);
	else if (which == C_SEEN)
		sqlite3_result_int64(context, e->seen);
	else if (which == C_BEFORE)
		vtab_give(context, true, e->before);
	else if (which >= C_COUNTERS && which < C_ROLL)
		vtab_give(
		    context, e->has & 1 << (which - C_COUNTERS), e->counters[which - C_COUNTERS]);
	return SQLITE_OK;
}

static int
rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id)
{
	*id = (sqlite3_int64)((struct cursor *)cursor)->entry.number;
	return SQLITE_OK;
}

int
roll_register(sqlite3 *db)
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

	return sqlite3_create_module(db, "roll_sessions", &module, NULL);
}
