/* gatebook export: sessions in the forms that other programs read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/question.h"
#include "query/export.h"

/* A poll's answer bounds the end of a session some time before it is written. What lies so far back
 * is sent again: identifiers make that harmless. */
enum { OVERLAP = 600 };

/* The time up to which was exported; 0: the file is not there yet. */
static int
read_cursor(const char *path, int64_t *after, struct error *err)
{
	FILE *f = fopen(path, "re");
	char line[64] = "";
	uint64_t n;
	bool read;

	*after = 0;
	if (f == NULL && errno == ENOENT)
		return 0;
	read = f != NULL && fgets(line, sizeof(line), f) != NULL &&
	       text_number(
		   text_trim((struct text){ line, strcspn(line, "\n") }), INT64_MAX / 2, &n);
	if (f != NULL)
		fclose(f);
	if (!read)
		return error_exit(
		    err, EXIT_FAILED, "--cursor %s: no cursor of gatebook export", path);
	*after = (int64_t)n;
	return 0;
}

/* Written beside and put in place, once everything is out. */
static int
write_cursor(const char *path, int64_t last, struct error *err)
{
	char beside[4096];
	FILE *f = NULL;

	if (snprintf(beside, sizeof(beside), "%s.new", path) < (int)sizeof(beside))
		f = fopen(beside, "we");
	if (f != NULL && fprintf(f, "%lld\n", (long long)last) > 0 && fflush(f) == 0 &&
	    fsync(fileno(f)) == 0 && fclose(f) == 0 && rename(beside, path) == 0)
		return 0;
	return error_exit(err, EXIT_FAILED, "--cursor %s: %s", path, strerror(errno));
}

static int
answer(struct question *q, const struct export_form *form, struct error *err)
{
	const char *cursor = call_value(q->call, "cursor");
	struct ask ask = question_ask(q, ASK_EITHER);
	int64_t after = 0, last, n = -1;

	if (cursor == NULL || read_cursor(cursor, &after, err) == 0) {
		if (cursor != NULL)
			ask.range.from = after > OVERLAP ? after - OVERLAP : 1;
		n = export_sessions(
		    &ask, form, cursor != NULL ? ask.range.from : 0, &last, stdout, err);
	}
	if (n >= 0 && cursor != NULL && write_cursor(cursor, last > after ? last : after, err) < 0)
		n = -1;
	if (n < 0)
		return cli_fail(err, EXIT_FAILED);
	if (!q->call->quiet)
		answer_footer(stderr, q->coverage, n, "no session", false);
	return EXIT_OK;
}

static int
unknown_form(const char *typed, struct error *err)
{
	char names[200] = "", shown[80];
	size_t n = 0;

	for (const struct export_form *const *f = export_forms; *f != NULL; f++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, " %s", (*f)->name);
	text_escape(text_of(typed), shown, sizeof(shown));
	return error_exit(err, EXIT_USAGE,
	    "export: no form '%s'. There are:%s; CSV and NDJSON: gatebook sessions -o", shown,
	    names);
}

static int
run(struct call *call)
{
	const struct export_form *form = call->n > 0 ? export_form(call->words[0]) : NULL;
	struct error err = { 0 };
	struct call rest = *call;
	struct question q;
	int rc;

	if (form == NULL) {
		unknown_form(call->n > 0 ? call->words[0] : "", &err);
		return cli_fail(&err, EXIT_USAGE);
	}
	rest.words++;
	rest.n--;
	rc = question_open(&rest, &q, &err) < 0 ? cli_fail(&err, EXIT_FAILED)
						: answer(&q, form, &err);
	question_close(&q);
	return rc;
}

static const struct option_row options[] = {
	{ "cursor", 0, "FILE", "only what ended since the last run with this FILE" },
	{ NULL },
};

const struct cli_command cli_export = {
	.name = "export",
	.synopsis = "FORM [ADDR|NET|@FILE ...] [FILTER]",
	.summary = "Sessions for other programs: Zeek, ECS, OCSF, STIX, CEF, LEEF, syslog, Splunk",
	.text = "FORM is cef, ecs, es-bulk, leef, ocsf, splunk-hec, stix, syslog, zeek or "
		"zeek-json. One record for each session, never one for each poll: to a beacon "
		"hunter polls would look like a beacon. What the device did not print is left "
		"out, never 0. Source is the end that started; where the device does not tell, "
		"the inside end, and the record says that it is not known. Records carry their "
		"Community ID as seen inside and, with NAT, as seen outside.\n\n"
		"With --cursor a run continues where the last one ended, with the sessions that "
		"ended since: each at least once, under an identifier that stays the same, so "
		"that what comes twice can be told. The first run takes all history.",
	.example = "gatebook export zeek --last 24h > conn.log\n"
		   "gatebook export stix 203.0.113.9 --last 7d > case-4711.json\n"
		   "gatebook export es-bulk --cursor /var/lib/gatebook/es.cursor",
	.options = options,
	.flags = CLI_TIMES | CLI_FILTER,
	.run = run,
};
