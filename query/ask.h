/* Puts one question to all parts of the store that can answer it: the live one and the sealed days.
 */
#ifndef GATEBOOK_QUERY_ASK_H
#define GATEBOOK_QUERY_ASK_H

#include "query/filter.h"
#include "query/range.h"
#include "query/target.h"
#include "store/read.h"

enum ask_side { ASK_OUTSIDE, ASK_INSIDE, ASK_EITHER };

/* What may have been there in the range: a session whose possible time overlaps it. What a poll
 * really saw of it there is told by the columns, not left out. */
struct ask {
	struct reader *reader;
	struct range range;
	const struct target *target; /* NULL, or no range in it: every address */
	enum ask_side side;          /* which end of a session the target names */
	struct filter *filter;       /* and what else must be true; NULL: nothing */
};

/* Runs the SELECT over every part and calls row() for each row; ends early when that returns
 * non-zero. session: select list over v_session; contact: the same columns over v_contact, used
 * instead where that is all the same, or NULL. In both the first column is outside, the second
 * inside. Rows come in no order. Returns 0, what row() returned, or -1 with err. */
int ask_rows(const struct ask *ask, const char *session, const char *contact,
    int (*row)(sqlite3_stmt *statement, void *arg), void *arg, struct error *err);

#endif
