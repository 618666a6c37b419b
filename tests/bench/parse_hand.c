/* The same lines, each read by C written for it alone: what an engineer would write who has one
 * format to read, who checks what he reads, and who wants it fast. */
#include "tests/bench/parse.h"

uint64_t
sum_bytes(uint64_t sum, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + (unsigned char)s[i];
	return sum;
}

uint64_t
sum_end(const uint8_t *bytes, unsigned family, uint16_t port)
{
	uint64_t a, b;

	memcpy(&a, bytes, sizeof a);
	memcpy(&b, bytes + 8, sizeof b);
	return (a * 3 + b) * 31 + family * 65536u + port;
}

static uint64_t
sum_row(const struct hand_row *r)
{
	uint64_t sum = r->proto;

	sum = sum * 31 + sum_end(r->near.bytes, r->near.family, r->near.port);
	sum = sum * 31 + sum_end(r->far.bytes, r->far.family, r->far.port);
	sum = sum * 31 + sum_end(r->near_nat.bytes, r->near_nat.family, r->near_nat.port);
	sum = sum * 31 + sum_end(r->far_nat.bytes, r->far_nat.family, r->far_nat.port);
	sum = sum * 31 + r->left + r->age * 7u + r->packets_near * 11 + r->bytes_near * 13 +
	      r->packets_far * 17 + r->bytes_far * 19;
	return sum_bytes(sum, r->state, r->state_n);
}

static inline const char *
blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

static inline const char *
to_blank(const char *p)
{
	while (*p != ' ' && *p != '\n')
		p++;
	return p;
}

static inline const char *
number(const char *p, uint64_t *value)
{
	uint64_t v = 0;

	if ((unsigned)(*p - '0') > 9)
		return NULL;
	while ((unsigned)(*p - '0') <= 9)
		v = v * 10 + (unsigned)(*p++ - '0');
	*value = v;
	return p;
}

static inline const char *
port(const char *p, uint16_t *value)
{
	uint64_t v;

	p = number(p, &v);
	if (p == NULL || v > 65535)
		return NULL;
	*value = (uint16_t)v;
	return p;
}

static inline const char *
ipv4(const char *p, struct hand_end *e)
{
	for (int i = 0; i < 4; i++) {
		unsigned v = (unsigned)(*p - '0');

		if (v > 9)
			return NULL;
		for (p++; (unsigned)(*p - '0') <= 9; p++)
			v = v * 10 + (unsigned)(*p - '0');
		if (v > 255 || (i < 3 && *p++ != '.'))
			return NULL;
		e->bytes[i] = (uint8_t)v;
	}
	e->family = 4;
	return p;
}

static inline const char *
end(const char *p, char separator, struct hand_end *e)
{
	p = ipv4(p, e);
	if (p == NULL || *p != separator)
		return NULL;
	return port(p + 1, &e->port);
}

static inline const char *
literal(const char *p, const char *text, size_t n)
{
	return memcmp(p, text, n) == 0 ? p + n : NULL;
}
#define LITERAL(p, text) literal(p, text, sizeof(text) - 1)

/* 7FE47500DA50  10.1.1.1.179               192.0.2.2.24849              ESTAB */
static const char *
tcp_brief(const char *p, struct hand_row *r)
{
	for (; (unsigned)(*p - '0') <= 9 || (unsigned)(*p - 'A') <= 5; p++)
		;
	if (*p != ' ' || (p = end(blanks(p), '.', &r->near)) == NULL ||
	    (p = end(blanks(p), '.', &r->far)) == NULL)
		return NULL;
	r->state = blanks(p);
	p = to_blank(r->state);
	r->state_n = (size_t)(p - r->state);
	r->proto = PROTO_TCP;
	return p;
}

static const char *
proto(const char *p, uint16_t *value)
{
	if (memcmp(p, "tcp ", 4) == 0)
		*value = PROTO_TCP;
	else if (memcmp(p, "udp ", 4) == 0)
		*value = PROTO_UDP;
	else
		return NULL;
	return blanks(p + 3);
}

/* tcp  192.0.2.1:11012    10.1.1.89:11012    198.51.100.2:23    198.51.100.2:23 */
static const char *
nat(const char *p, struct hand_row *r)
{
	if ((p = proto(p, &r->proto)) == NULL || (p = end(p, ':', &r->near_nat)) == NULL ||
	    (p = end(blanks(p), ':', &r->near)) == NULL ||
	    (p = end(blanks(p), ':', &r->far_nat)) == NULL ||
	    (p = end(blanks(p), ':', &r->far)) == NULL)
		return NULL;
	if (r->far.port == r->far_nat.port && memcmp(r->far.bytes, r->far_nat.bytes, 4) == 0)
		r->far_nat = (struct hand_end){ 0 };
	if (r->near.port == r->near_nat.port && memcmp(r->near.bytes, r->near_nat.bytes, 4) == 0)
		r->near_nat = (struct hand_end){ 0 };
	return p;
}

