/* gatebook discover: what the polled devices know of, and nobody polls. */
#include "cli/question.h"
#include "query/discover.h"

enum { C_KIND, C_WHAT, C_HOSTS, C_TOLD_BY, C_PORT, C_FAR_PORT, C_NEXT };

static const struct column columns[] = {
	[C_KIND] = { "kind", "KIND", CELL_TEXT },
	[C_WHAT] = { "what", "WHAT", CELL_TEXT },
	[C_HOSTS] = { "hosts", "HOSTS", CELL_NUMBER, .right = true },
	[C_TOLD_BY] = { "told_by", "TOLD BY", CELL_TEXT },
	[C_PORT] = { "port", "AT PORT", CELL_TEXT },
	[C_FAR_PORT] = { "neighbour.port", "ITS PORT", CELL_TEXT },
	[C_NEXT] = { "next", "INVENTORY LINE", CELL_TEXT },
	{ NULL },
};

struct shown {
	struct question *q;
	struct writer *w;
	size_t n;
};

/* Neighbours call themselves what they like: a name that is more than a word proposes nothing. */
static void
put_proposal(struct writer *w, const char *name)
{
	char line[2 * PRESENT_WORD + 64];
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789.-_";

	if (name[strspn(name, plain)] != '\0' || strchr("-.", name[0]) != NULL)
		return;
	(void)snprintf(
	    line, sizeof(line), "- {name: %s, host: %s, platform: ?, credential: ?}", name, name);
	writer_word(w, C_NEXT, line);
}

static int
put(const struct discovery *d, void *arg)
{
	struct shown *shown = arg;
	struct writer *w = shown->w;
	char text[ADDR_TEXT + 8], net[ADDR_TEXT];

	if (d->kind == DISCOVERY_NEIGHBOUR) {
		writer_word(w, C_KIND, "neighbour");
		writer_word(w, C_WHAT, d->name);
		writer_word(w, C_FAR_PORT, d->far_port);
		put_proposal(w, d->name);
	} else {
		(void)snprintf(text, sizeof(text), "%s/%u", addr_format(&d->net, net), d->bits);
		writer_word(w, C_KIND, "network");
		writer_word(w, C_WHAT, text);
		writer_number(w, C_HOSTS, d->hosts);
	}
	writer_word(w, C_TOLD_BY, reader_device_name(shown->q->reader, d->told_by));
	writer_word(w, C_PORT, d->port);
	writer_row(w);
	shown->n++;
	return 0;
}

static int
answer(struct question *q, struct error *err)
{
	struct shown shown = { .q = q, .w = call_writer(q->call, columns, err) };

	if (shown.w == NULL)
		return cli_fail(err, EXIT_USAGE);
	if (discover(q->reader, &q->range, put, &shown, err) != 0) {
		(void)writer_end(shown.w, NULL);
		return cli_fail(err, EXIT_FAILED);
	}
	return question_end(q, shown.w,
	    "nothing that is not polled; devices tell of it with `identity: true`", shown.n,
	    shown.n);
}

static int
run(struct call *call)
{
	struct error err = { 0 };

	if (call->n > 0) {
		error_set(&err, "discover takes no address");
		return cli_fail(&err, EXIT_USAGE);
	}
	return question_run(call, answer);
}

const struct cli_command cli_discover = {
	.name = "discover",
	.synopsis = "",
	.summary = "Neighbours and networks that the polled devices know of and nobody polls",
	.text = "Neighbours are those of LLDP and CDP whose name no device has; networks (/24, "
		"/64) are those that neighbour "
		"tables have hosts in and no polled device stands in, by the networks that it says "
		"are its own, else by the address it is polled at. A line for the inventory is "
		"proposed; nothing is "
		"added, and nobody is logged into. Devices tell of it with `identity: true`.",
	.example = "gatebook discover --last 7d\ngatebook discover -o csv",
	.flags = CLI_TIMES | CLI_OUTPUT,
	.run = run,
};
