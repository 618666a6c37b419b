#include "query/whereis.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "query/ports.h"
#include "query/presence.h"

/* A row of the table presence, its end filled in. */
struct interval {
	int64_t id, device;
	char mac[PRESENT_MAC], port[PRESENT_WORD], vlan[PRESENT_WORD];
	struct addr addr;
	int64_t start_after, start_by, end_from, end_by; /* -1: none */
	struct port_view view;                           /* of a station's port */
};

struct intervals {
	struct interval *list;
	size_t n, room;
};

struct whereis {
	sqlite3 *db;
	struct range range;
	struct ports *ports;
	sqlite3_stmt *stations;
};

/* One question under way. */
struct search {
	struct whereis *w;
	int (*each)(const struct stay *stay, void *arg);
	void *arg;
	struct error *err;
};

#define INTERVAL                                                                                   \
	"SELECT p.id, p.device, p.mac, p.port, p.vlan, p.addr, p.start_after, "                    \
	"p.start_by, " PRESENCE_SEEN ", p.end_by " PRESENCE_FROM "WHERE " PRESENCE_IN_RANGE

static const char addresses_sql[] = INTERVAL "AND p.kind = 0 AND %s ORDER BY p.addr, p.start_by";
static const char stations_sql[] = INTERVAL "AND p.kind = 1 AND p.mac = ?3 "
					    "ORDER BY p.start_by, p.id";

static int
failed(const struct search *s)
{
	return error_exit(
	    s->err, EXIT_FAILED, "cannot read the store: %s", sqlite3_errmsg(s->w->db));
}

static int64_t
time_or_none(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? -1
							      : sqlite3_column_int64(st, column);
}

static int
read_intervals(const struct search *s, sqlite3_stmt *st, struct intervals *all)
{
	int code;

	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct interval *i;

		if (all->n == all->room) {
			all->room = 2 * all->room + 16;
			all->list = mem_grow(all->list, all->room, sizeof(*all->list));
		}
		i = memset(&all->list[all->n++], 0, sizeof(*i));
		i->id = sqlite3_column_int64(st, 0);
		i->device = sqlite3_column_int64(st, 1);
		reader_column_text(st, 2, i->mac, sizeof(i->mac));
		reader_column_text(st, 3, i->port, sizeof(i->port));
		reader_column_text(st, 4, i->vlan, sizeof(i->vlan));
		(void)reader_column_addr(st, 5, &i->addr);
		i->start_after = time_or_none(st, 6);
		i->start_by = sqlite3_column_int64(st, 7);
		i->end_from = sqlite3_column_int64(st, 8);
		i->end_by = time_or_none(st, 9);
	}
	sqlite3_reset(st);
	return code == SQLITE_DONE ? 0 : failed(s);
}

/* --- which port ------------------------------------------------------------------------------- */

static int
look_at_port(const struct search *s, const struct interval *i, struct port_view *view)
{
	return ports_look(s->w->ports, i->device, i->port, i->start_by - 1,
	    i->end_by < 0 ? INT64_MAX : i->end_by - 1, view, s->err);
}

/* The end of the last poll with it is rounded up, its beginning down: within one poll they may
 * cross. */
static int64_t
surely_from(const struct interval *i)
{
	return i->start_by < i->end_from ? i->start_by : i->end_from;
}

static int64_t
maybe_from(const struct interval *i)
{
	return i->start_after >= 0 && i->start_after + 1 < surely_from(i) ? i->start_after + 1
									  : surely_from(i);
}

/* Both were there at one time, for certain. */
static bool
met(const struct interval *a, const struct interval *b)
{
	return surely_from(a) <= b->end_from && surely_from(b) <= a->end_from;
}

/* Both may have been there at one time. */
static bool
may_have_met(const struct interval *a, const struct interval *b)
{
	return (a->end_by < 0 || maybe_from(b) < a->end_by) &&
	       (b->end_by < 0 || maybe_from(a) < b->end_by);
}

static bool
is_nearer(const struct interval *a, const struct interval *b)
{
	if (a->view.uplink != b->view.uplink)
		return b->view.uplink;
	return a->view.crowd < b->view.crowd || (a->view.crowd == b->view.crowd && a->id < b->id);
}

/* The port that is farther from the station than `at`, at the same time; and the nearer one, if
 * any. */
static void
compare_ports(const struct intervals *all, const struct interval *at,
    const struct interval **nearer, const struct interval **farther)
{
	*nearer = *farther = NULL;
	for (size_t i = 0; i < all->n; i++) {
		const struct interval *other = &all->list[i];

		if (other == at || !met(other, at) ||
		    (other->device == at->device && strcmp(other->port, at->port) == 0))
			continue;
		*(is_nearer(other, at) ? nearer : farther) = other;
	}
}

/* --- stays ------------------------------------------------------------------------------------ */

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void
explain(struct stay *stay, const struct interval *at, const struct interval *farther)
{
	if (!farther)
		(void)snprintf(stay->why, sizeof(stay->why),
		    "the only port that heard the MAC, %u there", at->view.crowd);
	else
		(void)snprintf(stay->why, sizeof(stay->why), "%u heard there, %u at another port%s",
		    at->view.crowd, farther->view.crowd,
		    farther->view.uplink ? ", which leads to a device" : "");
}

