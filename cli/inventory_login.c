/* inventory check --login: an ordinary poll of each device, told as the steps of its login. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/inventory.h"
#include "ledger/scan.h"
#include "poller/schedule.h"
#include "store/read.h"

enum { C_DEVICE, C_REACH, C_KEY, C_LOGIN, C_COMMANDS, C_REFUSED, C_STATE, C_PROBLEM };

static const struct column columns[] = { [C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_REACH] = { "reach", "REACH", CELL_TEXT },
	[C_KEY] = { "key", "KEY", CELL_TEXT },
	[C_LOGIN] = { "login", "LOGIN", CELL_TEXT },
	[C_COMMANDS] = { "commands", "COMMANDS", CELL_TEXT },
	[C_REFUSED] = { "refused", NULL, CELL_LIST },
	[C_STATE] = { "state", "STATE", CELL_TEXT },
	[C_PROBLEM] = { "problem", "PROBLEM", CELL_TEXT },
	{ NULL } };

/* One device, and what its poll and the ledger say of it. */
struct visited {
	const struct device *device;
	struct poll_report report;
	bool recorded;
	unsigned allowed, refused;
	char lines[8][128]; /* that were refused */
};

struct visits {
	struct visited *all;
	size_t n;
};

static struct visited *
find(struct visits *v, const char *device)
{
	for (size_t n = 0; n < v->n; n++)
		if (strcmp(v->all[n].device->name, device) == 0)
			return &v->all[n];
	return NULL;
}

static void
recorded(const struct flight *flight, void *arg)
{
	struct visited *one = find(arg, flight->name);

	if (one) {
		one->report = flight->record.report;
		one->recorded = flight->record.poll_id > 0;
	}
}

/* A result in the ledger that belongs to a line of the driver. */
static void
count(const struct ledger_row *row, void *arg)
{
	const struct ledger_event *e = &row->event;
	struct visited *one = e->kind == LEDGER_RESULT ? find(arg, e->device) : NULL;
	const struct command *c = one ? driver_command(one->device->driver, text_of(e->what))
				      : NULL;

	if (!c || strcmp(c->send, e->what) != 0 || strcmp(e->result, "not sent") == 0)
		return;
	if (strcmp(e->result, "complete") == 0 || strcmp(e->result, "partial") == 0) {
		one->allowed++;
		return;
	}
	if (one->refused < 8)
		(void)text_copy(text_of(e->what), one->lines[one->refused], sizeof(one->lines[0]));
	one->refused++;
}

static int
read_ledger(const struct config *config, struct visits *v, int64_t from_us, struct error *err)
{
	struct reader *r = reader_open(config->store, 0, err);
	struct ledger_scan scan = {
		.from_us = from_us, .to_us = INT64_MAX, .each = count, .arg = v
	};
	int64_t n = r ? ledger_scan(reader_live(r), &scan, err) : -1;

	if (r)
		reader_close(r);
	return n < 0 ? -1 : 0;
}

/* How far the login came, by the reason that ended the poll. */
static void
put_steps(struct writer *w, const struct visited *one)
{
	enum reason reason = (enum reason)one->report.reason;
	bool before = reason == REASON_CREDENTIAL || reason == REASON_HELD ||
		      reason == REASON_STORE;
	bool reached = !before && reason != REASON_CONNECT;
	bool trusted = reached && reason != REASON_HOST_KEY;
	bool in = trusted && reason != REASON_AUTH && reason != REASON_PROMPT;

	if (strcmp(one->device->transport, "ssh") != 0 &&
	    strcmp(one->device->transport, "snmp") != 0)
		return;
	writer_text(w, C_REACH, text_of(before ? "not tried" : reached ? "ok" : "no"));
	if (strcmp(one->device->transport, "ssh") == 0 && reached)
		writer_text(w, C_KEY,
		    text_of(trusted                              ? "ok"
			    : strstr(one->report.why, "CHANGED") ? "CHANGED"
								 : "unknown"));
	if (trusted)
		writer_text(w, C_LOGIN,
		    text_of(in                      ? "ok"
			    : reason == REASON_AUTH ? "refused"
						    : "ok, no prompt"));
	else if (reached)
		writer_text(w, C_LOGIN, text_of("not tried"));
}

/* Returns true when the device can be polled as it is. */
static bool
put(struct writer *w, const struct visited *one)
{
	bool good = one->recorded && one->report.outcome == OUTCOME_COMPLETE;
	char text[64];

	writer_text(w, C_DEVICE, text_of(one->device->name));
	put_steps(w, one);
	if (one->allowed + one->refused > 0) {
		(void)snprintf(
		    text, sizeof(text), "%u/%u allowed", one->allowed, one->allowed + one->refused);
		writer_text(w, C_COMMANDS, text_of(text));
	}
	for (unsigned n = 0; n < one->refused && n < 8; n++)
		writer_list(w, C_REFUSED, text_of(one->lines[n]));
	writer_text(w, C_STATE, text_of(good ? "ready" : "not ready"));
	if (!one->recorded)
		writer_text(w, C_PROBLEM, text_of("not recorded"));
	else if (one->report.why[0])
		writer_text(w, C_PROBLEM, text_of(one->report.why));
	writer_row(w);
	return good;
}

static int
show(struct call *call, const struct visits *v, struct error *err)
{
	struct writer *w = call_writer(call, columns, err);
	size_t good = 0, refused = 0;

	if (!w)
		return cli_fail(err, EXIT_USAGE);
	for (size_t n = 0; n < v->n; n++) {
		enum reason reason = (enum reason)v->all[n].report.reason;

		good += put(w, &v->all[n]);
		refused += reason == REASON_AUTH || reason == REASON_HOST_KEY;
	}
	if (writer_end(w, NULL) < 0)
		return EXIT_FAILED;
	if (!call->quiet)
		(void)fprintf(stderr,
		    "%zu %s: %zu ready, %zu not ready; every line is in: gatebook "
		    "ledger show\n",
		    v->n, v->n == 1 ? "device" : "devices", good, v->n - good);
	if (good == v->n)
		return EXIT_OK;
	return refused == v->n ? EXIT_AUTH : good ? EXIT_PARTIAL : EXIT_FAILED;
}

int
inventory_log_in(struct call *call, struct config *config, const struct device **devices)
{
	struct visits v = { .n = 0 };
	struct error err = { 0 };
	struct schedule schedule = { .config = config,
		.by_hand = true,
		.what = "gatebook inventory check --login",
		.times = 1,
		.recorded = recorded,
		.arg = &v };
	int64_t began = clock_now_us();
	int rc;

	while (devices[v.n])
		v.n++;
	v.all = mem_alloc(v.n + 1, sizeof(*v.all));
	for (size_t n = 0; n < v.n; n++)
		v.all[n].device = devices[n];
	schedule.plan = plan_by_hand(config, devices, schedule_now());
	rc = schedule_open(&schedule, &err);
	if (rc == 0)
		rc = schedule_run(&schedule, &err);
	plan_free(schedule.plan);
	if (rc == 0)
		rc = read_ledger(config, &v, began, &err);
	if (rc == 0)
		rc = show(call, &v, &err);
	else if (rc < 0)
		rc = cli_fail(&err, EXIT_FAILED);
	free(v.all);
	return rc;
}
