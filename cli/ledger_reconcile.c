/* gatebook ledger reconcile: was it us? */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/reconcile.h"
#include "base/clock.h"
#include "cli/ledger.h"
#include "query/range.h"

static const struct option_row options[] = {
	{ "aaa", 0, "KIND[@DEVICE]:FILE,...", "logs; - is standard input" },
	{ "findings", 0, "A,B", "show only these: elsewhere, discovery, ambiguous, late, missing" },
	{ NULL },
};

enum { C_MATCH, C_TIME, C_DEVICE, C_USER, C_FROM, C_COMMAND, C_CHAIN, C_WHY, C_FILE, C_LINE };

static const struct column columns[] = {
	[C_MATCH] = { "outcome", "OUTCOME", CELL_TEXT },
	[C_TIME] = { "time", "TIME", CELL_TIME },
	[C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_USER] = { "user", "USER", CELL_TEXT },
	[C_FROM] = { "from", "FROM", CELL_TEXT },
	[C_COMMAND] = { "command", "COMMAND", CELL_TEXT },
	[C_CHAIN] = { "chain", "CHAIN", CELL_NUMBER, .right = true },
	[C_WHY] = { "why", "WHY", CELL_TEXT },
	[C_FILE] = { "file", "FILE", CELL_TEXT, .wide = true },
	[C_LINE] = { "line", "LINE", CELL_NUMBER, .right = true, .wide = true },
	{ NULL },
};

struct run {
	struct call *call;
	struct config *config;
	struct reader *reader;
	struct range range;
	struct reconcile *r;
	unsigned kinds; /* of findings shown: a bit each */
	uint64_t unread, lines;
};

static struct reconcile_rules
rules_of(const struct config *config)
{
	const struct reconcile_settings *s = &config->reconcile;

	return (struct reconcile_rules){ .window = s->window * INT64_C(1000000),
		.late = s->late * INT64_C(1000000),
		.skew = s->skew * INT64_C(1000000),
		.chain_within = s->chain_within * INT64_C(1000000),
		.sources = &s->sources,
		.users = s->users,
		.users_from = &s->users_from,
		.hours = s->hours,
		.discovery = s->discovery,
		.unaccounted = s->unaccounted };
}

/* --- the logs --------------------------------------------------------------------------------- */

static int
read_file(struct run *run, const struct driver *driver, const char *device, const char *path,
    struct error *err)
{
	struct records_read read;
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int rc;

	if (!file)
		return error_exit(err, EXIT_USAGE, "%s: cannot be read: %s", path, strerror(errno));
	rc = reconcile_log(run->r, file, path, driver, device[0] ? device : NULL, &read, err);
	if (file != stdin)
		fclose(file);
	run->unread += read.account.unread;
	run->lines += read.account.lines;
	for (size_t i = 0; i < read.n_unread && !run->call->quiet; i++)
		fprintf(stderr, "%s: unread, %s\n", path, read.unread[i]);
	return rc;
}

/* KIND[@DEVICE]:FILE */
static int
read_log(struct run *run, struct text spec, struct error *err)
{
	struct text kind = { 0 }, rest;
	char name[LIMIT_NAME], device[LIMIT_NAME] = "", path[4096];
	const struct driver *driver;

	if (!text_take_until(&spec, ':', &kind) || !text_copy(spec, path, sizeof(path)) || !path[0])
		return error_exit(
		    err, EXIT_USAGE, "a log is KIND:FILE, like tac_plus:/var/log/acct.log");
	rest = kind;
	if (text_take_until(&rest, '@', &kind))
		(void)text_copy(rest, device, sizeof(device));
	(void)text_copy(kind, name, sizeof(name));
	driver = driver_find(name);
	if (!driver)
		return error_exit(err, EXIT_USAGE,
		    "no kind of log '%s'; there are tac_plus, ise, radius, command_log", name);
	return read_file(run, driver, device, path, err);
}

static int
read_logs(struct run *run, const char *specs, struct error *err)
{
	struct text rest = text_of(specs), one;

	while (rest.n > 0) {
		if (!text_take_until(&rest, ',', &one)) {
			one = rest;
			rest.n = 0;
		}
		if (read_log(run, one, err) < 0)
			return -1;
	}
	for (int i = 0; i < run->call->n; i++)
		if (read_log(run, text_of(run->call->words[i]), err) < 0)
			return -1;
	return 0;
}

