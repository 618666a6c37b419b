/* What `driver test` shows of a reply and of a recorded walk. */
#ifndef GATEBOOK_CLI_DRIVER_TEST_H
#define GATEBOOK_CLI_DRIVER_TEST_H

#include "cli/driver.h"
#include "cli/rows_json.h"
#include "query/filter.h"

enum { OUTPUT_COLUMNS = 40 };

struct output {
	const struct command *command;
	enum writer_form form;
	struct writer *writer;                 /* NULL when rows go out as JSON objects */
	struct column columns[OUTPUT_COLUMNS]; /* those that a table of this command shows */
	struct filter *filter;                 /* of --filter, or NULL */
	uint64_t rows;
	bool failed;
};

/* True if the filter is true of the row as it is printed: int is the inside end of a row that
 * passes through the device, the near end of one that ends there. What only a poll knows is
 * missing. */
bool row_matches(const struct filter *f, const struct command *command, const json_t *row);

/* Begins the answer, in the form of the call; out->command is set. Returns 0, or -1 with err. */
int output_begin(struct output *out, const struct call *call, struct error *err);
void output_row(const struct observation *o, void *out);

/* Ends it with the account, the unread lines and, of a walk, how many values of which table are not
 * read (NULL: no walk). Returns 0, or -1: it could not be written. */
int output_end(struct output *out, const struct account *a, json_t *unread, json_t *aside);

/* The account in words, to standard error. */
void output_say_account(const struct account *a);

/* Reads the file as a recorded walk. Returns the exit code. */
int driver_walk(const struct call *call, const struct driver *driver, FILE *file, const char *name);

#endif
