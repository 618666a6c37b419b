/* gatebook.yml and inventory.d/: what to poll, with which account, what counts as inside.
 *
 * Loading reports every fault as file:line:column: reason, not only the first, and suggests the
 * nearest key for a mistyped one. Nothing here reads a secret: credentials are references. */
#ifndef GATEBOOK_INVENTORIES_CONFIG_H
#define GATEBOOK_INVENTORIES_CONFIG_H

#include <stdio.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/prefix.h"
#include "drivers/driver.h"

/* Where a secret comes from: file:PATH env:NAME agent: systemd:NAME exec:/path/to/helper
 * (file: paths are absolute here). */
struct credential {
	const char *name;
	const char *user;       /* NULL: only a community */
	const char *password;   /* reference, or NULL */
	const char *key;        /* reference to a private key, or NULL */
	const char *passphrase; /* reference, or NULL */
	const char *enable;     /* reference to the password of the higher level, or NULL */
	const char *agent;      /* socket path when key is agent:, else NULL */
	/* SNMP: a community (reference) without user; or a user with these. NULL: not said. */
	const char *community, *auth_password, *priv_password; /* references */
	const char *auth, *priv, *context; /* SHA-256 ..., AES ..., the name of a context */
	bool version_1;
	uint32_t logins_per_second; /* towards its AAA servers; 0: as many as all together may */
	const char *file;           /* where it was defined */
	unsigned line;
};

/* A file that was read. */
struct config_file {
	const char *path; /* absolute */
	char sha256[65];
};

struct device;

/* When devices are polled: one of `schedules:`, or a device's own `every:`. */
struct timetable {
	const char *name;
	uint32_t every;            /* seconds; 0: by cron */
	uint32_t least, most;      /* seconds: adaptive, around `every`; 0: always `every` */
	uint32_t jitter;           /* seconds that a poll may be later */
	uint32_t priority;         /* 0..9, 9 goes first */
	const struct cron *cron;   /* NULL: by every */
	const struct week *window; /* polled then only; NULL: always */
	struct zone *zone;         /* of cron and window */
	bool sessions, neighbours; /* what is asked for; where a device is polled for sessions too,
				    * neighbours are asked for with them, never alone */
	const char *const *on;     /* as typed; NULL: all */
	unsigned line, column;     /* in gatebook.yml */
};

/* When nothing is polled, whatever the schedules say. */
struct blackout {
	const char *name;
	const struct week *window; /* every week; NULL: once */
	int64_t from, to;          /* seconds since 1970; both 0 with a window */
	struct zone *zone;
	const struct device **devices; /* sorted, as those of the configuration are */
	size_t n_devices;
	const char *const *on;
	unsigned line, column;
};

struct own_prefixes {
	struct prefix_set set;
	struct own_prefixes *next;
};

struct device {
	const char *name, *host;
	const char *site;      /* "" when none was said */
	const char *transport; /* "ssh" unless said; "snmp", "local", "replay" */
	const struct driver *driver;
	const struct credential *credential; /* NULL for local and replay */
	const char *replay;                  /* absolute; file or folder, transport replay only */
	const char *algorithms;              /* modern | sha1-kex | ancient */
	const char *const *tags;             /* ends with NULL; never NULL itself */
	const char *const *commands; /* only these of the driver's, as it spells them; NULL: its
					defaults */
	const char *from;            /* our own address that logs in, numeric; NULL: any */
	const struct device *via;    /* the jump host it is reached through; NULL: none */
	const struct prefix_set *internal; /* its own, else the configuration's */
	uint16_t port;                     /* 0 for local and replay */
	uint32_t every;                    /* seconds between polls for sessions; 0: by hand only */
	struct timetable **timetables;     /* ends with NULL; NULL: none */
	uint32_t timeout;                  /* seconds for one poll */
	uint32_t most_sessions; /* a device that counts more is not asked for its table; 0: never
				   counted */
	uint32_t most_cpu;      /* percent; a busier SNMP agent is asked for its sockets only; 100:
				   never asked how busy it is */
	const char *const *contexts; /* of an SNMP agent: "vlan-7", a VRF; ends with NULL; or NULL
				      */
	/* Of an imported device: where it came from ("netbox:https://..."), what that calls it, and
	 * "up", "down" or "left", by which it may be disabled. NULL: written by hand. */
	const char *source, *source_id, *source_state;
	bool disabled;
	bool identity;    /* neighbours and stations are asked for too */
	const char *file; /* where it was defined */
	unsigned line;
};

