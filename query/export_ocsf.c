/* OCSF network_activity, class 4001, schema 1.8.0 (schema.ocsf.io), as JSON lines. Counters of a
 * session are totals so far, hence cumulative_traffic. */
#include "query/export.h"

enum {
	ACTIVITY_TRAFFIC = 6,
	CATEGORY_NETWORK = 4,
	CLASS_NETWORK_ACTIVITY = 4001,
	INFORMATIONAL = 1
};
enum { DIRECTION_UNKNOWN, DIRECTION_INBOUND, DIRECTION_OUTBOUND };
enum { SCOPE_INTERNAL = 1, SCOPE_EXTERNAL = 2 };

static json_t *
end_point(const struct endpoint *e, const struct endpoint *nat, bool internal, const char *iface)
{
	json_t *o = json_object(), *proxy;

	export_put_addr(o, "ip", &e->addr);
	export_put_port(o, "port", e);
	export_put_number(o, "network_scope_id", internal ? SCOPE_INTERNAL : SCOPE_EXTERNAL);
	export_put(o, "interface_name", iface);
	if (nat->addr.family == 0)
		return o;
	proxy = json_object();
	export_put_addr(proxy, "ip", &nat->addr);
	export_put_port(proxy, "port", nat);
	json_object_set_new(o, "proxy_endpoint", proxy);
	return o;
}

static json_t *
connection(const struct export_row *r)
{
	json_t *o = json_object();

	export_put(o, "protocol_name", r->proto_name);
	export_put_number(o, "protocol_num", r->proto <= UINT8_MAX ? r->proto : -1);
	export_put_number(o, "protocol_ver_id", r->inside.addr.family);
	export_put_number(o, "direction_id",
	    !r->start_known ? DIRECTION_UNKNOWN
	    : r->src_inside ? DIRECTION_OUTBOUND
			    : DIRECTION_INBOUND);
	export_put(o, "community_uid", r->community);
	return o;
}

static json_t *
traffic(const struct export_row *r)
{
	json_t *o = json_object();

	export_put_number(o, "bytes_out", r->src_bytes);
	export_put_number(o, "bytes_in", r->dst_bytes);
	export_put_number(o, "bytes", r->bytes);
	export_put_number(o, "packets_out", r->src_packets);
	export_put_number(o, "packets_in", r->dst_packets);
	return o;
}

static void
row(const struct export_row *r, FILE *out)
{
	json_t *o = json_pack("{s:i, s:i, s:i, s:i, s:i}", "activity_id", ACTIVITY_TRAFFIC,
	    "category_uid", CATEGORY_NETWORK, "class_uid", CLASS_NETWORK_ACTIVITY, "type_uid",
	    CLASS_NETWORK_ACTIVITY * 100 + ACTIVITY_TRAFFIC, "severity_id", INFORMATIONAL);
	json_t *counters = traffic(r);

	export_put_number(o, "time", r->last_seen * 1000);
	export_put_number(o, "start_time", r->start_by * 1000);
	export_put_number(o, "end_time", r->end_by >= 0 ? r->last_seen * 1000 : -1);
	json_object_set_new(o, "metadata",
	    json_pack("{s:s, s:s, s:{s:s, s:s, s:s}}", "version", "1.8.0", "uid", r->uid, "product",
		"name", "Gatebook", "vendor_name", "Gatebook", "version", GATEBOOK_VERSION));
	json_object_set_new(o, "src_endpoint",
	    end_point(
		r->src, r->src_nat, r->src_inside, r->src_inside ? r->in_iface : r->out_iface));
	json_object_set_new(o, "dst_endpoint",
	    end_point(
		r->dst, r->dst_nat, !r->src_inside, r->src_inside ? r->out_iface : r->in_iface));
	json_object_set_new(o, "is_src_dst_assignment_known", json_boolean(r->start_known));
	json_object_set_new(o, "connection_info", connection(r));
	if (json_object_size(counters) > 0)
		json_object_set(o, "cumulative_traffic", counters);
	json_decref(counters);
	export_put(o, "app_name", r->app);
	export_put(o, "status_detail", r->state);
	json_object_set_new(o, "unmapped",
	    json_pack("{s:o, s:s}", "gatebook", export_own(r), "gatebook.device", r->device));
	export_dump(o, out);
}

const struct export_form export_ocsf = { "ocsf", "OCSF network_activity 4001, JSON lines", NULL,
	row, NULL };
