/* gatebook sql: a SELECT over the documented views of the live database, read-only. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/question.h"

enum { SECONDS = 60 }; /* what a statement may take unless --timeout says otherwise */

static const char schema[] =
    "v_session: a row for each session of the live database: open, or closed and not sealed yet\n"
    "  id, device, scope, proto, inside, in_port, outside, out_port, place, in_nat, in_nat_port,\n"
    "  out_nat, out_nat_port, initiator, state, app, user, in_iface, out_iface,\n"
    "  start_after, start_by, end_from, end_by, polls,\n"
    "  bytes_out, bytes_in, bytes_total, packets_out, packets_in\n"
    "v_contact: the same by inside host, outside address and service; n sessions\n"
    "  outside, inside, proto, port, initiator, scope, device, place, n,\n"
    "  first_after, first_by, last_from, last_by, bytes, open\n"
    "v_host: inside hosts of the live database, from v_session\n"
    "  inside, peers, sessions, first_by, last_from, open\n"
    "v_device: id, name, platform, site, host, transport, cannot_see, every, added,\n"
    "  last_complete\n"
    "v_poll: id, device, started, ended, duration_ms, outcome, sessions, opened, closed,\n"
    "  lines, unread, bytes, why; device and outcome are words\n"
    "v_gap: times without a complete poll, longer than an interval and a half\n"
    "  device, since, until, seconds; until is NULL while it lasts\n"
    "The columns of these views stay as they are within a major version; new ones may come.\n"
    "The tables behind them follow the schema and may change:\n"
    "device: id, name, platform, site, host, transport, blind, every, added\n"
    "poll: id, device, started, asked, answered, ended, duration_ms, outcome, reason, lines,\n"
    "  unread, rows, sessions, opened, reseen, closed, every, why, evidence\n"
    "hostkey: device, key, added, added_by, revoked, revoked_by\n"
    "ledger: seq, time_us, record, hash\n"
    "presence: device, kind, addr, mac, port, vlan, name, far_port, start_after, start_by,\n"
    "  end_from, end_by; kind: 0 address, 1 station, 2 link\n"
    "functions: ip_text(x), ip_value('10.0.0.1'), proto_text(6)\n"
    "\n"
    "Addresses are INTEGER (IPv4) or 16-byte BLOB (IPv6): ip_text(inside), or\n"
    "  WHERE outside BETWEEN ip_value('203.0.113.0') AND ip_value('203.0.113.255').\n"
    "Times are seconds since 1970: datetime(start_by, 'unixepoch'). start_after is NULL when no\n"
    "complete poll came before, end_by while the session is open.\n"
    "outcome: 0 complete, 1 partial, 2 failed, 3 skipped. initiator: 0 unknown, 1 inside,\n"
    "2 outside. scope: 0 transit, 1 self, 2 host.\n"
    "Sealed days are files of their own (days/2026-11-24.db) with the same views: the sqlite3\n"
    "shell reads them with gatebook-sqlite.so.\n";

/* The result's own columns; names belong to the statement. */
static struct column *
describe(sqlite3_stmt *st)
{
	int n = sqlite3_column_count(st);
	struct column *columns = mem_alloc((size_t)n + 1, sizeof(*columns));

	for (int i = 0; i < n; i++)
		columns[i] = (struct column){ .name = sqlite3_column_name(st, i),
			.title = sqlite3_column_name(st, i),
			.kind = CELL_TEXT };
	return columns;
}

static void
put_cell(struct writer *w, sqlite3_stmt *st, int i)
{
	static const char digits[] = "0123456789abcdef";
	int type = sqlite3_column_type(st, i);
	struct text t;

	if (type == SQLITE_NULL)
		return;
	if (type == SQLITE_INTEGER && sqlite3_column_int64(st, i) >= 0) {
		writer_number(w, i, (uint64_t)sqlite3_column_int64(st, i));
		return;
	}
	if (type != SQLITE_BLOB) {
		t.s = (const char *)sqlite3_column_text(st, i);
		t.n = (size_t)sqlite3_column_bytes(st, i);
		writer_text(w, i, t);
		return;
	}
	size_t n = (size_t)sqlite3_column_bytes(st, i);
	const uint8_t *bytes = sqlite3_column_blob(st, i);
	char *hex = mem_alloc(2 * n + 1, 1);

	for (size_t k = 0; k < n; k++) {
		hex[2 * k] = digits[bytes[k] >> 4];
		hex[2 * k + 1] = digits[bytes[k] & 15];
	}
	writer_text(w, i, text_of(hex));
	free(hex);
}

