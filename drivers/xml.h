/* The map from elements to fields, shared by its compiler and its reader. */
#ifndef GATEBOOK_DRIVERS_XML_H
#define GATEBOOK_DRIVERS_XML_H

#include "drivers/engine.h"

enum {
	XML_UNKNOWN = -1, /* an element that no path names */
	XML_RECORD = -2,  /* the record's own element */
	XML_END = -3,     /* runs when the record ends */
	XML_OUTSIDE = -4  /* not in a record */
};

struct xml_node {
	const char *name;
	const char *attr, *value; /* the element must have this attribute; NULL: any element */
	int parent;
	int child, sibling; /* the first node below, the next one beside; -1: none */
	int field;          /* the first field that this element fills; -1: none */
};

struct xml_field {
	struct pattern *pattern;
	const char *attr; /* reads this attribute; NULL: the text */
	int node;
	int next; /* the next field of the same node; -1: none */
};

struct xml_map {
	const char *record;
	struct xml_node *nodes;
	int child, field; /* the record's own: the first node below it, its first field */
	unsigned n, n_fields;
	struct xml_field fields[LIMIT_PATTERNS];
	struct arena arena;
};

#endif
