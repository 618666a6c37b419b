/* The named functions that patterns of any driver may use, and what drivers' own ones share
 * (drivers/function.h). Pure: no I/O, no state. */
#include <string.h>

#include "base/prefix.h"
#include "drivers/function.h"

static bool
is_ipv6_text(struct text token)
{
	unsigned colons = 0;

	for (size_t i = 0; i < token.n; i++) {
		colons += token.s[i] == ':';
		if (!strchr("0123456789abcdefABCDEF:.*", token.s[i]))
			return false;
	}
	return colons >= 2;
}

/* net-tools without -W prints at most 22 bytes of address and port, and the colon between them:
 * 2001:db8:1111:2222:3333:4444:5555:6666:443 becomes 2001:db8:1111:2222::443. An end of exactly 23
 * bytes may be such a cut one, whatever it looks like. */
static bool
netstat_cut(struct text token, struct observation *o)
{
	enum { WIDTH = 23 };

	(void)o;
	return token.n == WIDTH && is_ipv6_text(token);
}

/* localhost:smtp where 127.0.0.1:25 was due */
static bool
host_name(struct text token, struct observation *o)
{
	const char *colon = token.n > 0 ? memrchr(token.s, ':', token.n) : NULL;
	struct addr a;

	(void)o;
	if (colon)
		token.n = (size_t)(colon - token.s);
	for (size_t i = 0; i < token.n; i++)
		if (strchr("[]*%:", token.s[i]))
			return false;
	return token.n > 0 && !is_ipv6_text(token) && !addr_parse(token, &a);
}

void
observation_turn(struct observation *o)
{
	const uint32_t near = HAS_BYTES_NEAR | HAS_PACKETS_NEAR;
	const uint32_t far = HAS_BYTES_FAR | HAS_PACKETS_FAR;
	struct counters *c = &o->counters;
	struct observation was = *o;

	_Static_assert(HAS_BYTES_FAR == HAS_BYTES_NEAR << 1, "far is behind near");
	_Static_assert(HAS_PACKETS_FAR == HAS_PACKETS_NEAR << 1, "far is behind near");
	o->near = was.far;
	o->far = was.near;
	o->near_nat = was.far_nat;
	o->far_nat = was.near_nat;
	o->near_iface = was.far_iface;
	o->far_iface = was.near_iface;
	c->bytes_near = was.counters.bytes_far;
	c->bytes_far = was.counters.bytes_near;
	c->packets_near = was.counters.packets_far;
	c->packets_far = was.counters.packets_near;
	c->has = (c->has & ~(near | far)) | (c->has & near) << 1 | (c->has & far) >> 1;
	if (o->starter != STARTER_UNKNOWN)
		o->starter = o->starter == STARTER_NEAR ? STARTER_FAR : STARTER_NEAR;
}

void
observation_ends_here(struct observation *o)
{
	o->scope = SCOPE_SELF;
	o->near_iface = o->far_iface = (struct text){ 0 };
}

/* What one record says only once, asked before the line that says it is read. */
static bool
far_unset(struct text token, struct observation *o)
{
	(void)token;
	return o->far.addr.family == 0;
}

static bool
far_set(struct text token, struct observation *o)
{
	(void)token;
	return o->far.addr.family != 0;
}

/* The same row from its other end. */
static bool
turned(struct text token, struct observation *o)
{
	(void)token;
	observation_turn(o);
	return true;
}

static bool
near_unset(struct text token, struct observation *o)
{
	(void)token;
	return o->near.addr.family == 0;
}

/* One word for both: the protocol, or the application on top of it. */
static bool
proto_or_app(struct text token, struct observation *o)
{
	if (!proto_parse(token, &o->proto))
		o->app = token;
	return true;
}

/* Of a log: the destination, read as far_nat, is the far end until a translated one stands beside
 * it. A record without both ends is none of a session. */
static bool
record_ends(struct text token, struct observation *o)
{
	(void)token;
	if (o->far.addr.family == 0) {
		o->far = o->far_nat;
		o->far_nat = (struct endpoint){ 0 };
	}
	return o->near.addr.family != 0 && o->far.addr.family != 0;
}

