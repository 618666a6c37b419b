#include "query/ports.h"

#include <string.h>
#include <uthash.h>

#include "base/arena.h"
#include "query/names.h"
#include "query/presence.h"

/* A MAC that left the port and came back. */
struct gap {
	int64_t by, from;
};

struct linked {
	int64_t from, by;
	char name[PRESENT_WORD], far_port[PRESENT_WORD];
	bool polled;
};

/* Compared byte for byte: padding and unused bytes are zero. */
struct port_key {
	int64_t device;
	char name[PRESENT_WORD];
};

/* The intervals of a MAC are apart. How many MACs were heard between two times: the intervals that
 * had begun, less those that were over, less the gaps in between. */
struct port {
	struct port_key key;
	int64_t *from, *by; /* each in order */
	struct gap *gaps;
	struct linked *links; /* the latest first */
	size_t n, n_gaps, n_links;
	char last[PRESENT_MAC]; /* while it is read */
	UT_hash_handle hh;
};

struct ports {
	struct reader *reader;
	struct range range;
	struct names *names; /* NULL: no link was met yet */
	struct port *hash;
};

static const char
    stations_sql[] = "SELECT " PRESENCE_BEGAN ", p.end_by, p.mac " PRESENCE_FROM
		     "WHERE " PRESENCE_IN_RANGE
		     "AND p.kind = 1 AND p.device = ?3 AND p.port = ?4 ORDER BY p.mac, 1";
static const char
    links_sql[] = "SELECT " PRESENCE_BEGAN ", p.end_by, p.name, p.far_port " PRESENCE_FROM
		  "WHERE " PRESENCE_IN_RANGE
		  "AND p.kind = 2 AND p.device = ?3 AND p.port = ?4 ORDER BY p.start_by DESC";

struct ports *
ports_new(struct reader *r, const struct range *range)
{
	struct ports *ports = mem_alloc(1, sizeof(*ports));

	ports->reader = r;
	ports->range = *range;
	return ports;
}

void
ports_free(struct ports *ports)
{
	struct port *p, *next;

	if (!ports)
		return;
	HASH_ITER (hh, ports->hash, p, next) {
		HASH_DEL(ports->hash, p);
		free(p->from);
		free(p->by);
		free(p->gaps);
		free(p->links);
		free(p);
	}
	names_free(ports->names);
	free(ports);
}

static int
failed(const struct ports *ports, struct error *err)
{
	return error_exit(err, EXIT_FAILED, "cannot read the store: %s",
	    sqlite3_errmsg(reader_live(ports->reader)));
}

static void
read_times(sqlite3_stmt *st, int64_t *from, int64_t *by)
{
	*from = sqlite3_column_int64(st, 0);
	*by = sqlite3_column_type(st, 1) == SQLITE_NULL ? INT64_MAX : sqlite3_column_int64(st, 1);
}

static int
take_station(struct ports *ports, struct port *p, sqlite3_stmt *st, struct error *err)
{
	char mac[PRESENT_MAC];
	int64_t from, by;
	bool again;

	(void)ports, (void)err;
	read_times(st, &from, &by);
	reader_column_text(st, 2, mac, sizeof(mac));
	again = p->n > 0 && strcmp(mac, p->last) == 0;
	if (again && from <= p->by[p->n - 1]) {
		if (by > p->by[p->n - 1])
			p->by[p->n - 1] = by;
		return 0;
	}
	if (again) {
		p->gaps = mem_grow(p->gaps, p->n_gaps + 1, sizeof(*p->gaps));
		p->gaps[p->n_gaps++] = (struct gap){ p->by[p->n - 1], from };
	}
	if ((p->n & (p->n - 1)) == 0) { /* grows when n is a power of two */
		p->from = mem_grow(p->from, 2 * p->n + 1, sizeof(*p->from));
		p->by = mem_grow(p->by, 2 * p->n + 1, sizeof(*p->by));
	}
	memcpy(p->last, mac, sizeof(mac));
	p->from[p->n] = from;
	p->by[p->n++] = by;
	return 0;
}

static int
take_link(struct ports *ports, struct port *p, sqlite3_stmt *st, struct error *err)
{
	struct linked *l;

	if (!ports->names)
		ports->names = names_new(ports->reader, err);
	if (!ports->names)
		return -1;
	p->links = mem_grow(p->links, p->n_links + 1, sizeof(*p->links));
	l = memset(&p->links[p->n_links++], 0, sizeof(*l));
	read_times(st, &l->from, &l->by);
	reader_column_text(st, 2, l->name, sizeof(l->name));
	reader_column_text(st, 3, l->far_port, sizeof(l->far_port));
	l->polled = names_have(ports->names, l->name);
	return 0;
}

static int
read_port(struct ports *ports, struct port *p, const char *sql,
    int (*take)(struct ports *, struct port *, sqlite3_stmt *, struct error *), struct error *err)
{
	sqlite3_stmt *st;
	int code = SQLITE_ROW, rc = 0;

	if (sqlite3_prepare_v2(reader_live(ports->reader), sql, -1, &st, NULL) != SQLITE_OK)
		return failed(ports, err);
	sqlite3_bind_int64(st, 1, ports->range.to);
	sqlite3_bind_int64(st, 2, ports->range.from);
	sqlite3_bind_int64(st, 3, p->key.device);
	sqlite3_bind_text(st, 4, p->key.name, -1, SQLITE_STATIC);
	while (rc == 0 && (code = sqlite3_step(st)) == SQLITE_ROW)
		rc = take(ports, p, st, err);
	if (rc == 0 && code != SQLITE_DONE)
		rc = failed(ports, err);
	sqlite3_finalize(st);
	return rc;
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static struct port *
port_at(struct ports *ports, int64_t device, const char *name, struct error *err)
{
	struct port_key key;
	struct port *p;

	memset(&key, 0, sizeof(key));
	key.device = device;
	(void)text_copy(text_of(name), key.name, sizeof(key.name));
	HASH_FIND(hh, ports->hash, &key, sizeof(key), p);
	if (p)
		return p;
	p = mem_alloc(1, sizeof(*p));
	p->key = key;
	HASH_ADD(hh, ports->hash, key, sizeof(p->key), p);
	if (read_port(ports, p, stations_sql, take_station, err) < 0 ||
	    read_port(ports, p, links_sql, take_link, err) < 0)
		return NULL;
	if (p->n > 0) {
		qsort(p->from, p->n, sizeof(*p->from), by_time);
		qsort(p->by, p->n, sizeof(*p->by), by_time);
	}
	return p;
}

/* How many of the times are not after `time`. */
static size_t
until(const int64_t *times, size_t n, int64_t time)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (times[middle] <= time)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static unsigned
crowd(const struct port *p, int64_t from, int64_t to)
{
	size_t n = until(p->from, p->n, to) - until(p->by, p->n, from);

	for (size_t i = 0; i < p->n_gaps; i++)
		n -= p->gaps[i].by > from && p->gaps[i].from <= to;
	return (unsigned)n;
}

int
ports_look(struct ports *ports, int64_t device, const char *name, int64_t from, int64_t to,
    struct port_view *view, struct error *err)
{
	const struct port *p = port_at(ports, device, name, err);

	*view = (struct port_view){ .name = "", .far_port = "" };
	if (!p)
		return -1;
	view->crowd = crowd(p, from, to);
	for (size_t i = 0; i < p->n_links && !view->uplink; i++) {
		const struct linked *l = &p->links[i];

		if (l->from > to || l->by <= from || (view->name[0] && !l->polled))
			continue;
		*view = (struct port_view){ view->crowd, l->name, l->far_port, l->polled };
	}
	return 0;
}
