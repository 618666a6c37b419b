/* The ledger: intents that share a commit beside intents that do not, verification beside bare
 * SHA-256, reconciliation in lines a second and in memory.   ledger SCRATCH [RECORDS [LINES]] */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "audit/reconcile.h"
#include "base/log.h"
#include "ledger/ledger.h"
#include "ledger/sealer.h"
#include "ledger/verify.h"
#include "poller/recorder.h"
#include "poller/wire.h"
#include "store/read.h"

enum { POLLS = 64 };

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
check(bool good, const char *what)
{
	if (!good)
		log_fatal("bench: %s", what);
}

/* --- durable intents -------------------------------------------------------------------------- */

static void
send_intent(int channel)
{
	static const struct wire_intent intent = { .kind = WIRE_INTENT,
		.count = 1,
		.account = "gatebook",
		.address = "192.0.2.1:22",
		.lines = "show conn detail" };

	check(wire_send(channel, &intent, sizeof(intent), NULL, 0) == 0, "intent");
}

static void
await_go(int channel)
{
	struct wire_go go;

	check(
	    wire_receive(channel, &go, sizeof(go), NULL, NULL) == (long)sizeof(go) && go.ok, "go");
}

/* Intents a second with so many polls waiting at the same time. */
static double
intents(const int *channels, int in_flight, int rounds)
{
	double began = wall();

	for (int i = 0; i < rounds; i++) {
		for (int k = 0; k < in_flight; k++)
			send_intent(channels[k]);
		for (int k = 0; k < in_flight; k++)
			await_go(channels[k]);
	}
	return rounds * in_flight / (wall() - began);
}

static void
bench_intents(const char *scratch)
{
	char dir[4096];
	int control, channels[POLLS], status;
	struct error err = { 0 };
	double one, many;
	pid_t pid;

	snprintf(dir, sizeof(dir), "%s/intents", scratch);
	pid = recorder_start(&(struct recorder){ .dir = dir, .who = "bench" }, &control, &err);
	check(pid > 0, err.text);
	for (int i = 0; i < POLLS; i++) {
		struct wire_device d = { .kind = WIRE_DEVICE,
			.slot = (uint32_t)i,
			.name = "fw",
			.platform = "cisco_asa",
			.host = "192.0.2.1",
			.transport = "ssh" };
		int fds[2];

		check(wire_pair(fds) == 0 && wire_send(control, &d, sizeof(d), &fds[1], 1) == 0,
		    "channel");
		close(fds[1]);
		channels[i] = fds[0];
	}
	(void)intents(channels, 1, 20);
	one = intents(channels, 1, 300);
	many = intents(channels, POLLS, 100);
	printf("| durable intents, %d polls in flight | %.0f a second | one at a time, an fsync "
	       "each | "
	       "%.0f a second | %.1f |\n",
	    POLLS, many, one, many / one);
	close(control);
	for (int i = 0; i < POLLS; i++)
		close(channels[i]);
	(void)waitpid(pid, &status, 0);
}

/* --- verification ------------------------------------------------------------------------------
 */

static void
fill(const char *dir, int records, const struct ledger_key *key)
{
	struct error err = { 0 };
	struct store *s = store_open(dir, true, &err);
	struct sealer sealer;
	char what[64], detail[200];
	struct ledger_event e = { .who = "uid 990 (gatebook)",
		.account = "gatebook",
		.address = "192.0.2.10:22",
		.device = "edge-fw1",
		.what = what,
		.detail = detail };

	check(s && sealer_begin(&sealer, s, key, &err) == 0, err.text);
	for (int i = 1; i <= records;) {
		check(store_begin(s, &err) == 0, err.text);
		for (int k = 0; k < 1000 && i <= records; k++, i++) {
			e.kind = i % 2 ? LEDGER_INTENT : LEDGER_RESULT;
			e.time_us = INT64_C(1795579200000000) + i;
			e.refers = i % 2 ? 0 : (uint64_t)i - 1;
			snprintf(what, sizeof(what), "show conn detail %d", i % 9);
			snprintf(detail, sizeof(detail),
			    "lines=%d rows=%d noise=4 unread=0 bytes=%d sha256=%064d", i, i, i, i);
			check(ledger_append(s, &e, NULL, &err) == 0, err.text);
		}
		check(sealer_seal(&sealer, s, i > records, &err) >= 0, err.text);
		check(store_commit(s, &err) == 0, err.text);
	}
	store_close(s);
}

/* One digest over all the records' bytes, read from the same rows. */
static double
bare_sha256(sqlite3 *db)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t n = 0, room = 1 << 20;
	char *all = malloc(room);
	sqlite3_stmt *st;
	double began;

	sqlite3_prepare_v2(db, "SELECT record FROM ledger ORDER BY seq", -1, &st, NULL);
	while (sqlite3_step(st) == SQLITE_ROW) {
		size_t size = (size_t)sqlite3_column_bytes(st, 0);

		while (n + size > room)
			check((all = realloc(all, room *= 2)) != NULL, "memory");
		memcpy(all + n, sqlite3_column_blob(st, 0), size);
		n += size;
	}
	sqlite3_finalize(st);
	began = cpu();
	EVP_DigestInit_ex(context, EVP_sha256(), NULL);
	EVP_DigestUpdate(context, all, n);
	EVP_DigestFinal_ex(context, digest, NULL);
	began = cpu() - began;
	EVP_MD_CTX_free(context);
	free(all);
	return began;
}

