/* A STIX 2.1 bundle (OASIS, STIX Version 2.1): for each session an observed-data with its
 * network-traffic, before and after NAT, and its addresses. Identifiers are made of what they name:
 * the same object has the same one in every bundle (2.9, UUIDv5). */
#include "query/export.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/clock.h"

/* The namespace of the specification for cyber-observable objects. */
static const uint8_t name_space[16] = { 0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01,
	0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7 };
enum { ID = 80 };

/* "ipv4-addr--5853f6a4-638f-5b4e-9b0f-ded361ae3812" */
static void
make_id(const char *type, const char *name, char out[static ID])
{
	uint8_t d[EVP_MAX_MD_SIZE] = { 0 };
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context == NULL || EVP_DigestInit_ex(context, EVP_sha1(), NULL) != 1 ||
	    EVP_DigestUpdate(context, name_space, sizeof(name_space)) != 1 ||
	    EVP_DigestUpdate(context, name, strlen(name)) != 1 ||
	    EVP_DigestFinal_ex(context, d, NULL) != 1)
		memset(d, 0, sizeof(d));
	EVP_MD_CTX_free(context);
	d[6] = (d[6] & 0x0f) | 0x50; /* RFC 4122: version 5 */
	d[8] = (d[8] & 0x3f) | 0x80;
	snprintf(out, ID,
	    "%s--%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", type, d[0],
	    d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14],
	    d[15]);
}

/* With milliseconds, which the schemas of OASIS want. */
static void
put_time(json_t *o, const char *key, int64_t seconds)
{
	char time[CLOCK_TEXT], text[CLOCK_TEXT + 8];

	clock_format(seconds, true, time);
	snprintf(text, sizeof(text), "%.*s.000Z", (int)strlen(time) - 1, time);
	export_put(o, key, text);
}

/* Gives the object the id that its own contributing properties make, and writes it. */
static void
put_object(const char *type, json_t *named, json_t *o, char id[static ID], FILE *out)
{
	char *name = json_dumps(named, JSON_COMPACT | JSON_SORT_KEYS);

	make_id(type, name != NULL ? name : "", id);
	free(name);
	json_object_set_new(o, "type", json_string(type));
	json_object_set_new(o, "spec_version", json_string("2.1"));
	json_object_set_new(o, "id", json_string(id));
	fputc(',', out);
	export_dump(o, out);
	json_decref(named);
}

static void
put_address(const struct endpoint *e, char id[static ID], FILE *out)
{
	json_t *named = json_object();

	export_put_addr(named, "value", &e->addr);
	put_object(
	    e->addr.family == 4 ? "ipv4-addr" : "ipv6-addr", named, json_copy(named), id, out);
}

/* Each once. */
static void
add_ref(json_t *refs, const char *id)
{
	json_t *one;
	size_t i;

	json_array_foreach(refs, i, one) if (strcmp(json_string_value(one), id) == 0) return;
	json_array_append_new(refs, json_string(id));
}

static void
put_traffic(const struct export_row *r, const struct endpoint *src, const struct endpoint *dst,
    char id[static ID], json_t *refs, FILE *out)
{
	json_t *named = json_object(), *protocols = json_array(), *o;
	char src_id[ID], dst_id[ID];

	put_address(src, src_id, out);
	put_address(dst, dst_id, out);
	json_array_append_new(protocols, json_string(src->addr.family == 4 ? "ipv4" : "ipv6"));
	if (*r->proto_name != '\0')
		json_array_append_new(protocols, json_string(r->proto_name));
	put_time(named, "start", r->start_by);
	if (r->end_by >= 0)
		put_time(named, "end", r->last_seen);
	export_put(named, "src_ref", src_id);
	export_put(named, "dst_ref", dst_id);
	export_put_port(named, "src_port", src);
	export_put_port(named, "dst_port", dst);
	json_object_set_new(named, "protocols", protocols);
	o = json_copy(named);
	json_object_set_new(o, "is_active", json_boolean(r->end_by < 0)); /* then there is no end */
	export_put_number(o, "src_byte_count", r->src_bytes);
	export_put_number(o, "dst_byte_count", r->dst_bytes);
	export_put_number(o, "src_packets", r->src_packets);
	export_put_number(o, "dst_packets", r->dst_packets);
	put_object("network-traffic", named, o, id, out);
	add_ref(refs, src_id);
	add_ref(refs, dst_id);
	add_ref(refs, id);
}

static void
identity_id(char id[static ID])
{
	make_id("identity", "gatebook", id);
}

static void
row(const struct export_row *r, FILE *out)
{
	struct endpoint src = *r->src_nat, dst = *r->dst_nat;
	json_t *refs = json_array(), *o = json_object(), *named = json_object();
	char id[ID], author[ID];

	put_traffic(r, r->src, r->dst, id, refs, out);
	if (src.addr.family != 0 || dst.addr.family != 0) {
		src = src.addr.family != 0 ? src : *r->src;
		dst = dst.addr.family != 0 ? dst : *r->dst;
		put_traffic(r, &src, &dst, id, refs, out);
	}
	identity_id(author);
	export_put(named, "session", r->uid);
	export_put(o, "created_by_ref", author);
	put_time(o, "created", r->last_seen);
	put_time(o, "modified", r->last_seen);
	put_time(o, "first_observed", r->start_by);
	put_time(o, "last_observed", r->last_seen);
	export_put_number(o, "number_observed", r->polls > 0 ? r->polls : 1);
	json_object_set_new(o, "object_refs", refs);
	put_object("observed-data", named, o, id, out);
}

static void
begin(FILE *out)
{
	char id[ID], bundle[ID], now[CLOCK_TEXT];

	identity_id(id);
	clock_format(clock_now(), true, now);
	make_id("bundle", now, bundle);
	fprintf(out, "{\"type\":\"bundle\",\"id\":\"%s\",\"objects\":[\n", bundle);
	export_dump(
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "identity", "spec_version",
		"2.1", "id", id, "created", "2026-11-25T00:00:00.000Z", "modified",
		"2026-11-25T00:00:00.000Z", "name", "Gatebook", "identity_class", "system"),
	    out);
}

static void
end(FILE *out)
{
	fputs("]}\n", out);
}

const struct export_form export_stix = { "stix", "a STIX 2.1 bundle of observed data", begin, row,
	end };
