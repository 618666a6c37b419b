/* The ledger's bytes, its chain, and what it refuses to read. */
#include "tests/unit/store_help.h"

#include "ledger/ledger.h"

static const struct ledger_event example = {
	.kind = LEDGER_INTENT,
	.time_us = 1795579200000001,
	.who = "uid 1000 (anna)",
	.device = "edge-1",
	.account = "gatebook",
	.address = "192.0.2.9:22",
	.what = "show conn",
	.result = "",
	.refers = 7,
	.detail = "n=1",
};

/* Written down by hand from the format in ledger.h: a change of it must not pass unseen. */
static const char known_record[] = "\x0b\0\0\0"
				   "\x08\0\0\0\x03\0\0\0\0\0\0\0"               /* seq 3 */
				   "\x08\0\0\0\x01\0\0\0\0\0\0\0"               /* intent */
				   "\x08\0\0\0\x01\xd0\x61\xdc\x11\x61\x06\x00" /* time_us */
				   "\x10\0\0\0uid 1000 (anna)\0"
				   "\x07\0\0\0edge-1\0"
				   "\x09\0\0\0gatebook\0"
				   "\x0d\0\0\0"
				   "192.0.2.9:22\0"
				   "\x0a\0\0\0show conn\0"
				   "\x01\0\0\0\0"
				   "\x08\0\0\0\x07\0\0\0\0\0\0\0"
				   "\x04\0\0\0n=1";

static void
known_bytes(void **state)
{
	uint8_t bytes[512], zeros[32] = { 0 }, hash[32];
	/* printf of 0x00, 32 zero bytes and known_record into sha256sum */
	static const uint8_t known_hash[32] = { 0xbb, 0x62, 0x78, 0xd6, 0x88, 0x81, 0x3b, 0xf0,
		0x5b, 0x23, 0xa6, 0x74, 0x26, 0x7c, 0x11, 0xce, 0x9d, 0x23, 0x05, 0x7c, 0xa9, 0xb0,
		0x3f, 0x05, 0x20, 0xeb, 0x19, 0xf2, 0x36, 0x4e, 0x9f, 0x3a };
	size_t n = ledger_encode(&example, 3, bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(n, sizeof(known_record));
	assert_memory_equal(bytes, known_record, n);
	assert_int_equal(ledger_encode(&example, 3, bytes, n), n);
	assert_int_equal(ledger_encode(&example, 3, bytes, n - 1), 0);
	ledger_hash(zeros, known_record, sizeof(known_record), hash);
	assert_memory_equal(hash, known_hash, 32);
}

static void
same_text(const char *a, const char *b)
{
	assert_string_equal(a ? a : "", b ? b : "");
}

static void
same(const struct ledger_event *a, const struct ledger_event *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->time_us, b->time_us);
	assert_int_equal(a->refers, b->refers);
	same_text(a->who, b->who);
	same_text(a->device, b->device);
	same_text(a->account, b->account);
	same_text(a->address, b->address);
	same_text(a->what, b->what);
	same_text(a->result, b->result);
	same_text(a->detail, b->detail);
}

static const char *
random_text(struct help_random *r, char *buffer, size_t size)
{
	size_t n = help_random(r, (uint32_t)size);

	if (help_random(r, 5) == 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		buffer[i] = (char)(1 + help_random(r, 255));
	buffer[n] = '\0';
	return buffer;
}

static void
round_trip(void **state)
{
	struct help_random r = { 5 };
	static char texts[7][300];
	static uint8_t bytes[4096], copy[4096];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct ledger_event e = { .kind = (enum ledger_kind)help_random(&r, LEDGER_KINDS),
			.time_us = (int64_t)help_random(&r, UINT32_MAX) << help_random(&r, 32),
			.refers = help_random(&r, 1000) };
		struct ledger_event back;
		uint64_t seq = help_random(&r, UINT32_MAX), seq_back;
		const char **fields[] = { &e.who, &e.device, &e.account, &e.address, &e.what,
			&e.result, &e.detail };
		for (int f = 0; f < 7; f++)
			*fields[f] = random_text(&r, texts[f], sizeof(texts[f]));
		size_t n = ledger_encode(&e, seq, bytes, sizeof(bytes));
		assert_true(n > 0);
		assert_true(ledger_decode(bytes, n, &back, &seq_back));
		assert_int_equal(seq_back, seq);
		same(&back, &e);
		assert_int_equal(ledger_encode(&back, seq_back, copy, sizeof(copy)), n);
		assert_memory_equal(copy, bytes, n);
	}
}

