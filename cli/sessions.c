/* gatebook sessions: the rows one by one, with both bounds of both ends. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/question.h"
#include "query/session.h"

enum {
	C_INSIDE,
	C_IN_PORT,
	C_WHERE,
	C_IN_NAT = C_WHERE + PLACE_COLUMNS_N,
	C_IN_NAT_PORT,
	C_IN_IFACE,
	C_OUTSIDE,
	C_OUT_PORT,
	C_OUT_NAT,
	C_OUT_NAT_PORT,
	C_OUT_IFACE,
	C_PROTO,
	C_STARTED_BY,
	C_STATE,
	C_START_AFTER,
	C_START_BY,
	C_END_FROM,
	C_END_BY,
	C_OPEN,
	C_POLLS,
	C_BYTES,
	C_BYTES_OUT,
	C_BYTES_IN,
	C_PACKETS_OUT,
	C_PACKETS_IN,
	C_APP,
	C_USER,
	C_PLACE,
	C_SCOPE,
	C_DEVICES,
	C_ID
};

static const struct column columns[] = {
	[C_INSIDE] = { "int.ip", "INSIDE", CELL_ADDR },
	[C_IN_PORT] = { "int.port", NULL, CELL_NUMBER },
	PLACE_COLUMNS,
	[C_IN_NAT] = { "int.nat.ip", "INSIDE NAT", CELL_ADDR },
	[C_IN_NAT_PORT] = { "int.nat.port", NULL, CELL_NUMBER },
	[C_IN_IFACE] = { "int.iface", NULL, CELL_TEXT },
	[C_OUTSIDE] = { "ext.ip", "OUTSIDE", CELL_ADDR },
	[C_OUT_PORT] = { "ext.port", NULL, CELL_NUMBER },
	[C_OUT_NAT] = { "ext.nat.ip", "OUTSIDE NAT", CELL_ADDR, .wide = true },
	[C_OUT_NAT_PORT] = { "ext.nat.port", NULL, CELL_NUMBER },
	[C_OUT_IFACE] = { "ext.iface", NULL, CELL_TEXT },
	[C_PROTO] = { "proto", "PROTO", CELL_TEXT },
	[C_STARTED_BY] = { "initiator", "STARTED BY", CELL_TEXT },
	[C_STATE] = { "state", "STATE", CELL_TEXT },
	[C_START_AFTER] = { "start.not_before", "START", CELL_TIME },
	[C_START_BY] = { "start.not_after", NULL, CELL_TIME },
	[C_END_FROM] = { "end.not_before", "END", CELL_TIME },
	[C_END_BY] = { "end.not_after", NULL, CELL_TIME },
	[C_OPEN] = { "open", NULL, CELL_BOOL },
	[C_POLLS] = { "polls_seen", "POLLS", CELL_NUMBER, .right = true },
	[C_BYTES] = { "bytes", "BYTES", CELL_NUMBER, .right = true },
	[C_BYTES_OUT] = { "bytes_out", NULL, CELL_NUMBER },
	[C_BYTES_IN] = { "bytes_in", NULL, CELL_NUMBER },
	[C_PACKETS_OUT] = { "packets_out", NULL, CELL_NUMBER },
	[C_PACKETS_IN] = { "packets_in", NULL, CELL_NUMBER },
	[C_APP] = { "app", "APP", CELL_TEXT, .wide = true },
	[C_USER] = { "user", "USER", CELL_TEXT, .wide = true },
	[C_PLACE] = { "place", "PLACE", CELL_TEXT, .wide = true },
	[C_SCOPE] = { "scope", "SCOPE", CELL_TEXT, .wide = true },
	[C_DEVICES] = { "devices", "BY", CELL_LIST },
	[C_ID] = { "id", NULL, CELL_NUMBER },
	{ NULL },
};

/* A row kept for sorting: the values of its statement. */
struct kept {
	int64_t start;
	sqlite3_value *values[S_COLUMNS];
};

struct listing {
	struct question *q;
	struct writer *w;
	bool keep;
	struct kept *rows;
	size_t n, limit, found;
	struct error *err;
};

/* A column of the statement (kept NULL) or of a kept row. */
struct source {
	sqlite3_stmt *st;
	const struct kept *kept;
};

static sqlite3_value *
at(const struct source *s, int column)
{
	return s->kept != NULL ? s->kept->values[column] : sqlite3_column_value(s->st, column);
}

