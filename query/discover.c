#include "query/discover.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/prefix.h"
#include "query/names.h"
#include "query/presence.h"

static const char
    neighbours_sql[] = "SELECT p.name, p.far_port, p.device, p.port " PRESENCE_FROM
		       "WHERE " PRESENCE_IN_RANGE
		       "AND p.kind = 2 AND p.name <> '' GROUP BY p.name, p.device, p.port "
		       "ORDER BY p.name, p.device, p.port";

static const char addresses_sql[] = "SELECT DISTINCT p.addr, p.device, p.port " PRESENCE_FROM
				    "WHERE " PRESENCE_IN_RANGE
				    "AND p.kind = 0 ORDER BY p.device, p.port, p.addr";

static const char own_sql[] = "SELECT p.addr, p.name, NULL " PRESENCE_FROM
			      "WHERE " PRESENCE_IN_RANGE
			      "AND p.kind = 3 UNION ALL SELECT NULL, '', d.host FROM device d "
			      "WHERE NOT EXISTS (SELECT 1 " PRESENCE_FROM "WHERE " PRESENCE_IN_RANGE
			      "AND p.device = d.id AND p.kind = 3)";

struct networks {
	struct discovery *list;
	size_t n, room;
};

struct search {
	sqlite3 *db;
	const struct range *range;
	struct error *err;
};

static int
failed(const struct search *s)
{
	return error_exit(s->err, EXIT_FAILED, "cannot read the store: %s", sqlite3_errmsg(s->db));
}

static sqlite3_stmt *
prepare(const struct search *s, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK) {
		(void)failed(s);
		return NULL;
	}
	sqlite3_bind_int64(st, 1, s->range->to);
	sqlite3_bind_int64(st, 2, s->range->from);
	return st;
}

static int
neighbours(const struct search *s, const struct names *polled,
    int (*each)(const struct discovery *d, void *arg), void *arg)
{
	sqlite3_stmt *st = prepare(s, neighbours_sql);
	int code = SQLITE_DONE, rc = 0;

	if (!st)
		return -1;
	while (rc == 0 && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct discovery d = { .kind = DISCOVERY_NEIGHBOUR,
			.told_by = sqlite3_column_int64(st, 2) };

		reader_column_text(st, 0, d.name, sizeof(d.name));
		reader_column_text(st, 1, d.far_port, sizeof(d.far_port));
		reader_column_text(st, 3, d.port, sizeof(d.port));
		if (!names_have(polled, d.name))
			rc = each(&d, arg);
	}
	if (rc == 0 && code != SQLITE_DONE)
		rc = failed(s);
	sqlite3_finalize(st);
	return rc;
}

/* --- networks --------------------------------------------------------------------------------- */

static struct addr
network_of(const struct addr *a, unsigned *bits)
{
	struct addr net = *a;

	*bits = a->family == 4 ? 24 : 64;
	memset(net.bytes + *bits / 8, 0, sizeof(net.bytes) - *bits / 8);
	return net;
}

static void
cover(struct prefix_set *covered, const struct addr *a, const char *network)
{
	struct prefix p;
	unsigned bits;

	if (prefix_parse(text_of(network), &p, NULL, 0) < 0) {
		p.addr = network_of(a, &bits);
		p.length = (uint8_t)bits;
	}
	if (p.length > 0) /* everything is nobody's network */
		prefix_set_add(covered, &p, true);
}

/* The networks that devices of the store stand in: their own word, or what is around the address
 * that they are polled at. */
static int
read_covered(const struct search *s, struct prefix_set *covered)
{
	sqlite3_stmt *st = prepare(s, own_sql);
	int code;

	if (!st)
		return -1;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		char host[256], network[PRESENT_WORD];
		struct addr a;

		reader_column_text(st, 1, network, sizeof(network));
		reader_column_text(st, 2, host, sizeof(host));
		if (reader_column_addr(st, 0, &a) || addr_parse(text_of(host), &a))
			cover(covered, &a, network);
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : failed(s);
}

static void
count(struct networks *all, const struct addr *a, int64_t device, const char *port)
{
	struct discovery d = { .kind = DISCOVERY_NETWORK, .told_by = device, .hosts = 1 };
	struct discovery *last = all->n > 0 ? &all->list[all->n - 1] : NULL;

	if (addr_is_special(a))
		return;
	d.net = network_of(a, &d.bits);
	(void)text_copy(text_of(port), d.port, sizeof(d.port));
	if (last && last->told_by == device && addr_equal(&last->net, &d.net) &&
	    strcmp(last->port, d.port) == 0) {
		last->hosts++;
		return;
	}
	if (all->n == all->room) {
		all->room = 2 * all->room + 16;
		all->list = mem_grow(all->list, all->room, sizeof(*all->list));
	}
	all->list[all->n++] = d;
}

static int
read_networks(const struct search *s, const struct prefix_set *covered, struct networks *all)
{
	sqlite3_stmt *st = prepare(s, addresses_sql);
	int code;

	if (!st)
		return -1;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		char port[PRESENT_WORD];
		struct addr a;

		reader_column_text(st, 2, port, sizeof(port));
		if (reader_column_addr(st, 0, &a) && !prefix_set_holds(covered, &a))
			count(all, &a, sqlite3_column_int64(st, 1), port);
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : failed(s);
}

int
discover(struct reader *r, const struct range *range,
    int (*each)(const struct discovery *d, void *arg), void *arg, struct error *err)
{
	struct search s = { reader_live(r), range, err };
	struct networks all = { 0 };
	struct prefix_set covered = { 0 };
	struct names *polled = names_new(r, err);
	int rc = polled ? neighbours(&s, polled, each, arg) : -1;

	names_free(polled);
	if (rc == 0)
		rc = read_covered(&s, &covered);
	if (rc == 0)
		rc = read_networks(&s, &covered, &all);
	prefix_set_free(&covered);
	for (size_t i = 0; rc == 0 && i < all.n; i++)
		rc = each(&all.list[i], arg);
	free(all.list);
	return rc;
}
