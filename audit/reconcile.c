#include "audit/reconcile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/book.h"
#include "audit/when.h"

const char *
match_name(enum match m)
{
	static const char *const names[] = { "matched", "late", "ambiguous", "elsewhere",
		"discovery", "other", "undated", "found", "missing", "unaccounted" };

	return names[m];
}

struct reconcile_rules
reconcile_rules_default(void)
{
	return (struct reconcile_rules){ .window = INT64_C(60000000),
		.late = INT64_C(600000000),
		.skew = INT64_C(600000000),
		.chain_within = INT64_C(300000000) };
}

/* --- what is kept ----------------------------------------------------------------------------- */

uint32_t
book_word(struct reconcile *r, struct text t)
{
	uint32_t *known, n = (uint32_t)r->words.used;

	if (t.n == 0)
		return BOOK_NONE;
	known = table_find(&r->words, t);
	if (known)
		return *known;
	r->texts = mem_grow(r->texts, n + 1, sizeof(*r->texts));
	r->texts[n] = table_add(&r->words, &r->arena, t, n);
	return n;
}

const char *
book_text(const struct reconcile *r, uint32_t w)
{
	return w == BOOK_NONE ? "" : r->texts[w];
}

struct finding *
book_find(struct reconcile *r, enum match match)
{
	static struct finding beyond;

	if (r->n_findings == RECONCILE_FINDINGS)
		return &beyond;
	if (r->n_findings == r->room_findings) {
		r->room_findings = r->room_findings ? r->room_findings * 2 : 64;
		r->findings = mem_grow(r->findings, r->room_findings, sizeof(*r->findings));
	}
	r->findings[r->n_findings] = (struct finding){ .match = match,
		.device = "",
		.user = "",
		.from = "",
		.command = "",
		.why = "",
		.chain = 1 };
	return &r->findings[r->n_findings++];
}

void
book_alias(struct reconcile *r, const char *name, uint32_t device)
{
	if (name[0] && !table_find(&r->aliases, text_of(name)))
		(void)table_add(&r->aliases, &r->arena, text_of(name), device);
}

uint32_t
book_device(struct reconcile *r, const char *name)
{
	uint32_t *known = table_find(&r->aliases, text_of(name)), n = (uint32_t)r->n_devices;

	if (known)
		return *known;
	r->devices = mem_grow(r->devices, n + 1, sizeof(*r->devices));
	r->devices[n] = (struct book_entry){ .shown.name = arena_string(&r->arena, text_of(name)) };
	r->n_devices++;
	book_alias(r, name, n);
	return n;
}

uint32_t
book_line(struct reconcile *r, const char *typed)
{
	char canonical[CANON_LINE];
	size_t n = typed[0] == '\001' ? (size_t)snprintf(canonical, sizeof(canonical), "%s", typed)
				      : canon_command(text_of(typed), canonical);
	uint32_t *known = table_find(&r->lines, (struct text){ canonical, n });
	uint32_t number = (uint32_t)r->n_known;

	if (known)
		return *known;
	r->known = mem_grow(r->known, number + 1, sizeof(*r->known));
	r->known[number] = (struct known_line){ arena_string(&r->arena, text_of(typed)),
		table_add(&r->lines, &r->arena, (struct text){ canonical, n }, number), n };
	r->n_known++;
	return number;
}

void
book_mark(struct reconcile *r, struct table *t, struct text key)
{
	if (key.n > 0 && !table_find(t, key))
		(void)table_add(t, &r->arena, key, 1);
}

struct reconcile *
reconcile_new(const struct config *config, const struct reconcile_rules *rules, int64_t now_us)
{
	struct reconcile *r = mem_alloc(1, sizeof(*r));

	r->config = config;
	r->rules = *rules;
	r->now_us = now_us;
	(void)book_line(r, BOOK_LOGIN);
	(void)book_line(r, BOOK_LOGOUT);
	for (size_t i = 0; config && i < config->n_devices; i++) {
		const struct device *d = &config->devices[i];
		uint32_t n = book_device(r, d->name);

		r->devices[n].inventory = d;
		book_alias(r, d->host, n);
		if (d->credential && d->credential->user && strcmp(d->transport, "ssh") == 0)
			book_mark(r, &r->accounts, text_of(d->credential->user));
	}
	return r;
}

