/* One import, shared by the files import*.c of this room; nobody else includes it.
 *
 * A reader (import_KIND.c) turns one format into candidates and knows nothing of the rest; names,
 * platforms and what was imported before are the business of import.c. */
#ifndef GATEBOOK_INVENTORIES_IMPORTING_H
#define GATEBOOK_INVENTORIES_IMPORTING_H

#include <jansson.h>
#include <uthash.h>

#include "inventories/import.h"
#include "inventories/loading.h"

/* A device as its source says it. Texts may hold anything; NULL: not said. */
struct candidate {
	const char *id; /* what stays when it is renamed; NULL: its name */
	const char *name, *host, *platform, *model, *site, *user;
	const char *via;     /* the host it is reached through */
	const char *problem; /* why it cannot be taken */
	const char **tags;
	size_t n_tags;
	uint32_t port; /* 0: not said */
	bool down;     /* the source knows it and does not want it polled */
};

struct importing {
	struct loading l; /* faults; l.config is a scratch one, whose arena holds all texts */
	const struct import_order *order;
	struct error err; /* what is no fault of a file */
	struct candidate *candidates;
	size_t n, room;
	const char **warnings;
	size_t n_warnings;
};

/* --- import.c: what a reader hands over --------------------------------------------------------
 */

/* A new candidate; valid until the next one. NULL after a fault: too many. */
struct candidate *import_add(struct importing *i);
void import_tag(struct importing *i, struct candidate *c, const char *tag); /* NULL: nothing */
void import_warn(struct importing *i, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *import_text(struct importing *i, struct text t); /* a copy in the arena */
bool import_good(const struct importing *i);           /* neither faults nor an error so far */
bool import_is_url(const char *source);

/* A port as text: 0 for NULL; false when it is none. */
bool import_port(const char *text, uint32_t *port);

/* --- import_platform.c: the table of names, then platforms.map ----------------------------------
 */

struct platform_map;
struct platform_verdict {
	const struct driver *driver; /* NULL: not mapped */
	bool skip;                   /* a rule leaves the device out */
	unsigned line;               /* of the rule in platforms.map; 0: the table of names */
	const char *rule;            /* its expression */
};

/* Reads the rules of `path` (NULL: none). NULL after faults. */
struct platform_map *platform_map_new(struct importing *i, const char *path);
void platform_map_free(struct platform_map *map);
struct platform_verdict platform_find(const struct platform_map *map, const struct candidate *c);

/* --- import_compare.c ---------------------------------------------------------------------------
 */

/* Fills `out` from the candidates; faults and i->err as everywhere. */
void import_compare(struct importing *i, const struct config *config,
    const struct platform_map *map, struct import *out);

/* --- import_file.c: IMPORTED.yml -----------------------------------------------------------------
 */

struct entry {
	const char *name, *host, *platform, *credential, *site, *via, *source, *id, *state;
	const char **tags;
	size_t n_tags;
	uint32_t port;
	const char *rest; /* lines of keys that a person added, each with its LF */
	bool seen;        /* its source still has it */
	UT_hash_handle hh_name, hh_id;
};

struct entries {
	struct entry **all;
	size_t n, room;
	const char *defaults; /* flow text of the file's defaults, or NULL */
	bool has_credential;  /* among those */
};

/* Reads what an earlier import wrote; none is fine. False after faults. */
int64_t entries_changed_ns(const char *path); /* 0: not there */
bool entries_read(struct importing *i, const char *path, struct entries *entries);
struct entry *entries_add(struct importing *i, struct entries *entries);
/* The file's text, sorted by name; to be freed. */
char *entries_text(struct entries *entries, size_t *n);

/* --- import_yaml.c, import_json.c: foreign trees -------------------------------------------------
 */

/* The value behind a key of a map; NULL when it is not there, null, or `map` is no map. */
const yaml_node_t *yaml_at(struct loading *l, const yaml_node_t *map, const char *key);
/* The same as text in the arena; a list or a map is a fault. */
const char *yaml_text(struct importing *i, const yaml_node_t *map, const char *key);
/* The text of a scalar, NULL for null; a list, a map or a foreign tag is a fault. */
const char *yaml_scalar(struct importing *i, const char *what, const yaml_node_t *node);

/* Parses a file ("-": standard input) or what a URL answers. NULL after a fault or an error. */
json_t *import_json(struct importing *i, const char *path);
/* "platform.slug" of nested objects as text in the arena (numbers too); NULL: not there. */
const char *json_at(struct importing *i, const json_t *object, const char *path);

/* --- import_lines.c: a text, line by line
 * ---------------------------------------------------------- */

/* Calls line() for each line of `path` ("-": standard input) that is not empty and does not begin
 * with '#'; returns after the last or after a fault of the file itself. */
void import_lines(struct importing *i, const char *path,
    void (*line)(struct importing *i, struct text line, unsigned number, void *arg), void *arg);

/* Parts at `separator`, trimmed; what is behind the last of `most` is left. Returns how many. */
size_t import_split(struct text line, char separator, struct text *fields, size_t most);

/* "ssh -J", ProxyJump=, jump-host: the first host of a list of them, without user and port. */
const char *import_jump(struct importing *i, struct text t);

/* --- import_http.c: an API -----------------------------------------------------------------------
 */

struct http;

/* SOURCE is a URL, or the file of a saved answer. `header` is put before the token ("Authorization:
 * Token "). NULL with i->err. */
struct http *http_new(struct importing *i, const char *header);
void http_free(struct http *h);
/* GET, or the saved answer when SOURCE is a file. NULL with i->err, whose exit is EXIT_AUTH when
 * the token was refused. */
json_t *http_get(struct http *h, const char *url);
/* "https://netbox.example.net" of a URL. */
struct text http_origin(const char *url);

/* Django's paged lists (NetBox, Nautobot): SOURCE plus `path`, page by page, each result to
 * `device`. False with i->err unless all that are counted came. */
bool import_pages(struct importing *i, struct http *h, const char *path,
    void (*device)(struct importing *i, const json_t *one));

/* "192.0.2.1/24" becomes the host; NULL: there is none, which is a problem. */
void import_address(struct importing *i, struct candidate *c, const char *address);

/* --- one file for each kind
 * ----------------------------------------------------------------------- */

/* import_ansible.c: what ansible's three formats have in common. */
enum ansible_variable {
	ANSIBLE_HOST,
	ANSIBLE_PORT,
	ANSIBLE_USER,
	ANSIBLE_OS,
	ANSIBLE_CONNECTION,
	ANSIBLE_JUMP,
	ANSIBLE_VARIABLES
};

struct ansible;
struct ansible_host;
struct ansible_group;

struct ansible *ansible_new(struct importing *i);
/* By name, made if need be. */
struct ansible_host *ansible_host(struct ansible *a, const char *name);
struct ansible_group *ansible_group(struct ansible *a, const char *name);
void ansible_member(struct ansible *a, struct ansible_group *group, struct ansible_host *host);
void ansible_child(struct ansible *a, struct ansible_group *group, struct ansible_group *child);
/* Keeps the variable if it is one that says how to reach a host. */
void ansible_host_set(
    struct ansible *a, struct ansible_host *h, const char *name, const char *value);
void ansible_group_set(
    struct ansible *a, struct ansible_group *g, const char *name, const char *value);
/* Resolves groups (host over child over parent, as ansible does), adds the candidates, frees. */
void ansible_end(struct ansible *a);
/* "sw[01:20].example.net": calls each(); a fault when it is none. */
void ansible_pattern(struct ansible *a, struct text pattern, unsigned line,
    void (*each)(struct ansible *a, const char *name, void *arg), void *arg);
struct importing *ansible_import(struct ansible *a);

/* import_ansible_ini.c, import_ansible_yaml.c */
void ansible_read_ini(struct ansible *a, const char *path);
void ansible_read_yaml(struct ansible *a, const char *path);

extern const struct import_kind import_ansible, import_ansible_file, import_csv, import_librenms,
    import_nautobot, import_netbox, import_nornir, import_oxidized, import_rancid,
    import_ssh_config, import_suzieq;

#endif
