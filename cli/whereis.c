/* gatebook whereis: behind which port of which switch an address was. */
#include "cli/question.h"
#include "query/whereis.h"

enum {
	C_ADDR,
	C_MAC,
	C_DEVICE,
	C_PORT,
	C_VLAN,
	C_NAME,
	C_FAR_PORT,
	C_START_AFTER,
	C_START_BY,
	C_END_FROM,
	C_END_BY,
	C_OPEN,
	C_TOLD_BY,
	C_WHY
};

static const struct column columns[] = {
	[C_ADDR] = { "ip", "ADDRESS", CELL_ADDR },
	[C_MAC] = { "mac", "MAC", CELL_TEXT },
	[C_DEVICE] = { "device", "AT", CELL_TEXT },
	[C_PORT] = { "port", "PORT", CELL_TEXT },
	[C_VLAN] = { "vlan", "VLAN", CELL_TEXT },
	[C_NAME] = { "neighbour.name", "NEIGHBOUR", CELL_TEXT },
	[C_FAR_PORT] = { "neighbour.port", "ITS PORT", CELL_TEXT, .wide = true },
	[C_START_AFTER] = { "start.not_before", "FROM", CELL_TIME },
	[C_START_BY] = { "start.not_after", NULL, CELL_TIME },
	[C_END_FROM] = { "end.not_before", "TO", CELL_TIME },
	[C_END_BY] = { "end.not_after", NULL, CELL_TIME },
	[C_OPEN] = { "open", NULL, CELL_BOOL },
	[C_TOLD_BY] = { "told_by", "TOLD BY", CELL_TEXT },
	[C_WHY] = { "why", "WHY THERE", CELL_TEXT },
	{ NULL },
};

struct shown {
	struct question *q;
	struct writer *w;
	size_t n;
};

static int
put(const struct stay *stay, void *arg)
{
	struct shown *shown = arg;
	struct writer *w = shown->w;
	bool utc = shown->q->range.utc;

	writer_addr(w, C_ADDR, &stay->addr);
	writer_word(w, C_MAC, stay->mac);
	writer_word(w, C_DEVICE, reader_device_name(shown->q->reader, stay->device));
	writer_word(w, C_PORT, stay->port);
	writer_word(w, C_VLAN, stay->vlan);
	writer_word(w, C_NAME, stay->name);
	writer_word(w, C_FAR_PORT, stay->far_port);
	put_start(w, C_START_AFTER, stay->start_after, stay->start_by, utc);
	put_end(w, C_END_FROM, stay->end_from, stay->end_by, utc);
	writer_bool(w, C_OPEN, stay->end_by < 0);
	writer_word(w, C_TOLD_BY, reader_device_name(shown->q->reader, stay->told_by));
	writer_word(w, C_WHY, stay->why);
	writer_row(w);
	shown->n++;
	return 0;
}

static int
answer(struct question *q, struct error *err)
{
	struct shown shown = { .q = q, .w = call_writer(q->call, columns, err) };
	struct whereis *w;
	int rc;

	if (shown.w == NULL)
		return cli_fail(err, EXIT_USAGE);
	w = whereis_new(q->reader, &q->range, err);
	rc = w ? whereis_ask(w, &q->target, put, &shown, err) : -1;
	whereis_free(w);
	if (rc != 0)
		return question_broken(shown.w, err);
	return question_end(q, shown.w,
	    "no neighbour table had the address; devices are asked for them with `identity: true`",
	    shown.n, shown.n);
}

static int
run(struct call *call)
{
	return question_run_about(call, answer, "whereis takes an address, a network or @FILE");
}

const struct cli_command cli_whereis = {
	.name = "whereis",
	.synopsis = "ADDR|NET|@FILE ...",
	.summary = "Behind which port of which switch an address was, and when",
	.text = "From the neighbour tables (ARP, ND) of routers, the bridge tables of switches, "
		"and what LLDP or CDP "
		"say of a port, as they were at that time. A MAC is heard on every switch on its "
		"way: the port with "
		"the fewest stations counts, and none that leads to another polled device; WHY "
		"THERE says so. "
		"Devices with `identity: true` are asked for these tables beside their sessions.",
	.example = "gatebook whereis 10.20.0.11 --at '2026-11-24 15:00'\ngatebook whereis "
		   "10.20.0.0/24 -o csv",
	.flags = CLI_TIMES | CLI_OUTPUT,
	.run = run,
};
