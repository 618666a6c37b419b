/* The messages between the three processes: fixed structs over SOCK_SEQPACKET, same machine, same
 * program. The receiver checks every size and every bound; a message that does not fit its struct
 * ends the channel.
 *
 *   poll      -> recorder   hello, intent, result, report
 *   recorder  -> poll       pins, word (go on, or do not)
 *   scheduler -> recorder   device (with the poll's channel), ended, event, decision, recall
 *   recorder  -> scheduler  recorded, decided, known */
#ifndef GATEBOOK_POLLER_WIRE_H
#define GATEBOOK_POLLER_WIRE_H

#include "base/error.h"
#include "base/record.h"
#include "poller/decision.h"

enum {
	WIRE_LINES = 3072,   /* bytes of the lines of one intent, each with its NUL */
	WIRE_PINS = 3072,    /* bytes of a device's trusted host keys, each with its NUL */
	WIRE_MESSAGE = 8192, /* no message is larger */
	WIRE_FDS = 3
};

enum wire_kind {
	WIRE_HELLO = 1,
	WIRE_PINNED,
	WIRE_INTENT,
	WIRE_GO,
	WIRE_RESULT,
	WIRE_REPORT,
	WIRE_DEVICE,
	WIRE_ENDED,
	WIRE_EVENT,
	WIRE_RECORDED,
	WIRE_DECISION,
	WIRE_DECIDED,
	WIRE_RECALL, /* the number alone: tell what is known */
	WIRE_KNOWN,
	WIRE_ASK
};

/* poll -> recorder: lines that will be sent, in order; answered by wire_go once they are durable.
 */
struct wire_intent {
	uint32_t kind, count;
	char account[LIMIT_NAME], address[80];
	char lines[WIRE_LINES];
};

/* recorder -> poll: go on (ok), or stop because the ledger cannot be written. */
struct wire_go {
	uint32_t kind, ok;
	uint64_t first;  /* sequence number of the first intent */
	uint64_t opened; /* after a report: sessions that are new */
	char why[POLL_WHY];
};

/* poll -> recorder, instead of a hello: the pins of its jump host. */
struct wire_ask {
	uint32_t kind;
	char name[LIMIT_NAME + 1];
};

struct wire_pins {
	uint32_t kind, count;
	char keys[WIRE_PINS];
};

/* poll -> recorder: what came of one intent; not answered. */
struct wire_result {
	uint32_t kind, reserved;
	uint64_t refers;
	char what[256], result[POLL_WHY], detail[512];
};

/* poll -> recorder, with three descriptors: the rows (struct session, sorted), the words (u32 n, n
 * + 2 offsets, bytes) and the presences (struct presence, sorted). Answered by wire_go once all of
 * it is committed. */
struct wire_report {
	uint32_t kind;
	uint32_t whole; /* kinds of presences that were read whole: a bit each */
	uint64_t rows, presences;
	struct poll_report report;
};

/* scheduler -> recorder, with one descriptor: the recorder's end of a poll's channel. */
struct wire_device {
	uint32_t kind, slot, every, reserved;
	char name[LIMIT_NAME], platform[LIMIT_NAME], site[LIMIT_NAME], host[256], transport[16];
	char blind[512];
};

/* scheduler -> recorder: the poll process of a slot is gone; used only if it left no report. */
struct wire_ended {
	uint32_t kind, slot;
	int64_t started;
	uint32_t reason, duration_ms;
	char why[POLL_WHY];
};

/* scheduler -> recorder: a ledger event that belongs to no poll. by: whose it is; empty: ours. */
struct wire_event {
	uint32_t kind, event;
	char by[128];
	char what[1024], detail[1024];
};

/* recorder -> scheduler: a poll is on record, or (poll_id 0) could not be written. */
struct wire_recorded {
	uint32_t kind, slot;
	int64_t poll_id;
	uint64_t opened, reseen, closed, once; /* struct store_counts */
	struct poll_report report;
};

/* scheduler -> recorder: to be kept; answered by wire_decided once it is durable, or cannot be. */
struct wire_decision {
	uint32_t kind, number;
	struct decision decision;
};

struct wire_decided {
	uint32_t kind, number;
	int32_t changed; /* rows; -1: it was not kept */
	char why[POLL_WHY];
};

/* recorder -> scheduler: a hold (`on` is not empty), or a device's last poll; one with `last` ends
 * the list. */
struct wire_known {
	uint32_t kind, last;
	int64_t started;
	uint32_t failures, reserved;
	char name[LIMIT_NAME + 1], on[16], reason[24];
};

/* Sends one message with up to WIRE_FDS descriptors. Returns 0, or -1 when the other end is gone.
 */
int wire_send(int fd, const void *message, size_t n, const int *fds, int n_fds);

/* Receives one message; *n_fds descriptors at most are stored (further ones are closed). Returns
 * its size; 0 at the end of the channel, -1 on error (EAGAIN if the channel does not block). */
long wire_receive(int fd, void *message, size_t size, int *fds, int *n_fds);

/* A pair of channel ends, close-on-exec. Returns 0 or -1. */
int wire_pair(int fds[2]);

/* Puts a C string (NULL: nothing) into a char array, cut to fit. */
#define wire_put(array, string) ((void)text_copy(text_of(string), (array), sizeof(array)))

/* True if the char array holds a NUL within its size. */
#define wire_is_text(array) (memchr((array), 0, sizeof(array)) != NULL)

#endif
