#include "poller/plan_adapt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "poller/plan_state.h"

enum {
	HALVINGS = 50,         /* of the range of prices: closer than a double needs */
	STEPS = 32,            /* of the ladder, each way: a factor of 2^16 */
	TABLE = 512,           /* of the marginal gain */
	ADAPT_MS = 300 * 1000, /* between two looks at a schedule */
};

static const double WEIGHT = 0.9;     /* of a poll, when the next is counted: about ten count */
static const double ENOUGH = 2.5;     /* polls counted, weighed: three of them */
static const double MOST_ONCE = 0.99; /* more leaves the turnover open */
static const double FAR = 12;         /* of the gain's argument: 1 - 8e-5 */

/* --- what is known ---------------------------------------------------------------------------- */

void
churn_add(struct churn *c, int64_t asked, uint64_t opened, uint64_t once)
{
	bool counts = c->asked > 0 && asked > c->asked;

	if (counts) {
		bool known = c->at_last >= 0;

		c->polls = c->polls * WEIGHT + 1;
		c->seconds = c->seconds * WEIGHT + (double)(asked - c->asked);
		c->opened = c->opened * WEIGHT + (double)opened;
		c->before = c->before * WEIGHT + (known ? c->at_last : 0);
		c->once = c->once * WEIGHT + (known ? (double)once : 0);
	}
	/* A first table says nothing: all of it looks new. */
	c->at_last = counts ? (double)opened : -1;
	c->asked = asked;
}

void
churn_break(struct churn *c)
{
	c->asked = 0;
}

bool
churn_known(const struct churn *c)
{
	return c->polls >= ENOUGH;
}

/* Of the new sessions, those that the next poll does not see: a share that is neither 0 nor 1. */
static double
share_once(const struct churn *c)
{
	double share = (c->once + 0.5) / (c->before + 1);

	return share < MOST_ONCE ? share : MOST_ONCE;
}

static void
model(const struct churn *c, double *stock, double *turnover)
{
	double once = share_once(c);

	*turnover = -log1p(-once) * c->polls / c->seconds;
	*stock = (c->opened + 0.5) / c->polls / once;
}

/* --- what a poll is worth --------------------------------------------------------------------- */

/* Where 1 - exp(-x) * (1 + x) is `gain`, which grows from 0 to 1. */
static double
argument_of(double gain)
{
	static double table[TABLE + 1];
	int low = 0, high = TABLE;

	if (table[TABLE] <= 0)
		for (int i = 0; i <= TABLE; i++) {
			double x = FAR * i / TABLE;

			table[i] = 1 - exp(-x) * (1 + x);
		}
	if (gain >= table[TABLE])
		return INFINITY;
	while (high - low > 1) {
		int middle = (low + high) / 2;

		if (table[middle] <= gain)
			low = middle;
		else
			high = middle;
	}
	return FAR / TABLE * (low + (gain - table[low]) / (table[high] - table[low]));
}

/* Down to a rung of the ladder that is no shorter. */
static uint32_t
rung(double seconds, uint32_t every, uint32_t least, uint32_t most)
{
	double step = ceil(2 * log2(seconds / every) - 1e-9), t;

	if (!(step < STEPS))
		return most;
	t = step < -STEPS ? least : round(every * exp2(step / 2));
	return t < least ? least : t > most ? most : (uint32_t)t;
}

/* The interval at which one more poll a second would find `price`. */
static uint32_t
interval(const struct churn *c, double price, uint32_t every, uint32_t least, uint32_t most)
{
	double stock, turnover;

	if (!churn_known(c))
		return every;
	model(c, &stock, &turnover);
	return rung(argument_of(price / stock) / turnover, every, least, most);
}

static double
polls_a_second(const struct adapted *devices, size_t n, double price, uint32_t every,
    uint32_t least, uint32_t most)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += 1.0 / interval(devices[i].churn, price, every, least, most);
	return sum;
}

void
adapt(struct adapted *devices, size_t n, uint32_t every, uint32_t least, uint32_t most)
{
	double low = -40, high = 40, budget = (double)n / every * (1 + 1e-9);

	/* The dearer, the fewer polls: halved in powers of two. */
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;

		if (polls_a_second(devices, n, exp2(middle), every, least, most) > budget)
			low = middle;
		else
			high = middle;
	}
	for (size_t i = 0; i < n; i++)
		devices[i].every = interval(devices[i].churn, exp2(high), every, least, most);
}

/* --- in the plan ------------------------------------------------------------------------------ */

void
plan_found(struct entry *e, const struct poll_report *r, uint64_t opened, uint64_t once)
{
	if (r->outcome == OUTCOME_COMPLETE)
		churn_add(&e->churn, r->asked, opened, once);
	else if (r->outcome == OUTCOME_PARTIAL)
		churn_break(&e->churn);
}

uint32_t
plan_every(const struct entry *e)
{
	uint32_t every = 0;

	for (int i = 0; i < e->n_due; i++) {
		const struct due *due = &e->due[i];

		if (due->timetable->sessions && due->every && (!every || due->every < every))
			every = due->every;
	}
	return every ? every : e->device->every;
}

static void
adapt_one(struct plan *p, const struct timetable *t)
{
	struct adapted *all = mem_alloc(p->n + 1, sizeof(*all));
	struct due **dues = mem_alloc(p->n + 1, sizeof(*dues));
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct entry *e = p->entries[i];

		for (int k = 0; k < e->n_due; k++) {
			if (e->due[k].timetable != t)
				continue;
			dues[n] = &e->due[k];
			all[n++].churn = &e->churn;
		}
	}
	adapt(all, n, t->every, t->least, t->most);
	for (size_t i = 0; i < n; i++)
		dues[i]->every = all[i].every;
	free(dues);
	free(all);
}

/* A moment that is set stays: the one after it follows the new interval. */
void
plan_adapt(struct plan *p, struct moment now)
{
	if (now.mono_ms - p->adapted_ms < ADAPT_MS && p->adapted_ms > 0)
		return;
	p->adapted_ms = now.mono_ms;
	for (size_t i = 0; i < p->config->n_timetables; i++)
		if (p->config->timetables[i].least)
			adapt_one(p, &p->config->timetables[i]);
}

void
plan_explain_interval(const struct entry *e, char out[static 200])
{
	char every[CONFIG_DURATION], least[CONFIG_DURATION], most[CONFIG_DURATION];
	const struct churn *c = &e->churn;
	const struct due *due = NULL;

	for (int i = 0; i < e->n_due; i++)
		if (e->due[i].timetable->least && e->due[i].every == plan_every(e))
			due = &e->due[i];
	out[0] = '\0';
	if (!due)
		return;
	(void)config_duration(due->timetable->every, every);
	if (!churn_known(c))
		(void)snprintf(out, 200, "adaptive: %s until some more polls are complete", every);
	else
		(void)snprintf(out, 200,
		    "adaptive: %.0f new sessions a poll, %.0f %% of them gone at the next; %s on "
		    "average, %s to %s",
		    c->opened / c->polls, 100 * share_once(c), every,
		    config_duration(due->timetable->least, least),
		    config_duration(due->timetable->most, most));
}
