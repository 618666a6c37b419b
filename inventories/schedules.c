/* schedules: {NAME: {every, cron, on, ...}} and blackouts: [...]: when devices are polled. */
#include <time.h>

#include "inventories/loading.h"

static void read_on(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_adaptive(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_cron(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_window(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_topics(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_moment(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_own_zone(struct loading *, const struct key *, const yaml_node_t *, void *);

#define AT(member) offsetof(struct timetable, member)

static const struct key timetable_keys[] = {
	{ "every", VALUE_SECONDS, AT(every), .least = 10, .most = 31 * 86400,
	    .help = "time from one poll to the next" },
	{ "adaptive", VALUE_OTHER, 0, .read = read_adaptive,
	    .help = "{least: 1m, most: 30m}: as many polls as 'every' makes, where they find "
		    "most" },
	{ "cron", VALUE_OTHER, AT(cron), .read = read_cron,
	    .help = "minute hour day month weekday, instead of 'every'" },
	{ "on", VALUE_OTHER, AT(on), .read = read_on,
	    .help = "devices, @TAG, @SITE or @PLATFORM; all unless said" },
	{ "topics", VALUE_OTHER, 0, .read = read_topics, .help = "sessions, neighbours or both" },
	{ "jitter", VALUE_SECONDS, AT(jitter), .least = 0, .most = 3600,
	    .help = "a poll may be later by up to this; a tenth of 'every' unless said" },
	{ "priority", VALUE_NUMBER, AT(priority), .least = 0, .most = 9,
	    .help = "who goes first when not all may; 5 unless said, 9 is first" },
	{ "window", VALUE_OTHER, AT(window), .read = read_window,
	    .help = "polled then only: Mon-Fri 06:00-22:00" },
	{ "zone", VALUE_OTHER, AT(zone), .read = read_own_zone,
	    .help = "instead of 'zone' of gatebook.yml" },
	{ NULL },
};

static const struct key adaptive_keys[] = {
	{ "least", VALUE_SECONDS, AT(least), .least = 10, .most = 31 * 86400,
	    .help = "the shortest interval" },
	{ "most", VALUE_SECONDS, AT(most), .least = 10, .most = 31 * 86400,
	    .help = "the longest interval" },
	{ NULL },
};

#undef AT
#define AT(member) offsetof(struct blackout, member)

static const struct key blackout_keys[] = {
	{ "name", VALUE_TEXT, AT(name), .required = true, .help = "why nothing is polled" },
	{ "on", VALUE_OTHER, AT(on), .read = read_on, .help = "as in schedules" },
	{ "from", VALUE_OTHER, AT(from), .read = read_moment,
	    .help = "2026-12-20 or 2026-12-20 18:00" },
	{ "to", VALUE_OTHER, AT(to), .read = read_moment,
	    .help = "2027-01-04 or 2027-01-04 06:00" },
	{ "window", VALUE_OTHER, AT(window), .read = read_window,
	    .help = "every week: Sun 02:00-04:00" },
	{ "zone", VALUE_OTHER, AT(zone), .read = read_own_zone,
	    .help = "instead of 'zone' of gatebook.yml" },
	{ NULL },
};

/* --- the keys --------------------------------------------------------------------------------- */

static void
read_on(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const yaml_node_t *item;
	const char **words;
	size_t n;

	if (node->type == YAML_SCALAR_NODE) {
		words = arena_alloc(&l->config->arena, 2 * sizeof *words);
		words[0] = schema_string(l, key->name, node);
	} else {
		if (!schema_is_list(l, key->name, node))
			return;
		n = schema_count(node);
		words = arena_alloc(&l->config->arena, (n + 1) * sizeof *words);
		for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++)
			if (!(words[i] = schema_string(l, key->name, item)))
				words[i] = "@all";
	}
	*(const char *const **)into = words;
}

static void
read_adaptive(struct loading *l, const struct key *key, const yaml_node_t *node, void *timetable)
{
	struct timetable *t = timetable;

	if (!schema_is_map(l, key->name, node) ||
	    !schema_map(l, node, adaptive_keys, t, "'adaptive'"))
		return;
	if (!t->least || !t->most)
		fault_node(l, node, "'adaptive' needs 'least' and 'most': %s", key->help);
}

static void
read_cron(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	struct cron *cron = arena_alloc(&l->config->arena, sizeof *cron);
	struct error err = { 0 };

	if (!schema_is_text(l, key->name, node))
		return;
	if (cron_parse(schema_text(node), cron, &err) != 0)
		fault_node(l, node, "'%s': %s", key->name, err.text);
	*(const struct cron **)into = cron;
}

static void
read_window(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	struct week *week = arena_alloc(&l->config->arena, sizeof *week);
	struct error err = { 0 };

	if (!schema_is_text(l, key->name, node))
		return;
	if (week_parse(schema_text(node), week, &err) != 0)
		fault_node(l, node, "'%s': %s", key->name, err.text);
	*(const struct week **)into = week;
}

static void
read_topics(struct loading *l, const struct key *key, const yaml_node_t *node, void *timetable)
{
	struct timetable *t = timetable;
	char shown[LOADING_SHOWN + 8];
	const yaml_node_t *item;

	if (!schema_is_list(l, key->name, node))
		return;
	t->sessions = false;
	for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++) {
		if (!schema_is_text(l, key->name, item))
			continue;
		if (text_is(schema_text(item), "sessions"))
			t->sessions = true;
		else if (text_is(schema_text(item), "neighbours"))
			t->neighbours = true;
		else
			fault_node(l, item, "'%s' cannot be '%s': sessions, neighbours", key->name,
			    fault_shown(schema_text(item), shown));
	}
	if (schema_count(node) == 0)
		fault_node(l, node, "'%s' is empty: leave it out for sessions", key->name);
}

void
read_zone(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *name = schema_string(l, key->name, node);
	struct zone *zone = arena_alloc(&l->config->arena, sizeof *zone);
	char shown[LOADING_SHOWN + 8];

	zone->name = name;
	*(struct zone **)into = zone;
	if (name && !zone_known(name)) {
		zone->name = "UTC";
		fault_node(l, node,
		    "'%s': no time zone '%s' in /usr/share/zoneinfo (package tzdata)", key->name,
		    fault_shown(text_of(name), shown));
	}
}

static void
read_own_zone(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	read_zone(l, key, node, into);
}

/* "2026-12-20", "2026-12-20 18:00": local seconds, for the zone may stand below. */
static bool
parse_moment(struct text t, int64_t *local)
{
	uint64_t year, month, day, hour = 0, minute = 0;
	struct tm tm = { 0 }, back;
	time_t seconds;

	if (!text_take_number(&t, 9999, &year) || !text_take(&t, "-") ||
	    !text_take_number(&t, 12, &month) || !text_take(&t, "-") ||
	    !text_take_number(&t, 31, &day) || year < 1970)
		return false;
	if (t.n > 0 &&
	    ((!text_take(&t, "T") && !text_take(&t, " ")) || !text_take_number(&t, 23, &hour) ||
		!text_take(&t, ":") || !text_take_number(&t, 59, &minute)))
		return false;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	tm.tm_hour = (int)hour;
	tm.tm_min = (int)minute;
	seconds = timegm(&tm);
	*local = seconds;
	return t.n == 0 && gmtime_r(&seconds, &back) && back.tm_mday == (int)day &&
	       back.tm_mon == (int)month - 1;
}

/* After a fault the moment is -1, so that no other one follows from it. */
static void
read_moment(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	char shown[LOADING_SHOWN + 8];
	int64_t *moment = into;

	*moment = -1;
	if (!schema_is_text(l, key->name, node) || parse_moment(schema_text(node), moment))
		return;
	*moment = -1;
	fault_node(l, node, "'%s' wants a day or a minute, %s, not '%s'", key->name, key->help,
	    fault_shown(schema_text(node), shown));
}

/* --- the maps --------------------------------------------------------------------------------- */

static void
read_timetable(
    struct loading *l, const yaml_node_t *name, const yaml_node_t *value, struct timetable *t)
{
	uint32_t shortest;

	*t = (struct timetable){ .jitter = UINT32_MAX, .priority = 5, .sessions = true };
	t->line = schema_line(name);
	t->column = schema_column(name);
	t->name = schema_name(l, "schedules", name);
	if (!t->name)
		t->name = "?";
	if (!schema_is_map(l, t->name, value) ||
	    !schema_map(l, value, timetable_keys, t, "a schedule"))
		return;
	if (!t->every == !t->cron)
		fault_node(l, name, "schedule '%s' needs 'every' or 'cron', and not both", t->name);
	if ((t->least && t->least > t->every) || (t->most && t->every > t->most)) {
		fault_node(l, name,
		    "schedule '%s': 'every' does not lie between 'least' and 'most' of 'adaptive'",
		    t->name);
		t->least = t->most = 0;
	}
	shortest = t->least ? t->least : t->every;
	if (t->jitter == UINT32_MAX)
		t->jitter = shortest / 10;
	if (shortest && t->jitter >= shortest)
		fault_node(l, name, "schedule '%s': 'jitter' is not shorter than '%s'", t->name,
		    t->least ? "least" : "every");
}

static void
refuse_twice(struct loading *l, const yaml_node_t *node, const struct timetable *all, size_t last)
{
	for (size_t i = 0; i < last; i++)
		if (strcmp(all[i].name, all[last].name) == 0 && strcmp(all[i].name, "?") != 0)
			fault_node(l, node, "schedule '%s' stands here twice: also on line %u",
			    all[i].name, all[i].line);
}

void
read_schedules(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	struct config *c = config;
	const yaml_node_t *name, *value;
	size_t n = 0;

	if (!schema_is_map(l, key->name, node))
		return;
	while (schema_pair(l, node, n, &value))
		n++;
	c->timetables = arena_alloc(&c->arena, (n + 1) * sizeof *c->timetables);
	for (; (name = schema_pair(l, node, c->n_timetables, &value)) != NULL; c->n_timetables++) {
		read_timetable(l, name, value, &c->timetables[c->n_timetables]);
		refuse_twice(l, name, c->timetables, c->n_timetables);
	}
}

void
read_blackouts(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	struct config *c = config;
	const yaml_node_t *item;

	if (!schema_is_list(l, key->name, node))
		return;
	c->blackouts = arena_alloc(&c->arena, (schema_count(node) + 1) * sizeof *c->blackouts);
	for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++) {
		struct blackout *b = &c->blackouts[c->n_blackouts++];

		b->line = schema_line(item);
		b->column = schema_column(item);
		if (!schema_is_map(l, key->name, item) ||
		    !schema_map(l, item, blackout_keys, b, "a blackout"))
			continue;
		if (!b->window == !b->from || !b->from != !b->to)
			fault_node(l, item, "a blackout has 'from' and 'to', or a 'window'");
		else if (b->from > 0 && b->to > 0 && b->to <= b->from)
			fault_node(l, item, "the blackout ends before it begins");
	}
}

/* --- when the devices are known --------------------------------------------------------------- */

/* The devices of `on`, sorted by name; all of them when nothing was said. */
static const struct device **
choose(struct loading *l, const char *const *on, unsigned line, unsigned column)
{
	static const char *const all[] = { "@all", NULL };
	struct error err = { 0 };
	const struct device **found;
	int n = 0;

	if (!on)
		on = all;
	while (on[n])
		n++;
	found = config_select(l->config, n, (char *const *)on, &err);
	if (!found)
		fault_in(l, 0, line, column, "'on': %s", err.text);
	return found;
}

/* Seconds between two polls of a timetable: what coverage counts by. */
static uint32_t
interval(struct timetable *t)
{
	int64_t first, second;

	if (t->every)
		return t->every;
	first = cron_next(t->cron, t->zone, 0);
	second = first < 0 ? -1 : cron_next(t->cron, t->zone, first);
	return second < 0 || second - first > UINT32_MAX ? 0 : (uint32_t)(second - first);
}

static void
add(struct loading *l, struct device *d, struct timetable *t)
{
	uint32_t every = interval(t);
	size_t n = 0;

	while (d->timetables && d->timetables[n])
		n++;
	if (n == LIMIT_TIMETABLES) {
		fault_in(l, 0, t->line, t->column, "device '%s' is on more than %d schedules",
		    d->name, LIMIT_TIMETABLES);
		return;
	}
	if (!d->timetables)
		d->timetables = arena_alloc(
		    &l->config->arena, (LIMIT_TIMETABLES + 1) * sizeof *d->timetables);
	d->timetables[n] = t;
	if (t->sessions && every && (n == 0 || !d->every || every < d->every))
		d->every = every;
}

/* What no schedule names is polled as its own `every` says. */
static void
add_own(struct loading *l, struct device *d)
{
	struct timetable *own;

	if (d->timetables || d->every == 0)
		return;
	own = arena_alloc(&l->config->arena, sizeof *own);
	*own = (struct timetable){ .name = "every",
		.every = d->every,
		.jitter = d->every / 10,
		.priority = 5,
		.sessions = true,
		.neighbours = d->identity,
		.zone = l->config->zone };
	add(l, d, own);
}

void
schedules_finish(struct loading *l)
{
	struct config *c = l->config;

	if (!c->zone)
		c->zone = arena_alloc(&c->arena, sizeof *c->zone);
	for (size_t i = 0; i < c->n_timetables; i++) {
		struct timetable *t = &c->timetables[i];
		const struct device **on = choose(l, t->on, t->line, t->column);

		t->zone = t->zone ? t->zone : c->zone;
		for (size_t k = 0; on && on[k] && (t->every || t->cron); k++)
			add(l, &c->devices[on[k] - c->devices], t);
	}
	for (size_t i = 0; i < c->n_devices; i++)
		add_own(l, &c->devices[i]);
	for (size_t i = 0; i < c->n_blackouts; i++) {
		struct blackout *b = &c->blackouts[i];

		b->zone = b->zone ? b->zone : c->zone;
		b->devices = choose(l, b->on, b->line, b->column);
		while (b->devices && b->devices[b->n_devices])
			b->n_devices++;
		b->from = b->from ? zone_utc(b->zone, b->from) : 0;
		b->to = b->to ? zone_utc(b->zone, b->to) : 0;
	}
}
