#include "base/calendar.h"

#include <string.h>
#include <time.h>

enum { MINUTE = 60, DAY_MINUTES = 24 * 60, YEARS = 5 };

static const char *const day_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };
static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
	"sep", "oct", "nov", "dec", NULL };

/* --- cron ------------------------------------------------------------------------------------- */

struct field {
	const char *name;
	uint64_t least, most;
	const char *const *names; /* of least, least + 1, ... */
};

static const struct field fields[] = { { "minute", 0, 59, NULL }, { "hour", 0, 23, NULL },
	{ "day of month", 1, 31, NULL }, { "month", 1, 12, month_names },
	{ "day of week", 0, 7, day_names } };

/* A number or a name at the cursor. */
static bool
take_value(struct text *t, const struct field *f, uint64_t *value)
{
	for (uint64_t i = 0; f->names && f->names[i]; i++) {
		if (t->n >= 3 && text_is_nocase((struct text){ t->s, 3 }, f->names[i])) {
			t->s += 3;
			t->n -= 3;
			*value = f->least + i;
			return true;
		}
	}
	return text_take_number(t, f->most, value) && *value >= f->least;
}

/* One item of a list: "*", "5", "1-5", each with "/2" behind it. */
static bool
take_item(struct text *t, const struct field *f, uint64_t *set)
{
	uint64_t from = f->least, to = f->most, by = 1;
	bool range = true;

	if (!text_take(t, "*")) {
		if (!take_value(t, f, &from))
			return false;
		range = text_take(t, "-");
		to = from;
		if (range && (!take_value(t, f, &to) || to < from))
			return false;
	}
	if (text_take(t, "/")) {
		if (!text_take_number(t, f->most, &by) || by == 0)
			return false;
		to = range ? to : f->most;
	}
	for (uint64_t i = from; i <= to; i += by)
		*set |= UINT64_C(1) << i;
	return true;
}

static int
take_field(
    struct text *t, const struct field *f, uint64_t *set, bool *restricted, struct error *err)
{
	struct text word, rest;

	*set = 0;
	text_skip_blanks(t);
	if (!text_take_word(t, &word))
		return error_set(err,
		    "no %s: a cron expression has five fields, minute hour day month weekday",
		    f->name);
	rest = word;
	*restricted = word.s[0] != '*';
	do {
		if (!take_item(&rest, f, set))
			return error_set(err,
			    "%s '%.*s': numbers from %d to %d, as in 0,30 or "
			    "8-18 or */5",
			    f->name, (int)(word.n > 40 ? 40 : word.n), word.s, (int)f->least,
			    (int)f->most);
	} while (text_take(&rest, ","));
	if (rest.n > 0)
		return error_set(err, "%s '%.*s': '%c' does not belong there", f->name,
		    (int)(word.n > 40 ? 40 : word.n), word.s, rest.s[0]);
	return 0;
}

int
cron_parse(struct text t, struct cron *c, struct error *err)
{
	uint64_t set[5];
	bool restricted[5];

	for (int i = 0; i < 5; i++)
		if (take_field(&t, &fields[i], &set[i], &restricted[i], err) != 0)
			return -1;
	text_skip_blanks(&t);
	if (t.n > 0)
		return error_set(err, "more than five fields: minute hour day month weekday");
	*c = (struct cron){ .minute = set[0],
		.hour = (uint32_t)set[1],
		.monthday = (uint32_t)set[2],
		.month = (uint16_t)set[3],
		.weekday = (uint8_t)((set[4] | set[4] >> 7) & 0x7f),
		.either = restricted[2] && restricted[4] };
	return 0;
}

static bool
names_day(const struct cron *c, const struct tm *tm)
{
	bool monthday = c->monthday >> tm->tm_mday & 1, weekday = c->weekday >> tm->tm_wday & 1;

	return c->either ? monthday || weekday : monthday && weekday;
}

