/* What every question about the table presence (p) has in common. */
#ifndef GATEBOOK_QUERY_PRESENCE_H
#define GATEBOOK_QUERY_PRESENCE_H

#define PRESENCE_FROM                                                                              \
	"FROM presence p LEFT JOIN presence_read r ON r.device = p.device AND r.kind = p.kind "

/* When it was last seen: an open one when its kind was last read whole; one that came since, when
 * it came. */
#define PRESENCE_SEEN                                                                              \
	"coalesce(p.end_from, CASE WHEN r.asked > ifnull(p.start_after, -1) THEN r.asked "         \
	"ELSE p.start_by END)"

/* The first moment it may have been there. Its first poll has answered (rounded up) after it was
 * asked (rounded down). */
#define PRESENCE_BEGAN "min(coalesce(p.start_after + 1, p.start_by), " PRESENCE_SEEN ")"

/* May have been there between ?2 and ?1. */
#define PRESENCE_IN_RANGE PRESENCE_BEGAN " <= ?1 AND (p.end_by IS NULL OR p.end_by > ?2) "

#endif
