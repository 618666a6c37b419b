/* Sessions in the forms that other programs read: one record for each session, never one for each
 * poll, which would look like a beacon. */
#ifndef GATEBOOK_QUERY_EXPORT_H
#define GATEBOOK_QUERY_EXPORT_H

#include <jansson.h>
#include <stdio.h>

#include "query/ask.h"

/* One session. Numbers that the device did not print are negative, texts empty, addresses of family
 * 0. src and dst are the ends by who started; where nobody knows, the inside end is src. */
struct export_row {
	const struct endpoint *src, *dst, *src_nat, *dst_nat;
	struct endpoint inside, outside, in_nat, out_nat;
	bool src_inside, start_known;
	uint16_t proto;
	const char *proto_name, *scope; /* proto_name "" when the device printed none */
	int64_t id, start_after, start_by, end_from, end_by, polls;
	int64_t last_seen; /* end_from, but not before start_by: one poll saw it while it ran */
	int64_t src_bytes, dst_bytes, bytes, src_packets, dst_packets;
	const char *device, *state, *app, *user, *place, *in_iface, *out_iface;
	char uid[33];           /* 128 bits in hexadecimal, the same at every export */
	char community[32];     /* "" where it cannot be told */
	char community_nat[32]; /* of the flow as it looks outside; "" without NAT */
};

/* A form. begin and end may be NULL. */
struct export_form {
	const char *name, *help;
	void (*begin)(FILE *out);
	void (*row)(const struct export_row *r, FILE *out);
	void (*end)(FILE *out);
};
extern const struct export_form *const export_forms[]; /* sorted by name, ends with NULL */

const struct export_form *export_form(const char *name); /* NULL: there is none */

/* Writes the sessions that ask finds. closed_after > 0: only those that a poll found gone after
 * that time; *last becomes the time of the last of them. Returns how many, or -1 with err. */
int64_t export_sessions(const struct ask *ask, const struct export_form *form, int64_t closed_after,
    int64_t *last, FILE *out, struct error *err);

/* --- what the forms share ----------------------------------------------------------------------
 * Nothing is set where there is nothing: an unknown counter is left out, it is never 0. */

void export_put(json_t *o, const char *key, const char *text); /* escaped when it is no UTF-8 */
void export_put_number(json_t *o, const char *key, int64_t n);
void export_put_addr(json_t *o, const char *key, const struct addr *a);
void export_put_port(json_t *o, const char *key, const struct endpoint *e);
void export_put_time(json_t *o, const char *key, int64_t seconds); /* RFC 3339, UTC */
void export_dump(json_t *o, FILE *out);                            /* on one line; takes it over */
json_t *export_own(const struct export_row *r); /* what only Gatebook says of a session */

#endif
