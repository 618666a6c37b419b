/* The smallest takers: blanks, words, digits, dotted quads. They get where the line stands and
 * return where it stands then. The byte behind a line is a control byte, at which every run of
 * digits, blanks or other bytes ends by itself: none of them asks for the end of the line. The
 * bytes behind that (PATTERN_PAD) may be looked at, never taken. */
#ifndef GATEBOOK_DRIVERS_TAKE_H
#define GATEBOOK_DRIVERS_TAKE_H

#include <endian.h>
#include <stddef.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "drivers/pattern.h"

/* Sixteen bytes, looked at together. */
typedef uint8_t block __attribute__((vector_size(16)));
typedef int8_t block_mask __attribute__((vector_size(16))); /* what a comparison gives */
_Static_assert(sizeof(block) <= PATTERN_PAD, "a block may begin at the byte behind a line");

static inline block
block_at(const char *p)
{
	block bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return bytes;
}

/* One bit a byte, the lowest for the first. */
static inline uint32_t
block_bits(block_mask m)
{
#ifdef __SSE2__
	return (uint32_t)_mm_movemask_epi8((__m128i)m);
#else
	const uint64_t tops = 0x8080808080808080, gather = 0x0002040810204081;
	uint64_t half[2];

	memcpy(half, &m, sizeof(half));
	return (uint32_t)((le64toh(half[0]) & tops) * gather >> 56 |
			  ((le64toh(half[1]) & tops) * gather >> 56) << 8);
#endif
}

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

/* How many bytes of a block, from its first on, are what the mask says. */
static inline unsigned
run_of(block_mask m)
{
	return (unsigned)__builtin_ctz(~block_bits(m));
}

/* Columns are padded: sixteen blanks at once. */
static inline const char *
skip_blanks(const char *p)
{
	unsigned run;

	do {
		block bytes = block_at(p);

		run = run_of((bytes == ' ') | (bytes == '\t'));
		p += run;
	} while (run == sizeof(block));
	return p;
}

/* To the next blank or control byte. */
static inline const char *
to_edge(const char *p)
{
	unsigned run;

	do {
		run = run_of(block_at(p) > ' ');
		p += run;
	} while (run == sizeof(block));
	return p;
}

/* To the next control byte but a tab, or to the end. */
static inline const char *
to_control(const char *p, const char *end)
{
	unsigned run;

	do {
		block bytes = block_at(p);

		run = run_of((bytes >= ' ') | (bytes == '\t'));
		p += run;
	} while (run == sizeof(block) && p < end);
	return p < end ? p : end;
}

static inline const char *
word_end(const char *p, const struct step *s)
{
	const char stop = s->stop, stop2 = s->stop2;

	if (stop == 0)
		return to_edge(p);
	while ((unsigned char)*p > ' ' && *p != stop && *p != stop2)
		p++;
	return p;
}

/* Behind a word that nobody reads: only blanks end it, not the control bytes within. */
static inline const char *
word_end_any(const char *p, const char *end)
{
	do
		p = to_edge(p);
	while (p < end && !is_blank(*p) && ++p);
	return p;
}

/* The quote that closes the one at p; a backslash takes the byte behind it along. NULL: none. */
static inline const char *
quotes_end(const char *p, const char *end)
{
	while (++p < end && *p != '"')
		if ((unsigned char)*p < ' ' || (*p == '\\' && ++p == end))
			return NULL;
	return p < end ? p : NULL;
}

/* The same where a value (behind = or :) may stand in quotes; NULL: they do not close. */
static inline const char *
quoted_word_end(const char *p, const char *end)
{
	for (const char *start = p; p < end && !is_blank(*p); p++)
		if (*p == '"' && p > start && (p[-1] == '=' || p[-1] == ':') &&
		    !(p = quotes_end(p, end)))
			return NULL;
	return p;
}

/* Eight digits, as bytes of 0 to 9, as a number: pairs, fours, eight. */
static inline uint64_t
eight_digits(uint64_t bytes)
{
	bytes = bytes * (10 * 0x100 + 1) >> 8 & 0x00ff00ff00ff00ff;
	bytes = bytes * (100 * 0x10000 + 1) >> 16 & 0x0000ffff0000ffff;
	return bytes * (10000 * 0x100000000 + 1) >> 32;
}

/* One to 18 digits, which cannot overflow. How many there are differs from line to line and no
 * processor guesses it: up to seven are read without a branch. */
