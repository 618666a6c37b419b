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

static const struct {
	const char *name;
	pattern_function *call;
} functions[] = {
	{ "host_name", host_name },
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
