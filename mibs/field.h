/* What a part of an index or a column fills. Only this room includes this file. */
#ifndef GATEBOOK_MIBS_FIELD_H
#define GATEBOOK_MIBS_FIELD_H

#include "mibs/mib.h"

enum field_kind {
	FIELD_NOTHING, /* read and dropped */
	FIELD_ADDR,
	FIELD_PORT,
	FIELD_PROTO,
	FIELD_TEXT, /* a number as its digits, bytes as they are */
	FIELD_MAC,  /* a text too: six bytes as 00:00:5e:00:53:01 */
	FIELD_COUNTER,
	FIELD_SECONDS,
	FIELD_TICKS,   /* hundredths of a second */
	FIELD_NETWORK, /* a mask, or a pointer to the row of a prefix */
	FIELD_TOTAL
};

enum field_shape {
	SHAPE_ONE,  /* one sub-identifier */
	SHAPE_INET, /* type, length, octets */
	SHAPE_IPV4,
	SHAPE_SIX,
	SHAPE_STRING, /* length, octets */
	SHAPE_NAT,    /* NatProtocolType */
	SHAPE_REST
};

struct field {
	uint8_t kind, shape;
	uint16_t at;  /* what it fills: offset in struct observation */
	uint16_t has; /* enum counter */
};

/* Takes one "{name:shape}" at the cursor. */
bool field_take(struct text *cursor, struct field *field, struct error *err);

/* Room for the texts of a row. */
struct field_room {
	size_t used;
	char text[2048];
};

/* Takes the field's part of an index at *at; false: it does not fit. */
bool field_from_index(const struct field *field, const uint32_t *index, unsigned n, unsigned *at,
    struct observation *o, struct field_room *room);

/* The value of a column; false: of the wrong type or length. *total is set by FIELD_TOTAL. */
bool field_from_value(const struct field *field, const struct varbind *v, struct observation *o,
    struct field_room *room, uint64_t *total);

#endif
