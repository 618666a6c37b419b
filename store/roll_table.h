/* The table-valued function over rolls:
 *
 *   roll_sessions(roll) -> number, scope, proto, inside, in_port, outside, out_port, in_nat,
 *       in_nat_port, out_nat, out_nat_port, initiator, state, place, app, user, in_iface,
 * out_iface, start_after, start_by, seen, before, bytes_out, bytes_in, bytes_total, packets_out,
 *       packets_in
 *
 * Words are ids; seen is 0 when the last complete poll is meant; before counts complete polls. What
 * a question asks of inside and outside is tested while the roll is read. */
#ifndef GATEBOOK_STORE_ROLL_TABLE_H
#define GATEBOOK_STORE_ROLL_TABLE_H

#include <sqlite3.h>

int roll_register(sqlite3 *db); /* returns an SQLite code */

#endif
