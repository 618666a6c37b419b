/* One load of the configuration, shared by the files of this room; nobody else includes it.
 *
 * A file becomes libyaml's document tree, and a table says what may stand in it: one row for each
 * key, with its type, its place in the struct, its bounds and one line of help. We walk the tree
 * with tables of our own, and not with libcyaml, because libcyaml stops at the first fault and
 * cannot read a map with free keys (credentials: {NAME: ...}); a user mends ten faults in one go
 * only if all ten are said. */
#ifndef GATEBOOK_INVENTORIES_LOADING_H
#define GATEBOOK_INVENTORIES_LOADING_H

#include <openssl/evp.h>
#include <stddef.h>
#include <yaml.h>

#include "inventories/config.h"

enum {
	LOADING_FAULTS = 1000,     /* faults kept; more than anybody reads, less than a broken 16 MB
				      file has */
	LOADING_VISITS = 10000000, /* nodes read in one file, aliases counted each time: bounds what
				    * `a: &a [..]`, `b: [*a, *a, ..]` can cost */
	LOADING_PREFIXES = 1024,   /* prefixes of one list: they are compared pair by pair */
	LOADING_SHOWN = 64,        /* bytes of a faulty value that are shown */
	LOADING_TEXT = 1024        /* bytes of a text value: a path is the longest */
};

struct fault {
	unsigned file, line, column; /* file: index into the files of this load */
	unsigned order;              /* of being found: keeps equal places in order */
	const char *text;
};

/* A device before all files are read: where its name stands, for duplicates. */
struct draft {
	struct device device;
	unsigned file, column;
	const char *via; /* NULL: none */
	unsigned via_line, via_column;
};

struct loading {
	struct config *config;
	struct arena arena; /* lives as long as the load: faults, file names for them */
	struct fault *faults;
	size_t n_faults, faults_room, faults_lost;
	const char **files;
	unsigned n_files, files_room;
	struct draft *drafts;
	size_t n_drafts, drafts_room;
	const char *dir; /* as typed; "" for the working directory */
	EVP_MD_CTX *hash;
	const char *imported; /* read instead of inventory.d/IMPORTED.yml; NULL: that */
	bool blind;           /* gatebook.yml could not be read: its credentials are not known */
	/* the file that is being read */
	unsigned file;
	const char *file_name; /* in the configuration's arena */
	yaml_document_t *document;
	size_t visits, most_visits;
	size_t most_bytes; /* of a file; 0: LIMIT_CONFIG */
};

/* --- faults.c: what is wrong, and where ------------------------------------------------------- */

