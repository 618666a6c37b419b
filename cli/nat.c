/* gatebook nat: which inside host stood behind a public address and port. */
#include <stdlib.h>
#include <string.h>

#include "cli/question.h"
#include "query/nat.h"

enum {
	C_INSIDE,
	C_IN_PORT,
	C_PUBLIC,
	C_PUBLIC_PORT,
	C_OUTSIDE,
	C_OUT_PORT,
	C_PROTO,
	C_STARTED_BY,
	C_START_AFTER,
	C_START_BY,
	C_END_FROM,
	C_END_BY,
	C_OPEN,
	C_TRANSLATED,
	C_SEEN
};

static const struct column columns[] = {
	[C_INSIDE] = { "int.ip", "HOST", CELL_ADDR },
	[C_IN_PORT] = { "int.port", NULL, CELL_NUMBER },
	[C_PUBLIC] = { "int.nat.ip", "BEHIND", CELL_ADDR },
	[C_PUBLIC_PORT] = { "int.nat.port", NULL, CELL_NUMBER },
	[C_OUTSIDE] = { "ext.ip", "OUTSIDE", CELL_ADDR },
	[C_OUT_PORT] = { "ext.port", NULL, CELL_NUMBER },
	[C_PROTO] = { "proto", "PROTO", CELL_TEXT },
	[C_STARTED_BY] = { "initiator", "STARTED BY", CELL_TEXT },
	[C_START_AFTER] = { "start.not_before", "START", CELL_TIME },
	[C_START_BY] = { "start.not_after", NULL, CELL_TIME },
	[C_END_FROM] = { "end.not_before", "END", CELL_TIME },
	[C_END_BY] = { "end.not_after", NULL, CELL_TIME },
	[C_OPEN] = { "open", NULL, CELL_BOOL },
	[C_TRANSLATED] = { "translated_by", "TRANSLATED BY", CELL_LIST },
	[C_SEEN] = { "seen_by", "ALSO SEEN BY", CELL_LIST },
	{ NULL },
};

static void
put_end_point(struct writer *w, int to, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	if (e->addr.family == 0)
		return;
	writer_addr(w, to, &e->addr);
	if (e->has_port)
		writer_number(w, to + 1, e->port);
	writer_show(w, to, endpoint_format(e, text));
}

static void
put(struct writer *w, const struct question *q, const struct nat_flow *f)
{
	put_end_point(w, C_INSIDE, &f->inside);
	put_end_point(w, C_PUBLIC, &f->public);
	put_end_point(w, C_OUTSIDE, &f->outside);
	if (f->proto != PROTO_NONE)
		writer_word(w, C_PROTO, proto_name(f->proto));
	writer_word(w, C_STARTED_BY, initiator_name(f->initiator));
	put_start(w, C_START_AFTER, f->start_after, f->start_by, q->range.utc);
	put_end(w, C_END_FROM, f->end_from, f->end_by, q->range.utc);
	writer_bool(w, C_OPEN, f->end_by < 0);
	for (int i = 0; i < f->n_translated; i++)
		writer_list(
		    w, C_TRANSLATED, text_of(reader_device_name(q->reader, f->translated_by[i])));
	for (int i = 0; i < f->n_seen; i++)
		writer_list(w, C_SEEN, text_of(reader_device_name(q->reader, f->seen_by[i])));
	writer_row(w);
}

/* 192.0.2.1, 192.0.2.1:55555, [2001:db8::1]:55555 */
static bool
read_public(const char *typed, struct endpoint *e)
{
	struct text t = text_of(typed);
	bool bracket = text_take_char(&t, '[');
	uint64_t port;

	*e = (struct endpoint){ 0 };
	if (!bracket && addr_parse(t, &e->addr))
		return true;
	if (!addr_take(&t, &e->addr) || (bracket && !text_take_char(&t, ']')))
		return false;
	if (t.n == 0)
		return true;
	e->has_port = text_take_char(&t, ':') && text_number(t, UINT16_MAX, &port);
	e->port = e->has_port ? (uint16_t)port : 0;
	return e->has_port;
}

static int
answer(struct question *q, const struct endpoint *public, const char *more, struct error *err)
{
	struct nat_flows flows;
	struct writer *w = NULL;
	char nothing[160], text[ENDPOINT_TEXT];
	size_t limit = 0;
	int rc = question_limit(q->call, &limit, err);

	flows = (struct nat_flows){ 0 };
	if (rc == 0)
		rc = nat_find(q->reader, &q->range, public, more, &flows, err);
	if (rc == 0)
		w = call_writer(q->call, columns, err);
	for (size_t i = 0; w != NULL && i < flows.n && i < limit; i++)
		put(w, q, &flows.list[i]);
	snprintf(nothing, sizeof(nothing), "no session behind %s", endpoint_format(public, text));
	rc = w != NULL ? question_end(q, w, nothing, flows.n < limit ? flows.n : limit, flows.n)
		       : cli_fail(err, EXIT_FAILED);
	free(flows.list);
	return rc;
}

/* The other words, as one text; NULL: there are none. */
static char *
join(const struct call *call)
{
	size_t n = 0;
	char *s = NULL;
	FILE *out;

	if (call->n < 2)
		return NULL;
	out = open_memstream(&s, &n);
	for (int i = 1; i < call->n; i++)
		fprintf(out, "%s%s", i > 1 ? " " : "", call->words[i]);
	fclose(out);
	return s;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct call times = *call;
	struct endpoint public;
	struct question q;
	char *more;
	int rc;

	if (call->n == 0 || !read_public(call->words[0], &public)) {
		error_exit(&err, EXIT_USAGE,
		    "nat wants a public address and port: gatebook nat 192.0.2.1:55555 --at "
		    "2026-11-21T08:00");
		return cli_fail(&err, EXIT_USAGE);
	}
	more = join(call);
	times.words++;
	times.n--;
	rc = question_open(&times, &q, &err) < 0 ? cli_fail(&err, EXIT_FAILED)
						 : answer(&q, &public, more, &err);
	free(more);
	question_close(&q);
	return rc;
}

static const struct option_row options[] = {
	{ "limit", 'n', "N", "the first N rows" },
	{ NULL },
};

const struct cli_command cli_nat = {
	.name = "nat",
	.synopsis = "ADDR[:PORT] [FILTER]",
	.summary = "Which inside host was behind a public address and port at that time",
	.text = "For the question of an abuse desk. TRANSLATED BY are the devices that gave the "
		"host its public name. A device further out that saw the same flow under that name "
		"is named in ALSO SEEN BY: one flow seen before and after translation is one row. "
		"HOST is '-' when no device that translates is polled.\n\n"
		"Ports of NAT are used again soon: give the time with --at, or a short range.",
	.example = "gatebook nat 192.0.2.1:55555 --at 2026-11-21T08:00\n"
		   "gatebook nat 192.0.2.1 ext host 203.0.113.9 --last 7d",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
