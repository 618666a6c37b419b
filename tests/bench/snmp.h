/* The CPU of walking a table: ours beside what one writes by hand with the same library. */
#ifndef GATEBOOK_TESTS_BENCH_SNMP_H
#define GATEBOOK_TESTS_BENCH_SNMP_H

#include <stdint.h>

enum { BARE_COLUMNS = 3 };

struct sum {
	uint64_t varbinds, rows, requests;
};

/* Walks the columns (dotted, up to BARE_COLUMNS of them) side by side: GETBULK after GETBULK of a
 * single session, sized as mibs/walk.c sizes them; nothing is checked and nothing kept. Ends the
 * program when the agent does not answer. */
void bare_walk(const char *address, uint16_t port, const char *const *columns, struct sum *sum);

#endif