void
reconcile_free(struct reconcile *r)
{
	struct table *const tables[] = { &r->words, &r->aliases, &r->accounts, &r->sources,
		&r->lines, &r->verdicts, &r->walkers };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		table_free(tables[i]);
	arena_free(&r->arena);
	free(r->texts);
	free(r->devices);
	free(r->known);
	free(r->ours);
	free(r->theirs);
	free(r->walker);
	free(r->files);
	free(r->findings);
	free(r->shown);
	free(r);
}

/* --- theirs ----------------------------------------------------------------------------------- */

static bool
is_our_source(const struct reconcile *r, struct text from)
{
	struct addr a;

	if (from.n == 0 || !reconcile_knows_source(r) || table_find(&r->sources, from))
		return true;
	return r->rules.sources && addr_parse(from, &a) && prefix_set_holds(r->rules.sources, &a);
}

bool
reconcile_knows_source(const struct reconcile *r)
{
	return r->sources.used > 0 || (r->rules.sources && r->rules.sources->n > 0);
}

/* Which of our lines the command is; what was looked up once is remembered. */
static uint32_t
line_of(struct reconcile *r, const struct aaa_record *record, struct text canonical)
{
	uint32_t *known, found = BOOK_NONE;

	if (record->class == RECORD_LOGIN || record->class == RECORD_LOGOUT)
		return record->class == RECORD_LOGOUT;
	known = table_find(&r->lines, canonical);
	if (known)
		return *known;
	for (uint32_t i = 2; i < r->n_known && found == BOOK_NONE; i++)
		if (canon_same((struct text){ r->known[i].canonical, r->known[i].n }, canonical))
			found = i;
	if (r->lines.used < 100000)
		(void)table_add(&r->lines, &r->arena, canonical, found);
	return found;
}

static void
take_own(struct reconcile *r, const struct aaa_record *record, int64_t time_us, uint32_t device,
    struct text canonical, const char *why)
{
	struct theirs *t;

	if (r->n_theirs == r->room_theirs) {
		r->room_theirs = r->room_theirs ? r->room_theirs * 2 : 256;
		r->theirs = mem_grow(r->theirs, r->room_theirs, sizeof(*r->theirs));
	}
	t = &r->theirs[r->n_theirs++];
	*t = (struct theirs){ .time_us = time_us,
		.number = record->line,
		.device = device,
		.line = line_of(r, record, canonical),
		.file = r->file,
		.user = book_word(r, record->user),
		.from = book_word(r, record->from),
		.task = book_word(r, record->task),
		.command = book_word(r, record->command),
		.of = BOOK_NONE,
		.feed = r->feed,
		.class = (uint8_t)record->class,
		.cut = canonical.n >= CANON_CUT,
		.named = record->user.n > 0,
		.match = why ? MATCH_ELSEWHERE : MATCH_OTHER,
		.why = why };
	if (device == BOOK_NONE)
		return;
	r->devices[device].shown.theirs++;
	if (record->class >= RECORD_LOGIN)
		r->devices[device].sessions_seen = true;
}

