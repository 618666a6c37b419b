/* Polls, folders and rows for the tests of the store. */
#ifndef GATEBOOK_TESTS_STORE_HELP_H
#define GATEBOOK_TESTS_STORE_HELP_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "store/read.h"
#include "store/store.h"

#define UNUSED __attribute__((unused))

/* 2026-11-20T00:00:00Z, a midnight. */
enum { HELP_DAY = 20777, HELP_MIDNIGHT = HELP_DAY * 86400 };

struct help_random {
	uint64_t state;
};

static UNUSED uint32_t
help_random(struct help_random *r, uint32_t below)
{
	r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((r->state >> 33) % below);
}

/* A new folder below TMPDIR; remove with help_remove. */
static UNUSED char *
help_folder(void)
{
	const char *base = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
	char *path = malloc(strlen(base) + 32);

	snprintf(path, strlen(base) + 32, "%s/gatebook-store-XXXXXX", base);
	assert_non_null(mkdtemp(path));
	return path;
}

static UNUSED void
help_empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char below[4096];

	while (dir && (e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, e->d_name);
		if (unlink(below) < 0) {
			help_empty(below);
			rmdir(below);
		}
	}
	if (dir)
		closedir(dir);
}

static UNUSED void
help_remove(char *path)
{
	help_empty(path);
	rmdir(path);
	free(path);
}

