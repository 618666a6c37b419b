#include "query/export.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/clock.h"
#include "query/community_id.h"
#include "query/session.h"

extern const struct export_form export_cef, export_ecs, export_elasticsearch, export_leef,
    export_ocsf, export_splunk, export_stix, export_syslog, export_zeek, export_zeek_json;
const struct export_form *const export_forms[] = { &export_cef, &export_ecs, &export_elasticsearch,
	&export_leef, &export_ocsf, &export_splunk, &export_stix, &export_syslog, &export_zeek,
	&export_zeek_json, NULL };

const struct export_form *
export_form(const char *name)
{
	for (const struct export_form *const *f = export_forms; *f != NULL; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

/* --- a session -------------------------------------------------------------------------------- */

static int64_t
number(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? -1
							      : sqlite3_column_int64(st, column);
}

static const char *
word_at(sqlite3_stmt *st, int column)
{
	const char *text = (const char *)sqlite3_column_text(st, column);

	return text != NULL ? text : "";
}

static struct endpoint
end_at(sqlite3_stmt *st, int address, int port)
{
	struct endpoint e = { 0 };

	(void)reader_column_addr(st, address, &e.addr);
	e.has_port = sqlite3_column_type(st, port) != SQLITE_NULL;
	e.port = (uint16_t)sqlite3_column_int(st, port);
	return e;
}

/* The ends by who started. */
static void
orient(struct export_row *r, int initiator, int64_t out_bytes, int64_t in_bytes,
    int64_t out_packets, int64_t in_packets)
{
	r->start_known = initiator != INITIATOR_UNKNOWN;
	r->src_inside = initiator != INITIATOR_OUT;
	r->src = r->src_inside ? &r->inside : &r->outside;
	r->dst = r->src_inside ? &r->outside : &r->inside;
	r->src_nat = r->src_inside ? &r->in_nat : &r->out_nat;
	r->dst_nat = r->src_inside ? &r->out_nat : &r->in_nat;
	r->src_bytes = r->src_inside ? out_bytes : in_bytes;
	r->dst_bytes = r->src_inside ? in_bytes : out_bytes;
	r->src_packets = r->src_inside ? out_packets : in_packets;
	r->dst_packets = r->src_inside ? in_packets : out_packets;
	if (r->bytes < 0 && out_bytes >= 0 && in_bytes >= 0)
		r->bytes = out_bytes + in_bytes;
}

/* The flow as it looks outside: NAT names where there are some; a port that NAT left alone stays.
 */
static void
name_flow(struct export_row *r)
{
	struct endpoint a = r->in_nat, b = r->out_nat;

	r->community[0] = r->community_nat[0] = '\0';
	(void)community_id(&r->inside, &r->outside, r->proto, r->community);
	if (a.addr.family == 0 && b.addr.family == 0)
		return;
	if (a.addr.family == 0)
		a = r->inside;
	if (b.addr.family == 0)
		b = r->outside;
	if (!a.has_port) {
		a.has_port = r->inside.has_port;
		a.port = r->inside.port;
	}
	if (!b.has_port) {
		b.has_port = r->outside.has_port;
		b.port = r->outside.port;
	}
	(void)community_id(&a, &b, r->proto, r->community_nat);
}

/* A session is its device, its number there and its start. */
static void
name_row(struct export_row *r)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	char text[LIMIT_NAME + 64];
	int n = snprintf(text, sizeof(text), "gatebook %s %lld %lld", r->device, (long long)r->id,
	    (long long)r->start_by);

	if (EVP_Digest(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1, digest, NULL,
		EVP_sha256(), NULL) != 1)
		memset(digest, 0, sizeof(digest));
	for (int i = 0; i < 16; i++)
		snprintf(r->uid + 2 * i, 3, "%02x", digest[i]);
}

static void
read_row(sqlite3_stmt *st, struct reader *reader, struct export_row *r)
{
	memset(r, 0, sizeof(*r));
	r->inside = end_at(st, S_INSIDE, S_IN_PORT);
	r->outside = end_at(st, S_OUTSIDE, S_OUT_PORT);
	r->in_nat = end_at(st, S_IN_NAT, S_IN_NAT_PORT);
	r->out_nat = end_at(st, S_OUT_NAT, S_OUT_NAT_PORT);
	r->proto = (uint16_t)sqlite3_column_int(st, S_PROTO);
	r->proto_name = proto_name(r->proto);
	r->scope = scope_name((unsigned)sqlite3_column_int(st, S_SCOPE));
	r->id = number(st, S_ID);
	r->start_after = number(st, S_START_AFTER);
	r->start_by = number(st, S_START_BY);
	r->end_from = number(st, S_END_FROM);
	r->end_by = number(st, S_END_BY);
	r->last_seen = r->end_from > r->start_by ? r->end_from : r->start_by;
	r->polls = number(st, S_POLLS);
	r->bytes = number(st, S_BYTES_TOTAL);
	r->device = reader_device_name(reader, number(st, S_DEVICE));
	r->place = word_at(st, S_PLACE);
	r->state = word_at(st, S_STATE);
	r->app = word_at(st, S_APP);
	r->user = word_at(st, S_USER);
	r->in_iface = word_at(st, S_IN_IFACE);
	r->out_iface = word_at(st, S_OUT_IFACE);
	orient(r, sqlite3_column_int(st, S_INITIATOR), number(st, S_BYTES_OUT),
	    number(st, S_BYTES_IN), number(st, S_PACKETS_OUT), number(st, S_PACKETS_IN));
	name_flow(r);
	name_row(r);
}

/* --- all of them ------------------------------------------------------------------------------ */

struct exporting {
	struct reader *reader;
	const struct export_form *form;
	FILE *out;
	int64_t after, last, n;
};

static int
put_session(sqlite3_stmt *st, void *arg)
{
	struct exporting *e = arg;
	struct export_row r;

	read_row(st, e->reader, &r);
	if (e->after > 0 && r.end_by <= e->after)
		return 0;
	e->form->row(&r, e->out);
	e->n++;
	if (r.end_by > e->last)
		e->last = r.end_by;
	return 0;
}

int64_t
export_sessions(const struct ask *ask, const struct export_form *form, int64_t closed_after,
    int64_t *last, FILE *out, struct error *err)
{
	struct exporting e = { ask->reader, form, out, closed_after, closed_after, 0 };

	if (form->begin != NULL)
		form->begin(out);
	if (ask_rows(ask, SESSION_SELECT, NULL, put_session, &e, err) != 0)
		return -1;
	if (form->end != NULL)
		form->end(out);
	*last = e.last;
	if (fflush(out) != 0 || ferror(out))
		return error_set(err, "the sessions could not be written whole");
	return e.n;
}

/* --- shared ----------------------------------------------------------------------------------- */

void
export_put(json_t *o, const char *key, const char *text)
{
	size_t size = 4 * strlen(text) + 1;
	json_t *j = *text != '\0' ? json_string(text) : NULL;
	char *escaped;

	if (j == NULL && *text != '\0') {
		escaped = mem_alloc(size, 1);
		text_escape(text_of(text), escaped, size);
		j = json_string(escaped);
		free(escaped);
	}
	if (j != NULL)
		json_object_set_new(o, key, j);
}

void
export_put_number(json_t *o, const char *key, int64_t n)
{
	if (n >= 0)
		json_object_set_new(o, key, json_integer(n));
}

void
export_put_addr(json_t *o, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT];

	if (a->family != 0)
		json_object_set_new(o, key, json_string(addr_format(a, text)));
}

void
export_put_port(json_t *o, const char *key, const struct endpoint *e)
{
	if (e->has_port)
		json_object_set_new(o, key, json_integer(e->port));
}

void
export_put_time(json_t *o, const char *key, int64_t seconds)
{
	char text[CLOCK_TEXT];

	if (seconds >= 0)
		json_object_set_new(o, key, json_string(clock_format(seconds, true, text)));
}

void
export_dump(json_t *o, FILE *out)
{
	(void)json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
}

json_t *
export_own(const struct export_row *r)
{
	json_t *o = json_object();

	export_put_number(o, "session", r->id);
	export_put_time(o, "start_not_before", r->start_after);
	export_put_time(o, "start_not_after", r->start_by);
	export_put_time(o, "end_not_before", r->end_from);
	export_put_time(o, "end_not_after", r->end_by);
	json_object_set_new(o, "open", json_boolean(r->end_by < 0));
	export_put_number(o, "polls_seen", r->polls);
	export_put(o, "scope", r->scope);
	export_put(o, "state", r->state);
	export_put(o, "place", r->place);
	json_object_set_new(o, "initiator_known", json_boolean(r->start_known));
	export_put(o, "community_id_nat", r->community_nat);
	return o;
}
