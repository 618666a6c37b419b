#include "cli/question.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "poller/control.h"
#include "poller/control.h"

/* "who 203.0.113.0/24 port 443" */
static char *
join_words(const char *first, int n, char *const *words)
{
	size_t length = 0;
	char *s = NULL;
	FILE *out = open_memstream(&s, &length);

	fputs(first, out);
	for (int i = 0; i < n; i++)
		fprintf(out, "%s%s", i > 0 || *first != '\0' ? " " : "", words[i]);
	fclose(out);
	return s;
}

/* The words from `begin` on are the filter; an `and` joins it to the addresses before it. */
static int
parse_filter(struct question *q, int begin, struct error *err)
{
	const struct call *call = q->call;
	char *text;

	if (begin > 0 && begin < call->n && strcasecmp(call->words[begin], "and") == 0)
		begin++;
	else if (begin == call->n)
		return 0;
	text = join_words("", call->n - begin, call->words + begin);
	q->filter = filter_parse(text, call->utc, err);
	free(text);
	return q->filter != NULL ? 0 : -1;
}

static void
ignore(const json_t *row, void *arg)
{
	(void)row;
	(void)arg;
}

void
question_record(const char *store, const char *typed, const struct range *range)
{
	char times[RANGE_TEXT] = "now", path[4096];
	const char *words[] = { "asked", typed, times };
	struct error err = { 0 };

	if (range)
		(void)range_format(range, times);
	(void)snprintf(path, sizeof(path), "%s/control", store);
	if (control_ask(path, 3, words, ignore, NULL, &err) == -1)
		fprintf(stderr, "gatebook: this question is not on record: %s\n", err.text);
}

int
question_open(const struct call *call, struct question *q, struct error *err)
{
	struct range_words words = { call->last, call->since, call->until, call->range, call->at,
		call->utc };
	bool filters = (call->command->flags & CLI_FILTER) != 0;
	int begin = filters ? filter_begins(call->n, call->words) : call->n;
	char *dir;

	*q = (struct question){ .call = call };
	q->typed = join_words(call->command->name, call->n, call->words);
	if (range_parse(&words, &q->range, err) < 0 ||
	    target_parse(begin, call->words, &q->target, err) < 0 ||
	    parse_filter(q, begin, err) < 0)
		return -1;
	dir = store_dir(call->dir, err);
	if (dir == NULL)
		return -1;
	q->reader = reader_open(dir, 0, err);
	if (q->reader != NULL)
		question_record(dir, q->typed, &q->range);
	free(dir);
	if (q->reader == NULL)
		return -1;
	q->coverage = coverage_load(q->reader, &q->range, err);
	return q->coverage != NULL ? 0 : -1;
}

void
question_close(struct question *q)
{
	coverage_free(q->coverage);
	places_free(q->places);
	free(q->shown);
	reader_close(q->reader);
	target_free(&q->target);
	filter_free(q->filter);
	free(q->typed);
	*q = (struct question){ 0 };
}

int
question_run(const struct call *call, int (*answer)(struct question *q, struct error *err))
{
	struct error err = { 0 };
	struct question q;
	int rc = question_open(call, &q, &err);

	rc = rc < 0 ? cli_fail(&err, EXIT_FAILED) : answer(&q, &err);
	question_close(&q);
	return rc;
}

int
question_run_about(const struct call *call, int (*answer)(struct question *q, struct error *err),
    const char *usage)
{
	struct error err = { 0 };

	if (call->n > 0)
		return question_run(call, answer);
	error_exit(&err, EXIT_USAGE, "%s", usage);
	return cli_fail(&err, EXIT_USAGE);
}

struct ask
question_ask(const struct question *q, enum ask_side side)
{
	return (struct ask){ q->reader, q->range, &q->target, side, q->filter };
}

static void
put_footer(struct question *q, int64_t rows, const char *nothing, size_t shown, size_t found)
{
	bool table = q->call->form <= WRITE_WIDE;
	FILE *out = table ? stdout : stderr;

	if (shown < found)
		fprintf(out, "the first %zu of %zu (--limit)\n", shown, found);
	answer_footer(out, q->coverage, rows, nothing, table && q->call->color);
}

