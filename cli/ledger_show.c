/* gatebook ledger show: what was done, record by record. */
#include <stdio.h>

#include "cli/ledger.h"

struct shown {
	struct writer *writer;
	struct ledger_filter filter;
};

static void
show(const struct ledger_row *row, void *arg)
{
	struct shown *s = arg;

	if (ledger_filter_passes(&s->filter, &row->event))
		ledger_put(s->writer, row);
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct shown s = { 0 };
	struct reader *r = NULL;
	int64_t n = -1;

	if (ledger_filter_read(call, false, &s.filter, &err) == 0)
		r = ledger_reader(call, &err);
	if (r)
		s.writer = call_writer(call, ledger_columns, &err);
	if (s.writer) {
		n = ledger_scan(reader_live(r),
		    &(struct ledger_scan){ s.filter.from_us, s.filter.to_us, true, show, &s },
		    &err);
		if (writer_end(s.writer, NULL) < 0 && n >= 0)
			n = error_set(&err, "the answer could not be written whole");
	}
	if (r)
		reader_close(r);
	return n < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

const struct cli_command cli_ledger_show = {
	.name = "ledger show",
	.synopsis = "[--device NAME] [--kind KIND,...] [--user TEXT]",
	.summary = "Show what was done: logins, lines sent, decisions",
	.text = "Every login and every line is an intent, on record before its first byte is sent, "
		"and a result behind it, which ANSWERS the intent. RESULT is 'unknown' where no "
		"result is on record: the process died in between, or is still at it. Without a "
		"time: the last 24 hours.",
	.example = "gatebook ledger show --last 1h\n"
		   "gatebook ledger show --device edge-fw1 --kind intent --last 30d -o csv",
	.options = ledger_filters,
	.flags = CLI_TIMES | CLI_OUTPUT,
	.run = run,
};
