/* Numbers in 1 to 10 bytes, seven bits each, the lowest first; the high bit says that more follow.
 */
#ifndef GATEBOOK_STORE_VARINT_H
#define GATEBOOK_STORE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VARINT_MAX = 10 };

static inline uint8_t *
varint_put(uint8_t *out, uint64_t n)
{
	while (n >= 0x80) {
		*out++ = (uint8_t)n | 0x80;
		n >>= 7;
	}
	*out++ = (uint8_t)n;
	return out;
}

/* Takes one at *at; false when it runs over `end` or over 64 bits. */
static inline bool
varint_take(const uint8_t **at, const uint8_t *end, uint64_t *n)
{
	const uint8_t *p = *at;
	uint64_t value = 0;

	for (unsigned shift = 0; p < end && shift < 64; shift += 7) {
		uint8_t byte = *p++;
		if (shift == 63 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*at = p;
			*n = value;
			return true;
		}
	}
	return false;
}

/* Signed numbers near 0 as small unsigned ones: 0, -1, 1, -2 ... become 0, 1, 2, 3 ... */
static inline uint64_t
zigzag(int64_t n)
{
	return ((uint64_t)n << 1) ^ (uint64_t)(n >> 63);
}

static inline int64_t
unzigzag(uint64_t n)
{
	return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

#endif
