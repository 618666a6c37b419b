/* A MIB reader: what Gatebook knows about the tables of one MIB, as data.
 *
 * A walk hands over varbinds, sorted by row; a table makes of them the observations that a driver
 * makes of lines, with the same account: every varbind is a row's, noise or unread. */
#ifndef GATEBOOK_MIBS_MIB_H
#define GATEBOOK_MIBS_MIB_H

#include "base/error.h"
#include "base/record.h"

enum value_type {
	VALUE_NUMBER, /* INTEGER, Unsigned32, Gauge32, Counter32, Counter64, TimeTicks */
	VALUE_BYTES,  /* OCTET STRING, Opaque, BITS */
	VALUE_ADDR,   /* IpAddress: four bytes */
	VALUE_OID,
	VALUE_NONE /* NULL, noSuchObject, noSuchInstance, endOfMibView */
};

/* One name and its value. Borrows. */
struct varbind {
	const uint32_t *oid;
	unsigned n; /* sub-identifiers, up to LIMIT_OID */
	enum value_type type;
	uint64_t number;   /* VALUE_NUMBER; a negative INTEGER as two's complement */
	struct text bytes; /* VALUE_BYTES, VALUE_ADDR; of VALUE_OID its sub-identifiers, a uint32_t
			      each */
};

/* A table, or a group of scalars (whose index is 0). In `index` and `columns` a field is written as
 * in a driver's pattern, {near.addr}; each takes one part of the index, or the value of a column:
 *
 *   {near.port} {vlan} {near.iface} {_}   one sub-identifier, a number
 *   {near.addr:inet}                      InetAddressType, length, octets (RFC 4001)
 *   {near.addr:ipv4} {mac:six}            four, six sub-identifiers: an IpAddress, a MAC address
 *   {_:string}                            length, octets
 *   {proto:nat}                           NatProtocolType (RFC 4008)
 *   {_:rest}                              whatever follows
 *
 * A table without columns is known and never read: what stands there is nobody's session. */
struct mib_table {
	const char *name;   /* "tcpConnectionTable" */
	const char *oid;    /* of its entry, without the column: "1.3.6.1.2.1.6.19.1" */
	const char *source; /* "RFC 4022" */
	enum topic topic;
	enum scope scope;
	uint16_t proto;             /* of all rows, or PROTO_NONE */
	const char *index;          /* "{near.addr:inet} {near.port} ..." */
	const char *const *columns; /* "7 {state}"; those that are asked for; ends with NULL. NULL:
				       none */
	bool sparse;                /* not every row has all of them */
};

struct mib {
	const char *name;               /* "TCP-MIB" */
	const struct mib_table *tables; /* ends with .name == NULL */
};

/* All of them, n of them. */
extern const struct mib *const mibs[];
extern const unsigned mibs_count;

/* The table with that name, upper and lower case alike, or NULL. */
const struct mib_table *mib_table_find(struct text name);

/* The table that an OID lies in, and how many of its sub-identifiers are the entry's; or NULL. Of
 * two it is the one with the longer name. */
const struct mib_table *mib_table_of(const uint32_t *oid, unsigned n, unsigned *entry);

/* Dotted decimal, with or without a leading dot. Returns the number of sub-identifiers; 0: it is no
 * OID, or longer than `most`. */
unsigned oid_parse(struct text t, uint32_t *oid, unsigned most);

/* How many leading sub-identifiers are the same. */
unsigned oid_common(const uint32_t *a, unsigned n, const uint32_t *b, unsigned m);

/* <0, 0, >0 in the order of a walk (RFC 3416). */
int oid_compare(const uint32_t *a, unsigned n, const uint32_t *b, unsigned m);

/* --- reading ---------------------------------------------------------------------------------- */

/* Called for every row. Texts in o are valid until it returns. */
typedef void mib_row(const struct observation *o, void *arg);

struct mib_reader;

/* Compiles the table. NULL with err: only for a table with a fault, and a test compiles all. */
struct mib_reader *mib_reader_new(
    const struct mib_table *table, mib_row *row, void *arg, struct error *err);

/* What to ask for: the numbers of the columns, *n of them. */
const uint32_t *mib_reader_columns(const struct mib_reader *reader, unsigned *n);

/* Takes a varbind. They have to come sorted by row, and within it by column; rows once only. 0:
 * taken and accounted; -1: the walk makes no sense (out of order, another table): reader's why. */
int mib_take(struct mib_reader *reader, const struct varbind *v);

/* The walk makes no sense, for this reason: nothing more is taken. Returns -1. */
int mib_refuse(struct mib_reader *reader, const char *why);

/* The walk is over. whole: its end was seen; ragged: values that some rows lack and others have.
 * Returns the outcome; account, reason and why as of a reply. An empty table is a complete one. */
enum outcome mib_end(struct mib_reader *reader, bool whole, uint64_t ragged);

const struct account *mib_account(const struct mib_reader *reader);
enum reason mib_reason(const struct mib_reader *reader);
const char *mib_why(const struct mib_reader *reader);
void mib_reader_free(struct mib_reader *reader);

/* --- recorded walks --------------------------------------------------------------------------- */

/* A recorded walk: `snmpwalk -On` ("OID = INTEGER: 5") or snmprec ("OID|2|5"), any number of
 * tables, in any order. Calls `each` with every table that stands in it and its varbinds, sorted by
 * row: also with those that are known and never read, and with NULL for what lies in no table we
 * know. Text that goes on in the next lines is one varbind. Returns the number of lines that are no
 * varbind (their numbers are given to `unread`, may be NULL), or -1 with err. */
struct walk_line {
	uint32_t number; /* from 1 */
	struct text text;
};
int walk_file_read(struct text file,
    int (*each)(const struct mib_table *table, const struct varbind *list, size_t n, void *arg),
    void (*unread)(struct walk_line line, void *arg), void *arg, struct error *err);

#endif
