#include "query/contacts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* The complete polls of one device in the range, by time. */
struct polls {
	int64_t device;
	int64_t *asked, *answered;
	uint32_t n;
	UT_hash_handle hh;
};

/* The columns of both selects. */
enum {
	C_OUTSIDE,
	C_INSIDE,
	C_PROTO,
	C_PORT,
	C_INITIATOR,
	C_SCOPE,
	C_DEVICE,
	C_N,
	C_FIRST_AFTER,
	C_FIRST_BY,
	C_LAST_FROM,
	C_LAST_BY,
	C_BYTES,
	C_IN_NAT,
	C_IN_NAT_PORT,
	C_OUT_NAT,
	C_OUT_NAT_PORT
};

#define SESSION                                                                                    \
	"outside, inside, proto, CASE initiator WHEN 2 THEN in_port ELSE out_port END, "           \
	"initiator, "                                                                              \
	"scope, device, 1, start_after, start_by, end_from, end_by, "                              \
	"coalesce(bytes_total, bytes_out + bytes_in, bytes_out, bytes_in)"
#define SESSION_EXACT SESSION ", in_nat, in_nat_port, out_nat, out_nat_port"
#define CONTACT                                                                                    \
	"outside, inside, proto, port, initiator, scope, device, n, first_after, first_by, "       \
	"last_from, "                                                                              \
	"last_by, bytes"

struct loading {
	const struct ask *ask;
	struct contacts *contacts;
	bool exact;
	struct error *err;
};

/* --- polls ------------------------------------------------------------------------------------ */

static int
read_polls(const struct loading *l, struct polls *p)
{
	sqlite3 *db = reader_live(l->ask->reader);
	sqlite3_stmt *st;
	int code;

	if (sqlite3_prepare_v2(db,
		"SELECT asked, answered FROM main.poll WHERE device = ?1 AND outcome = 0 "
		"AND started BETWEEN ?2 AND ?3 ORDER BY started",
		-1, &st, NULL) != SQLITE_OK)
		return error_exit(
		    l->err, EXIT_FAILED, "cannot read the polls: %s", sqlite3_errmsg(db));
	sqlite3_bind_int64(st, 1, p->device);
	sqlite3_bind_int64(st, 2, l->ask->range.from);
	sqlite3_bind_int64(st, 3, l->ask->range.to);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if ((p->n & (p->n - 1)) == 0) { /* grows when n is a power of two */
			p->asked = mem_grow(p->asked, p->n > 0 ? 2 * p->n : 1, sizeof(*p->asked));
			p->answered = mem_grow(
			    p->answered, p->n > 0 ? 2 * p->n : 1, sizeof(*p->answered));
		}
		p->asked[p->n] = sqlite3_column_int64(st, 0);
		p->answered[p->n++] = sqlite3_column_int64(st, 1);
	}
	sqlite3_finalize(st);
	if (code != SQLITE_DONE)
		return error_exit(
		    l->err, EXIT_FAILED, "cannot read the polls: %s", sqlite3_errmsg(db));
	return 0;
}

static struct polls *
polls_of(const struct loading *l, int64_t device)
{
	struct polls *p;

	HASH_FIND(hh, l->contacts->polls, &device, sizeof(device), p);
	if (p != NULL)
		return p;
	p = mem_alloc(1, sizeof(*p));
	p->device = device;
	HASH_ADD(hh, l->contacts->polls, device, sizeof(p->device), p);
	return read_polls(l, p) == 0 ? p : NULL;
}

