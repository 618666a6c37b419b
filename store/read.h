/* The reading side: read-only, defensive, time-limited. It cannot write or block the writer. */
#ifndef GATEBOOK_STORE_READ_H
#define GATEBOOK_STORE_READ_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/record.h"

struct reader;

/* Opens the store in DIR for reading. limit_ms: statements end with SQLITE_INTERRUPT after that
 * time; 0 = no limit. NULL with err: no store there, other schema, not ours. */
struct reader *reader_open(const char *dir, int limit_ms, struct error *err);
void reader_close(struct reader *r);

/* The live database: tables device, poll, hostkey, ledger (store/schema.sql) and the views below.
 *
 * Every part (live or sealed day) has the same two temporary views:
 *   v_contact  outside, inside, proto, port, initiator, scope, device, place, n,
 *              first_after, first_by, last_from, last_by, bytes, open
 *   v_session  id, device, scope, proto, inside, in_port, outside, out_port, place, in_nat,
 *              in_nat_port, out_nat, out_nat_port, initiator, state, app, user, in_iface,
 *              out_iface, start_after, start_by, end_from, end_by, polls,
 *              bytes_out, bytes_in, bytes_total, packets_out, packets_in
 * and the live one, when asked, v_host, v_device, v_poll and v_gap (gatebook sql --schema). Their
 * columns stay within a major version. Addresses are INTEGER (IPv4) or 16-byte BLOB (IPv6);
 * ip_text(x), ip_value('10.0.0.1') convert. Words are text, '' when the device printed none;
 * numbers it did not print are NULL. scope and initiator are the enums of base/record.h, device the
 * id. Times are seconds since 1970: the start lies in (start_after, start_by], start_after NULL
 * when no complete poll came before; the end in [end_from, end_by), end_by NULL while open. A
 * contact's first_* is the start of its earliest session, last_* the end of its latest, n its
 * sessions, bytes what those say that say it. port is the answering end's port when the device said
 * who started, else the outside port. In the live part v_contact has one row per session (n = 1):
 * whoever asks adds rows up by contact. */
sqlite3 *reader_live(struct reader *r);

/* Makes v_host, v_device, v_poll and v_gap in the live database. Returns 0, or -1 with err. */
int reader_views_sql(struct reader *r, struct error *err);

/* Calls each() for every part that can hold sessions which may have been there between from and to
 * (inclusive, seconds): the live one first, then the sealed days. May have been there means
 *   coalesce(start_after, start_by) <= to AND (end_by IS NULL OR end_by > from)
 * and whole says that this is true of every session of the part, so that v_contact may be used
 * instead of v_session. The views of the live part may leave out what began later. A session is in
 * exactly one part. Not to be called inside a transaction of
 * reader_live, nor from each(). Ends early when each() returns non-zero and returns that; -1 with
 * err when a part cannot be read: a missing or damaged day is an error that names the file, never
 * silence. The time limit of reader_open holds for all parts together. */
int reader_parts(struct reader *r, int64_t from, int64_t to,
    int (*each)(sqlite3 *db, bool whole, void *arg), void *arg, struct error *err);

/* An address as the store writes it, for binding to `?`; and back from a result column. */
int reader_bind_addr(sqlite3_stmt *statement, int index, const struct addr *a);
bool reader_column_addr(sqlite3_stmt *statement, int column, struct addr *a);

/* The column as text, cut to size - 1 bytes; "" for NULL. */
void reader_column_text(sqlite3_stmt *statement, int column, char *out, size_t size);

/* Names by id, cached. "?" when unknown. */
const char *reader_device_name(struct reader *r, int64_t id);

/* What is held now, the oldest first; ends early when each() returns non-zero. Returns 0, or -1
 * with err. */
struct held {
	const char *on, *name, *reason, *why, *by; /* as in struct store_hold */
	int64_t since;                             /* seconds since 1970 */
};
int reader_holds(
    struct reader *r, int (*each)(const struct held *h, void *arg), void *arg, struct error *err);

/* Every device's last poll: when it began, and how many in a row got nothing from the device, up to
 * that one (at most 16 are looked at). Returns 0, or -1 with err. */
int reader_last_polls(struct reader *r,
    void (*each)(const char *device, int64_t started, unsigned failures, void *arg), void *arg,
    struct error *err);

/* The trusted host keys of a device, ending with NULL; free with reader_hostkeys_free. Empty list
 * if there are none. */
char **reader_hostkeys(struct reader *r, const char *device, struct error *err);
void reader_hostkeys_free(char **keys);

#endif
