/* The table-valued functions over packed sessions:
 *
 *   packed_sessions(sessions, start, first, gap) -> number, other, attribute, in_nat_port,
 *       out_nat_port, start_after, start_by, end_from, end_by, polls, bytes_out, bytes_in,
 *       bytes_total, packets_out, packets_in
 *   packed_summary(sessions, start, first, gap) -> n, first_after, first_by, last_from, last_by,
 *       bytes
 *
 * start is seal.start, first and gap stand in the contact's vantage. */
#ifndef GATEBOOK_STORE_PACKED_H
#define GATEBOOK_STORE_PACKED_H

#include <sqlite3.h>

int packed_register(sqlite3 *db); /* returns an SQLite code */

#endif
