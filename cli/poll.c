/* gatebook poll: visit devices now, put what they say on record, say what came of it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/command.h"
#include "poller/control.h"
#include "poller/poll.h"
#include "poller/schedule.h"

static const struct option_row options[] = {
	{ "dry-run", 'n', NULL, "print the login and every line that would be sent; send nothing" },
	{ "jobs", 'J', "N", "polls in flight at most (default: limits.jobs of gatebook.yml)" },
	{ "every", 'e', "SECONDS", "poll again this many seconds after each start" },
	{ "times", 't', "N", "with --every: so many rounds (default: until interrupted)" }, { NULL }
};

enum {
	C_DEVICE,
	C_PLATFORM,
	C_OUTCOME,
	C_REASON,
	C_ROWS,
	C_SESSIONS,
	C_OPENED,
	C_CLOSED,
	C_SEEN_AGAIN,
	C_DURATION,
	C_WHY,
	C_POLL,
	C_STARTED,
	C_LINES,
	C_ROW_LINES,
	C_NOISE,
	C_UNREAD,
	C_PRINTED,
	C_BYTES,
	C_OWN,
	C_LISTENING,
	C_INSIDE,
	C_OUTSIDE,
	C_SPECIAL,
	C_COPIES,
	C_SANDBOX,
	C_UNREAD_LINES
};

static const struct column columns[] = { [C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_PLATFORM] = { "platform", "PLATFORM", CELL_TEXT },
	[C_OUTCOME] = { "outcome", "OUTCOME", CELL_TEXT },
	[C_REASON] = { "reason", "REASON", CELL_TEXT, false, true },
	[C_ROWS] = { "rows", "ROWS", CELL_NUMBER, true },
	[C_SESSIONS] = { "sessions", "SESSIONS", CELL_NUMBER, true },
	[C_OPENED] = { "opened", "NEW", CELL_NUMBER, true },
	[C_CLOSED] = { "closed", "GONE", CELL_NUMBER, true },
	[C_SEEN_AGAIN] = { "seen_again", "AGAIN", CELL_NUMBER, true },
	[C_DURATION] = { "duration_ms", "MS", CELL_NUMBER, true },
	[C_WHY] = { "why", "WHY", CELL_TEXT },
	[C_POLL] = { "poll", NULL, CELL_NUMBER },
	[C_STARTED] = { "started", NULL, CELL_TIME },
	[C_LINES] = { "account.lines", NULL, CELL_NUMBER },
	[C_ROW_LINES] = { "account.row", NULL, CELL_NUMBER },
	[C_NOISE] = { "account.noise", NULL, CELL_NUMBER },
	[C_UNREAD] = { "account.unread", NULL, CELL_NUMBER },
	[C_PRINTED] = { "account.total_printed", NULL, CELL_NUMBER },
	[C_BYTES] = { "bytes", NULL, CELL_NUMBER },
	[C_OWN] = { "left_out.own_login", NULL, CELL_NUMBER },
	[C_LISTENING] = { "left_out.listening", NULL, CELL_NUMBER },
	[C_INSIDE] = { "left_out.inside_inside", NULL, CELL_NUMBER },
	[C_OUTSIDE] = { "left_out.outside_outside", NULL, CELL_NUMBER },
	[C_SPECIAL] = { "left_out.special", NULL, CELL_NUMBER },
	[C_COPIES] = { "left_out.copies", NULL, CELL_NUMBER },
	[C_SANDBOX] = { "sandbox", NULL, CELL_NUMBER },
	[C_UNREAD_LINES] = { "unread_lines", NULL, CELL_LIST },
	{ NULL } };

struct show {
	const struct call *call;
	struct writer *writer; /* of this round; NULL before its first row */
	bool broken;           /* standard output takes no more */
	int complete, partial, failed, skipped, refused; /* in this round */
	int verdict;                                     /* of the last round */
	bool live;    /* a progress line stands on the terminal */
	bool machine; /* the rows are for a program: people read standard error */
};

static void
clear_progress(struct show *show)
{
	if (show->live)
		(void)fputs("\r\033[K", stderr);
	show->live = false;
}

static void
progress(const struct fleet *fleet, int done, int total, void *arg)
{
	struct show *show = arg;

	(void)fprintf(stderr, "\r\033[K[%d/%d]", done, total);
	for (size_t i = 0; i < fleet->n && i < 4; i++)
		(void)fprintf(stderr, " %s", fleet->flights[i]->name);
	if (fleet->n > 4)
		(void)fprintf(stderr, " and %zu more", fleet->n - 4);
	(void)fflush(stderr);
	show->live = true;
}