/* Adds a fault of the current file; line and column count from 1. */
void fault_at(struct loading *l, unsigned line, unsigned column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same at the place where a node begins. */
void fault_node(struct loading *l, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same in another file of this load. */
void fault_in(struct loading *l, unsigned file, unsigned line, unsigned column, const char *format,
    ...) __attribute__((format(printf, 5, 6)));
/* Prints all faults in the order of files and lines, each once. */
void faults_print(struct loading *l, FILE *out);

/* A value as it may be shown: printable, cut at LOADING_SHOWN. Returns out. */
const char *fault_shown(struct text value, char out[static LOADING_SHOWN + 8]);

/* --- source.c: a file becomes a tree ---------------------------------------------------------- */

/* Starts a file under the name a user would type; everything found from here on belongs to it. */
void source_begin(struct loading *l, const char *name);

/* Reads the file that was begun, "-" for standard input, as UTF-8 without control characters. The
 * text ends with no NUL and is to be freed. Returns false after adding a fault. */
bool source_bytes(struct loading *l, const char *path, struct text *text);

/* Reads the file that was begun and gives its root to read (NULL for an empty file). Returns false
 * after adding a fault when it cannot be read or is not YAML. */
bool source_read(
    struct loading *l, const char *path, void (*read)(struct loading *l, const yaml_node_t *root));

/* --- schema.c: a tree becomes a struct -------------------------------------------------------- */

enum value {
	VALUE_TEXT,    /* const char *: printable, not empty */
	VALUE_NAME,    /* const char *: letters, digits, '.', '_', '-' */
	VALUE_NUMBER,  /* uint32_t, least..most */
	VALUE_PORT,    /* uint16_t, 1..65535 */
	VALUE_SECONDS, /* uint32_t: 60s 5m 2h 1d, least..most */
	VALUE_BOOL,    /* bool */
	VALUE_WORD,    /* const char *: one of words */
	VALUE_CHOICE,  /* int: index into words */
	VALUE_OTHER    /* read() does it */
};

struct key {
	const char *name; /* NULL ends a table */
	enum value value;
	size_t offset; /* of its place in the struct */
	bool required; /* its place is a pointer that must not stay NULL */
	uint32_t least, most;
	const char *const *words; /* ends with NULL */
	void (*read)(struct loading *l, const struct key *key, const yaml_node_t *node, void *into);
	const char *help; /* one line: what it is */
};

enum { SCHEMA_KEYS = 32 }; /* rows of one table */

/* Reads a map into a struct by its table. `what` names the map in faults ("a device"). Returns
 * false when a key was unknown: then what seems to be missing may be what was mistyped. */
bool schema_map(struct loading *l, const yaml_node_t *map, const struct key *keys, void *into,
    const char *what);

/* The node's kind is as wanted, else a fault "'key' wants a list, not a text". Null counts as an
 * empty list or map. */
bool schema_is_list(struct loading *l, const char *key, const yaml_node_t *node);
bool schema_is_map(struct loading *l, const char *key, const yaml_node_t *node);
bool schema_is_text(struct loading *l, const char *key, const yaml_node_t *node);
bool schema_is_null(const yaml_node_t *node);

/* Children, by index; NULL after the last or when the budget of this file is spent. */
const yaml_node_t *schema_item(struct loading *l, const yaml_node_t *list, size_t i);
const yaml_node_t *schema_pair(
    struct loading *l, const yaml_node_t *map, size_t i, const yaml_node_t **value);
size_t schema_count(const yaml_node_t *list); /* items of a list, 0 for null */

struct text schema_text(const yaml_node_t *scalar);
unsigned schema_line(const yaml_node_t *node);   /* from 1 */
unsigned schema_column(const yaml_node_t *node); /* from 1 */

/* A name as devices, sites, tags and credentials have; NULL after a fault. */
const char *schema_name(struct loading *l, const char *key, const yaml_node_t *node);
/* A printable text; NULL after a fault. */
const char *schema_string(struct loading *l, const char *key, const yaml_node_t *node);
/* "60s" ...; false after a fault. */
bool schema_seconds(
    struct loading *l, const struct key *key, const yaml_node_t *node, uint32_t *seconds);
/* A list of names, NULL-terminated, in the configuration's arena; NULL after a fault. */
const char *const *schema_names(struct loading *l, const char *key, const yaml_node_t *node);

/* --- one file for each kind of thing ---------------------------------------------------------- */

void read_settings(struct loading *l, const yaml_node_t *root); /* settings.c: gatebook.yml */
void read_credentials(struct loading *l, const struct key *key, const yaml_node_t *node,
    void *config); /* credentials.c
		    */
/* reconcile.c: struct reconcile_settings */
void read_reconcile(
    struct loading *l, const struct key *key, const yaml_node_t *node, void *settings);
void read_prefixes(struct loading *l, const struct key *key, const yaml_node_t *node,
    void *set);                                                  /* prefixes.c: struct prefix_set */
void read_inventory(struct loading *l, const yaml_node_t *root); /* devices.c: inventory.d/x.yml */
/* commands.c: the driver's own spelling of each, NULL-terminated; NULL: its defaults, or a fault.
 */
const char *const *read_commands(
    struct loading *l, const yaml_node_t *list, const struct driver *driver);
void devices_finish(struct loading *l); /* devices_finish.c: sorts, finds duplicates */
void read_schedules(
    struct loading *l, const struct key *key, const yaml_node_t *node, void *config); /* schedules.c
										       */
void read_blackouts(
    struct loading *l, const struct key *key, const yaml_node_t *node, void *config); /* schedules.c
										       */
void read_zone(struct loading *l, const struct key *key, const yaml_node_t *node,
    void *into);                          /* schedules.c: struct zone * */
void schedules_finish(struct loading *l); /* schedules.c: which devices are meant */
const struct credential *credential_find(const struct config *c, const char *name);

/* A poll could ask devices of this platform for sessions. */
bool platform_can_poll(const struct driver *driver);

/* A path that is absolute, or relative to the folder of the configuration, made absolute; NULL
 * after a fault. */
const char *config_path(struct loading *l, const char *key, const yaml_node_t *node);

/* What people write where an address belongs, and what it should have been; NULL: looks right. */
const char *fault_host(struct text t);

#endif
