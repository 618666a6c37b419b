/* Reading a driver file: values of one YAML node each, checked, into a field. For file.c only. */
#ifndef GATEBOOK_DRIVERS_FILE_H
#define GATEBOOK_DRIVERS_FILE_H

#include <yaml.h>

#include "base/arena.h"
#include "base/error.h"
#include "drivers/driver.h"

struct source {
	const char *path;
	yaml_document_t document;
	struct arena *arena;
	struct error *err;
};

/* Reads the value of one node into `out`, a field of the struct being filled. Returns 0, or -1 with
 * err as file:line:column: reason. */
typedef int file_read(struct source *s, yaml_node_t *value, void *out);

file_read file_read_line;   /* const char *: one printable line */
file_read file_read_send;   /* const char *: a line that may be sent to a device */
file_read file_read_name;   /* const char *: a-z 0-9 _ */
file_read file_read_width;  /* unsigned */
file_read file_read_pages;  /* const char *: such a line with one {LEAST-MOST} */
file_read file_read_rows;   /* unsigned */
file_read file_read_bool;   /* bool */
file_read file_read_topic;  /* enum topic */
file_read file_read_form;   /* enum form */
file_read file_read_scope;  /* enum scope */
file_read file_read_status; /* enum status */
file_read file_read_flags;  /* unsigned: a list of the words of enum command_flag */
file_read file_read_lines;  /* const char *const *: ends with NULL */
file_read file_read_sends;

/* One key of a map; the field it fills. A table ends with a NULL name. */
struct file_key {
	const char *name;
	file_read *read;
	size_t offset;
	bool required;
};

/* Fills the struct at `out` from a map: every key at most once, the required ones at least. */
int file_read_map(struct source *s, yaml_node_t *map, const struct file_key *keys, void *out);

/* The value of a key that is there, else the map itself: a place to point at. */
yaml_node_t *file_value(struct source *s, yaml_node_t *map, const char *name);
yaml_node_t *file_node(struct source *s, int index);

/* Puts file:line:column of the node and a reason into err; returns -1. */
int file_fault(struct source *s, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
