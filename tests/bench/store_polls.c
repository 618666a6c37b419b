/* Polls of many devices, 90 % of the sessions seen again each time, into the store and into what
 * one would write with SQLite at hand. Both commit each poll durably (WAL, synchronous=FULL). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tests/bench/store.h"

enum { AGAIN = 90 }; /* percent */

struct plan {
	int devices, rows, group; /* group: polls that one transaction commits */
	struct session *all;      /* rows of device d from d * rows on, sorted */
	struct bench_random random;
};

static const char *const texts = "ESTABLISHEDTIME_WAIT";
static const uint32_t offsets[] = { 0, 0, 11, 20 };
static const struct words words = { "ESTABLISHEDTIME_WAIT", offsets, 2 };

static void
new_session(struct plan *p, struct session *s)
{
	static const uint16_t ports[] = { 443, 443, 443, 80, 53, 22, 25, 123 };
	uint64_t n = bench_next(&p->random), m = bench_next(&p->random);

	*s = (struct session){
		.initiator = INITIATOR_IN, .state = 1, .flags = SESSION_IN_PORT | SESSION_OUT_PORT
	};
	s->key.inside = addr_from_ipv4(0x0a000000 | (n & 0x7ffff));
	s->key.outside = addr_from_ipv4(0x0b000000 + (uint32_t)(m % 100000) * 77);
	s->key.in_port = (uint16_t)(1024 + (n >> 24) % 64000);
	s->key.out_port = ports[n >> 60 & 7];
	s->key.proto = s->key.out_port == 53 || s->key.out_port == 123 ? PROTO_UDP : PROTO_TCP;
	s->counters = (struct counters){ .has = HAS_BYTES_TOTAL, .bytes_total = m >> 44 };
}

static int
by_key(const void *a, const void *b)
{
	return session_key_compare(
	    &((const struct session *)a)->key, &((const struct session *)b)->key);
}

/* The rows of the device's next poll: one in ten is another one, and if `grow` each counter has
 * grown. */
static void
turn(struct plan *p, int device, bool all, bool grow)
{
	struct session *rows = p->all + (size_t)device * (size_t)p->rows;

	for (int i = 0; i < p->rows; i++) {
		if (all || bench_next(&p->random) % 100 >= AGAIN)
			new_session(p, &rows[i]);
		else if (grow)
			rows[i].counters.bytes_total += bench_next(&p->random) % 3000;
	}
	qsort(rows, (size_t)p->rows, sizeof(*rows), by_key);
	for (int i = 1; i < p->rows; i++) {
		while (by_key(&rows[i - 1], &rows[i]) >= 0) {
			new_session(p, &rows[i]);
			qsort(rows, (size_t)p->rows, sizeof(*rows), by_key);
			i = 1;
		}
	}
}

/* --- ours ------------------------------------------------------------------------------------- */

static struct store *
open_store(const char *dir, const struct plan *p, int64_t *ids)
{
	struct error err = { 0 };
	struct store *s = store_open(dir, true, &err);

	if (!s || store_begin(s, &err) < 0)
		bench_fail("%s", err.text);
	for (int d = 0; d < p->devices; d++) {
		char name[32];
		struct store_device device = { name, "asa", "lab", "192.0.2.1", "ssh", "", 300 };
		snprintf(name, sizeof(name), "fw-%d", d);
		ids[d] = store_device(s, &device, &err);
	}
	if (store_commit(s, &err) < 0)
		bench_fail("%s", err.text);
	return s;
}

static void
poll(struct store *s, const struct plan *p, int device, int64_t id, int64_t now)
{
	struct poll_report r = { .started = now,
		.asked = now,
		.answered = now + 2,
		.ended = now + 2,
		.sessions = (uint64_t)p->rows };
	struct error err = { 0 };

	if (store_poll(s, id, &r, p->all + (size_t)device * (size_t)p->rows, (size_t)p->rows,
		&words, NULL, &err) < 0)
		bench_fail("%s", err.text);
}

/* Polls the devices from `first` on that are committed together. */
static void
poll_group(struct store *s, const struct plan *p, int first, const int64_t *ids, int64_t now)
{
	struct error err = { 0 };

	if (store_begin(s, &err) < 0)
		bench_fail("%s", err.text);
	for (int d = first; d < first + p->group; d++)
		poll(s, p, d, ids[d], now);
	if (store_commit(s, &err) < 0)
		bench_fail("%s", err.text);
}