static const char *
tuple(const char *p, struct hand_end *src, struct hand_end *dst, uint64_t *packets, uint64_t *bytes)
{
	if ((p = LITERAL(p, "src=")) == NULL || (p = ipv4(p, src)) == NULL ||
	    (p = LITERAL(p, " dst=")) == NULL || (p = ipv4(p, dst)) == NULL ||
	    (p = LITERAL(p, " sport=")) == NULL || (p = port(p, &src->port)) == NULL ||
	    (p = LITERAL(p, " dport=")) == NULL || (p = port(p, &dst->port)) == NULL ||
	    (p = LITERAL(p, " packets=")) == NULL || (p = number(p, packets)) == NULL ||
	    (p = LITERAL(p, " bytes=")) == NULL || (p = number(p, bytes)) == NULL)
		return NULL;
	return *p == ' ' ? p + 1 : NULL;
}

/* What stands behind the tuples: words, one of which is the age. */
static const char *
tail(const char *p, struct hand_row *r)
{
	uint64_t v;

	for (; *p != '\n'; p = blanks(to_blank(p))) {
		if (memcmp(p, "delta-time=", 11) != 0)
			continue;
		if (number(p + 11, &v) == NULL)
			return NULL;
		r->age = (uint32_t)v;
	}
	return p;
}

/* ipv4     2 tcp      6 431931 ESTABLISHED src= dst= sport= dport= packets= bytes= src= ... */
static const char *
conntrack(const char *p, struct hand_row *r)
{
	uint64_t v;

	if ((p = LITERAL(p, "ipv4     2 ")) == NULL)
		return NULL;
	p = blanks(to_blank(p));
	if ((p = number(p, &v)) == NULL || v > 255)
		return NULL;
	r->proto = (uint16_t)v;
	if ((p = number(blanks(p), &v)) == NULL)
		return NULL;
	r->left = (uint32_t)v;
	p = blanks(p);
	if ((unsigned)(*p - 'A') < 26) {
		r->state = p;
		p = to_blank(p);
		r->state_n = (size_t)(p - r->state);
		p = blanks(p);
	}
	if ((p = tuple(p, &r->near, &r->far_nat, &r->packets_near, &r->bytes_near)) == NULL ||
	    (p = tuple(p, &r->far, &r->near_nat, &r->packets_far, &r->bytes_far)) == NULL)
		return NULL;
	if (r->far.port == r->far_nat.port && memcmp(r->far.bytes, r->far_nat.bytes, 4) == 0)
		r->far_nat = (struct hand_end){ 0 };
	if (r->near.port == r->near_nat.port && memcmp(r->near.bytes, r->near_nat.bytes, 4) == 0)
		r->near_nat = (struct hand_end){ 0 };
	return tail(p, r);
}

/* tcp   ESTAB 0      0             10.1.1.1:44319        203.0.113.10:443    users:((...)) */
static const char *
ss(const char *p, struct hand_row *r)
{
	uint64_t v;

	if ((p = proto(p, &r->proto)) == NULL)
		return NULL;
	r->state = p;
	p = to_blank(p);
	r->state_n = (size_t)(p - r->state);
	if ((p = number(blanks(p), &v)) == NULL || (p = number(blanks(p), &v)) == NULL ||
	    (p = end(blanks(p), ':', &r->near)) == NULL ||
	    (p = end(blanks(p), ':', &r->far)) == NULL)
		return NULL;
	return p;
}

static inline uint64_t
all(const char *s, size_t n, unsigned *rows, const char *header, const char *total,
    const char *(*one)(const char *, struct hand_row *))
{
	uint64_t sum = 0;

	*rows = 0;
	for (const char *p = s, *stop = s + n, *eol; p < stop; p = eol + 1) {
		struct hand_row row = { 0 };

		eol = memchr(p, '\n', (size_t)(stop - p));
		if (eol == NULL)
			return 0;
		if ((header != NULL && memcmp(p, header, strlen(header)) == 0) ||
		    (total != NULL && memcmp(p, total, strlen(total)) == 0))
			continue;
		if (one(p, &row) == NULL)
			return 0;
		sum += sum_row(&row);
		++*rows;
	}
	return sum;
}

uint64_t
hand_tcp_brief(const char *s, size_t n, unsigned *rows)
{
	return all(s, n, rows, "TCB ", NULL, tcp_brief);
}

uint64_t
hand_nat(const char *s, size_t n, unsigned *rows)
{
	return all(s, n, rows, "Pro ", "Total ", nat);
}

uint64_t
hand_conntrack(const char *s, size_t n, unsigned *rows)
{
	return all(s, n, rows, NULL, NULL, conntrack);
}

uint64_t
hand_ss(const char *s, size_t n, unsigned *rows)
{
	return all(s, n, rows, NULL, NULL, ss);
}
