/* What an SNMP agent says of itself when it is asked for nothing else. */
#ifndef GATEBOOK_POLLER_AGENT_WORDS_H
#define GATEBOOK_POLLER_AGENT_WORDS_H

#include "transports/snmp.h"

struct agent_words {
	char object[160], description[400]; /* sysObjectID, dotted; sysDescr, cut */
	enum reason reason;                 /* why it said nothing */
	char why[POLL_WHY];
};

/* Opens the session; login and words are borrowed until the loop is freed. NULL with err. */
struct snmp_loop *agent_words_open(
    const struct snmp_login *login, struct agent_words *words, struct error *err);

#endif
