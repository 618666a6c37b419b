/* Every bound of the program, with its unit and the reason. */
#ifndef GATEBOOK_BASE_LIMITS_H
#define GATEBOOK_BASE_LIMITS_H

/* Exit codes: one meaning each (gatebook(1)). */
enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_FALSE = 3,   /* an assertion or a verification is false */
	EXIT_AUTH = 4,    /* authentication or permission refused */
	EXIT_PARTIAL = 5, /* some devices or lines are missing */
	EXIT_INTERRUPTED = 130
};

enum {
	LIMIT_LINE = 16384,     /* bytes of one reply line; the longest seen has 1 kB (ss -i) */
	LIMIT_BLOCK_LINES = 64, /* lines of one record; the longest known (IOS-XR pcb) has 60 */
	LIMIT_REPLY_LINES = 2000000, /* lines of one reply: a full table of the largest firewalls */
	LIMIT_REPLY_BYTES = 256 << 20, /* bytes of one reply: 1 M conntrack rows and some room */
	LIMIT_UNREAD_KEPT = 8,         /* unread lines kept with a poll as evidence */
	LIMIT_PAGE_OVERLAP = 256, /* rows asked for again with the next page, a quarter of PAN-OS's:
				     so many may go in front of it, and none is missed unseen */
	LIMIT_PAGE_LEAST = 16,    /* rows of a page: a quarter of half of it still is an overlap */
	LIMIT_PATTERN_STEPS = 96, /* steps of one compiled pattern */
	LIMIT_PATTERNS = 64,      /* patterns of one command */
	LIMIT_COMMANDS = 48,      /* commands of one driver */
	LIMIT_XML_DEPTH = 32,     /* element depth of a reply; conntrack needs 5 */
	LIMIT_XML_TEXT = 65536,   /* bytes of one element's text */
	LIMIT_CONTEXTS = 64,      /* VLANs or VRFs of one agent, walked one after another */
	LIMIT_PRESENCES = 200000, /* neighbours and stations of one device */
	LIMIT_OID = 128,          /* sub-identifiers of an OID (RFC 2578) */
	LIMIT_PLACES = 50000,     /* hosts and their places that one answer remembers: 30 MB */
	LIMIT_WALK_VARBINDS = 2000000, /* values of one table: a full one of the largest firewalls
					*/
	LIMIT_WALK_START = 10,         /* rows asked for at first: what net-snmp asks for */
	LIMIT_WALK_REPETITIONS = 40,   /* and at most: one datagram of an Ethernet */
	LIMIT_WALK_BYTES = 1024, /* bytes of a value that waits for its row; names are shorter */
	LIMIT_BANNER = 65536,    /* bytes before the first prompt */
	LIMIT_PROMPT = 256,      /* bytes of a prompt */
	LIMIT_STDERR = 65536,    /* bytes of a command's stderr that are looked at */
	LIMIT_WORDS = 65536,     /* distinct strings (states, places, users) in one poll */
	LIMIT_WORD = 255,        /* bytes of one such string */
	LIMIT_SECRET = 16384,    /* bytes of a password or a private key file */
	LIMIT_CONFIG = 16 << 20, /* bytes of a configuration file */
	LIMIT_DEVICES = 100000,  /* devices of one inventory */
	LIMIT_TIMETABLES = 8,    /* schedules that name one device */
	LIMIT_NAME = 64          /* bytes of a device, site or credential name */
};

/* Other tools' inventories. */
enum {
	LIMIT_IMPORT = 64 << 20,    /* bytes of one, or of one page of it */
	LIMIT_IMPORT_TAGS = 64,     /* tags of one device; NetBox users have a dozen */
	LIMIT_IMPORT_RULES = 1000,  /* lines of a platforms.map */
	LIMIT_IMPORT_DEPTH = 64,    /* groups in groups */
	LIMIT_IMPORT_RANGE = 10000, /* hosts of one sw[01:20] */
	LIMIT_HTTP_MS = 60000,      /* one page of an API */
	LIMIT_HTTP_WAIT_S = 60,     /* longest Retry-After that is waited for */
	LIMIT_HTTP_WAITS = 5        /* so many of them in one import */
};

/* Questions. */
enum {
	LIMIT_FILTER_BYTES = 65536,  /* of one filter; longer lists stand in files */
	LIMIT_FILTER_WORDS = 1024,   /* of one filter, a list of values counts as one */
	LIMIT_FILTER_TESTS = 200,    /* conditions of one filter: SQLite allows a depth of 1000 */
	LIMIT_FILTER_VALUES = 100000 /* ports, words of one filter; addresses have no bound */
};

/* Gentleness (seconds unless said). Each can be overridden in gatebook.yml. */
enum {
	LIMIT_CONNECT_MS = 10000, /* TCP connect and key exchange */
	LIMIT_SILENCE_MS = 60000, /* no byte from the device while a reply is due */
	LIMIT_POLL_S = 180,       /* one poll, from connect to logout; then SIGKILL */
	LIMIT_LOGOUT_MS = 2000,   /* waiting for the device to say goodbye */
	LIMIT_JOBS = 32,          /* polls in flight */
	LIMIT_SITE_JOBS = 4,      /* polls in flight at one site: they share its line */
	LIMIT_SNMP_JOBS = 256,    /* polls by SNMP in flight: no login, no shell */
	LIMIT_INTERVAL_S = 60,    /* between two polls of a device, whoever asked for them */
	LIMIT_AUTH_FAILURES = 3,  /* devices that refuse a credential before it is held back */
	LIMIT_BACK_OFF = 64,      /* intervals that a device which does not answer waits, at most */
	LIMIT_CPU = 70,           /* percent: a busier device is not asked for what is a burden */
	LIMIT_LOGINS_PER_SECOND = 5 /* towards the AAA servers, all devices together */
};

/* A daemon that is left alone. */
enum {
	LIMIT_DISK_MIB = 256, /* free on the store's disk, or no poll is started: sealing a day, its
				 sorter and the log of the database need that much beside it */
	LIMIT_RESERVE = 8 << 20, /* bytes: the records of as many polls as may be in flight */
	LIMIT_JOURNAL = 1000,    /* lines of its log that the daemon remembers: 200 kB */
	LIMIT_SILENT = 3,        /* intervals without an answer, before that is an alert */
	LIMIT_UNREAD = 10,  /* percent of a poll's lines that were not read, before that is one */
	LIMIT_HOOKS = 16,   /* commands of alerts that run at the same time */
	LIMIT_HOOK_S = 30,  /* seconds for one of them; then SIGKILL */
	LIMIT_ALERTS = 1000 /* alerts that wait for their turn: a whole site that fell silent */
};

#endif
