/* gatebook hostkey list: the keys we trust. */
#include "cli/hostkey.h"
#include "store/read.h"

enum { C_DEVICE, C_KEY, C_ADDED, C_BY };

static const struct column columns[] = { [C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_KEY] = { "key", "KEY", CELL_TEXT },
	[C_ADDED] = { "added", "TRUSTED SINCE", CELL_TIME },
	[C_BY] = { "by", "BY", CELL_TEXT },
	{ NULL } };

static struct text
column_text(sqlite3_stmt *statement, int column)
{
	const char *s = (const char *)sqlite3_column_text(statement, column);

	return text_of(s ? s : "");
}

static int
list(struct writer *w, struct reader *reader, struct error *err)
{
	sqlite3_stmt *statement;
	sqlite3 *db = reader_live(reader);

	if (sqlite3_prepare_v2(db,
		"SELECT device, key, added, by FROM hostkey WHERE revoked IS NULL ORDER BY device, "
		"added",
		-1, &statement, NULL) != SQLITE_OK)
		return error_set(err, "cannot read the host keys: %s", sqlite3_errmsg(db));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		writer_text(w, C_DEVICE, column_text(statement, 0));
		writer_text(w, C_KEY, column_text(statement, 1));
		writer_time(w, C_ADDED, sqlite3_column_int64(statement, 2));
		writer_text(w, C_BY, column_text(statement, 3));
		writer_row(w);
	}
	(void)sqlite3_finalize(statement);
	return 0;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	struct error err = { 0 };
	struct reader *reader;
	struct writer *w;
	int rc = -1;

	if (!config)
		return EXIT_USAGE;
	reader = reader_open(config->store, 0, &err);
	w = writer_new(
	    stdout, call->form, columns, call->columns, call->utc, !call->no_headers, &err);
	if (reader && w) {
		rc = list(w, reader, &err);
		(void)writer_end(w, NULL);
	}
	if (reader)
		reader_close(reader);
	config_free(config);
	return rc == 0 ? EXIT_OK : cli_fail(&err, EXIT_FAILED);
}

const struct cli_command cli_hostkey_list = { .name = "hostkey list",
	.synopsis = "",
	.summary = "List the host keys that are trusted, since when and by whom",
	.text = "Only a device that shows one of its trusted keys is ever offered a credential.",
	.example = "gatebook hostkey list -o json",
	.flags = CLI_OUTPUT,
	.run = run };