int
question_end(struct question *q, struct writer *w, const char *nothing, size_t shown, size_t found)
{
	enum writer_form form = q->call->form;
	char *meta = answer_meta(q->coverage, q->typed);
	int64_t rows = writer_end(w, meta);
	struct error err = { 0 };

	free(meta);
	if (rows >= 0 && form != WRITE_JSON && form != WRITE_NDJSON &&
	    (form <= WRITE_WIDE || !q->call->quiet))
		put_footer(q, rows, nothing, shown, found);
	if (rows >= 0 && fflush(stdout) == 0)
		return EXIT_OK;
	error_set(&err, "the answer could not be written whole to standard output");
	return cli_fail(&err, EXIT_FAILED);
}

int
question_broken(struct writer *w, const struct error *err)
{
	writer_end(w, NULL);
	return cli_fail(err, EXIT_FAILED);
}

int
question_limit(const struct call *call, size_t *limit, struct error *err)
{
	const char *typed = call_value(call, "limit");
	uint64_t n;

	*limit = SIZE_MAX;
	if (typed == NULL)
		return 0;
	if (!text_number(text_of(typed), SIZE_MAX / 2, &n) || n == 0)
		return error_exit(
		    err, EXIT_USAGE, "--limit wants a number above 0, like --limit 20");
	*limit = (size_t)n;
	return 0;
}

static bool
has_place(const struct writer *w, int first)
{
	bool has = false;

	for (int i = first; i < first + PLACE_COLUMNS_N; i++)
		has |= writer_has(w, i);
	return has;
}

struct writer *
question_writer(
    struct question *q, const struct column *columns, int first, bool in_table, struct error *err)
{
	bool known = places_known(q->reader);
	struct writer *w;
	size_t n = 0;

	while (columns[n].name != NULL)
		n++;
	q->shown = mem_alloc(n + 1, sizeof(*q->shown));
	memcpy(q->shown, columns, (n + 1) * sizeof(*q->shown));
	for (int i = first; known && in_table && i < first + PLACE_COLUMNS_N; i++)
		q->shown[i].wide = false;
	w = call_writer(q->call, q->shown, err);
	if (w == NULL || !known || !has_place(w, first))
		return w;
	q->places = places_new(q->reader, &q->range, err);
	if (q->places != NULL)
		return w;
	writer_end(w, NULL);
	return NULL;
}

int
put_place(struct question *q, struct writer *w, int first, const struct addr *host, int64_t from,
    int64_t to, struct error *err)
{
	const struct stay *stay;
	const char *device;
	char text[LIMIT_NAME + PRESENT_WORD + 1];

	if (q->places == NULL)
		return 0;
	if (places_at(q->places, host, from, to, &stay, err) < 0)
		return -1;
	if (stay == NULL)
		return 0;
	device = reader_device_name(q->reader, stay->device);
	if (stay->alone)
		writer_word(w, first, stay->name);
	writer_word(w, first + 1, stay->mac);
	writer_word(w, first + 2, device);
	writer_word(w, first + 3, stay->port);
	snprintf(text, sizeof(text), "%s %s", device, stay->port);
	writer_show(w, first + 2, text);
	return 0;
}

void
put_start(struct writer *w, int column, int64_t after, int64_t by, bool utc)
{
	char text[INTERVAL_TEXT];

	if (after >= 0)
		writer_time(w, column, after);
	writer_time(w, column + 1, by);
	if (writer_is_table(w))
		writer_show(w, column, answer_interval(after, by, utc, text));
}

void
put_end(struct writer *w, int column, int64_t from, int64_t by, bool utc)
{
	char text[INTERVAL_TEXT], moment[MOMENT_TEXT];

	writer_time(w, column, from);
	if (by >= 0)
		writer_time(w, column + 1, by);
	if (!writer_is_table(w))
		return;
	if (by >= 0)
		answer_interval(from, by, utc, text);
	else
		snprintf(text, sizeof(text), "open at %s", moment_format(from, utc, true, moment));
	writer_show(w, column, text);
}

void
put_bytes(struct writer *w, int column, uint64_t bytes)
{
	static const char units[] = "kMGTPE";
	double value = (double)bytes;
	char text[32];
	int unit = -1;

	writer_number(w, column, bytes);
	if (bytes < 10000 || !writer_is_table(w))
		return;
	while (value >= 1000) {
		value /= 1000;
		unit++;
	}
	snprintf(text, sizeof(text), value < 10 ? "%.1f %cB" : "%.0f %cB", value, units[unit]);
	writer_show(w, column, text);
}

void
put_devices(struct writer *w, int column, struct reader *r, const struct contact *c)
{
	for (uint32_t i = 0; i < c->n_by; i++)
		writer_list(w, column, text_of(reader_device_name(r, c->by[i].device)));
}
