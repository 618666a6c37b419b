/* gatebook verify: is the store, or a backup, as it was written? */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/ledger.h"
#include "cli/question.h"
#include "ledger/verify.h"
#include "query/range.h"
#include "store/check.h"

struct judging {
	const struct call *call;
	struct ledger_keys *keys; /* NULL: the chain alone */
	json_t *bad, *good;       /* faults; ranges of days */
	int64_t from, to;         /* the range of good days that is going on; from -1: none */
	uint64_t days, whole;
	bool live; /* whole, its ledger too */
	uint64_t records, devices, polls;
	int64_t last_us; /* of the ledger */
};

/* --- what is found ---------------------------------------------------------------------------- */

static void
end_range(struct judging *j)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	if (j->from < 0)
		return;
	clock_format(j->from * CLOCK_DAY, true, from);
	clock_format(j->to * CLOCK_DAY, true, to);
	(void)json_array_append_new(
	    j->good, json_pack("{s:s%,s:s%}", "from", from, (size_t)10, "to", to, (size_t)10));
	j->from = -1;
}

static void
bad(struct judging *j, const char *file, const char *why)
{
	(void)json_array_append_new(j->bad, json_pack("{s:s,s:s}", "file", file, "why", why));
	if (j->call->form != WRITE_JSON)
		printf("bad: %s: %s\n", file, why);
}

static void
on_file(const struct checked *c, void *arg)
{
	struct judging *j = arg;

	if (c->why)
		bad(j, c->file, c->why);
	if (c->day < 0) {
		j->live = j->live || !c->why;
		return;
	}
	j->days++;
	j->whole += !c->why;
	if (c->why) {
		end_range(j);
		return;
	}
	if (j->from < 0)
		j->from = c->day;
	j->to = c->day;
}

static uint64_t
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	uint64_t n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* The ledger, but for the age of records that no head covers yet: a backup and a killed writer
 * leave some, the next poll seals them, and `ledger verify` judges them. */
static void
on_live(sqlite3 *db, void *arg)
{
	struct judging *j = arg;
	struct error err = { 0 };
	struct verifier v;
	int rc = ledger_verify(db, j->keys, (struct text){ 0 }, 0, &v, &err);

	j->records = v.tree.n;
	j->last_us = v.last_us;
	j->devices = number(db, "SELECT count(*) FROM device");
	j->polls = number(db, "SELECT count(*) FROM poll");
	if (rc == 1)
		return;
	j->live = false;
	bad(j, "ledger", rc < 0 ? err.text : v.why);
}

/* --- what is said ----------------------------------------------------------------------------- */

static void
say_good(const struct judging *j)
{
	size_t i;
	json_t *range;

	printf("good: ");
	if (json_array_size(j->good) > 0)
		printf("sessions that ended ");
	json_array_foreach(j->good, i, range)
	    printf("%s%s to %s", i ? ", " : "", json_string_value(json_object_get(range, "from")),
		json_string_value(json_object_get(range, "to")));
	if (j->live)
		printf("%s\n", json_array_size(j->good) ? ", and what is younger" : "all there is");
	else
		printf("%s\n", json_array_size(j->good) ? "" : "nothing that can be shown");
}

static void
say(const struct judging *j, const char *dir, const struct check *c)
{
	char moment[MOMENT_TEXT];

	printf("%s: %s", dir, c->backup ? "backup" : "store");
	if (c->backup)
		printf(" as it was %s", moment_format(c->made, j->call->utc, false, moment));
	printf("; live database %s: %llu devices, %llu polls; ledger: %llu records",
	    j->live ? "ok" : "not ok", (unsigned long long)j->devices, (unsigned long long)j->polls,
	    (unsigned long long)j->records);
	if (j->records > 0)
		printf(
		    " up to %s", moment_format(j->last_us / 1000000, j->call->utc, false, moment));
	if (!j->keys)
		printf(" (no public key here: signatures were not looked at)");
	printf("; sealed days: %llu of %llu ok\n", (unsigned long long)j->whole,
	    (unsigned long long)j->days);
	say_good(j);
}

