/* An observation as one JSON object, with the keys of the corpus (tests/corpus/README.md). */
#ifndef GATEBOOK_CLI_ROWS_JSON_H
#define GATEBOOK_CLI_ROWS_JSON_H

#include <jansson.h>

#include "drivers/driver.h"

/* A row that passes through the device is given as its inside and its outside end: the translated
 * side of a NAT table is inside, else the private end, else the end that is translated, else the
 * starter, else near. Rows that end on the device or on a polled server are given as near and far.
 * What the device did not print has no key. The caller owns the object. */
json_t *rows_json(const struct observation *o, const struct command *command);

/* A JSON string of what a device printed: exact where it is UTF-8, else escaped (\xNN). */
json_t *rows_json_text(struct text t);

#endif
