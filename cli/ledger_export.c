/* gatebook ledger export: the records for other programs. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/ledger.h"

static const struct option_row options[] = {
	{ "output", 'o', "FORM", "json (one object a line), csv, or syslog (RFC 5424)" },
	{ "device", 0, "NAME", "only records about this device" },
	{ "kind", 0, "A,B", "only these kinds: intent, result, poll, start, hostkey ..." },
	{ "user", 0, "TEXT", "only records of this user here, or this account there" },
	{ NULL },
};

struct export
{
	struct ledger_filter filter;
	struct writer *writer; /* NULL: syslog */
	char host[256];
};

/* RFC 5424, 6.3.3: a quote, a backslash and a closing bracket are escaped. Control bytes and what
 * is no UTF-8 as everywhere. */
static void
put_param(const char *name, const char *value)
{
	char shown[8192];

	if (!value[0])
		return;
	text_escape(text_of(value), shown, sizeof(shown));
	printf(" %s=\"", name);
	for (const char *p = shown; *p; p++) {
		if (*p == '"' || *p == ']' || *p == '\\')
			putchar('\\');
		putchar(*p);
	}
	putchar('"');
}

/* Facility 13 (log audit), severity 5 (notice). 32473 is the number that RFC 5612 keeps for
 * examples: Gatebook has none of its own. */
static void
put_syslog(const struct export *x, const struct ledger_row *row)
{
	const struct ledger_event *e = &row->event;
	time_t seconds = (time_t)(e->time_us / 1000000);
	char when[32], number[24], shown[8192];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		(void)snprintf(when, sizeof(when), "1970-01-01T00:00:00");
	printf("<109>1 %s.%06dZ %s gatebook - %s [gatebook@32473", when,
	    (int)(e->time_us % 1000000), x->host, ledger_kind_name(e->kind));
	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)row->seq);
	put_param("seq", number);
	put_param("who", e->who);
	put_param("device", e->device);
	put_param("account", e->account);
	put_param("address", e->address);
	put_param("result", e->result);
	if (e->refers) {
		(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)e->refers);
		put_param("refers", number);
	}
	put_param("detail", e->detail);
	text_escape(text_of(e->what), shown, sizeof(shown));
	printf("] %s\n", shown);
}

static void export(const struct ledger_row *row, void *arg)
{
	struct export *x = arg;

	if (!ledger_filter_passes(&x->filter, &row->event))
		return;
	if (x->writer)
		ledger_put(x->writer, row);
	else
		put_syslog(x, row);
}

static int
choose_form(struct call *call, struct export *x, struct error *err)
{
	const char *typed = call_value(call, "output");

	if (gethostname(x->host, sizeof(x->host) - 1) != 0 || !x->host[0])
		(void)snprintf(x->host, sizeof(x->host), "-");
	if (!typed || strcmp(typed, "json") == 0)
		call->form = WRITE_NDJSON;
	else if (strcmp(typed, "csv") == 0)
		call->form = WRITE_CSV;
	else if (strcmp(typed, "syslog") == 0)
		return 0;
	else
		return error_exit(err, EXIT_USAGE, "-o: export writes json, csv or syslog");
	x->writer = call_writer(call, ledger_columns, err);
	return x->writer ? 0 : -1;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct export x = { 0 };
	struct reader *r = NULL;
	int64_t n = -1;

	if (ledger_filter_read(call, true, &x.filter, &err) == 0)
		r = ledger_reader(call, &err);
	if (r && choose_form(call, &x, &err) == 0)
		n = ledger_scan(reader_live(r),
		    &(struct ledger_scan){ x.filter.from_us, x.filter.to_us, false, export, &x },
		    &err);
	if (x.writer && writer_end(x.writer, NULL) < 0 && n >= 0)
		n = error_set(&err, "the records could not be written whole");
	if (n >= 0 && fflush(stdout) != 0)
		n = error_set(&err, "the records could not be written whole");
	if (r)
		reader_close(r);
	return n < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

const struct cli_command cli_ledger_export = {
	.name = "ledger export",
	.synopsis = "[-o json|csv|syslog] [--device NAME] [--kind KIND,...] [--user TEXT]",
	.summary = "Write the records for other programs",
	.text = "Without a time: all of them. In JSON and CSV each record has its hash, so that it "
		"can be found again by `ledger prove`. Syslog is RFC 5424, a message a record, "
		"with "
		"its fields as structured data.",
	.example = "gatebook ledger export --since yesterday -o syslog | nc -N loghost 514\n"
		   "gatebook ledger export -o csv > ledger.csv",
	.options = options,
	.flags = CLI_TIMES,
	.run = run,
};
