/* A contact as a short row, behind what the command puts before it. */
#ifndef GATEBOOK_CLI_CONTACT_ROW_H
#define GATEBOOK_CLI_CONTACT_ROW_H

#include "cli/question.h"

enum { CONTACT_COLUMNS_N = 13 };
#define CONTACT_COLUMNS                                                                            \
	{ "int.ip", "HOST", CELL_ADDR }, { "ext.ip", "OUTSIDE", CELL_ADDR },                       \
	    { "port", "PORT/PROTO", CELL_NUMBER }, { "proto", NULL, CELL_TEXT },                   \
	    { "initiator", "STARTED BY", CELL_TEXT },                                              \
	    { "start.not_before", "FIRST SEEN", CELL_TIME },                                       \
	    { "start.not_after", NULL, CELL_TIME }, { "end.not_before", "LAST SEEN", CELL_TIME },  \
	    { "end.not_after", NULL, CELL_TIME }, { "open", NULL, CELL_BOOL },                     \
	    { "sessions", "SESSIONS", CELL_NUMBER, .right = true },                                \
	    { "bytes", "BYTES", CELL_NUMBER, .right = true },                                      \
	{                                                                                          \
		"devices", "BY", CELL_LIST                                                         \
	}

/* Fills them from column `first` on. */
void put_contact(struct writer *w, int first, const struct question *q, const struct contact *c);

/* The service: port and protocol in a table, the port elsewhere; the protocol in the next column.
 */
void put_service(struct writer *w, int column, int32_t port, uint16_t proto);

#endif
