/* Which command a recorded reply answers. */
#include "drivers/engine.h"

enum { GUESS_LINES = 64 };

static void
drop(const struct observation *o, void *arg)
{
	(void)o;
	(void)arg;
}

/* The command that an echoed line names. */
static const struct command *
find_echo(const struct driver *driver, struct text scanned)
{
	const struct command *found = NULL;
	struct text line, place;

	while (!found && text_take_line(&scanned, &line))
		found = driver_command_place(driver, line, &place);
	return found;
}

static struct text
first_lines(struct text scanned)
{
	struct text rest = scanned, line;

	for (unsigned i = 0; i < GUESS_LINES; i++)
		if (!text_take_line(&rest, &line))
			break;
	scanned.n -= rest.n;
	return scanned;
}

/* Lines that the command's patterns know: rows, and those they refuse by name; then headers. */
static uint64_t
score(const struct driver *driver, const struct command *command, struct text scanned)
{
	struct program *program = program_compile(driver, command, NULL);
	struct reply *reply;
	uint64_t known;

	if (!program)
		return 0;
	reply = reply_new(program, drop, NULL);
	reply_feed(reply, scanned.s, scanned.n);
	reply_end(reply, true);
	known = 2 * (reply->account.row + reply->named) + (reply->recognised ? 1 : 0);
	reply_free(reply);
	program_free(program);
	return known;
}

const struct command *
reply_guess(const struct driver *driver, struct text scanned)
{
	const struct command *best = find_echo(driver, scanned);
	uint64_t most = 0, known;

	if (best)
		return best;
	scanned = first_lines(scanned);
	for (const struct command *c = driver->commands; c->send; c++) {
		known = score(driver, c, scanned);
		if (known > most) {
			most = known;
			best = c;
		}
	}
	return best;
}
