/* The filter language of the questions (gatebook-filter(7)): text to a condition.
 *
 *   int net 10.1.0.0/16 and (port 22,3389 or ext host @iocs.txt) and not device lab-*
 *
 * The grammar is query/grammar.y. One tree has two readings, which the tests hold against each
 * other: SQL over the views of store/read.h, and a yes or no about one row. */
#ifndef GATEBOOK_QUERY_FILTER_H
#define GATEBOOK_QUERY_FILTER_H

#include "query/target.h"
#include "store/read.h"

struct filter;

/* Reads the text. utc: times without an offset are UTC, not local. Returns NULL with err (exit
 * EXIT_USAGE): the text, a caret under what is wrong, and what to write instead. */
struct filter *filter_parse(const char *text, bool utc, struct error *err);
void filter_free(struct filter *f);

/* How many of the words, from the first on, stand before the filter: addresses, prefixes, @FILE.
 * "203.0.113.9 and port 443" is one of them, and a filter that begins with `and`. */
int filter_begins(int n, char *const *words);

/* One row as the filter sees it. What is empty, of family 0 or negative is missing. */
struct filter_row {
	struct addr inside, outside, in_nat, out_nat;
	int32_t in_port, out_port, in_nat_port, out_nat_port;
	int32_t proto;
	uint8_t initiator, scope; /* enums of base/record.h */
	int64_t bytes_out, bytes_in, bytes_total, packets_out, packets_in;
	int64_t polls, start_by, end_from, end_by; /* seconds since 1970 */
	struct text device, site, platform, place, state, app, user, in_iface, out_iface;
};

/* A row with everything missing. */
struct filter_row filter_row_empty(void);

/* A value that is missing never matches, and neither does its opposite: as NULL in SQL. */
enum filter_truth { FILTER_FALSE, FILTER_TRUE, FILTER_MISSING };
enum filter_truth filter_judge(const struct filter *f, const struct filter_row *row);

/* Learns from the store which devices the filter's names, sites and platforms stand for. To be
 * called before the filter is made SQL. Returns 0, or -1 with err. */
int filter_resolve(struct filter *f, struct reader *r, struct error *err);

/* The words of the language, for `gatebook fields` and the manual: calls each() in the order of the
 * table. */
void filter_fields(void (*each)(const char *word, const char *sides, const char *values,
		       const char *help, void *arg),
    void *arg);

#endif
