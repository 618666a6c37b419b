#include "mibs/field.h"

#include "base/prefix.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct observation, member)

static const struct {
	const char *name;
	uint8_t kind;
	uint16_t at, has;
} names[] = {
	{ "_", FIELD_NOTHING, 0, 0 },
	{ "app", FIELD_TEXT, AT(app), 0 },
	{ "bytes.far", FIELD_COUNTER, AT(counters.bytes_far), HAS_BYTES_FAR },
	{ "bytes.near", FIELD_COUNTER, AT(counters.bytes_near), HAS_BYTES_NEAR },
	{ "bytes", FIELD_COUNTER, AT(counters.bytes_total), HAS_BYTES_TOTAL },
	{ "far.addr", FIELD_ADDR, AT(far), 0 },
	{ "far.iface", FIELD_TEXT, AT(far_iface), 0 },
	{ "far.port", FIELD_PORT, AT(far), 0 },
	{ "far_nat.addr", FIELD_ADDR, AT(far_nat), 0 },
	{ "far_nat.port", FIELD_PORT, AT(far_nat), 0 },
	{ "from", FIELD_TEXT, AT(more.from), 0 },
	{ "host", FIELD_TEXT, AT(more.host), 0 },
	{ "kind", FIELD_TEXT, AT(more.kind), 0 },
	{ "left", FIELD_SECONDS, AT(counters.left), HAS_LEFT },
	{ "mac", FIELD_MAC, AT(mac), 0 },
	{ "near.addr", FIELD_ADDR, AT(near), 0 },
	{ "near.iface", FIELD_TEXT, AT(near_iface), 0 },
	{ "near.port", FIELD_PORT, AT(near), 0 },
	{ "near_nat.addr", FIELD_ADDR, AT(near_nat), 0 },
	{ "near_nat.port", FIELD_PORT, AT(near_nat), 0 },
	{ "network", FIELD_NETWORK, AT(more.network), 0 },
	{ "packets.far", FIELD_COUNTER, AT(counters.packets_far), HAS_PACKETS_FAR },
	{ "packets.near", FIELD_COUNTER, AT(counters.packets_near), HAS_PACKETS_NEAR },
	{ "place", FIELD_TEXT, AT(place), 0 },
	{ "proto", FIELD_PROTO, AT(proto), 0 },
	{ "remote", FIELD_TEXT, AT(more.remote), 0 },
	{ "state", FIELD_TEXT, AT(state), 0 },
	{ "total", FIELD_TOTAL, 0, 0 },
	{ "up", FIELD_TICKS, AT(counters.age), HAS_AGE },
	{ "user", FIELD_TEXT, AT(user), 0 },
	{ "vlan", FIELD_TEXT, AT(more.vlan), 0 },
};

static const char *const shapes[] = { "", "inet", "ipv4", "six", "string", "nat", "rest" };

bool
field_take(struct text *cursor, struct field *field, struct error *err)
{
	struct text inside, name;
	bool found = false;

	*field = (struct field){ 0 };
	if (!text_take_char(cursor, '{') || !text_take_until(cursor, '}', &inside)) {
		error_set(err, "a {field} is wanted");
		return false;
	}
	if (!text_take_until(&inside, ':', &name)) {
		name = inside;
		inside.n = 0;
	}
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(name, names[i].name)) {
			field->kind = names[i].kind;
			field->at = names[i].at;
			field->has = names[i].has;
			found = true;
		}
	for (uint8_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (text_is(inside, shapes[i])) {
			field->shape = i;
			if (found)
				return true;
		}
	error_set(err, "no field {%.*s}", (int)name.n, name.s);
	return false;
}

static bool
put_text(
    struct observation *o, const struct field *f, struct field_room *room, const char *s, size_t n)
{
	char *at = room->text + room->used;

	if (n > sizeof(room->text) - room->used)
		return false;
	memcpy(at, s, n);
	room->used += n;
	*(struct text *)((char *)o + f->at) = (struct text){ at, n };
	return true;
}

static bool
put_mac(
    struct observation *o, const struct field *f, struct field_room *room, const uint8_t bytes[6])
{
	static const char digits[] = "0123456789abcdef";
	char text[6 * 3];

	for (unsigned i = 0; i < 6; i++) {
		text[i * 3] = digits[bytes[i] >> 4];
		text[i * 3 + 1] = digits[bytes[i] & 15];
		text[i * 3 + 2] = ':';
	}
	return put_text(o, f, room, text, sizeof(text) - 1);
}

