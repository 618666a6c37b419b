#include "base/addr.h"

#include <endian.h>
#include <string.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }; /* ::ffff:0:0/96 */

static unsigned
digit(const char *p)
{
	return (unsigned char)*p - (unsigned)'0';
}

/* Four decimal parts as a number in host order. Returns where they end, or NULL. Finding the ends
 * of the parts four bytes at a time was measured: no faster, and slower on repeated addresses. */
static inline const char *
read_ipv4(const char *p, const char *end, uint32_t *address)
{
	uint32_t all = 0;

	for (int i = 0;; i++) {
		unsigned v, d;

		if (p == end || (v = digit(p)) > 9)
			return NULL;
		if (++p < end && (d = digit(p)) <= 9) {
			if (v == 0)
				return NULL;
			v = v * 10 + d;
			if (++p < end && (d = digit(p)) <= 9) {
				v = v * 10 + d;
				if (v > 255 || (++p < end && digit(p) <= 9))
					return NULL;
			}
		}
		all = all << 8 | v;
		if (i == 3) {
			*address = all;
			return p;
		}
		if (p == end || *p++ != '.')
			return NULL;
	}
}

/* The value of a hex digit and 1; 0 for all other bytes. */
static const uint8_t hex[256] = {
	['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16,
};

static bool
is_hex(const char *p)
{
	return hex[(unsigned char)*p] != 0;
}

/* One to four hex digits with no fifth behind them. Returns where they end, or NULL. */
static const char *
read_group(const char *p, const char *end, unsigned *group)
{
	const char *start = p;
	unsigned v = 0, d;

	for (; p < end && (d = hex[(unsigned char)*p]) != 0; p++) {
		if (p - start == 4)
			return NULL;
		v = v << 4 | (d - 1);
	}
	*group = v;
	return p > start ? p : NULL;
}

struct groups {
	uint8_t bytes[16];
	int n;   /* bytes read */
	int gap; /* bytes before the "::"; -1 while there is none */
};

static int
room(const struct groups *g)
{
	return (g->gap < 0 ? 16 : 14) - g->n; /* "::" stands for one group at least */
}

/* The groups and the "::". Returns where they end: a colon belongs to the address only together
 * with the group behind it, so that "2001:db8::1:" ends before its last colon. */
static const char *
read_groups(const char *p, const char *end, struct groups *g)
{
	const char *last = NULL, *after;
	unsigned v;

	if (end - p >= 2 && p[0] == ':' && p[1] == ':') {
		g->gap = 0;
		last = p += 2;
	}
	while (room(g) > 0 && (after = read_group(p, end, &v)) != NULL) {
		if (after < end && *after == '.' && room(g) >= 4) {
			uint32_t tail;
			const char *quad = read_ipv4(p, end, &tail);

			if (quad != NULL) {
				tail = htobe32(tail);
				memcpy(g->bytes + g->n, &tail, 4);
				g->n += 4;
				return quad;
			}
		}
		g->bytes[g->n++] = (uint8_t)(v >> 8);
		g->bytes[g->n++] = (uint8_t)v;
		last = after;
		if (after == end || *after != ':')
			return last;
		p = after + 1;
		if (p == end || *p != ':')
			continue;
		if (g->gap >= 0 || g->n == 16)
			return last;
		g->gap = g->n;
		last = ++p;
	}
	/* Digits that directly follow the "::" are part of it or there is no address. */
	return last == p && p < end && is_hex(p) ? NULL : last;
}

static const char *
read_ipv6(const char *p, const char *end, uint8_t out[static 16])
{
	struct groups g = { .gap = -1 };

	p = read_groups(p, end, &g);
	if (p == NULL || (g.gap < 0 && g.n < 16))
		return NULL;
	size_t head = g.gap < 0 ? 16 : (size_t)g.gap;
	size_t tail = (size_t)g.n - head;

	memset(out, 0, 16);
	memcpy(out, g.bytes, head);
	memcpy(out + 16 - tail, g.bytes + head, tail);
	return p;
}

struct addr
addr_from_ipv4(uint32_t host_order)
{
	struct addr a = { .family = 4 };

	host_order = htobe32(host_order);
	memcpy(a.bytes, &host_order, 4);
	return a;
}

static const char *
take_ipv6(const char *p, const char *end, struct addr *a)
{
	struct addr r = { .family = 6 };

	p = read_ipv6(p, end, r.bytes);
	if (p == NULL)
		return NULL;
	if (memcmp(r.bytes, mapped, sizeof mapped) == 0) {
		r.family = 4;
		memcpy(r.bytes, r.bytes + 12, 4);
		memset(r.bytes + 4, 0, 12);
	}
	*a = r;
	return p;
}

bool
addr_take(struct text *cursor, struct addr *a)
{
	const char *start = cursor->s;
	size_t n = cursor->n;
	uint32_t ipv4;

	if (n < 2)
		return false;
	const char *p = read_ipv4(start, start + n, &ipv4);

	if (p != NULL)
		*a = addr_from_ipv4(ipv4);
	else if ((p = take_ipv6(start, start + n, a)) == NULL)
		return false;
	cursor->s = p;
	cursor->n = n - (size_t)(p - start);
	return true;
}

bool
addr_parse(struct text t, struct addr *a)
{
	struct addr r;

	if (!addr_take(&t, &r) || t.n != 0)
		return false;
	*a = r;
	return true;
}

uint32_t
addr_ipv4(const struct addr *a)
{
	return (uint32_t)a->bytes[0] << 24 | (uint32_t)a->bytes[1] << 16 |
	       (uint32_t)a->bytes[2] << 8 | a->bytes[3];
}

static char *
put_decimal(char *out, unsigned v)
{
	char digits[5];
	int n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	while (n > 0)
		*out++ = digits[--n];
	return out;
}

static char *
put_ipv4(char *out, const uint8_t bytes[static 4])
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*out++ = '.';
		out = put_decimal(out, bytes[i]);
	}
	return out;
}