static void
take_record(const struct aaa_record *record, void *arg)
{
	struct reconcile *r = arg;
	uint32_t *alias = record->nas.n ? table_find(&r->aliases, record->nas) : NULL;
	uint32_t device = alias ? *alias : r->file_device;
	bool ours_by_name = record->user.n && table_find(&r->accounts, record->user);
	bool from_us = is_our_source(r, record->from);
	char canonical[CANON_LINE];
	struct text command = { canonical, canon_command(record->command, canonical) };
	const int64_t margin = r->rules.late + r->rules.skew;
	int64_t time_us = 0;
	bool dated = when_parse(record->time, r->now_us, &time_us);

	r->records++;
	if (ours_by_name && (!from_us || device == BOOK_NONE)) {
		take_own(r, record, time_us, device, command,
		    from_us ? "a device that is not in the inventory"
			    : "not from where polls come");
		return;
	}
	if (!dated) {
		r->count[MATCH_UNDATED]++;
	} else if (time_us < r->from_us - margin || time_us > r->to_us + margin) {
		r->count[MATCH_OTHER]++;
	} else if (ours_by_name ||
		   (record->user.n == 0 && record->from.n > 0 && from_us && device != BOOK_NONE)) {
		if (record->class == RECORD_UPDATE)
			r->count[MATCH_OURS]++;
		else
			take_own(r, record, time_us, device, command, NULL);
	} else {
		book_other(r, record, time_us, device, command);
	}
}

int
reconcile_log(struct reconcile *r, FILE *file, const char *name, const struct driver *driver,
    const char *device, struct records_read *read, struct error *err)
{
	uint32_t *alias = device ? table_find(&r->aliases, text_of(device)) : NULL;

	*read = (struct records_read){ 0 };
	if (device && !alias)
		return error_exit(err, EXIT_USAGE, "%s: no device is called '%.64s'", name, device);
	for (r->feed = 0; r->feed < r->n_feeds && r->feeds[r->feed] != driver; r->feed++)
		;
	if (r->feed == BOOK_FEEDS)
		return error_exit(err, EXIT_USAGE, "more than %d kinds of logs", BOOK_FEEDS);
	if (r->feed == r->n_feeds)
		r->feeds[r->n_feeds++] = driver;
	r->file_device = alias ? *alias : BOOK_NONE;
	r->file = (uint32_t)r->n_files;
	r->files = mem_grow(r->files, r->n_files + 1, sizeof(*r->files));
	r->files[r->n_files++] = arena_string(&r->arena, text_of(name));
	return records_read(file, name, driver, take_record, r, read, err);
}

/* --- the answer ------------------------------------------------------------------------------- */

static int
by_rank(const void *a, const void *b)
{
	static const int rank[MATCH_KINDS] = { [MATCH_ELSEWHERE] = 1,
		[MATCH_DISCOVERY] = 2,
		[MATCH_AMBIGUOUS] = 3,
		[MATCH_LATE] = 4,
		[MATCH_MISSING] = 5 };
	const struct finding *x = a, *y = b;

	if (rank[x->match] != rank[y->match])
		return rank[x->match] - rank[y->match];
	if (x->chain != y->chain)
		return x->chain > y->chain ? -1 : 1;
	if (x->time_us != y->time_us)
		return x->time_us < y->time_us ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void
reconcile_finish(struct reconcile *r)
{
	size_t n = 0;

	book_assign(r);
	if (r->n_findings > 1)
		qsort(r->findings, r->n_findings, sizeof(*r->findings), by_rank);
	r->shown = mem_alloc(r->n_devices + 1, sizeof(*r->shown));
	for (size_t i = 0; i < r->n_devices; i++)
		if (r->devices[i].shown.ours || r->devices[i].shown.theirs)
			r->shown[n++] = r->devices[i].shown;
	r->n_shown = n;
}

uint64_t
reconcile_count(const struct reconcile *r, enum match m)
{
	return r->count[m];
}

const struct finding *
reconcile_findings(const struct reconcile *r, size_t *n)
{
	*n = r->n_findings;
	return r->findings;
}

const struct reconcile_device *
reconcile_devices(const struct reconcile *r, size_t *n)
{
	*n = r->n_shown;
	return r->shown;
}

uint64_t
reconcile_records(const struct reconcile *r)
{
	return r->records;
}

uint64_t
reconcile_lines(const struct reconcile *r)
{
	return r->count[MATCH_FOUND] + r->count[MATCH_MISSING] + r->count[MATCH_UNACCOUNTED];
}
