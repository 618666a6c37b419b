/* The open sets in memory: read at a device's first poll, changed on a copy, kept on commit. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/internal.h"
#include "store/sql.h"

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t
mix_addr(uint64_t hash, const struct addr *a)
{
	uint64_t half[2];

	memcpy(half, a->bytes, sizeof(half));
	return mix(mix(mix(hash, a->family), half[0]), half[1]);
}

uint64_t
attributes_hash(const struct attributes *a)
{
	uint64_t hash = 1;

	hash = mix_addr(hash, &a->in_nat);
	hash = mix_addr(hash, &a->out_nat);
	hash = mix(hash, (uint64_t)a->in_nat_port << 32 | (uint64_t)a->out_nat_port << 16 |
			     (uint64_t)a->initiator << 8 | (uint64_t)a->has_in_nat_port << 1 |
			     a->has_out_nat_port);
	hash = mix(hash, (uint64_t)a->app << 32 | a->user);
	return mix(hash, (uint64_t)a->in_iface << 32 | a->out_iface);
}

/* --- reading a set ---------------------------------------------------------------------------- */

/* Columns of ST_OPEN_LOAD. */
enum {
	O_ID,
	O_OUTSIDE,
	O_INSIDE,
	O_PROTO,
	O_IN_PORT,
	O_OUT_PORT,
	O_SCOPE,
	O_INITIATOR,
	O_PLACE,
	O_IN_NAT,
	O_IN_NAT_PORT,
	O_OUT_NAT,
	O_OUT_NAT_PORT,
	O_APP,
	O_USER,
	O_IN_IFACE,
	O_OUT_IFACE,
	O_START_AFTER,
	O_START_BY,
	O_SEEN,
	O_BEFORE,
	O_STATE,
	O_COUNTERS
};

static void
read_attributes(sqlite3_stmt *st, struct attributes *a)
{
	*a = (struct attributes){
		.has_in_nat_port = sqlite3_column_type(st, O_IN_NAT_PORT) != SQLITE_NULL,
		.has_out_nat_port = sqlite3_column_type(st, O_OUT_NAT_PORT) != SQLITE_NULL,
		.in_nat_port = (uint16_t)sqlite3_column_int(st, O_IN_NAT_PORT),
		.out_nat_port = (uint16_t)sqlite3_column_int(st, O_OUT_NAT_PORT),
		.initiator = (uint8_t)sqlite3_column_int(st, O_INITIATOR),
		.app = (uint32_t)sqlite3_column_int64(st, O_APP),
		.user = (uint32_t)sqlite3_column_int64(st, O_USER),
		.in_iface = (uint32_t)sqlite3_column_int64(st, O_IN_IFACE),
		.out_iface = (uint32_t)sqlite3_column_int64(st, O_OUT_IFACE),
	};
	sql_column_addr(st, O_IN_NAT, &a->in_nat);
	sql_column_addr(st, O_OUT_NAT, &a->out_nat);
}

static bool
read_session(const struct store *s, sqlite3_stmt *st, struct open_session *o)
{
	struct attributes a;
	struct addr inside = { 0 }, outside = { 0 };
	int after = sqlite3_column_type(st, O_START_AFTER) == SQLITE_NULL ? O_START_BY
									  : O_START_AFTER;

	if (!sql_column_addr(st, O_INSIDE, &inside) || !sql_column_addr(st, O_OUTSIDE, &outside))
		return false;
	read_attributes(st, &a);
	*o = (struct open_session){
		.key = { .inside = inside,
		    .outside = outside,
		    .in_port = (uint16_t)sqlite3_column_int(st, O_IN_PORT),
		    .out_port = (uint16_t)sqlite3_column_int(st, O_OUT_PORT),
		    .proto = (uint16_t)sqlite3_column_int(st, O_PROTO),
		    .scope = (uint8_t)sqlite3_column_int(st, O_SCOPE),
		    .place = text_hash(
			lexicon_text(&s->words, sqlite3_column_int64(st, O_PLACE))) },
		.number = (uint64_t)sqlite3_column_int64(st, O_ID) &
			  ((UINT64_C(1) << SESSION_BITS) - 1),
		.before = (uint64_t)sqlite3_column_int64(st, O_BEFORE),
		.attributes = attributes_hash(&a),
		.begin = sqlite3_column_int64(st, after),
		.seen = sqlite3_column_int64(st, O_SEEN),
		.state = (uint32_t)sqlite3_column_int64(st, O_STATE),
	};
	for (int i = 0; i < COUNTER_COUNT; i++) {
		if (sqlite3_column_type(st, O_COUNTERS + i) == SQLITE_NULL)
			continue;
		o->has |= (uint8_t)(1 << i);
		o->counters[i] = (uint64_t)sqlite3_column_int64(st, O_COUNTERS + i);
	}
	return true;
}

