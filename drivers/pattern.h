/* The pattern language (drivers/README.md): a line of output with its fields named, compiled into
 * a flat array of steps that walks a line once from left to right.
 *
 * Only this room includes this file; others read a reply through drivers/reply.h. */
#ifndef GATEBOOK_DRIVERS_PATTERN_H
#define GATEBOOK_DRIVERS_PATTERN_H

#include <string.h>

#include "base/error.h"
#include "drivers/driver.h"

/* What a step does after its blanks and its literal have matched. */
enum op {
	OP_END,    /* nothing but blanks may follow */
	OP_OPENED, /* an opening: anything may follow */
	OP_NOTHING,
	OP_GROUP,    /* optional steps up to skip: left out if the first of them is not there */
	OP_BAG,      /* words in any order; the steps up to skip are its keys */
	OP_PART,     /* here the next pattern of the list goes on if this one fails */
	OP_ROW,      /* calls a function for the row */
	OP_SET_BYTE, /* facts that the pattern itself states */
	OP_SET_PROTO,
	OP_SET_TEXT,
	OP_UNREAD,
	OP_FIELD, /* operations from here on take a field from the line */
	OP_ENDPOINT = OP_FIELD,
	OP_ADDR,
	OP_PORT,
	OP_PROTO,
	OP_WORD,
	OP_REST, /* to the literal behind it or to the end, blanks included */
	OP_DURATION,
	OP_COUNTER,
	OP_TOTAL,
	OP_NUMBER,
	OP_HEX,
	OP_HEXED, /* in hexadecimal digits: an end, an address, a port, a protocol (value: which) */
	OP_CALL   /* a word for a function */
};

enum shape {
	SHAPE_ANY,
	SHAPE_CAPS,   /* capitals, digits, _ and -; a capital first */
	SHAPE_LOWER,  /* small letters, digits and _; a letter first */
	SHAPE_PAIR,   /* two words: "vty 0" */
	SHAPE_MAC,    /* twelve hexadecimal digits, and what separates them */
	SHAPE_SET,    /* zero stands for "not set" */
	SHAPE_SPACED, /* a counter with blanks between its thousands */
	SHAPE_SCALED, /* a counter with K, M or G behind it: thousands, millions ... */
	SHAPE_HEX,    /* hexadecimal, the highest digit first */
	SHAPE_NATIVE, /* hexadecimal, an address as the words of its memory: /proc/net/tcp */
	SHAPE_QUOTED  /* a bag whose values may stand in quotes */
};

enum { PATTERN_PAD = 16 }; /* bytes behind a line, which is read in blocks */

enum { NOWHERE = 0xffff }; /* a field that is read and dropped */

struct step {
	uint8_t op, shape;
	bool blanks;         /* a run of blanks, or the end of the line, comes first */
	char stop, stop2;    /* bytes at which a word ends besides a blank; 0: none */
	uint8_t n;           /* then n literal bytes */
	uint16_t skip;       /* OP_GROUP, OP_BAG: index of the step behind */
	uint16_t value;      /* of a fact */
	uint16_t at, at2;    /* what the field fills: offsets in struct observation */
	uint16_t has;        /* enum counter */
	uint32_t initials;   /* OP_BAG: bit c & 31 is set for every byte c that a key begins with */
	uint16_t column;     /* where it stands in the pattern, from 1 */
	uint64_t bits, mask; /* the first eight bytes of the literal, and which of them count */
	const char *literal;
	union {
		const char *text; /* of a fact */
		pattern_function *call;
	};
};

struct pattern {
	char *text;     /* the literals */
	bool continues; /* begins with "+ ": continues a record that another pattern opened */
	bool closes;    /* begins with "+. ": and ends it */
	bool heads;     /* begins with "@ ": what it says holds for the rows below it */
	bool silent;    /* begins with "~ ": noise that does not prove that a table was printed */
	bool has_bag;
	uint64_t bits, mask; /* what its literal begins with, if it begins with one; else no mask */
	bool begins[256];    /* the bytes that the text of its line may begin with */
	const struct pattern *next; /* the one behind it in its list */
	unsigned alike;             /* steps that both begin with */
	unsigned from;              /* where to go on when the one before it has parted */
	unsigned n;
	struct step steps[];
};

/* What a line says besides the row. */
struct found {
	uint64_t total;
	bool has_total;
	const char *unread; /* the pattern refuses the line, for this reason */
};

/* A walk along a line: what it found, and, if it ended without a match, what spares the next
 * pattern of the list a part of its way. */
struct walk {
	struct found found;
	unsigned from;             /* the step it began with */
	unsigned failed;           /* the step that did not match */
	unsigned keeps;            /* not 0: it is to note where it stood when the two parted: */
	const struct step *parted; /* there; NULL: it did not come to that */
	const char *at;
	size_t size; /* the bytes of an observation that count */
	struct observation o;
};

/* Compiles. opening: the pattern has to match the beginning of a line only. NULL with err set
 * (which pattern, which column, what is wrong). own: the driver's functions, or NULL. Free with
 * pattern_free. */
struct pattern *pattern_compile(
    const char *source, bool opening, const struct function *own, struct error *err);
void pattern_free(struct pattern *pattern);

/* The second pass of pattern_compile. Returns 0, or -1 with err set. */
int pattern_check(struct pattern *pattern, const char *source, struct error *err);

/* Of two patterns of a list, one behind the other: both begin alike up to where they part. */
void pattern_link(struct pattern *before, struct pattern *pattern);

/* False: the line, without blanks at its beginning, does not begin as the pattern does. A glance
 * that spares most patterns their walk. PATTERN_PAD bytes are looked at. */
static inline bool
pattern_may_match(const struct pattern *pattern, const char *line)
{
	uint64_t bytes;

	memcpy(&bytes, line, sizeof(bytes));
	return ((bytes ^ pattern->bits) & pattern->mask) == 0;
}

/* Walks the line. True: it matches and o and found are filled; blanks at both ends do not count.
 * False: o holds some of its fields and must be cleared. PATTERN_PAD bytes behind the line are
 * looked at, never taken: the first of them must be LF, CR or NUL. */
bool pattern_match(
    const struct pattern *pattern, struct text line, struct observation *o, struct found *found);

/* The same, from walk->from on: the first step, or the pattern's `from`, with walk and o as they
 * were where the pattern before it parted. */
bool pattern_walk(
    const struct pattern *pattern, struct text line, struct observation *o, struct walk *walk);

#endif
