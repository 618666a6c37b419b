/* The file of a sealed day. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/functions.h"
#include "store/internal.h"
#include "store/pack.h"
#include "store/schema.h"
#include "store/seal.h"
#include "store/seal_shared.h"
#include "store/sql.h"

struct vantage {
	int64_t device, place, scope, initiator;
	uint64_t first;
	int64_t gap;
};

/* The key of a contact. */
struct contact {
	struct addr outside, inside;
	int64_t proto, port;
	size_t vantage; /* index */
};

struct builder {
	sqlite3 *in, *out;
	sqlite3_stmt *rows, *word, *put_contact, *put_attribute;
	struct sealed_day *sealed;
	struct vantage *vantages;
	size_t n_vantages;
	struct shared_set shared;
	struct contact contact; /* being packed */
	bool early;             /* a session of it was there before the day began */
	struct packer packer;
	bool packing;
	struct error *err;
};

/* --- opening ---------------------------------------------------------------------------------- */

#define ANSWERING "CASE s.initiator WHEN 2 THEN s.in_port ELSE s.out_port END"
#define OTHER     "CASE s.initiator WHEN 2 THEN s.out_port ELSE s.in_port END"
#define END_FROM  "max(c.asked, s.seen)"
#define OF_DAY                                                                                     \
	" FROM closed c CROSS JOIN roll_sessions(c.sessions) s "                                   \
	"WHERE c.id >= ?1 << 40 AND c.id < (?1 + 1) << 40"

/* The order of table contact, then of the sessions' numbers. */
static const char rows_sql
    [] = "SELECT s.outside, s.inside, s.proto, ifnull(" ANSWERING
	 ", -1), c.device, s.place, s.scope, "
	 "s.initiator, s.number, " OTHER
	 ", s.in_nat_port, s.out_nat_port, s.start_after, s.start_by, " END_FROM
	 ", c.end_by, c.complete - s.before, s.state, s.app, s.user, s.in_iface, s.out_iface, "
	 "s.in_nat, s.out_nat, s.bytes_out, s.bytes_in, s.bytes_total, s.packets_out, "
	 "s.packets_in" OF_DAY " ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9";

enum {
	R_OUTSIDE,
	R_INSIDE,
	R_PROTO,
	R_PORT,
	R_DEVICE,
	R_PLACE,
	R_SCOPE,
	R_INITIATOR,
	R_NUMBER,
	R_OTHER,
	R_IN_NAT_PORT,
	R_OUT_NAT_PORT,
	R_START_AFTER,
	R_START_BY,
	R_END_FROM,
	R_END_BY,
	R_POLLS,
	R_STATE,
	R_APP,
	R_USER,
	R_IN_IFACE,
	R_OUT_IFACE,
	R_IN_NAT,
	R_OUT_NAT,
	R_COUNTERS
};

static int
open_live(struct builder *b, const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	b->in = sql_open_read(path, b->err);
	if (!b->in)
		return -1;
	if (functions_register(b->in, NULL) != SQLITE_OK)
		return sql_failed(b->in, "read", b->err);
	/* The sorter keeps as much in memory as the cache may, and the rest in a temporary file. */
	if (sql_run(b->in, "PRAGMA cache_size = -65536; PRAGMA query_only = ON", "read", b->err) <
		0 ||
	    sql_prepare(b->in, "SELECT text FROM word WHERE id = ?1", &b->word, b->err) < 0)
		return -1;
	return sql_prepare(b->in, rows_sql, &b->rows, b->err);
}

/* Nobody reads the file before it has its name, so it needs neither journal nor syncs on the way.
 */
