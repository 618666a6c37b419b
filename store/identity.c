/* Presences into intervals: what is open is read, compared with what was seen, and only the
 * differences are written. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/internal.h"
#include "store/sql.h"

struct open_presence {
	struct presence s;
	int64_t id;
};

struct open_list {
	struct open_presence *list;
	size_t n, room;
};

static void
take_text(sqlite3_stmt *st, int column, char *out, size_t size)
{
	(void)text_copy(text_of((const char *)sqlite3_column_text(st, column)), out, size);
}

static void
add_open(struct open_list *l, sqlite3_stmt *st, int kind)
{
	struct open_presence *o;

	if (l->n == l->room) {
		l->room = 2 * l->room + 256;
		l->list = mem_grow(l->list, l->room, sizeof(*l->list));
	}
	o = memset(&l->list[l->n++], 0, sizeof(*o));
	o->id = sqlite3_column_int64(st, 0);
	o->s.kind = (uint8_t)kind;
	if (sqlite3_column_type(st, 1) != SQLITE_NULL)
		(void)sql_column_addr(st, 1, &o->s.addr);
	take_text(st, 2, o->s.mac, sizeof(o->s.mac));
	take_text(st, 3, o->s.port, sizeof(o->s.port));
	take_text(st, 4, o->s.vlan, sizeof(o->s.vlan));
	take_text(st, 5, o->s.name, sizeof(o->s.name));
	take_text(st, 6, o->s.far_port, sizeof(o->s.far_port));
}

static int
read_open(struct store *s, int64_t device, int kind, struct open_list *l, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_PRESENCE_OPEN];
	int code;

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int(st, 2, kind);
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		add_open(l, st, kind);
	sqlite3_reset(st);
	if (l->n > 0)
		qsort(l->list, l->n, sizeof(*l->list), presence_compare);
	return code == SQLITE_DONE ? 0 : sql_failed(s->db, "read", err);
}

/* When the kind was last read whole; 0: never. */
static int
read_last(struct store *s, int64_t device, int kind, int64_t *asked, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_PRESENCE_READ_READ];
	int code;

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int(st, 2, kind);
	code = sqlite3_step(st);
	*asked = code == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : sql_failed(s->db, "read", err);
}

static int
insert(struct store *s, int64_t device, const struct presence *new, int64_t after, int64_t by,
    struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_PRESENCE_INSERT];

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int(st, 2, new->kind);
	(void)sql_bind_addr(st, 3, &new->addr);
	sqlite3_bind_text(st, 4, new->mac, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, new->port, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, new->vlan, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 7, new->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 8, new->far_port, -1, SQLITE_STATIC);
	sql_bind_or_null(st, 9, after > 0, (uint64_t)after);
	sqlite3_bind_int64(st, 10, by);
	return sql_step_reset(st, "write", err);
}

static int
close_one(struct store *s, int64_t id, int64_t from, int64_t by, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_PRESENCE_CLOSE];

	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, from);
	sqlite3_bind_int64(st, 3, by);
	return sql_step_reset(st, "write", err);
}

static int
write_last(struct store *s, int64_t device, int kind, int64_t asked, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_PRESENCE_READ_WRITE];

	sqlite3_bind_int64(st, 1, device);
	sqlite3_bind_int(st, 2, kind);
	sqlite3_bind_int64(st, 3, asked);
	return sql_step_reset(st, "write", err);
}

/* Two sorted lists of one kind. */
static int
merge(struct store *s, int64_t device, const struct poll_report *r, const struct open_list *open,
    const struct presence *list, size_t n, bool whole, int64_t last, struct error *err)
{
	size_t i = 0, k = 0;
	int rc = 0;

	while (rc == 0 && (i < open->n || k < n)) {
		int order = i == open->n ? 1
			    : k == n     ? -1
					 : presence_compare(&open->list[i].s, &list[k]);

		if (order > 0)
			rc = insert(s, device, &list[k], last, r->answered, err);
		else if (order < 0 && whole)
			rc = close_one(s, open->list[i].id, last, r->answered, err);
		i += order <= 0;
		k += order >= 0;
	}
	return rc;
}

static int
merge_kind(struct store *s, int64_t device, const struct poll_report *r, int kind,
    const struct presence *list, size_t n, bool whole, struct error *err)
{
	struct open_list open = { 0 };
	int64_t last;
	int rc = read_last(s, device, kind, &last, err);

	if (rc == 0)
		rc = read_open(s, device, kind, &open, err);
	if (rc == 0)
		rc = merge(s, device, r, &open, list, n, whole, last, err);
	if (rc == 0 && whole)
		rc = write_last(s, device, kind, r->asked, err);
	free(open.list);
	return rc;
}

int
store_presences(struct store *s, int64_t device, const struct poll_report *report,
    const struct presence *list, size_t n, unsigned whole, struct error *err)
{
	size_t at = 0;

	if (store_writing(s, err) < 0)
		return -1;
	for (int kind = 0; kind < PRESENT_KINDS; kind++) {
		size_t begin = at;

		while (at < n && list[at].kind == kind)
			at++;
		if (at == begin && !(whole & 1u << kind))
			continue;
		if (merge_kind(s, device, report, kind, list + begin, at - begin,
			whole & 1u << kind, err) < 0)
			return store_result(s, -1);
	}
	return 0;
}
