/* gatebook coverage: what was looked at, and what was not. */
#include <math.h>
#include <string.h>

#include "cli/question.h"

enum {
	C_DEVICE,
	C_SLOTS,
	C_OK,
	C_PARTIAL,
	C_FAILED,
	C_SKIPPED,
	C_NOT_TRIED,
	C_RATIO,
	C_GAP,
	C_GAP_FROM,
	C_GAP_TO,
	C_GAP_OPEN,
	C_CERTAIN,
	C_LAST,
	C_BLIND,
	C_SINCE,
	C_WHY,
	C_EVERY,
	C_CANNOT
};

static const struct column columns[] = {
	[C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_SLOTS] = { "slots", "SLOTS", CELL_NUMBER, .right = true },
	[C_OK] = { "ok", "OK", CELL_NUMBER, .right = true },
	[C_PARTIAL] = { "partial", "PARTIAL", CELL_NUMBER, .right = true },
	[C_FAILED] = { "failed", "FAILED", CELL_NUMBER, .right = true },
	[C_SKIPPED] = { "skipped", "SKIPPED", CELL_NUMBER, .right = true, .wide = true },
	[C_NOT_TRIED] = { "not_tried", "NOT TRIED", CELL_NUMBER, .right = true },
	[C_RATIO] = { "percent", "%", CELL_TEXT, .right = true },
	[C_GAP] = { "gap.seconds", "LONGEST GAP", CELL_NUMBER },
	[C_GAP_FROM] = { "gap.from", NULL, CELL_TIME },
	[C_GAP_TO] = { "gap.to", NULL, CELL_TIME },
	[C_GAP_OPEN] = { "gap.open", NULL, CELL_BOOL },
	[C_CERTAIN] = { "certain_from_seconds", "CERTAIN FROM", CELL_NUMBER, .right = true },
	[C_LAST] = { "last_complete", "LAST COMPLETE", CELL_TIME, .wide = true },
	[C_BLIND] = { "blind", NULL, CELL_BOOL },
	[C_SINCE] = { "blind_since", "BLIND SINCE", CELL_TIME },
	[C_WHY] = { "why", "WHY", CELL_TEXT },
	[C_EVERY] = { "every_seconds", "EVERY", CELL_NUMBER, .right = true, .wide = true },
	[C_CANNOT] = { "cannot_see", "CANNOT SEE", CELL_TEXT },
	{ NULL },
};

static void
put_gap(struct writer *w, const struct coverage_device *d, bool utc)
{
	char text[128], gap[MOMENT_TEXT], moment[MOMENT_TEXT];

	writer_number(w, C_GAP, (uint64_t)d->gap);
	writer_time(w, C_GAP_FROM, d->gap_from);
	writer_time(w, C_GAP_TO, d->gap_to);
	writer_bool(w, C_GAP_OPEN, d->gap_open);
	moment_format(d->gap_from, utc, true, moment);
	snprintf(text, sizeof(text), "%s (%s%s)", duration_format(d->gap, gap), moment + 5,
	    d->gap_open ? ", open" : "");
	writer_show(w, C_GAP, text);
}

static void
put_blind(struct writer *w, const struct coverage_device *d, bool utc)
{
	char moment[MOMENT_TEXT];

	writer_bool(w, C_BLIND, d->blind);
	if (d->why != NULL && (d->blind || d->never))
		writer_text(w, C_WHY, text_of(d->why));
	if (!d->blind)
		return;
	writer_time(w, C_SINCE, d->blind_since);
	writer_show(w, C_SINCE, moment_format(d->blind_since, utc, true, moment));
}

