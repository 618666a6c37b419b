/* gatebook schedule list|next|top: the plan as the daemon has it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/daemon.h"
#include "poller/control.h"

static const struct column columns[] = { { "in_s", "IN S", CELL_NUMBER, true },
	{ "next", "AT", CELL_TIME }, { "device", "DEVICE", CELL_TEXT },
	{ "schedules", "SCHEDULE", CELL_LIST }, { "every_s", "EVERY S", CELL_NUMBER, true },
	{ "state", "STATE", CELL_TEXT }, { "outcome", "LAST", CELL_TEXT },
	{ "duration_ms", "MS", CELL_NUMBER, true }, { "sessions", "SESSIONS", CELL_NUMBER, true },
	{ "last", "POLLED", CELL_TIME, false, true },
	{ "platform", "PLATFORM", CELL_TEXT, false, true },
	{ "site", "SITE", CELL_TEXT, false, true }, { "reason", "REASON", CELL_TEXT, false, true },
	{ "bytes", "BYTES", CELL_NUMBER, true, true },
	{ "unread", "UNREAD", CELL_NUMBER, true, true },
	{ "failures", "FAILURES", CELL_NUMBER, true, true },
	{ "interval", "INTERVAL", CELL_TEXT, false, true },
	{ "why", "WHY", CELL_TEXT, false, true }, { NULL } };

/* The rows of the answer, to be sorted before they are shown. */
struct rows {
	json_t **row;
	size_t n, room;
};

static void
keep(const json_t *row, void *arg)
{
	struct rows *rows = arg;

	if (rows->n == rows->room) {
		rows->room = rows->room ? rows->room * 2 : 64;
		rows->row = mem_grow(rows->row, rows->room, sizeof(*rows->row));
	}
	rows->row[rows->n++] = json_deep_copy(row);
}

