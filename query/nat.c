#include "query/nat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	S_OUTSIDE,
	S_INSIDE,
	S_DEVICE,
	S_PROTO,
	S_IN_PORT,
	S_OUT_PORT,
	S_IN_NAT,
	S_IN_NAT_PORT,
	S_INITIATOR,
	S_START_AFTER,
	S_START_BY,
	S_END_FROM,
	S_END_BY
};
static const char select_list
    [] = "outside, inside, device, proto, in_port, out_port, in_nat, in_nat_port, initiator, "
	 "start_after, start_by, end_from, end_by";

struct finding {
	struct nat_flows *flows;
	const struct endpoint *public;
};

static void
read_end(sqlite3_stmt *st, int address, int port, struct endpoint *e)
{
	memset(e, 0, sizeof(*e));
	if (!reader_column_addr(st, address, &e->addr))
		return;
	e->has_port = sqlite3_column_type(st, port) != SQLITE_NULL;
	e->port = (uint16_t)sqlite3_column_int(st, port);
}

static int64_t
time_of(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? -1
							      : sqlite3_column_int64(st, column);
}

static struct nat_flow *
new_flow(struct nat_flows *flows)
{
	if ((flows->n & (flows->n - 1)) == 0) /* grows when n is a power of two */
		flows->list = mem_grow(
		    flows->list, flows->n > 0 ? 2 * flows->n : 1, sizeof(*flows->list));
	flows->list[flows->n] = (struct nat_flow){ 0 };
	return &flows->list[flows->n++];
}

/* The row as a flow: translated here when the device gives the inside host its public name. */
static int
read_flow(sqlite3_stmt *st, void *arg)
{
	struct finding *f = arg;
	struct nat_flow *flow = new_flow(f->flows);
	int64_t device = sqlite3_column_int64(st, S_DEVICE);

	read_end(st, S_INSIDE, S_IN_PORT, &flow->inside);
	read_end(st, S_OUTSIDE, S_OUT_PORT, &flow->outside);
	read_end(st, S_IN_NAT, S_IN_NAT_PORT, &flow->public);
	flow->proto = (uint16_t)sqlite3_column_int(st, S_PROTO);
	flow->initiator = (uint8_t)sqlite3_column_int(st, S_INITIATOR);
	flow->start_after = time_of(st, S_START_AFTER);
	flow->start_by = time_of(st, S_START_BY);
	flow->end_from = time_of(st, S_END_FROM);
	flow->end_by = time_of(st, S_END_BY);
	if (addr_equal(&flow->public.addr, &f->public->addr)) {
		if (!flow->public.has_port) { /* one to one: the port stays */
			flow->public.has_port = flow->inside.has_port;
			flow->public.port = flow->inside.port;
		}
		flow->translated_by[flow->n_translated++] = device;
	} else {
		flow->public = flow->inside;
		memset(&flow->inside, 0, sizeof(flow->inside));
		flow->seen_by[flow->n_seen++] = device;
	}
	return 0;
}

static bool
is_overlapping(const struct nat_flow *a, const struct nat_flow *b)
{
	bool before = a->end_by >= 0 && a->end_by <= b->start_after,
	     behind = b->end_by >= 0 && b->end_by <= a->start_after;

	return !before && !behind;
}

/* The same flow at another place: what both know agrees, and they may have been there together. */
static bool
is_same(const struct nat_flow *a, const struct nat_flow *b)
{
	bool inside = a->inside.addr.family == 0 || b->inside.addr.family == 0 ||
		      endpoint_equal(&a->inside, &b->inside);

	return inside && endpoint_equal(&a->public, &b->public) &&
	       endpoint_equal(&a->outside, &b->outside) && a->proto == b->proto &&
	       is_overlapping(a, b);
}

static void
add_devices(int64_t *to, int *n, const int64_t *from, int count)
{
	for (int i = 0; i < count; i++) {
		bool there = false;

		for (int k = 0; k < *n; k++)
			there |= to[k] == from[i];
		if (!there && *n < NAT_DEVICES)
			to[(*n)++] = from[i];
	}
}

