/* gatebook who: which inside hosts talked with these outside addresses. */
#include <stdlib.h>
#include <string.h>

#include "cli/contact_row.h"

enum {
	C_HOST,
	C_HOST_PORT,
	C_WHERE,
	C_OUTSIDE = C_WHERE + PLACE_COLUMNS_N,
	C_OUTSIDE_PORT,
	C_PORT,
	C_PROTO,
	C_STARTED_BY,
	C_FIRST_AFTER,
	C_FIRST_BY,
	C_LAST_FROM,
	C_LAST_BY,
	C_OPEN,
	C_SEEN,
	C_POLLS,
	C_SESSIONS,
	C_BYTES,
	C_NAT,
	C_SCOPE,
	C_BY
};

static const struct column columns[] = {
	[C_HOST] = { "int.ip", "HOST", CELL_ADDR },
	[C_HOST_PORT] = { "int.port", NULL, CELL_NUMBER },
	PLACE_COLUMNS,
	[C_OUTSIDE] = { "ext.ip", "OUTSIDE", CELL_ADDR },
	[C_OUTSIDE_PORT] = { "ext.port", NULL, CELL_NUMBER },
	[C_PORT] = { "port", "PORT/PROTO", CELL_NUMBER },
	[C_PROTO] = { "proto", NULL, CELL_TEXT },
	[C_STARTED_BY] = { "initiator", "STARTED BY", CELL_TEXT },
	[C_FIRST_AFTER] = { "start.not_before", "FIRST SEEN", CELL_TIME },
	[C_FIRST_BY] = { "start.not_after", NULL, CELL_TIME },
	[C_LAST_FROM] = { "end.not_before", "LAST SEEN", CELL_TIME },
	[C_LAST_BY] = { "end.not_after", NULL, CELL_TIME },
	[C_OPEN] = { "open", NULL, CELL_BOOL },
	[C_SEEN] = { "polls_seen", "SEEN", CELL_NUMBER, .right = true },
	[C_POLLS] = { "polls_ok", NULL, CELL_NUMBER },
	[C_SESSIONS] = { "sessions", "SESSIONS", CELL_NUMBER, .right = true, .wide = true },
	[C_BYTES] = { "bytes", "BYTES", CELL_NUMBER, .right = true },
	[C_NAT] = { "nat", "NAT", CELL_LIST },
	[C_SCOPE] = { "scope", "SCOPE", CELL_TEXT, .wide = true },
	[C_BY] = { "devices", "BY", CELL_LIST },
	{ NULL },
};

/* The service's port stands at the end that has it; the other end's changes with every session. */
static void
put_port(struct writer *w, const struct contact_key *k)
{
	put_service(w, C_PORT, k->port, k->proto);
	if (k->port >= 0)
		writer_number(w, k->initiator == INITIATOR_OUT ? C_HOST_PORT : C_OUTSIDE_PORT,
		    (uint64_t)k->port);
}

static void
put_nat(struct writer *w, const struct contact *c)
{
	char text[40], address[ADDR_TEXT];

	if (c->in_nat.addr.family != 0) {
		snprintf(text, sizeof(text), "int=%s", addr_format(&c->in_nat.addr, address));
		writer_list(w, C_NAT, text_of(text));
	}
	if (c->out_nat.addr.family != 0) {
		snprintf(text, sizeof(text), "ext=%s", addr_format(&c->out_nat.addr, address));
		writer_list(w, C_NAT, text_of(text));
	}
	if (c->nats > 0)
		writer_list(w, C_NAT, text_of("others"));
}

static int
put(struct writer *w, struct question *q, const struct contacts *all, const struct contact *c,
    struct error *err)
{
	uint64_t seen, of, bytes;
	char text[48];

	if (put_place(q, w, C_WHERE, &c->key.inside, c->first_by, c->last_from, err) < 0)
		return -1;
	writer_addr(w, C_HOST, &c->key.inside);
	writer_addr(w, C_OUTSIDE, &c->key.outside);
	put_port(w, &c->key);
	writer_text(w, C_STARTED_BY, text_of(initiator_name(c->key.initiator)));
	put_start(w, C_FIRST_AFTER, c->first_after, c->first_by, q->range.utc);
	put_end(w, C_LAST_FROM, c->last_from, c->last_by, q->range.utc);
	writer_bool(w, C_OPEN, c->open);
	contact_seen(all, c, &seen, &of);
	writer_number(w, C_SEEN, seen);
	writer_number(w, C_POLLS, of);
	snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)seen, (unsigned long long)of);
	writer_show(w, C_SEEN, text);
	writer_number(w, C_SESSIONS, contact_sessions(c));
	if (contact_bytes(c, &bytes))
		put_bytes(w, C_BYTES, bytes);
	put_nat(w, c);
	writer_text(w, C_SCOPE, text_of(scope_name(c->key.scope)));
	put_devices(w, C_BY, q->reader, c);
	writer_row(w);
	return 0;
}

static int
by_first(const void *a, const void *b)
{
	const struct contact *x = *(struct contact *const *)a, *y = *(struct contact *const *)b;

	return (x->first_by > y->first_by) - (x->first_by < y->first_by);
}

static int
by_last(const void *a, const void *b)
{
	const struct contact *x = *(struct contact *const *)a, *y = *(struct contact *const *)b;

	return (x->last_from < y->last_from) - (x->last_from > y->last_from);
}

static int
by_bytes(const void *a, const void *b)
{
	uint64_t x, y;

	contact_bytes(*(struct contact *const *)a, &x);
	contact_bytes(*(struct contact *const *)b, &y);
	return (x < y) - (x > y);
}

