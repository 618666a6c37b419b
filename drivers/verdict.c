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

static enum outcome
conclude_unread(struct reply *reply, enum outcome outcome)
{
	const struct account *a = &reply->account;
	char first[80] = "";

	if (reply->unread_why)
		return conclude(reply, outcome, REASON_UNREAD,
		    "%" PRIu64 " of %" PRIu64 " lines are not read; line %" PRIu32 ": %s",
		    a->unread, a->lines, reply->unread_line, reply->unread_why);
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
