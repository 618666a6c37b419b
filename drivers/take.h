/* The smallest takers: blanks, words, digits, dotted quads. They get where the line stands and
 * where it ends; the byte behind it is a control byte, at which every run of digits, blanks or
 * other bytes ends by itself: most loops do not ask for the end. Only match.c includes this file.
 */
#ifndef GATEBOOK_DRIVERS_TAKE_H
#define GATEBOOK_DRIVERS_TAKE_H

#include <endian.h>
#include <stddef.h>

#include "drivers/pattern.h"

static inline bool
is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Words end at blanks and control bytes, and where the pattern says. */
static inline bool
is_edge(const char *p, const struct step *s)
{
	return (unsigned char)*p <= ' ' || *p == s->stop || *p == s->stop2;
}

/* Columns are padded: eight blanks at once where the line has so many bytes left. */
static inline const char *
skip_blanks(const char *p, const char *end)
{
	uint64_t bytes;

	while (is_blank(*p)) {
		if (end - p < 8) {
			p++;
			continue;
		}
		memcpy(&bytes, p, sizeof(bytes));
		bytes = le64toh(bytes) ^ 0x2020202020202020;
		if (bytes == 0)
			p += 8;
		else
			p += *p == '\t' ? 1 : __builtin_ctzll(bytes) / 8;
	}
	return p;
}

/* To the next blank or control byte. A byte of those is at most 0x20: eight are tried at once. */
static inline const char *
to_edge(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	uint64_t bytes, low;

	for (; end - p >= 8; p += 8) {
		memcpy(&bytes, p, sizeof(bytes));
		bytes = le64toh(bytes);
		low = (bytes - 0x21 * ones) & ~bytes & tops;
		if (low != 0)
			return p + __builtin_ctzll(low) / 8;
	}
	while ((unsigned char)*p > ' ')
		p++;
	return p;
}

static inline const char *
word_end(const char *p, const char *end, const struct step *s)
{
	const char stop = s->stop, stop2 = s->stop2;

	if (stop == 0)
		return to_edge(p, end);
	while ((unsigned char)*p > ' ' && *p != stop && *p != stop2)
		p++;
	return p;
}

/* Eight bytes of which the first n (1 to 7) are digits, as a number: pairs, fours, eight. */
static inline uint64_t
eight_digits(uint64_t bytes, unsigned n)
{
	bytes = bytes << (64 - 8 * n) & 0x0f0f0f0f0f0f0f0f;
	bytes = bytes * (10 * 0x100 + 1) >> 8 & 0x00ff00ff00ff00ff;
	bytes = bytes * (100 * 0x10000 + 1) >> 16 & 0x0000ffff0000ffff;
	return bytes * (10000 * 0x100000000 + 1) >> 32;
}

/* One to 18 digits, which cannot overflow. How many there are differs from line to line and no
 * processor guesses it: up to seven are read without a branch. */
static inline const char *
take_digits(const char *p, const char *end, uint64_t *value)
{
	enum { DIGITS = 18 };
	const char *start = p;
	uint64_t v = 0, bytes, other;

	if (end - p >= 8) {
		memcpy(&bytes, p, sizeof(bytes));
		bytes = le64toh(bytes);
		other = bytes ^ 0x3030303030303030;
		other = ((other & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | other;
		other &= 0x8080808080808080;
		if (other & 0x80)
			return NULL;
		if (other != 0) {
			unsigned n = (unsigned)__builtin_ctzll(other) / 8;

			*value = eight_digits(bytes, n);
			return p + n;
		}
	}
	for (; is_digit(*p); p++)
		v = v * 10 + (uint64_t)(*p - '0');
	*value = v;
	return p > start && p - start <= DIGITS ? p : NULL;
}

/* A dotted quad as addr_take reads it: parts of 0 to 255 without leading zeros. NULL: none here,
 * or one that addr_take has to judge. */
static inline const char *
take_ipv4(const char *p, uint32_t *address)
{
	uint32_t all = 0;

	for (int i = 0;; i++) {
		unsigned v = (unsigned)(*p - '0'), d;

		if (v > 9)
			return NULL;
		if ((d = (unsigned)(*++p - '0')) <= 9) {
			if (v == 0)
				return NULL;
			v = v * 10 + d;
			if ((d = (unsigned)(*++p - '0')) <= 9) {
				v = v * 10 + d;
				if (v > 255 || is_digit(*++p))
					return NULL;
			}
		}
		all = all << 8 | v;
		if (i == 3)
			break;
		if (*p++ != '.')
			return NULL;
	}
	*address = htobe32(all);
	return p;
}

static inline void
put_ipv4(struct addr *a, uint32_t address)
{
	*a = (struct addr){ .family = 4 };
	memcpy(a->bytes, &address, sizeof(address));
}

#endif
