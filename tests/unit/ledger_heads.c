/* Merkle trees, heads, and every way to change a ledger that has them: all are found, and an
 * independent verifier (tests/verify_ledger.py) says the same. */
#include "tests/unit/store_help.h"

#include <sys/wait.h>

#include "base/arena.h"
#include "ledger/hash.h"
#include "ledger/ledger.h"
#include "ledger/proof.h"
#include "ledger/sealer.h"
#include "ledger/verify.h"

enum { RECORDS = 10000, BATCH = 23, NOW = HELP_MIDNIGHT };

/* --- a book of 10,000 records ----------------------------------------------------------------- */

struct record {
	int64_t time_us;
	uint8_t *bytes;
	size_t n;
	uint8_t hash[32];
};

struct book {
	char *dir;
	struct ledger_key *key, *foreign;
	struct ledger_keys *keys;
	struct record record[RECORDS + 1]; /* from 1 */
	struct {
		uint64_t size;
		char note[HEAD_NOTE];
	} head[RECORDS];
	int n_heads;
	char last[HEAD_NOTE];
};
static struct book book;

static struct ledger_key *
new_key(void)
{
	struct error err = { 0 };
	struct ledger_key *key = ledger_key_new(&err);

	assert_non_null(key);
	return key;
}

static struct ledger_keys *
public_of(const struct ledger_key *key)
{
	struct error err = { 0 };
	char *pem = ledger_key_public(key);
	struct ledger_keys *keys = ledger_keys_read(text_of(pem), &err);

	assert_non_null(keys);
	free(pem);
	return keys;
}

static void
append(struct store *s, int i)
{
	char what[64], detail[64];
	struct ledger_event e = { .kind = i % 2 ? LEDGER_INTENT : LEDGER_RESULT,
		.time_us = (int64_t)NOW * 1000000 + i,
		.who = "uid 1000 (anna)",
		.device = "edge-fw1",
		.account = "gatebook",
		.address = "192.0.2.10:22",
		.what = what,
		.detail = detail,
		.refers = i % 2 ? 0 : (uint64_t)i - 1 };
	struct error err = { 0 };
	uint64_t seq;

	snprintf(what, sizeof(what), "show conn detail %d", i % 7);
	snprintf(detail, sizeof(detail), "lines=%d", i * 3);
	assert_int_equal(ledger_append(s, &e, &seq, &err), 0);
}

static void
read_book(sqlite3 *db)
{
	sqlite3_stmt *st;
	int i = 0;

	sqlite3_prepare_v2(
	    db, "SELECT time_us, record, hash FROM ledger ORDER BY seq", -1, &st, NULL);
	while (sqlite3_step(st) == SQLITE_ROW) {
		struct record *r = &book.record[++i];

		r->time_us = sqlite3_column_int64(st, 0);
		r->n = (size_t)sqlite3_column_bytes(st, 1);
		r->bytes = malloc(r->n + 64);
		memcpy(r->bytes, sqlite3_column_blob(st, 1), r->n);
		memcpy(r->hash, sqlite3_column_blob(st, 2), 32);
	}
	sqlite3_finalize(st);
	assert_int_equal(i, RECORDS);
	sqlite3_prepare_v2(db, "SELECT size, note FROM head ORDER BY size", -1, &st, NULL);
	while (sqlite3_step(st) == SQLITE_ROW) {
		book.head[book.n_heads].size = (uint64_t)sqlite3_column_int64(st, 0);
		snprintf(book.head[book.n_heads++].note, HEAD_NOTE, "%s",
		    (const char *)sqlite3_column_text(st, 1));
	}
	sqlite3_finalize(st);
	memcpy(book.last, book.head[book.n_heads - 1].note, HEAD_NOTE);
}

/* In batches, as polls end together; the writer dies and starts anew every 10 of them. */
static int
make_book(void **state)
{
	struct store *s = help_open(book.dir = help_folder());
	struct sealer sealer;
	struct error err = { 0 };
	struct reader *r;

	(void)state;
	clock_set(NOW);
	book.key = new_key();
	book.foreign = new_key();
	book.keys = public_of(book.key);
	assert_int_equal(sealer_begin(&sealer, s, book.key, &err), 0);
	for (int i = 1, batch = 0; i <= RECORDS; batch++) {
		assert_int_equal(store_begin(s, &err), 0);
		for (int k = 0; k < BATCH && i <= RECORDS; k++)
			append(s, i++);
		assert_true(sealer_seal(&sealer, s, i % 3 == 0 || i > RECORDS, &err) >= 0);
		assert_int_equal(store_commit(s, &err), 0);
		if (batch % 10 == 0)
			assert_int_equal(sealer_begin(&sealer, s, book.key, &err), 0);
	}
	assert_int_equal(sealer_due(&sealer, s), 0);
	store_close(s);
	r = help_reader(book.dir);
	read_book(reader_live(r));
	reader_close(r);
	return 0;
}

