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
};

struct xml_field {
	struct pattern *pattern;
	const char *attr; /* reads this attribute; NULL: the text */
	int node;
};

struct xml_map {
	const char *record;
	struct xml_node *nodes;
	unsigned n, n_fields;
	struct xml_field fields[LIMIT_PATTERNS];
	struct arena arena;
};

#endif
