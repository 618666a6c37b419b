#include "poller/normalise.h"

#include "poller/join.h"
#include "poller/rows.h"

static bool
touches(const struct endpoint *e, const struct endpoint *nat, const struct endpoint *login)
{
	return endpoint_equal(e, login) || endpoint_equal(nat, login);
}

/* Our own login is a row of the table it reads: both its ends are known from the socket. */
static bool
is_own_login(const struct normalise *n, const struct observation *o)
{
	if (n->login_here.addr.family == 0 || (o->proto != PROTO_TCP && o->proto != PROTO_NONE))
		return false;
	return (touches(&o->near, &o->near_nat, &n->login_here) &&
		   touches(&o->far, &o->far_nat, &n->login_there)) ||
	       (touches(&o->near, &o->near_nat, &n->login_there) &&
		   touches(&o->far, &o->far_nat, &n->login_here));
}

static bool
is_peer(const struct endpoint *e)
{
	return e->addr.family != 0 && !addr_is_any(&e->addr);
}

/* True when near is the inside end, false when far is; *counted is raised when neither or both are.
 */
static bool
near_is_inside(
    const struct normalise *n, const struct observation *o, uint64_t **counted, bool *keep)
{
	bool near_in = prefix_set_holds(n->internal, &o->near.addr);
	bool far_in = prefix_set_holds(n->internal, &o->far.addr);

	/* What ends on the device or the polled server is its own, whatever its address. */
	if (o->scope != SCOPE_TRANSIT) {
		if (far_in) {
			*counted = &n->report->inside_inside;
			*keep = n->keep_inside;
		}
		return true;
	}
	if (near_in == far_in) {
		*counted = near_in ? &n->report->inside_inside : &n->report->outside_outside;
		*keep = near_in ? n->keep_inside : n->keep_outside;
		return o->starter != STARTER_FAR;
	}
	return near_in;
}

static void
put_counters(struct session *s, const struct counters *c, bool near_inside)
{
	s->counters = *c;
	if (near_inside)
		return;
	s->counters.has &= ~(
	    uint32_t)(HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_PACKETS_NEAR | HAS_PACKETS_FAR);
	if (c->has & HAS_BYTES_NEAR)
		s->counters.has |= HAS_BYTES_FAR;
	if (c->has & HAS_BYTES_FAR)
		s->counters.has |= HAS_BYTES_NEAR;
	if (c->has & HAS_PACKETS_NEAR)
		s->counters.has |= HAS_PACKETS_FAR;
	if (c->has & HAS_PACKETS_FAR)
		s->counters.has |= HAS_PACKETS_NEAR;
	s->counters.bytes_near = c->bytes_far;
	s->counters.bytes_far = c->bytes_near;
	s->counters.packets_near = c->packets_far;
	s->counters.packets_far = c->packets_near;
}

static void
put_ends(struct session *s, const struct endpoint *in, const struct endpoint *in_nat,
    const struct endpoint *out, const struct endpoint *out_nat)
{
	s->key.inside = in->addr;
	s->key.outside = out->addr;
	s->key.in_port = in->port;
	s->key.out_port = out->port;
	s->in_nat = in_nat->addr;
	s->out_nat = out_nat->addr;
	s->in_nat_port = in_nat->port;
	s->out_nat_port = out_nat->port;
	s->flags = (uint8_t)((in->has_port ? SESSION_IN_PORT : 0) |
			     (out->has_port ? SESSION_OUT_PORT : 0) |
			     (in_nat->has_port ? SESSION_IN_NAT_PORT : 0) |
			     (out_nat->has_port ? SESSION_OUT_NAT_PORT : 0));
}

static uint8_t
initiator_of(const struct observation *o, bool near_inside)
{
	if (o->starter == STARTER_UNKNOWN)
		return INITIATOR_UNKNOWN;
	return (o->starter == STARTER_NEAR) == near_inside ? INITIATOR_IN : INITIATOR_OUT;
}

void
normalise_row(struct normalise *n, const struct observation *o)
{
	struct observation row = *o;
	struct session s = { 0 };
	uint64_t *counted = NULL;
	bool keep = true, near_inside;

	if (is_own_login(n, o)) {
		n->report->own++;
		return;
	}
	if (!is_peer(&row.far)) {
		n->report->listening++;
		if (row.scope == SCOPE_TRANSIT && !mappings_take(n->mappings, &row))
			n->rows->full = true;
		return;
	}
	/* A socket bound to no address is the device's own: it is known by the address we dialled.
	 */
	if (!is_peer(&row.near) && row.scope != SCOPE_TRANSIT)
		row.near.addr = n->device;
	if (!is_peer(&row.near)) {
		n->report->listening++;
		return;
	}
	if (addr_is_special(&row.near.addr) || addr_is_special(&row.far.addr)) {
		n->report->special++;
		return;
	}
	near_inside = near_is_inside(n, &row, &counted, &keep);
	if (counted) {
		(*counted)++;
		if (!keep)
			return;
	}
	if (near_inside)
		put_ends(&s, &row.near, &row.near_nat, &row.far, &row.far_nat);
	else
		put_ends(&s, &row.far, &row.far_nat, &row.near, &row.near_nat);
	/* A firewall's own sessions pass through its table too: they end on the device. */
	s.key.scope = row.scope == SCOPE_TRANSIT && addr_equal(&s.key.inside, &n->device)
			  ? SCOPE_SELF
			  : row.scope;
	s.key.proto = row.proto;
	s.key.place = n->crosses ? 0 : text_hash(row.place);
	s.initiator = initiator_of(&row, near_inside);
	s.state = rows_word(n->rows, row.state);
	s.place = rows_word(n->rows, row.place);
	s.app = rows_word(n->rows, row.app);
	s.user = rows_word(n->rows, row.user);
	s.in_iface = rows_word(n->rows, near_inside ? row.near_iface : row.far_iface);
	s.out_iface = rows_word(n->rows, near_inside ? row.far_iface : row.near_iface);
	s.line = row.line;
	s.command = n->command;
	put_counters(&s, &row.counters, near_inside);
	rows_add(n->rows, &s);
}
