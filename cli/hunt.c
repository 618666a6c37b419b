/* gatebook hunt: which indicators of a list were ever met. */
#include <math.h>
#include <string.h>

#include "cli/question.h"
#include "query/indicators.h"

enum {
	C_INDICATOR,
	C_HOSTS,
	C_CONTACTS,
	C_SESSIONS,
	C_FIRST_AFTER,
	C_FIRST_BY,
	C_LAST_FROM,
	C_LAST_BY,
	C_OPEN,
	C_BYTES
};

static const struct column columns[] = {
	[C_INDICATOR] = { "indicator", "INDICATOR", CELL_TEXT },
	[C_HOSTS] = { "hosts", "HOSTS", CELL_NUMBER, .right = true },
	[C_CONTACTS] = { "contacts", "CONTACTS", CELL_NUMBER, .right = true },
	[C_SESSIONS] = { "sessions", "SESSIONS", CELL_NUMBER, .right = true },
	[C_FIRST_AFTER] = { "start.not_before", "FIRST SEEN", CELL_TIME },
	[C_FIRST_BY] = { "start.not_after", NULL, CELL_TIME },
	[C_LAST_FROM] = { "end.not_before", "LAST SEEN", CELL_TIME },
	[C_LAST_BY] = { "end.not_after", NULL, CELL_TIME },
	[C_OPEN] = { "open", NULL, CELL_BOOL },
	[C_BYTES] = { "bytes", "BYTES", CELL_NUMBER, .right = true },
	{ NULL },
};

static void
put(struct writer *w, const struct indicator *i, bool utc)
{
	char text[ADDR_TEXT + 4];
	unsigned bits = i->prefix.addr.family == 4 ? 32 : 128;

	prefix_format(&i->prefix, text);
	if (i->prefix.length == bits)
		addr_format(&i->prefix.addr, text);
	writer_word(w, C_INDICATOR, text);
	writer_number(w, C_HOSTS, i->hosts);
	writer_number(w, C_CONTACTS, i->sum.contacts);
	writer_number(w, C_SESSIONS, i->sum.sessions);
	if (i->sum.contacts > 0) {
		put_start(w, C_FIRST_AFTER, i->sum.first_after, i->sum.first_by, utc);
		put_end(w, C_LAST_FROM, i->sum.last_from,
		    i->sum.open ? UNKNOWN_TIME : i->sum.last_by, utc);
		writer_bool(w, C_OPEN, i->sum.open);
	}
	if (i->sum.has_bytes)
		put_bytes(w, C_BYTES, i->sum.bytes);
	writer_row(w);
}

static int
print(struct question *q, const struct indicators *all, struct error *err)
{
	struct writer *w = call_writer(q->call, columns, err);
	double ratio = coverage_ratio(q->coverage);
	FILE *out = q->call->form <= WRITE_WIDE ? stdout : stderr;
	size_t met = 0, n = 0;
	int rc;

	if (w == NULL)
		return cli_fail(err, EXIT_USAGE);
	for (size_t i = 0; i < all->n; i++) {
		met += all->list[i].sum.contacts > 0;
		if (all->list[i].sum.contacts == 0 && call_value(q->call, "all") == NULL)
			continue;
		put(w, &all->list[i], q->range.utc);
		n++;
	}
	rc = question_end(q, w, "no contact with any of them", n, n);
	if (rc == EXIT_OK && !q->call->quiet) {
		fprintf(out, "%zu of %zu indicator%s seen", met, all->n, all->n == 1 ? "" : "s");
		if (met < all->n && !isnan(ratio))
			fprintf(out, "; %zu not seen in %.1f %% coverage", all->n - met,
			    floor(ratio * 1000) / 10);
		fputc('\n', out);
	}
	return rc;
}

static int
answer(struct question *q, struct indicators *all, struct error *err)
{
	struct ask ask = question_ask(q, ASK_OUTSIDE);
	struct contacts contacts = { 0 };
	int rc = -1;

	ask.target = &all->target;
	if (contacts_load(&ask, false, &contacts, err) == 0) {
		indicators_count(all, &contacts);
		rc = print(q, all, err);
	}
	contacts_free(&contacts);
	return rc < 0 ? cli_fail(err, EXIT_FAILED) : rc;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct indicators all = { 0 };
	struct call rest = *call;
	struct question q = { 0 };
	int rc = -1;

	if (call->n == 0) {
		error_exit(&err, EXIT_USAGE,
		    "hunt wants a list: gatebook hunt iocs.txt (- for standard input)");
		return cli_fail(&err, EXIT_USAGE);
	}
	rest.words++;
	rest.n--;
	if (rest.last == NULL && rest.since == NULL && rest.until == NULL && rest.range == NULL &&
	    rest.at == NULL)
		rest.since = "@0"; /* all history */
	if (indicators_read(call->words[0] + (call->words[0][0] == '@'), &all, &err) == 0 &&
	    question_open(&rest, &q, &err) == 0)
		rc = answer(&q, &all, &err);
	else
		rc = cli_fail(&err, EXIT_FAILED);
	indicators_free(&all);
	question_close(&q);
	return rc;
}

static const struct option_row options[] = {
	{ "all", 'a', NULL, "those that were not seen too" },
	{ NULL },
};

const struct cli_command cli_hunt = {
	.name = "hunt",
	.synopsis = "FILE [FILTER]",
	.summary = "Which indicators of a list were met, by how many hosts, first and last",
	.text = "FILE holds an address or network on each line, as for @FILE; - is standard "
		"input. It may also be JSON of Spamhaus DROP, Feodo, MISP or STIX 2.1. An address "
		"that lies in a listed network counts for both. Without a time "
		"all history is asked; a list of 100,000 is no trouble. 'gatebook who @FILE' tells "
		"the hosts.",
	.example = "gatebook hunt iocs.txt\n"
		   "gatebook hunt iocs.txt int net 10.9.0.0/16 --last 90d --all -o csv",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
