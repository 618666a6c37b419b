/* A report: statements, each with the command that proves it, the controls it serves, and a table.
 */
#ifndef GATEBOOK_AUDIT_REPORT_H
#define GATEBOOK_AUDIT_REPORT_H

#include <sqlite3.h>
#include <stdio.h>

#include "base/arena.h"
#include "inventories/config.h"

enum { REPORT_COLUMNS = 6, REPORT_SECTIONS = 16, REPORT_CONTROLS = 12 };

struct report_row {
	const char *cell[REPORT_COLUMNS];
	struct report_row *next;
};

struct report_section {
	const char *name, *title;
	const char *statement;
	const char *query;                     /* the command that shows it */
	bool good;                             /* false: somebody has to look */
	const char *controls[REPORT_CONTROLS]; /* ends with NULL */
	const char *column[REPORT_COLUMNS];    /* ends with NULL; none: no table */
	struct report_row *rows, **end;
	size_t n_rows;
};

struct report {
	struct arena arena;
	const char *title, *range, *made;
	const char *times; /* " --since ... --until ...", for the commands */
	struct report_section section[REPORT_SECTIONS];
	int n;
};

/* A new section, to be filled. Its controls are those of its name. */
struct report_section *report_add(struct report *r, const char *name, const char *title);

/* The command that shows it, for the time of the report. */
void report_query(struct report *r, struct report_section *s, const char *command);

/* Adds a row; the cells (up to the section's columns) are copied. */
void report_row(struct report *r, struct report_section *s, const char *const *cells);

/* The sections that the ledger alone tells: accounts, commands, refusals, host keys, algorithms,
 * starts and stops, changes, privilege. 0, or -1 with err. */
int report_ledger(struct report *r, sqlite3 *db, const struct config *config, int64_t from_us,
    int64_t to_us, struct error *err);

enum report_form { REPORT_MD, REPORT_HTML, REPORT_JSON };
/* 0, or -1 when it could not be written whole. */
int report_write(const struct report *r, enum report_form form, FILE *out);
void report_free(struct report *r);

#endif
