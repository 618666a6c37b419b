/* Events for Splunk's HTTP event collector, /services/collector/event, with the names of the Common
 * Information Model's Network Traffic. */
#include "query/export.h"

static void
row(const struct export_row *r, FILE *out)
{
	json_t *e = json_object(), *o = json_object();

	export_put_addr(e, "src_ip", &r->src->addr);
	export_put_port(e, "src_port", r->src);
	export_put_addr(e, "dest_ip", &r->dst->addr);
	export_put_port(e, "dest_port", r->dst);
	export_put_addr(e, "src_translated_ip", &r->src_nat->addr);
	export_put_port(e, "src_translated_port", r->src_nat);
	export_put_addr(e, "dest_translated_ip", &r->dst_nat->addr);
	export_put_port(e, "dest_translated_port", r->dst_nat);
	export_put(e, "transport", r->proto_name);
	export_put(e, "direction",
	    !r->start_known ? "unknown"
	    : r->src_inside ? "outbound"
			    : "inbound");
	export_put_number(e, "bytes", r->bytes);
	export_put_number(e, "bytes_out", r->src_bytes);
	export_put_number(e, "bytes_in", r->dst_bytes);
	export_put_number(e, "packets_out", r->src_packets);
	export_put_number(e, "packets_in", r->dst_packets);
	export_put_number(e, "duration", r->last_seen - r->start_by);
	export_put(e, "app", r->app);
	export_put(e, "user", r->user);
	export_put(e, "dvc", r->device);
	export_put(e, "session_id", r->uid);
	export_put(e, "community_id", r->community);
	json_object_set_new(e, "gatebook", export_own(r));
	export_put_number(o, "time", r->last_seen);
	export_put(o, "host", r->device);
	export_put(o, "source", "gatebook");
	export_put(o, "sourcetype", "gatebook:session");
	json_object_set_new(o, "event", e);
	export_dump(o, out);
}

const struct export_form export_splunk = { "splunk-hec", "events of Splunk's HTTP event collector",
	NULL, row, NULL };