/* --- the answer ------------------------------------------------------------------------------- */

static void
put(struct writer *w, const struct finding *f)
{
	writer_text(w, C_MATCH, text_of(match_name(f->match)));
	writer_time(w, C_TIME, f->time_us / 1000000);
	writer_word(w, C_DEVICE, f->device);
	writer_word(w, C_USER, f->user);
	writer_word(w, C_FROM, f->from);
	writer_word(w, C_COMMAND, f->command);
	if (f->match == MATCH_DISCOVERY)
		writer_number(w, C_CHAIN, f->chain);
	writer_word(w, C_WHY, f->why);
	writer_word(w, C_FILE, f->file ? f->file : "ledger");
	writer_number(w, C_LINE, f->line);
	writer_row(w);
}

static json_t *
devices_json(const struct reconcile *r)
{
	json_t *list = json_array();
	const struct reconcile_device *d;
	size_t n;

	d = reconcile_devices(r, &n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "device", d[i].name, "sent",
			      (json_int_t)d[i].ours, "records", (json_int_t)d[i].theirs, "matched",
			      (json_int_t)d[i].matched, "missing", (json_int_t)d[i].missing,
			      "clock_ahead_s",
			      d[i].has_skew ? json_real((double)d[i].skew_us / 1e6) : json_null()));
	return list;
}

static char *
meta(const struct run *run)
{
	json_t *records = json_object(), *lines = json_object(), *all;
	char from[CLOCK_TEXT], to[CLOCK_TEXT], *text;

	for (int m = 0; m < MATCH_KINDS; m++)
		json_object_set_new(m < MATCH_FOUND ? records : lines, match_name((enum match)m),
		    json_integer((json_int_t)reconcile_count(run->r, (enum match)m)));
	json_object_set_new(records, "all", json_integer((json_int_t)reconcile_records(run->r)));
	json_object_set_new(lines, "all", json_integer((json_int_t)reconcile_lines(run->r)));
	all = json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:I, s:b}", "from",
	    clock_format(run->range.from, true, from), "to", clock_format(run->range.to, true, to),
	    "records", records, "sent", lines, "devices", devices_json(run->r), "log_lines",
	    (json_int_t)run->lines, "log_lines_unread", (json_int_t)run->unread, "source_known",
	    reconcile_knows_source(run->r));
	text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

static void
say_counts(const struct run *run, FILE *out, const char *what, uint64_t all, int from, int to)
{
	fprintf(out, "%llu %s:", (unsigned long long)all, what);
	for (int m = from; m < to; m++)
		fprintf(out, "%s %llu %s", m > from ? "," : "",
		    (unsigned long long)reconcile_count(run->r, (enum match)m),
		    match_name((enum match)m));
	fputs("\n", out);
}

static void
say(const struct run *run)
{
	FILE *out = run->call->form <= WRITE_WIDE ? stdout : stderr;
	char covered[RANGE_TEXT];

	say_counts(run, out, "records", reconcile_records(run->r), MATCH_OURS, MATCH_FOUND);
	say_counts(run, out, "lines sent", reconcile_lines(run->r), MATCH_FOUND, MATCH_KINDS);
	if (run->unread > 0)
		fprintf(out, "%llu of %llu lines of the logs could not be read\n",
		    (unsigned long long)run->unread, (unsigned long long)run->lines);
	if (!reconcile_knows_source(run->r))
		fputs("where polls come from is not known, so use of the account from elsewhere "
		      "is not seen: say so under `reconcile: {sources: [...]}`\n",
		    out);
	fprintf(out, "range %s\n", range_format(&run->range, covered));
}

static int
verdict(const struct run *run)
{
	static const enum match bad[] = { MATCH_ELSEWHERE, MATCH_DISCOVERY, MATCH_AMBIGUOUS,
		MATCH_LATE, MATCH_MISSING };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (reconcile_count(run->r, bad[i]) > 0)
			return EXIT_FALSE;
	return run->unread + reconcile_count(run->r, MATCH_UNDATED) > 0 ? EXIT_PARTIAL : EXIT_OK;
}