static bool
is_null(const struct source *s, int column)
{
	return sqlite3_value_type(at(s, column)) == SQLITE_NULL;
}

static int64_t
number(const struct source *s, int column)
{
	return sqlite3_value_int64(at(s, column));
}

static void
put_number(struct writer *w, int to, const struct source *s, int from)
{
	if (!is_null(s, from))
		writer_number(w, to, (uint64_t)number(s, from));
}

static void
put_text(struct writer *w, int to, const struct source *s, int from)
{
	sqlite3_value *v = at(s, from);
	struct text t = { (const char *)sqlite3_value_text(v), 0 };

	t.n = (size_t)sqlite3_value_bytes(v);
	if (t.s != NULL && t.n > 0)
		writer_text(w, to, t);
}

static bool
read_addr(const struct source *s, int column, struct addr *a)
{
	sqlite3_value *v = at(s, column);

	memset(a, 0, sizeof(*a));
	if (sqlite3_value_type(v) == SQLITE_INTEGER) {
		*a = addr_from_ipv4((uint32_t)sqlite3_value_int64(v));
	} else if (sqlite3_value_type(v) == SQLITE_BLOB && sqlite3_value_bytes(v) == 16) {
		a->family = 6;
		memcpy(a->bytes, sqlite3_value_blob(v), 16);
	}
	return a->family != 0;
}

/* An end: the address with its port in a table, both apart elsewhere. */
static void
put_end_point(struct writer *w, int to, const struct source *s, int address, int port)
{
	struct endpoint e = { 0 };
	char text[ENDPOINT_TEXT];

	if (!read_addr(s, address, &e.addr))
		return;
	e.has_port = !is_null(s, port);
	e.port = (uint16_t)number(s, port);
	writer_addr(w, to, &e.addr);
	if (e.has_port)
		writer_number(w, to + 1, e.port);
	if (writer_is_table(w))
		writer_show(w, to, endpoint_format(&e, text));
}

/* Both directions when both are known; one of them alone is not the whole. */
static void
put_counters(struct writer *w, const struct source *s)
{
	if (!is_null(s, S_BYTES_TOTAL))
		put_bytes(w, C_BYTES, (uint64_t)number(s, S_BYTES_TOTAL));
	else if (!is_null(s, S_BYTES_OUT) && !is_null(s, S_BYTES_IN))
		put_bytes(
		    w, C_BYTES, (uint64_t)number(s, S_BYTES_OUT) + (uint64_t)number(s, S_BYTES_IN));
	put_number(w, C_BYTES_OUT, s, S_BYTES_OUT);
	put_number(w, C_BYTES_IN, s, S_BYTES_IN);
	put_number(w, C_PACKETS_OUT, s, S_PACKETS_OUT);
	put_number(w, C_PACKETS_IN, s, S_PACKETS_IN);
}

static int
put(const struct listing *l, const struct source *s)
{
	struct writer *w = l->w;
	bool utc = l->q->range.utc, open = is_null(s, S_END_BY);
	struct addr inside;

	if (read_addr(s, S_INSIDE, &inside) &&
	    put_place(l->q, w, C_WHERE, &inside, number(s, S_START_BY), number(s, S_END_FROM),
		l->err) < 0)
		return -1;
	put_end_point(w, C_INSIDE, s, S_INSIDE, S_IN_PORT);
	put_end_point(w, C_IN_NAT, s, S_IN_NAT, S_IN_NAT_PORT);
	put_end_point(w, C_OUTSIDE, s, S_OUTSIDE, S_OUT_PORT);
	put_end_point(w, C_OUT_NAT, s, S_OUT_NAT, S_OUT_NAT_PORT);
	if (number(s, S_PROTO) != PROTO_NONE)
		writer_text(w, C_PROTO, text_of(proto_name((unsigned)number(s, S_PROTO))));
	writer_text(w, C_STARTED_BY, text_of(initiator_name((unsigned)number(s, S_INITIATOR))));
	writer_text(w, C_SCOPE, text_of(scope_name((unsigned)number(s, S_SCOPE))));
	put_start(w, C_START_AFTER,
	    is_null(s, S_START_AFTER) ? UNKNOWN_TIME : number(s, S_START_AFTER),
	    number(s, S_START_BY), utc);
	put_end(
	    w, C_END_FROM, number(s, S_END_FROM), open ? UNKNOWN_TIME : number(s, S_END_BY), utc);
	writer_bool(w, C_OPEN, open);
	put_number(w, C_POLLS, s, S_POLLS);
	put_counters(w, s);
	put_text(w, C_STATE, s, S_STATE);
	put_text(w, C_APP, s, S_APP);
	put_text(w, C_USER, s, S_USER);
	put_text(w, C_PLACE, s, S_PLACE);
	put_text(w, C_IN_IFACE, s, S_IN_IFACE);
	put_text(w, C_OUT_IFACE, s, S_OUT_IFACE);
	writer_list(w, C_DEVICES, text_of(reader_device_name(l->q->reader, number(s, S_DEVICE))));
	put_number(w, C_ID, s, S_ID);
	writer_row(w);
	return 0;
}

