/* gatebook ledger verify: is the ledger whole, and as it was written? */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/ledger.h"
#include "ledger/verify.h"
#include "query/range.h"

static const struct option_row options[] = {
	{ "head", 0, "FILE", "heads that were kept elsewhere: each must be one of this ledger" },
	{ "key", 0, "PUB", "public keys in PEM (else DIR/secrets/ledger.key.pub)" },
	{ NULL },
};

/* What was shown for this: the last head of the store. */
static struct text
last_note(sqlite3 *db, char note[static HEAD_NOTE])
{
	sqlite3_stmt *st;

	note[0] = '\0';
	if (sqlite3_prepare_v2(db, "SELECT note FROM head ORDER BY size DESC LIMIT 1", -1, &st,
		NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		reader_column_text(st, 0, note, HEAD_NOTE);
	sqlite3_finalize(st);
	return text_of(note);
}

static void
put_hex(const uint8_t *bytes, char out[static 65])
{
	for (int i = 0; i < 32; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static int
say_json(const struct verifier *v, bool good, const char *key)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT], when[CLOCK_TEXT], root[65], chain[65];
	uint8_t bytes[32];
	json_t *object;
	int rc;

	merkle_root(&v->tree, bytes);
	put_hex(bytes, root);
	put_hex(v->hash, chain);
	object = json_pack("{s:b, s:s, s:I, s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:s}", "verified",
	    good, "why", v->why, "records", (json_int_t)v->tree.n, "from",
	    clock_format(v->first_us / 1000000, true, from), "to",
	    clock_format(v->last_us / 1000000, true, to), "heads", (json_int_t)v->heads, "sealed",
	    (json_int_t)v->sealed, "signed", clock_format(v->signed_us / 1000000, true, when),
	    "key", key, "root", root, "chain", chain);
	rc = object ? json_dumpf(object, stdout, JSON_INDENT(2)) : -1;
	json_decref(object);
	return rc == 0 && puts("") >= 0 && fflush(stdout) == 0 ? 0 : -1;
}

static void
say_text(const struct call *call, const struct verifier *v, const char *key)
{
	struct range range = { v->first_us / 1000000, v->last_us / 1000000, false, call->utc };
	char moment[MOMENT_TEXT], hex[65], covered[RANGE_TEXT];

	put_hex(v->hash, hex);
	printf("%s: %llu records, %s\n", v->why[0] ? "whole up to here" : "ledger ok",
	    (unsigned long long)v->tree.n, v->tree.n ? range_format(&range, covered) : "none");
	if (v->heads > 0)
		printf("%llu signed heads; the last one covers records 1 to %llu, signed %s%s%s\n",
		    (unsigned long long)v->heads, (unsigned long long)v->sealed,
		    moment_format(v->signed_us / 1000000, call->utc, false, moment),
		    key[0] ? ", key " : "", key);
	if (!v->why[0] && v->sealed < v->tree.n)
		printf("%llu younger records are chained and wait for the next head\n",
		    (unsigned long long)(v->tree.n - v->sealed));
	printf("hash of record %llu: %s\n", (unsigned long long)v->tree.n, hex);
}

static int
say(const struct call *call, const struct verifier *v, bool good, const char *key)
{
	struct error err = { 0 };

	if (call->form == WRITE_JSON)
		(void)say_json(v, good, key);
	else
		say_text(call, v, key);
	if (good)
		return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
	error_exit(&err, EXIT_FALSE, "the ledger is not what was written: %s", v->why);
	return cli_fail(&err, EXIT_FALSE);
}

static int
verify(const struct call *call, sqlite3 *db, const struct ledger_keys *keys, struct text kept)
{
	struct error err = { 0 };
	struct verifier v;
	char note[HEAD_NOTE], key[KEY_NAME];
	int rc = ledger_verify(db, keys, kept, clock_now_us(), &v, &err);

	if (rc < 0)
		return cli_fail(&err, EXIT_FAILED);
	ledger_keys_name(keys, last_note(db, note), key);
	return say(call, &v, rc == 1, key);
}

static int
run(struct call *call)
{
	const char *path = call_value(call, "head");
	struct error err = { 0 };
	struct ledger_keys *keys = NULL;
	struct reader *r = NULL;
	char *bytes = NULL;
	size_t n = 0;
	int rc = -1;

	if (call->n > 0)
		error_exit(&err, EXIT_USAGE, "ledger verify takes no words; see --help");
	else if (!path || (bytes = ledger_file(path, &n, &err)))
		keys = ledger_public(call, &err);
	if (keys && path && text_trim((struct text){ bytes, n }).n == 0)
		error_exit(&err, EXIT_USAGE, "%s holds no head", path);
	else if (keys)
		r = ledger_reader(call, &err);
	rc = r ? verify(call, reader_live(r), keys, (struct text){ bytes, n })
	       : cli_fail(&err, EXIT_FAILED);
	if (r)
		reader_close(r);
	ledger_keys_free(keys);
	free(bytes);
	return rc;
}

const struct cli_command cli_ledger_verify = {
	.name = "ledger verify",
	.synopsis = "[--head FILE] [--key PUB]",
	.summary = "Show that the ledger is whole and as it was written",
	.text =
	    "Computes everything again from the records: each one's bytes, number and hash, the "
	    "Merkle root of each signed head, its signature, its place behind the head before "
	    "it. An edited, removed or moved record, a missing or foreign seal is found by that "
	    "alone; a cut tail or an older file put back is found against a head that was kept "
	    "elsewhere (--head, see `ledger head`). Exit 0: all of it is so, and the range that "
	    "was covered is printed; 3: it is not, and the first record or head that is wrong "
	    "is named; 1: it could not be read.",
	.example = "gatebook ledger verify --head /media/worm/heads --key auditor/ledger.pub",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
