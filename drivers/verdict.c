/* The end of a reply: what can be said of it, and why. */
#include <inttypes.h>
#include <stdarg.h>

#include "drivers/engine.h"

/* The last line has no LF. Of a whole reply it is a line like any other; of a cut one it may be
 * half a line that reads well. */
static void
take_last(struct reply *reply, bool whole)
{
	struct text line = { reply->carry, reply->carried };

	if (line.n == 0 && !reply->overlong)
		return;
	reply->carry[reply->carried] = '\n';
	if (whole || (!reply->overlong && line_is_blank(line))) {
		reply_take_carried(reply);
		return;
	}
	reply->carried = 0;
	reply->overlong = false;
	reply->account.lines++;
	reply_count(reply, LINE_UNREAD, line);
}

/* Sets the reason and its sentence, unless a bound said so before. Returns the outcome. */
static enum outcome __attribute__((format(printf, 4, 5)))
conclude(struct reply *reply, enum outcome outcome, enum reason reason, const char *format, ...)
{
	va_list args;

	if (reply->stopped)
		return outcome;
	va_start(args, format);
	vsnprintf(reply->why, sizeof(reply->why), format, args);
	va_end(args);
	reply->reason = reason;
	return outcome;
}

/* The widths that a terminal has when nobody sets them (80 and 132 columns of a VT100). */
static bool
is_terminal_width(size_t n)
{
	return n == 80 || n == 132;
}

/* A line as long as a terminal is wide, and behind it what did not fit. */
static size_t
wrapped_line(const struct reply *reply)
{
	for (size_t i = 0; i + 1 < reply->kept; i++)
		if (is_terminal_width(reply->unread[i].n) &&
		    reply->numbers[i + 1] == reply->numbers[i] + 1)
			return i + 1;
	return 0;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_name_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* "noc.example.net" of "noc.example.net.1049" or "(noc.example.net)": labels that begin with a
 * letter and one more at least, the last of two letters or more. */
static bool
find_host_name(struct text line, struct text *name)
{
	for (size_t i = 0, end; i < line.n; i = end + 1) {
		size_t last = i;

		for (end = i; end < line.n && is_name_byte(line.s[end]); end++)
			if (line.s[end] == '.' && end + 2 < line.n && is_letter(line.s[end + 1]) &&
			    is_letter(line.s[end + 2]))
				last = end;
		if (last == i || !is_letter(line.s[i]))
			continue;
		for (last++; last < end && line.s[last] != '.'; last++)
			;
		*name = (struct text){ line.s + i, last - i };
		return true;
	}
	return false;
}

static bool
is_ascii(struct text line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.s[i] > 0x7e)
			return false;
	return true;
}

/* What the unread lines look like, if that is a known fault of how they were asked for; NULL: none
 * that is known. *number is the line that shows it. */
static const char *
diagnose(const struct reply *reply, uint32_t *number, char name[static 64])
{
	size_t wrapped = wrapped_line(reply);
	struct text found;

	name[0] = '\0';
	if (wrapped > 0) {
		*number = reply->numbers[wrapped - 1];
		return "it ends where a terminal does, and goes on in the next line: the width of "
		       "the terminal was not set";
	}
	if (reply->unread_why) {
		*number = reply->unread_line;
		return reply->unread_why;
	}
	for (size_t i = 0; i < reply->kept; i++) {
		*number = reply->numbers[i];
		if (find_host_name(reply->unread[i], &found)) {
			text_escape(found, name, 64);
			return "a host name seems to stand where an address belongs, the numeric "
			       "form is needed: ";
		}
		if (!is_ascii(reply->unread[i]))
			return "it is in another language than English";
	}
	return NULL;
}

static enum outcome
conclude_unread(struct reply *reply, enum outcome outcome)
{
	const struct account *a = &reply->account;
	char first[80] = "", name[64];
	uint32_t number;
	const char *why = diagnose(reply, &number, name);

	if (why)
		return conclude(reply, outcome, REASON_UNREAD,
		    "%" PRIu64 " of %" PRIu64 " lines are not read; line %" PRIu32 ": %s%s",
		    a->unread, a->lines, number, why, name);
	if (reply->kept == 0)
		return conclude(reply, outcome, REASON_UNREAD,
		    "%" PRIu64 " of %" PRIu64 " lines are not read", a->unread, a->lines);
	text_escape(reply->unread[0], first, sizeof(first));
	return conclude(reply, outcome, REASON_UNREAD,
	    "%" PRIu64 " of %" PRIu64 " lines are not read, the first is line %" PRIu32 ": %s",
	    a->unread, a->lines, reply->numbers[0], first);
}

enum outcome
reply_end(struct reply *reply, bool whole)
{
	struct account *a = &reply->account;
	enum outcome some;

	if (reply->xml)
		xml_end(reply, whole);
	if (reply->json)
		json_end(reply, whole);
	if (!reply->stopped)
		take_last(reply, whole);
	if (reply->fold)
		fold_end(reply, whole && !reply->stopped);
	reply_close_record(reply, whole && !reply->stopped);
	a->mismatch = a->has_printed && a->rows < a->printed &&
		      reply->program->command->topic != TOPIC_COUNT;
	some = a->rows > 0 ? OUTCOME_PARTIAL : OUTCOME_FAILED;
	if (reply->stopped)
		return some;
	if (a->refused)
		return conclude(reply, OUTCOME_FAILED, REASON_REFUSED,
		    "the device refused the command: %s", reply->refusal);
	if (!whole)
		return conclude(reply, some, REASON_CUT,
		    "the reply was cut after %" PRIu64 " lines and %" PRIu64 " rows", a->lines,
		    a->rows);
	if (a->unread > 0)
		return conclude_unread(reply, reply->recognised ? OUTCOME_PARTIAL : some);
	if (a->mismatch)
		return conclude(reply, OUTCOME_PARTIAL, REASON_TOTAL,
		    "%" PRIu64 " rows, but the device counts %" PRIu64, a->rows, a->printed);
	if (a->rows == 0 && !reply->recognised)
		return conclude(reply, OUTCOME_FAILED, REASON_CUT,
		    "no row, no header, no total: an empty table looks different");
	return OUTCOME_COMPLETE;
}

const struct account *
reply_account(const struct reply *reply)
{
	return &reply->account;
}

enum reason
reply_reason(const struct reply *reply)
{
	return reply->reason;
}

const char *
reply_why(const struct reply *reply)
{
	return reply->why;
}

size_t
reply_unread(const struct reply *reply, const struct text **lines, const uint32_t **numbers)
{
	*lines = reply->unread;
	*numbers = reply->numbers;
	return reply->kept;
}

const char *
reply_refusal(const struct reply *reply)
{
	return reply->refusal;
}
