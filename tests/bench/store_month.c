/* A made-up month: its flows, and a store that has sealed them. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/roll.h"
#include "tests/bench/store.h"

enum { HOSTS = 40, FULL_DEVICES = 500 };
#define FULL_MONTH UINT64_C(50000000)

uint32_t
month_devices(const struct month *m)
{
	uint64_t n = m->sessions * FULL_DEVICES / FULL_MONTH;
	return n ? (uint32_t)n : 1;
}

static size_t
per_poll(const struct month *m)
{
	uint64_t polls = (uint64_t)month_devices(m) * FLOW_POLLS * BENCH_DAYS;
	return (size_t)((m->sessions + polls / 2) / polls);
}

uint64_t
month_day(const struct month *m)
{
	return (uint64_t)per_poll(m) * month_devices(m) * FLOW_POLLS;
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* The jth peer of a host: a few of a million are talked with by many. */
static void
choose_peer(struct flow *f, uint32_t host, uint32_t j)
{
	static const uint16_t ports[] = { 443, 443, 443, 80, 53, 22, 25, 123 };
	uint64_t n = mix((uint64_t)host << 20 | j);
	double g = (double)(n % 1000003) / 1000003.0;
	uint32_t peer = (uint32_t)(g * g * g * 1000000);

	f->outside = peer >= 1000 && peer < 1256
			 ? 0xcb007100 + (peer - 1000) /* 203.0.113.0/24 */
			 : (uint32_t)(0x0b000000 + mix(peer + 77) % 0xc0000000u);
	f->out_port = ports[n >> 40 & 7];
	f->proto = f->out_port == 53 || f->out_port == 123 ? 17 : 6;
}

size_t
month_flows(
    const struct month *m, int day, uint32_t device, int poll, struct flow flows[static FLOW_MAX])
{
	int64_t gone = (int64_t)(BENCH_DAY + day) * CLOCK_DAY + (int64_t)poll * FLOW_PERIOD;
	struct bench_random r = {
		mix((uint64_t)device << 32 | (uint64_t)(day * FLOW_POLLS + poll)) | 1
	};
	/* Peers of a host on a day; measured to give 1.7 and 5 sessions to a contact. */
	uint32_t peers = m->crowd ? 13 : 105;
	size_t n = per_poll(m);

	for (size_t i = 0; i < n && i < FLOW_MAX; i++) {
		struct flow *f = &flows[i];
		uint32_t host = device * HOSTS + (uint32_t)(bench_next(&r) % HOSTS);
		double g = (double)(bench_next(&r) % 1000000) / 1e6;
		uint64_t length = bench_next(&r);
		*f = (struct flow){ .device = device, .inside = 0x0a000001 + host };
		/* Some peers of every day, most of that day. */
		choose_peer(
		    f, host, (uint32_t)(g * g * peers) + (uint32_t)(g < 0.3 ? 0 : day * 1000));
		f->in_port = (uint16_t)(1024 + bench_next(&r) % 64000);
		f->polls = (uint32_t)(1 + length % 4 * (length / 4 % 4));
		f->last = gone - FLOW_PERIOD;
		f->first = f->last - (int64_t)(f->polls - 1) * FLOW_PERIOD;
		f->bytes = (uint32_t)(bench_next(&r) >> (40 + bench_next(&r) % 16));
	}
	return n;
}

/* --- a store that has them -------------------------------------------------------------------- */

static void
must(sqlite3 *db, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE)
		bench_fail("%s", sqlite3_errmsg(db));
}

/* What one poll closed, as the store writes it (a second and some jitter between its moments). */
static void
put_closed(sqlite3_stmt *st, struct roll_writer *w, int64_t id, const struct flow *flows, size_t n,
    uint64_t *numbers)
{
	int64_t asked = flows[0].last + (int64_t)(mix((uint64_t)id) % 5),
		end_by = asked + FLOW_PERIOD + 3;
	struct roll_head head = { end_by, *numbers + n, (uint64_t)asked / FLOW_PERIOD };

	roll_begin(w, &head);
	for (size_t i = 0; i < n; i++) {
		const struct flow *f = &flows[i];
		struct roll_entry e = { .flags = SESSION_IN_PORT | SESSION_OUT_PORT,
			.initiator = 1,
			.has = 1 << COUNTER_BYTES_TOTAL,
			.number = ++*numbers,
			.has_start_after = true };
		int64_t jitter = (int64_t)(mix(e.number) % 5);
		e.key.inside = addr_from_ipv4(f->inside);
		e.key.outside = addr_from_ipv4(f->outside);
		e.key.in_port = f->in_port;
		e.key.out_port = f->out_port;
		e.key.proto = f->proto;
		e.words[WORD_STATE] = 1 + (f->bytes & 1);
		e.before = head.complete - f->polls;
		e.start_after = f->first - FLOW_PERIOD + jitter;
		e.start_by = f->first + jitter + 3;
		e.counters[COUNTER_BYTES_TOTAL] = f->bytes;
		roll_put(w, &e);
	}
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, flows[0].device + 1);
	sqlite3_bind_int64(st, 3, asked);
	sqlite3_bind_int64(st, 4, end_by);
	sqlite3_bind_int64(st, 5, (int64_t)head.complete);
	sqlite3_bind_int64(st, 6, (int64_t)n);
	sqlite3_bind_int64(st, 7, w->earliest);
	sqlite3_bind_blob64(st, 8, w->bytes, w->used, SQLITE_STATIC);
	sqlite3_step(st);
	must(sqlite3_db_handle(st), sqlite3_reset(st));
}