/* --- plain SQLite ----------------------------------------------------------------------------- */

struct plain {
	sqlite3 *db;
	sqlite3_stmt *upsert, *append;
};

/* One row per session with its last time, and the two indexes that questions about an address and a
 * time need; and a table that rows are only appended to. */
static const char plain_schema
    [] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -262144;"
	 "PRAGMA wal_autocheckpoint = 8192;"
	 "CREATE TABLE s (device INT, proto INT, inside INT, in_port INT, outside INT, out_port "
	 "INT, first INT, "
	 "last INT, bytes INT, state TEXT, PRIMARY KEY (device, proto, inside, in_port, outside, "
	 "out_port)) "
	 "WITHOUT ROWID;"
	 "CREATE INDEX s_outside ON s (outside, last); CREATE INDEX s_inside ON s (inside, last);"
	 "CREATE TABLE a (id INTEGER PRIMARY KEY, outside ANY NOT NULL, inside ANY NOT NULL, proto "
	 "INT, in_port "
	 "INT, out_port INT, scope INT, initiator INT, place INT, in_nat ANY, in_nat_port INT, "
	 "out_nat ANY, "
	 "out_nat_port INT, app INT, user INT, in_iface INT, out_iface INT, start_after INT, "
	 "start_by INT, seen "
	 "INT, before INT, state INT, bytes_out INT, bytes_in INT, bytes_total INT, packets_out "
	 "INT, packets_in "
	 "INT) STRICT";

static void
must(sqlite3 *db, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
		bench_fail("plain SQLite: %s", sqlite3_errmsg(db));
}

static struct plain
plain_open(const char *dir)
{
	struct plain plain;
	char path[4096], *schema = mem_string(plain_schema);

	snprintf(path, sizeof(path), "%s/plain.db", dir);
	must(NULL, sqlite3_open(path, &plain.db));
	/* ANY and INT: names that STRICT knows as ANY and INT. */
	must(plain.db, sqlite3_exec(plain.db, schema, NULL, NULL, NULL));
	must(plain.db, sqlite3_prepare_v2(plain.db,
			   "INSERT INTO s VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9) ON "
			   "CONFLICT DO UPDATE SET "
			   "last = excluded.last, bytes = excluded.bytes, state = excluded.state",
			   -1, &plain.upsert, NULL));
	must(plain.db, sqlite3_prepare_v2(plain.db,
			   "INSERT INTO a VALUES (NULL, ?1, ?2, ?3, ?4, ?5, 0, 1, 0, NULL, NULL, "
			   "NULL, NULL, 0, 0, 0, "
			   "0, ?6, ?6, ?6, ?7, ?8, NULL, NULL, ?9, NULL, NULL)",
			   -1, &plain.append, NULL));
	free(schema);
	return plain;
}

static void
plain_upsert(struct plain *plain, const struct plan *p, int device, int64_t now)
{
	const struct session *rows = p->all + (size_t)device * (size_t)p->rows;
	sqlite3_stmt *st = plain->upsert;

	for (int i = 0; i < p->rows; i++) {
		const struct session_key *k = &rows[i].key;
		sqlite3_bind_int(st, 1, device);
		sqlite3_bind_int(st, 2, k->proto);
		sqlite3_bind_int64(st, 3, addr_ipv4(&k->inside));
		sqlite3_bind_int(st, 4, k->in_port);
		sqlite3_bind_int64(st, 5, addr_ipv4(&k->outside));
		sqlite3_bind_int(st, 6, k->out_port);
		sqlite3_bind_int64(st, 7, now);
		sqlite3_bind_int64(st, 8, (int64_t)rows[i].counters.bytes_total);
		sqlite3_bind_text(st, 9, texts, 11, SQLITE_STATIC);
		must(plain->db, sqlite3_step(st));
		sqlite3_reset(st);
	}
}

