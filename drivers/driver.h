/* A driver: everything Gatebook knows about one platform's command line, as data.
 *
 * drivers/README.md shows how to write one. A driver cannot do I/O, allocate or keep state. */
#ifndef GATEBOOK_DRIVERS_DRIVER_H
#define GATEBOOK_DRIVERS_DRIVER_H

#include "base/record.h"

enum form {
	FORM_ROWS,    /* one line, one row: patterns tried in order */
	FORM_KEYS,    /* key=value lists; repeated keys told apart by their order */
	FORM_BLOCKS,  /* several patterns make one record: one opens it, others continue it */
	FORM_XML,     /* element paths to fields, fed to libxml2's push parser */
	FORM_JSON,    /* the same with keys, a record at a time, through jansson */
	FORM_COLUMNS, /* columns bound by the names in their header and the rule below it */
	FORM_CSV,     /* the same between commas */
	FORM_VARBINDS /* a table of a MIB, walked: mibs/ knows its columns */
};

enum command_flag {
	COMMAND_HEAVY = 1 << 0,       /* loads the device on a large table */
	COMMAND_VARIANT = 1 << 1,     /* asked only if the command before it was refused */
	COMMAND_PRIVILEGED = 1 << 2,  /* needs more than the lowest level */
	COMMAND_OPTIONAL = 1 << 3,    /* not asked by default, but understood */
	COMMAND_UNACCOUNTED = 1 << 4, /* the platform's AAA may not account it */
	COMMAND_RECORD = 1 << 5       /* never sent: a log or an export, read from a file */
};

enum status {
	STATUS_VERIFIED, /* ran against the real producer in the lab */
	STATUS_SAMPLES,  /* reads real outputs */
	STATUS_LAYOUT    /* rests on a description only: unverified */
};
const char *status_name(enum status s);

/* A pure function for a field that needs arithmetic ("{_!name}": the word at its place) or for the
 * whole row ("{row!name}": an empty word). False: the pattern does not match. */
typedef bool pattern_function(struct text token, struct observation *o);
struct function {
	const char *name;
	pattern_function *call;
};

struct command {
	const char *send; /* the exact line; nothing else is ever sent */
	enum topic topic;
	enum form form;
	enum scope scope;
	const char *const *patterns; /* ends with NULL; drivers/README.md has the language */
	const char *const *noise;    /* openings of lines that hold no row; ends with NULL */
	const char *total;           /* pattern of the printed total ({total}), or NULL */
	const char *const *also;     /* other spellings that print the same, or NULL */
	const char *pages;  /* the line for what lies behind: "... start-at {1-2000000}", or NULL */
	unsigned page_rows; /* rows that a page that is not the last holds at least */
	bool paragraphs;    /* blocks: a blank line ends a record, any of its lines may begin it */
	const char *begins; /* folded: how the first line of a row begins; others go on in it */
	unsigned folds_at;  /* and lines of exactly so many bytes, cut anywhere; 0: at a blank */
	unsigned flags;     /* enum command_flag */
	enum status status;
};

/* How to talk to the platform. */
struct dialect {
	bool shell;         /* true: pty and shell; false: one exec channel for each command */
	const char *prompt; /* characters that may end a prompt, e.g. ">#" */
	const char *const *setup;    /* lines sent after login (paging off ...); ends with NULL */
	const char *const *more;     /* more-marks; answered with one blank; ends with NULL */
	const char *const *refusals; /* openings of a refused command's reply; ends with NULL */
	const char *leave;           /* logout line, or NULL */
	/* The line that asks for the higher level, after which the prompt ends in '#', and what
	 * asks for its password; NULL: there is none. Sent only with a credential that has
	 * `enable`. */
	const char *enable, *enable_asks;
};

/* What tells the platform from the others (detect.h); shell globs, as fnmatch(3) reads them. A
 * driver without `says` is known by its banner at most. */
struct signs {
	const char *banner;  /* the software of its SSH identification (RFC 4253 4.2), or NULL */
	const char *prompt;  /* or NULL: like many others */
	const char *version; /* the line that asks what it is */
	const char *const *says; /* a line of the reply to that; ends with NULL */
	const char *object; /* how its sysObjectID begins: the enterprise's number (IANA), or the
			       system's that net-snmp gives (NET-SNMP-TC); NULL: not known */
	const char *on;     /* a program on hosts of this platform: only the inventory tells it */
};

struct driver {
	const char *name;           /* inventory word = file name = symbol = corpus folder */
	const char *title;          /* "Cisco IOS and IOS XE" */
	const char *const *aliases; /* other tools' names for it; ends with NULL */
	struct dialect dialect;
	struct signs signs;
	const struct command *commands;   /* ends with .send == NULL */
	const struct function *functions; /* its patterns' own; ends with .name == NULL; or NULL */
	const char *blind;                /* what it cannot see, one sentence for the analyst */
	const char *privilege;            /* what the account needs */
	bool crosses;       /* a flow is listed once for each place (VDOM) that it crosses */
	enum status status; /* the weakest of its default commands */
};

/* All drivers, sorted by name, n of them. */
extern const struct driver *const drivers[];
extern const unsigned drivers_count;

/* By name or alias, case folded; NULL when unknown. */
const struct driver *driver_find(const char *name);

/* The driver names nearest to an unknown word, as "'cisco_ios'" or "'cisco_ios' or 'cisco_xr'";
 * NULL when none is near. Valid until the next call. */
const char *driver_nearest(const char *name);

/* A poll can ask it: it lists sessions, translations or sockets, and is no file's layout. */
bool command_can_poll(const struct command *command);

/* The command that counts sessions or translations before their table is asked for; NULL: the
 * driver has none. */
const struct command *driver_guard(const struct driver *driver);

/* A poll with `identity` asks it: it lists neighbours, stations, names of ports, own networks. */
bool command_tells_identity(const struct command *command);

/* True if `line` is one the driver may send: a command, its line for a page with a number in its
 * range, a setup line or its logout. Checked right before a line is written, by the transport: the
 * allow-list of promise P1. */
bool driver_may_send(const struct driver *driver, const char *line);

/* Writes command->pages with the number in its place. False: there is no such line, or the number
 * is not in its range, or the line does not fit. */
bool command_page(const struct command *command, uint64_t number, char *line, size_t size);

/* The other way round: the line is command->pages with a number in its range, written plainly. */
bool command_is_page(const struct command *command, const char *line);

/* True if the text has one number, "{LEAST-MOST}", with LEAST <= MOST and no zero in front. */
bool command_pages_valid(const char *pages);

/* The command whose send, `also` spelling or abbreviation (each word a prefix, as IOS accepts)
 * matches `line`, ignoring runs of blanks and a leading prompt; NULL when none does. */
const struct command *driver_command(const struct driver *driver, struct text line);

/* A driver from a YAML file (drivers/README.md, "Without a compiler"): the same fields, the same
 * pattern language. The result lives until driver_file_free. NULL with err set: file:line:column.
 */
struct error;
const struct driver *driver_file_load(const char *path, struct error *err);
void driver_file_free(const struct driver *driver);

#endif