static void
bench_verify(const char *scratch, int records)
{
	struct error err = { 0 };
	struct ledger_key *key = ledger_key_new(&err);
	char dir[4096], *pem = ledger_key_public(key);
	struct ledger_keys *keys = ledger_keys_read(text_of(pem), &err);
	struct reader *r;
	struct verifier v;
	double took, bare;

	snprintf(dir, sizeof(dir), "%s/verify", scratch);
	fill(dir, records, key);
	r = reader_open(dir, 0, &err);
	check(r != NULL, err.text);
	bare = bare_sha256(reader_live(r));
	took = cpu();
	check(ledger_verify(reader_live(r), keys, (struct text){ 0 },
		  INT64_C(1795579200000000) + records, &v, &err) == 1,
	    v.why);
	took = cpu() - took;
	printf("| ledger verify, %d records | %.0f a second | SHA-256 over the same bytes | %.0f a "
	       "second | %.2f |\n",
	    records, records / took, records / bare, bare / took);
	reader_close(r);
	ledger_keys_free(keys);
	ledger_key_free(key);
	free(pem);
}

/* --- reconciliation -----------------------------------------------------------------------------
 */

/* A log of others: administrators at work on a hundred devices. */
static void
write_log(const char *path, int lines)
{
	static const char *const commands[] = { "configure terminal",
		"interface GigabitEthernet0/1", "show running-config interface GigabitEthernet0/1",
		"write memory", "show interfaces status", "ping 192.0.2.99", "show tcp brief",
		"exit" };
	FILE *f = fopen(path, "we");

	check(f != NULL, "log");
	for (int i = 0; i < lines; i++)
		fprintf(f,
		    "2026-11-25 %02d:%02d:%02d "
		    "+0000\t192.0.2.%d\tnetops%d\ttty%d\t10.20.0.%d\tstop\t"
		    "task_id=%d\ttimezone=UTC\tservice=shell\tpriv-lvl=15\tcmd=%s %d <cr>\n",
		    i / 3600 % 24, i / 60 % 60, i % 60, i % 100, i % 17, i % 16, i % 250, i,
		    commands[i % 8], i % 2 ? i : 0); /* every other one is new */
	check(fclose(f) == 0, "log");
}

/* Peak memory of this process, kB. */
static long
peak(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kb;
}

static void
read_log(const char *dir, const char *path, int lines)
{
	static const char *const users[] = { "netops*", NULL };
	struct reconcile_rules rules = reconcile_rules_default();
	struct reconcile *r;
	struct reader *reader;
	struct records_read read;
	struct error err = { 0 };
	double took, bytes = 0;
	FILE *f = fopen(path, "re");
	static char chunk[1 << 16];
	size_t n;
	double plain;

	rules.users = users;
	plain = cpu();
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		for (const char *p = chunk; (p = memchr(p, '\n', n - (size_t)(p - chunk))); p++)
			bytes++;
	plain = cpu() - plain;
	rewind(f);
	r = reconcile_new(NULL, &rules, INT64_C(1795700000000000));
	reader = reader_open(dir, 0, &err);
	check(reader &&
		  reconcile_ours(r, reader_live(reader), 0, INT64_C(1795700000000000), &err) == 0,
	    err.text);
	reader_close(reader);
	took = cpu();
	check(reconcile_log(r, f, path, driver_find("tac_plus"), NULL, &read, &err) == 0, err.text);
	reconcile_finish(r);
	took = cpu() - took;
	check(reconcile_records(r) == (uint64_t)lines && read.account.unread == 0, "lines lost");
	printf(
	    "| reconcile, %d lines of a TACACS+ log | %.0f a second, %ld MB at most | counting its "
	    "lines | %.0f a second | %.2f |\n",
	    lines, lines / took, peak() / 1024, bytes / plain, plain / took);
	reconcile_free(r);
	fclose(f);
}

/* In a process of its own: its memory is that of this log. */
static void
bench_reconcile(const char *scratch, int lines)
{
	char dir[4096], path[4096];
	int status = 0;
	pid_t pid;

	snprintf(dir, sizeof(dir), "%s/intents", scratch);
	snprintf(path, sizeof(path), "%s/acct.log", scratch);
	write_log(path, lines);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		read_log(dir, path, lines);
		fflush(stdout);
		_exit(0);
	}
	check(waitpid(pid, &status, 0) == pid && status == 0, "reconcile");
	(void)unlink(path);
}

int
main(int argc, char **argv)
{
	int records = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 300000;
	int lines = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 4000000;

	check(argc > 1, "ledger SCRATCH [RECORDS [LINES]]");
	puts("| what | rate | beside | its rate | ratio |\n|---|---|---|---|---|");
	bench_intents(argv[1]);
	bench_reconcile(argv[1], lines / 4);
	bench_reconcile(argv[1], lines);
	bench_verify(argv[1], records);
	return 0;
}
