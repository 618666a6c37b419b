/* Was it us? Puts the commands that AAA servers and devices accounted beside those of the ledger,
 * one to one. Every record of theirs and every line of ours gets one outcome, and the outcomes sum
 * to them. */
#ifndef GATEBOOK_AUDIT_RECONCILE_H
#define GATEBOOK_AUDIT_RECONCILE_H

#include <sqlite3.h>

#include "audit/records.h"
#include "inventories/config.h"

enum match {
	/* of records */
	MATCH_OURS,      /* a line of the ledger */
	MATCH_LATE,      /* the same, a whole visit beyond the window */
	MATCH_AMBIGUOUS, /* a record that was there before, or one that fits several lines */
	MATCH_ELSEWHERE, /* our account, and not us: from elsewhere, another line, another time */
	MATCH_DISCOVERY, /* somebody else's discovery that is not expected (ATT&CK T1049) */
	MATCH_OTHER,     /* somebody else's business */
	MATCH_UNDATED,   /* no time that can be read: nothing can be said */
	/* of lines of ours */
	MATCH_FOUND,       /* in a record */
	MATCH_MISSING,     /* in none: a gap in the accounting */
	MATCH_UNACCOUNTED, /* in none, and the platform is known not to account it */
	MATCH_KINDS
};
const char *match_name(enum match m);

/* The tunables (gatebook.yml, `reconcile:`). Times in microseconds. */
struct reconcile_rules {
	int64_t window;                   /* between a line and its record, clocks compared */
	int64_t late;                     /* and at most, for a whole visit */
	int64_t skew;                     /* the largest difference of clocks that is believed */
	int64_t chain_within;             /* discovery commands so near each other are a chain */
	const struct prefix_set *sources; /* where polls come from, beside what the ledger says;
					     NULL */
	const char *const *users; /* who else may run discovery: shell globs; NULL: nobody */
	const struct prefix_set *users_from; /* and from where; NULL: anywhere */
	uint32_t hours;                      /* and when: a bit for each local hour; 0: always */
	const char *const *discovery;        /* further openings; NULL */
	const char *const *unaccounted;      /* platforms that account no commands; NULL */
};
struct reconcile_rules reconcile_rules_default(void);

struct finding {
	enum match match;
	int64_t time_us;
	const char *device, *user, *from, *command; /* as printed; "" where there is none */
	const char *why;
	const char *file; /* of a record; NULL: a line of ours */
	uint64_t line;    /* of the file; of ours its record in the ledger */
	unsigned chain;   /* different discovery commands of this one in a short time, 1 alone */
};

struct reconcile_device {
	const char *name;
	uint64_t ours, matched, missing, theirs; /* lines of ours, found, not; records of our
						    account */
	int64_t skew_us;                         /* records' clock minus ours */
	bool has_skew;
};

enum { RECONCILE_FINDINGS = 100000 }; /* kept; more are counted only */

struct reconcile;

/* The inventory names devices, addresses and accounts. Everything it is given must outlive it. */
struct reconcile *reconcile_new(
    const struct config *config, const struct reconcile_rules *rules, int64_t now_us);
void reconcile_free(struct reconcile *r);

/* Takes what was sent between the two times out of the ledger; first. 0, or -1 with err. */
int reconcile_ours(
    struct reconcile *r, sqlite3 *db, int64_t from_us, int64_t to_us, struct error *err);

/* Reads a log of records. device: whose log it is, where it does not say; NULL: it does. Records
 * outside of the time count as other. 0, or -1 with err. */
int reconcile_log(struct reconcile *r, FILE *file, const char *name, const struct driver *driver,
    const char *device, struct records_read *read, struct error *err);

/* Learns each device's clock, assigns, judges; once, last. */
void reconcile_finish(struct reconcile *r);

/* Behind reconcile_finish. Findings: ELSEWHERE, DISCOVERY by rank, AMBIGUOUS, LATE, MISSING; the
 * rest is in the counts. */
uint64_t reconcile_count(const struct reconcile *r, enum match m);
const struct finding *reconcile_findings(const struct reconcile *r, size_t *n);
const struct reconcile_device *reconcile_devices(const struct reconcile *r, size_t *n);
uint64_t reconcile_records(const struct reconcile *r);  /* of theirs, read */
uint64_t reconcile_lines(const struct reconcile *r);    /* of ours, sent */
bool reconcile_knows_source(const struct reconcile *r); /* false: nobody says where polls come from
							 */

#endif