static int64_t
number(const json_t *row, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(row, name);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static int
compare(const void *a, const void *b, const char *name, bool down, int64_t otherwise)
{
	int64_t left = number(*(json_t *const *)a, name, otherwise);
	int64_t right = number(*(json_t *const *)b, name, otherwise);

	return left == right ? 0 : (left < right) != down ? -1 : 1;
}

static int
by_next(const void *a, const void *b)
{
	return compare(a, b, "next", false, INT64_MAX);
}

static int
by_duration(const void *a, const void *b)
{
	return compare(a, b, "duration_ms", true, -1);
}

static int
by_bytes(const void *a, const void *b)
{
	return compare(a, b, "bytes", true, -1);
}

static int
by_unread(const void *a, const void *b)
{
	return compare(a, b, "unread", true, -1);
}

typedef int (*order)(const void *a, const void *b);

static int
put_sorted(struct call *call, struct rows *rows, order by, size_t most)
{
	struct error err = { 0 };
	struct writer *w = call_writer(call, columns, &err);

	if (!w)
		return cli_fail(&err, EXIT_USAGE);
	if (by && rows->n > 0)
		qsort(rows->row, rows->n, sizeof(*rows->row), by);
	for (size_t i = 0; i < rows->n && i < most; i++)
		daemon_put(w, columns, rows->row[i]);
	return writer_end(w, NULL) < 0 ? EXIT_FAILED : EXIT_OK;
}

/* The names of the devices that are meant, behind "list"; none: all. */
static const char **
question(struct call *call, struct config *config, int *n, struct error *err)
{
	const struct device **devices = call->n ? config_select(config, call->n, call->words, err)
						: NULL;
	const char **words;

	*n = 0;
	if (call->n && !devices)
		return NULL;
	while (devices && devices[*n])
		(*n)++;
	words = mem_alloc((size_t)*n + 1, sizeof(*words));
	words[0] = "list";
	for (int i = 0; i < *n; i++)
		words[i + 1] = devices[i]->name;
	(*n)++;
	return words;
}

static int
ask(struct call *call, order by, size_t most)
{
	struct config *config = cli_config(call);
	struct rows rows = { 0 };
	struct error err = { 0 };
	const char **words;
	int n, rc = EXIT_USAGE;

	if (!config)
		return EXIT_USAGE;
	words = question(call, config, &n, &err);
	if (words)
		rc = control_ask(config->control, n, words, keep, &rows, &err);
	if (rc == CONTROL_NOBODY)
		rc = daemon_missing(config, &err);
	rc = rc == 0 ? put_sorted(call, &rows, by, most)
		     : cli_fail(&err, rc > 0 ? rc : EXIT_FAILED);
	for (size_t i = 0; i < rows.n; i++)
		json_decref(rows.row[i]);
	free(rows.row);
	free(words);
	config_free(config);
	return rc;
}

static void
show_line(const json_t *row, void *arg)
{
	(void)arg;
	(void)printf("%s\n", json_string_value(json_object_get(row, "line")));
}

static int
run_explain(struct call *call)
{
	struct config *config = cli_config(call);
	struct error err = { 0 };
	const char **words = NULL;
	int n, rc = EXIT_USAGE;

	if (config && call->n == 0)
		(void)error_set(&err, "say which: gatebook schedule explain DEVICE");
	else if (config)
		words = question(call, config, &n, &err);
	if (words) {
		words[0] = "explain";
		rc = control_ask(config->control, n, words, show_line, NULL, &err);
		if (rc == CONTROL_NOBODY)
			rc = daemon_missing(config, &err);
	}
	rc = rc == 0 || !config ? rc : cli_fail(&err, rc > 0 ? rc : EXIT_FAILED);
	free(words);
	config_free(config);
	return rc;
}

static size_t
most_of(const struct call *call, size_t otherwise)
{
	uint64_t n;

	return text_number(text_of(call_value(call, "number")), SIZE_MAX, &n) ? n : otherwise;
}

static const struct option_row count_option[] = {
	{ "number", 'n', "N", "so many rows (default: 10)" }, { NULL }
};

static int
run_list(struct call *call)
{
	return ask(call, NULL, SIZE_MAX);
}

static int
run_next(struct call *call)
{
	return ask(call, by_next, most_of(call, 10));
}

static const struct option_row top_options[] = { { "number", 'n', "N",
						     "so many rows (default: 10)" },
	{ "sort", 's', "KEY", "time, bytes or unread (default: time)" }, { NULL } };

static int
run_top(struct call *call)
{
	const char *key = call_value(call, "sort");
	struct error err = { 0 };

	if (!key || strcmp(key, "time") == 0)
		return ask(call, by_duration, most_of(call, 10));
	if (strcmp(key, "bytes") == 0)
		return ask(call, by_bytes, most_of(call, 10));
	if (strcmp(key, "unread") == 0)
		return ask(call, by_unread, most_of(call, 10));
	(void)error_set(&err, "--sort %s: time, bytes or unread", key);
	return cli_fail(&err, EXIT_USAGE);
}

const struct cli_command cli_schedule_list = { .name = "schedule list",
	.synopsis = "[DEVICE|@TAG...]",
	.summary = "List the devices that the daemon polls",
	.text = "Which schedule, when next, what it waits for, and what came of the last poll. -o "
		"wide "
		"and the machine forms have more.",
	.example = "gatebook schedule list @edge\ngatebook schedule list -o json",
	.flags = CLI_OUTPUT,
	.run = run_list };

const struct cli_command cli_schedule_explain = { .name = "schedule explain",
	.synopsis = "DEVICE|@TAG...",
	.summary = "Say why a device is polled when it is",
	.text = "Its schedules and where they stand (file:line:column), windows and blackouts, the "
		"limits "
		"and how much of them is in use, what it waits for, and how long a device that "
		"does "
		"not answer is left alone.",
	.example = "gatebook schedule explain edge-r1",
	.run = run_explain };

const struct cli_command cli_schedule_next = { .name = "schedule next",
	.synopsis = "[-n N] [DEVICE|@TAG...]",
	.summary = "Say who is polled next",
	.text = "The devices in the order of their next poll. STATE says what a device waits for: "
		"its "
		"moment, a budget, or somebody who releases it.",
	.example = "gatebook schedule next -n 4",
	.options = count_option,
	.flags = CLI_OUTPUT,
	.run = run_next };

const struct cli_command cli_schedule_top = { .name = "schedule top",
	.synopsis = "[-n N] [--sort time|bytes|unread] [DEVICE|@TAG...]",
	.summary = "Show the devices whose last polls cost most",
	.text = "By the time of the last poll, the bytes it read, or the lines that no pattern "
		"knows "
		"since the daemon was started.",
	.example = "gatebook schedule top\ngatebook schedule top --sort unread -n 3",
	.options = top_options,
	.flags = CLI_OUTPUT,
	.run = run_top };
