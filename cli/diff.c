/* gatebook diff: what was there at one time and not at another. */
#include <string.h>

#include "cli/contact_row.h"

enum { C_CHANGE, C_CONTACT };

static const struct column columns[] = {
	[C_CHANGE] = { "change", " ", CELL_TEXT },
	CONTACT_COLUMNS,
	{ NULL },
};

/* Both lists stand in the order of contacts_load. */
static int
compare(const struct contact *a, const struct contact *b)
{
	int d = addr_compare(&a->key.inside, &b->key.inside);

	if (d == 0)
		d = addr_compare(&a->key.outside, &b->key.outside);
	if (d == 0)
		d = (a->key.proto > b->key.proto) - (a->key.proto < b->key.proto);
	if (d == 0)
		d = (a->key.port > b->key.port) - (a->key.port < b->key.port);
	return d != 0 ? d : memcmp(&a->key, &b->key, sizeof(a->key));
}

static size_t
print(const struct question *q, struct writer *w, const struct contacts *old,
    const struct contacts *now, size_t *unchanged)
{
	size_t i = 0, k = 0, n = 0;

	while (i < old->n || k < now->n) {
		int d = i == old->n   ? 1
			: k == now->n ? -1
				      : compare(old->sorted[i], now->sorted[k]);

		if (d == 0) {
			++*unchanged;
			i++;
			k++;
			continue;
		}
		writer_word(w, C_CHANGE, d < 0 ? "-" : "+");
		put_contact(w, C_CONTACT, q, d < 0 ? old->sorted[i++] : now->sorted[k++]);
		n++;
	}
	return n;
}

/* The moment of T1 as a range, with its coverage. */
static struct coverage *
moment(const struct question *q, const char *typed, struct range *range, struct error *err)
{
	struct range_words words = { .at = typed, .utc = q->call->utc };

	if (range_parse(&words, range, err) < 0)
		return NULL;
	return coverage_load(q->reader, range, err);
}

static int
answer(struct question *q, const char *first, struct error *err)
{
	struct ask ask = question_ask(q, ASK_EITHER), before = ask;
	struct coverage *c = moment(q, first, &before.range, err);
	struct contacts old = { 0 }, now = { 0 };
	struct writer *w = NULL;
	size_t n, unchanged = 0;
	FILE *out = q->call->form <= WRITE_WIDE ? stdout : stderr;
	int rc;

	if (c != NULL && contacts_load(&before, false, &old, err) == 0 &&
	    contacts_load(&ask, false, &now, err) == 0)
		w = call_writer(q->call, columns, err);
	if (w != NULL) {
		n = print(q, w, &old, &now, &unchanged);
		rc = question_end(q, w, "no difference", n, n);
		if (rc == EXIT_OK && !q->call->quiet && q->call->form != WRITE_JSON &&
		    q->call->form != WRITE_NDJSON) {
			answer_footer(out, c, 1, "", q->call->color && out == stdout);
			fprintf(out, "%zu unchanged\n", unchanged);
		}
	} else {
		rc = cli_fail(err, EXIT_FAILED);
	}
	contacts_free(&old);
	contacts_free(&now);
	coverage_free(c);
	return rc;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct call rest = *call;
	struct question q;
	int rc;

	if (call->n < 2) {
		error_exit(&err, EXIT_USAGE,
		    "diff wants two times: gatebook diff 2026-11-20T08:00 2026-11-21T08:00");
		return cli_fail(&err, EXIT_USAGE);
	}
	rest.at = call->words[1];
	rest.words += 2;
	rest.n -= 2;
	rc = question_open(&rest, &q, &err) < 0 ? cli_fail(&err, EXIT_FAILED)
						: answer(&q, call->words[0], &err);
	question_close(&q);
	return rc;
}

const struct cli_command cli_diff = {
	.name = "diff",
	.synopsis = "T1 T2 [ADDR|NET|@FILE ...] [FILTER]",
	.summary = "Contacts that were open at one time and not at another",
	.text = "'+' was not there at T1 and may have been there at T2, '-' the other way round. "
		"A contact whose device nobody could read meanwhile counts as still there. The "
		"coverage of both moments stands under the answer, that of T2 first.",
	.example = "gatebook diff 2026-11-20T08:00 2026-11-21T08:00\n"
		   "gatebook diff 1d now int net 10.1.0.0/16",
	.flags = CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