static UNUSED void
help_copy_file(const char *from, const char *to)
{
	static char buffer[1 << 16];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t n;

	assert_non_null(in);
	assert_non_null(out);
	while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		assert_int_equal(fwrite(buffer, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
	fclose(in);
}

/* A copy of a closed store: what a test does to it does not reach the original. */
static UNUSED char *
help_copy(const char *dir)
{
	static const char *const folders[] = { "", "/days" };
	char *copy = help_folder(), from[4096], to[4096];

	for (int i = 0; i < 2; i++) {
		snprintf(from, sizeof(from), "%s%s", dir, folders[i]);
		snprintf(to, sizeof(to), "%s%s", copy, folders[i]);
		mkdir(to, 0700);
		DIR *d = opendir(from);
		struct dirent *e;
		while (d && (e = readdir(d))) {
			if (e->d_type != DT_REG)
				continue;
			snprintf(from, sizeof(from), "%s%s/%s", dir, folders[i], e->d_name);
			snprintf(to, sizeof(to), "%s%s/%s", copy, folders[i], e->d_name);
			help_copy_file(from, to);
		}
		if (d)
			closedir(d);
	}
	return copy;
}

static UNUSED struct store *
help_open(const char *dir)
{
	struct error err = { 0 };
	struct store *s = store_open(dir, true, &err);

	if (!s)
		fail_msg("%s", err.text);
	return s;
}

static UNUSED struct reader *
help_reader(const char *dir)
{
	struct error err = { 0 };
	struct reader *r = reader_open(dir, 0, &err);

	if (!r)
		fail_msg("%s", err.text);
	return r;
}

static UNUSED int64_t
help_device(struct store *s, const char *name)
{
	struct store_device d = { name, "asa", "lab", "192.0.2.9", "ssh", "nothing", 300 };
	struct error err = { 0 };
	int64_t id;

	assert_int_equal(store_begin(s, &err), 0);
	id = store_device(s, &d, &err);
	assert_true(id > 0);
	assert_int_equal(store_commit(s, &err), 0);
	return id;
}

/* An address of Vlan20 and its MAC. */
static UNUSED struct presence
help_address(uint32_t ip, const char *mac)
{
	struct presence p = {
		.kind = PRESENT_ADDRESS, .addr = addr_from_ipv4(ip), .port = "Vlan20"
	};

	snprintf(p.mac, sizeof(p.mac), "%s", mac);
	return p;
}

static UNUSED struct presence
help_station(const char *mac, const char *port)
{
	struct presence p = { .kind = PRESENT_STATION, .vlan = "20" };

	snprintf(p.mac, sizeof(p.mac), "%s", mac);
	snprintf(p.port, sizeof(p.port), "%s", port);
	return p;
}

/* The device on a port, as it calls itself. */
static UNUSED struct presence
help_link(const char *port, const char *name)
{
	struct presence p = { .kind = PRESENT_LINK, .far_port = "Gi0/48" };

	snprintf(p.port, sizeof(p.port), "%s", port);
	snprintf(p.name, sizeof(p.name), "%s", name);
	return p;
}

/* A complete poll at `when` that takes two seconds and saw these; whole: a bit for each kind. */
static UNUSED void
help_look(
    struct store *s, int64_t device, int64_t when, struct presence *list, size_t n, unsigned whole)
{
	struct poll_report r = { .started = when,
		.asked = when,
		.answered = when + 2,
		.ended = when + 2,
		.outcome = OUTCOME_COMPLETE };
	struct error err = { 0 };

	if (n > 0)
		qsort(list, n, sizeof(*list), presence_compare);
	assert_int_equal(store_begin(s, &err), 0);
	assert_true(store_poll(s, device, &r, NULL, 0, NULL, NULL, &err) > 0);
	assert_int_equal(store_presences(s, device, &r, list, n, whole, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
}

/* The words every test poll has: 0 is "", then these. */
static const char *const help_texts[] = { "", "ESTABLISHED", "TIME_WAIT", "vrf-a", "vrf-b", "web",
	"anna", "eth0", "eth1", "caf\xc3\xa9" };
enum {
	W_NONE,
	W_ESTABLISHED,
	W_TIME_WAIT,
	W_VRF_A,
	W_VRF_B,
	W_WEB,
	W_ANNA,
	W_ETH0,
	W_ETH1,
	W_CAFE,
	W_COUNT
};

static UNUSED const struct words *
help_words(void)
{
	static char bytes[256];
	static uint32_t offsets[W_COUNT + 1];
	static struct words words;
	uint32_t used = 0;

	for (uint32_t i = 1; i < W_COUNT; i++) {
		offsets[i] = used;
		memcpy(bytes + used, help_texts[i], strlen(help_texts[i]));
		used += (uint32_t)strlen(help_texts[i]);
	}
	offsets[W_COUNT] = used;
	words = (struct words){ bytes, offsets, W_COUNT - 1 };
	return &words;
}

static UNUSED struct addr
help_addr(const char *text)
{
	struct addr a = { 0 };

	assert_true(addr_parse(text_of(text), &a));
	return a;
}

static UNUSED struct session
help_session(const char *inside, uint16_t in_port, const char *outside, uint16_t out_port)
{
	struct session s = { .flags = SESSION_IN_PORT | SESSION_OUT_PORT,
		.initiator = INITIATOR_IN,
		.state = W_ESTABLISHED };

	s.key.inside = help_addr(inside);
	s.key.outside = help_addr(outside);
	s.key.in_port = in_port;
	s.key.out_port = out_port;
	s.key.proto = PROTO_TCP;
	return s;
}

static UNUSED struct poll_report
help_report(enum outcome outcome, int64_t asked, int64_t answered, size_t n)
{
	bool read = outcome <= OUTCOME_PARTIAL;
	struct poll_report r = { .started = asked - 1,
		.asked = read ? asked : 0,
		.answered = read ? answered : 0,
		.ended = answered + 1,
		.duration_ms = 1500,
		.outcome = (uint8_t)outcome,
		.sessions = n };

	r.reason = outcome == OUTCOME_COMPLETE ? REASON_NONE : REASON_TIMEOUT;
	return r;
}

static UNUSED int
help_compare(const void *a, const void *b)
{
	const struct session *x = a, *y = b;
	return session_key_compare(&x->key, &y->key);
}

/* Sorts rows and commits them as one poll. */
static UNUSED struct store_counts
help_poll(struct store *s, int64_t device, enum outcome outcome, int64_t asked, int64_t answered,
    struct session *rows, size_t n)
{
	struct poll_report r = help_report(outcome, asked, answered, n);
	struct store_counts counts;
	struct error err = { 0 };

	if (n)
		qsort(rows, n, sizeof(*rows), help_compare);
	assert_int_equal(store_begin(s, &err), 0);
	if (store_poll(s, device, &r, rows, n, help_words(), &counts, &err) < 0)
		fail_msg("%s", err.text);
	if (store_commit(s, &err) < 0)
		fail_msg("%s", err.text);
	return counts;
}

static UNUSED int64_t
help_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	int64_t n;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(st) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

#endif
