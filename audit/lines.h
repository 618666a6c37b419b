/* Every line that can be sent to a platform: what the account needs, and nothing else. */
#ifndef GATEBOOK_AUDIT_LINES_H
#define GATEBOOK_AUDIT_LINES_H

#include "drivers/driver.h"

enum line_use {
	LINE_SETUP,    /* after the login: paging off */
	LINE_COMMAND,  /* asks for a table */
	LINE_PAGE,     /* what lies behind it; a number stands where {LEAST-MOST} does */
	LINE_LEAVE,    /* logout */
	LINE_QUESTION, /* what the device is: `driver detect` only */
	LINE_ENABLE,   /* asks for the higher level: only with a credential that has `enable` */
	LINE_KEY       /* Enter, to see the prompt; a blank, at a more-mark */
};
const char *line_use_name(enum line_use use);

struct sent_line {
	const char *line;
	enum line_use use;
	const struct command *command; /* of LINE_COMMAND and LINE_PAGE, else NULL */
};

/* The i-th of them, from 0; false behind the last one. No line is given twice. */
bool sent_line(const struct driver *driver, unsigned i, struct sent_line *out);

#endif
