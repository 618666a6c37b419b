#include "drivers/value.h"

#include "drivers/take.h"

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

/* Where the groups of an IPv6 address end, as bits, and what its digits are worth: with four bytes
 * in front, as a group is read from its end. */
struct groups {
	uint64_t ends;
	char worth[4 + 3 * sizeof(block)];
};

/* Groups of one to four digits, an end between any two. Returns how many bytes they fill; 0: none,
 * one that is empty or too long, or more than eight. */
static unsigned
take_groups(const struct groups *g, unsigned from, unsigned to, char bytes[static 16])
{
	uint64_t ends = (g->ends | UINT64_C(1) << to) >> from;
	unsigned n = 0;

	while (from < to) {
		unsigned length = (unsigned)__builtin_ctzll(ends);
		uint32_t digits;

		if (length - 1 > 3 || n == 16)
			return 0;
		memcpy(&digits, g->worth + from + length, sizeof(digits));
		digits = be32toh(digits) & UINT32_MAX >> (32 - 8 * length);
		digits |= digits >> 4;
		bytes[n++] = (char)(digits >> 16);
		bytes[n++] = (char)digits;
		from += length + 1;
		ends >>= length + 1;
	}
	return from == to + 1 ? n : 0;
}

const char *
value_ipv6(const char *p, const char *end, struct addr *a)
{
	static const char mapped[12] = { [10] = '\xff', [11] = '\xff' };
	struct groups g;
	char head[16] = { 0 }, tail[32] = { 0 }; /* of tail the second half is read into */
	unsigned n = 0, run, at, n_head, n_tail;
	uint64_t gap;
	block all;

	g.ends = 0;
	memset(g.worth, 0, 4);
	do {
		block bytes = block_at(p + n);
		block_mask letters = (bytes | 0x20) - 'a' <= 5, colons = bytes == ':';
		block worth = (bytes & 15) + ((block)letters & 9);

		memcpy(g.worth + 4 + n, &worth, sizeof(worth));
		g.ends |= (uint64_t)block_bits(colons) << n;
		run = run_of(letters | colons | (bytes - '0' <= 9));
		n += run;
	} while (run == sizeof(block) && n < 3 * sizeof(block));
	if (n > (size_t)(end - p))
		n = (unsigned)(end - p);
	g.ends &= (UINT64_C(1) << n) - 1;
	if (g.ends == 0)
		return NULL;
	gap = g.ends & g.ends >> 1;
	at = gap != 0 ? (unsigned)__builtin_ctzll(gap) : n;
	n_head = take_groups(&g, 0, at, head);
	n_tail = at + 2 < n ? take_groups(&g, at + 2, n, tail + 16) : 0;
	if ((at > 0 && n_head == 0) || (at + 2 < n && n_tail == 0) ||
	    (gap == 0 ? n_head < 16 : n_head + n_tail > 14))
		return NULL;
	all = block_at(tail + n_tail) | block_at(head);
	a->family = 6;
	memcpy(a->bytes, &all, sizeof(all));
	if (memcmp(a->bytes, mapped, sizeof(mapped)) == 0)
		return NULL; /* an IPv4 one */
	return p + n;
}

/* The words that stand for "no address", at the cursor; longer ones first. */
static bool
take_wildcard(struct text *cursor)
{
	static const char *const wildcards[] = { "*", "--any--", "--listen--", "---", "--", "any6",
		"any", NULL };

	for (unsigned i = 0; wildcards[i] && cursor->n > 0; i++)
		if (wildcards[i][0] == cursor->s[0] && text_take(cursor, wildcards[i]))
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
	const char *end = addr.s + addr.n;

	*a = (struct addr){ 0 };
	if (addr.n == 0)
		return false;
	if (take_ipv4(addr.s, a) == end || value_ipv6(addr.s, end, a) == end || addr_parse(addr, a))
		return true;
	*a = (struct addr){ 0 };
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

static bool
is_separator(char c)
{
	return c == ':' || c == '.' || c == '/';
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
	return is_separator(rest.s[0]) && value_port(cut(rest, 1, rest.n), &v->end, &v->service);
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

	while (i > 0 && !is_separator(token.s[i - 1]))
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
	if (token.n == 0 || token.s[0] != '-' || !take_wildcard(&token))
		return proto_parse(token, proto);
	*proto = PROTO_NONE;
	return true;
}

/* Seconds of a unit, by its first letter, which may stand for the whole word; 0: none. */
static uint32_t
unit_seconds(char letter)
{
	switch (letter | 0x20) {
	case 's': return 1;
	case 'm': return 60;
	case 'h': return 3600;
	case 'd': return 86400;
	case 'w': return 604800;
	case 'y': return 31536000;
	default: return 0;
	}
}

bool
value_duration(struct text w, uint32_t *seconds, bool *known)
{
	enum { LARGEST = 1000000000 };
	const char *p = w.s, *end = w.s + w.n;
	uint64_t total = 0, part = 0, v;
	unsigned colons = 0;
	uint32_t unit;

	*seconds = 0;
	*known = false;
	if (w.n == 0)
		return false;
	if (!is_digit(*p) &&
	    (text_is(w, "-") || text_is_nocase(w, "never") || text_is_nocase(w, "none")))
		return true;
	*known = true;
	while (p < end) {
		if (*p == ':' && (p++, ++colons > 3))
			return false;
		if (*p == '-') {
			*known = false;
			p++;
		}
		p = take_digits(p, &v);
		if (!p || v > LARGEST)
			return false;
		part = part * 60 + v;
		if (*p == ':' && p < end)
			continue;
		unit = p < end ? unit_seconds(*p) : 1;
		if (unit == 0)
			return false;
		while (p < end && is_letter(*p))
			p++;
		total += part * unit;
		part = 0;
	}
	*seconds = total < UINT32_MAX ? (uint32_t)total : UINT32_MAX;
	return p == end;
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
		part = (uint64_t)(t.s[1] - '0') * 100 + (uint64_t)(t.s[2] - '0') * 10 +
		       (uint64_t)(t.s[3] - '0');
		if (v > (UINT64_MAX - part) / 1000)
			return false;
		v = v * 1000 + part;
		t = cut(t, 4, t.n);
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
