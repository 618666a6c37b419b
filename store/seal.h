/* Sealing: one day's closed sessions become one file that never changes again. */
#ifndef GATEBOOK_STORE_SEAL_H
#define GATEBOOK_STORE_SEAL_H

#include <stdint.h>

#include "base/error.h"

/* What the catalogue says of a sealed day (table day). */
struct sealed_day {
	int64_t day; /* days since 1970 */
	int64_t sessions, contacts;
	int64_t start_min, start_max, end_min, end_max;
	int64_t bytes;
	uint8_t sha256[32];
};

enum { SEAL_PATH = 4160 };
void seal_path(const char *dir, int64_t day, const char *suffix, char path[static SEAL_PATH]);

/* Builds DIR/days/DAY.db from table closed, through a read-only connection of its own, so that it
 * may run in a thread while the writer goes on: no row of that day is added any more. The file is
 * whole and on disk under its own name when this returns 0; -1 with err, and nothing is left. */
int seal_build(const char *dir, int64_t day, struct sealed_day *sealed, struct error *err);

/* Says that a step is done; tests hang their hook in here, and stop there. */
void seal_step(const char *step);
extern void (*seal_hook)(const char *step);

#endif