static void
fill_day(const char *dir, const struct month *m, int day, uint64_t *numbers)
{
	static struct flow flows[FLOW_MAX];
	struct roll_writer w = { 0 };
	char path[4096];
	sqlite3 *db;
	sqlite3_stmt *st;
	int64_t id = (int64_t)(BENCH_DAY + day) << 40;

	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	must(NULL, sqlite3_open(path, &db));
	must(db, sqlite3_exec(db, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL));
	must(db, sqlite3_prepare_v2(
		     db, "INSERT INTO closed VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1, &st, NULL));
	for (uint32_t d = 0; d < month_devices(m); d++) {
		/* The polls of minute 0 to 10 close what belongs to the day before. */
		for (int poll = 2; poll < FLOW_POLLS; poll++) {
			size_t n = month_flows(m, day, d, poll, flows);
			put_closed(st, &w, ++id, flows, n, &numbers[d]);
		}
	}
	sqlite3_finalize(st);
	must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	sqlite3_close(db);
	roll_free(&w);
}

static void
prepare(const char *dir, const struct month *m)
{
	struct error err = { 0 };
	struct store *s = store_open(dir, true, &err);
	char path[4096];
	sqlite3 *db;

	if (!s || store_begin(s, &err) < 0)
		bench_fail("%s", err.text);
	for (uint32_t d = 0; d < month_devices(m); d++) {
		char name[32];
		struct store_device device = { name, "asa", "lab", "192.0.2.1", "ssh", "", 300 };
		snprintf(name, sizeof(name), "gw-%u", d);
		if (store_device(s, &device, &err) != (int64_t)d + 1)
			bench_fail("%s", err.text);
	}
	if (store_commit(s, &err) < 0)
		bench_fail("%s", err.text);
	store_close(s);
	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	must(NULL, sqlite3_open(path, &db));
	must(db,
	    sqlite3_exec(db, "INSERT INTO word VALUES (1, 'UIO'), (2, 'saA')", NULL, NULL, NULL));
	sqlite3_close(db);
}

static double
seal(const char *dir, int day)
{
	struct error err = { 0 };
	struct store *s = store_open(dir, false, &err);
	double before = bench_now(), spent;

	clock_set((int64_t)(BENCH_DAY + day + 1) * CLOCK_DAY);
	if (!s || store_seal(s, 0, &err) != 1)
		bench_fail("day %d was not sealed: %s", day, err.text);
	spent = bench_now() - before;
	store_close(s);
	return spent;
}

static int
add_sizes(sqlite3 *db, bool whole, void *arg)
{
	const char *path = sqlite3_db_filename(db, "main");
	struct stat st;

	(void)whole;
	if (!strstr(path, "/gatebook.db") && stat(path, &st) == 0)
		*(double *)arg += (double)st.st_size;
	return 0;
}

int
bench_month(const char *dir, const struct month *m)
{
	uint64_t *numbers = mem_alloc(month_devices(m), sizeof(*numbers)), sessions = 0;
	double sealing = 0, bytes = 0;
	struct error err = { 0 };
	struct reader *r;
	sqlite3_stmt *st;

	prepare(dir, m);
	for (int day = 0; day < BENCH_DAYS; day++) {
		fill_day(dir, m, day, numbers);
		sealing += seal(dir, day);
	}
	for (uint32_t d = 0; d < month_devices(m); d++)
		sessions += numbers[d];
	r = reader_open(dir, 0, &err);
	if (!r || reader_parts(r, 0, INT64_MAX, add_sizes, &bytes, &err) < 0)
		bench_fail("%s", err.text);
	must(reader_live(r), sqlite3_prepare_v2(reader_live(r),
				 "SELECT sum(sessions), sum(contacts) FROM day", -1, &st, NULL));
	if (sqlite3_step(st) != SQLITE_ROW || (uint64_t)sqlite3_column_int64(st, 0) != sessions)
		bench_fail("the sealed days hold other sessions than were written");
	printf("sessions=%llu\nper_contact=%.2f\nbytes_per_session=%.1f\nsealed=%.0f\n",
	    (unsigned long long)sessions, (double)sessions / (double)sqlite3_column_int64(st, 1),
	    bytes / (double)sessions, (double)sessions / sealing);
	sqlite3_finalize(st);
	reader_close(r);
	free(numbers);
	return 0;
}