/* The index of the first time that is not before `time`. */
static uint32_t
lower_bound(const int64_t *times, uint32_t n, int64_t time)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (times[middle] < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The polls that saw a session: answered not before it was there, asked not after it was last seen.
 */
static bool
polls_between(const struct polls *p, int64_t by, int64_t from, struct interval *i)
{
	uint32_t end = lower_bound(p->asked, p->n, from + 1);

	i->first = lower_bound(p->answered, p->n, by);
	if (end == 0 || i->first > end - 1)
		return false;
	i->last = end - 1;
	return true;
}

/* --- sightings -------------------------------------------------------------------------------- */

/* Keeps the intervals in order and joins those that touch: a contact that stays costs one. */
static void
add_interval(struct sighting *s, struct interval add)
{
	uint32_t at = 0, end;

	while (at < s->n_intervals && (int64_t)s->intervals[at].last < (int64_t)add.first - 1)
		at++;
	for (end = at; end < s->n_intervals && s->intervals[end].first <= add.last + 1; end++) {
		if (s->intervals[end].first < add.first)
			add.first = s->intervals[end].first;
		if (s->intervals[end].last > add.last)
			add.last = s->intervals[end].last;
	}
	if (end == at && s->n_intervals == s->capacity) {
		s->capacity = 2 * s->capacity + 2;
		s->intervals = mem_grow(s->intervals, s->capacity, sizeof(*s->intervals));
	}
	memmove(s->intervals + at + 1, s->intervals + end,
	    (s->n_intervals - end) * sizeof(*s->intervals));
	s->intervals[at] = add;
	s->n_intervals = s->n_intervals - (end - at) + 1;
}

static struct sighting *
sighting_at(struct contact *c, int64_t device)
{
	for (uint32_t i = 0; i < c->n_by; i++)
		if (c->by[i].device == device)
			return &c->by[i];
	c->by = mem_grow(c->by, c->n_by + 1, sizeof(*c->by));
	c->by[c->n_by] = (struct sighting){ .device = device };
	return &c->by[c->n_by++];
}

/* --- contacts --------------------------------------------------------------------------------- */

static int64_t
time_of(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? UNKNOWN_TIME
							      : sqlite3_column_int64(st, column);
}

static void
widen(struct contact *c, int64_t first_after, int64_t first_by, int64_t last_from, int64_t last_by)
{
	if (c->first_by == 0 || first_by < c->first_by ||
	    (first_by == c->first_by && first_after < c->first_after)) {
		c->first_by = first_by;
		c->first_after = first_after;
	}
	if (last_by == UNKNOWN_TIME) {
		c->open = true;
		c->last_by = UNKNOWN_TIME;
	}
	if (last_from > c->last_from) {
		c->last_from = last_from;
		if (!c->open)
			c->last_by = last_by;
	} else if (last_from == c->last_from && !c->open && last_by > c->last_by) {
		c->last_by = last_by;
	}
}

static bool
nat_column(sqlite3_stmt *st, int column, struct endpoint *e)
{
	memset(e, 0, sizeof(*e));
	if (!reader_column_addr(st, column, &e->addr))
		return false;
	e->has_port = sqlite3_column_type(st, column + 1) != SQLITE_NULL;
	e->port = (uint16_t)sqlite3_column_int(st, column + 1);
	return true;
}

/* NAT ports differ from session to session; the addresses are what is asked for. */
static void
add_nat(struct contact *c, sqlite3_stmt *st)
{
	struct endpoint in, out;
	bool has_in = nat_column(st, C_IN_NAT, &in), has_out = nat_column(st, C_OUT_NAT, &out);

	if (has_in && c->in_nat.addr.family == 0)
		c->in_nat = in;
	else if (has_in && !addr_equal(&in.addr, &c->in_nat.addr))
		c->nats++;
	if (has_out && c->out_nat.addr.family == 0)
		c->out_nat = out;
	else if (has_out && !addr_equal(&out.addr, &c->out_nat.addr))
		c->nats++;
}

static struct contact *
contact_at(struct contacts *all, sqlite3_stmt *st)
{
	struct contact_key key;
	struct contact *c;

	memset(&key, 0, sizeof(key));
	reader_column_addr(st, C_OUTSIDE, &key.outside);
	reader_column_addr(st, C_INSIDE, &key.inside);
	key.proto = (uint16_t)sqlite3_column_int(st, C_PROTO);
	key.port = sqlite3_column_type(st, C_PORT) == SQLITE_NULL ? -1
								  : sqlite3_column_int(st, C_PORT);
	key.initiator = (uint8_t)sqlite3_column_int(st, C_INITIATOR);
	key.scope = (uint8_t)sqlite3_column_int(st, C_SCOPE);
	HASH_FIND(hh, all->hash, &key, sizeof(key), c);
	if (c != NULL)
		return c;
	c = mem_alloc(1, sizeof(*c));
	memcpy(&c->key, &key, sizeof(key)); /* the padding too */
	HASH_ADD(hh, all->hash, key, sizeof(c->key), c);
	return c;
}

static int
add_row(sqlite3_stmt *st, void *arg)
{
	struct loading *l = arg;
	struct contact *c = contact_at(l->contacts, st);
	int64_t device = sqlite3_column_int64(st, C_DEVICE),
		by = sqlite3_column_int64(st, C_FIRST_BY),
		from = sqlite3_column_int64(st, C_LAST_FROM);
	struct sighting *s = sighting_at(c, device);
	struct polls *p;
	struct interval i;

	s->sessions += (uint64_t)sqlite3_column_int64(st, C_N);
	if (sqlite3_column_type(st, C_BYTES) != SQLITE_NULL) {
		s->bytes += (uint64_t)sqlite3_column_int64(st, C_BYTES);
		s->has_bytes = true;
	}
	widen(c, time_of(st, C_FIRST_AFTER), by, from, time_of(st, C_LAST_BY));
	if (!l->exact)
		return 0;
	add_nat(c, st);
	p = polls_of(l, device);
	if (p == NULL)
		return -1;
	if (polls_between(p, by, from, &i))
		add_interval(s, i);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct contact_key *x = &(*(struct contact *const *)a)->key,
				 *y = &(*(struct contact *const *)b)->key;
	int d = addr_compare(&x->inside, &y->inside);

	if (d == 0)
		d = addr_compare(&x->outside, &y->outside);
	if (d == 0)
		d = (x->proto > y->proto) - (x->proto < y->proto);
	if (d == 0)
		d = (x->port > y->port) - (x->port < y->port);
	return d != 0 ? d : memcmp(x, y, sizeof(*x));
}

static int
by_device(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;

	return (x->device > y->device) - (x->device < y->device);
}

int
contacts_load(const struct ask *ask, bool exact, struct contacts *all, struct error *err)
{
	struct loading l = { .ask = ask, .contacts = all, .exact = exact, .err = err };
	struct contact *c, *next;

	*all = (struct contacts){ 0 };
	if (ask_rows(ask, exact ? SESSION_EXACT : SESSION, exact ? NULL : CONTACT, add_row, &l,
		err) != 0)
		return -1;
	all->sorted = mem_alloc(HASH_COUNT(all->hash) + 1, sizeof(struct contact *));
	HASH_ITER (hh, all->hash, c, next) {
		qsort(c->by, c->n_by, sizeof(*c->by), by_device);
		all->sorted[all->n++] = c;
	}
	qsort(all->sorted, all->n, sizeof(struct contact *), compare);
	return 0;
}

void
contacts_free(struct contacts *all)
{
	struct contact *c, *next;
	struct polls *p, *after;

	HASH_ITER (hh, all->hash, c, next) {
		HASH_DEL(all->hash, c);
		for (uint32_t i = 0; i < c->n_by; i++)
			free(c->by[i].intervals);
		free(c->by);
		free(c);
	}
	HASH_ITER (hh, all->polls, p, after) {
		HASH_DEL(all->polls, p);
		free(p->asked);
		free(p->answered);
		free(p);
	}
	free(all->sorted);
	*all = (struct contacts){ 0 };
}

void
contact_seen(const struct contacts *all, const struct contact *c, uint64_t *seen, uint64_t *of)
{
	*seen = *of = 0;
	for (uint32_t i = 0; i < c->n_by; i++) {
		uint64_t n = 0;
		struct polls *p;

		HASH_FIND(hh, all->polls, &c->by[i].device, sizeof(c->by[i].device), p);
		for (uint32_t k = 0; k < c->by[i].n_intervals; k++)
			n += c->by[i].intervals[k].last - c->by[i].intervals[k].first + 1;
		if (p == NULL || (*of > 0 && n <= *seen))
			continue;
		*seen = n;
		*of = p->n;
	}
}

/* Polls first..last of the device that lie in one of the intervals. */
static uint64_t
seen_between(const struct sighting *s, uint32_t first, uint32_t last)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < s->n_intervals; i++) {
		uint32_t low = s->intervals[i].first > first ? s->intervals[i].first : first,
			 high = s->intervals[i].last < last ? s->intervals[i].last : last;

		n += low <= high ? high - low + 1 : 0;
	}
	return n;
}

