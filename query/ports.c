#include "query/ports.h"

#include <string.h>
#include <uthash.h>

#include "base/arena.h"
#include "query/names.h"
#include "query/presence.h"

/* A presence at the port: when it may have been there. */
struct heard {
	int64_t from, by;
	char mac[PRESENT_MAC];
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

struct port {
	struct port_key key;
	struct heard *stations; /* by MAC */
	struct linked *links;   /* the latest first */
	size_t n_stations, n_links;
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
		     "AND p.kind = 1 AND p.device = ?3 AND p.port = ?4 ORDER BY p.mac";
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
		free(p->stations);
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
	struct heard *h;

	(void)ports, (void)err;
	if ((p->n_stations & (p->n_stations - 1)) == 0) /* grows when n is a power of two */
		p->stations = mem_grow(p->stations, 2 * p->n_stations + 1, sizeof(*p->stations));
	h = memset(&p->stations[p->n_stations++], 0, sizeof(*h));
	read_times(st, &h->from, &h->by);
	reader_column_text(st, 2, h->mac, sizeof(h->mac));
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
	return p;
}

int
ports_look(struct ports *ports, int64_t device, const char *name, int64_t from, int64_t to,
    struct port_view *view, struct error *err)
{
	const struct port *p = port_at(ports, device, name, err);
	const char *last = "";

	*view = (struct port_view){ .name = "", .far_port = "" };
	if (!p)
		return -1;
	for (size_t i = 0; i < p->n_stations; i++) {
		const struct heard *h = &p->stations[i];

		if (h->from > to || h->by <= from || strcmp(h->mac, last) == 0)
			continue;
		view->crowd++;
		last = h->mac;
	}
	for (size_t i = 0; i < p->n_links && !view->uplink; i++) {
		const struct linked *l = &p->links[i];

		if (l->from > to || l->by <= from || (view->name[0] && !l->polled))
			continue;
		*view = (struct port_view){ view->crowd, l->name, l->far_port, l->polled };
	}
	return 0;
}