static void
count(struct show *show, const struct poll_report *r)
{
	if (r->outcome == OUTCOME_COMPLETE)
		show->complete++;
	else if (r->outcome == OUTCOME_PARTIAL)
		show->partial++;
	else if (r->outcome == OUTCOME_SKIPPED)
		show->skipped++;
	else
		show->failed++;
	if (r->reason == REASON_AUTH || r->reason == REASON_HOST_KEY)
		show->refused++;
}

static void
put_lines(struct writer *w, const char *evidence)
{
	struct text rest = text_of(evidence), line;

	while (rest.n > 0 && text_take_line(&rest, &line))
		writer_list(w, C_UNREAD_LINES, line);
}

static void
put_numbers(struct writer *w, const struct wire_recorded *recorded)
{
	const struct poll_report *r = &recorded->report;

	writer_number(w, C_ROWS, r->account.rows);
	writer_number(w, C_SESSIONS, r->sessions);
	if (recorded->poll_id > 0) {
		writer_number(w, C_OPENED, recorded->opened);
		writer_number(w, C_CLOSED, recorded->closed);
		writer_number(w, C_SEEN_AGAIN, recorded->reseen);
	}
	writer_number(w, C_DURATION, r->duration_ms);
	if (recorded->poll_id >= 0)
		writer_number(w, C_POLL, (uint64_t)recorded->poll_id);
	writer_number(w, C_LINES, r->account.lines);
	writer_number(w, C_ROW_LINES, r->account.row);
	writer_number(w, C_NOISE, r->account.noise);
	writer_number(w, C_UNREAD, r->account.unread);
	if (r->account.has_printed)
		writer_number(w, C_PRINTED, r->account.printed);
	writer_number(w, C_BYTES, r->bytes);
	writer_number(w, C_OWN, r->own);
	writer_number(w, C_LISTENING, r->listening);
	writer_number(w, C_INSIDE, r->inside_inside);
	writer_number(w, C_OUTSIDE, r->outside_outside);
	writer_number(w, C_SPECIAL, r->special);
	writer_number(w, C_COPIES, r->copies);
	writer_number(w, C_SANDBOX, r->sandbox);
}

static bool
open_writer(struct show *show, struct error *err)
{
	const struct call *call = show->call;

	show->writer = writer_new(
	    stdout, call->form, columns, call->columns, call->utc, !call->no_headers, err);
	return show->writer != NULL;
}

static void
recorded(const struct flight *flight, void *arg)
{
	const struct wire_recorded *r = &flight->record;
	struct show *show = arg;
	const char *outcome = r->poll_id != 0 ? outcome_name((enum outcome)r->report.outcome)
					      : "not recorded";

	clear_progress(show);
	if (!show->writer && !open_writer(show, NULL))
		return;
	if (r->poll_id != 0)
		count(show, &r->report);
	else
		show->failed++;
	writer_text(show->writer, C_DEVICE, text_of(flight->name));
	writer_text(show->writer, C_PLATFORM, text_of(flight->platform));
	writer_text(show->writer, C_OUTCOME, text_of(outcome));
	if (r->report.reason != REASON_NONE)
		writer_text(
		    show->writer, C_REASON, text_of(reason_name((enum reason)r->report.reason)));
	if (r->report.why[0])
		writer_text(show->writer, C_WHY, text_of(r->report.why));
	writer_time(show->writer, C_STARTED, r->report.started);
	put_numbers(show->writer, r);
	put_lines(show->writer, r->report.evidence);
	writer_row(show->writer);
	(void)fflush(stdout); /* who reads along must not wait for the slowest device */
	if (show->machine && r->report.outcome != OUTCOME_COMPLETE)
		(void)fprintf(
		    stderr, "gatebook: %s: %s: %s\n", flight->name, outcome, r->report.why);
}

static void
print_contexts(const char *const *contexts)
{
	for (; contexts && *contexts; contexts++)
		for (const char *const *table = poll_tables_in(*contexts); *table; table++)
			(void)printf("  %s in %s\n", *table, *contexts);
}

