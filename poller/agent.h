/* A poll over SNMP: no login and no shell, but tables that are walked. Only poll.c includes it. */
#ifndef GATEBOOK_POLLER_AGENT_H
#define GATEBOOK_POLLER_AGENT_H

#include "poller/visit.h"

/* Walks the plan's tables into p->rows; each is an intent before its first request leaves. */
void poll_agent(struct poll *p);

#endif
