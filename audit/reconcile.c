#include "audit/reconcile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/book.h"
#include "audit/when.h"
#include "ledger/scan.h"

#define LOGIN  "\001login"
#define LOGOUT "\001logout"

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

static void
add_alias(struct reconcile *r, const char *name, uint32_t device)
{
	if (name[0] && !table_find(&r->aliases, text_of(name)))
		(void)table_add(&r->aliases, &r->arena, text_of(name), device);
}

static uint32_t
add_device(struct reconcile *r, const char *name)
{
	uint32_t *known = table_find(&r->aliases, text_of(name)), n = (uint32_t)r->n_devices;

	if (known)
		return *known;
	r->devices = mem_grow(r->devices, n + 1, sizeof(*r->devices));
	r->devices[n] = (struct book_device){ .shown.name = arena_string(
						  &r->arena, text_of(name)) };
	r->n_devices++;
	add_alias(r, name, n);
	return n;
}

static uint32_t
add_line(struct reconcile *r, const char *typed)
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

static void
add_text(struct reconcile *r, struct table *t, struct text key)
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
	(void)add_line(r, LOGIN);
	(void)add_line(r, LOGOUT);
	for (size_t i = 0; config && i < config->n_devices; i++) {
		const struct device *d = &config->devices[i];
		uint32_t n = add_device(r, d->name);

		r->devices[n].inventory = d;
		add_alias(r, d->host, n);
		if (d->credential && d->credential->user && strcmp(d->transport, "ssh") == 0)
			add_text(r, &r->accounts, text_of(d->credential->user));
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

/* --- ours ------------------------------------------------------------------------------------- */

/* Exec channels: no server accounts them; what runs through sudo is in its log. And platforms that
 * are known to account no show commands: AOS-CX 10.01 (its manual of 10.04 says it does). */
static bool
accounts_it(const struct reconcile *r, const struct device *d, const char *line)
{
	const char *const *names = r->rules.unaccounted;

	if (!d)
		return true;
	for (int i = 0; names && names[i]; i++)
		if (strcmp(names[i], d->driver->name) == 0)
			return line[0] == '\001';
	if (line[0] == '\001')
		return true;
	if (!d->driver->dialect.shell)
		return strncmp(line, "sudo ", 5) == 0 || strncmp(line, "doas ", 5) == 0;
	if (strcmp(d->driver->name, "aruba_aoscx") == 0)
		return false;
	for (const struct command *c = d->driver->commands; c->send; c++)
		if (strcmp(c->send, line) == 0)
			return !(c->flags & COMMAND_UNACCOUNTED);
	return true;
}

/* Where a device's visits stand while the ledger is read. */
struct taking {
	struct reconcile *r;
	uint64_t *visit;  /* by device: the last login; 0: none by ssh */
	int64_t *last_us; /* by device: the last result */
	size_t room;
};

static struct ours *
add_ours(struct reconcile *r, const struct ledger_row *row, uint32_t device, const char *line)
{
	struct ours *o;

	if (r->n_ours == r->room_ours) {
		r->room_ours = r->room_ours ? r->room_ours * 2 : 256;
		r->ours = mem_grow(r->ours, r->room_ours, sizeof(*r->ours));
	}
	o = &r->ours[r->n_ours++];
	*o = (struct ours){ .from_us = row->event.time_us,
		.to_us = row->event.time_us,
		.seq = row->seq,
		.device = device,
		.line = add_line(r, line),
		.accounted = accounts_it(r, r->devices[device].inventory, line) };
	return o;
}

static struct ours *
find_ours(struct reconcile *r, uint64_t seq)
{
	size_t low = 0, high = r->n_ours;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (r->ours[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->n_ours && r->ours[low].seq == seq ? &r->ours[low] : NULL;
}

static void
take_intent(struct taking *t, const struct ledger_row *row, uint32_t device)
{
	const struct ledger_event *e = &row->event;
	struct text address = text_of(e->address), host;
	bool login = strcmp(e->what, "login ssh") == 0;
	struct ours *o;

	if (!login && t->visit[device] == 0)
		return;
	add_text(t->r, &t->r->accounts, text_of(e->account));
	if (text_take_char(&address, '[') ? text_take_until(&address, ']', &host)
					  : text_take_until(&address, ':', &host))
		add_alias(t->r, arena_string(&t->r->arena, host), device);
	if (login)
		t->visit[device] = row->seq;
	o = add_ours(t->r, row, device, login ? LOGIN : e->what);
	o->visit = t->visit[device];
	if (row->unknown) /* killed in between: it may have been sent or not */
		o->accounted = false;
}

/* from=10.0.0.1 of a login's result: where the visit came from. */
static void
learn_source(struct reconcile *r, const char *detail)
{
	const char *at = strstr(detail, "from=");
	struct text rest = text_of(at ? at + 5 : ""), address;

	if (text_take_word(&rest, &address))
		add_text(r, &r->sources, address);
}

static void
take_result(struct taking *t, const struct ledger_row *row, uint32_t device)
{
	const struct ledger_event *e = &row->event;
	struct ours *o = find_ours(t->r, e->refers);
	bool sent = strcmp(e->result, "not sent") != 0;

	if (!o || o->device != device)
		return;
	if (strcmp(e->what, "logout") == 0) {
		uint64_t visit = o->visit;

		o = add_ours(t->r, row, device, LOGOUT);
		o->visit = visit;
		o->from_us = t->last_us[device] ? t->last_us[device] : e->time_us;
		t->visit[device] = 0;
		return;
	}
	if (o->line == 0) {
		sent = strcmp(e->result, "ok") == 0;
		learn_source(t->r, e->detail);
	}
	if (!sent) {
		o->device = BOOK_NONE;
		return;
	}
	if (t->last_us[device] > o->from_us)
		o->from_us = t->last_us[device];
	o->to_us = t->last_us[device] = e->time_us;
}

static void
take_row(const struct ledger_row *row, void *arg)
{
	struct taking *t = arg;
	const struct ledger_event *e = &row->event;
	uint32_t device;

	if ((e->kind != LEDGER_INTENT && e->kind != LEDGER_RESULT) || !e->device[0])
		return;
	device = add_device(t->r, e->device);
	if (device >= t->room) {
		size_t room = (device + 1) * 2;

		t->visit = mem_grow(t->visit, room, sizeof(*t->visit));
		t->last_us = mem_grow(t->last_us, room, sizeof(*t->last_us));
		memset(t->visit + t->room, 0, (room - t->room) * sizeof(*t->visit));
		memset(t->last_us + t->room, 0, (room - t->room) * sizeof(*t->last_us));
		t->room = room;
	}
	if (e->kind == LEDGER_INTENT)
		take_intent(t, row, device);
	else
		take_result(t, row, device);
}

int
reconcile_ours(struct reconcile *r, sqlite3 *db, int64_t from_us, int64_t to_us, struct error *err)
{
	const int64_t margin = r->rules.late + r->rules.skew;
	struct taking t = { .r = r };
	size_t kept = 0;
	int64_t n;

	r->from_us = from_us;
	r->to_us = to_us;
	n = ledger_scan(
	    db, &(struct ledger_scan){ from_us - margin, to_us + margin, true, take_row, &t }, err);
	free(t.visit);
	free(t.last_us);
	for (size_t i = 0; i < r->n_ours; i++)
		if (r->ours[i].device != BOOK_NONE)
			r->ours[kept++] = r->ours[i];
	r->n_ours = kept;
	return n < 0 ? -1 : 0;
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
