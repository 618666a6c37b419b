/* Which command a recorded reply answers. */
#include "drivers/engine.h"

enum { GUESS_LINES = 64 };

static void
drop(const struct observation *o, void *arg)
{
	(void)o;
	(void)arg;
}

/* The line that echoes a command; empty when there is none. */
static struct text
find_echo(const struct driver *driver, struct text scanned)
{
	struct text line;

	while (text_take_line(&scanned, &line))
		if (driver_command(driver, line))
			return line;
	return (struct text){ 0 };
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

/* The command that knows most of the lines, among those that print in answer to `line` (empty:
 * among all). */
static const struct command *
most_known(const struct driver *driver, struct text line, struct text scanned)
{
	const struct command *best = NULL;
	uint64_t most = 0, known;

	for (const struct command *c = driver->commands; c->send; c++) {
		if (line.n > 0 && !driver_answers(driver, c, line))
			continue;
		known = score(driver, c, scanned);
		if (known > most) {
			most = known;
			best = c;
		}
	}
	return best;
}

const struct command *
reply_choose(const struct driver *driver, struct text line, struct text scanned)
{
	const struct command *best = most_known(driver, line, first_lines(scanned));

	return best ? best : driver_command(driver, line);
}

const struct command *
reply_guess(const struct driver *driver, struct text scanned)
{
	struct text line = find_echo(driver, scanned);

	if (line.n > 0)
		return reply_choose(driver, line, scanned);
	return most_known(driver, line, first_lines(scanned));
}
