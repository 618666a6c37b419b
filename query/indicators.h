/* A list of indicators, and which of them were met: addresses and networks that may lie in each
 * other. */
#ifndef GATEBOOK_QUERY_INDICATORS_H
#define GATEBOOK_QUERY_INDICATORS_H

#include "query/contacts.h"

struct indicator {
	struct prefix prefix;
	size_t parent; /* the network of the list that it lies in, or itself */
	struct contact_sum sum;
	uint64_t hosts;
	struct addr last_host; /* while counting */
};

struct indicators {
	struct indicator *list; /* by address, the wider network first; each once */
	size_t n;
	struct target target; /* all of them */
};

/* Reads a list as target_lines does. Returns 0, or -1 with err; free in any case. */
int indicators_read(const char *path, struct indicators *all, struct error *err);
void indicators_free(struct indicators *all);

/* Adds the contacts to every indicator that holds their outside address. */
void indicators_count(struct indicators *all, const struct contacts *c);

#endif
