/* The store, measured: polls beside plain SQLite, and sealed days of a made-up month. */
#ifndef GATEBOOK_TESTS_BENCH_STORE_H
#define GATEBOOK_TESTS_BENCH_STORE_H

#include "store/read.h"
#include "store/store.h"

enum { BENCH_DAY = 20757, BENCH_DAYS = 30 }; /* the month begins on 2026-10-31 */

/* A closed session of the month; times are seconds since 1970. */
struct flow {
	uint32_t inside, outside, device; /* device counts from 0 */
	uint16_t in_port, out_port;
	uint8_t proto;
	int64_t first, last; /* the polls that showed it first and last */
	uint32_t bytes, polls;
};

/* A month: 500 devices with 40 hosts each for 50 M sessions, fewer for less, each polled every 300
 * s. On a day a contact has some 1.7 sessions, or 5 when `crowd`. 203.0.113.0/24 is a busy network
 * outside. */
struct month {
	uint64_t sessions;
	bool crowd;
};
uint32_t month_devices(const struct month *m);
uint64_t month_day(const struct month *m); /* sessions of a day */

/* The flows that the device's kth poll of that day no longer saw, n of them; always the same ones.
 */
enum { FLOW_PERIOD = 300, FLOW_POLLS = 288, FLOW_MAX = 4096 };
size_t month_flows(
    const struct month *m, int day, uint32_t device, int poll, struct flow flows[static FLOW_MAX]);

struct bench_random {
	uint64_t state;
};
uint64_t bench_next(struct bench_random *r);
double bench_now(void); /* seconds */
void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* One command of the program each. */
int bench_polls(const char *dir, int devices, int rows, int rounds, int group);
int bench_month(const char *dir, const struct month *m);
int bench_ingest(const char *dir, int rows, int rounds);
int bench_who(const char *dir, int day, int days, int runs);
int bench_netflow(int port, const struct month *m, int day);

#endif