static bool
put_digits(struct observation *o, const struct field *f, struct field_room *room, uint64_t number)
{
	char text[20];
	size_t at = sizeof(text);

	do
		text[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	return put_text(o, f, room, text + at, sizeof(text) - at);
}

/* The bytes of an address: 4, 16, with a zone (RFC 4001) 8, 20; none is the unspecified one. */
static bool
put_addr(struct observation *o, const struct field *f, const uint8_t *bytes, size_t n)
{
	struct endpoint *e = (struct endpoint *)((char *)o + f->at);

	if (f->kind == FIELD_NOTHING)
		return true;
	e->addr = (struct addr){ .family = 0 };
	switch (n) {
	case 0: return true;
	case 4:
	case 8:
		e->addr.family = 4;
		memcpy(e->addr.bytes, bytes, 4);
		return true;
	case 16:
	case 20:
		e->addr.family = 6;
		memcpy(e->addr.bytes, bytes, 16);
		return true;
	default: return false;
	}
}

static bool
put_number(struct observation *o, const struct field *f, struct field_room *room, uint64_t number)
{
	struct endpoint *e = (struct endpoint *)((char *)o + f->at);

	switch (f->kind) {
	case FIELD_NOTHING: return true;
	case FIELD_PORT:
		if (number > UINT16_MAX)
			return false;
		e->port = (uint16_t)number;
		e->has_port = true;
		return true;
	case FIELD_PROTO:
		if (number > UINT8_MAX)
			return false;
		o->proto = (uint16_t)number;
		return true;
	case FIELD_TEXT: return put_digits(o, f, room, number);
	case FIELD_COUNTER:
		*(uint64_t *)((char *)o + f->at) = number;
		o->counters.has |= f->has;
		return true;
	case FIELD_TICKS: number /= 100; /* fall through */
	case FIELD_SECONDS:
		*(uint32_t *)((char *)o + f->at) = number < UINT32_MAX ? (uint32_t)number
								       : UINT32_MAX;
		o->counters.has |= f->has;
		return true;
	default: return false;
	}
}

/* The network of the row's address, of that many bits. */
static bool
put_network(struct observation *o, const struct field *f, struct field_room *room, unsigned bits)
{
	struct prefix p = { .addr = o->near.addr, .length = (uint8_t)bits };
	char text[ADDR_TEXT + 4];

	if (p.addr.family == 0 || bits > (p.addr.family == 4 ? 32 : 128))
		return false;
	for (unsigned i = bits; i < 8 * sizeof(p.addr.bytes); i++)
		p.addr.bytes[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
	prefix_format(&p, text);
	return put_text(o, f, room, text, strlen(text));
}

static bool
put_mask(
    struct observation *o, const struct field *f, struct field_room *room, const uint8_t bytes[4])
{
	uint32_t mask = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
			(uint32_t)bytes[2] << 8 | bytes[3];

	/* Ones, then zeros (RFC 4293, ipAdEntNetMask). */
	return (~mask & (~mask + 1)) == 0 &&
	       put_network(o, f, room, (unsigned)__builtin_popcount(mask));
}

/* The sub-identifiers of a value. */
static unsigned
points_at(const struct varbind *v, uint32_t oid[static LIMIT_OID])
{
	unsigned n = (unsigned)(v->bytes.n / sizeof(*oid));

	n = n < LIMIT_OID ? n : LIMIT_OID;
	memcpy(oid, v->bytes.s ? v->bytes.s : "", n * sizeof(*oid));
	return n;
}

/* Dotted. */
static bool
put_oid(
    struct observation *o, const struct field *f, struct field_room *room, const struct varbind *v)
{
	uint32_t oid[LIMIT_OID];
	unsigned n = points_at(v, oid);
	char text[LIMIT_OID * 11 + 1];
	size_t used = 0;

	for (unsigned i = 0; i < n; i++)
		used += (size_t)snprintf(
		    text + used, sizeof(text) - used, "%s%u", i ? "." : "", oid[i]);
	return put_text(o, f, room, text, used);
}

/* A pointer to a row of ipAddressPrefixTable, whose last number is the length; 0.0: to none. */
static bool
put_prefix(
    struct observation *o, const struct field *f, struct field_room *room, const struct varbind *v)
{
	static const uint32_t table[] = { 1, 3, 6, 1, 2, 1, 4, 32, 1 };
	enum { TABLE = sizeof(table) / sizeof(table[0]) };
	uint32_t oid[LIMIT_OID];
	unsigned n = points_at(v, oid);

	if (n <= TABLE || oid_compare(oid, TABLE, table, TABLE) != 0)
		return true;
	return put_network(o, f, room, oid[n - 1]);
}

/* n sub-identifiers that are octets. */
static bool
take_octets(const uint32_t *index, unsigned n, unsigned *at, uint8_t *bytes, unsigned want)
{
	uint32_t all = 0;

	if (want > n - *at)
		return false;
	index += *at;
	*at += want;
	for (unsigned i = 0; i < want; i++) {
		all |= index[i];
		bytes[i] = (uint8_t)index[i];
	}
	return all <= UINT8_MAX;
}

static bool
take_string(const struct field *field, const uint32_t *index, unsigned n, unsigned *at,
    struct observation *o, struct field_room *room)
{
	uint8_t bytes[LIMIT_OID];
	uint32_t length;

	if (*at == n)
		return false;
	length = index[(*at)++];
	if (length > sizeof(bytes) || !take_octets(index, n, at, bytes, length))
		return false;
	return field->kind == FIELD_NOTHING ||
	       put_text(o, field, room, (const char *)bytes, length);
}

/* none(1), other(2), icmp(3), udp(4), tcp(5) (RFC 4008) */
static bool
put_nat_proto(struct observation *o, uint32_t number)
{
	static const uint16_t protos[] = { 0, PROTO_NONE, PROTO_NONE, PROTO_ICMP, PROTO_UDP,
		PROTO_TCP };

	if (number == 0 || number >= sizeof(protos) / sizeof(protos[0]))
		return false;
	o->proto = protos[number];
	return true;
}

bool
field_from_index(const struct field *field, const uint32_t *index, unsigned n, unsigned *at,
    struct observation *o, struct field_room *room)
{
	uint8_t bytes[20];
	uint32_t type, length;

	switch (field->shape) {
	case SHAPE_ONE: return *at < n && put_number(o, field, room, index[(*at)++]);
	case SHAPE_REST: *at = n; return true;
	case SHAPE_SIX:
		return take_octets(index, n, at, bytes, 6) && put_mac(o, field, room, bytes);
	case SHAPE_IPV4: return take_octets(index, n, at, bytes, 4) && put_addr(o, field, bytes, 4);
	case SHAPE_STRING: return take_string(field, index, n, at, o, room);
	case SHAPE_NAT: return *at < n && put_nat_proto(o, index[(*at)++]);
	case SHAPE_INET: break;
	default: return false;
	}
	if (n - *at < 2)
		return false;
	type = index[(*at)++];
	length = index[(*at)++];
	/* unknown(0), ipv4(1), ipv6(2), ipv4z(3), ipv6z(4) */
	if (type > 4 || length > sizeof(bytes))
		return false;
	return take_octets(index, n, at, bytes, length) && put_addr(o, field, bytes, length);
}

bool
field_from_value(const struct field *field, const struct varbind *v, struct observation *o,
    struct field_room *room, uint64_t *total)
{
	const uint8_t *bytes = (const uint8_t *)v->bytes.s;

	switch (v->type) {
	case VALUE_NUMBER:
		if (field->kind == FIELD_TOTAL) {
			*total = v->number;
			return true;
		}
		return put_number(o, field, room, v->number);
	case VALUE_BYTES:
		if (field->kind == FIELD_MAC)
			return v->bytes.n == 0 ||
			       (v->bytes.n == 6 && put_mac(o, field, room, bytes));
		if (field->kind == FIELD_TEXT)
			return put_text(o, field, room, v->bytes.s, v->bytes.n);
		if (field->kind == FIELD_ADDR)
			return put_addr(o, field, bytes, v->bytes.n);
		return field->kind == FIELD_NOTHING;
	case VALUE_ADDR:
		if (field->kind == FIELD_ADDR)
			return v->bytes.n == 4 && put_addr(o, field, bytes, 4);
		if (field->kind == FIELD_NETWORK)
			return v->bytes.n == 4 && put_mask(o, field, room, bytes);
		return field->kind == FIELD_NOTHING;
	case VALUE_OID:
		if (field->kind == FIELD_TEXT)
			return put_oid(o, field, room, v);
		if (field->kind == FIELD_NETWORK)
			return put_prefix(o, field, room, v);
		return field->kind == FIELD_NOTHING;
	case VALUE_NONE: return field->kind == FIELD_NOTHING;
	}
	return false;
}
