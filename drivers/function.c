/* The named functions of patterns: what needs arithmetic. Pure: no I/O, no state. */
#include "drivers/pattern.h"

/* A connection from the box to itself passes through nothing: its end is the box, and the end that
 * answers comes first. */
static bool
one_box(struct text token, struct observation *o)
{
	struct endpoint end = o->near;

	(void)token;
	if (o->near.addr.family == 0 || !addr_equal(&o->near.addr, &o->far.addr))
		return true;
	o->near = o->far;
	o->far = end;
	end = o->near_nat;
	o->near_nat = o->far_nat;
	o->far_nat = end;
	o->scope = SCOPE_HOST;
	if (o->starter != STARTER_UNKNOWN)
		o->starter = o->starter == STARTER_NEAR ? STARTER_FAR : STARTER_NEAR;
	return true;
}

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

/* The flags of an ASA connection: letters, then the marks of other engines ("UxIO N1"). Of TCP they
 * say who began: B the outer end, else the inner one. */
static bool
asa_flags(struct text token, struct observation *o)
{
	enum { LONGEST = 40 };
	bool first = true;

	(void)token;
	if (o->state.n > LONGEST)
		return false;
	if (o->proto == PROTO_TCP)
		o->starter = STARTER_NEAR;
	for (size_t i = 0; i < o->state.n; i++) {
		char c = o->state.s[i], small = c | 0x20;

		if ((small < 'a' || small > 'z') && (c < '0' || c > '9') && c != '-' && c != ' ')
			return false;
		first &= c != ' ';
		if (c == 'B' && first && o->proto == PROTO_TCP)
			o->starter = STARTER_FAR;
	}
	return true;
}

/* "Initiator: 203.0.113.90" says more than the flags: on a box whose interfaces have one security
 * level nothing is outer. */
static bool
asa_initiator(struct text token, struct observation *o)
{
	struct addr a;

	if (!addr_parse(token, &a))
		return false;
	if (addr_equal(&o->near.addr, &o->far.addr))
		return true;
	if (addr_equal(&a, &o->far.addr))
		o->starter = STARTER_FAR;
	else if (addr_equal(&a, &o->near.addr))
		o->starter = STARTER_NEAR;
	return true;
}

/* An interface and the colon behind it: its name may hold colons too, "MPLS:MPLS(MPLS):". */
static bool
iface_colon(struct text token, struct text *iface)
{
	if (token.n < 2 || token.s[token.n - 1] != ':')
		return false;
	*iface = (struct text){ token.s, token.n - 1 };
	return true;
}

static bool
far_iface_colon(struct text token, struct observation *o)
{
	return iface_colon(token, &o->far_iface);
}

static bool
near_iface_colon(struct text token, struct observation *o)
{
	return iface_colon(token, &o->near_iface);
}

static const struct {
	const char *name;
	pattern_function *call;
} functions[] = {
	{ "asa_flags", asa_flags },
	{ "asa_initiator", asa_initiator },
	{ "far_iface_colon", far_iface_colon },
	{ "host_name", host_name },
	{ "near_iface_colon", near_iface_colon },
	{ "netstat_cut", netstat_cut },
	{ "one_box", one_box },
};

pattern_function *
pattern_function_find(struct text name)
{
	for (unsigned i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (text_is(name, functions[i].name))
			return functions[i].call;
	return NULL;
}