/* No byte of a length, no NUL and no end can be changed. What is read back from any changed record
 * is encoded to those very bytes: there is one record for one event. */
static void
refuses_altered(void **state)
{
	uint8_t bytes[512], copy[512], again[512];
	size_t n = ledger_encode(&example, 3, bytes, sizeof(bytes)), refused = 0;
	struct ledger_event e;
	uint64_t seq;

	(void)state;
	for (size_t cut = 0; cut < n; cut++)
		assert_false(ledger_decode(bytes, cut, &e, &seq));
	memcpy(copy, bytes, n);
	copy[n] = '\0';
	assert_false(ledger_decode(copy, n + 1, &e, &seq));
	for (size_t i = 0; i < n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			memcpy(copy, bytes, n);
			copy[i] ^= (uint8_t)(1 << bit);
			if (!ledger_decode(copy, n, &e, &seq)) {
				refused++;
				continue;
			}
			assert_int_equal(ledger_encode(&e, seq, again, sizeof(again)), n);
			assert_memory_equal(again, copy, n);
		}
	}
	/* At least the count, the 11 lengths and the 7 NULs. */
	assert_true(refused >= 8 * (4 + 11 * 4 + 7));
}

static void
chain(void **state)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	struct error err = { 0 };
	struct ledger_event e = example, back;
	uint8_t before[32] = { 0 }, hash[32];
	uint64_t seq = 0, found;
	sqlite3_stmt *st;
	struct reader *r;

	(void)state;
	for (int i = 1; i <= 5; i++) {
		assert_int_equal(store_begin(s, &err), 0);
		e.refers = seq;
		assert_int_equal(ledger_append(s, &e, &seq, &err), 0);
		assert_int_equal(seq, i);
		if (i == 3) { /* what was rolled back was never there */
			store_rollback(s);
			seq = 2;
			assert_int_equal(store_begin(s, &err), 0);
			assert_int_equal(ledger_append(s, &e, &seq, &err), 0);
			assert_int_equal(seq, 3);
		}
		assert_int_equal(store_commit(s, &err), 0);
	}
	assert_int_equal(ledger_append(s, &e, &seq, &err), -1);
	store_close(s);

	r = help_reader(dir);
	assert_int_equal(
	    sqlite3_prepare_v2(reader_live(r),
		"SELECT seq, time_us, record, hash FROM ledger ORDER BY seq", -1, &st, NULL),
	    SQLITE_OK);
	for (int i = 1; i <= 5; i++) {
		assert_int_equal(sqlite3_step(st), SQLITE_ROW);
		const void *record = sqlite3_column_blob(st, 2);
		size_t n = (size_t)sqlite3_column_bytes(st, 2);
		assert_true(ledger_decode(record, n, &back, &found));
		assert_int_equal(found, i);
		assert_int_equal(sqlite3_column_int64(st, 0), i);
		assert_int_equal(sqlite3_column_int64(st, 1), example.time_us);
		assert_int_equal(back.refers, i - 1);
		ledger_hash(before, record, n, hash);
		assert_memory_equal(sqlite3_column_blob(st, 3), hash, 32);
		memcpy(before, hash, 32);
	}
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	sqlite3_finalize(st);
	reader_close(r);
	help_remove(dir);
}

/* The table itself refuses to be rewritten. */
static void
append_only(void **state)
{
	char *dir = help_folder(), path[4096];
	struct store *s = help_open(dir);
	struct error err = { 0 };
	sqlite3 *db;

	(void)state;
	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(ledger_append(s, &example, NULL, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "DELETE FROM ledger", NULL, NULL, NULL), SQLITE_CONSTRAINT);
	assert_int_equal(
	    sqlite3_exec(db, "UPDATE ledger SET time_us = 0", NULL, NULL, NULL), SQLITE_CONSTRAINT);
	sqlite3_close(db);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_bytes),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(refuses_altered),
		cmocka_unit_test(chain),
		cmocka_unit_test(append_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
