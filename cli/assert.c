/* gatebook assert: is it true that nobody talked so? For cron and CI. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/contact_row.h"

static const struct column columns[] = { CONTACT_COLUMNS, { NULL } };

enum { ENOUGH = 95 }; /* per cent of the slots, unless --coverage says otherwise */

struct bounds {
	uint64_t least, most, coverage;
};

static int
read_number(
    const struct call *call, const char *option, uint64_t most, uint64_t *n, struct error *err)
{
	const char *typed = call_value(call, option);

	if (typed == NULL || text_number(text_of(typed), most, n))
		return 0;
	return error_exit(
	    err, EXIT_USAGE, "--%s wants a number up to %llu", option, (unsigned long long)most);
}

static int
read_bounds(const struct call *call, struct bounds *b, struct error *err)
{
	bool none = call_value(call, "none") != NULL, max = call_value(call, "max") != NULL,
	     min = call_value(call, "min") != NULL;

	*b = (struct bounds){ 0, none || !min ? 0 : UINT64_MAX, ENOUGH };
	if (none + max + min == 0 || (none && (max || min)))
		return error_exit(err, EXIT_USAGE,
		    "say what must be true: --none, or --max N and --min N contacts");
	if (read_number(call, "max", UINT32_MAX, &b->most, err) < 0 ||
	    read_number(call, "min", UINT32_MAX, &b->least, err) < 0 ||
	    read_number(call, "coverage", 100, &b->coverage, err) < 0)
		return -1;
	return b->least <= b->most
		   ? 0
		   : error_exit(err, EXIT_USAGE, "--min is above --max: nothing can be so");
}

/* What was seen is there, however little was looked at; what was not seen needs coverage. */
static int
verdict(const struct question *q, const struct bounds *b, uint64_t found)
{
	double ratio = coverage_ratio(q->coverage);
	bool enough = !isnan(ratio) && ratio * 100 >= (double)b->coverage;
	const char *says;
	int rc;

	if (found > b->most) {
		says = "false";
		rc = EXIT_FALSE;
	} else if (!enough) {
		says = "cannot say: too little was looked at";
		rc = EXIT_PARTIAL;
	} else {
		says = found < b->least ? "false" : "true";
		rc = found < b->least ? EXIT_FALSE : EXIT_OK;
	}
	if (!q->call->quiet)
		fprintf(stderr, "%s: %llu contact%s, coverage %.1f %% (needed: %llu %%)\n", says,
		    (unsigned long long)found, found == 1 ? "" : "s",
		    isnan(ratio) ? 0 : floor(ratio * 1000) / 10, (unsigned long long)b->coverage);
	return rc;
}

static int
answer(struct question *q, struct error *err)
{
	struct ask ask = question_ask(q, ASK_EITHER);
	struct contacts all = { 0 };
	struct writer *w = NULL;
	struct bounds b;
	size_t limit;
	int rc;

	if (read_bounds(q->call, &b, err) < 0 || question_limit(q->call, &limit, err) < 0)
		return cli_fail(err, EXIT_USAGE);
	if (contacts_load(&ask, false, &all, err) == 0)
		w = call_writer(q->call, columns, err);
	if (w == NULL) {
		rc = cli_fail(err, EXIT_FAILED);
	} else {
		for (size_t i = 0; i < all.n && i < limit; i++)
			put_contact(w, 0, q, all.sorted[i]);
		rc = question_end(q, w, "no contact", all.n < limit ? all.n : limit, all.n);
		if (rc == EXIT_OK)
			rc = verdict(q, &b, all.n);
	}
	contacts_free(&all);
	return rc;
}

static int
run(struct call *call)
{
	return question_run_about(call, answer,
	    "assert wants a filter: gatebook assert int net 10.9.0.0/16 --none --last 24h");
}

static const struct option_row options[] = {
	{ "none", 0, NULL, "there must be no such contact" },
	{ "max", 0, "N", "there must be at most N" },
	{ "min", 0, "N", "there must be at least N" },
	{ "coverage", 0, "PERCENT", "what must have been looked at to say so (else 95)" },
	{ "limit", 'n', "N", "print the first N contacts" },
	{ NULL },
};

const struct cli_command cli_assert = {
	.name = "assert",
	.synopsis = "[ADDR|NET|@FILE ...] [FILTER]",
	.summary = "Check that no such contact, or not too many, were seen: exit 0, 3 or 5",
	.text = "Prints the contacts that match. Exit code 0: it is true and enough was looked "
		"at. 3: it is false; a contact that was seen needs no coverage. 5: coverage is "
		"too low to say.",
	.example = "gatebook assert int net 10.9.0.0/16 --none --last 24h\n"
		   "gatebook assert 'dir in and port 22,3389' --none --last 7d --coverage 99 -q",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
