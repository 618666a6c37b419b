/* gatebook new: first contact. */
#include <math.h>
#include <string.h>

#include "cli/contact_row.h"
#include "query/fresh.h"

enum { C_BASELINE, C_CONTACT };

static const struct column columns[] = {
	[C_BASELINE] = { "baseline_percent", "BASELINE", CELL_TEXT, .right = true },
	CONTACT_COLUMNS,
	{ NULL },
};

static const char *const kinds[] = { "hosts", "peers", "pairs", "services", NULL };

/* "100.0", or "? 83.2" where the devices did not look at all of the baseline. */
static void
put(struct writer *w, const struct question *q, const struct coverage *base,
    const struct contact *c)
{
	double percent = floor(fresh_ratio(base, c) * 1000) / 10;
	char text[32];

	snprintf(text, sizeof(text), "%.1f", percent);
	writer_text(w, C_BASELINE, text_of(text));
	if (percent < 100) {
		snprintf(text, sizeof(text), "? %.1f %%", percent);
		writer_show(w, C_BASELINE, text);
	}
	put_contact(w, C_CONTACT, q, c);
}

static int
answer(struct question *q, enum fresh_kind kind, int64_t from, struct error *err)
{
	struct range range = {
		.from = from, .to = q->range.from > 0 ? q->range.from - 1 : 0, .utc = q->range.utc
	};
	struct coverage *base = coverage_load(q->reader, &range, err);
	struct ask ask = question_ask(q, ASK_EITHER);
	struct contacts all = { 0 };
	struct writer *w = NULL;
	char nothing[64], text[RANGE_TEXT];
	size_t limit = 0;
	int rc = -1;

	if (base != NULL && question_limit(q->call, &limit, err) == 0)
		rc = fresh_load(&ask, kind, from, &all, err);
	if (rc == 0)
		w = call_writer(q->call, columns, err);
	for (size_t i = 0; w != NULL && i < all.n && i < limit; i++)
		put(w, q, base, all.sorted[i]);
	snprintf(nothing, sizeof(nothing), "no new %s", kinds[kind]);
	if (w != NULL && !q->call->quiet)
		fprintf(stderr, "new: not seen in %s; ? marks where not all of it was looked at\n",
		    range_format(&range, text));
	rc = w != NULL ? question_end(q, w, nothing, all.n < limit ? all.n : limit, all.n)
		       : cli_fail(err, EXIT_FAILED);
	contacts_free(&all);
	coverage_free(base);
	return rc;
}

/* The first word says of what; the others are the question's. */
static int
read_kind(struct call *call, enum fresh_kind *kind, int64_t *baseline, struct error *err)
{
	const char *typed = call_value(call, "baseline");
	int i = -1;

	for (int k = 0; call->n > 0 && kinds[k] != NULL; k++)
		if (strcmp(call->words[0], kinds[k]) == 0)
			i = k;
	if (i < 0)
		return error_exit(err, EXIT_USAGE,
		    "new of what? gatebook new hosts, new peers, new pairs or new services");
	*kind = (enum fresh_kind)i;
	*baseline = INT64_C(30) * 86400;
	if (typed != NULL && !duration_parse(typed, baseline))
		return error_exit(
		    err, EXIT_USAGE, "--baseline wants a duration before the range, like 30d");
	call->words++;
	call->n--;
	return 0;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct call rest = *call;
	enum fresh_kind kind = FRESH_PEERS;
	int64_t baseline = 0;
	struct question q;
	int rc;

	if (read_kind(&rest, &kind, &baseline, &err) < 0)
		return cli_fail(&err, EXIT_USAGE);
	if (question_open(&rest, &q, &err) < 0)
		rc = cli_fail(&err, EXIT_FAILED);
	else
		rc = answer(&q, kind, q.range.from > baseline ? q.range.from - baseline : 1, &err);
	question_close(&q);
	return rc;
}

static const struct option_row options[] = {
	{ "baseline", 0, "DURATION", "how long before the range nothing may have been seen (30d)" },
	{ "limit", 'n', "N", "the first N rows" },
	{ NULL },
};

const struct cli_command cli_new = {
	.name = "new",
	.synopsis = "hosts|peers|pairs|services [ADDR|NET|@FILE ...] [FILTER]",
	.summary = "First contact: hosts, peers, pairs or services that were never seen before",
	.text = "New is what a poll saw in the range and none in the baseline before it. One row "
		"for each, with its earliest contact. BASELINE is how much of the baseline the "
		"devices that saw it had looked at; below 100 it is marked with '?': the contact "
		"may have been there while nobody looked.",
	.example = "gatebook new peers --last 24h\n"
		   "gatebook new services int net 10.9.0.0/16 --last 7d --baseline 90d",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
