#include "query/answer.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { NAMED = 6 }; /* devices named in a footer; `gatebook coverage` lists them all */

static json_t *
json_time(int64_t seconds)
{
	char text[CLOCK_TEXT];

	return seconds > 0 ? json_string(clock_format(seconds, true, text)) : json_null();
}

/* What a user typed, or a device is called, may be no UTF-8. */
static json_t *
json_words(const char *words)
{
	json_t *j = json_string(words);
	size_t size = 4 * strlen(words) + 1;
	char *escaped;

	if (j != NULL)
		return j;
	escaped = calloc(size, 1);
	if (escaped == NULL)
		return json_null();
	text_escape(text_of(words), escaped, size);
	j = json_string(escaped);
	free(escaped);
	return j;
}

static json_t *
json_blind(const struct coverage *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n; i++) {
		const struct coverage_device *d = &c->devices[i];

		if (d->blind)
			json_array_append_new(
			    list, json_pack("{s:o, s:o, s:s}", "device", json_words(d->name),
				      "since", json_time(d->blind_since), "why", d->why));
	}
	return list;
}

char *
answer_meta(const struct coverage *c, const char *query)
{
	double ratio = coverage_ratio(c);
	json_t *coverage = json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:o}", "ratio",
	    isnan(ratio) ? json_null() : json_real(round(ratio * 10000) / 10000), "slots",
	    (json_int_t)c->slots, "ok", (json_int_t)c->complete, "partial", (json_int_t)c->partial,
	    "failed", (json_int_t)c->failed, "skipped", (json_int_t)c->skipped, "blind",
	    json_blind(c));
	json_t *meta = json_pack("{s:i, s:o, s:[o,o], s:o, s:o}", "version", 1, "query",
	    json_words(query), "range", json_time(c->range.from), json_time(c->range.to),
	    "generated", json_time(clock_now()), "coverage", coverage);
	char *text = json_dumps(meta, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));

	json_decref(meta);
	return text;
}

/* A dot in the middle where the locale has one. */
static const char *
dot(void)
{
	return MB_CUR_MAX > 1 ? " \xc2\xb7 " : " | ";
}

/* Yesterday and before need their date; the year stands in the range. */
static const char *
short_moment(int64_t seconds, bool utc, char out[static MOMENT_TEXT])
{
	char text[MOMENT_TEXT];

	moment_format(seconds, utc, true, text);
	snprintf(out, MOMENT_TEXT, "%s", text + 5);
	return out;
}

static void
put_blind(FILE *out, const struct coverage *c)
{
	char since[MOMENT_TEXT], *name;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct coverage_device *d = &c->devices[i];
		size_t size = 4 * strlen(d->name) + 1;

		if (!d->blind || n++ >= NAMED)
			continue;
		name = calloc(size, 1);
		if (name == NULL)
			return;
		text_escape(text_of(d->name), name, size);
		fprintf(out, "%s%s", n == 1 ? "blind: " : ", ", name);
		free(name);
		if (d->last_complete == 0)
			fprintf(out, " (%s%s)", d->never ? "" : "never a complete poll, ", d->why);
		else
			fprintf(out, " since %s (%s)",
			    short_moment(d->blind_since, c->range.utc, since), d->why);
	}
	if (n > NAMED)
		fprintf(out, " and %zu more (gatebook coverage)", n - NAMED);
	if (n > 0)
		fputs(dot(), out);
}

static void
put_partial(FILE *out, const struct coverage *c)
{
	const char *before = "partly read: ";

	for (size_t i = 0, n = 0; i < c->n; i++) {
		if (c->devices[i].partial == 0 || c->devices[i].blind || n++ >= NAMED)
			continue;
		fprintf(out, "%s%s", before, c->devices[i].name);
		before = ", ";
	}
	if (*before == ',')
		fputs(dot(), out);
}

static void
put_ratio(FILE *out, const struct coverage *c)
{
	double ratio = coverage_ratio(c);

	if (c->n == 0)
		fputs("coverage: no device was known yet", out);
	else if (isnan(ratio))
		fputs("coverage: no poll was due in this time", out);
	else if (c->range.at)
		fprintf(
		    out, "coverage %.0f of %.0f devices", (double)c->complete, (double)c->slots);
	else /* 99.96 % is not 100 % */
		fprintf(out, "coverage %.1f %% of %llu poll slot%s", floor(ratio * 1000) / 10,
		    (unsigned long long)c->slots, c->slots == 1 ? "" : "s");
}

static bool
is_whole(const struct coverage *c)
{
	if (c->slots == 0 || c->complete < c->slots || c->partial > 0)
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (c->devices[i].blind)
			return false;
	return true;
}

static void
put_nothing(FILE *out, const struct coverage *c, const char *nothing)
{
	if (c->complete == 0)
		fprintf(out,
		    "could not see: no poll of this time is complete, so this is no answer: %s\n",
		    nothing);
	else if (!is_whole(c))
		fprintf(out, "%s was seen; not all of it was looked at:\n", nothing);
	else
		fprintf(out, "%s\n", nothing);
}

void
answer_footer(FILE *out, const struct coverage *c, int64_t rows, const char *nothing, bool color)
{
	char range[RANGE_TEXT];
	bool yellow = color && !is_whole(c);
	char *tail = NULL;
	size_t n = 0;
	FILE *memory;

	if (rows == 0)
		put_nothing(out, c, nothing);
	memory = open_memstream(&tail, &n);
	put_partial(memory, c);
	put_blind(memory, c);
	fclose(memory);
	if (n >= strlen(dot())) /* the last dot has nothing behind it */
		tail[n - strlen(dot())] = '\0';
	fprintf(out, "%s %s%s%s", c->range.at ? "at" : "range", range_format(&c->range, range),
	    dot(), yellow ? "\033[33m" : "");
	put_ratio(out, c);
	fprintf(out, "%s%s%s\n", *tail != '\0' ? dot() : "", tail, yellow ? "\033[0m" : "");
	free(tail);
}

const char *
answer_interval(int64_t after, int64_t by, bool utc, char out[static INTERVAL_TEXT])
{
	char a[MOMENT_TEXT], b[MOMENT_TEXT];
	bool minutes = after < 0 || by < 0 || by - after >= 120;

	if (after < 0 || by < 0) {
		snprintf(out, INTERVAL_TEXT, "%s %s", after < 0 ? "by" : "from",
		    moment_format(after < 0 ? by : after, utc, true, a));
		return out;
	}
	moment_format(after, utc, minutes, a);
	moment_format(by, utc, minutes, b);
	if (after == by)
		snprintf(out, INTERVAL_TEXT, "%s", a);
	else if (memcmp(a, b, 10) == 0)
		snprintf(out, INTERVAL_TEXT, "%s-%s", a, b + 11);
	else
		snprintf(out, INTERVAL_TEXT, "%s .. %s", a, b + 5);
	return out;
}
