/* The walk of one table, without I/O: which GETBULK comes next, and what its answer says.
 *
 * All columns that are asked for are walked side by side, so that a row is read at one moment. A
 * column that has a row the others have not is held back until they reach it; a table whose columns
 * disagree has changed while it was read. */
#ifndef GATEBOOK_MIBS_WALK_H
#define GATEBOOK_MIBS_WALK_H

#include "mibs/mib.h"

enum { WALK_COLUMNS = 16 };

/* What to ask for: the names behind these, `repetitions` times. */
struct walk_request {
	unsigned n;           /* 0: the walk is over */
	unsigned repetitions; /* 0: a GETNEXT, as this agent has never answered a GETBULK */
	struct {
		unsigned n;
		uint32_t oid[LIMIT_OID];
	} names[WALK_COLUMNS];
};

struct walk;

/* The reader is the caller's, and has to outlive the walk. */
struct walk *walk_new(const struct mib_table *table, struct mib_reader *reader);
void walk_free(struct walk *walk);

const struct walk_request *walk_next(struct walk *walk);

/* The answer to that request. 0, or -1: the walk ends here, walk_end says why. */
int walk_answer(struct walk *walk, const struct varbind *list, size_t n);

/* tooBig, or no answer: ask for less. False: it cannot be less. */
bool walk_shrink(struct walk *walk);

/* What the reader says, and whether the columns agreed. whole: walk_next had nothing more. */
enum outcome walk_end(struct walk *walk);

#endif
