#include "query/whereis.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* A row of the table presence, its end filled in. */
struct interval {
	int64_t id, device;
	char mac[PRESENT_MAC], port[PRESENT_WORD], vlan[PRESENT_WORD];
	struct addr addr;
	int64_t start_after, start_by, end_from, end_by; /* -1: none */
	unsigned crowd; /* of a station: how many are heard on that port */
	bool uplink;    /* ... and whether it leads to another device of the store */
};

struct intervals {
	struct interval *list;
	size_t n, room;
};

struct search {
	sqlite3 *db;
	const struct range *range;
	int (*each)(const struct stay *stay, void *arg);
	void *arg;
	struct error *err;
	sqlite3_stmt *stations, *crowd, *link;
};

/* An open presence was there when its kind was last read whole; one that came since, when it came.
 */
#define SEEN                                                                                       \
	"coalesce(p.end_from, CASE WHEN r.asked > ifnull(p.start_after, -1) THEN r.asked "         \
	"ELSE p.start_by END)"
#define INTERVAL                                                                                   \
	"p.id, p.device, p.mac, p.port, p.vlan, p.addr, p.start_after, p.start_by, " SEEN ", "     \
	"p.end_by FROM presence p LEFT JOIN presence_read r "                                      \
	"ON r.device = p.device AND r.kind = p.kind "                                              \
	"WHERE min(coalesce(p.start_after + 1, p.start_by), " SEEN ") <= ?1 "                      \
	"AND (p.end_by IS NULL OR p.end_by > ?2) "

static const char addresses_sql[] = "SELECT " INTERVAL
				    "AND p.kind = 0 AND %s ORDER BY p.addr, p.start_by";
static const char stations_sql[] = "SELECT " INTERVAL
				   "AND p.kind = 1 AND p.mac = ?3 ORDER BY p.start_by, p.id";
/* Behind that port at any time of an interval. */
static const char crowd_sql[] =
    "SELECT count(DISTINCT mac) FROM presence WHERE device = ?1 AND port = ?2 AND kind = 1 AND "
    "coalesce(start_after + 1, start_by) <= ?3 AND (end_by IS NULL OR end_by > ?4)";
static const char
    link_sql[] = "SELECT name, far_port, EXISTS (SELECT 1 FROM device WHERE device.name = "
		 "presence.name) AS known "
		 "FROM presence WHERE device = ?1 AND port = ?2 AND kind = 2 AND "
		 "coalesce(start_after + 1, start_by) <= ?3 AND (end_by IS NULL OR end_by > ?4) "
		 "ORDER BY known DESC, start_by DESC LIMIT 1";

static int
failed(const struct search *s)
{
	return error_exit(s->err, EXIT_FAILED, "cannot read the store: %s", sqlite3_errmsg(s->db));
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

static void
bind_port(sqlite3_stmt *st, const struct interval *i)
{
	sqlite3_bind_int64(st, 1, i->device);
	sqlite3_bind_text(st, 2, i->port, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, i->end_by < 0 ? INT64_MAX : i->end_by - 1);
	sqlite3_bind_int64(st, 4, i->start_by - 1);
}

static int
look_at_port(const struct search *s, struct interval *i)
{
	int code;

	bind_port(s->crowd, i);
	code = sqlite3_step(s->crowd);
	i->crowd = code == SQLITE_ROW ? (unsigned)sqlite3_column_int(s->crowd, 0) : 0;
	sqlite3_reset(s->crowd);
	if (code != SQLITE_ROW)
		return failed(s);
	bind_port(s->link, i);
	code = sqlite3_step(s->link);
	i->uplink = code == SQLITE_ROW && sqlite3_column_int(s->link, 2) != 0;
	sqlite3_reset(s->link);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : failed(s);
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
	if (a->uplink != b->uplink)
		return b->uplink;
	return a->crowd < b->crowd || (a->crowd == b->crowd && a->id < b->id);
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
		    "the only port that heard the MAC, %u there", at->crowd);
	else
		(void)snprintf(stay->why, sizeof(stay->why), "%u heard there, %u at another port%s",
		    at->crowd, farther->crowd, farther->uplink ? ", which leads to a device" : "");
}

