#include "query/range.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

/* A word resolved: a moment has begin == end. */
struct span {
	int64_t begin, end;
};

struct when {
	int year, month, day, hour, minute, second;
};

static const int64_t longest = INT64_C(100) * 366 * CLOCK_DAY; /* 100 years, in seconds */

static bool
take_duration(struct text t, int64_t *seconds)
{
	static const struct {
		char unit;
		int32_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', CLOCK_DAY },
		{ 'w', 7 * CLOCK_DAY } };
	uint64_t n;

	if (!text_take_number(&t, 999999999, &n) || t.n != 1)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (*t.s != units[i].unit)
			continue;
		if ((int64_t)n > longest / units[i].seconds)
			return false;
		*seconds = (int64_t)n * units[i].seconds;
		return true;
	}
	return false;
}

bool
duration_parse(const char *typed, int64_t *seconds)
{
	return take_duration(text_of(typed), seconds);
}

/* Exactly `width` digits. */
static bool
take_digits(struct text *cursor, size_t width, int *value)
{
	struct text field = { cursor->s, width };
	uint64_t n;

	if (cursor->n < width || !text_number(field, 9999, &n))
		return false;
	*value = (int)n;
	cursor->s += width;
	cursor->n -= width;
	return true;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

static bool
take_date(struct text *cursor, struct when *w)
{
	struct text t = *cursor;

	if (!take_digits(&t, 4, &w->year) || !text_take_char(&t, '-') ||
	    !take_digits(&t, 2, &w->month) || !text_take_char(&t, '-') ||
	    !take_digits(&t, 2, &w->day))
		return false;
	if (w->year < 1970 || w->month < 1 || w->month > 12 || w->day < 1 ||
	    w->day > days_in_month(w->year, w->month))
		return false;
	*cursor = t;
	return true;
}

static bool
take_time(struct text *cursor, struct when *w)
{
	struct text t = *cursor;

	if (!take_digits(&t, 2, &w->hour) || !text_take_char(&t, ':') ||
	    !take_digits(&t, 2, &w->minute))
		return false;
	if (text_take_char(&t, ':') && !take_digits(&t, 2, &w->second))
		return false;
	if (w->hour > 23 || w->minute > 59 || w->second > 59)
		return false;
	*cursor = t;
	return true;
}

/* Z, +01:00, -05:30: seconds east of Greenwich. */
static bool
take_offset(struct text *cursor, int64_t *east)
{
	struct text t = *cursor;
	int sign, hours, minutes;

	if (text_take_char(&t, 'Z')) {
		*east = 0;
		*cursor = t;
		return true;
	}
	sign = text_take_char(&t, '+') ? 1 : text_take_char(&t, '-') ? -1 : 0;
	if (sign == 0 || !take_digits(&t, 2, &hours) || !text_take_char(&t, ':') ||
	    !take_digits(&t, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*east = sign * (hours * INT64_C(3600) + minutes * INT64_C(60));
	*cursor = t;
	return true;
}

static struct tm
broken_down(const struct when *w, int dst)
{
	return (struct tm){ .tm_year = w->year - 1900,
		.tm_mon = w->month - 1,
		.tm_mday = w->day,
		.tm_hour = w->hour,
		.tm_min = w->minute,
		.tm_sec = w->second,
		.tm_isdst = dst };
}

/* The local moment if the clocks showed it with this daylight saving state. */
static bool
showed(const struct when *w, int dst, int64_t *seconds)
{
	struct tm tm = broken_down(w, dst), back;
	time_t t = mktime(&tm);

	if (t == (time_t)-1 || localtime_r(&t, &back) == NULL)
		return false;
	*seconds = t;
	return back.tm_hour == w->hour && back.tm_min == w->minute && back.tm_mday == w->day;
}

static int
local_moment(const struct when *w, int64_t *seconds, const char *option, struct error *err)
{
	int64_t one = 0, two = 0;
	bool winter = showed(w, 0, &one), summer = showed(w, 1, &two);
	char a[CLOCK_TEXT], b[CLOCK_TEXT];

	if (winter && summer && one != two)
		return error_exit(err, EXIT_USAGE,
		    "%s: the clocks here showed %02d:%02d twice on %04d-%02d-%02d. Write %s or %s",
		    option, w->hour, w->minute, w->year, w->month, w->day,
		    clock_format(two, false, a), clock_format(one, false, b));
	if (!winter && !summer)
		return error_exit(err, EXIT_USAGE,
		    "%s: the clocks here skipped %02d:%02d on %04d-%02d-%02d. "
		    "Write the time with its offset, or in UTC: %04d-%02d-%02dT%02d:%02dZ",
		    option, w->hour, w->minute, w->year, w->month, w->day, w->year, w->month,
		    w->day, w->hour, w->minute);
	*seconds = winter ? one : two;
	return 0;
}

/* The first second of the local day that is `plus` days after w. Where the clocks skip midnight the
 * day begins later; they move by quarters of an hour. */
static int64_t
day_begin(struct when w, int plus, bool utc)
{
	struct tm tm, back, want;
	time_t t, noon;

	w.hour = w.minute = w.second = 0;
	w.day += plus;
	tm = broken_down(&w, -1);
	if (utc)
		return timegm(&tm);
	t = mktime(&tm);
	w.hour = 12;
	want = broken_down(&w, -1);
	noon = mktime(&want);
	localtime_r(&noon, &want);
	while (localtime_r(&t, &back) != NULL && back.tm_mday != want.tm_mday)
		t += 900;
	return t;
}

static struct span
whole_day(const struct when *w, bool utc)
{
	return (struct span){ day_begin(*w, 0, utc), day_begin(*w, 1, utc) };
}

static struct span
day_before_today(int days, bool utc)
{
	time_t now = clock_now();
	struct tm tm;
	struct when w = { 0 };

	if (utc)
		gmtime_r(&now, &tm);
	else
		localtime_r(&now, &tm);
	w = (struct when){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, 0, 0, 0 };
	return (struct span){ day_begin(w, -days, utc), day_begin(w, 1 - days, utc) };
}

static int
no_time(struct text t, const char *option, struct error *err)
{
	char shown[100], date[CLOCK_TEXT];

	text_escape(t, shown, sizeof(shown));
	clock_format(clock_now(), false, date);
	return error_exit(err, EXIT_USAGE,
	    "%s: '%s' is no time that means one thing only. Write %.10s, %.10sT08:00 (Z or an "
	    "offset may follow), 30m, 2h, 7d, today or yesterday",
	    option, shown, date, date);
}

/* 2026-11-01, 2026-11-01T08:00, with seconds, with an offset */
static int
calendar(struct text t, bool utc, const char *option, struct span *s, struct error *err)
{
	struct text all = t;
	struct when w = { 0 };
	int64_t east = 0;
	struct tm tm;

	if (!take_date(&t, &w))
		return no_time(all, option, err);
	if (t.n == 0) {
		*s = whole_day(&w, utc);
		return 0;
	}
	if ((!text_take_char(&t, 'T') && !text_take_char(&t, ' ')) || !take_time(&t, &w))
		return no_time(all, option, err);
	if (t.n == 0 && !utc) {
		if (local_moment(&w, &s->begin, option, err) < 0)
			return -1;
		s->end = s->begin;
		return 0;
	}
	if (t.n > 0 && (!take_offset(&t, &east) || t.n > 0))
		return no_time(all, option, err);
	tm = broken_down(&w, 0);
	s->begin = s->end = timegm(&tm) - east;
	return 0;
}

static int
resolve(struct text t, bool utc, const char *option, struct span *s, struct error *err)
{
	struct text rest = t;
	int64_t ago;
	uint64_t epoch;

	if (text_is(t, "now")) {
		s->begin = s->end = clock_now();
	} else if (text_is(t, "today")) {
		*s = day_before_today(0, utc);
	} else if (text_is(t, "yesterday")) {
		*s = day_before_today(1, utc);
	} else if (take_duration(t, &ago)) {
		s->begin = s->end = clock_now() - ago;
	} else if (text_take_char(&rest, '@') && text_number(rest, (uint64_t)longest * 2, &epoch)) {
		s->begin = s->end = (int64_t)epoch;
	} else {
		return calendar(t, utc, option, s, err);
	}
	return 0;
}

/* --range: A..B with either end open, or one span. */
int
range_span(struct text typed, bool utc, const char *option, int64_t *begin, int64_t *end,
    struct error *err)
{
	struct span s;

	if (resolve(typed, utc, option, &s, err) < 0)
		return -1;
	*begin = s.begin;
	*end = s.end;
	return 0;
}

static int
parse_range(const char *typed, bool utc, struct range *r, struct error *err)
{
	struct text t = text_of(typed);
	const char *dots = strstr(typed, "..");
	struct text left = { typed, dots != NULL ? (size_t)(dots - typed) : 0 };
	struct text right = text_of(dots != NULL ? dots + 2 : "");
	int64_t ago;
	struct span s;

	if (dots == NULL) {
		if (resolve(t, utc, "--range", &s, err) < 0)
			return -1;
		if (s.begin == s.end && !take_duration(t, &ago))
			return error_exit(err, EXIT_USAGE,
			    "--range: '%s' is one moment. Write --at %s, or --range %s.. for all "
			    "since",
			    typed, typed, typed);
		r->from = s.begin;
		r->to = s.begin == s.end ? clock_now() : s.end;
		return 0;
	}
	r->from = 0;
	r->to = clock_now();
	if (left.n == 0 && right.n == 0)
		return error_exit(
		    err, EXIT_USAGE, "--range: '..' has no end at all. Write A..B, A.. or ..B");
	if (left.n > 0) {
		if (resolve(left, utc, "--range", &s, err) < 0)
			return -1;
		r->from = s.begin;
	}
	if (right.n > 0) {
		if (resolve(right, utc, "--range", &s, err) < 0)
			return -1;
		r->to = s.end;
	}
	return 0;
}

static int
parse_ends(const struct range_words *w, struct range *r, struct error *err)
{
	struct span s;
	int64_t ago = CLOCK_DAY;

	r->to = clock_now();
	if (w->until != NULL) {
		if (resolve(text_of(w->until), w->utc, "--until", &s, err) < 0)
			return -1;
		r->to = s.end;
	}
	if (w->since != NULL) {
		if (resolve(text_of(w->since), w->utc, "--since", &s, err) < 0)
			return -1;
		r->from = s.begin;
		return 0;
	}
	if (w->last != NULL && !duration_parse(w->last, &ago)) {
		char shown[100];

		text_escape(text_of(w->last), shown, sizeof(shown));
		return error_exit(err, EXIT_USAGE,
		    "--last: '%s' is no duration. Write a number and a unit, like 30m, 2h, 7d or "
		    "2w",
		    shown);
	}
	r->from = w->until != NULL && w->last == NULL ? 0 : r->to - ago;
	return 0;
}

static int
check_together(const struct range_words *w, struct error *err)
{
	if (w->at != NULL &&
	    (w->last != NULL || w->since != NULL || w->until != NULL || w->range != NULL))
		return error_exit(err, EXIT_USAGE,
		    "--at is one moment: leave out --last, --since, --until and --range");
	if (w->range != NULL && (w->last != NULL || w->since != NULL || w->until != NULL))
		return error_exit(err, EXIT_USAGE,
		    "--range gives both ends: leave out --last, --since and --until");
	if (w->last != NULL && w->since != NULL)
		return error_exit(
		    err, EXIT_USAGE, "--last and --since both give the beginning: keep one");
	return 0;
}

static int
check_order(struct range *r, struct error *err)
{
	int64_t now = clock_now();
	char a[MOMENT_TEXT], b[MOMENT_TEXT];

	if (r->from > now)
		return error_exit(err, EXIT_USAGE, "%s lies ahead: it is %s now",
		    moment_format(r->from, r->utc, false, a), moment_format(now, r->utc, false, b));
	if (r->to > now)
		r->to = now;
	if (r->from < 0)
		r->from = 0;
	if (r->from > r->to)
		return error_exit(err, EXIT_USAGE,
		    "the range ends (%s) before it begins (%s): swap its ends",
		    moment_format(r->to, r->utc, false, b),
		    moment_format(r->from, r->utc, false, a));
	return 0;
}

int
range_parse(const struct range_words *w, struct range *r, struct error *err)
{
	struct range out = { .utc = w->utc };
	struct span s;

	if (check_together(w, err) < 0)
		return -1;
	if (w->at != NULL) {
		if (resolve(text_of(w->at), w->utc, "--at", &s, err) < 0)
			return -1;
		if (s.begin != s.end)
			return error_exit(err, EXIT_USAGE,
			    "--at: '%s' is a whole day. Write --range %s, or a time of that day: "
			    "%sT08:00",
			    w->at, w->at,
			    w->at[0] >= '0' && w->at[0] <= '9' ? w->at : "2026-11-01");
		out.from = out.to = s.begin;
		out.at = true;
	} else if (w->range != NULL) {
		if (parse_range(w->range, w->utc, &out, err) < 0)
			return -1;
	} else if (parse_ends(w, &out, err) < 0) {
		return -1;
	}
	if (check_order(&out, err) < 0)
		return -1;
	*r = out;
	return 0;
}

const char *
moment_format(int64_t seconds, bool utc, bool minutes, char out[static MOMENT_TEXT])
{
	char iso[CLOCK_TEXT];

	clock_format(seconds, utc, iso); /* 2026-11-14T23:20:00+01:00 */
	snprintf(out, MOMENT_TEXT, "%.10s %.*s", iso,
	    minutes || memcmp(iso + 16, ":00", 3) == 0 ? 5 : 8, iso + 11);
	return out;
}

static const char *
moment_with_offset(int64_t seconds, bool utc, char out[static MOMENT_TEXT])
{
	char iso[CLOCK_TEXT], moment[MOMENT_TEXT];

	clock_format(seconds, utc, iso);
	snprintf(out, MOMENT_TEXT, "%.19s%s%.6s", moment_format(seconds, utc, false, moment),
	    utc ? "" : " ", iso + 19);
	return out;
}

const char *
range_format(const struct range *r, char out[static RANGE_TEXT])
{
	char from[MOMENT_TEXT], to[MOMENT_TEXT];

	moment_with_offset(r->to, r->utc, to);
	if (r->at)
		snprintf(out, RANGE_TEXT, "%s", to);
	else
		snprintf(out, RANGE_TEXT, "%s .. %s",
		    r->from == 0 ? "the beginning" : moment_with_offset(r->from, r->utc, from), to);
	return out;
}

const char *
duration_format(int64_t seconds, char out[static MOMENT_TEXT])
{
	long long s = seconds < 0 ? 0 : (long long)seconds;

	if (s < 120)
		snprintf(out, MOMENT_TEXT, "%llds", s);
	else if (s < 3600)
		snprintf(out, MOMENT_TEXT, s % 60 ? "%lldm%02llds" : "%lldm", s / 60, s % 60);
	else if (s < 2 * CLOCK_DAY)
		snprintf(out, MOMENT_TEXT, s % 3600 / 60 ? "%lldh%02lldm" : "%lldh", s / 3600,
		    s % 3600 / 60);
	else
		snprintf(out, MOMENT_TEXT, s % CLOCK_DAY / 3600 ? "%lldd%02lldh" : "%lldd",
		    s / CLOCK_DAY, s % CLOCK_DAY / 3600);
	return out;
}