void
contact_stretch(const struct contacts *all, const struct contact *c, int64_t from, int64_t to,
    uint64_t *seen, uint64_t *of)
{
	bool all_looked = true;

	*seen = *of = 0;
	for (uint32_t i = 0; i < c->n_by; i++) {
		struct polls *p;
		uint32_t first, end;
		uint64_t n;

		HASH_FIND(hh, all->polls, &c->by[i].device, sizeof(c->by[i].device), p);
		first = p != NULL ? lower_bound(p->asked, p->n, from) : 0;
		end = p != NULL ? lower_bound(p->asked, p->n, to) : 0;
		all_looked &= first < end;
		if (first == end)
			continue;
		n = seen_between(&c->by[i], first, end - 1);
		if (*of > 0 && n <= *seen)
			continue;
		*seen = n;
		*of = end - first;
	}
	if (*seen == 0 && !all_looked) /* it may have been at the device that nobody read */
		*of = 0;
}

uint64_t
contact_sessions(const struct contact *c)
{
	uint64_t most = 0;

	for (uint32_t i = 0; i < c->n_by; i++)
		if (c->by[i].sessions > most)
			most = c->by[i].sessions;
	return most;
}

bool
contact_bytes(const struct contact *c, uint64_t *bytes)
{
	bool has = false;

	*bytes = 0;
	for (uint32_t i = 0; i < c->n_by; i++) {
		if (c->by[i].has_bytes && c->by[i].bytes >= *bytes)
			*bytes = c->by[i].bytes;
		has |= c->by[i].has_bytes;
	}
	return has;
}

void
contact_add(struct contact_sum *sum, const struct contact *c)
{
	uint64_t bytes;

	sum->sessions += contact_sessions(c);
	if (contact_bytes(c, &bytes)) {
		sum->bytes += bytes;
		sum->has_bytes = true;
	}
	if (sum->contacts++ == 0 || c->first_by < sum->first_by) {
		sum->first_by = c->first_by;
		sum->first_after = c->first_after;
	}
	sum->open |= c->open;
	if (c->last_from >= sum->last_from) {
		sum->last_from = c->last_from;
		sum->last_by = c->last_by;
	}
}