/* What `ledger reconcile` expects of the logs of others. */
struct reconcile_settings {
	uint32_t window, late, skew, chain_within; /* seconds */
	uint32_t hours; /* when `users` may: a bit for each hour; 0: always */
	struct prefix_set sources, users_from;
	const char *const *users, *const *discovery, *const *unaccounted; /* end with NULL; or NULL
									   */
};

struct config {
	struct arena arena;
	const char *dir;     /* the folder of gatebook.yml, absolute */
	const char *store;   /* absolute */
	const char *control; /* the daemon's socket, in the store's folder */
	const char *metrics; /* "127.0.0.1:9740"; NULL: none are served */
	struct prefix_set internal;
	bool keep_inside;  /* keep inside-inside rows (default: counted and dropped) */
	bool keep_outside; /* keep outside-outside rows */
	int sandbox;       /* 0 off, 1 warn, 2 enforce */
	uint32_t jobs, logins_per_second;
	uint32_t site_jobs;     /* polls of one site at the same time */
	uint32_t snmp_jobs;     /* polls by SNMP at the same time, besides `jobs` */
	uint32_t min_interval;  /* seconds from one poll of a device to the next, at least */
	uint32_t auth_failures; /* devices that refuse a credential before it is held */
	uint32_t poll_timeout, silence, connect; /* seconds; poll_timeout is in each device's
						    timeout */
	uint32_t most_sessions;                  /* in each device's most_sessions */
	uint32_t most_cpu;                       /* in each device's most_cpu */
	uint32_t least_disk;       /* MiB that must be free, or no poll is started; 0: any */
	bool alerts;               /* a line to syslog(3) for each, and the command */
	const char *alert_command; /* absolute path, or NULL */
	uint32_t alert_silent, alert_unread; /* intervals; percent of a poll's lines */
	uint32_t keep_days;                  /* sealed days kept; 0: all */
	struct zone *zone;                   /* of schedules that name none */
	struct timetable *timetables;
	size_t n_timetables;
	struct blackout *blackouts;
	size_t n_blackouts;
	const char *ledger_key; /* file of the ledger's private key, absolute */
	bool must_sign;         /* it was said: a missing file is a fault */
	struct reconcile_settings reconcile;
	const char *heads;      /* file for the ledger's signed heads, or NULL */
	struct device *devices; /* sorted by name */
	size_t n_devices;
	struct credential *credentials; /* sorted by name */
	size_t n_credentials;
	struct own_prefixes *own;  /* the prefix sets of devices, for config_free */
	struct config_file *files; /* as they were read */
	size_t n_files;
	char sha256[65]; /* of the files read, in order, hex: cat FILES | sha256sum */
};

/* Loads DIR/gatebook.yml and DIR/inventory.d/ *.yml, *.yaml (sorted by name). Every fault is
 * printed to `faults` as "file:line:column: reason" followed by LF. Returns NULL when there was
 * one. A missing gatebook.yml is a fault that names `gatebook init`. */
struct config *config_load(const char *dir, FILE *faults);
/* The same with another file in the place of inventory.d/IMPORTED.yml, to see whether it may stand
 * there. */
struct config *config_load_with(const char *dir, const char *imported, FILE *faults);
void config_free(struct config *c);

/* "name", "@tag", "@site", "@platform" or "@all"; no argument at all means @all. A disabled device
 * is picked by its name only. Returns the matching devices sorted by name, each once
 * (NULL-terminated, in the arena), or NULL with err naming the nearest and EXIT_USAGE. */
const struct device **config_select(struct config *c, int n, char *const *words, struct error *err);

/* The device of that name, or NULL. */
const struct device *config_device(const struct config *c, const char *name);

/* Writes a text as a value of YAML that is read back as it is, in quotes where it needs them. */
void config_put_text(FILE *out, struct text t);

/* Seconds in the largest unit that divides them, as the configuration spells them: "5m", "90s",
 * "1d"; "off" for 0. Returns out. */
enum { CONFIG_DURATION = 16 };
const char *config_duration(uint32_t seconds, char out[static CONFIG_DURATION]);

#endif