static int
create_file(struct builder *b, const char *path)
{
	static const char pragmas[] = "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;"
				      "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
				      "PRAGMA temp_store = FILE; PRAGMA cache_size = -16384;"
				      "BEGIN";
	char versions[96];

	snprintf(versions, sizeof(versions), "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    SCHEMA_DAY_ID, DAY_SCHEMA);
	if (unlink(path) < 0 && errno != ENOENT)
		return error_set(b->err, "cannot remove %s: %s", path, strerror(errno));
	if (sqlite3_open_v2(path, &b->out,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_PRIVATECACHE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		return sql_failed(b->out, "create", b->err);
	if (sql_run(b->out, pragmas, "write", b->err) < 0 ||
	    sql_run(b->out, versions, "write", b->err) < 0 ||
	    sql_run(b->out, schema_day, "write", b->err) < 0 ||
	    sql_prepare(b->out, "INSERT INTO contact VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		&b->put_contact, b->err) < 0)
		return -1;
	return sql_prepare(b->out, "INSERT INTO attribute VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	    &b->put_attribute, b->err);
}

static void
release(struct builder *b)
{
	sqlite3_finalize(b->rows);
	sqlite3_finalize(b->word);
	sqlite3_finalize(b->put_contact);
	sqlite3_finalize(b->put_attribute);
	sqlite3_close(b->in);
	sqlite3_close(b->out);
	packer_free(&b->packer);
	free(b->vantages);
	shared_free(&b->shared);
}

/* --- words, vantages, attributes -------------------------------------------------------------- */

/* Binds the text of a word of the live database. */
static void
bind_word(struct builder *b, sqlite3_stmt *st, int index, int64_t id)
{
	sqlite3_bind_int64(b->word, 1, id);
	if (sqlite3_step(b->word) == SQLITE_ROW)
		sqlite3_bind_text(st, index, (const char *)sqlite3_column_text(b->word, 0),
		    sqlite3_column_bytes(b->word, 0), SQLITE_TRANSIENT);
	else
		sqlite3_bind_text(st, index, "", 0, SQLITE_STATIC);
	sqlite3_reset(b->word);
}

static int
put_vantage(struct builder *b, sqlite3_stmt *put, sqlite3_stmt *from)
{
	struct vantage *v;

	b->vantages = mem_grow(b->vantages, b->n_vantages + 1, sizeof(*v));
	v = &b->vantages[b->n_vantages++];
	*v = (struct vantage){ sqlite3_column_int64(from, 0), sqlite3_column_int64(from, 1),
		sqlite3_column_int64(from, 2), sqlite3_column_int64(from, 3),
		(uint64_t)sqlite3_column_int64(from, 4), sqlite3_column_int64(from, 5) };
	sqlite3_bind_int64(put, 1, (int64_t)b->n_vantages);
	sqlite3_bind_int64(put, 2, v->device);
	bind_word(b, put, 3, v->place);
	sqlite3_bind_int64(put, 4, v->scope);
	sqlite3_bind_int64(put, 5, v->initiator);
	sqlite3_bind_int64(put, 6, (int64_t)v->first);
	sqlite3_bind_int64(put, 7, v->gap);
	return sql_step_reset(put, "write", b->err);
}

static int
put_vantages(struct builder *b, int64_t day)
{
	sqlite3_stmt *from = NULL, *put = NULL;
	int code = SQLITE_DONE, result;

	result = sql_prepare(b->in,
	    "SELECT c.device, s.place, s.scope, s.initiator, min(s.number), "
	    "CAST(avg(c.end_by - " END_FROM ") AS INTEGER)" OF_DAY " GROUP BY 1, 2, 3, 4 "
	    "ORDER BY 1, 2, 3, 4",
	    &from, b->err);
	if (result == 0)
		result = sql_prepare(b->out,
		    "INSERT INTO vantage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", &put, b->err);
	if (result == 0)
		sqlite3_bind_int64(from, 1, day);
	while (result == 0 && (code = sqlite3_step(from)) == SQLITE_ROW)
		result = put_vantage(b, put, from);
	if (result == 0 && code != SQLITE_DONE)
		result = sql_failed(b->in, "read", b->err);
	sqlite3_finalize(from);
	sqlite3_finalize(put);
	return result;
}

static int
compare_vantage(const void *a, const void *b)
{
	const struct vantage *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	return (x->initiator > y->initiator) - (x->initiator < y->initiator);
}

static int
put_attribute(struct builder *b, uint32_t id, const struct shared *s)
{
	sqlite3_stmt *st = b->put_attribute;
	const uint32_t words[] = { s->state, s->app, s->user, s->in_iface, s->out_iface };

	sqlite3_bind_int64(st, 1, id);
	for (int i = 0; i < 5; i++)
		bind_word(b, st, 2 + i, words[i]);
	sql_bind_addr(st, 7, &s->in_nat);
	sql_bind_addr(st, 8, &s->out_nat);
	return sql_step_reset(st, "write", b->err);
}

/* The id of what the row at hand shares with others, or 0 with err. */
static uint32_t
attribute_of_row(struct builder *b)
{
	struct shared s;
	uint32_t id;
	bool added;

	memset(&s, 0, sizeof(s)); /* padding too: compared as bytes */
	s.state = (uint32_t)sqlite3_column_int64(b->rows, R_STATE);
	s.app = (uint32_t)sqlite3_column_int64(b->rows, R_APP);
	s.user = (uint32_t)sqlite3_column_int64(b->rows, R_USER);
	s.in_iface = (uint32_t)sqlite3_column_int64(b->rows, R_IN_IFACE);
	s.out_iface = (uint32_t)sqlite3_column_int64(b->rows, R_OUT_IFACE);
	sql_column_addr(b->rows, R_IN_NAT, &s.in_nat);
	sql_column_addr(b->rows, R_OUT_NAT, &s.out_nat);
	id = shared_id(&b->shared, &s, &added);
	return added && put_attribute(b, id, &s) < 0 ? 0 : id;
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool
read_contact(struct builder *b, struct contact *c)
{
	const struct vantage key = { sqlite3_column_int64(b->rows, R_DEVICE),
		sqlite3_column_int64(b->rows, R_PLACE), sqlite3_column_int64(b->rows, R_SCOPE),
		sqlite3_column_int64(b->rows, R_INITIATOR), 0, 0 };
	const struct vantage *found = bsearch(
	    &key, b->vantages, b->n_vantages, sizeof(key), compare_vantage);

	memset(c, 0, sizeof(*c)); /* padding too: compared as bytes */
	c->proto = sqlite3_column_int64(b->rows, R_PROTO);
	c->port = sqlite3_column_int64(b->rows, R_PORT);
	c->vantage = found ? (size_t)(found - b->vantages) : 0;
	return found && sql_column_addr(b->rows, R_OUTSIDE, &c->outside) &&
	       sql_column_addr(b->rows, R_INSIDE, &c->inside);
}

static bool
has(const struct builder *b, int column)
{
	return sqlite3_column_type(b->rows, column) != SQLITE_NULL;
}

static void
read_session(const struct builder *b, struct packed_session *s)
{
	*s = (struct packed_session){
		.number = (uint64_t)sqlite3_column_int64(b->rows, R_NUMBER),
		.flags = (uint8_t)((has(b, R_OTHER) ? PACK_OTHER : 0) |
				   (has(b, R_IN_NAT_PORT) ? PACK_IN_NAT_PORT : 0) |
				   (has(b, R_OUT_NAT_PORT) ? PACK_OUT_NAT_PORT : 0) |
				   (has(b, R_START_AFTER) ? PACK_START_AFTER : 0)),
		.other = (uint16_t)sqlite3_column_int(b->rows, R_OTHER),
		.in_nat_port = (uint16_t)sqlite3_column_int(b->rows, R_IN_NAT_PORT),
		.out_nat_port = (uint16_t)sqlite3_column_int(b->rows, R_OUT_NAT_PORT),
		.start_after = sqlite3_column_int64(b->rows, R_START_AFTER),
		.start_by = sqlite3_column_int64(b->rows, R_START_BY),
		.end_from = sqlite3_column_int64(b->rows, R_END_FROM),
		.end_by = sqlite3_column_int64(b->rows, R_END_BY),
		.polls = (uint64_t)sqlite3_column_int64(b->rows, R_POLLS),
	};
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (!has(b, R_COUNTERS + i))
			continue;
		s->has |= (uint8_t)(1 << i);
		s->counters[i] = (uint64_t)sqlite3_column_int64(b->rows, R_COUNTERS + i);
	}
}

/* The first second at which a session may have been there, as questions have it: it was seen when
 * the poll asked, though only its answer bounds the start. */
static int64_t
earliest(const struct packed_session *s)
{
	int64_t start = s->flags & PACK_START_AFTER ? s->start_after + 1 : s->start_by;

	return start < s->end_from ? start : s->end_from;
}

static void
note_bounds(struct sealed_day *d, const struct packed_session *s)
{
	int64_t start = earliest(s);

	if (d->sessions++ == 0) {
		d->start_min = d->start_max = start;
		d->end_min = d->end_max = s->end_by;
		return;
	}
	d->start_min = start < d->start_min ? start : d->start_min;
	d->start_max = start > d->start_max ? start : d->start_max;
	d->end_min = s->end_by < d->end_min ? s->end_by : d->end_min;
	d->end_max = s->end_by > d->end_max ? s->end_by : d->end_max;
}

static int
flush_contact(struct builder *b)
{
	sqlite3_stmt *st = b->put_contact;
	const uint8_t *packed;
	size_t size;

	if (!b->packing)
		return 0;
	packed = packer_end(&b->packer, &size);
	sql_bind_addr(st, 1, &b->contact.outside);
	sql_bind_addr(st, 2, &b->contact.inside);
	sqlite3_bind_int64(st, 3, b->contact.proto);
	sqlite3_bind_int64(st, 4, b->contact.port);
	sqlite3_bind_int64(st, 5, (int64_t)b->contact.vantage + 1);
	sqlite3_bind_int64(st, 6, b->early);
	sqlite3_bind_blob64(st, 7, packed, size, SQLITE_STATIC);
	b->sealed->contacts++;
	return sql_step_reset(st, "write", b->err);
}

static int
put_row(struct builder *b)
{
	struct contact c;
	struct packed_session s;

	if (!read_contact(b, &c))
		return error_set(b->err,
		    "%s: a closed session is damaged; restore it from a backup",
		    sqlite3_db_filename(b->in, "main"));
	if (!b->packing || memcmp(&c, &b->contact, sizeof(c)) != 0) {
		const struct vantage *v = &b->vantages[c.vantage];
		const struct pack_base base = { b->sealed->day * CLOCK_DAY, v->first, v->gap };
		if (flush_contact(b) < 0)
			return -1;
		b->contact = c;
		b->packing = true;
		b->early = false;
		packer_begin(&b->packer, &base);
	}
	read_session(b, &s);
	s.attribute = attribute_of_row(b);
	if (s.attribute == 0)
		return -1;
	packer_add(&b->packer, &s);
	b->early |= earliest(&s) < b->sealed->day * CLOCK_DAY;
	note_bounds(b->sealed, &s);
	return 0;
}

static int
put_rows(struct builder *b, int64_t day)
{
	int code;

	sqlite3_bind_int64(b->rows, 1, day);
	while ((code = sqlite3_step(b->rows)) == SQLITE_ROW) {
		if (put_row(b) < 0)
			return -1;
	}
	if (code != SQLITE_DONE)
		return sql_failed(b->in, "read", b->err);
	return flush_contact(b);
}

static int
put_devices(struct builder *b)
{
	sqlite3_stmt *from = NULL, *put = NULL;
	int code = SQLITE_DONE, result;

	result = sql_prepare(b->in, "SELECT name FROM device WHERE id = ?1", &from, b->err);
	if (result == 0)
		result = sql_prepare(
		    b->out, "INSERT OR IGNORE INTO device VALUES (?1, ?2)", &put, b->err);
	for (size_t i = 0; i < b->n_vantages && result == 0; i++) {
		sqlite3_bind_int64(from, 1, b->vantages[i].device);
		code = sqlite3_step(from);
		sqlite3_bind_int64(put, 1, b->vantages[i].device);
		sqlite3_bind_text(put, 2,
		    code == SQLITE_ROW ? (const char *)sqlite3_column_text(from, 0) : "?", -1,
		    SQLITE_TRANSIENT);
		sqlite3_reset(from);
		result = sql_step_reset(put, "write", b->err);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(put);
	return result;
}

static int
fill(struct builder *b, int64_t day)
{
	char seal[96];

	snprintf(seal, sizeof(seal), "INSERT INTO seal VALUES (%lld, %lld)", (long long)day,
	    (long long)day * CLOCK_DAY);
	/* One snapshot for all that is read. */
	if (sql_run(b->in, "BEGIN", "read", b->err) < 0 ||
	    sql_run(b->out, seal, "write", b->err) < 0 || put_vantages(b, day) < 0 ||
	    put_devices(b) < 0 || put_rows(b, day) < 0)
		return -1;
	seal_step("filled");
	/* Sorted once, now: kept up to date row by row it would cost eight times as much. */
	return sql_run(b->out,
	    "CREATE INDEX contact_inside ON contact (inside); "
	    "CREATE INDEX contact_early ON contact (outside) WHERE early = 1; COMMIT; "
	    "PRAGMA locking_mode = NORMAL",
	    "write", b->err);
}

/* --- the file --------------------------------------------------------------------------------- */

static int
name_file(const char *dir, int64_t day, const char *temporary, struct error *err)
{
	char path[SEAL_PATH], days[SEAL_PATH];

	seal_path(dir, day, "", path);
	snprintf(days, sizeof(days), "%s/days", dir);
	if (rename(temporary, path) < 0)
		return error_set(err, "cannot rename %s: %s", temporary, strerror(errno));
	seal_step("renamed");
	return folder_sync(days, err);
}

int
seal_build(const char *dir, int64_t day, struct sealed_day *sealed, struct error *err)
{
	struct builder b = { .sealed = sealed, .err = err };
	char temporary[SEAL_PATH];
	int result;

	*sealed = (struct sealed_day){ .day = day };
	seal_path(dir, day, ".tmp", temporary);
	result = open_live(&b, dir);
	if (result == 0)
		result = create_file(&b, temporary);
	seal_step("created");
	if (result == 0)
		result = fill(&b, day);
	release(&b);
	seal_step("written");
	if (result == 0)
		result = chmod(temporary, 0400) < 0
			     ? error_set(err, "cannot change the mode of %s: %s", temporary,
				   strerror(errno))
			     : folder_sync_file(temporary, &sealed->bytes, sealed->sha256, err);
	seal_step("synced");
	if (result == 0)
		result = name_file(dir, day, temporary, err);
	if (result < 0)
		unlink(temporary);
	return result;
}