static void
put(struct writer *w, const struct coverage_device *d, const struct range *r)
{
	double ratio = coverage_device_ratio(d);
	char text[MOMENT_TEXT];

	writer_text(w, C_DEVICE, text_of(d->name));
	writer_number(w, C_SLOTS, d->slots);
	writer_number(w, C_OK, d->complete);
	writer_number(w, C_PARTIAL, d->partial);
	writer_number(w, C_FAILED, d->failed);
	writer_number(w, C_SKIPPED, d->skipped);
	writer_number(w, C_NOT_TRIED, coverage_not_tried(d));
	if (!isnan(ratio)) {
		snprintf(text, sizeof(text), "%.1f", floor(ratio * 1000) / 10);
		writer_text(w, C_RATIO, text_of(text));
	}
	if (!r->at) {
		put_gap(w, d, r->utc);
		if (coverage_certain(d) >= 0) {
			writer_number(w, C_CERTAIN, (uint64_t)coverage_certain(d));
			writer_show(w, C_CERTAIN, duration_format(coverage_certain(d), text));
		}
	}
	if (d->last_complete > 0)
		writer_time(w, C_LAST, d->last_complete);
	put_blind(w, d, r->utc);
	if (d->every > 0) {
		writer_number(w, C_EVERY, (uint64_t)d->every);
		writer_show(w, C_EVERY, duration_format(d->every, text));
	}
	if (*d->cannot_see != '\0')
		writer_text(w, C_CANNOT, text_of(d->cannot_see));
	writer_row(w);
}

/* The words are device names here, not addresses. */
static int
check_names(const struct call *call, const struct coverage *c, struct error *err)
{
	char shown[100];

	for (int i = 0; i < call->n; i++) {
		bool found = false;

		for (size_t k = 0; k < c->n; k++)
			found |= strcmp(call->words[i], c->devices[k].name) == 0;
		if (found)
			continue;
		text_escape(text_of(call->words[i]), shown, sizeof(shown));
		return error_exit(err, EXIT_USAGE,
		    "the store knows no device '%s' in this time. List: gatebook coverage", shown);
	}
	return 0;
}

static bool
asked_for(const struct call *call, const char *name)
{
	for (int i = 0; i < call->n; i++)
		if (strcmp(call->words[i], name) == 0)
			return true;
	return call->n == 0;
}

static int
answer(struct question *q, struct error *err)
{
	const struct coverage *c = q->coverage;
	struct writer *w;
	size_t n = 0;

	if (check_names(q->call, c, err) < 0)
		return cli_fail(err, EXIT_USAGE);
	w = call_writer(q->call, columns, err);
	if (w == NULL)
		return cli_fail(err, EXIT_USAGE);
	for (size_t i = 0; i < c->n; i++) {
		if (!asked_for(q->call, c->devices[i].name))
			continue;
		put(w, &c->devices[i], &q->range);
		n++;
	}
	return question_end(q, w, "no device was known", n, n);
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct call times = *call;
	struct question q;
	int rc;

	times.n = 0;
	rc = question_open(&times, &q, &err);
	q.call = call;
	rc = rc < 0 ? cli_fail(&err, EXIT_FAILED) : answer(&q, &err);
	question_close(&q);
	return rc;
}

const struct cli_command cli_coverage = {
	.name = "coverage",
	.synopsis = "[DEVICE ...]",
	.summary = "Which devices were looked at, when they were not, and what cannot be seen",
	.text = "SLOTS are the polls that were due, an interval after the last complete one and "
		"so on; a device that is polled by hand has as many as were tried. OK counts "
		"complete polls; a partial poll shows some sessions and proves no absence. "
		"LONGEST GAP is the longest time without a complete poll. CERTAIN FROM: a "
		"session at least that long was seen; a shorter one may have come and gone "
		"between two polls. CANNOT SEE is what the driver of the platform says it "
		"misses.\n\n"
		"A device is blind when its last poll failed, or none came for twice its "
		"interval.",
	.example = "gatebook coverage --last 7d\ngatebook coverage edge-fw1 --since 2026-11-01 -j",
	.flags = CLI_TIMES | CLI_OUTPUT,
	.run = run,
};
