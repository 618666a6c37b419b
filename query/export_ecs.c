/* Elastic Common Schema, as JSON lines and as the body of Elasticsearch's _bulk
 * (elastic.co/guide/en/ecs/8.17). */
#include "query/export.h"

static json_t *
end_point(const struct endpoint *e, const struct endpoint *nat, int64_t bytes, int64_t packets)
{
	json_t *o = json_object(), *n = json_object();

	export_put_addr(o, "ip", &e->addr);
	export_put_addr(o, "address", &e->addr);
	export_put_port(o, "port", e);
	export_put_number(o, "bytes", bytes);
	export_put_number(o, "packets", packets);
	if (nat->addr.family == 0) {
		json_decref(n);
		return o;
	}
	export_put_addr(n, "ip", &nat->addr);
	export_put_port(n, "port", nat);
	json_object_set_new(o, "nat", n);
	return o;
}

static json_t *
event(const struct export_row *r)
{
	json_t *o = json_pack("{s:s, s:[s], s:[s], s:s, s:s}", "kind",
	    r->end_by < 0 ? "state" : "event", "category", "network", "type", "connection",
	    "module", "gatebook", "dataset", "gatebook.session");

	export_put(o, "id", r->uid);
	export_put_time(o, "start", r->start_by);
	export_put_time(o, "end", r->end_by >= 0 ? r->last_seen : -1);
	export_put_number(o, "duration", (r->last_seen - r->start_by) * 1000000000); /* nanoseconds
										      */
	return o;
}

static json_t *
network(const struct export_row *r)
{
	json_t *o = json_object();

	export_put(o, "transport", r->proto_name);
	export_put(o, "type", r->inside.addr.family == 4 ? "ipv4" : "ipv6");
	if (r->proto <= UINT8_MAX) {
		char number[8];

		snprintf(number, sizeof(number), "%u", r->proto);
		export_put(o, "iana_number", number);
	}
	export_put(o, "direction",
	    !r->start_known ? "unknown"
	    : r->src_inside ? "outbound"
			    : "inbound");
	export_put(o, "application", r->app);
	export_put(o, "community_id", r->community);
	export_put_number(o, "bytes", r->bytes);
	return o;
}

static json_t *
document(const struct export_row *r)
{
	json_t *o = json_object(), *observer = json_object(), *user = json_object();

	export_put_time(o, "@timestamp", r->last_seen);
	json_object_set_new(o, "ecs", json_pack("{s:s}", "version", "8.17.0"));
	json_object_set_new(o, "event", event(r));
	json_object_set_new(
	    o, "source", end_point(r->src, r->src_nat, r->src_bytes, r->src_packets));
	json_object_set_new(
	    o, "destination", end_point(r->dst, r->dst_nat, r->dst_bytes, r->dst_packets));
	json_object_set_new(o, "network", network(r));
	export_put(observer, "name", r->device);
	json_object_set_new(o, "observer", observer);
	export_put(user, "name", r->user);
	if (*r->user != '\0')
		json_object_set(o, "user", user);
	json_decref(user);
	json_object_set_new(o, "gatebook", export_own(r));
	return o;
}

static void
row(const struct export_row *r, FILE *out)
{
	export_dump(document(r), out);
}

/* `create` with an id of our own: what is sent twice is refused by the index, not doubled. An open
 * session is written again once it is closed. */
static void
bulk(const struct export_row *r, FILE *out)
{
	char id[48];

	snprintf(id, sizeof(id), "%s%s", r->uid, r->end_by < 0 ? "-open" : "");
	export_dump(json_pack("{s:{s:s}}", "create", "_id", id), out);
	row(r, out);
}

const struct export_form export_ecs = { "ecs", "Elastic Common Schema, JSON lines", NULL, row,
	NULL };
const struct export_form export_elasticsearch = { "es-bulk",
	"the same as the body of Elasticsearch's _bulk", NULL, bulk, NULL };