/* 10.1.0.0/24: of a translation of networks of one length, whose host parts stay. */
static bool
take_net(struct text token, struct endpoint *e, struct observation *o)
{
	struct prefix p;

	if (!memchr(token.s, '/', token.n) || prefix_parse(token, &p, NULL, 0) != 0 ||
	    (o->nets && o->bits != p.length))
		return false;
	o->nets = true;
	o->bits = p.length;
	e->addr = p.addr;
	return true;
}

static bool
net_real(struct text token, struct observation *o)
{
	return take_net(token, &o->near, o);
}

static bool
net_mapped(struct text token, struct observation *o)
{
	return take_net(token, &o->near_nat, o);
}

/* --- the time of a record: its words are taken one by one, o->more.time spans them --------------
 */

static bool
begins_with(struct text token, const char *names, size_t n)
{
	for (size_t i = 0; token.n >= 3 && i < n; i++)
		if (memcmp(token.s, names + 3 * i, 3) == 0)
			return true;
	return false;
}

/* One more word of the time. */
static bool
time_on(struct text token, struct observation *o)
{
	struct text *time = &o->more.time;

	if (time->n == 0)
		time->s = token.s;
	time->n = (size_t)(token.s + token.n - time->s);
	return true;
}

static bool
time_weekday(struct text token, struct observation *o)
{
	return token.n == 3 && begins_with(token, "MonTueWedThuFriSatSun", 7) && time_on(token, o);
}

/* Nov, or the <182>Nov of a message that still has its priority */
static bool
time_month(struct text token, struct observation *o)
{
	const char *end = token.n > 3 && token.s[0] == '<' ? memchr(token.s, '>', token.n) : NULL;

	if (end)
		token = (struct text){ end + 1, (size_t)(token.s + token.n - end - 1) };
	return token.n == 3 && begins_with(token, "JanFebMarAprMayJunJulAugSepOctNovDec", 12) &&
	       time_on(token, o);
}

/* 2026-11-21, 2026/11/21, 2026-11-21T23:32:15.125+01:00 */
static bool
time_day(struct text token, struct observation *o)
{
	return token.n >= 10 && (token.s[4] == '-' || token.s[4] == '/') &&
	       token.s[7] == token.s[4] && token.s[0] >= '1' && token.s[0] <= '9' &&
	       time_on(token, o);
}

static bool
time_clock(struct text token, struct observation *o)
{
	return token.n >= 8 && token.s[2] == ':' && token.s[5] == ':' && time_on(token, o);
}

static bool
time_zone(struct text token, struct observation *o)
{
	return (token.s[0] == '+' || token.s[0] == '-' || text_is(token, "Z")) && token.n <= 6 &&
	       time_on(token, o);
}

static bool
time_year(struct text token, struct observation *o)
{
	uint64_t year;

	return token.n == 4 && text_number(token, 2999, &year) && year >= 1970 && time_on(token, o);
}

static const struct function functions[] = {
	{ "far_set", far_set },
	{ "far_unset", far_unset },
	{ "host_name", host_name },
	{ "near_unset", near_unset },
	{ "proto_or_app", proto_or_app },
	{ "net_mapped", net_mapped },
	{ "net_real", net_real },
	{ "netstat_cut", netstat_cut },
	{ "record_ends", record_ends },
	{ "turn", turned },
	{ "time_on", time_on },
	{ "time_weekday", time_weekday },
	{ "time_month", time_month },
	{ "time_day", time_day },
	{ "time_clock", time_clock },
	{ "time_zone", time_zone },
	{ "time_year", time_year },
	{ NULL, NULL },
};

pattern_function *
function_find(const struct function *own, struct text name)
{
	const struct function *lists[] = { own, functions };

	for (unsigned i = 0; i < 2; i++)
		for (const struct function *f = lists[i]; f && f->name; f++)
			if (text_is(name, f->name))
				return f->call;
	return NULL;
}
