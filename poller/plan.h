/* Who may be polled when. The plan knows the configuration, the time it is told and what polls came
 * to; it starts nothing and asks no clock, so that a year of it can be tried in seconds.
 *
 * Every device has its moments on the grid of its schedule, told apart by a hash of its name: the
 * same after a restart, never bunched, and what was missed is not made up for. A poll starts when
 * its moment has come and every budget allows it. */
#ifndef GATEBOOK_POLLER_PLAN_H
#define GATEBOOK_POLLER_PLAN_H

#include "inventories/config.h"
#include "poller/plan_adapt.h"

/* Schedules follow the wall clock; intervals and rates the monotonic one, which nobody sets. */
struct moment {
	int64_t wall;    /* seconds since 1970 */
	int64_t mono_ms; /* milliseconds */
};

/* Why nothing is started at all for a device, a credential, a platform or everybody. */
enum hold {
	HOLD_NONE,
	HOLD_ENGINEER, /* gatebook hold */
	HOLD_AUTH,     /* the login was refused: never tried again by itself */
	HOLD_HOST_KEY, /* the key is not the trusted one */
	HOLD_BREAKER   /* devices of the platform went away while they were polled */
};
const char *hold_name(enum hold h);

enum hold_on { HOLD_DEVICE, HOLD_CREDENTIAL, HOLD_PLATFORM, HOLD_ALL };
const char *hold_on_name(enum hold_on on);

#define PLAN_NEVER INT64_MAX

/* What one schedule wants of one device next. */
struct due {
	const struct timetable *timetable;
	int64_t at;     /* seconds since 1970; PLAN_NEVER */
	uint32_t every; /* seconds: the interval now in force; 0: by cron */
};

/* One device. Read it, and leave changing it to the plan. */
struct entry {
	const struct device *device;
	struct due due[LIMIT_TIMETABLES];
	int n_due;
	int64_t at;          /* seconds since 1970: when the next poll is due; PLAN_NEVER */
	int64_t due_ms;      /* monotonic: since when it waits for its turn */
	int64_t late_ms;     /* of the last poll: from its moment to its start */
	int64_t earliest_ms; /* monotonic: not before, however urgent */
	bool wanted;         /* asked for now */
	bool running, waiting;
	bool agent, slow; /* of the poll that runs: by SNMP; of a device that did not answer */
	enum hold hold;
	unsigned failures; /* polls in a row that got nothing */
	struct budget *site, *account, *family;
	struct churn churn;
	/* what came of it */
	int64_t started;          /* seconds since 1970; 0: never */
	int64_t succeeded;        /* the last poll that was complete or partial; 0: never */
	struct poll_report *last; /* NULL: none since the start */
	uint64_t polls[OUTCOME_SKIPPED + 1];
	uint64_t unread, refused; /* lines; logins */
};

struct plan;

/* The plan of all devices that are on a schedule and not disabled. */
struct plan *plan_new(const struct config *c, struct moment now);

/* A plan without schedules: these devices (the list ends with NULL) are polled when they are
 * wanted, which they are now. The limits hold but for the minimum interval: a person decides. */
struct plan *plan_by_hand(
    const struct config *c, const struct device *const *devices, struct moment now);
void plan_want_all(struct plan *p);              /* once more */
void plan_drop(struct plan *p, struct entry *e); /* not this time */
void plan_free(struct plan *p);

/* Goes on with another configuration: devices keep, by name, what is known of them. The old
 * configuration is not needed afterwards. The entry of a device that is gone stays until its poll
 * has ended; its `device` is NULL. */
void plan_replace(struct plan *p, const struct config *c, struct moment now);

/* What is known from before a restart: when the last poll began and how many in a row failed. */
void plan_recall(
    struct plan *p, const char *device, int64_t started, unsigned failures, struct moment now);

/* What is asked for in one poll. */
struct errand {
	struct entry *entry;
	bool sessions, neighbours;
};

/* The next poll that may start now; it counts as started. False: none may. */
bool plan_take(struct plan *p, struct moment now, struct errand *errand);

/* What a poll that is on record found: sessions that were new, and those gone now that only the
 * poll before saw. Adaptive schedules follow it. */
void plan_found(struct entry *e, const struct poll_report *r, uint64_t opened, uint64_t once);

/* Seconds between two polls of the device for sessions, as it is now: what is due by coverage. */
uint32_t plan_every(const struct entry *e);

/* Why an adaptive schedule has chosen this interval; "": none has. */
void plan_explain_interval(const struct entry *e, char out[static 200]);

/* A poll has ended. Returns the holds that follow from it: a bit for each enum hold_on. */
unsigned plan_ended(
    struct plan *p, struct entry *e, const struct poll_report *r, struct moment now);

/* Asks for a poll of the device as soon as its limits allow; schedules do not matter, blackouts and
 * holds do. Returns false with a reason when it cannot be soon: held, running, polled just now. */
bool plan_want(struct plan *p, struct entry *e, struct moment now, char why[static 160]);

/* Holds, or releases (HOLD_NONE). `name` of a device, credential or platform; ignored for all.
 * Returns false when there is none of that name. */
bool plan_hold(
    struct plan *p, enum hold_on on, const char *name, enum hold hold, struct moment now);

/* Why nothing is started for the device, in the order of what weighs most; HOLD_NONE: nothing. */
enum hold plan_held(const struct plan *p, const struct entry *e, enum hold_on *on);

/* Says what the device waits for: "running", "held: ...", "due in 41 s". */
void plan_explain(
    const struct plan *p, const struct entry *e, struct moment now, char out[static 300]);

/* All that decides when the device is polled, sentence by sentence: plan_words.c. */
void plan_tell(const struct plan *p, const struct entry *e, struct moment now,
    void (*say)(const char *sentence, void *arg), void *arg);

size_t plan_count(const struct plan *p);
struct entry *plan_at(const struct plan *p, size_t i); /* sorted by name */
struct entry *plan_find(const struct plan *p, const char *device);
size_t plan_in_flight(const struct plan *p);

/* True when nothing is left to start or to wait for: of a plan by hand; no other one is ever done.
 */
bool plan_done(const struct plan *p);

/* When the next poll is due, seconds since 1970: 0 when one waits already, PLAN_NEVER. */
int64_t plan_next(const struct plan *p);

/* Says what cannot work: more logins a second than the limits allow, intervals below the minimum;
 * with the numbers and the smallest change that makes it fit. Returns how many sentences. */
int plan_check(const struct config *c, void (*say)(const char *sentence, void *arg), void *arg);

/* When a schedule wants the device next, after that time, with `every` seconds for its interval:
 * plan_due.c. */
int64_t due_next(const struct config *c, const struct device *d, const struct timetable *t,
    uint32_t every, int64_t after);

/* The first moment at or after `at` that no blackout of the device (and, with t, no window of its
 * schedule) forbids; PLAN_NEVER. */
int64_t due_allowed(
    const struct config *c, const struct device *d, const struct timetable *t, int64_t at);

#endif
