/* A roll: many sessions in one value, sorted by key. A device's open set is one, and what a poll
 * closed is one. A poll reads the old roll and writes the new one beside it: 30 bytes and 0.1 us a
 * session, where a table row costs 100 bytes and some microseconds each time it is written, moved
 * or deleted.
 *
 *   base       zigzag: seconds since 1970, near the times in it
 *   top        varint: a session number not below those in it
 *   complete   varint: complete polls of the device
 *   entries    to the end of the value; roll.c says how each looks */
#ifndef GATEBOOK_STORE_ROLL_H
#define GATEBOOK_STORE_ROLL_H

#include "base/record.h"
#include "store/varint.h"

/* The counters of a session in the order in which all of this room keeps them. */
enum counter_index {
	COUNTER_BYTES_OUT,
	COUNTER_BYTES_IN,
	COUNTER_BYTES_TOTAL,
	COUNTER_PACKETS_OUT,
	COUNTER_PACKETS_IN,
	COUNTER_COUNT
};

/* The words of a session, in the same sense. */
enum word_index {
	WORD_STATE,
	WORD_PLACE,
	WORD_APP,
	WORD_USER,
	WORD_IN_IFACE,
	WORD_OUT_IFACE,
	WORD_COUNT
};

struct roll_entry {
	struct session_key key; /* without the place's hash: the place is a word here */
	struct addr in_nat, out_nat;
	uint16_t in_nat_port, out_nat_port;
	uint8_t initiator;
	uint8_t flags; /* enum session_flag */
	uint8_t has;   /* bit n: counter n */
	bool has_start_after;
	uint32_t words[WORD_COUNT]; /* ids of table word */
	uint64_t number;            /* the session's id without its device */
	uint64_t before;            /* complete polls of the device before it was first seen */
	int64_t start_after, start_by;
	int64_t seen; /* when the last poll that showed it asked; 0: the last complete one */
	uint64_t counters[COUNTER_COUNT];
};

struct roll_head {
	int64_t base;
	uint64_t top, complete;
};

/* Writing: begin, put in order of key, then bytes[0 .. used). Zero-initialised is empty; owns its
 * memory until roll_free. */
struct roll_writer {
	struct roll_head head;
	struct addr inside; /* of the entry before */
	uint8_t *bytes;
	size_t used, capacity;
	size_t n;
	int64_t earliest; /* start that any of them may have had; INT64_MAX: none */
};
void roll_begin(struct roll_writer *w, const struct roll_head *head);
void roll_put(struct roll_writer *w, const struct roll_entry *e);
void roll_free(struct roll_writer *w);

/* Reading borrows the bytes. An empty value is an empty roll. begin returns -1, and next too, when
 * they are damaged; next returns 1 with an entry, 0 at the end. */
struct roll_reader {
	struct roll_head head;
	struct addr inside; /* of the entry before */
	struct addr peeked; /* of the next one */
	const uint8_t *at, *end;
};
int roll_read(struct roll_reader *r, const void *bytes, size_t size);
int roll_next(struct roll_reader *r, struct roll_entry *e);

/* For who looks for few among many: peek says what the ends of the next entry are, as roll_next
 * does, and leaves it there; skip passes over the entry that was peeked at. */
int roll_peek(struct roll_reader *r, struct addr *inside, struct addr *outside);
void roll_skip(struct roll_reader *r);

/* The earliest second in which the session may have been there. */
static inline int64_t
roll_earliest(const struct roll_entry *e)
{
	return e->has_start_after ? e->start_after + 1 : e->start_by;
}

#endif
