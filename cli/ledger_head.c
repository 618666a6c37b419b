/* gatebook ledger head: the last signed head, to be kept where the store's writer cannot reach. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/ledger.h"

static int
print_last(sqlite3 *db, struct error *err)
{
	sqlite3_stmt *st;
	int rc = -1;

	if (sqlite3_prepare_v2(
		db, "SELECT note FROM head ORDER BY size DESC LIMIT 1", -1, &st, NULL) != SQLITE_OK)
		return error_set(err, "the ledger cannot be read: %s", sqlite3_errmsg(db));
	if (sqlite3_step(st) != SQLITE_ROW)
		error_set(err, "the ledger has no signed head yet: `gatebook ledger key` makes a "
			       "key, the next poll signs");
	else if (fputs((const char *)sqlite3_column_text(st, 0), stdout) < 0 || fflush(stdout) != 0)
		error_set(err, "the head could not be written");
	else
		rc = 0;
	sqlite3_finalize(st);
	return rc;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct reader *r = NULL;
	int rc = -1;

	if (call->n > 0)
		error_exit(&err, EXIT_USAGE, "ledger head takes no words: it prints to stdout");
	else
		r = ledger_reader(call, &err);
	if (r) {
		rc = print_last(reader_live(r), &err);
		reader_close(r);
	}
	return rc < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

const struct cli_command cli_ledger_head = {
	.name = "ledger head",
	.synopsis = "",
	.summary = "Print the last signed head of the ledger",
	.text = "A signed note (C2SP signed-note, as transparency logs use) that fixes every "
		"record "
		"before it. Keep it where whoever can write the store cannot: with `ledger verify "
		"--head` it shows a cut tail and an older file for what they are. `ledger: {heads: "
		"FILE}` appends each one to a file by itself.",
	.example = "gatebook ledger head >> /media/worm/heads\n"
		   "gatebook ledger head | logger -t gatebook-head",
	.run = run,
};
