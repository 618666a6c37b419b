/* One to one: which record is about which line of ours. */
#include <stdlib.h>
#include <string.h>

#include "audit/book.h"
#include "audit/discovery.h"

enum {
	VOTERS = 4000, /* records of a device that are asked how its clock differs */
	CANDIDATES = 32,
	RECENT = 50 /* matches whose median is the difference now */
};

/* Ours of all devices by device, line and time. */
struct index {
	struct ours **list;
	size_t n;
};

static int
by_place(const void *a, const void *b)
{
	const struct ours *x = *(struct ours *const *)a, *y = *(struct ours *const *)b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->to_us != y->to_us)
		return x->to_us < y->to_us ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* The first of this device and line that ended at `us` or later. */
static size_t
first_from(const struct index *index, uint32_t device, uint32_t line, int64_t us)
{
	struct ours want = { .device = device, .line = line, .to_us = us };
	const struct ours *key = &want;
	size_t low = 0, high = index->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_place(&index->list[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_of(const struct index *index, size_t i, uint32_t device, uint32_t line)
{
	return i < index->n && index->list[i]->device == device && index->list[i]->line == line;
}

/* --- clocks ----------------------------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int64_t
median(const int64_t *list, size_t n)
{
	int64_t copy[VOTERS];

	n = n < VOTERS ? n : VOTERS;
	memcpy(copy, list, n * sizeof(*list));
	qsort(copy, n, sizeof(*copy), by_number);
	return copy[n / 2];
}

/* Calls for each believable difference of a record's time and a line's. */
static void
differences(const struct reconcile *r, const struct index *index, const struct theirs *t,
    void (*each)(int64_t difference, void *arg), void *arg)
{
	size_t i = first_from(index, t->device, t->line, t->time_us - r->rules.skew);

	for (int n = 0; n < CANDIDATES && is_of(index, i, t->device, t->line); n++, i++) {
		int64_t difference = t->time_us - index->list[i]->to_us;

		if (difference < -r->rules.skew)
			return;
		each(difference, arg);
	}
}

struct poll_of_clocks {
	int64_t skew;    /* the largest, microseconds */
	uint32_t *votes; /* by second */
	size_t n;
	int64_t centre, *near; /* second round: those about here */
	size_t n_near;
};

static void
vote(int64_t difference, void *arg)
{
	struct poll_of_clocks *p = arg;
	size_t at = (size_t)((difference + p->skew) / 1000000);

	if (at < p->n)
		p->votes[at]++;
}

static void
gather(int64_t difference, void *arg)
{
	struct poll_of_clocks *p = arg;

	if (llabs(difference - p->centre) <= 2000000 && p->n_near < VOTERS)
		p->near[p->n_near++] = difference;
}

/* The second with the most differences in and beside it; of equal ones the smallest difference. */
static size_t
winner(const struct poll_of_clocks *p, uint32_t *most)
{
	size_t best = 0;

	*most = 0;
	for (size_t i = 1; i + 1 < p->n; i++) {
		uint32_t sum = p->votes[i - 1] + p->votes[i] + p->votes[i + 1];
		int64_t here = llabs((int64_t)i - (int64_t)p->n / 2);

		if (sum > *most ||
		    (sum == *most && here < llabs((int64_t)best - (int64_t)p->n / 2))) {
			*most = sum;
			best = i;
		}
	}
	return best;
}

/* How far a log's clock for this device is ahead of ours: the lists of commands laid over each
 * other at every second, and the one where most of them meet. False: they meet nowhere. */
static bool
learn_skew(const struct reconcile *r, const struct index *index, struct theirs *const *list,
    size_t n, int64_t *skew)
{
	struct poll_of_clocks p = { .skew = r->rules.skew,
		.n = (size_t)(2 * r->rules.skew / 1000000) + 1 };
	size_t step = n / VOTERS + 1;
	uint32_t most;

	p.votes = mem_alloc(p.n, sizeof(*p.votes));
	p.near = mem_alloc(VOTERS, sizeof(*p.near));
	for (size_t i = 0; i < n; i += step)
		if (list[i]->line != BOOK_NONE && !list[i]->why)
			differences(r, index, list[i], vote, &p);
	p.centre = (int64_t)winner(&p, &most) * 1000000 - p.skew + 500000;
	for (size_t i = 0; most >= 3 && i < n; i += step)
		if (list[i]->line != BOOK_NONE && !list[i]->why)
			differences(r, index, list[i], gather, &p);
	if (p.n_near >= 3)
		*skew = median(p.near, p.n_near);
	free(p.votes);
	free(p.near);
	return most >= 3;
}

/* --- one device, one kind of log ----------------------------------------------------------------
 */

struct group {
	struct reconcile *r;
	const struct index *index;
	struct theirs **list; /* by time */
	size_t n;
	uint16_t bit; /* in ours.taken */
	int64_t skew, recent[RECENT];
	size_t n_recent;
	bool late; /* only lines before the record */
};

static int64_t
distance(const struct ours *o, int64_t us)
{
	return us < o->from_us ? o->from_us - us : us > o->to_us ? us - o->to_us : 0;
}

/* The nearest line that no record of this log has taken, not farther than `most`. */
static struct ours *
nearest(const struct group *g, const struct theirs *t, uint32_t line, int64_t most)
{
	int64_t us = t->time_us - g->skew, best = most + 1;
	size_t i = first_from(g->index, t->device, line, us - most);
	struct ours *found = NULL;

	for (; is_of(g->index, i, t->device, line); i++) {
		struct ours *o = g->index->list[i];

		if (o->from_us > us + most)
			break;
		if (!(o->taken & g->bit) && distance(o, us) < best && (!g->late || o->to_us < us)) {
			best = distance(o, us);
			found = o;
		}
	}
	return found;
}

static void
take(struct group *g, struct theirs *t, struct ours *o, enum match match)
{
	o->taken |= g->bit;
	t->match = match;
	t->of = (uint32_t)(o - g->r->ours);
	if (match != MATCH_OURS)
		return;
	g->recent[g->n_recent++ % RECENT] = t->time_us - o->to_us;
	if (g->n_recent >= 10)
		g->skew = median(g->recent, g->n_recent < RECENT ? g->n_recent : RECENT);
}

/* The nearest line that it may be about. A command that was cut may be several of ours: *fits says
 * how many. */
static struct ours *
candidate(const struct group *g, const struct theirs *t, int64_t most, unsigned *fits)
{
	const struct reconcile *r = g->r;
	char canonical[CANON_LINE];
	struct text seen = { canonical, 0 };
	struct ours *first = NULL;

	*fits = 1;
	if (!t->cut)
		return nearest(g, t, t->line, most);
	*fits = 0;
	seen.n = canon_command(text_of(book_text(r, t->command)), canonical);
	for (uint32_t i = 2; i < r->n_known; i++) {
		struct text sent = { r->known[i].canonical, r->known[i].n };
		struct ours *o = canon_same(sent, seen) ? nearest(g, t, i, most) : NULL;

		if (!o)
			continue;
		++*fits;
		if (!first ||
		    distance(o, t->time_us - g->skew) < distance(first, t->time_us - g->skew))
			first = o;
	}
	return first;
}

static void
assign_near(struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct theirs *t = g->list[i];
		struct ours *o;
		unsigned fits;

		if (t->why || t->line == BOOK_NONE ||
		    !(o = candidate(g, t, g->r->rules.window, &fits)))
			continue;
		take(g, t, o, fits > 1 ? MATCH_AMBIGUOUS : MATCH_OURS);
		if (fits > 1)
			t->why = "the command was cut, and fits several lines that were sent";
	}
}

/* A visit whose records came late came late as a whole: one stray command is no late record. */
static bool
in_company(const struct group *g, struct ours *const *of, size_t i)
{
	int64_t lag = g->list[i]->time_us - of[i]->to_us;

	for (size_t k = i > 40 ? i - 40 : 0; k < g->n && k < i + 40; k++)
		if (of[k] && of[k] != of[i] && of[k]->visit == of[i]->visit &&
		    llabs(g->list[k]->time_us - of[k]->to_us - lag) <= 5000000)
			return true;
	return false;
}

static void
assign_late(struct group *g)
{
	struct ours **of = mem_alloc(g->n + 1, sizeof(*of));
	unsigned fits;

	g->late = true;
	for (size_t i = 0; i < g->n; i++) {
		struct theirs *t = g->list[i];

		if (t->of == BOOK_NONE && !t->why && t->line != BOOK_NONE)
			of[i] = candidate(g, t, g->r->rules.late, &fits);
	}
	for (size_t i = 0; i < g->n; i++) {
		if (!of[i] || !in_company(g, of, i))
			continue;
		if (of[i]->taken & g->bit) /* by a record before this one that looks the same */
			of[i] = candidate(g, g->list[i], g->r->rules.late, &fits);
		if (!of[i])
			continue;
		take(g, g->list[i], of[i], MATCH_LATE);
		g->list[i]->why = "later than the window, as the whole visit is";
	}
	free(of);
}

/* Retransmitted: the same record, task and all, is there already. */
static bool
is_copy(const struct group *g, size_t i)
{
	const struct theirs *t = g->list[i];

	for (size_t k = i > 50 ? i - 50 : 0; t->task != BOOK_NONE && k < g->n && k < i + 50; k++) {
		const struct theirs *o = g->list[k];

		if (k != i && o->of != BOOK_NONE && o->task == t->task &&
		    o->command == t->command && o->class == t->class && o->from == t->from &&
		    llabs(o->time_us - t->time_us) <= g->r->rules.window)
			return true;
	}
	return false;
}

static void
judge_rest(struct group *g)
{
	const struct reconcile *r = g->r;
	char canonical[CANON_LINE];

	for (size_t i = 0; i < g->n; i++) {
		struct theirs *t = g->list[i];
		int64_t us = t->time_us - g->skew;

		if (t->of != BOOK_NONE || t->why)
			continue;
		if (us < r->from_us || us > r->to_us)
			continue; /* not asked about */
		if (!t->named) {
			size_t n = canon_command(text_of(book_text(r, t->command)), canonical);

			if (discovery_is((struct text){ canonical, n }, r->rules.discovery)) {
				t->match = MATCH_DISCOVERY;
				t->why = "nobody is named, and no poll sent it";
			}
		} else if (is_copy(g, i)) {
			t->match = MATCH_AMBIGUOUS;
			t->why = "the same record, with its task, is there already";
		} else {
			t->match = MATCH_ELSEWHERE;
			t->why = t->line == BOOK_NONE ? "a line that polls do not send"
						      : "no poll sent it at that time";
		}
	}
}

static void
assign_group(struct group *g)
{
	struct reconcile_device *shown = &g->r->devices[g->list[0]->device].shown;

	if (learn_skew(g->r, g->index, g->list, g->n, &g->skew) && !shown->has_skew) {
		shown->has_skew = true;
		shown->skew_us = g->skew;
	}
	assign_near(g);
	assign_late(g);
	judge_rest(g);
}

/* --- all ----------------------------------------------------------------------------------------
 */

static int
by_group(const void *a, const void *b)
{
	const struct theirs *x = *(struct theirs *const *)a, *y = *(struct theirs *const *)b;
	bool begun_x = x->class == RECORD_BEGUN, begun_y = y->class == RECORD_BEGUN;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->feed != y->feed)
		return x->feed < y->feed ? -1 : 1;
	if (begun_x != begun_y)
		return begun_x ? -1 : 1;
	if (x->time_us != y->time_us)
		return x->time_us < y->time_us ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static bool
same_group(const struct theirs *a, const struct theirs *b)
{
	return a->device == b->device && a->feed == b->feed &&
	       (a->class == RECORD_BEGUN) == (b->class == RECORD_BEGUN);
}

static void
report_theirs(struct reconcile *r, const struct theirs *t)
{
	struct finding *f;

	r->count[t->match]++;
	if (t->device != BOOK_NONE && t->match == MATCH_OURS)
		r->devices[t->device].shown.matched++;
	if (t->match == MATCH_OURS || t->match == MATCH_OTHER)
		return;
	f = book_find(r, t->match);
	f->time_us = t->time_us;
	f->device = t->device != BOOK_NONE ? r->devices[t->device].shown.name : "";
	f->user = book_text(r, t->user);
	f->from = book_text(r, t->from);
	f->command = t->command != BOOK_NONE     ? book_text(r, t->command)
		     : t->class == RECORD_LOGOUT ? "(logout)"
						 : "(login)";
	f->file = r->files[t->file];
	f->line = t->number;
	f->why = t->why;
}

static void
report_ours(struct reconcile *r, const struct ours *o)
{
	struct book_entry *d = &r->devices[o->device];
	const char *line = r->known[o->line].typed;
	struct finding *f;

	if (o->from_us < r->from_us || o->from_us > r->to_us)
		return;
	d->shown.ours++;
	if (o->taken) {
		r->count[MATCH_FOUND]++;
	} else if (!o->accounted || (line[0] == '\001' && !d->sessions_seen)) {
		r->count[MATCH_UNACCOUNTED]++;
	} else {
		r->count[MATCH_MISSING]++;
		d->shown.missing++;
		f = book_find(r, MATCH_MISSING);
		f->time_us = o->to_us;
		f->device = d->shown.name;
		f->command = line[0] == '\001' ? line + 1 : line;
		f->line = o->seq;
		f->why = d->shown.theirs ? "sent, and in no record"
					 : "sent, and no record of this device is there at all";
	}
}

void
book_assign(struct reconcile *r)
{
	struct index index = { mem_alloc(r->n_ours + 1, sizeof(*index.list)), r->n_ours };
	struct theirs **list = mem_alloc(r->n_theirs + 1, sizeof(*list));

	for (size_t i = 0; i < r->n_ours; i++)
		index.list[i] = &r->ours[i];
	for (size_t i = 0; i < r->n_theirs; i++)
		list[i] = &r->theirs[i];
	qsort(index.list, index.n, sizeof(*index.list), by_place);
	qsort(list, r->n_theirs, sizeof(*list), by_group);
	for (size_t i = 0, end; i < r->n_theirs; i = end) {
		struct group g = { .r = r, .index = &index, .list = list + i };

		for (end = i; end < r->n_theirs && same_group(list[i], list[end]); end++)
			g.n++;
		g.bit = (uint16_t)(1u << (2 * list[i]->feed + (list[i]->class == RECORD_BEGUN)));
		if (list[i]->device != BOOK_NONE)
			assign_group(&g);
	}
	for (size_t i = 0; i < r->n_theirs; i++)
		report_theirs(r, &r->theirs[i]);
	for (size_t i = 0; i < r->n_ours; i++)
		report_ours(r, &r->ours[i]);
	free(index.list);
	free(list);
}
