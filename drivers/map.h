/* The map from the parts of a document (elements, keys, columns) to fields: its compiler and what
 * the readers of the forms xml, json, columns and csv share. Only this room includes this file. */
#ifndef GATEBOOK_DRIVERS_MAP_H
#define GATEBOOK_DRIVERS_MAP_H

#include "drivers/engine.h"

enum {
	MAP_NODES = 2 * LIMIT_PATTERNS,
	MAP_UNKNOWN = -1, /* a part that no path names */
	MAP_RECORD = -2,  /* the record's own element */
	MAP_END = -3,     /* runs when the record ends */
	MAP_OUTSIDE = -4  /* not in a record */
};

struct map_node {
	const char *name;
	const char *attr, *value; /* the element must have this attribute; NULL: any element */
	int parent;
	int child, sibling; /* the first node below, the next one beside; -1: none */
	int field;          /* the first field that this part fills; -1: none */
	bool optional;      /* a column that need not be there */
};

struct map_field {
	struct pattern *pattern;
	const char *attr; /* reads this attribute; NULL: the text */
	int node;
	int next; /* another part of the same node: its text, an attribute; -1: none */
	int alt;  /* of the same part: tried when this one does not read; -1: none */
};

struct map {
	const char *record; /* the element, or the path of keys, of a record */
	struct map_node *nodes;
	int child, field; /* the record's own: the first node below it, its first field */
	unsigned n, n_fields;
	struct map_field fields[LIMIT_PATTERNS];
	struct arena arena;
};

struct map *map_compile(
    const struct driver *driver, const struct command *command, struct error *err);
void map_free(struct map *map);

/* The child of `parent` (MAP_RECORD or an index) with this name, upper and lower case alike,
 * without regard to attributes; MAP_UNKNOWN when there is none. */
int map_child(const struct map *map, int parent, struct text name);

/* document.c: the lines of a document, and its records. */
void document_open_record(struct reply *reply);
void document_close_record(struct reply *reply);

/* Reads a text into the field, or into its first alternative that does read. A text that none reads
 * spoils the record. PATTERN_PAD bytes behind it are looked at, the first of them LF. */
void document_field(struct reply *reply, int field, struct text text);

/* Keeps bytes with the record; one of more text than there is room for does not read. */
struct text document_keep(struct reply *reply, const char *bytes, size_t n);

/* A part outside of records, as the driver names those it knows in its noise: <name> or name:.
 * False: it does not. */
bool document_wrapper(
    struct reply *reply, const char *before, struct text name, const char *behind);

/* Runs what a record's end says. True: it reads, and is about somebody. */
bool document_finish(struct reply *reply);

/* A line has ended. Lines of an open record wait for it. */
void document_end_line(struct reply *reply, struct text line);

/* A document begins where a line begins with one of `openings`. */
bool document_begins(const struct reply *reply, struct text piece, const char *openings);

#endif