static __always_inline const char *
take_digits(const char *p, uint64_t *value)
{
	enum { DIGITS = 18 };
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	const char *start = p;
	uint64_t v = 0, bytes, other;

	memcpy(&bytes, p, sizeof(bytes));
	bytes = le64toh(bytes) - '0' * ones;
	/* The top bit of all bytes but 0 to 9; what they carry over comes behind the first. */
	other = (bytes | (bytes + ('0' + 0x46) * ones)) & tops;
	if (other & 0x80)
		return NULL;
	if (other != 0) {
		unsigned bit = (unsigned)__builtin_ctzll(other); /* 8 n + 7 for n digits */

		*value = eight_digits(bytes << 8 << (63 - bit));
		return p + bit / 8;
	}
	for (; is_digit(*p); p++)
		v = v * 10 + (uint64_t)(*p - '0');
	*value = v;
	return p - start <= DIGITS ? p : NULL;
}

static inline void
put_ipv4(struct addr *a, uint32_t address)
{
	const uint32_t bytes[4] = { address };

	a->family = 4;
	memcpy(a->bytes, bytes, sizeof(bytes));
}

#ifdef __SSE2__
/* Each byte becomes the value of the number that ends there, if that has one to three digits, all
 * of them in the block. *over: a bit where that value is over 255. */
static inline __m128i
numbers_ending(__m128i digits, __m128i are_digits, uint32_t *over)
{
	const __m128i two = _mm_set1_epi8(2);
	__m128i ones = _mm_and_si128(digits, are_digits);
	__m128i tens = _mm_and_si128(_mm_slli_si128(ones, 1), are_digits);
	__m128i hundreds = _mm_and_si128(_mm_slli_si128(tens, 1), are_digits);
	/* Two bytes a multiplication: what belongs to an address stays within its byte. */
	__m128i sum = _mm_add_epi8(_mm_add_epi8(ones, _mm_mullo_epi16(tens, _mm_set1_epi16(10))),
	    _mm_mullo_epi16(hundreds, _mm_set1_epi16(100)));

	/* 200 to 255 have the top bit; what went over has lost it. */
	*over = (uint32_t)_mm_movemask_epi8(_mm_or_si128(
	    _mm_cmpgt_epi8(hundreds, two), _mm_andnot_si128(sum, _mm_cmpeq_epi8(hundreds, two))));
	return sum;
}

/* A dotted quad as addr_take reads it: parts of 0 to 255 without leading zeros. NULL: none here, or
 * one that addr_take has to judge. There is no branch on how many digits a part has, which differs
 * from line to line and which no processor guesses. Bits stand for bytes. The values lie in *a
 * until the four that count are picked: an array here would cost a check of the stack. */
static __always_inline const char *
take_ipv4(const char *p, struct addr *a)
{
	uint32_t digits, ends, starts, rest, first, second, third, fourth, within, bad, address;
	__m128i bytes, are_digits, values;

	bytes = _mm_loadu_si128((const __m128i *)p);
	are_digits = (__m128i)((block)bytes - '0' <= 9);
	digits = (uint32_t)_mm_movemask_epi8(are_digits);
	rest = ends = ~digits;
	starts = ends << 1 | 1;
	first = (uint32_t)__builtin_ctz(rest);
	second = (uint32_t)__builtin_ctz(rest &= rest - 1);
	third = (uint32_t)__builtin_ctz(rest &= rest - 1);
	fourth = (uint32_t)__builtin_ctz(rest &= rest - 1);
	within = rest ^ (rest - 1); /* up to the byte behind the fourth part */
	values = numbers_ending(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), are_digits, &bad);
	bad |= ends & starts;                                          /* an empty part */
	bad |= block_bits((block)bytes == '0') & starts & digits >> 1; /* a leading zero */
	bad |= (ends ^ block_bits((block)bytes == '.')) & within >> 1;
	digits &= digits >> 2;
	bad |= digits & digits >> 1; /* four digits */
	if (bad & within)
		return NULL;
	_mm_storeu_si128((__m128i *)a->bytes, values);
	address = (uint32_t)a->bytes[first - 1] | (uint32_t)a->bytes[second - 1] << 8 |
		  (uint32_t)a->bytes[third - 1] << 16 | (uint32_t)a->bytes[fourth - 1] << 24;
	put_ipv4(a, address);
	return p + fourth;
}
#else
static inline const char *
take_ipv4(const char *p, struct addr *a)
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
	put_ipv4(a, htobe32(all));
	return p;
}
#endif

#endif