static int
compare_number(const void *a, const void *b)
{
	const struct open_session *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

static int
compare_key(const void *a, const void *b)
{
	const struct open_session *x = a, *y = b;
	return session_key_compare(&x->key, &y->key);
}

/* Puts the device's last words over what the rows say. The rows are in order of their numbers. */
static bool
apply_words(struct open_set *set, const uint8_t *at, size_t size)
{
	const uint8_t *end = size ? at + size : at;
	struct lastword w;

	while (at < end) {
		struct open_session key, *o;
		if (!lastword_take(&at, end, &w))
			return false;
		key.number = w.number;
		o = set->n ? bsearch(&key, set->sessions, set->n, sizeof(key), compare_number)
			   : NULL;
		if (!o)
			continue; /* closed since */
		o->changed = true;
		o->state = w.state;
		o->has = w.has;
		memcpy(o->counters, w.counters, sizeof(o->counters));
		if (w.seen > o->seen)
			o->seen = w.seen;
	}
	return true;
}

static int
load_sessions(struct store *s, struct device_state *d, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_OPEN_LOAD];
	size_t capacity = 0;
	int code;

	sqlite3_bind_int64(st, 1, d->id << SESSION_BITS);
	sqlite3_bind_int64(st, 2, (d->id + 1) << SESSION_BITS);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if (d->now.n == capacity) {
			capacity = capacity ? 2 * capacity : 256;
			d->now.sessions = mem_grow(
			    d->now.sessions, capacity, sizeof(*d->now.sessions));
		}
		if (!read_session(s, st, &d->now.sessions[d->now.n++])) {
			sqlite3_reset(st);
			return error_set(err, "%s/gatebook.db: a session of device %lld is damaged",
			    s->dir, (long long)d->id);
		}
	}
	sqlite3_reset(st);
	return code == SQLITE_DONE ? 0 : sql_failed(s->db, "read", err);
}

static int
load_words(struct store *s, struct device_state *d, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_WORDS_READ];
	bool whole = true;
	int code;

	sqlite3_bind_int64(st, 1, d->id);
	code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		whole = apply_words(
		    &d->now, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
	sqlite3_reset(st);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return sql_failed(s->db, "read", err);
	if (!whole)
		return error_set(err, "%s/gatebook.db: last_word of device %lld is damaged", s->dir,
		    (long long)d->id);
	return 0;
}

static int
load_state(struct store *s, struct device_state *d, struct error *err)
{
	sqlite3_stmt *st = s->statements[ST_DEVICE_STATE], *last = s->statements[ST_POLL_LAST];
	int found;

	sqlite3_bind_int64(st, 1, d->id);
	found = sqlite3_step(st);
	if (found == SQLITE_ROW) {
		d->now.complete = (uint64_t)sqlite3_column_int64(st, 0);
		d->now.asked = sqlite3_column_int64(st, 1);
		d->now.numbers = (uint64_t)sqlite3_column_int64(st, 2);
	}
	sqlite3_reset(st);
	if (found == SQLITE_DONE)
		return error_set(
		    err, "the store %s knows no device %lld", s->dir, (long long)d->id);
	sqlite3_bind_int64(last, 1, d->id);
	d->now.last_asked = d->now.asked;
	if (found == SQLITE_ROW && (found = sqlite3_step(last)) == SQLITE_ROW) {
		d->now.last_started = sqlite3_column_int64(last, 0);
		if (sqlite3_column_int64(last, 1) > d->now.last_asked)
			d->now.last_asked = sqlite3_column_int64(last, 1);
	}
	sqlite3_reset(last);
	return found == SQLITE_ROW || found == SQLITE_DONE ? 0 : sql_failed(s->db, "read", err);
}

static struct device_state *
load(struct store *s, int64_t id, struct error *err)
{
	struct device_state *d = mem_alloc(1, sizeof(*d));

	d->id = id;
	if (load_state(s, d, err) < 0 || load_sessions(s, d, err) < 0 ||
	    load_words(s, d, err) < 0) {
		free(d->now.sessions);
		free(d);
		return NULL;
	}
	if (d->now.n)
		qsort(d->now.sessions, d->now.n, sizeof(*d->now.sessions), compare_key);
	return d;
}

/* --- staging ---------------------------------------------------------------------------------- */

static struct device_state *
device_at(struct store *s, int64_t id, struct error *err)
{
	size_t i = (size_t)id;

	if (id <= 0 || id >= INT64_C(1) << 23) {
		error_set(err, "the store %s knows no device %lld", s->dir, (long long)id);
		return NULL;
	}
	if (i >= s->n_devices) {
		size_t n = i + 1 > 2 * s->n_devices ? i + 64 : 2 * s->n_devices;
		s->devices = mem_grow(s->devices, n, sizeof(*s->devices));
		memset(s->devices + s->n_devices, 0, (n - s->n_devices) * sizeof(*s->devices));
		s->n_devices = n;
	}
	if (!s->devices[i])
		s->devices[i] = load(s, id, err);
	return s->devices[i];
}

struct open_set *
openset_stage(struct store *s, int64_t device, struct error *err)
{
	struct device_state *d = device_at(s, device, err);

	if (!d)
		return NULL;
	if (!d->staged) {
		d->next = d->now; /* shares the sessions until a merge gives it its own */
		d->staged = true;
	}
	return &d->next;
}

void
openset_replace(struct store *s, int64_t device, struct open_session *sessions, size_t n)
{
	struct device_state *d = s->devices[device];

	if (d->next.sessions != d->now.sessions)
		free(d->next.sessions);
	d->next.sessions = sessions;
	d->next.n = n;
}

void
openset_commit(struct store *s)
{
	for (size_t i = 0; i < s->n_devices; i++) {
		struct device_state *d = s->devices[i];
		if (!d || !d->staged)
			continue;
		if (d->next.sessions != d->now.sessions)
			free(d->now.sessions);
		d->now = d->next;
		d->staged = false;
	}
}

void
openset_rollback(struct store *s)
{
	for (size_t i = 0; i < s->n_devices; i++) {
		struct device_state *d = s->devices[i];
		if (!d || !d->staged)
			continue;
		if (d->next.sessions != d->now.sessions)
			free(d->next.sessions);
		d->staged = false;
	}
}

void
openset_free(struct store *s)
{
	for (size_t i = 0; i < s->n_devices; i++) {
		if (s->devices[i])
			free(s->devices[i]->now.sessions);
		free(s->devices[i]);
	}
	free(s->devices);
}