static int
sql_error(sqlite3 *db, struct error *err)
{
	if (sqlite3_errcode(db) == SQLITE_INTERRUPT)
		return error_exit(err, EXIT_FAILED, "sql: stopped after its time; see --timeout");
	return error_exit(
	    err, EXIT_FAILED, "sql: %s. Columns: gatebook sql --schema", sqlite3_errmsg(db));
}

static int
print_rows(const struct call *call, sqlite3 *db, sqlite3_stmt *st, struct error *err)
{
	struct column *columns = describe(st);
	struct writer *w = call_writer(call, columns, err);
	int code, n = sqlite3_column_count(st), rc = 0;

	if (w == NULL) {
		free(columns);
		return -1;
	}
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		for (int i = 0; i < n; i++)
			put_cell(w, st, i);
		writer_row(w);
	}
	if (code != SQLITE_DONE)
		rc = sql_error(db, err);
	if (writer_end(w, NULL) < 0 && rc == 0)
		rc = error_set(err, "the answer could not be written whole to standard output");
	free(columns);
	return rc;
}

static int
select_rows(const struct call *call, struct reader *r, struct error *err)
{
	sqlite3 *db = reader_live(r);
	const char *tail = NULL;
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(db, call->words[0], -1, &st, &tail) != SQLITE_OK)
		return sql_error(db, err);
	if (st == NULL || !sqlite3_stmt_readonly(st) || sqlite3_column_count(st) == 0)
		rc = error_exit(
		    err, EXIT_USAGE, "sql: only a SELECT is run; the store is never changed here");
	else if (text_trim(text_of(tail)).n > 0 && strspn(tail, " \t\n;") != strlen(tail))
		rc = error_exit(err, EXIT_USAGE,
		    "sql: one statement at a time; this is behind it: %.100s", tail);
	else
		rc = print_rows(call, db, st, err);
	sqlite3_finalize(st);
	return rc;
}

static int
timeout_ms(const struct call *call, int *ms, struct error *err)
{
	const char *typed = call_value(call, "timeout");
	int64_t seconds = SECONDS;

	if (typed != NULL && (!duration_parse(typed, &seconds) || seconds < 1 || seconds > 86400))
		return error_exit(
		    err, EXIT_USAGE, "--timeout wants a duration up to 24h, like 90s or 10m");
	*ms = (int)(seconds * 1000);
	return 0;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct reader *r = NULL;
	char *dir = NULL;
	int rc = -1, ms = 0;

	if (call_value(call, "schema") != NULL) {
		fputs(schema, stdout);
		return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
	}
	if (call->n != 1) {
		error_exit(&err, EXIT_USAGE,
		    "sql wants one statement in quotes: gatebook sql \"SELECT name, every FROM "
		    "device\"");
		return cli_fail(&err, EXIT_USAGE);
	}
	if (timeout_ms(call, &ms, &err) == 0)
		dir = store_dir(call->dir, &err);
	if (dir != NULL)
		r = reader_open(dir, ms, &err);
	if (r != NULL)
		question_record(dir, call->words[0], NULL);
	free(dir);
	if (r != NULL && reader_views_sql(r, &err) == 0)
		rc = select_rows(call, r, &err);
	reader_close(r);
	return rc < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

static const struct option_row options[] = {
	{ "schema", 0, NULL, "print the views, their columns and what the values mean" },
	{ "timeout", 0, "DURATION", "stop after that long (else 60s)" },
	{ NULL },
};

const struct cli_command cli_sql = {
	.name = "sql",
	.synopsis = "SELECT",
	.summary = "Run a SELECT over the documented views of the live database",
	.text = "The database is opened read-only and defensively; a statement that is no "
		"SELECT is refused. Sealed days are not part of it; 'gatebook sessions' asks "
		"all of them. An answer of sql carries no coverage: rows that are missing prove "
		"nothing.",
	.example = "gatebook sql --schema\n"
		   "gatebook sql \"SELECT ip_text(outside), count(*) FROM v_session GROUP BY 1 "
		   "ORDER BY 2 DESC "
		   "LIMIT 10\"",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
