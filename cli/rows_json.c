/* Observations as JSON rows: who is inside, and which key a counter gets. */
#include "base/arena.h"
#include "base/prefix.h"
#include "cli/rows_json.h"

json_t *
rows_json_text(struct text t)
{
	json_t *string = json_stringn(t.s == NULL ? "" : t.s, t.n);
	char *escaped;
	size_t size = t.n * 4 + 1; /* \xNN for every byte */

	if (string != NULL)
		return string;
	escaped = mem_alloc(size, 1);
	text_escape(t, escaped, size);
	string = json_string(escaped);
	free(escaped);
	return string;
}

static void
put_text(json_t *row, const char *key, struct text t)
{
	if (t.n > 0)
		json_object_set_new(row, key, rows_json_text(t));
}

static void
put_number(json_t *row, const char *key, uint64_t n)
{
	/* A JSON integer ends at 2^63; no true counter comes near, but a device can print one. */
	json_object_set_new(
	    row, key, n <= INT64_MAX ? json_integer((json_int_t)n) : json_real((double)n));
}

/* "in" gives in_addr and in_port, "in_nat" in_nat_addr and in_nat_port. */
static void
put_end(json_t *row, const char *side, const struct endpoint *e, struct text service)
{
	char key[32], addr[ADDR_TEXT];

	if (e->addr.family != 0) {
		snprintf(key, sizeof key, "%s_addr", side);
		json_object_set_new(row, key, json_string(addr_format(&e->addr, addr)));
	}
	snprintf(key, sizeof key, "%s_port", side);
	if (service.n > 0)
		put_text(row, key, service);
	else if (e->has_port)
		put_number(row, key, e->port);
}

/* The peer of a socket that has none is printed as "*", "0.0.0.0:*" or "0.0.0.0 0". */
static bool
is_wildcard(const struct endpoint *e)
{
	return (e->addr.family == 0 || addr_is_any(&e->addr)) && (!e->has_port || e->port == 0);
}

static bool
is_private(const struct addr *a)
{
	static struct prefix_set private;

	if (private.n == 0)
		prefix_set_add_private(&private);
	return prefix_set_holds(&private, a);
}

/* True if near is the inside end of a row that passes through the device. */
static bool
near_inside(const struct observation *o, enum topic topic)
{
	bool near_private = is_private(&o->near.addr), far_private = is_private(&o->far.addr);
	bool near_nat = o->near_nat.addr.family != 0, far_nat = o->far_nat.addr.family != 0;

	if (topic == TOPIC_NAT) /* the table's own columns say which side is which */
		return true;
	if (near_private != far_private)
		return near_private;
	/* The device names the side each end is on: its driver has the inner one as near. */
	if (o->near_iface.n > 0 && o->far_iface.n > 0)
		return true;
	if (near_nat != far_nat)
		return near_nat;
	return o->starter != STARTER_FAR;
}