static int
by_peer(const void *a, const void *b)
{
	const struct contact *x = *(struct contact *const *)a, *y = *(struct contact *const *)b;

	return addr_compare(&x->key.outside, &y->key.outside);
}

static int
sort(const struct call *call, struct contacts *all, struct error *err)
{
	static const char *const keys[] = { "host", "peer", "first", "last", "bytes", NULL };
	static int (*const compare[])(
	    const void *, const void *) = { NULL, by_peer, by_first, by_last, by_bytes };
	const char *typed = call_value(call, "sort"), *near;
	char shown[100];

	for (int i = 0; typed != NULL && keys[i] != NULL; i++) {
		if (strcmp(typed, keys[i]) != 0)
			continue;
		if (compare[i] != NULL)
			qsort(all->sorted, all->n, sizeof(struct contact *), compare[i]);
		return 0;
	}
	if (typed == NULL)
		return 0;
	near = text_nearest(typed, keys);
	text_escape(text_of(typed), shown, sizeof(shown));
	return error_exit(err, EXIT_USAGE,
	    "--sort: no key '%s'%s%s%s. There are: host peer first last bytes", shown,
	    near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

/* An address is first taken for an outside one. When nothing is known of it as such, it may be one
 * of ours: then its peers are the answer, and the answer says so. */
static int
load(struct question *q, struct contacts *all, enum ask_side *side, struct error *err)
{
	const char *typed = call_value(q->call, "side");
	struct ask ask;

	if (typed != NULL && strcmp(typed, "inside") != 0 && strcmp(typed, "outside") != 0)
		return error_exit(err, EXIT_USAGE, "--side is inside or outside");
	*side = typed != NULL && strcmp(typed, "inside") == 0 ? ASK_INSIDE : ASK_OUTSIDE;
	ask = question_ask(q, *side);
	if (contacts_load(&ask, true, all, err) < 0)
		return -1;
	if (all->n > 0 || typed != NULL || q->target.n == 0)
		return 0;
	contacts_free(all);
	ask.side = ASK_INSIDE;
	if (contacts_load(&ask, true, all, err) < 0)
		return -1;
	if (all->n > 0)
		*side = ASK_INSIDE;
	return 0;
}

static int
answer(struct question *q, struct contacts *all, enum ask_side side, struct error *err)
{
	const struct call *call = q->call;
	char nothing[128], shown[64];
	struct writer *w;
	size_t limit;
	int rc = 0;

	text_escape(
	    text_of(call->n == 1 ? call->words[0] : "these addresses"), shown, sizeof(shown));
	snprintf(nothing, sizeof(nothing), "no contact with %s", shown);
	if (question_limit(call, &limit, err) < 0 || sort(call, all, err) < 0)
		return cli_fail(err, EXIT_USAGE);
	w = question_writer(q, columns, C_WHERE, false, err);
	if (w == NULL)
		return cli_fail(err, EXIT_USAGE);
	if (side == ASK_INSIDE && call_value(call, "side") == NULL && !call->quiet)
		fprintf(stderr,
		    "read as inside: these are the peers of %s (--side outside insists)\n", shown);
	for (size_t i = 0; rc == 0 && i < all->n && i < limit; i++)
		rc = put(w, q, all, all->sorted[i], err);
	if (rc < 0)
		return question_broken(w, err);
	return question_end(q, w, nothing, all->n < limit ? all->n : limit, all->n);
}

static int
run(struct call *call)
{
	struct contacts all = { 0 };
	struct error err = { 0 };
	struct question q;
	enum ask_side side = ASK_OUTSIDE;
	int rc;

	if (call->n == 0) {
		error_exit(&err, EXIT_USAGE,
		    "who wants an address, a prefix, @FILE or a filter: gatebook who "
		    "203.0.113.0/24 "
		    "port 443 --last 7d");
		return cli_fail(&err, EXIT_USAGE);
	}
	if (question_open(call, &q, &err) < 0 || load(&q, &all, &side, &err) < 0)
		rc = cli_fail(&err, EXIT_FAILED);
	else
		rc = answer(&q, &all, side, &err);
	contacts_free(&all);
	question_close(&q);
	return rc;
}

static const struct option_row options[] = {
	{ "limit", 'n', "N", "the first N rows" },
	{ "sort", 's', "KEY", "host (else), peer, first, last or bytes" },
	{ "side", 0, "SIDE", "the address is: outside (else), or inside" },
	{ NULL },
};

const struct cli_command cli_who = {
	.name = "who",
	.synopsis = "ADDR|NET|@FILE ... [FILTER]",
	.summary = "Which inside hosts talked with these outside addresses",
	.text = "One row for each inside host, outside address and service. @FILE holds an "
		"address or prefix on each line. An address that is known only as an inside "
		"host is answered with its peers. A filter (gatebook-filter(7)) may stand behind "
		"the addresses or in their place.\n\n"
		"Gatebook sees polls, not packets: FIRST SEEN lies between the last complete "
		"poll without the contact and the first one with it, LAST SEEN between the last "
		"with it and the first without. 'by' means that no poll came before; 'open at' "
		"that the last complete poll still showed it. SEEN is the number of complete "
		"polls in the range that showed it, of all of them, at the device that saw it "
		"most often; 0 means that it may have been there while nobody looked.\n\n"
		"The line under the answer states the range and how much of it was looked at. "
		"When nothing was found it tells 'not seen' from 'could not see'.",
	.example = "gatebook who 203.0.113.9 --last 7d\n"
		   "gatebook who 203.0.113.0/24 2001:db8::/32 --since 2026-11-01 -o csv\n"
		   "gatebook who @iocs.txt --last 90d --sort last\n"
		   "gatebook who 203.0.113.0/24 port 443 and not device 'lab-*'",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