static int
answer(struct run *run, struct error *err)
{
	struct writer *w = call_writer(run->call, columns, err);
	enum writer_form form = run->call->form;
	const struct finding *found;
	char *json = NULL;
	int64_t rc;
	size_t n;

	if (!w)
		return -1;
	found = reconcile_findings(run->r, &n);
	for (size_t i = 0; i < n; i++)
		if (run->kinds >> found[i].match & 1)
			put(w, &found[i]);
	json = meta(run);
	rc = writer_end(w, json);
	free(json);
	if (rc < 0 || fflush(stdout) != 0)
		return error_set(err, "the answer could not be written whole");
	if (form != WRITE_JSON && form != WRITE_NDJSON && (form <= WRITE_WIDE || !run->call->quiet))
		say(run);
	return verdict(run);
}

static int
read_kinds(const char *typed, unsigned *kinds, struct error *err)
{
	struct text rest = text_of(typed), one;

	*kinds = typed ? 0 : ~0u;
	while (rest.n > 0) {
		int m = 0;

		if (!text_take_until(&rest, ',', &one)) {
			one = rest;
			rest.n = 0;
		}
		while (m < MATCH_KINDS && !text_is(one, match_name((enum match)m)))
			m++;
		if (m == MATCH_KINDS)
			return error_exit(err, EXIT_USAGE,
			    "--findings: elsewhere, discovery, ambiguous, late, missing");
		*kinds |= 1u << m;
	}
	return 0;
}

static int
reconcile(struct run *run, struct error *err)
{
	struct call *call = run->call;
	struct range_words words = { call->last, call->since, call->until, call->range, call->at,
		call->utc };
	struct reconcile_rules rules = rules_of(run->config);

	if (!call_value(call, "aaa") && call->n == 0)
		return error_exit(err, EXIT_USAGE,
		    "name the logs: gatebook ledger reconcile --aaa tac_plus:/var/log/acct.log");
	if (range_parse(&words, &run->range, err) < 0 ||
	    read_kinds(call_value(call, "findings"), &run->kinds, err) < 0)
		return -1;
	run->reader = ledger_reader(call, err);
	if (!run->reader)
		return -1;
	run->r = reconcile_new(run->config, &rules, clock_now_us());
	if (reconcile_ours(run->r, reader_live(run->reader), run->range.from * 1000000,
		run->range.to * 1000000 + 999999, err) < 0 ||
	    read_logs(run, call_value(call, "aaa"), err) < 0)
		return -1;
	reconcile_finish(run->r);
	return answer(run, err);
}

static int
run(struct call *call)
{
	struct run run = { .call = call };
	struct error err = { 0 };
	int rc;

	run.config = cli_config(call);
	if (!run.config)
		return EXIT_USAGE;
	rc = reconcile(&run, &err);
	if (run.r)
		reconcile_free(run.r);
	if (run.reader)
		reader_close(run.reader);
	config_free(run.config);
	return rc < 0 ? cli_fail(&err, EXIT_FAILED) : rc;
}

const struct cli_command cli_ledger_reconcile = {
	.name = "ledger reconcile",
	.synopsis = "--aaa KIND[@DEVICE]:FILE,... [KIND:FILE ...]",
	.summary = "Compare the ledger with what AAA servers and devices accounted",
	.text = "Each record and each line sent gets one outcome, and the outcomes sum to them. A "
		"record is matched (a line of the ledger, one to one, by device, account, source, "
		"command and time, after each device's clock was learned), late (a whole visit, "
		"beyond the window), ambiguous (the same record twice, or a cut one that fits "
		"several lines), elsewhere (our account, and not us), discovery (ATT&CK T1049 by "
		"somebody who is not expected; CHAIN counts different commands in a short time), "
		"other, or undated. A line sent is found in a record, missing, or unaccounted by "
		"its platform. What does not read as a record is counted and shown. Kinds: "
		"tac_plus (tac_plus-ng), ise, radius (FreeRADIUS detail), command_log (ASA, Junos, "
		"FRRouting, sudo and sshd, in syslog or in files of their own). @DEVICE says whose "
		"log it is where it does not say so itself. The tunables are `reconcile:` of "
		"gatebook.yml. Exit 3: there are findings; 5: none, and lines that cannot be read.",
	.example = "gatebook ledger reconcile --last 1d --aaa tac_plus:/var/log/tac_plus/acct.log\n"
		   "gatebook ledger reconcile --last 7d ise:ise.log "
		   "command_log@fw1:/var/log/auth.log -j",
	.options = options,
	.flags = CLI_TIMES | CLI_OUTPUT,
	.run = run,
};
