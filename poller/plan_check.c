/* A plan that cannot work is said before it is begun, with the smallest change that makes it fit.
 */
#include <math.h>
#include <stdio.h>

#include "poller/plan_state.h"

static bool
is_scheduled(const struct device *d)
{
	return !d->disabled && d->timetables && d->every > 0;
}

/* The shortest interval of a schedule that makes `count` devices need no more than the rate. */
static int
say_logins(const struct config *c, double needed, size_t count, void (*say)(const char *, void *),
    void *arg)
{
	double allowed = c->logins_per_second;
	char sentence[400];

	if (needed <= allowed)
		return 0;
	(void)snprintf(sentence, sizeof(sentence),
	    "%zu devices need %.1f logins a second, limits.logins_per_second is %.0f: set it to "
	    "%.0f, "
	    "or make their intervals %.2f times as long",
	    count, needed, allowed, ceil(needed), ceil(needed / allowed * 100) / 100);
	say(sentence, arg);
	return 1;
}

static int
say_interval(
    const struct config *c, const struct device *d, void (*say)(const char *, void *), void *arg)
{
	char sentence[400], every[CONFIG_DURATION], least[CONFIG_DURATION];

	uint32_t shortest = d->every;

	for (int i = 0; d->timetables[i]; i++)
		if (d->timetables[i]->least && d->timetables[i]->least < shortest)
			shortest = d->timetables[i]->least;
	if (shortest >= c->min_interval)
		return 0;
	(void)snprintf(sentence, sizeof(sentence),
	    "%s is to be polled every %s, limits.min_interval is %s: make the one longer or the "
	    "other "
	    "shorter",
	    d->name, config_duration(shortest, every), config_duration(c->min_interval, least));
	say(sentence, arg);
	return 1;
}

int
plan_check(const struct config *c, void (*say)(const char *sentence, void *arg), void *arg)
{
	double logins = 0;
	size_t count = 0;
	int said = 0;

	for (size_t i = 0; i < c->n_devices; i++) {
		const struct device *d = &c->devices[i];

		if (!is_scheduled(d))
			continue;
		said += say_interval(c, d, say, arg);
		if (plan_logs_in(d)) {
			logins += 1.0 / d->every;
			count++;
		}
	}
	return said + say_logins(c, logins, count, say, arg);
}
