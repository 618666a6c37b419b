/* Tables of SNMP agents: many at once, in one thread of one process, none waiting for another.
 *
 * net-snmp keeps the users of SNMPv3, their keys and the clocks of the engines per process, and its
 * synchronous calls block: everything here is asynchronous, and lives in a poll's process. */
#ifndef GATEBOOK_TRANSPORTS_SNMP_H
#define GATEBOOK_TRANSPORTS_SNMP_H

#include "mibs/walk.h"

enum snmp_version { SNMP_V1, SNMP_V2C, SNMP_V3 };

/* Where an agent is and what it wants to hear. Borrowed until the agent is done. */
struct snmp_login {
	const char *host; /* numeric address */
	uint16_t port;
	enum snmp_version version;
	const char *community; /* v1, v2c */
	const char *user;      /* v3; the protocols are named as RFC 7860 and net-snmp do: */
	const char *auth, *auth_password; /* MD5 SHA SHA-224 SHA-256 SHA-384 SHA-512; NULL: noAuth
					   */
	const char *priv, *priv_password; /* DES AES AES-192 AES-256; NULL: noPriv */
	const char *context;              /* VRF, "vlan-7"; NULL: none */
	int timeout_ms, tries;            /* of one request */
};

/* What comes of an agent. Each is called from snmp_loop_run. */
struct snmp_calls {
	/* The next table; false: leave it out. May be NULL: all are walked. */
	bool (*wanted)(const struct mib_table *table, void *arg);
	mib_row *row; /* a row of the table at hand */
	/* The table has ended; its reader still has the account. The next one begins. */
	void (*table)(const struct mib_table *table, const struct mib_reader *reader,
	    enum outcome outcome, void *arg);
	/* All of them have, or the agent cannot be read: reason and why say so, REASON_NONE else.
	 */
	void (*done)(enum reason reason, const char *why, void *arg);
	/* A request is about to leave: names its first OID. May be NULL. */
	void (*wire)(const char *request, void *arg);
};

struct snmp_loop;

struct snmp_loop *snmp_loop_new(void);
void snmp_loop_free(struct snmp_loop *loop);

/* Adds an agent, whose `tables` (ends with NULL) are walked in order. 0, or -1 with err: the login
 * is none that net-snmp knows. Nothing is sent before snmp_loop_run. */
int snmp_loop_add(struct snmp_loop *loop, const struct snmp_login *login,
    const struct mib_table *const *tables, const struct snmp_calls *calls, void *arg,
    struct error *err);

/* Until every agent is done, or clock_mono_ms is until_ms: those that are not are told
 * REASON_TIMEOUT then. `most`: agents in flight at a time. */
void snmp_loop_run(struct snmp_loop *loop, unsigned most, int64_t until_ms);

#endif