/* Bounds become narrower: the start lies behind the later `after` and before the earlier `by`. */
static void
join(struct nat_flow *a, const struct nat_flow *b)
{
	if (a->inside.addr.family == 0)
		a->inside = b->inside;
	if (a->initiator == INITIATOR_UNKNOWN)
		a->initiator = b->initiator;
	if (b->start_by < a->start_by) {
		a->start_by = b->start_by;
		a->start_after = b->start_after;
	}
	if (b->end_by < 0 || (a->end_by >= 0 && b->end_by > a->end_by))
		a->end_by = b->end_by;
	if (b->end_from > a->end_from)
		a->end_from = b->end_from;
	add_devices(a->translated_by, &a->n_translated, b->translated_by, b->n_translated);
	add_devices(a->seen_by, &a->n_seen, b->seen_by, b->n_seen);
}

static int
compare_ends(const struct endpoint *a, const struct endpoint *b)
{
	int d = addr_compare(&a->addr, &b->addr);

	return d != 0 ? d : (a->port > b->port) - (a->port < b->port);
}

/* By what a flow is the same by; those that know the inside host first. */
static int
by_flow(const void *a, const void *b)
{
	const struct nat_flow *x = a, *y = b;
	int d = compare_ends(&x->public, &y->public);

	if (d == 0)
		d = compare_ends(&x->outside, &y->outside);
	if (d == 0)
		d = (x->proto > y->proto) - (x->proto < y->proto);
	if (d == 0)
		d = (x->inside.addr.family == 0) - (y->inside.addr.family == 0);
	return d != 0 ? d : (x->start_by > y->start_by) - (x->start_by < y->start_by);
}

static int
by_host(const void *a, const void *b)
{
	const struct nat_flow *x = a, *y = b;
	int d = addr_compare(&x->inside.addr, &y->inside.addr);

	if (d == 0)
		d = (x->start_by > y->start_by) - (x->start_by < y->start_by);
	return d != 0 ? d : by_flow(a, b);
}

/* Equal flows stand side by side: each is joined to one of those before it that agree. */
static void
stitch(struct nat_flows *flows)
{
	size_t n = 0, group = 0;

	if (flows->n > 1)
		qsort(flows->list, flows->n, sizeof(*flows->list), by_flow);
	for (size_t i = 0; i < flows->n; i++) {
		struct nat_flow *one = &flows->list[i], *to = NULL;

		if (n > group && compare_ends(&flows->list[group].public, &one->public) != 0)
			group = n;
		for (size_t k = group; to == NULL && k < n; k++)
			if (is_same(&flows->list[k], one))
				to = &flows->list[k];
		if (to != NULL)
			join(to, one);
		else
			flows->list[n++] = *one;
	}
	flows->n = n;
	if (n > 1)
		qsort(flows->list, n, sizeof(*flows->list), by_host);
}

int
nat_find(struct reader *r, const struct range *range, const struct endpoint *public,
    const char *more, struct nat_flows *flows, struct error *err)
{
	struct finding f = { flows, public };
	struct ask ask = { .reader = r, .range = *range };
	char address[ADDR_TEXT], *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int rc = -1;

	*flows = (struct nat_flows){ 0 };
	addr_format(&public->addr, address);
	fprintf(out, "(int nat host %s or int host %s)", address, address);
	if (public->has_port)
		fprintf(out,
		    " and ((int nat host %s and int nat port %u) or (int nat port unknown and int "
		    "port %u) or (int host %s and int port %u))",
		    address, public->port, public->port, address, public->port);
	if (more != NULL)
		fprintf(out, " and (%s)", more);
	fclose(out);
	ask.filter = filter_parse(text, range->utc, err);
	free(text);
	if (ask.filter != NULL)
		rc = ask_rows(&ask, select_list, NULL, read_flow, &f, err);
	filter_free(ask.filter);
	if (rc == 0)
		stitch(flows);
	return rc;
}
