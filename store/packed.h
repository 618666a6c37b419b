/* The table-valued functions over packed sessions:
 *
 *   packed_sessions(sessions, vantage) -> number, other, attribute, in_nat_port, out_nat_port,
 *       start_after, start_by, end_from, end_by, polls, bytes_out, bytes_in, bytes_total,
 *       packets_out, packets_in, device, place, scope, initiator
 *   packed_summary(sessions, vantage) -> n, first_after, first_by, last_from, last_by, bytes,
 *       device, place, scope, initiator
 *
 * Both are columns of a contact; the tables seal and vantage have what its numbers count from. */
#ifndef GATEBOOK_STORE_PACKED_H
#define GATEBOOK_STORE_PACKED_H

#include <sqlite3.h>

int packed_register(sqlite3 *db); /* returns an SQLite code */

#endif
