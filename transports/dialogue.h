/* The pure part of a shell dialogue: bytes of a terminal in, clean lines out, and what stands at
 * the end of them. No I/O, no clock, one line of memory.
 *
 * A reply is over when the learned prompt is all that stands behind the last line end, and nothing
 * follows it. Prompt characters inside banners, tables or commands mean nothing. */
#ifndef GATEBOOK_TRANSPORTS_DIALOGUE_H
#define GATEBOOK_TRANSPORTS_DIALOGUE_H

#include "transports/transport.h"

enum dialogue_sight {
	DIALOGUE_TEXT,  /* a reply on its way */
	DIALOGUE_MORE,  /* a more-mark: answer it with one blank, then call dialogue_answered */
	DIALOGUE_PROMPT /* the learned prompt */
};

struct dialogue {
	const struct dialect *dialect;
	const char *sent; /* the line whose echo is due; NULL once it was seen or given up */
	char prompt[LIMIT_PROMPT]; /* as learned; "" before */
	bool echoes;               /* the device has echoed a line before: it will do so again */
	bool ghost;                /* an answered more-mark stood in this line */
	bool answered;             /* ... and nothing has happened to it since */
	bool cr;                   /* the last byte was CR */
	uint8_t state;             /* of the escape sequence reader */
	unsigned number;           /* of a CSI sequence: its first parameter */
	unsigned skipped;          /* bytes of an OSC string so far */
	uint64_t lines, filled;    /* since dialogue_begin: given to the sink; of them not blank */
	size_t n, cursor;
	char line[LIMIT_LINE + 1]; /* the line being written, as a terminal would show it */
};

void dialogue_init(struct dialogue *d, const struct dialect *dialect);

/* A line has been sent: its echo will come first, then its reply. `sent` must live until the
 * prompt; NULL or "" when there is no echo to expect. */
void dialogue_begin(struct dialogue *d, const char *sent);

/* Bytes as they come, cut anywhere. Whole lines go to the sink (NULL: dropped). Returns 0, or -1
 * when a line is longer than LIMIT_LINE. */
int dialogue_feed(struct dialogue *d, const char *bytes, size_t n, const struct sink *sink);

/* What stands behind the last line end; ask when no byte is left to read. */
enum dialogue_sight dialogue_sight(const struct dialogue *d);
struct text dialogue_tail(const struct dialogue *d); /* the same as text: for messages */
void dialogue_answered(struct dialogue *d);

/* What stands at the end, if it can be a prompt by the dialect's prompt characters; else empty. */
struct text dialogue_candidate(const struct dialogue *d);

/* Takes `prompt` (at most LIMIT_PROMPT - 1 bytes) as the learned one. */
void dialogue_learn(struct dialogue *d, struct text prompt);

#endif
