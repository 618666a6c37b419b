/* Reading replies, measured: the same bytes by the driver engine, by C written by hand for one
 * line, and by what bounds both. */
#ifndef GATEBOOK_TESTS_BENCH_PARSE_H
#define GATEBOOK_TESTS_BENCH_PARSE_H

#include "base/record.h"

struct bytes {
	char *s;
	size_t n, capacity;
	unsigned lines;
};

/* --- inputs: n lines of made-up rows, always the same ones --- */
typedef void make_reply(struct bytes *out, unsigned n);
make_reply make_tcp_brief, make_nat, make_conntrack, make_ss, make_xml;

/* --- by hand: every line to a struct hand_row, given to hand_sum --- */

/* What all readers extract. An end of family 0 was not printed. */
struct hand_end {
	uint8_t family;
	uint8_t bytes[16];
	uint16_t port;
};

struct hand_row {
	struct hand_end near, far, near_nat, far_nat;
	uint16_t proto;
	uint32_t left, age;
	uint64_t packets_near, bytes_near, packets_far, bytes_far;
	const char *state;
	size_t state_n;
};

/* The sum over all rows, which must be equal for every reader. Returns 0 for a line it cannot read.
 */
typedef uint64_t hand_read(const char *s, size_t n, unsigned *rows);
hand_read hand_tcp_brief, hand_nat, hand_conntrack, hand_ss;

uint64_t sum_end(const uint8_t *bytes, unsigned family, uint16_t port);
uint64_t sum_bytes(uint64_t sum, const char *s, size_t n);

#endif
