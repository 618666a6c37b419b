/* The open set of a device, before and after a poll. */
#ifndef GATEBOOK_STORE_MERGE_H
#define GATEBOOK_STORE_MERGE_H

#include "store/store.h"

/* What the store knows of a device besides its open set. */
struct device_state {
	uint64_t complete;                /* complete polls so far */
	uint64_t numbers;                 /* sessions so far: the number of the last one */
	int64_t asked;                    /* the last complete poll; 0: none yet */
	int64_t last_started, last_asked; /* any poll */
};

/* Merges the sorted rows of a complete or partial poll into the device's open set: writes tables
 * open, closed and long, and state->numbers. Returns 0, or -1 with err. */
int merge_poll(struct store *s, int64_t device, struct device_state *state,
    const struct poll_report *report, const struct session *rows, size_t n,
    const struct words *words, struct store_counts *counts, struct error *err);

#endif