static void
plain_append(struct plain *plain, const struct plan *p, int device, int64_t now)
{
	const struct session *rows = p->all + (size_t)device * (size_t)p->rows;
	sqlite3_stmt *st = plain->append;

	for (int i = 0; i < p->rows; i++) {
		const struct session_key *k = &rows[i].key;
		sqlite3_bind_int64(st, 1, addr_ipv4(&k->outside));
		sqlite3_bind_int64(st, 2, addr_ipv4(&k->inside));
		sqlite3_bind_int(st, 3, k->proto);
		sqlite3_bind_int(st, 4, k->in_port);
		sqlite3_bind_int(st, 5, k->out_port);
		sqlite3_bind_int64(st, 6, now);
		sqlite3_bind_int(st, 7, 1);
		sqlite3_bind_int(st, 8, 1);
		sqlite3_bind_int64(st, 9, (int64_t)rows[i].counters.bytes_total);
		must(plain->db, sqlite3_step(st));
		sqlite3_reset(st);
	}
}

static void
plain_group(struct plain *plain, const struct plan *p, int first, int64_t now,
    void (*write)(struct plain *, const struct plan *, int, int64_t))
{
	must(plain->db, sqlite3_exec(plain->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
	for (int d = first; d < first + p->group; d++)
		write(plain, p, d, now);
	must(plain->db, sqlite3_exec(plain->db, "COMMIT", NULL, NULL, NULL));
}

/* --- the rounds ------------------------------------------------------------------------------- */

struct times {
	double ours, upsert, append;
};

static void
one_round(struct plan *p, struct store *s, const int64_t *ids, struct plain *plain, int round,
    bool grow, struct times *t)
{
	int64_t now = (int64_t)BENCH_DAY * 86400 + 300 * round;

	for (int d = 0; d + p->group <= p->devices; d += p->group) {
		double a, b, c;
		for (int i = d; i < d + p->group; i++)
			turn(p, i, round == 0, grow);
		a = bench_now();
		poll_group(s, p, d, ids, now);
		b = bench_now();
		plain_group(plain, p, d, now, plain_upsert);
		c = bench_now();
		if (round == 0)
			plain_group(plain, p, d, now, plain_append);
		t->ours += b - a;
		t->upsert += c - b;
		t->append += bench_now() - c;
	}
}

/* The first round opens all; then `rounds` without and `rounds` with counters that grow. */
int
bench_polls(const char *dir, int devices, int rows, int rounds, int group)
{
	struct plan p = { devices, rows, group,
		mem_alloc((size_t)devices * (size_t)rows, sizeof(struct session)),
		{ 88172645463325252 } };
	int64_t *ids = mem_alloc((size_t)devices, sizeof(*ids));
	struct store *s = open_store(dir, &p, ids);
	struct plain plain = plain_open(dir);
	struct times fresh = { 0 }, still = { 0 }, growing = { 0 };
	double n = (double)devices * rows;

	one_round(&p, s, ids, &plain, 0, false, &fresh);
	for (int i = 1; i <= rounds; i++)
		one_round(&p, s, ids, &plain, i, false, &still);
	for (int i = rounds + 1; i <= 2 * rounds; i++)
		one_round(&p, s, ids, &plain, i, true, &growing);
	printf("new_ours=%.0f\nnew_append=%.0f\n", n / fresh.ours, n / fresh.append);
	n *= rounds;
	printf("again_ours=%.0f\nagain_upsert=%.0f\n", n / still.ours, n / still.upsert);
	printf("growing_ours=%.0f\ngrowing_upsert=%.0f\n", n / growing.ours, n / growing.upsert);
	store_close(s);
	sqlite3_finalize(plain.upsert);
	sqlite3_finalize(plain.append);
	sqlite3_close(plain.db);
	free(p.all);
	free(ids);
	return 0;
}

/* Polls into a store that has its month, 20 to a commit, all rows new at first. */
int
bench_ingest(const char *dir, int rows, int rounds)
{
	struct plan p = { 40, rows, 20,
		mem_alloc((size_t)40 * (size_t)rows, sizeof(struct session)),
		{ 88172645463325252 } };
	int64_t ids[40], now = (int64_t)(BENCH_DAY + BENCH_DAYS) * 86400 + 600;
	struct store *s = open_store(dir, &p, ids);
	double spent = 0;

	for (int round = 0; round <= rounds; round++) {
		for (int d = 0; d < p.devices; d += p.group) {
			double before;
			for (int i = d; i < d + p.group; i++)
				turn(&p, i, round == 0, true);
			before = bench_now();
			poll_group(s, &p, d, ids, now + 300 * round);
			spent += bench_now() - before;
		}
	}
	printf("ingest=%.0f\n", 40.0 * rows * (rounds + 1) / spent);
	store_close(s);
	free(p.all);
	return 0;
}
