/* The last lines of the daemon's log, for `gatebook logs`. What polls and the recorder write, which
 * are processes of their own, goes to standard error only. */
#ifndef GATEBOOK_POLLER_JOURNAL_H
#define GATEBOOK_POLLER_JOURNAL_H

#include <stdint.h>

struct journal_line {
	uint64_t number; /* from 1 on */
	int64_t at;      /* seconds since 1970 */
	char *text;
};

void journal_open(void); /* from now on every line of the log is kept, LIMIT_JOURNAL at most */
void journal_close(void);

uint64_t journal_last(void); /* number of the last line; 0: none yet */

/* The line of that number; NULL: it is gone, or not yet there. Valid until the next log line. */
const struct journal_line *journal_line(uint64_t number);

#endif
