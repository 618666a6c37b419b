/* One line each: syslog (RFC 5424 with structured data), CEF and LEEF 2.0. The keys of CEF are
 * those of ArcSight's extension dictionary, those of LEEF QRadar's predefined attributes; both rest
 * on description only. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "query/export.h"

/* How a form writes "key=value", and what must be escaped in a value. */
struct style {
	const char *before, *equals, *after, *special;
};
/* 32473 is the enterprise number that RFC 5612 keeps for examples: Gatebook has none. */
static const struct style syslog_style = { " ", "=\"", "\"", "\"\\]" };
static const struct style cef_style = { " ", "=", "", "\\=" };
static const struct style leef_style = { "\t", "=", "", "" };

/* Control bytes would end the line, or the field: they become blanks. */
static void
put_value(const char *value, const char *special, FILE *out)
{
	for (; *value != '\0'; value++) {
		if (strchr(special, *value) != NULL)
			fputc('\\', out);
		fputc((unsigned char)*value < ' ' || *value == 0x7f ? ' ' : *value, out);
	}
}

static void
put(const struct style *s, const char *key, const char *value, FILE *out)
{
	if (*value == '\0' || key == NULL)
		return;
	fprintf(out, "%s%s%s", s->before, key, s->equals);
	put_value(value, s->special, out);
	fputs(s->after, out);
}

static void
put_number(const struct style *s, const char *key, int64_t n, FILE *out)
{
	char text[24];

	if (n < 0)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)n);
	put(s, key, text, out);
}

static void
put_end(const struct style *s, const char *address, const char *port, const struct endpoint *e,
    FILE *out)
{
	char text[ADDR_TEXT];

	if (e->addr.family == 0)
		return;
	put(s, address, addr_format(&e->addr, text), out);
	if (e->has_port)
		put_number(s, port, e->port, out);
}

static const char *
direction(const struct export_row *r)
{
	return !r->start_known ? "unknown" : r->src_inside ? "outbound" : "inbound";
}

static void
syslog_row(const struct export_row *r, FILE *out)
{
	const struct style *s = &syslog_style;
	char time[CLOCK_TEXT], from[CLOCK_TEXT];

	/* facility 16 (local0), severity 6 (informational); the name of the host has no blanks */
	fprintf(out, "<134>1 %s ", clock_format(r->last_seen, true, time));
	for (const char *c = r->device; *c != '\0'; c++)
		fputc(*c > ' ' && *c < 0x7f ? *c : '_', out);
	fputs(" gatebook - session [session@32473", out);
	put(s, "uid", r->uid, out);
	put_end(s, "src", "spt", r->src, out);
	put_end(s, "dst", "dpt", r->dst, out);
	put_end(s, "srcNat", "sptNat", r->src_nat, out);
	put_end(s, "dstNat", "dptNat", r->dst_nat, out);
	put(s, "proto", r->proto_name, out);
	put(s, "direction", direction(r), out);
	put(s, "firstSeen", clock_format(r->start_by, true, from), out);
	put(s, "open", r->end_by < 0 ? "true" : "false", out);
	put_number(s, "polls", r->polls, out);
	put_number(s, "srcBytes", r->src_bytes, out);
	put_number(s, "dstBytes", r->dst_bytes, out);
	put_number(s, "bytes", r->bytes, out);
	put(s, "state", r->state, out);
	put(s, "app", r->app, out);
	put(s, "user", r->user, out);
	put(s, "communityId", r->community, out);
	fputs("]\n", out);
}

static void
cef_row(const struct export_row *r, FILE *out)
{
	const struct style *s = &cef_style;

	fputs("CEF:0|Gatebook|Gatebook|" GATEBOOK_VERSION "|session|Session|1|", out);
	fprintf(out, "externalId=%s", r->uid);
	put_end(s, "src", "spt", r->src, out);
	put_end(s, "dst", "dpt", r->dst, out);
	put_end(s, "sourceTranslatedAddress", "sourceTranslatedPort", r->src_nat, out);
	put_end(s, "destinationTranslatedAddress", "destinationTranslatedPort", r->dst_nat, out);
	put(s, "proto", r->proto_name, out);
	if (r->start_known)
		put_number(s, "deviceDirection", r->src_inside, out); /* 0 in, 1 out */
	put(s, "dvchost", r->device, out);
	put_number(s, "start", r->start_by * 1000, out);
	put_number(s, "end", r->last_seen * 1000, out);
	put_number(s, "cnt", r->polls, out);
	put_number(s, "out", r->src_bytes, out);
	put_number(s, "in", r->dst_bytes, out);
	put(s, "suser", r->user, out);
	put(s, "app", r->app, out);
	put(s, "act", r->state, out);
	put(s, r->src_inside ? "deviceInboundInterface" : "deviceOutboundInterface", r->in_iface,
	    out);
	put(s, r->src_inside ? "deviceOutboundInterface" : "deviceInboundInterface", r->out_iface,
	    out);
	fputc('\n', out);
}

static void
leef_row(const struct export_row *r, FILE *out)
{
	const struct style *s = &leef_style;
	char time[CLOCK_TEXT];

	fputs("LEEF:2.0|Gatebook|Gatebook|" GATEBOOK_VERSION "|session|x09|", out);
	fprintf(out, "devTime=%s\tdevTimeFormat=yyyy-MM-dd'T'HH:mm:ssX",
	    clock_format(r->last_seen, true, time));
	put_end(s, "src", "srcPort", r->src, out);
	put_end(s, "dst", "dstPort", r->dst, out);
	put_end(s, "srcPostNAT", "srcPostNATPort", r->src_nat, out);
	put_end(s, "dstPostNAT", "dstPostNATPort", r->dst_nat, out);
	put(s, "proto", r->proto_name, out);
	put(s, "usrName", r->user, out);
	put_number(s, "srcBytes", r->src_bytes, out);
	put_number(s, "dstBytes", r->dst_bytes, out);
	put_number(s, "srcPackets", r->src_packets, out);
	put_number(s, "dstPackets", r->dst_packets, out);
	put(s, "direction", direction(r), out);
	put(s, "device", r->device, out);
	put(s, "uid", r->uid, out);
	put(s, "communityId", r->community, out);
	put_number(s, "polls", r->polls, out);
	fputc('\n', out);
}

const struct export_form export_syslog = { "syslog", "RFC 5424 with structured data", NULL,
	syslog_row, NULL };
const struct export_form export_cef = { "cef", "ArcSight's Common Event Format", NULL, cef_row,
	NULL };
const struct export_form export_leef = { "leef", "QRadar's Log Event Extended Format 2.0", NULL,
	leef_row, NULL };