static void
keep(struct listing *l, sqlite3_stmt *st)
{
	struct kept *k;

	if ((l->n & (l->n - 1)) == 0) /* grows when n is a power of two */
		l->rows = mem_grow(l->rows, l->n > 0 ? 2 * l->n : 1, sizeof(*l->rows));
	k = &l->rows[l->n++];
	k->start = sqlite3_column_int64(st, S_START_BY);
	for (int i = 0; i < S_COLUMNS; i++)
		k->values[i] = sqlite3_value_dup(sqlite3_column_value(st, i));
}

static int
row(sqlite3_stmt *st, void *arg)
{
	struct listing *l = arg;
	struct source s = { st, NULL };

	l->found++;
	if (l->keep)
		keep(l, st);
	else if (l->found <= l->limit)
		return put(l, &s);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	int64_t id, other;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	id = sqlite3_value_int64(x->values[S_ID]);
	other = sqlite3_value_int64(y->values[S_ID]);
	return (id > other) - (id < other);
}

/* Tables are read from top to bottom: sorted by start. The other forms stream, in memory of one
 * row. */
static int
put_kept(struct listing *l)
{
	int rc = 0;

	if (l->n > 1)
		qsort(l->rows, l->n, sizeof(*l->rows), compare);
	for (size_t i = 0; rc == 0 && i < l->n && i < l->limit; i++) {
		struct source s = { NULL, &l->rows[i] };

		rc = put(l, &s);
	}
	for (size_t i = 0; i < l->n; i++)
		for (int k = 0; k < S_COLUMNS; k++)
			sqlite3_value_free(l->rows[i].values[k]);
	free(l->rows);
	return rc;
}

static int
answer(struct question *q, struct error *err)
{
	struct listing l = { .q = q, .keep = q->call->form <= WRITE_WIDE, .err = err };
	struct ask ask = question_ask(q, ASK_EITHER);
	int rc;

	if (question_limit(q->call, &l.limit, err) < 0)
		return cli_fail(err, EXIT_USAGE);
	l.w = question_writer(q, columns, C_WHERE, true, err);
	if (l.w == NULL)
		return cli_fail(err, EXIT_USAGE);
	rc = ask_rows(&ask, SESSION_SELECT, NULL, row, &l, err);
	if (put_kept(&l) == 0 && rc == 0)
		return question_end(
		    q, l.w, "no session", l.found < l.limit ? l.found : l.limit, l.found);
	return question_broken(l.w, err);
}

static int
run(struct call *call)
{
	return question_run(call, answer);
}

static const struct option_row options[] = {
	{ "limit", 'n', "N", "the first N rows" },
	{ NULL },
};

const struct cli_command cli_sessions = {
	.name = "sessions",
	.synopsis = "[ADDR|NET|@FILE ...] [FILTER]",
	.summary = "Sessions one by one, with both bounds of their start and their end",
	.text = "An address may be either end. START lies between the last complete poll "
		"without the session and the first with it, or closer when the device prints an "
		"age; END between the last with it and the first without. Bytes that the device "
		"does not print are left out, never 0. NAME, MAC and AT tell of the inside host "
		"what "
		"was known when the session was last seen in the range: gatebook whereis tells "
		"more.\n\n"
		"Tables are sorted by start. The other forms print rows as they are found, in "
		"memory for one row, so that millions can be piped on.",
	.example = "gatebook sessions 10.1.2.3 --last 2h\n"
		   "gatebook sessions 203.0.113.9 --at 2026-11-21T08:00 -j\n"
		   "gatebook sessions --range yesterday -o ndjson | jq 'select(.proto == \"udp\")'",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
