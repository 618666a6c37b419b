/* What a device last said of its open sessions, in one compact value per device.
 *
 * Nearly every row of a poll has a new counter. Writing each into table open would cost a row write
 * per session and poll; this is 5 to 20 bytes. The value holds, in any order, one entry for each
 * session that differs from its row in table open:
 *
 *   number   varint: the session's id without its device
 *   flags    a byte: bit n says that counter n follows; bit 5 that `seen` follows
 *   state    varint: word id
 *   seen     varint: when a partial poll after the last complete one showed it
 *   counters varints */
#ifndef GATEBOOK_STORE_LASTWORD_H
#define GATEBOOK_STORE_LASTWORD_H

#include <sqlite3.h>

#include "store/varint.h"

/* The counters of a session in the order in which all of this room keeps them. */
enum {
	COUNTER_BYTES_OUT,
	COUNTER_BYTES_IN,
	COUNTER_BYTES_TOTAL,
	COUNTER_PACKETS_OUT,
	COUNTER_PACKETS_IN,
	COUNTER_COUNT
};

struct lastword {
	uint64_t number;
	int64_t seen; /* 0: not said */
	uint32_t state;
	uint8_t has; /* bit n: counter n */
	uint64_t counters[COUNTER_COUNT];
};

enum { LASTWORD_MAX = 1 + VARINT_MAX * (3 + COUNTER_COUNT) }; /* bytes of one entry */

uint8_t *lastword_put(uint8_t *out, const struct lastword *w); /* returns the byte after it */
bool lastword_take(const uint8_t **at, const uint8_t *end, struct lastword *w); /* false: damaged */

/* Registers the SQL function last_word(poll, id, what, otherwise): `what` of an open session in the
 * value that `poll` wrote, or `otherwise` when it holds nothing on it. The value of one device is
 * decoded once and kept as long as questions are about the same device and poll. */
int lastword_register(sqlite3 *db);

#endif