int64_t
cron_next(const struct cron *c, struct zone *z, int64_t after)
{
	int64_t from = after + zone_offset(z, after);
	int64_t local = from - (from % MINUTE + MINUTE) % MINUTE + MINUTE;
	int64_t end = local + (int64_t)YEARS * 366 * 86400;

	while (local < end) {
		time_t t = local;
		struct tm tm;
		int64_t utc;

		if (!gmtime_r(&t, &tm))
			break;
		if (!(c->month >> (tm.tm_mon + 1) & 1) || !names_day(c, &tm))
			local += 86400 - (tm.tm_hour * 3600 + tm.tm_min * 60);
		else if (!(c->hour >> tm.tm_hour & 1))
			local += 3600 - tm.tm_min * 60;
		else if (!(c->minute >> tm.tm_min & 1))
			local += MINUTE;
		else if ((utc = zone_utc(z, local)) > after)
			return utc;
		else
			local += MINUTE;
	}
	return -1;
}

/* --- windows ---------------------------------------------------------------------------------- */

/* Days from Monday; 7 for a text that is none. */
static unsigned
take_day(struct text *t)
{
	for (unsigned i = 0; day_names[i]; i++) {
		if (t->n >= 3 && text_is_nocase((struct text){ t->s, 3 }, day_names[i])) {
			t->s += 3;
			t->n -= 3;
			return (i + 6) % 7;
		}
	}
	return 7;
}

static bool
take_hours(struct text *t, unsigned *minute)
{
	uint64_t hour, min;

	if (!text_take_number(t, 24, &hour) || !text_take(t, ":") ||
	    !text_take_number(t, 59, &min) || hour * 60 + min > DAY_MINUTES)
		return false;
	*minute = (unsigned)(hour * 60 + min);
	return true;
}

static void
open_minutes(struct week *w, unsigned day, unsigned from, unsigned to)
{
	if (to <= from)
		to += DAY_MINUTES;
	for (unsigned m = day * DAY_MINUTES + from; m < day * DAY_MINUTES + to; m++)
		w->open[m % WEEK_MINUTES / 8] |= (uint8_t)(1u << m % WEEK_MINUTES % 8);
}

/* "Mon-Fri 06:00-22:00" */
static bool
take_part(struct text part, struct week *w)
{
	unsigned first, last, from = 0, to = DAY_MINUTES;

	part = text_trim(part);
	if (part.n == 0)
		return false;
	first = last = take_day(&part);
	if (first == 7) {
		first = 0;
		last = 6;
	} else if (text_take(&part, "-") && (last = take_day(&part)) == 7) {
		return false;
	}
	part = text_trim(part);
	if (part.n > 0 && (!take_hours(&part, &from) || !text_take(&part, "-") ||
			      !take_hours(&part, &to) || from == DAY_MINUTES))
		return false;
	for (unsigned day = first;; day = (day + 1) % 7) {
		open_minutes(w, day, from, to);
		if (day == last)
			return part.n == 0;
	}
}

int
week_parse(struct text t, struct week *w, struct error *err)
{
	struct text rest = t, part;
	bool more;

	memset(w, 0, sizeof(*w));
	do {
		more = text_take_until(&rest, ',', &part);
		if (!more)
			part = rest;
		if (!take_part(part, w))
			return error_set(err,
			    "'%.*s' is no window of the week: days, hours, or both, as in Mon-Fri "
			    "06:00-22:00",
			    (int)(part.n > 60 ? 60 : part.n), part.s);
	} while (more);
	return 0;
}

/* Minutes since the Monday before, of local time. 1970-01-01 was a Thursday. */
static unsigned
minute_of_week(int64_t local)
{
	int64_t minutes = local / MINUTE - (local % MINUTE < 0) + 3 * DAY_MINUTES;

	return (unsigned)((minutes % WEEK_MINUTES + WEEK_MINUTES) % WEEK_MINUTES);
}

static bool
is_open(const struct week *w, unsigned minute)
{
	return w->open[minute / 8] >> minute % 8 & 1;
}

bool
week_open(const struct week *w, struct zone *z, int64_t utc)
{
	return is_open(w, minute_of_week(utc + zone_offset(z, utc)));
}

int64_t
week_next(const struct week *w, struct zone *z, int64_t utc, bool open)
{
	int64_t local = utc + zone_offset(z, utc);

	if (is_open(w, minute_of_week(local)) == open)
		return utc;
	local -= (local % MINUTE + MINUTE) % MINUTE;
	for (int i = 1; i <= WEEK_MINUTES; i++) {
		int64_t at = local + (int64_t)i * MINUTE;

		if (is_open(w, minute_of_week(at)) == open && (at = zone_utc(z, at)) >= utc)
			return at;
	}
	return -1;
}
