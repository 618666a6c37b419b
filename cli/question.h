/* What all questions share: the store, the time, the addresses, and the end of the answer. */
#ifndef GATEBOOK_CLI_QUESTION_H
#define GATEBOOK_CLI_QUESTION_H

#include "cli/command.h"
#include "query/answer.h"
#include "query/contacts.h"
#include "query/places.h"

struct question {
	const struct call *call;
	struct reader *reader;
	struct range range;
	struct target target;
	struct filter *filter; /* NULL: none */
	struct coverage *coverage;
	char *typed;           /* the words of the question, for meta.query */
	struct column *shown;  /* what question_writer made of the columns */
	struct places *places; /* NULL: no column needs them, or the store has none */
};

/* The folder of the store: `store:` of DIR/gatebook.yml, DIR/store, or DIR itself when it is one.
 * Reads no inventory: a question must not wait for 100,000 devices, nor fail for a fault in one of
 * them. Malloc'd; NULL with err. */
char *store_dir(const char *dir, struct error *err);

/* Has the daemon of the store, where one runs, write the question into the ledger: who asked what
 * about when (range NULL: about now). */
void question_record(const char *store, const char *typed, const struct range *range);

/* Has the daemon of the store, where one runs, write the question into the ledger: who asked what
 * about when (range NULL: about now). Nobody is asked who cannot read the store anyway. */
void question_record(const char *store, const char *typed, const struct range *range);
/* The same where nothing need be yet. */
char *store_folder(const char *dir, struct error *err);

/* Resolves the call's words (addresses, then a filter) and times, opens the store, loads the
 * coverage. Returns 0, or -1 with err. question_close in any case. */
int question_open(const struct call *call, struct question *q, struct error *err);
void question_close(struct question *q);

/* Opens the question, answers it, closes it. Returns the exit code. */
int question_run(const struct call *call, int (*answer)(struct question *q, struct error *err));

/* The same for a question that must be about something: without words `usage` is the error. */
int question_run_about(const struct call *call,
    int (*answer)(struct question *q, struct error *err), const char *usage);

/* The question as ask_rows and contacts_load want it. */
struct ask question_ask(const struct question *q, enum ask_side side);

/* Ends the answer: meta in JSON, the coverage line under a table, or on stderr for CSV and TSV.
 * shown of found: what --limit left of it. Returns the exit code. */
int question_end(
    struct question *q, struct writer *w, const char *nothing, size_t shown, size_t found);

/* Columns about an inside host: its name, its MAC, the switch it is at, the port there. In a table
 * the third shows both. */
enum { PLACE_COLUMNS_N = 4 };
#define PLACE_COLUMNS                                                                              \
	{ "int.name", "NAME", CELL_TEXT, .wide = true },                                           \
	    { "int.mac", "MAC", CELL_TEXT, .wide = true },                                         \
	    { "int.at.device", "AT", CELL_TEXT, .wide = true },                                    \
	{                                                                                          \
		"int.at.port", NULL, CELL_TEXT                                                     \
	}

/* The writer of an answer that has them. in_table: not only in -o wide, if the store knows who was
 * where. NULL with err. */
struct writer *question_writer(
    struct question *q, const struct column *columns, int first, bool in_table, struct error *err);

/* Fills them for a host of whom something was seen between two times. Costs nothing when they are
 * not shown or the store has none. Returns 0, or -1 with err. */
int put_place(struct question *q, struct writer *w, int first, const struct addr *host,
    int64_t from, int64_t to, struct error *err);

/* Ends an answer that could not be read whole, and says why. Returns the exit code. */
int question_broken(struct writer *w, const struct error *err);

/* --limit of the call: SIZE_MAX when not given. Returns -1 with err for what is no number. */
int question_limit(const struct call *call, size_t *limit, struct error *err);

/* Two columns for the bounds of a start, two for those of an end; the first of each shows both in a
 * table. */
void put_start(struct writer *w, int column, int64_t after, int64_t by, bool utc);
void put_end(struct writer *w, int column, int64_t from, int64_t by, bool utc);

/* "12.3 MB" in a table, the number elsewhere. */
void put_bytes(struct writer *w, int column, uint64_t bytes);

/* The names of the devices that saw the contact. */
void put_devices(struct writer *w, int column, struct reader *r, const struct contact *c);

#endif
