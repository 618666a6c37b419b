/* gatebook top: who or what has the most. */
#include <stdlib.h>
#include <string.h>

#include "cli/contact_row.h"
#include "query/top.h"

enum { C_KEY, C_PROTO, C_HOSTS, C_PEERS, C_CONTACTS, C_SESSIONS, C_BYTES };

static const struct column columns[] = {
	[C_KEY] = { "key", "KEY", CELL_TEXT },
	[C_PROTO] = { "proto", NULL, CELL_TEXT },
	[C_HOSTS] = { "hosts", "HOSTS", CELL_NUMBER, .right = true },
	[C_PEERS] = { "peers", "PEERS", CELL_NUMBER, .right = true },
	[C_CONTACTS] = { "contacts", "CONTACTS", CELL_NUMBER, .right = true },
	[C_SESSIONS] = { "sessions", "SESSIONS", CELL_NUMBER, .right = true },
	[C_BYTES] = { "bytes", "BYTES", CELL_NUMBER, .right = true },
	{ NULL },
};

static void
put_key(struct writer *w, const struct question *q, enum top_key key, const struct top *t)
{
	char text[ADDR_TEXT + 8], address[ADDR_TEXT];

	switch (key) {
	case TOP_HOST:
	case TOP_PEER: writer_word(w, C_KEY, addr_format(&t->addr, address)); break;
	case TOP_NET:
		snprintf(
		    text, sizeof(text), "%s/%d", addr_format(&t->addr, address), (int)t->number);
		writer_word(w, C_KEY, text);
		break;
	case TOP_SERVICE: put_service(w, C_KEY, (int32_t)t->number, t->proto); break;
	case TOP_PROTO:
		writer_word(w, C_KEY, t->proto == PROTO_NONE ? "-" : proto_name(t->proto));
		writer_word(w, C_PROTO, proto_name(t->proto));
		break;
	default: writer_word(w, C_KEY, reader_device_name(q->reader, t->number));
	}
}

static int
word_of(const char *const *words, const char *typed, size_t n)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strlen(words[i]) == n && strncmp(words[i], typed, n) == 0)
			return i;
	return -1;
}

/* --sort KEY or KEY/ORDER. */
static int
read_sort(const struct call *call, enum top_key *key, enum top_order *order, struct error *err)
{
	const char *typed = call_value(call, "sort"), *slash;
	char shown[100];
	int k, o;

	*key = TOP_PEER;
	*order = TOP_HOSTS;
	if (typed == NULL)
		return 0;
	slash = strchr(typed, '/');
	k = word_of(top_keys, typed, slash != NULL ? (size_t)(slash - typed) : strlen(typed));
	o = slash != NULL ? word_of(top_orders, slash + 1, strlen(slash + 1)) : TOP_SESSIONS;
	if (k >= 0 && o >= 0) {
		*key = (enum top_key)k;
		*order = (enum top_order)o;
		return 0;
	}
	text_escape(text_of(typed), shown, sizeof(shown));
	return error_exit(err, EXIT_USAGE,
	    "--sort: '%s' is no KEY/ORDER. Keys: host peer net service proto device. Orders: hosts "
	    "peers contacts sessions bytes",
	    shown);
}

static int
print(struct question *q, const struct contacts *all, enum top_key key, enum top_order order,
    size_t limit, struct error *err)
{
	size_t n;
	struct top *tops = top_of(all, key, order, &n);
	struct writer *w = call_writer(q->call, columns, err);

	for (size_t i = 0; w != NULL && i < n && i < limit; i++) {
		put_key(w, q, key, &tops[i]);
		for (int k = 0; k < TOP_BYTES; k++)
			writer_number(w, C_HOSTS + k, tops[i].counts[k]);
		if (tops[i].has_bytes)
			put_bytes(w, C_BYTES, tops[i].counts[TOP_BYTES]);
		writer_row(w);
	}
	free(tops);
	if (w == NULL)
		return cli_fail(err, EXIT_USAGE);
	return question_end(q, w, "no contact", n < limit ? n : limit, n);
}

static int
answer(struct question *q, struct error *err)
{
	struct ask ask = question_ask(q, ASK_EITHER);
	struct contacts all = { 0 };
	enum top_key key;
	enum top_order order;
	size_t limit;
	int rc;

	if (read_sort(q->call, &key, &order, err) < 0 || question_limit(q->call, &limit, err) < 0)
		return cli_fail(err, EXIT_USAGE);
	if (call_value(q->call, "limit") == NULL)
		limit = 10;
	if (contacts_load(&ask, false, &all, err) < 0)
		rc = cli_fail(err, EXIT_FAILED);
	else
		rc = print(q, &all, key, order, limit, err);
	contacts_free(&all);
	return rc;
}

static int
run(struct call *call)
{
	return question_run(call, answer);
}

static const struct option_row options[] = {
	{ "sort", 's', "KEY/ORDER",
	    "host, peer, net, service, proto or device; by hosts ... bytes" },
	{ "limit", 'n', "N", "the first N (else 10)" },
	{ NULL },
};

const struct cli_command cli_top = {
	.name = "top",
	.synopsis = "[ADDR|NET|@FILE ...] [FILTER]",
	.summary = "The hosts, peers, networks, services, protocols or devices that have most",
	.text = "--sort says what is counted and by what: host, peer, net (the outside /24 or "
		"/48), service, proto or device; by hosts, peers, contacts, sessions or bytes "
		"(sessions unless said). Without it: peers by how many hosts talk with them. A "
		"session that several devices saw counts once. Bytes are of the sessions whose "
		"device prints them.",
	.example = "gatebook top --last 7d\n"
		   "gatebook top -s service/hosts -n 20 dir in\n"
		   "gatebook top -s host/bytes ext net 203.0.113.0/24 -o csv",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT | CLI_FILTER,
	.run = run,
};