static int
give(const struct search *s, const struct interval *a, const struct interval *at,
    const struct interval *farther)
{
	const struct interval *place = at ? at : a;
	struct stay stay = { .addr = a->addr,
		.told_by = a->device,
		.device = place->device,
		.start_after = at ? later(a->start_after, at->start_after) : a->start_after,
		.start_by = at ? later(a->start_by, at->start_by) : a->start_by,
		.end_from = at ? earlier(a->end_from, at->end_from) : a->end_from,
		.end_by = at ? earlier(a->end_by, at->end_by) : a->end_by };

	memcpy(stay.mac, a->mac, sizeof(stay.mac));
	memcpy(stay.port, place->port, sizeof(stay.port));
	memcpy(stay.vlan, place->vlan, sizeof(stay.vlan));
	if (at)
		explain(&stay, at, farther);
	else
		(void)snprintf(
		    stay.why, sizeof(stay.why), "no switch heard the MAC: where the router has it");
	bind_port(s->link, place);
	if (sqlite3_step(s->link) == SQLITE_ROW) {
		reader_column_text(s->link, 0, stay.name, sizeof(stay.name));
		reader_column_text(s->link, 1, stay.far_port, sizeof(stay.far_port));
	}
	sqlite3_reset(s->link);
	return s->each(&stay, s->arg);
}

/* Both may have been there in the range: each of them was found so, their overlap need not be. */
static bool
in_range(const struct search *s, const struct interval *a, const struct interval *at)
{
	int64_t after = later(a->start_after, at->start_after), by = earlier(a->end_by, at->end_by);

	return after < s->range->to && (by < 0 || by > s->range->from);
}

static int
one_address(const struct search *s, const struct interval *a)
{
	struct intervals stations = { 0 };
	const struct interval *nearer, *farther;
	bool given = false;
	int rc;

	sqlite3_bind_int64(s->stations, 1, s->range->to);
	sqlite3_bind_int64(s->stations, 2, s->range->from);
	sqlite3_bind_text(s->stations, 3, a->mac, -1, SQLITE_STATIC);
	rc = read_intervals(s, s->stations, &stations);
	for (size_t i = 0; rc == 0 && i < stations.n; i++)
		rc = look_at_port(s, &stations.list[i]);
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

static int
find_addresses(const struct search *s, const struct target *t, struct intervals *all)
{
	int rc = 0;

	for (size_t first = 0, n; rc == 0 && first < t->n; first += n) {
		char sql[8192], condition[TARGET_SLICE * 48] = "";
		sqlite3_stmt *st;

		n = target_condition(t, first, "p.addr", 3, condition, sizeof(condition));
		(void)snprintf(sql, sizeof(sql), addresses_sql, condition);
		if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
			return failed(s);
		sqlite3_bind_int64(st, 1, s->range->to);
		sqlite3_bind_int64(st, 2, s->range->from);
		rc = target_bind(t, first, n, st, 3) == SQLITE_OK ? read_intervals(s, st, all)
								  : failed(s);
		sqlite3_finalize(st);
	}
	return rc;
}

int
whereis(struct reader *r, const struct target *target, const struct range *range,
    int (*each)(const struct stay *stay, void *arg), void *arg, struct error *err)
{
	struct search s = {
		.db = reader_live(r), .range = range, .each = each, .arg = arg, .err = err
	};
	struct intervals all = { 0 };
	int rc = -1;

	if (sqlite3_prepare_v2(s.db, stations_sql, -1, &s.stations, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(s.db, crowd_sql, -1, &s.crowd, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(s.db, link_sql, -1, &s.link, NULL) != SQLITE_OK)
		rc = failed(&s);
	else
		rc = find_addresses(&s, target, &all);
	for (size_t i = 0; rc == 0 && i < all.n; i++)
		rc = one_address(&s, &all.list[i]);
	sqlite3_finalize(s.stations);
	sqlite3_finalize(s.crowd);
	sqlite3_finalize(s.link);
	free(all.list);
	return rc;
}
