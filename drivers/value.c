#include "drivers/value.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct text
cut(struct text t, size_t from, size_t to)
{
	return (struct text){ t.s + from, to - from };
}

/* The words that stand for "no address", at the cursor; longer ones first. */
static bool
take_wildcard(struct text *cursor)
{
	static const char *const wildcards[] = { "*", "--any--", "--listen--", "---", "--", "any6",
		"any", NULL };

	for (unsigned i = 0; wildcards[i]; i++)
		if (text_take(cursor, wildcards[i]))
			return true;
	return false;
}

/* 127.0.0.53%lo -> 127.0.0.53 and lo */
static struct text
without_scope(struct text token, struct text *scope)
{
	const char *mark = token.n > 0 ? memchr(token.s, '%', token.n) : NULL;

	if (!mark)
		return token;
	*scope = (struct text){ mark + 1, token.n - (size_t)(mark + 1 - token.s) };
	return (struct text){ token.s, (size_t)(mark - token.s) };
}

bool
value_addr(struct text token, struct addr *a, struct text *scope)
{
	struct text addr = without_scope(token, scope);

	*a = (struct addr){ 0 };
	if (addr_parse(addr, a))
		return true;
	return take_wildcard(&addr) && addr.n == 0;
}

/* ssh, ftp-data, ipv6-icmp */
static bool
is_service(struct text token)
{
	if (token.n == 0 || token.n > LIMIT_NAME || !is_letter(token.s[0]))
		return false;
	for (size_t i = 1; i < token.n; i++)
		if (!is_letter(token.s[i]) && !is_digit(token.s[i]) && !strchr("-_+", token.s[i]))
			return false;
	return true;
}

bool
value_port(struct text token, struct endpoint *e, struct text *service)
{
	uint64_t port;

	if (text_number(token, UINT16_MAX, &port)) {
		e->has_port = true;
		e->port = (uint16_t)port;
		return true;
	}
	if (text_is(token, "*") || text_is(token, "---") || text_is(token, "any"))
		return true;
	if (!is_service(token))
		return false;
	*service = token;
	return true;
}

/* [2001:db8::1]:443  [fe80::1]%eth0:546  [2001:db8::1] */
static bool
bracketed(struct text token, struct value_end *v)
{
	const char *close = memchr(token.s, ']', token.n);
	struct text rest;

	if (!close ||
	    !value_addr(cut(token, 1, (size_t)(close - token.s)), &v->end.addr, &v->scope))
		return false;
	rest = cut(token, (size_t)(close + 1 - token.s), token.n);
	if (rest.n > 0 && rest.s[0] == '%') {
		const char *colon = memrchr(rest.s, ':', rest.n);
		size_t n = colon ? (size_t)(colon - rest.s) : rest.n;

		v->scope = cut(rest, 1, n);
		rest = cut(rest, n, rest.n);
	}
	if (rest.n == 0)
		return true;
	return strchr(":./", rest.s[0]) && rest.s[0] != '\0' &&
	       value_port(cut(rest, 1, rest.n), &v->end, &v->service);
}

/* 192.0.2.1(443)  2001:db8::1[443] */
static bool
enclosed(struct text token, char open, struct value_end *v)
{
	const char *mark = memrchr(token.s, open, token.n);
	size_t n;

	if (!mark || mark == token.s)
		return false;
	n = (size_t)(mark - token.s);
	return value_addr(cut(token, 0, n), &v->end.addr, &v->scope) &&
	       value_port(cut(token, n + 1, token.n - 1), &v->end, &v->service);
}

/* 192.0.2.1:443  192.0.2.1.443  192.0.2.1/443  2001:db8::1.443  *:ssh  fe80::1%eth0:22 */
static bool
separated(struct text token, struct value_end *v)
{
	size_t i = token.n;

	while (i > 0 && !strchr(":./", token.s[i - 1]))
		i--;
	if (i < 2)
		return false;
	return value_addr(cut(token, 0, i - 1), &v->end.addr, &v->scope) &&
	       value_port(cut(token, i, token.n), &v->end, &v->service);
}

bool
value_endpoint(struct text token, struct value_end *v)
{
	char last;

	*v = (struct value_end){ 0 };
	if (token.n == 0 || memchr(token.s, '\0', token.n))
		return false;
	last = token.s[token.n - 1];
	if (token.s[0] == '[')
		return bracketed(token, v);
	if (last == ')' || last == ']')
		return enclosed(token, last == ')' ? '(' : '[', v);
	if (separated(token, v))
		return true;
	*v = (struct value_end){ 0 };
	return value_addr(token, &v->end.addr, &v->scope);
}

