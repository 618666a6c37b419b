/* Room on the disk of the store. No poll is started when there is less than `limits.disk`; what is
 * in flight then can still be written, for the recorder keeps a file in reserve that it gives back
 * when others have filled the disk to the end. */
#ifndef GATEBOOK_POLLER_DISK_H
#define GATEBOOK_POLLER_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct disk {
	const char *dir;                  /* of the store */
	uint64_t least;                   /* bytes that must be free; 0: any */
	uint64_t free_bytes, store_bytes; /* as last looked */
	int64_t looked_ms, counted_ms;    /* monotonic; 0: never */
	bool is_short;                    /* less than least is free */
};

/* Looks, about once a second, and says in the log when that changes. Returns !is_short. A disk that
 * does not tell counts as free: the store will say what is wrong with it. */
bool disk_has_room(struct disk *d);

/* "the disk of DIR has 12 MiB free, less than the 256 that limits.disk keeps". Returns out. */
const char *disk_why(const struct disk *d, char out[static 300]);

/* The recorder's reserve: DIR/reserve, LIMIT_RESERVE bytes. keep makes it when there is room for it
 * four times over; needed says that so little is left that it must go; give removes it and returns
 * false when there was none. */
void reserve_keep(const char *dir);
bool reserve_needed(const char *dir);
bool reserve_give(const char *dir);

#endif