static int
say_json(struct judging *j, const char *dir, const struct check *c)
{
	json_t *object = json_pack("{s:b,s:s,s:b,s:b,s:I,s:I,s:I,s:I,s:I,s:b,s:O,s:O}", "verified",
	    json_array_size(j->bad) == 0, "folder", dir, "backup", c->backup, "live", j->live,
	    "devices", (json_int_t)j->devices, "polls", (json_int_t)j->polls, "records",
	    (json_int_t)j->records, "days", (json_int_t)j->days, "days_good", (json_int_t)j->whole,
	    "signatures", j->keys != NULL, "good", j->good, "bad", j->bad);
	int rc = object ? json_dumpf(object, stdout, JSON_INDENT(2)) : -1;

	json_decref(object);
	return rc == 0 && puts("") >= 0 ? 0 : -1;
}

static int
judge(struct judging *j, const char *dir, struct error *err)
{
	struct check c = { .file = on_file, .live = on_live, .arg = j };

	if (store_check(dir, &c, err) < 0)
		return err->exit ? err->exit : EXIT_FAILED;
	end_range(j);
	if (j->call->form == WRITE_JSON)
		(void)say_json(j, dir, &c);
	else
		say(j, dir, &c);
	if (fflush(stdout) != 0)
		return error_set(err, "the answer could not be written"), EXIT_FAILED;
	return json_array_size(j->bad) == 0
		   ? EXIT_OK
		   : (error_exit(err, EXIT_FALSE,
			  "%zu things are not as they were written: mend them from a backup",
			  json_array_size(j->bad)),
			 EXIT_FALSE);
}

/* The public key of the book, if there is one, or the one that was given. */
static int
take_keys(struct judging *j, struct error *err)
{
	char own[4200];

	(void)snprintf(own, sizeof(own), "%s/secrets/ledger.key.pub", j->call->dir);
	if (!call_value(j->call, "key") && access(own, F_OK) != 0)
		return 0;
	j->keys = ledger_public(j->call, err);
	return j->keys ? 0 : -1;
}

static int
run(struct call *call)
{
	struct judging j = { .call = call, .from = -1, .bad = json_array(), .good = json_array() };
	struct error err = { 0 };
	char *store = NULL;
	int rc = EXIT_USAGE;

	if (call->n > 1)
		error_exit(&err, EXIT_USAGE, "one folder at a time: gatebook verify [DIR]");
	else if (call->n == 0)
		store = store_dir(call->dir, &err);
	if ((store || call->n == 1) && take_keys(&j, &err) == 0)
		rc = judge(&j, store ? store : call->words[0], &err);
	free(store);
	ledger_keys_free(j.keys);
	json_decref(j.bad);
	json_decref(j.good);
	return rc == EXIT_OK ? rc : cli_fail(&err, rc);
}

static const struct option_row options[] = {
	{ "key", 0, "PUB", "public keys in PEM (else DIR/secrets/ledger.key.pub, if it is there)" },
	{ NULL },
};

const struct cli_command cli_verify = { .name = "verify",
	.synopsis = "[DIR] [--key PUB]",
	.summary = "Show that the store, or a backup, is as it was written",
	.text =
	    "Of a store (that of gatebook.yml unless said): every page, index and packed value of "
	    "the live database; the ledger's chain, and with a public key its signed heads; each "
	    "sealed day's bytes, hash and schema against the catalogue, and the catalogue against "
	    "the files. Of a backup: every byte against SHA256SUMS, then the same of its live "
	    "database. A daemon may run meanwhile. It says which days are good. Exit 3: something "
	    "is not, and each file is named with what is wrong.",
	.example = "gatebook verify\ngatebook verify /backup/gatebook",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run };
