/* Zeek's conn.log, as TSV and as JSON lines (zeek/zeek, scripts/base/protocols/conn/main.zeek). ts
 * is when the first poll had seen the session, duration up to the last poll with it. Columns that
 * begin with gb_ are ours. */
#include "query/export.h"

#include <string.h>

/* A state that says the connection stands is S1, of any other OTH: a table knows no FIN. */
static const char *
conn_state(const struct export_row *r)
{
	return text_contains(text_of(r->state), "STAB") || text_contains(text_of(r->state), "stab")
		   ? "S1"
		   : "OTH";
}

static const char *
transport(const struct export_row *r)
{
	switch (r->proto) {
	case PROTO_TCP: return "tcp";
	case PROTO_UDP: return "udp";
	case PROTO_ICMP:
	case PROTO_ICMP6: return "icmp";
	default: return "unknown_transport";
	}
}

/* "C" and the name in hexadecimal: unique, as Zeek's are, but longer. */
static json_t *
record(const struct export_row *r)
{
	json_t *o = json_object();
	char uid[40];

	snprintf(uid, sizeof(uid), "C%.17s", r->uid);
	json_object_set_new(o, "ts", json_real((double)r->start_by));
	export_put(o, "uid", uid);
	export_put_addr(o, "id.orig_h", &r->src->addr);
	json_object_set_new(o, "id.orig_p", json_integer(r->src->has_port ? r->src->port : 0));
	export_put_addr(o, "id.resp_h", &r->dst->addr);
	json_object_set_new(o, "id.resp_p", json_integer(r->dst->has_port ? r->dst->port : 0));
	export_put(o, "proto", transport(r));
	export_put(o, "service", r->app);
	json_object_set_new(o, "duration", json_real((double)(r->last_seen - r->start_by)));
	export_put_number(o, "orig_bytes", r->src_bytes);
	export_put_number(o, "resp_bytes", r->dst_bytes);
	export_put(o, "conn_state", conn_state(r));
	json_object_set_new(o, "local_orig", json_boolean(r->src_inside));
	json_object_set_new(o, "local_resp", json_boolean(!r->src_inside));
	export_put_number(o, "orig_pkts", r->src_packets);
	export_put_number(o, "resp_pkts", r->dst_packets);
	export_put_number(o, "ip_proto", r->proto <= UINT8_MAX ? r->proto : -1);
	export_put(o, "community_id", r->community);
	export_put(o, "gb_community_id_nat", r->community_nat);
	export_put_addr(o, "gb_orig_nat_h", &r->src_nat->addr);
	export_put_addr(o, "gb_resp_nat_h", &r->dst_nat->addr);
	export_put(o, "gb_device", r->device);
	export_put_number(o, "gb_polls", r->polls);
	return o;
}

static const struct {
	const char *name, *type;
} fields[] = { { "ts", "time" }, { "uid", "string" }, { "id.orig_h", "addr" },
	{ "id.orig_p", "port" }, { "id.resp_h", "addr" }, { "id.resp_p", "port" },
	{ "proto", "enum" }, { "service", "string" }, { "duration", "interval" },
	{ "orig_bytes", "count" }, { "resp_bytes", "count" }, { "conn_state", "string" },
	{ "local_orig", "bool" }, { "local_resp", "bool" }, { "orig_pkts", "count" },
	{ "resp_pkts", "count" }, { "ip_proto", "count" }, { "community_id", "string" },
	{ "gb_community_id_nat", "string" }, { "gb_orig_nat_h", "addr" },
	{ "gb_resp_nat_h", "addr" }, { "gb_device", "string" }, { "gb_polls", "count" } };
enum { FIELDS_N = sizeof(fields) / sizeof(*fields) };

static void
begin(FILE *out)
{
	fputs("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t"
	      "conn\n#fields",
	    out);
	for (int i = 0; i < FIELDS_N; i++)
		fprintf(out, "\t%s", fields[i].name);
	fputs("\n#types", out);
	for (int i = 0; i < FIELDS_N; i++)
		fprintf(out, "\t%s", fields[i].type);
	fputc('\n', out);
}

/* Zeek writes what is not printable, and what would mean something, as \xNN. */
static void
put_string(const char *s, FILE *out)
{
	if (strcmp(s, "-") == 0 || strcmp(s, "(empty)") == 0) {
		fprintf(out, "\\x%02x%s", (unsigned char)*s, s + 1);
		return;
	}
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == '\\' || *s == 0x7f)
			fprintf(out, "\\x%02x", (unsigned char)*s);
		else
			fputc(*s, out);
}

static void
row(const struct export_row *r, FILE *out)
{
	json_t *o = record(r);

	for (int i = 0; i < FIELDS_N; i++) {
		const json_t *v = json_object_get(o, fields[i].name);

		if (i > 0)
			fputc('\t', out);
		if (json_is_string(v))
			put_string(json_string_value(v), out);
		else if (json_is_real(v))
			fprintf(out, "%.6f", json_real_value(v));
		else if (json_is_integer(v))
			fprintf(out, "%lld", (long long)json_integer_value(v));
		else
			fputs(v == NULL ? "-" : json_is_true(v) ? "T" : "F", out);
	}
	fputc('\n', out);
	json_decref(o);
}

static void
end(FILE *out)
{
	fputs("#close\n", out);
}

static void
json_row(const struct export_row *r, FILE *out)
{
	export_dump(record(r), out);
}

const struct export_form export_zeek = { "zeek", "Zeek's conn.log, TSV", begin, row, end };
const struct export_form export_zeek_json = { "zeek-json", "Zeek's conn.log, JSON lines", NULL,
	json_row, NULL };