static void
put_counters(json_t *row, const struct counters *c, bool near_is_out)
{
	const struct {
		uint32_t bit;
		const char *key;
		uint64_t value;
	} all[] = {
		{ HAS_PACKETS_NEAR, near_is_out ? "packets_out" : "packets_in", c->packets_near },
		{ HAS_BYTES_NEAR, near_is_out ? "bytes_out" : "bytes_in", c->bytes_near },
		{ HAS_PACKETS_FAR, near_is_out ? "packets_in" : "packets_out", c->packets_far },
		{ HAS_BYTES_FAR, near_is_out ? "bytes_in" : "bytes_out", c->bytes_far },
		{ HAS_BYTES_TOTAL, "bytes_total", c->bytes_total },
		{ HAS_AGE, "age_s", c->age },
		{ HAS_IDLE, "idle_s", c->idle },
		{ HAS_LEFT, "left_s", c->left },
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (c->has & all[i].bit)
			put_number(row, all[i].key, all[i].value);
}

/* The address that stands there is the first of a network. */
static void
put_net(json_t *row, const char *key, const struct addr *first, uint8_t bits)
{
	struct prefix net = { *first, bits };
	char text[ADDR_TEXT + 4];

	if (first->family != 0)
		json_object_set_new(row, key, json_string(prefix_format(&net, text)));
}

static void
put_transit(json_t *row, const struct observation *o, enum topic topic)
{
	bool near_in = near_inside(o, topic);
	enum starter starter = o->starter;
	const char *who = "unknown";

	put_end(row, near_in ? "in" : "out", &o->near, o->near_service);
	put_end(row, near_in ? "in_nat" : "out_nat", &o->near_nat, (struct text){ 0 });
	put_end(row, near_in ? "out" : "in", &o->far, o->far_service);
	put_end(row, near_in ? "out_nat" : "in_nat", &o->far_nat, (struct text){ 0 });
	if (o->nets) {
		put_net(row, near_in ? "in_addr" : "out_addr", &o->near.addr, o->bits);
		put_net(row, near_in ? "in_nat_addr" : "out_nat_addr", &o->near_nat.addr, o->bits);
	}
	if (starter != STARTER_UNKNOWN)
		who = (starter == STARTER_NEAR) == near_in ? "in" : "out";
	json_object_set_new(row, "initiator", json_string(who));
	put_text(row, near_in ? "iface_in" : "iface_out", o->near_iface);
	put_text(row, near_in ? "iface_out" : "iface_in", o->far_iface);
	put_counters(row, &o->counters, near_in);
}

/* A table some of whose rows say who started says of the others that it is not known; one that
 * never does (sockets, flow caches) is silent. */
static bool
knows_starters(const struct command *command)
{
	for (unsigned i = 0; command->patterns[i] != NULL; i++)
		if (strstr(command->patterns[i], "{starter=") != NULL)
			return true;
	return false;
}

/* Sockets and sessions of the box itself. Between two ends of one address nobody is outside, so who
 * started it says nothing. */
static void
put_ends_here(json_t *row, const struct observation *o, const struct command *command)
{
	static const char *const who[] = { "unknown", "in", "out" };

	put_end(row, "near", &o->near, o->near_service);
	if (!is_wildcard(&o->far))
		put_end(row, "far", &o->far, o->far_service);
	if ((o->starter != STARTER_UNKNOWN || knows_starters(command)) &&
	    !addr_equal(&o->near.addr, &o->far.addr))
		json_object_set_new(row, "initiator", json_string(who[o->starter]));
	put_text(row, "iface_in", o->near_iface);
	put_text(row, "iface_out", o->far_iface);
	put_counters(row, &o->counters, true);
}

static void
put_digits(json_t *row, const char *key, struct text t)
{
	uint64_t n;

	if (text_number(t, INT64_MAX, &n))
		put_number(row, key, n);
	else
		put_text(row, key, t);
}

/* Neighbours, stations, logins, records of a log. */
static json_t *
rows_json_particulars(const struct observation *o)
{
	uint64_t seconds;
	const struct particulars *more = &o->more;
	char addr[ADDR_TEXT];
	json_t *row = json_object();

	if (o->near.addr.family != 0)
		json_object_set_new(row, "addr", json_string(addr_format(&o->near.addr, addr)));
	if (o->near_nat.addr.family != 0)
		json_object_set_new(
		    row, "mapped_from", json_string(addr_format(&o->near_nat.addr, addr)));
	put_text(row, "mac", o->mac);
	put_text(row, "network", more->network);
	put_text(row, "iface", o->near_iface);
	put_text(row, "vlan", more->vlan);
	put_text(row, "place", o->place);
	put_text(row, "state", o->state);
	put_text(row, "kind", more->kind);
	put_text(row, "user", o->user);
	put_text(row, "line", more->tty);
	put_text(row, "from", more->from);
	if (more->current)
		json_object_set_new(row, "current", json_true());
	put_text(row, "client", more->client);
	put_text(row, "remote", more->remote);
	put_text(row, "host", more->host);
	put_digits(row, "opens", more->opens);
	put_text(row, "event", more->event);
	put_text(row, "nas", more->nas);
	put_text(row, "task", more->task);
	put_text(row, "cmd", more->cmd);
	/* A time in words is for `ledger reconcile`. */
	if (text_number(more->time, INT64_MAX, &seconds))
		put_number(row, "time_s", seconds);
	put_counters(row, &o->counters, true);
	return row;
}

json_t *
rows_json(const struct observation *o, const struct command *command)
{
	enum topic topic = command->topic;
	json_t *row;

	if (topic_has_particulars(topic))
		return rows_json_particulars(o);
	row = json_object();
	put_text(row, "proto", text_of(proto_name(o->proto)));
	put_text(row, "state", o->state);
	if (o->scope == SCOPE_TRANSIT)
		put_transit(row, o, topic);
	else
		put_ends_here(row, o, command);
	put_text(row, "app", o->app);
	put_text(row, "user", o->user);
	put_text(row, "place", o->place);
	put_text(row, "mac", o->mac);
	json_object_set_new(row, "scope", json_string(scope_name(o->scope)));
	return row;
}
