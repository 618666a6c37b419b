/* Reads records back, for people: their events in order, and which intents have no result. */
#ifndef GATEBOOK_LEDGER_SCAN_H
#define GATEBOOK_LEDGER_SCAN_H

#include <sqlite3.h>

#include "ledger/ledger.h"

struct ledger_row {
	uint64_t seq;
	struct ledger_event event; /* valid until the callback returns */
	uint8_t hash[32];
	bool unknown; /* an intent that no record answers: what came of it is not known */
};

struct ledger_scan {
	int64_t from_us, to_us; /* both inclusive */
	bool unanswered;        /* look for the results of intents too: reads the ledger twice */
	void (*each)(const struct ledger_row *row, void *arg);
	void *arg;
};

/* Returns the number of records given, or -1 with err: one of them does not read. */
int64_t ledger_scan(sqlite3 *db, const struct ledger_scan *scan, struct error *err);

#endif