static int
drop_book(void **state)
{
	(void)state;
	for (int i = 1; i <= RECORDS; i++)
		free(book.record[i].bytes);
	ledger_key_free(book.key);
	ledger_key_free(book.foreign);
	ledger_keys_free(book.keys);
	help_remove(book.dir);
	clock_set(0);
	return 0;
}

/* --- the tree --------------------------------------------------------------------------------- */

/* The leaves and roots that the Certificate Transparency implementations test with (RFC 6962). */
static void
known_roots(void **state)
{
	static const struct {
		const char *leaf;
		size_t n;
		const char *root;
	} known[] = {
		{ "", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
		{ "\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
		{ "\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
		{ "\x20\x21", 2,
		    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
		{ "\x30\x31", 2,
		    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
		{ "\x40\x41\x42\x43", 4,
		    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
		{ "\x50\x51\x52\x53\x54\x55\x56\x57", 8,
		    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
		{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
		    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
	};
	struct merkle m = { 0 };
	uint8_t bytes[32], root[32];
	char hex[65];

	(void)state;
	merkle_root(&m, root);
	assert_string_equal(hash_hex(root, hex),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		bytes[0] = 0;
		memcpy(bytes + 1, known[i].leaf, known[i].n);
		hash_bytes(bytes, known[i].n + 1, root);
		merkle_add(&m, root);
		merkle_root(&m, root);
		assert_string_equal(hash_hex(root, hex), known[i].root);
	}
}

static void
root_over(const struct merkle_span *span, uint8_t leaf[][32], uint8_t root[static 32])
{
	struct merkle m = { 0 };

	for (uint64_t i = span->first; i < span->end; i++)
		merkle_add(&m, leaf[i]);
	merkle_root(&m, root);
}

/* RFC 9162, 2.1.3.2, written out once more. */
static bool
leads_up(uint64_t leaf, uint64_t n, const uint8_t value[static 32], uint8_t path[][32], int steps,
    const uint8_t root[static 32])
{
	uint64_t fn = leaf, sn = n - 1;
	uint8_t r[32];

	memcpy(r, value, 32);
	for (int i = 0; i < steps; i++) {
		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			hash_pair(HASH_NODE, path[i], r, 32, r);
			while (!(fn & 1) && fn)
				fn >>= 1, sn >>= 1;
		} else {
			hash_pair(HASH_NODE, r, path[i], 32, r);
		}
		fn >>= 1, sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, 32) == 0;
}

static void
paths(void **state)
{
	static uint8_t leaf[70][32], path[MERKLE_PATH][32];
	struct merkle_span spans[MERKLE_PATH];
	uint8_t root[32];

	(void)state;
	for (int i = 0; i < 70; i++)
		hash_bytes(&i, sizeof(i), leaf[i]);
	for (uint64_t n = 1; n <= 70; n++) {
		root_over(&(struct merkle_span){ 0, n }, leaf, root);
		for (uint64_t i = 0; i < n; i++) {
			int steps = merkle_path(i, n, spans);

			for (int k = 0; k < steps; k++)
				root_over(&spans[k], leaf, path[k]);
			assert_true(leads_up(i, n, leaf[i], path, steps, root));
			assert_false(leads_up(i, n, leaf[(i + 1) % 70], path, steps, root));
		}
	}
}

/* --- heads ------------------------------------------------------------------------------------ */

/* No bit of a note can be changed. */
static void
notes(void **state)
{
	char note[HEAD_NOTE];
	struct text whole = text_of(book.last), cursor = whole, one;
	struct ledger_keys *others = public_of(book.foreign);
	struct head h;

	(void)state;
	assert_true(head_verify(whole, book.keys, &h));
	assert_int_equal(h.size, RECORDS);
	assert_int_equal(h.number, book.n_heads);
	assert_false(head_verify(whole, others, &h));
	assert_true(head_next(&cursor, &one) && text_equal(one, whole) && cursor.n == 0);
	assert_false(head_next(&cursor, &one));
	for (size_t n = 0; n < whole.n; n++)
		assert_false(head_parse((struct text){ whole.s, n }, &h));
	for (size_t i = 0; i < whole.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			memcpy(note, whole.s, whole.n);
			note[i] ^= (char)(1 << bit);
			assert_false(head_verify((struct text){ note, whole.n }, book.keys, &h));
		}
	}
	ledger_keys_free(others);
}

static void
key_files(void **state)
{
	struct error err = { 0 };
	char *pem = ledger_key_private(book.key);
	char *a = ledger_key_public(book.key), *b = ledger_key_public(book.foreign), both[1000];
	struct ledger_key *again = ledger_key_read(text_of(pem), &err);
	struct ledger_keys *keys;
	struct head h;

	(void)state;
	assert_non_null(again);
	snprintf(both, sizeof(both), "%s%s", b, a);
	keys = ledger_keys_read(text_of(both), &err);
	assert_true(keys && head_verify(text_of(book.last), keys, &h));
	ledger_keys_free(keys);
	assert_null(ledger_keys_read(text_of("nothing"), &err));
	assert_null(ledger_keys_read(text_of(pem), &err));
	assert_null(ledger_key_read(text_of(a), &err));
	ledger_key_free(again);
	free(pem);
	free(a);
	free(b);
}

/* --- mutations -------------------------------------------------------------------------------- */

/* Where a reading stands before record i: what a change at i may start from. */
struct place {
	struct verifier v;
	int i, head;
};

static bool
give(struct place *p, const struct record *r, uint64_t seq)
{
	if (!verifier_record(&p->v, seq, r->time_us, r->bytes, r->n, r->hash, 32))
		return false;
	while (p->head < book.n_heads && book.head[p->head].size <= p->v.tree.n) {
		if (!verifier_head(
			&p->v, book.head[p->head].size, text_of(book.head[p->head].note)))
			return false;
		p->head++;
	}
	return true;
}

/* The rest of the book as a forger leaves it who can write the file but has not the key: numbers
 * and hashes made anew behind the change. `next` is the next record that is true. */
static bool
forge_on(struct place *p, int next)
{
	static struct record forged = { .bytes = NULL };

	if (!forged.bytes)
		forged.bytes = malloc(4096);
	for (; next <= RECORDS; next++) {
		const uint64_t seq = p->v.tree.n + 1;
		struct ledger_event e;
		uint64_t was;

		assert_true(ledger_decode(book.record[next].bytes, book.record[next].n, &e, &was));
		forged.n = ledger_encode(&e, seq, forged.bytes, 4096);
		forged.time_us = e.time_us;
		ledger_hash(p->v.hash, forged.bytes, forged.n, forged.hash);
		if (!give(p, &forged, seq))
			return false;
	}
	return p->head == book.n_heads && verifier_end(&p->v, (int64_t)NOW * 1000000);
}

/* Another record at i, in its true frame. */
static bool
forge_one(struct place *p, int from, const char *detail)
{
	uint8_t bytes[4096];
	struct record r = { .bytes = bytes };
	struct ledger_event e;
	uint64_t was;

	assert_true(ledger_decode(book.record[from].bytes, book.record[from].n, &e, &was));
	if (detail)
		e.detail = detail;
	r.n = ledger_encode(&e, p->v.tree.n + 1, bytes, sizeof(bytes));
	r.time_us = e.time_us;
	ledger_hash(p->v.hash, bytes, r.n, r.hash);
	return give(p, &r, p->v.tree.n + 1);
}

static void
edited(const struct place *at)
{
	const struct record *true_one = &book.record[at->i];
	uint8_t bytes[4096];
	struct record r = *true_one;
	struct place p = *at;

	/* a bit of it, the hash left */
	r.bytes = bytes;
	memcpy(bytes, true_one->bytes, r.n);
	bytes[(size_t)(at->i * 31) % r.n] ^= (uint8_t)(1 << at->i % 8);
	assert_false(give(&p, &r, (uint64_t)at->i));
	assert_true(p.v.why[0]);
	/* its time beside it; its hash */
	p = *at;
	r = *true_one;
	r.time_us++;
	assert_false(give(&p, &r, (uint64_t)at->i));
	p = *at;
	r = *true_one;
	r.hash[at->i % 32] ^= 1;
	assert_false(give(&p, &r, (uint64_t)at->i));
	/* another word, and everything behind it made to fit */
	p = *at;
	assert_false(forge_one(&p, at->i, "lines=0") && forge_on(&p, at->i + 1));
}

static void
deleted(const struct place *at)
{
	struct place p = *at;

	if (at->i < RECORDS)
		assert_false(give(&p, &book.record[at->i + 1], (uint64_t)at->i + 1));
	p = *at;
	assert_false(forge_on(&p, at->i + 1));
}

static void
reordered(const struct place *at)
{
	struct place p = *at;

	if (at->i == RECORDS)
		return;
	assert_false(give(&p, &book.record[at->i + 1], (uint64_t)at->i));
	p = *at;
	assert_false(forge_one(&p, at->i + 1, NULL) && forge_one(&p, at->i, NULL) &&
		     forge_on(&p, at->i + 2));
}

/* The ledger ends before i; its heads over more are gone too, or the file of that time is put back.
 */
static void
cut(const struct place *at)
{
	struct place p = *at;

	assert_false(verifier_kept(&p.v, text_of(book.last)));
	p = *at;
	assert_false(verifier_above(&p.v, RECORDS, "exported head"));
	assert_true(p.v.why[0]);
}

/* The forger edits i and signs the next head with a key of his own. */
static void
resealed(const struct place *at)
{
	struct place p = *at;
	struct head h = { .size = (uint64_t)at->i, .number = p.v.heads + 1 };
	char note[HEAD_NOTE];
	uint8_t bytes[4096], hash[32];
	struct ledger_event e;
	uint64_t was;

	assert_true(ledger_decode(book.record[at->i].bytes, book.record[at->i].n, &e, &was));
	e.what = "show version";
	size_t n = ledger_encode(&e, (uint64_t)at->i, bytes, sizeof(bytes));
	ledger_hash(p.v.hash, bytes, n, hash);
	assert_true(verifier_record(&p.v, (uint64_t)at->i, e.time_us, bytes, n, hash, 32));
	merkle_root(&p.v.tree, h.root);
	memcpy(h.before, p.v.before, 32);
	head_origin(p.v.first, h.origin);
	head_sign(&h, book.foreign, note);
	assert_false(verifier_head(&p.v, h.size, text_of(note)));
}

static void
every_record(void **state)
{
	struct place at = { .i = 1 };

	(void)state;
	verifier_begin(&at.v, book.keys);
	for (; at.i <= RECORDS; at.i++) {
		edited(&at);
		deleted(&at);
		reordered(&at);
		cut(&at);
		resealed(&at);
		assert_true(give(&at, &book.record[at.i], (uint64_t)at.i));
	}
	assert_true(verifier_end(&at.v, (int64_t)NOW * 1000000));
	assert_true(verifier_kept(&at.v, text_of(book.last)));
	/* Every head is needed. */
	for (int i = 0; i < book.n_heads - 1; i++) {
		struct place p = { .i = 1 };
		bool good = true;

		verifier_begin(&p.v, book.keys);
		if (book.head[i].size > 400)
			continue; /* the same rule for all: the first ones show it */
		for (int k = 1; good && k <= 800; k++) {
			if (p.head == i)
				p.head++;
			good = give(&p, &book.record[k], (uint64_t)k);
		}
		assert_false(good);
	}
}

/* --- stores, and the independent verifier ----------------------------------------------------- */

static void
write_file(const char *dir, const char *name, const char *text)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static bool
python_agrees(const char *dir)
{
	char db[4096], pem[4096], kept[4096];
	int status = 0;
	pid_t pid;

	snprintf(db, sizeof(db), "%s/gatebook.db", dir);
	snprintf(pem, sizeof(pem), "%s/pub.pem", dir);
	snprintf(kept, sizeof(kept), "%s/kept", dir);
	pid = fork();
	if (pid == 0) {
		dup2(2, 1);
		execlp("python3", "python3", "tests/verify_ledger.py", "ledger", db, pem, kept,
		    (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3));
	return WEXITSTATUS(status) == 0;
}

static bool
verify_store(const char *dir, char why[static VERIFY_WHY])
{
	struct reader *r = help_reader(dir);
	struct error err = { 0 };
	struct verifier v;
	int rc = ledger_verify(
	    reader_live(r), book.keys, text_of(book.last), (int64_t)NOW * 1000000, &v, &err);

	reader_close(r);
	assert_true(rc >= 0);
	memcpy(why, v.why, VERIFY_WHY);
	return rc == 1;
}

static void
change(const char *dir, const char *sql)
{
	char path[4096];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete;"
			     "DROP TRIGGER head_no_update; DROP TRIGGER head_no_delete",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
stores(void **state)
{
	static const struct {
		const char *sql, *why;
	} changes[] = {
		{ "", "" },
		{ "UPDATE ledger SET record = CAST(replace(hex(record), '73686F77', '73686F78') AS "
		  "BLOB) WHERE seq = 7000",
		    "record 7000" },
		{ "UPDATE ledger SET time_us = time_us + 1 WHERE seq = 9999", "record 9999" },
		{ "DELETE FROM ledger WHERE seq = 5000", "record 5000 is missing" },
		{ "DELETE FROM ledger WHERE seq = 1", "record 1 is missing" },
		{ "UPDATE ledger SET seq = -1 WHERE seq = 40; UPDATE ledger SET seq = 40 WHERE seq "
		  "= 41; UPDATE ledger SET seq = 41 WHERE seq = -1",
		    "record 40" },
		{ "DELETE FROM ledger WHERE seq > 9990", "its tail was cut" },
		{ "DELETE FROM ledger WHERE seq > 9000; DELETE FROM head WHERE size > 9000",
		    "exported head" },
		{ "DELETE FROM ledger; DELETE FROM head", "exported head" },
		{ "DELETE FROM head", "no signed head" },
		{ "DELETE FROM head WHERE size = 3000", "head" },
		{ "DELETE FROM head WHERE size = 10000", "seal" },
		{ "UPDATE head SET note = replace(note, 'time 1', 'time 2') WHERE size = 10000",
		    "not signed" },
		{ "UPDATE head SET size = size - 1 WHERE size = 10000", "stands at 9999" },
	};
	char *pem = ledger_key_public(book.key), why[VERIFY_WHY];

	(void)state;
	write_file(book.dir, "pub.pem", pem);
	write_file(book.dir, "kept", book.last);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char *dir = help_copy(book.dir);

		if (changes[i].sql[0])
			change(dir, changes[i].sql);
		assert_int_equal(verify_store(dir, why), changes[i].why[0] == '\0');
		if (!strstr(why, changes[i].why))
			fail_msg("%s: %s", changes[i].sql, why);
		assert_int_equal(python_agrees(dir), changes[i].why[0] == '\0');
		help_remove(dir);
	}
	free(pem);
}

/* An older file is put back and the true writer goes on from there, past the head that was kept. */
static void
replayed(void **state)
{
	char *dir = help_copy(book.dir), why[VERIFY_WHY];
	struct error err = { 0 };
	struct sealer sealer;
	struct store *s;

	(void)state;
	change(dir, "DELETE FROM ledger WHERE seq > 9000; DELETE FROM head WHERE size > 9000");
	s = help_open(dir);
	assert_int_equal(sealer_begin(&sealer, s, book.key, &err), 0);
	assert_int_equal(store_begin(s, &err), 0);
	for (int i = 9001; i < RECORDS + 500; i++)
		append(s, i + 2);
	assert_true(sealer_seal(&sealer, s, true, &err) > 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
	assert_false(verify_store(dir, why));
	assert_non_null(strstr(why, "exported head over 10000 records is not about these"));
	assert_false(python_agrees(dir));
	write_file(dir, "kept", sealer.note);
	assert_true(python_agrees(dir));
	help_remove(dir);
}

/* Proofs of some records, checked as RFC 9162 says. */
static void
proofs(void **state)
{
	struct reader *r = help_reader(book.dir);
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct proof p;
	struct head h;

	(void)state;
	for (uint64_t seq = 1; seq <= RECORDS; seq += 1111) {
		assert_int_equal(ledger_prove(reader_live(r), seq, &arena, &p, &err), 0);
		assert_true(head_verify(p.note, book.keys, &h));
		assert_int_equal(p.record.n, book.record[seq].n);
		assert_memory_equal(p.record.s, book.record[seq].bytes, p.record.n);
		assert_true(leads_up(seq - 1, h.size, p.leaf, p.path, p.n_path, h.root));
	}
	assert_int_equal(ledger_prove(reader_live(r), 0, &arena, &p, &err), -1);
	assert_int_equal(ledger_prove(reader_live(r), RECORDS + 1, &arena, &p, &err), -1);
	arena_free(&arena);
	reader_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_roots),
		cmocka_unit_test(paths),
		cmocka_unit_test(notes),
		cmocka_unit_test(key_files),
		cmocka_unit_test(every_record),
		cmocka_unit_test(stores),
		cmocka_unit_test(replayed),
		cmocka_unit_test(proofs),
	};

	return cmocka_run_group_tests(tests, make_book, drop_book);
}