static char *
put_group(char *out, unsigned group)
{
	int shift = 12;

	while (shift > 0 && group >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*out++ = "0123456789abcdef"[group >> shift & 15];
	return out;
}

/* The first of the longest runs of zero groups, if it has two or more (RFC 5952, 4.2). */
static int
longest_zeros(const unsigned groups[static 8], int *length)
{
	int best = -1, run = 0;

	*length = 1;
	for (int i = 0; i < 8; i++) {
		run = groups[i] == 0 ? run + 1 : 0;
		if (run > *length) {
			*length = run;
			best = i - run + 1;
		}
	}
	return best;
}

static char *
put_ipv6(char *out, const uint8_t bytes[static 16])
{
	unsigned groups[8];
	int length;

	if (memcmp(bytes, mapped, sizeof mapped) == 0) {
		memcpy(out, "::ffff:", 7);
		return put_ipv4(out + 7, bytes + 12);
	}
	for (int i = 0; i < 8; i++)
		groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
	int zeros = longest_zeros(groups, &length);

	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			*out++ = ':';
			i += length - 1;
			if (i == 7)
				*out++ = ':';
			continue;
		}
		if (i > 0)
			*out++ = ':';
		out = put_group(out, groups[i]);
	}
	return out;
}

static char *
put_addr(char *out, const struct addr *a)
{
	if (a->family == 4)
		return put_ipv4(out, a->bytes);
	if (a->family == 6)
		return put_ipv6(out, a->bytes);
	*out++ = '-';
	return out;
}

const char *
addr_format(const struct addr *a, char out[static ADDR_TEXT])
{
	*put_addr(out, a) = '\0';
	return out;
}

const char *
endpoint_format(const struct endpoint *e, char out[static ENDPOINT_TEXT])
{
	bool brackets = e->has_port && e->addr.family == 6;
	char *p = out;

	if (brackets)
		*p++ = '[';
	p = put_addr(p, &e->addr);
	if (brackets)
		*p++ = ']';
	if (e->has_port) {
		*p++ = ':';
		p = put_decimal(p, e->port);
	}
	*p = '\0';
	return out;
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof *a);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool
endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return addr_equal(&a->addr, &b->addr) && a->has_port == b->has_port &&
	       (!a->has_port || a->port == b->port);
}

bool
addr_is_any(const struct addr *a)
{
	static const uint8_t zeros[16];

	return a->family != 0 && memcmp(a->bytes, zeros, sizeof zeros) == 0;
}

bool
addr_is_special(const struct addr *a)
{
	static const uint8_t loopback6[16] = { [15] = 1 };
	const uint8_t *b = a->bytes;

	if (a->family == 4)
		return b[0] == 0 || b[0] == 127 || b[0] >= 224 || (b[0] == 169 && b[1] == 254);
	if (a->family == 6)
		return b[0] == 0xff || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) || addr_is_any(a) ||
		       memcmp(b, loopback6, sizeof loopback6) == 0;
	return true;
}
