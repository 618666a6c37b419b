/* One question, and the same flows for another program to answer it. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "tests/bench/store.h"

struct answer {
	int64_t from, to;
	uint32_t *hosts; /* as they come, with repeats */
	size_t n, capacity;
};

/* The question as query/ asks it: by contact where the part allows, else by session. */
static int
ask(sqlite3 *db, bool whole, void *arg)
{
	struct answer *a = arg;
	sqlite3_stmt *st;
	int code;

	if (sqlite3_prepare_v2(db,
		whole ? "SELECT inside, proto, port, n, first_after, first_by, last_from, last_by "
			"FROM "
			"v_contact WHERE outside BETWEEN 3405803776 AND 3405804031 AND ?1 >= ?2"
		      : "SELECT inside, proto, out_port, 1, start_after, start_by, end_from, "
			"end_by FROM "
			"v_session WHERE outside BETWEEN 3405803776 AND 3405804031 AND "
			"coalesce(start_after + 1, start_by) <= ?1 AND (end_by IS NULL OR end_by > "
			"?2)",
		-1, &st, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_int64(st, 1, a->to);
	sqlite3_bind_int64(st, 2, a->from);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if (a->n == a->capacity) {
			a->capacity = 2 * a->capacity + 1024;
			a->hosts = mem_grow(a->hosts, a->capacity, sizeof(*a->hosts));
		}
		a->hosts[a->n++] = (uint32_t)sqlite3_column_int64(st, 0);
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : -1;
}

/* Counted in no order, as nfdump does. */
static size_t
distinct(const struct answer *a)
{
	size_t room = 1024, n = 0;
	uint32_t *seen;

	while (room < 2 * a->n)
		room *= 2;
	seen = mem_alloc(room, sizeof(*seen));
	for (size_t i = 0; i < a->n; i++) {
		size_t at = a->hosts[i] * UINT32_C(2654435761) % room;

		while (seen[at] && seen[at] != a->hosts[i])
			at = (at + 1) % room;
		n += seen[at] == 0;
		seen[at] = a->hosts[i];
	}
	free(seen);
	return n;
}

static int
by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Asks about `days` days from `day` on, `runs` times, each with a reader of its own. */
int
bench_who(const char *dir, int day, int days, int runs)
{
	double *times = mem_alloc((size_t)runs, sizeof(*times));
	struct answer a = { .from = (int64_t)(BENCH_DAY + day) * CLOCK_DAY };
	size_t hosts = 0;

	a.to = a.from + (int64_t)days * CLOCK_DAY - 1;
	for (int i = 0; i < runs; i++) {
		double before = bench_now();
		struct error err = { 0 };
		struct reader *r = reader_open(dir, 0, &err);
		a.n = 0;
		if (!r || reader_parts(r, a.from, a.to, ask, &a, &err) != 0)
			bench_fail("%s", err.text);
		hosts = distinct(&a);
		reader_close(r);
		times[i] = bench_now() - before;
	}
	qsort(times, (size_t)runs, sizeof(*times), by_time);
	printf(
	    "hosts=%zu\nrows=%zu\nmedian=%.6f\nbest=%.6f\n", hosts, a.n, times[runs / 2], times[0]);
	free(times);
	free(a.hosts);
	return 0;
}

/* --- NetFlow v5 ------------------------------------------------------------------------------- */

static void
put(uint8_t *at, uint64_t value, int n)
{
	for (int i = n - 1; i >= 0; i--, value >>= 8)
		at[i] = (uint8_t)value;
}

enum { HEADER = 24, RECORD = 48, RECORDS = 30 };

struct packet {
	uint8_t bytes[HEADER + RECORDS * RECORD];
	int n;
	uint32_t sequence;
	int socket;
};

/* The exporter booted at `boot`; a flow's times are milliseconds since then. */
static void
put_flow(struct packet *p, const struct flow *f, int64_t boot)
{
	uint8_t *r = p->bytes + HEADER + p->n++ * RECORD;

	memset(r, 0, RECORD);
	put(r, f->inside, 4);
	put(r + 4, f->outside, 4);
	put(r + 16, 10, 4);
	put(r + 20, f->bytes, 4);
	put(r + 24, (uint64_t)(f->first - boot) * 1000, 4);
	put(r + 28, (uint64_t)(f->last - boot) * 1000, 4);
	put(r + 32, f->in_port, 2);
	put(r + 34, f->out_port, 2);
	r[38] = f->proto;
}

static void
send_packet(struct packet *p, int64_t boot, int64_t now)
{
	memset(p->bytes, 0, HEADER);
	put(p->bytes, 5, 2);
	put(p->bytes + 2, (uint64_t)p->n, 2);
	put(p->bytes + 4, (uint64_t)(now - boot) * 1000, 4);
	put(p->bytes + 8, (uint64_t)now, 4);
	put(p->bytes + 16, p->sequence, 4);
	p->sequence += (uint32_t)p->n;
	if (send(p->socket, p->bytes, (size_t)(HEADER + p->n * RECORD), 0) < 0)
		bench_fail("NetFlow cannot be sent: is nfcapd listening?");
	p->n = 0;
	if (p->sequence % 3000 == 0) /* the receiver must keep up: none may be lost */
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

int
bench_netflow(int port, const struct month *m, int day)
{
	static struct flow flows[FLOW_MAX];
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int64_t start = (int64_t)(BENCH_DAY + day) * CLOCK_DAY, boot = start - 10 * CLOCK_DAY;
	struct packet p = { .socket = socket(AF_INET, SOCK_DGRAM, 0) };

	if (connect(p.socket, (struct sockaddr *)&to, sizeof(to)) < 0)
		bench_fail("no socket for NetFlow");
	for (int poll = 2; poll < FLOW_POLLS; poll++) {
		for (uint32_t d = 0; d < month_devices(m); d++) {
			size_t n = month_flows(m, day, d, poll, flows);
			for (size_t i = 0; i < n; i++) {
				put_flow(&p, &flows[i], boot);
				if (p.n == RECORDS)
					send_packet(&p, boot, start + poll * FLOW_PERIOD);
			}
		}
	}
	if (p.n)
		send_packet(&p, boot, start + CLOCK_DAY - 1);
	close(p.socket);
	printf("sent=%u\n", p.sequence);
	return 0;
}