bool
value_proto(struct text token, uint16_t *proto)
{
	if (token.n > 0 && token.s[0] == '-' && take_wildcard(&token))
		*proto = PROTO_NONE;
	else if (text_is_nocase(token, "any"))
		*proto = PROTO_ANY;
	else if (text_is_nocase(token, "raw") || text_is_nocase(token, "raw6"))
		*proto = PROTO_RAW;
	else
		return proto_parse(token, proto);
	return true;
}

/* Seconds of a unit, by its first letter; 0 when it is none. The unit may be written out. */
static uint64_t
take_unit(struct text *w)
{
	static const struct {
		char letter;
		uint32_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 },
		{ 'y', 31536000 } };

	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (w->n == 0 || (w->s[0] | 0x20) != units[i].letter)
			continue;
		while (w->n > 0 && is_letter(w->s[0]))
			*w = cut(*w, 1, w->n);
		return units[i].seconds;
	}
	return 0;
}

bool
value_duration(struct text w, uint32_t *seconds, bool *known)
{
	enum { LARGEST = 1000000000 };
	uint64_t total = 0, part = 0, v, unit;
	unsigned colons = 0;

	*seconds = 0;
	*known = false;
	if (w.n == 0)
		return false;
	if (text_is(w, "-") || text_is_nocase(w, "never") || text_is_nocase(w, "none"))
		return true;
	*known = true;
	while (w.n > 0) {
		if (text_take_char(&w, ':') && ++colons > 3)
			return false;
		if (text_take_char(&w, '-'))
			*known = false;
		if (!text_take_number(&w, LARGEST, &v))
			return false;
		part = part * 60 + v;
		if (w.n > 0 && w.s[0] == ':')
			continue;
		unit = take_unit(&w);
		if (unit == 0 && w.n > 0)
			return false;
		total += unit > 0 ? part * unit : part;
		part = 0;
	}
	*seconds = total < UINT32_MAX ? (uint32_t)total : UINT32_MAX;
	return true;
}

/* Three digits and no fourth behind a separator: 1,234,567 */
static bool
thousands(struct text t, char separator)
{
	return t.n >= 4 && t.s[0] == separator && is_digit(t.s[1]) && is_digit(t.s[2]) &&
	       is_digit(t.s[3]) && (t.n == 4 || !is_digit(t.s[4]));
}

bool
value_counter(struct text *cursor, bool spaced, uint64_t *value)
{
	struct text t = *cursor;
	uint64_t v, part;

	if (!text_take_number(&t, UINT64_MAX, &v))
		return false;
	while (thousands(t, ',') || (spaced && thousands(t, ' '))) {
		t = cut(t, 1, t.n);
		if (!text_take_number(&t, 999, &part) || v > (UINT64_MAX - part) / 1000)
			return false;
		v = v * 1000 + part;
	}
	*cursor = t;
	*value = v;
	return true;
}

static int
hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
value_hex(struct text token, uint64_t most, uint64_t *value)
{
	uint64_t v = 0;

	if (token.n == 0)
		return false;
	for (size_t i = 0; i < token.n; i++) {
		int digit = hex_digit(token.s[i]);

		if (digit < 0 || v > most >> 4)
			return false;
		v = v << 4 | (uint64_t)digit;
	}
	*value = v;
	return v <= most;
}

bool
value_hex_addr(struct text token, bool native, struct addr *a)
{
	enum { IPV4 = 8, IPV6 = 32 };
	uint64_t four;

	*a = (struct addr){ .family = token.n == IPV4 ? 4 : 6 };
	if (token.n != IPV4 && token.n != IPV6)
		return false;
	for (size_t i = 0; i < token.n; i += 8) {
		if (!value_hex(cut(token, i, i + 8), UINT32_MAX, &four))
			return false;
		for (unsigned k = 0; k < 4; k++)
			a->bytes[i / 2 + k] = (uint8_t)(four >> (native ? 8 * k : 24 - 8 * k));
	}
	return true;
}

bool
value_scaled(struct text *cursor, uint64_t *value)
{
	static const char units[] = "KMG";
	uint64_t v;

	if (!text_take_number(cursor, UINT64_MAX / 1000000000, &v))
		return false;
	for (unsigned i = 0, times = 1000; units[i]; i++, times *= 1000)
		if (text_take_char(cursor, units[i])) {
			v *= times;
			break;
		}
	*value = v;
	return true;
}
