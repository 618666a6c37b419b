/* What the files of the recorder share: its state, and what it writes and tells of its own.
 * Nobody else includes it. */
#ifndef GATEBOOK_POLLER_RECORDING_H
#define GATEBOOK_POLLER_RECORDING_H

#include "ledger/ledger.h"
#include "poller/recorder.h"
#include "poller/signing.h"
#include "poller/wire.h"
#include "store/read.h"

/* One poll as the recorder sees it: its channel, and what to answer after the commit. */
struct slot {
	struct slot *next;
	struct wire_device about;
	int channel;
	bool reported;
	bool go_due;
	struct wire_go go;
	bool recorded_due; /* once the round is committed */
	bool told_due;     /* it is: the scheduler has to be told, and may have no room just now */
	struct wire_recorded recorded;
};

/* A decision of this round, to be answered after the commit. */
struct decided {
	struct decided *next;
	struct wire_decided answer;
};

struct state {
	const struct recorder *r;
	struct store *store;
	struct reader *reader;
	struct signing signing;
	struct slot *slots;
	struct decided *decided;
	int64_t today;   /* days since 1970 */
	int64_t kept_ms; /* monotonic: when the reserve was looked after */
	bool sealing;    /* something is left to do for the days before today */
	bool open;       /* a transaction is */
	bool ending;
	struct error broken; /* why this round cannot be committed; text empty: it can */
};

/* A transaction is open, or this round is broken (false). */
bool recording_begin(struct state *s);

/* Appends an event, with the time and, unless it has one, our user. False: the round is broken. */
bool recording_append(struct state *s, const struct ledger_event *given, uint64_t *seq);

/* A poll ended; a device is new or not as it was; the scheduler says something; it has gone. */
void recording_poll(struct state *s, const struct slot *slot, const struct poll_report *r);
void recording_device(
    struct state *s, const struct wire_device *d, const struct store_device *device);
void recording_event(struct state *s, const struct wire_event *m);
void recording_stop(struct state *s);

/* A person, or the plan, has decided; after the round the scheduler is told whether it is kept. */
void recording_decision(struct state *s, const struct wire_decision *m);
void recording_answer(struct state *s, bool ok);

/* Tells the scheduler what is known from before: every device's last poll, every hold. */
void recording_recall(struct state *s);

#endif
