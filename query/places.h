/* Where inside hosts were, for answers that have many of them: whereis, asked once for a host. */
#ifndef GATEBOOK_QUERY_PLACES_H
#define GATEBOOK_QUERY_PLACES_H

#include "query/whereis.h"

struct places;

/* False: no neighbour table is in this store, and to ask is for nothing. */
bool places_known(struct reader *r);

/* For questions about that time. NULL with err. */
struct places *places_new(struct reader *r, const struct range *range, struct error *err);
void places_free(struct places *p);

/* Of the places where the host may have been between the two times, the one where it was seen at
 * `to`, or next to it. Times out of the range are taken into it. *stay is NULL when there is none,
 * and lives until the next call.
 * Returns 0, or -1 with err. */
int places_at(struct places *p, const struct addr *host, int64_t from, int64_t to,
    const struct stay **stay, struct error *err);

#endif
