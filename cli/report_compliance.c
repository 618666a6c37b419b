/* gatebook report compliance: what an auditor asks, each answer with the command that shows it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/report.h"
#include "base/clock.h"
#include "cli/ledger.h"
#include "ledger/verify.h"
#include "query/coverage.h"
#include "query/range.h"

static const struct option_row options[] = {
	{ "output", 'o', "FORM", "html, md or json" },
	{ "head", 0, "FILE", "heads of the ledger that were kept elsewhere" },
	{ "key", 0, "PUB", "public keys in PEM (else DIR/secrets/ledger.key.pub)" },
	{ NULL },
};

struct run {
	struct call *call;
	struct config *config;
	struct reader *reader;
	struct range range;
	struct report report;
};

/* --- integrity -------------------------------------------------------------------------------- */

static void
say_verified(
    struct run *run, struct report_section *s, const struct ledger_keys *keys, struct text kept)
{
	struct error err = { 0 };
	struct verifier v;
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	int rc = ledger_verify(reader_live(run->reader), keys, kept, clock_now_us(), &v, &err);

	s->good = rc == 1;
	if (rc == 1)
		s->statement = arena_printf(&run->report.arena,
		    "The ledger is whole and as it was written: %" PRIu64 " records from %s to %s "
		    "under %" PRIu64 " signed heads%s.",
		    v.tree.n, clock_format(v.first_us / 1000000, true, from),
		    clock_format(v.last_us / 1000000, true, to), v.heads,
		    kept.n ? ", those kept elsewhere among them" : "");
	else
		s->statement = arena_printf(&run->report.arena,
		    "The ledger could not be shown to "
		    "be whole: %s",
		    rc < 0 ? err.text : v.why);
}

static void
add_integrity(struct run *run)
{
	struct report_section *s = report_add(&run->report, "integrity", "Integrity of the ledger");
	const char *path = call_value(run->call, "head");
	struct error err = { 0 };
	struct ledger_keys *keys = ledger_public(run->call, &err);
	size_t n = 0;
	char *kept = keys && path ? ledger_file(path, &n, &err) : NULL;

	s->query = path ? "gatebook ledger verify --head FILE" : "gatebook ledger verify";
	if (!keys || (path && !kept)) {
		s->good = false;
		s->statement = arena_printf(&run->report.arena, "Not verified: %s", err.text);
	} else {
		say_verified(run, s, keys, (struct text){ kept, n });
	}
	ledger_keys_free(keys);
	free(kept);
}

/* --- coverage --------------------------------------------------------------------------------- */

static int
add_coverage(struct run *run, struct error *err)
{
	struct coverage *coverage = coverage_load(run->reader, &run->range, err);
	struct report_section *s;
	size_t n, whole = 0;

	if (!coverage)
		return -1;
	s = report_add(&run->report, "coverage", "Coverage of the monitoring");
	s->column[0] = "device";
	s->column[1] = "due";
	s->column[2] = "complete";
	s->column[3] = "partial";
	s->column[4] = "failed";
	s->column[5] = "not tried";
	n = coverage->n;
	for (size_t i = 0; i < n; i++) {
		const struct coverage_device *d = &coverage->devices[i];
		char number[5][24];

		(void)snprintf(number[0], 24, "%" PRIu64, d->slots);
		(void)snprintf(number[1], 24, "%" PRIu64, d->complete);
		(void)snprintf(number[2], 24, "%" PRIu64, d->partial);
		(void)snprintf(number[3], 24, "%" PRIu64, d->failed);
		(void)snprintf(number[4], 24, "%" PRIu64, coverage_not_tried(d));
		whole += d->complete >= d->slots;
		report_row(&run->report, s,
		    (const char *const[]){
			d->name, number[0], number[1], number[2], number[3], number[4] });
	}
	s->good = whole == n;
	s->statement = arena_printf(&run->report.arena,
	    "%zu of %zu devices were polled completely, whenever it was due.", whole, n);
	report_query(&run->report, s, "gatebook coverage");
	coverage_free(coverage);
	return 0;
}

static void
add_accounting(struct run *run)
{
	struct report_section *s = report_add(
	    &run->report, "accounting", "Comparison with AAA accounting");

	s->good = false;
	s->statement = "The logs of the AAA servers are not part of the book: gaps in them, and "
		       "use of the account by others, are shown by the command below.";
	report_query(&run->report, s, "gatebook ledger reconcile --aaa KIND:FILE");
}

static int
fill(struct run *run, struct error *err)
{
	struct report *r = &run->report;
	char range[RANGE_TEXT], made[CLOCK_TEXT], from[CLOCK_TEXT], to[CLOCK_TEXT];

	r->times = arena_printf(&r->arena, " --since %s --until %s",
	    clock_format(run->range.from, true, from), clock_format(run->range.to, true, to));
	r->title = "Gatebook: use of read-only accounts";
	r->range = arena_string(&r->arena, text_of(range_format(&run->range, range)));
	r->made = arena_string(&r->arena, text_of(clock_format(clock_now(), run->call->utc, made)));
	add_integrity(run);
	if (report_ledger(r, reader_live(run->reader), run->config, run->range.from * 1000000,
		run->range.to * 1000000 + 999999, err) < 0 ||
	    add_coverage(run, err) < 0)
		return -1;
	add_accounting(run);
	return 0;
}

static int
form_of(const char *typed, enum report_form *form, struct error *err)
{
	*form = REPORT_MD;
	if (!typed || strcmp(typed, "md") == 0)
		return 0;
	*form = strcmp(typed, "html") == 0 ? REPORT_HTML : REPORT_JSON;
	if (*form == REPORT_HTML || strcmp(typed, "json") == 0)
		return 0;
	return error_exit(err, EXIT_USAGE, "-o: a report is html, md or json");
}

static int
make(struct run *run, struct error *err)
{
	struct call *call = run->call;
	struct range_words words = { call->last, call->since, call->until, call->range, call->at,
		call->utc };
	enum report_form form;

	if (form_of(call_value(call, "output"), &form, err) < 0 ||
	    range_parse(&words, &run->range, err) < 0 ||
	    !(run->reader = ledger_reader(call, err)) || fill(run, err) < 0)
		return -1;
	return report_write(&run->report, form, stdout) == 0
		   ? 0
		   : error_set(err, "the report could not be written whole");
}

static int
run(struct call *call)
{
	struct run run = { .call = call };
	struct error err = { 0 };
	int rc;

	run.config = cli_config(call);
	if (!run.config)
		return EXIT_USAGE;
	rc = make(&run, &err);
	report_free(&run.report);
	if (run.reader)
		reader_close(run.reader);
	config_free(run.config);
	return rc < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

const struct cli_command cli_report_compliance = {
	.name = "report compliance",
	.synopsis = "[-o html|md|json] [--head FILE] [--key PUB]",
	.summary = "Report the use of the accounts for an auditor",
	.text = "Statements, each with the command that shows it and the controls it is evidence "
		"for (NIST CSF 1.1 and 2.0, SP 800-53, ISO/IEC 27001 of 2013 and 2022, PCI DSS 4): "
		"integrity of the ledger, accounts, lines sent by device, refusals, host keys, "
		"legacy algorithms, privilege, start and stop, changes, "
		"coverage. HTML is one page that needs nothing else.",
	.example = "gatebook report compliance --last 90d -o html > report.html",
	.options = options,
	.flags = CLI_TIMES,
	.run = run,
};