/* For the people who run the AAA servers: what would be said to the device, and nothing is. */
static int
dry_run(const struct device **devices)
{
	for (int i = 0; devices[i]; i++) {
		const struct device *d = devices[i];
		const struct dialect *dialect = &d->driver->dialect;
		const struct command *plan[LIMIT_COMMANDS];
		int n = poll_plan(d, plan);

		(void)printf("%s: ", d->name);
		if (d->credential && strcmp(d->transport, "snmp") == 0)
			(void)printf("SNMP as %s to %s:%u, GETBULK of:\n",
			    d->credential->user ? d->credential->user : d->credential->name,
			    d->host, d->port);
		else if (d->credential)
			(void)printf("login %s@%s:%u%s%s, then:\n", d->credential->user, d->host,
			    d->port, d->via ? " through " : "", d->via ? d->via->name : "");
		else
			(void)printf("%s:\n", d->transport);
		if (d->credential && d->credential->enable && dialect->enable)
			(void)printf(
			    "  %s    (and its password, where the prompt does not end in #)\n",
			    dialect->enable);
		for (int k = 0; dialect->shell && dialect->setup && dialect->setup[k]; k++)
			(void)printf("  %s\n", dialect->setup[k]);
		for (int k = 0; k < n; k++) {
			(void)printf("  %s%s\n", plan[k]->send,
			    poll_is_variant(d, plan[k]) ? "    (only if the one before is refused)"
							: "");
			if (plan[k]->pages)
				(void)printf("  %s    (a page behind the first, if there is one)\n",
				    plan[k]->pages);
		}
		print_contexts(d->contexts);
		if (dialect->shell && dialect->leave)
			(void)printf("  %s\n", dialect->leave);
	}
	return EXIT_OK;
}

static void
summarise(const struct show *show)
{
	int all = show->complete + show->partial + show->failed + show->skipped;

	(void)fprintf(stderr, "%d device%s: %d complete, %d partial, %d failed", all,
	    all == 1 ? "" : "s", show->complete, show->partial, show->failed);
	if (show->skipped > 0)
		(void)fprintf(stderr, ", %d skipped", show->skipped);
	(void)fputc('\n', stderr);
}

static int
verdict(const struct show *show)
{
	if (show->partial == 0 && show->failed == 0 && show->skipped == 0)
		return EXIT_OK;
	if (show->complete == 0 && show->partial == 0)
		return show->refused > 0 && show->refused == show->failed ? EXIT_AUTH : EXIT_FAILED;
	return EXIT_PARTIAL;
}

/* A number option of the command line, or `otherwise` when it was not given; -1 after a fault was
 * said. */
static int64_t
number_option(const struct call *call, const char *name, uint64_t most, int64_t otherwise)
{
	const char *typed = call_value(call, name);
	struct error err = { 0 };
	uint64_t n;

	if (!typed)
		return otherwise;
	if (text_number(text_of(typed), most, &n) && n > 0)
		return (int64_t)n;
	(void)error_set(
	    &err, "--%s %s: a number from 1 to %llu", name, typed, (unsigned long long)most);
	(void)cli_fail(&err, EXIT_USAGE);
	return -1;
}

/* Each round is an answer of its own. */
static bool
end_round(void *arg)
{
	struct show *show = arg;

	clear_progress(show);
	show->broken = writer_end(show->writer, NULL) < 0 || fflush(stdout) != 0;
	if (!show->machine && !show->call->quiet)
		summarise(show);
	show->verdict = verdict(show);
	show->complete = show->partial = show->failed = show->skipped = show->refused = 0;
	show->writer = NULL;
	return !show->broken;
}

/* --- by the daemon -----------------------------------------------------------------------------
 */

/* A device that the daemon did not poll, or a poll as struct wire_recorded in hexadecimal. */
static void
hear_daemon(const json_t *row, void *arg)
{
	const char *why = json_string_value(json_object_get(row, "refused")),
		   *hex = json_string_value(json_object_get(row, "record"));
	struct flight flight = { .record = { .kind = WIRE_RECORDED, .poll_id = -1 } };
	unsigned char *bytes = (unsigned char *)&flight.record;
	uint64_t byte;

	wire_put(flight.name, json_string_value(json_object_get(row, "device")));
	wire_put(flight.platform, json_string_value(json_object_get(row, "platform")));
	if (hex && strlen(hex) != 2 * sizeof(flight.record))
		why = "the daemon is of another version: restart it";
	for (size_t i = 0; hex && !why && i < sizeof(flight.record); i++) {
		struct text two = { hex + 2 * i, 2 };

		if (!text_take_hex(&two, 255, &byte))
			return;
		bytes[i] = (unsigned char)byte;
	}
	if (why) {
		flight.record.report.outcome = OUTCOME_SKIPPED;
		flight.record.report.reason = REASON_HELD;
		flight.record.report.started = clock_now();
		wire_put(flight.record.report.why, why);
	}
	recorded(&flight, arg);
}

/* Where a daemon runs it polls: one session to a device, whoever asks. CONTROL_NOBODY: none does.
 */
static int
poll_by_daemon(const struct config *config, const struct device **devices, struct show *show,
    struct error *err)
{
	const char **words;
	size_t n = 0;
	int rc;

