/* store polls DIR DEVICES ROWS ROUNDS GROUP  polls into an empty store and into plain SQLite
 * store month DIR SESSIONS CROWD             a month of sealed days
 * store ingest DIR ROWS ROUNDS               polls into a store that has its month
 * store who DIR DAY DAYS RUNS                who talked with 203.0.113.0/24
 * store netflow PORT SESSIONS DAY            the flows of a day of that month, as NetFlow v5 to
 * 127.0.0.1
 *
 * Each prints lines of NAME=NUMBER for store.sh. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/store.h"

double
bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void
bench_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

uint64_t
bench_next(struct bench_random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return r->state;
}

static long
number(int argc, char **argv, int i)
{
	if (i >= argc)
		bench_fail("store: an argument is missing");
	return strtol(argv[i], NULL, 10);
}

int
main(int argc, char **argv)
{
	const char *command = argc > 2 ? argv[1] : "";
	const char *dir = argc > 2 ? argv[2] : "";
	struct month m = { 0 };
	int a, b;

	if (!command[0])
		bench_fail("usage: store polls|month|ingest|who|netflow ...");
	a = (int)number(argc, argv, 3);
	b = (int)number(argc, argv, 4);
	m.sessions = (uint64_t)a;
	if (strcmp(command, "polls") == 0)
		return bench_polls(
		    dir, a, b, (int)number(argc, argv, 5), (int)number(argc, argv, 6));
	if (strcmp(command, "ingest") == 0)
		return bench_ingest(dir, a, b);
	if (strcmp(command, "who") == 0)
		return bench_who(dir, a, b, (int)number(argc, argv, 5));
	if (strcmp(command, "netflow") == 0)
		return bench_netflow((int)number(argc, argv, 2), &m, b);
	m.crowd = b != 0;
	if (strcmp(command, "month") == 0)
		return bench_month(dir, &m);
	bench_fail("store: unknown command %s", command);
}