static int
give(const struct search *s, const struct interval *a, const struct interval *at,
    const struct interval *farther)
{
	const struct interval *place = at ? at : a;
	struct port_view view = place->view;
	struct stay stay = { .addr = a->addr,
		.told_by = a->device,
		.device = place->device,
		.start_after = at ? later(a->start_after, at->start_after) : a->start_after,
		.start_by = at ? later(a->start_by, at->start_by) : a->start_by,
		.end_from = at ? earlier(a->end_from, at->end_from) : a->end_from,
		.end_by = at ? earlier(a->end_by, at->end_by) : a->end_by,
		.alone = at && at->view.crowd == 1 && !at->view.uplink };

	memcpy(stay.mac, a->mac, sizeof(stay.mac));
	memcpy(stay.port, place->port, sizeof(stay.port));
	memcpy(stay.vlan, place->vlan, sizeof(stay.vlan));
	if (at)
		explain(&stay, at, farther);
	else if (look_at_port(s, place, &view) < 0)
		return -1;
	else
		(void)snprintf(
		    stay.why, sizeof(stay.why), "no switch heard the MAC: where the router has it");
	(void)text_copy(text_of(view.name), stay.name, sizeof(stay.name));
	(void)text_copy(text_of(view.far_port), stay.far_port, sizeof(stay.far_port));
	return s->each(&stay, s->arg);
}

/* Both may have been there in the range: each of them was found so, their overlap need not be. */
static bool
in_range(const struct search *s, const struct interval *a, const struct interval *at)
{
	int64_t after = later(a->start_after, at->start_after), by = earlier(a->end_by, at->end_by);

	return after < s->w->range.to && (by < 0 || by > s->w->range.from);
}

static int
one_address(const struct search *s, const struct interval *a)
{
	struct intervals stations = { 0 };
	const struct interval *nearer, *farther;
	bool given = false;
	int rc;

	sqlite3_bind_text(s->w->stations, 3, a->mac, -1, SQLITE_STATIC);
	rc = read_intervals(s, s->w->stations, &stations);
	for (size_t i = 0; rc == 0 && i < stations.n; i++)
		rc = look_at_port(s, &stations.list[i], &stations.list[i].view);
	for (size_t i = 0; rc == 0 && i < stations.n; i++) {
		const struct interval *at = &stations.list[i];

		compare_ports(&stations, at, &nearer, &farther);
		if (nearer || !may_have_met(a, at) || !in_range(s, a, at))
			continue;
		given = true;
		rc = give(s, a, at, farther);
	}
	if (rc == 0 && !given)
		rc = give(s, a, NULL, NULL);
	free(stations.list);
	return rc;
}

static void
bind_range(const struct whereis *w, sqlite3_stmt *st)
{
	sqlite3_bind_int64(st, 1, w->range.to);
	sqlite3_bind_int64(st, 2, w->range.from);
}

static int
find_addresses(const struct search *s, const struct target *t, struct intervals *all)
{
	int rc = 0;

	for (size_t first = 0, n; rc == 0 && first < t->n; first += n) {
		char sql[8192], condition[TARGET_SLICE * 48] = "";
		sqlite3_stmt *st;

		n = target_condition(t, first, "p.addr", 3, condition, sizeof(condition));
		(void)snprintf(sql, sizeof(sql), addresses_sql, condition);
		if (sqlite3_prepare_v2(s->w->db, sql, -1, &st, NULL) != SQLITE_OK)
			return failed(s);
		bind_range(s->w, st);
		rc = target_bind(t, first, n, st, 3) == SQLITE_OK ? read_intervals(s, st, all)
								  : failed(s);
		sqlite3_finalize(st);
	}
	return rc;
}

int
whereis_ask(struct whereis *w, const struct target *target,
    int (*each)(const struct stay *stay, void *arg), void *arg, struct error *err)
{
	struct search s = { .w = w, .each = each, .arg = arg, .err = err };
	struct intervals all = { 0 };
	int rc = find_addresses(&s, target, &all);

	for (size_t i = 0; rc == 0 && i < all.n; i++)
		rc = one_address(&s, &all.list[i]);
	free(all.list);
	return rc;
}

struct whereis *
whereis_new(struct reader *r, const struct range *range, struct error *err)
{
	struct whereis *w = mem_alloc(1, sizeof(*w));

	w->db = reader_live(r);
	w->range = *range;
	w->ports = ports_new(r, range);
	if (sqlite3_prepare_v2(w->db, stations_sql, -1, &w->stations, NULL) == SQLITE_OK) {
		bind_range(w, w->stations);
		return w;
	}
	error_exit(err, EXIT_FAILED, "cannot read the store: %s", sqlite3_errmsg(w->db));
	whereis_free(w);
	return NULL;
}

void
whereis_free(struct whereis *w)
{
	if (!w)
		return;
	sqlite3_finalize(w->stations);
	ports_free(w->ports);
	free(w);
}