	while (devices[n])
		n++;
	words = mem_alloc(n + 1, sizeof(*words));
	words[0] = "poll";
	for (size_t i = 0; i < n; i++)
		words[i + 1] = devices[i]->name;
	rc = control_ask(config->control, (int)n + 1, words, hear_daemon, show, err);
	free(words);
	if (rc == CONTROL_NOBODY)
		return rc;
	(void)end_round(show);
	/* That nothing was polled is said by the rows. */
	return rc < 0 ? -1 : 0;
}

/* --- by ourselves ------------------------------------------------------------------------------
 */

/* A hold is in force for polls by hand too. */
static void
skip_held(struct schedule *s)
{
	for (size_t i = 0; i < plan_count(s->plan); i++) {
		struct entry *e = plan_at(s->plan, i);
		struct flight flight = { .record = { .kind = WIRE_RECORDED, .poll_id = -1 } };
		struct poll_report *r = &flight.record.report;
		enum hold_on on;
		enum hold hold = plan_held(s->plan, e, &on);

		if (hold == HOLD_NONE)
			continue;
		plan_drop(s->plan, e);
		wire_put(flight.name, e->device->name);
		wire_put(flight.platform, e->device->driver->name);
		r->outcome = OUTCOME_SKIPPED;
		r->reason = REASON_HELD;
		r->started = clock_now();
		(void)snprintf(r->why, sizeof(r->why), "held (%s: %s): gatebook release",
		    hold_on_name(on), hold_name(hold));
		recorded(&flight, s->arg);
	}
}

static int
poll_here(struct schedule *s, const struct device **devices, struct error *err)
{
	int rc;

	s->plan = plan_by_hand(s->config, devices, schedule_now());
	rc = schedule_open(s, err);
	if (rc == 0 && schedule_recall(s) == 0)
		skip_held(s);
	if (rc == 0)
		rc = schedule_run(s, err);
	plan_free(s->plan);
	return rc;
}

static int
poll_devices(struct call *call, struct config *config, const struct device **devices)
{
	struct error err = { 0 };
	struct show show = { .call = call, .machine = call->form > WRITE_WIDE };
	int64_t every = number_option(call, "every", 86400, 0);
	int64_t times = number_option(call, "times", UINT32_MAX, every ? 0 : 1);
	int64_t jobs = number_option(call, "jobs", 1000, config->jobs);
	struct schedule schedule = { .config = config,
		.by_hand = true,
		.what = "gatebook poll",
		.every = (uint32_t)every,
		.times = (uint32_t)times,
		.recorded = recorded,
		.round = end_round,
		.arg = &show };
	int rc;

	if (every < 0 || times < 0 || jobs < 0)
		return EXIT_USAGE;
	config->jobs = (uint32_t)jobs;
	if (call_value(call, "jobs"))
		config->snmp_jobs = (uint32_t)jobs;
	if (isatty(STDERR_FILENO) && !call->quiet)
		schedule.progress = progress;
	if (!open_writer(&show, &err))
		return cli_fail(&err, EXIT_USAGE);
	rc = every ? CONTROL_NOBODY : poll_by_daemon(config, devices, &show, &err);
	if (rc == CONTROL_NOBODY)
		rc = poll_here(&schedule, devices, &err);
	clear_progress(&show);
	if (rc == 0 && show.broken)
		rc = error_set(&err, "cannot write the result to standard output");
	if (rc < 0)
		return cli_fail(&err, EXIT_FAILED);
	return rc ? rc : show.verdict;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	const struct device **devices;
	struct error err = { 0 };
	int rc = EXIT_OK;

	if (!config)
		return EXIT_USAGE;
	devices = config_select(config, call->n, call->words, &err);
	if (!devices)
		rc = cli_fail(&err, EXIT_USAGE);
	else if (!devices[0]) {
		(void)error_set(&err,
		    "no device to poll: add one to %s/inventory.d/ (see: gatebook init)",
		    config->dir);
		rc = cli_fail(&err, EXIT_USAGE);
	}
	if (rc == EXIT_OK)
		rc = call_value(call, "dry-run") ? dry_run(devices)
						 : poll_devices(call, config, devices);
	config_free(config);
	return rc;
}

const struct cli_command cli_poll = { .name = "poll",
	.synopsis = "[DEVICE|@TAG ...]",
	.summary = "Visit devices now and put what they say on record",
	.text =
	    "Logs into each device with its read-only account, sends the compiled commands of its "
	    "platform and nothing else, reads the replies and records the sessions between inside "
	    "hosts and outside addresses. Every line is in the ledger before it is sent. A reply "
	    "that "
	    "was cut or not understood never counts as complete. Without a DEVICE all devices of "
	    "the "
	    "inventory are polled that are not disabled. A failed login is never tried again.",
	.example = "gatebook poll\ngatebook poll edge-fw1 @branch -o json\ngatebook poll edge-fw1 "
		   "--dry-run",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run };
