/* Rows and filters made by chance, and the same rows as a table: what holds the two readings of a
 * filter against each other. */
#ifndef GATEBOOK_TESTS_FILTER_ROWS_H
#define GATEBOOK_TESTS_FILTER_ROWS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter_tree.h"

#define UNUSED __attribute__((unused))

struct chance {
	uint64_t state;
};

static UNUSED unsigned
chance(struct chance *c, unsigned below)
{
	c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((c->state >> 33) % below);
}

#define ONE_OF(c, list) (list)[chance(c, sizeof(list) / sizeof(*(list)))]

/* As table device has them; row i is device i + 1. The last has no site. */
static const char *const rows_devices[][3] = { { "edge-fw1", "ber", "cisco_asa" },
	{ "edge-r2", "ber", "cisco_ios" }, { "Core-1", "ham", "linux" }, { "x", "", "linux" } };

static const char *const rows_addrs[] = { "10.1.2.3", "10.1.2.4", "10.1.3.1", "203.0.113.9",
	"203.0.113.77", "198.51.100.7", "2001:db8::7", "2001:db8:1::9" };

static UNUSED struct addr
rows_addr(struct chance *c, bool may_miss)
{
	struct addr a = { 0 };

	if (!may_miss || chance(c, 3) > 0)
		addr_parse(text_of(ONE_OF(c, rows_addrs)), &a);
	return a;
}

static UNUSED int32_t
rows_port(struct chance *c)
{
	static const int32_t ports[] = { -1, 0, 22, 53, 80, 443, 8000, 8050, 8101, 65535 };

	return ONE_OF(c, ports);
}

static UNUSED int64_t
rows_count(struct chance *c)
{
	static const int64_t counts[] = { -1, -1, 0, 1, 1000, 1024, 1500000, INT64_C(5000000000) };

	return ONE_OF(c, counts);
}

static UNUSED struct text
rows_word(struct chance *c)
{
	static const char *const list[] = { "", "", "ESTABLISHED", "time wait", "a'b\"c", "dmz" };

	return text_of(ONE_OF(c, list));
}

enum { ROWS_TIME = 1795593600 };

static UNUSED struct filter_row
rows_make(struct chance *c, int *device)
{
	struct filter_row r = filter_row_empty();

	*device = (int)chance(c, 4);
	r.inside = rows_addr(c, false);
	r.outside = rows_addr(c, false);
	r.in_nat = rows_addr(c, true);
	r.out_nat = rows_addr(c, true);
	r.in_port = rows_port(c);
	r.out_port = rows_port(c);
	r.in_nat_port = rows_port(c);
	r.out_nat_port = rows_port(c);
	r.proto = (int32_t[]){ 6, 17, 1, 47, PROTO_NONE }[chance(c, 5)];
	r.initiator = (uint8_t)chance(c, 3);
	r.scope = (uint8_t)chance(c, 3);
	r.bytes_out = rows_count(c);
	r.bytes_in = rows_count(c);
	r.bytes_total = rows_count(c);
	r.packets_out = rows_count(c);
	r.packets_in = rows_count(c);
	r.polls = (int64_t)chance(c, 4);
	r.start_by = ROWS_TIME - (int64_t)chance(c, 4) * 43200;
	r.end_from = r.start_by + (int64_t)chance(c, 5) * 30000;
	r.end_by = chance(c, 2) ? -1 : r.end_from + 300;
	r.device = text_of(rows_devices[*device][0]);
	r.site = text_of(rows_devices[*device][1]);
	r.platform = text_of(rows_devices[*device][2]);
	r.place = rows_word(c);
	r.state = rows_word(c);
	r.app = rows_word(c);
	r.user = rows_word(c);
	r.in_iface = rows_word(c);
	r.out_iface = rows_word(c);
	return r;
}

/* --- the same as a table ---------------------------------------------------------------------- */

static UNUSED void
rows_run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s\n", sqlite3_errmsg(db));
		abort();
	}
}

static UNUSED sqlite3 *
rows_open(void)
{
	sqlite3 *db;
	char sql[300];

	if (sqlite3_open(":memory:", &db) != SQLITE_OK || filter_register(db) != SQLITE_OK)
		abort();
	rows_run(db,
	    "CREATE TABLE v_session (n INTEGER PRIMARY KEY, inside, outside, in_nat, out_nat, "
	    "in_port, out_port, in_nat_port, out_nat_port, proto, initiator, scope, bytes_out, "
	    "bytes_in, bytes_total, packets_out, packets_in, polls, start_by, end_from, end_by, "
	    "device, place, state, app, user, in_iface, out_iface);"
	    "CREATE TABLE device (id, name, site, platform)");
	for (int i = 0; i < 4; i++) {
		snprintf(sql, sizeof(sql), "INSERT INTO device VALUES (%d, '%s', '%s', '%s')",
		    i + 1, rows_devices[i][0], rows_devices[i][1], rows_devices[i][2]);
		rows_run(db, sql);
	}
	return db;
}

static UNUSED void
rows_insert(sqlite3 *db, int n, const struct filter_row *r, int device)
{
	const int64_t numbers[] = { r->in_port, r->out_port, r->in_nat_port, r->out_nat_port,
		r->proto, r->initiator, r->scope, r->bytes_out, r->bytes_in, r->bytes_total,
		r->packets_out, r->packets_in, r->polls, r->start_by, r->end_from, r->end_by,
		device + 1 };
	const struct text texts[] = { r->place, r->state, r->app, r->user, r->in_iface,
		r->out_iface };
	sqlite3_stmt *st;
	int at = 1;

	if (sqlite3_prepare_v2(db,
		"INSERT INTO v_session VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
		"?,?)",
		-1, &st, NULL) != SQLITE_OK)
		abort();
	sqlite3_bind_int(st, at++, n);
	reader_bind_addr(st, at++, &r->inside);
	reader_bind_addr(st, at++, &r->outside);
	reader_bind_addr(st, at++, &r->in_nat);
	reader_bind_addr(st, at++, &r->out_nat);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++, at++)
		if (numbers[i] >= 0)
			sqlite3_bind_int64(st, at, numbers[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++, at++)
		sqlite3_bind_text(st, at, texts[i].s, (int)texts[i].n, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_DONE)
		abort();
	sqlite3_finalize(st);
}

/* Marks the rows that SQL finds. */
static UNUSED void
rows_select(sqlite3 *db, struct filter *f, bool *found)
{
	char *sql = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&sql, &length);
	sqlite3_stmt *st;
	int parameter = 1;

	fputs("SELECT n FROM v_session WHERE ", out);
	node_write(f->root, NULL, false, &parameter, out);
	fclose(out);
	parameter = 1;
	if (filter_devices(f, db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
	    node_bind(f->root, NULL, &parameter, st) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		abort();
	}
	while (sqlite3_step(st) == SQLITE_ROW)
		found[sqlite3_column_int(st, 0)] = true;
	sqlite3_finalize(st);
	free(sql);
}

#endif
