/* Reads one reply as it arrives: lines in, observations out, and the account of every line.
 *
 * The engine, not the driver, loops; a driver cannot skip a line silently. Memory is one line (or
 * one record) whatever the size of the table. */
#ifndef GATEBOOK_DRIVERS_REPLY_H
#define GATEBOOK_DRIVERS_REPLY_H

#include "base/error.h"
#include "drivers/driver.h"

/* Called for every row. Texts in o are valid until it returns. */
typedef void reply_row(const struct observation *o, void *arg);

struct reply;   /* one reply being read */
struct program; /* a command's patterns, compiled */

/* Compiles a command: its patterns, noise and total. Never fails for a command of the tree (a test
 * compiles all); for one from a file err says which pattern and where. Free with program_free. */
struct program *program_compile(
    const struct driver *driver, const struct command *command, struct error *err);
void program_free(struct program *program);

/* A new reply. The program must outlive it. */
struct reply *reply_new(const struct program *program, reply_row *row, void *arg);

/* Bytes as they come, cut anywhere. Returns 0, or -1 once a bound of base/limits.h is passed or
 * the XML is not well-formed; then reply_why says so and further bytes are ignored. */
int reply_feed(struct reply *reply, const char *bytes, size_t n);

/* One whole line that came beside the reply (a command's stderr): looked at for the total, noise
 * and refusals; otherwise counted unread like any other. */
void reply_aside(struct reply *reply, struct text line);

/* The reply has ended. whole = its terminator was seen (prompt, exit status 0). A last line without
 * LF is a line; an open record, if not whole, counts unread. Returns the verdict: complete, partial
 * (unread lines, total missed, not whole but rows were read), or failed (refused, not whole and
 * empty, or nothing recognised at all: a reply without rows needs its header or total to count). */
enum outcome reply_end(struct reply *reply, bool whole);

const struct account *reply_account(const struct reply *reply);
enum reason reply_reason(const struct reply *reply);
const char *reply_why(const struct reply *reply); /* one printable sentence, "" when complete */

/* The first unread lines (at most LIMIT_UNREAD_KEPT), raw, with their line numbers. */
size_t reply_unread(const struct reply *reply, const struct text **lines, const uint32_t **numbers);

/* The refusal line when the device refused the command, escaped; "" otherwise. */
const char *reply_refusal(const struct reply *reply);
void reply_free(struct reply *reply);

/* Which of the driver's commands a recorded reply answers: by an echoed command line if there is
 * one, else by its header, else by the patterns that read most of its first 64 lines. NULL when
 * none fits. `scanned` should be the beginning of the file (64 kB suffice). */
const struct command *reply_guess(const struct driver *driver, struct text scanned);

/* The same where the command line is known: of the commands that answer to it, the one whose layout
 * this is. NULL when the driver has none. */
const struct command *reply_choose(
    const struct driver *driver, struct text line, struct text scanned);

#endif
