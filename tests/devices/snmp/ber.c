#include <string.h>

#include "tests/devices/snmp/snmpdev.h"

bool
in_take(struct in *in, uint8_t tag, struct in *inside)
{
	const uint8_t *at = in->at;
	size_t n;

	if (in->end - at < 2 || *at++ != tag)
		return false;
	n = *at++;
	if (n > 127) {
		unsigned more = n & 127;

		if (more > 3 || in->end - at < (ptrdiff_t)more)
			return false;
		for (n = 0; more > 0; more--)
			n = n << 8 | *at++;
	}
	if ((size_t)(in->end - at) < n)
		return false;
	*inside = (struct in){ at, at + n };
	in->at = at + n;
	return true;
}

bool
in_number(struct in *in, int64_t *number)
{
	struct in value;
	uint64_t n;

	if (!in_take(in, T_INTEGER, &value) || value.at == value.end || value.end - value.at > 8)
		return false;
	n = *value.at & 0x80 ? UINT64_MAX : 0;
	while (value.at < value.end)
		n = n << 8 | *value.at++;
	*number = (int64_t)n;
	return true;
}

bool
in_oid(struct in *in, uint32_t oid[static OID_MOST], unsigned *n)
{
	struct in value;

	if (!in_take(in, T_OID, &value))
		return false;
	for (*n = 0; value.at < value.end && *n < OID_MOST; ++*n) {
		uint32_t part = 0;

		while (value.at < value.end && *value.at & 0x80)
			part = part << 7 | (*value.at++ & 0x7f);
		if (value.at == value.end)
			return false;
		part = part << 7 | *value.at++;
		if (*n == 0) { /* the first byte holds two */
			oid[(*n)++] = part < 80 ? part / 40 : 2;
			part -= oid[0] * 40;
		}
		oid[*n] = part;
	}
	return value.at == value.end;
}

void
out_bytes(struct out *out, const void *bytes, size_t n)
{
	if ((size_t)(out->at - out->start) < n) {
		out->full = true;
		return;
	}
	out->at -= n;
	if (n > 0)
		memcpy(out->at, bytes, n);
}

static void
out_byte(struct out *out, unsigned byte)
{
	uint8_t b = (uint8_t)byte;

	out_bytes(out, &b, 1);
}

void
out_head(struct out *out, uint8_t tag, const uint8_t *end)
{
	size_t n = (size_t)(end - out->at), left = n;

	if (n < 128) {
		out_byte(out, (unsigned)n);
	} else {
		unsigned bytes = 0;

		for (; left > 0; left >>= 8, bytes++)
			out_byte(out, left & 255);
		out_byte(out, 0x80 | bytes);
	}
	out_byte(out, tag);
}

void
out_number(struct out *out, uint8_t tag, uint64_t number)
{
	const uint8_t *end = out->at;
	unsigned byte;

	do {
		byte = number & 255;
		out_byte(out, byte);
		number >>= 8;
	} while (number > 0);
	if (byte & 0x80)
		out_byte(out, 0);
	out_head(out, tag, end);
}

void
out_oid(struct out *out, const uint32_t *oid, unsigned n)
{
	const uint8_t *end = out->at;

	for (unsigned i = n; i > 1; i--) {
		uint32_t part = i == 2 ? oid[0] * 40 + oid[1] : oid[i - 1];

		for (unsigned more = 0; part > 0 || more == 0; part >>= 7, more = 0x80)
			out_byte(out, (part & 0x7f) | more);
	}
	out_head(out, T_OID, end);
}

void
out_octets(struct out *out, const void *bytes, size_t n)
{
	const uint8_t *end = out->at;

	out_bytes(out, bytes, n);
	out_head(out, T_OCTETS, end);
}
