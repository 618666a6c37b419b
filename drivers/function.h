/* What the named functions of patterns share. A function of one driver stands in that driver's
 * file, in its list `functions`; those that any driver may name stand in function.c. */
#ifndef GATEBOOK_DRIVERS_FUNCTION_H
#define GATEBOOK_DRIVERS_FUNCTION_H

#include "drivers/driver.h"

/* By name, among a driver's own (may be NULL) and the common ones; NULL when there is none. */
pattern_function *function_find(const struct function *own, struct text name);

/* The same row from its other end: ends, mappings, interfaces, counters, starter. */
void observation_turn(struct observation *o);

/* The session ends on the box, whose interfaces then say nothing of its near end. */
void observation_ends_here(struct observation *o);

#endif
