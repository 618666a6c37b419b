/* The loop over a reply: lines in, rows out, and the account of every line. */
#include <stdarg.h>

#include "drivers/engine.h"

struct reply *
reply_new(const struct program *program, reply_row *row, void *arg)
{
	struct reply *reply = mem_alloc(1, sizeof(*reply));
	enum form form = program->command->form;

	reply->program = program;
	reply->row = row;
	reply->arg = arg;
	reply->row_size = topic_has_particulars(program->command->topic)
			      ? sizeof(struct observation)
			      : offsetof(struct observation, more);
	reply->walk.size = reply->row_size;
	reply->carry = mem_alloc(1, LINE_ROOM);
	if (form != FORM_ROWS && form != FORM_KEYS)
		reply->record = record_new();
	if (form == FORM_XML)
		reply->xml = xml_new();
	if (form == FORM_JSON)
		reply->json = json_new(program->map);
	if (form == FORM_COLUMNS || form == FORM_CSV)
		reply->columns = columns_new();
	if (program->begins)
		reply->fold = mem_alloc(1, sizeof(*reply->fold));
	return reply;
}

void
reply_free(struct reply *reply)
{
	if (!reply)
		return;
	xml_free(reply->xml);
	json_free(reply->json);
	columns_free(reply->columns);
	free(reply->fold);
	free(reply->head);
	arena_free(&reply->arena);
	free(reply->record);
	free(reply->carry);
	free(reply->clean);
	free(reply);
}

int
reply_stop(struct reply *reply, enum reason reason, const char *format, ...)
{
	va_list args;

	if (!reply->stopped) {
		va_start(args, format);
		vsnprintf(reply->why, sizeof(reply->why), format, args);
		va_end(args);
		reply->reason = reason;
	}
	reply->stopped = true;
	return -1;
}

/* A mapping that changes nothing is none. */
static inline void
tidy_nat(struct endpoint *nat, const struct endpoint *end)
{
	if ((nat->addr.family == 0 && nat->has_port) ||
	    (nat->addr.family != 0 && endpoint_equal(nat, end)))
		*nat = (struct endpoint){ 0 };
}

/* A far end that says "any" is none. */
static inline void
tidy(struct observation *o)
{
	if (o->far.port == 0 && (o->far.addr.family == 0 || addr_is_any(&o->far.addr)))
		o->far = (struct endpoint){ 0 };
	tidy_nat(&o->near_nat, &o->near);
	tidy_nat(&o->far_nat, &o->far);
}

static __always_inline void
emit(struct reply *reply, struct observation *o, uint32_t line)
{
	tidy(o);
	if (o->place.n == 0)
		o->place = reply->place;
	o->line = line;
	reply->account.rows++;
	reply->row(o, reply->arg);
}

void
reply_emit(struct reply *reply, struct observation *o, uint32_t line)
{
	emit(reply, o, line);
}

void
reply_keep_unread(struct reply *reply, struct text line)
{
	struct text *kept = &reply->unread[reply->kept];

	if (reply->kept == LIMIT_UNREAD_KEPT)
		return;
	kept->n = line.n < EVIDENCE_LINE ? line.n : EVIDENCE_LINE;
	kept->s = arena_string(&reply->arena, (struct text){ line.s, kept->n });
	reply->numbers[reply->kept++] = (uint32_t)reply->account.lines;
}

void
reply_count(struct reply *reply, enum line_kind kind, struct text line)
{
	if (kind == LINE_ROW)
		reply->account.row++;
	else if (kind == LINE_NOISE)
		reply->account.noise++;
	else if (kind == LINE_UNREAD)
		reply->account.unread++;
	if (kind == LINE_UNREAD)
		reply_keep_unread(reply, line);
}

void
reply_note_refused(struct reply *reply, const char *why)
{
	reply->named++;
	if (reply->unread_why)
		return;
	reply->unread_why = why;
	reply->unread_line = (uint32_t)reply->account.lines;
}

static __always_inline enum line_kind
read_row(struct reply *reply, struct text line)
{
	const struct patterns *rows = &reply->program->rows;
	const char *begin = text_begin(line);
	uint64_t set = rows->begins[(unsigned char)*begin];
	const struct pattern *p, *last = NULL;
	struct observation o;
	struct walk *walk = &reply->walk;

	for (; (p = next_pattern(rows, &set, begin)) != NULL; last = p) {
		if (!walk_begin(walk, last, p))
			continue;
		if (walk->from > 0)
			memcpy(&o, &walk->o, reply->row_size);
		else
			reply_fresh(reply, &o);
		if (!pattern_walk(p, line, &o, walk))
			continue;
		walk_end(walk, last == NULL);
		if (walk->found.unread) {
			reply_note_refused(reply, walk->found.unread);
			return LINE_UNREAD;
		}
		emit(reply, &o, reply->fold ? reply->fold->first : (uint32_t)reply->account.lines);
		return LINE_ROW;
	}
	return LINE_HELD;
}

const struct pattern *
reply_opens(const struct reply *reply, const struct patterns *patterns, struct text line)
{
	const char *begin = text_begin(line);
	uint64_t set = patterns->begins[(unsigned char)*begin];
	const struct pattern *p;
	struct observation o;
	struct found found = { 0 };

	while ((p = next_pattern(patterns, &set, begin)) != NULL) {
		reply_fresh(reply, &o);
		if (pattern_match(p, line, &o, &found))
			return p;
	}
	return NULL;
}

static bool
take_total(struct reply *reply, struct text line)
{
	const struct pattern *total = reply->program->total;
	struct observation o = { 0 };
	struct found found = { 0 };

	if (!total || !pattern_match(total, line, &o, &found) || !found.has_total)
		return false;
	reply->account.has_printed = true;
	if (found.total > UINT64_MAX - reply->account.printed)
		found.total = UINT64_MAX - reply->account.printed;
	reply->account.printed += found.total;
	return true;
}

/* The mark under the word that the device did not understand. */
static bool
is_caret(struct text line)
{
	return text_is(text_trim(line), "^");
}

static bool
take_refusal(struct reply *reply, struct text line)
{
	if (reply->account.rows > 0 || reply->recognised)
		return false;
	if (is_caret(line))
		return true;
	if (!reply_opens(reply, &reply->program->refusals, line))
		return false;
	if (!reply->account.refused)
		text_escape(text_trim(line), reply->refusal, sizeof(reply->refusal));
	reply->account.refused = true;
	return true;
}

/* A line that is no row: NOISE, or UNREAD. A header proves that a table was printed; noise that
 * came beside the reply does not, a total does. */
static enum line_kind
read_other(struct reply *reply, struct text line, bool aside)
{
	bool total = take_total(reply, line);
	const struct pattern *noise = total ? NULL
					    : reply_opens(reply, &reply->program->noise, line);
	struct text place = { 0 };

	if (total || noise) {
		reply->recognised |= total || (!aside && !noise->silent);
		reply_close_record(reply, true);
		return LINE_NOISE;
	}
	if (reply->program->heads.n > 0 && head_take(reply, line))
		return LINE_NOISE;
	if (take_refusal(reply, line))
		return LINE_NOISE;
	if (!line_is_echo(reply->program->driver, line, &place))
		return LINE_UNREAD;
	reply_close_record(reply, true);
	if (place.n > 0 && place.n <= LIMIT_WORD) {
		place.s = arena_string(&reply->arena, place);
		reply->place = place;
	}
	return LINE_NOISE;
}

bool
reply_is_other(const struct reply *reply, struct text line)
{
	const struct program *p = reply->program;
	struct observation o = { 0 };
	struct found found = { 0 };
	struct text place;

	return reply_opens(reply, &p->noise, line) ||
	       (p->total && pattern_match(p->total, line, &o, &found)) ||
	       line_is_echo(p->driver, line, &place);
}

static __always_inline enum line_kind
read_line(struct reply *reply, struct text line)
{
	enum line_kind kind;

	if ((unsigned char)*line.s <= ' ' && line_is_blank(line)) {
		if (reply->program->command->paragraphs)
			reply_close_record(reply, true);
		return LINE_NOISE;
	}
	if (reply->xml || reply->json)
		return read_other(reply, line, false);
	if (reply->program->command->form == FORM_BLOCKS) {
		kind = reply_read_block(reply, line);
		return kind == LINE_NOISE ? read_other(reply, line, false) : kind;
	}
	if (reply->columns) {
		kind = columns_read(reply, line);
		if (kind == LINE_HELD && columns_take_header(reply, line))
			return LINE_NOISE;
	} else {
		kind = read_row(reply, line);
	}
	return kind == LINE_HELD ? read_other(reply, line, false) : kind;
}

static char *
clean_room(struct reply *reply)
{
	if (!reply->clean)
		reply->clean = mem_alloc(1, LINE_ROOM);
	return reply->clean;
}

bool
reply_clean(struct reply *reply, struct text *line)
{
	struct text cleaned;

	if (!line_clean(*line, clean_room(reply), &cleaned))
		return false;
	reply->clean[cleaned.n] = '\n';
	*line = cleaned;
	return true;
}

/* A line that did not read, without its terminal codes. */
static enum line_kind __attribute__((noinline)) read_cleaned(struct reply *reply, struct text line)
{
	return reply_clean(reply, &line) ? read_line(reply, line) : LINE_UNREAD;
}

void
reply_take_line(struct reply *reply, struct text line)
{
	enum line_kind kind;

	if (reply->account.lines == LIMIT_REPLY_LINES) {
		reply_stop(
		    reply, REASON_LIMIT, "the reply has more than %d lines", LIMIT_REPLY_LINES);
		return;
	}
	reply->account.lines++;
	while (line.n > 0 && line.s[line.n - 1] == '\r')
		line.n--;
	if (line.n > LIMIT_LINE) {
		reply_count(reply, LINE_UNREAD, line);
		return;
	}
	if (reply->fold) {
		fold_take_line(reply, line);
		return;
	}
	kind = read_line(reply, line);
	if (kind == LINE_ROW)
		reply->account.row++;
	else
		reply_count(reply, kind == LINE_UNREAD ? read_cleaned(reply, line) : kind, line);
}

enum line_kind
reply_read_line(struct reply *reply, struct text line)
{
	enum line_kind kind = read_line(reply, line);

	return kind == LINE_UNREAD ? read_cleaned(reply, line) : kind;
}

void
reply_aside(struct reply *reply, struct text line)
{
	enum line_kind kind = LINE_NOISE;

	if (reply->stopped || reply->account.lines == LIMIT_REPLY_LINES)
		return;
	reply->account.lines++;
	line = text_trim(line);
	if (line.n > LIMIT_LINE) {
		kind = LINE_UNREAD;
	} else if (line.n > 0) {
		/* A pattern looks at the byte behind a line, which is the caller's. */
		memcpy(clean_room(reply), line.s, line.n);
		reply->clean[line.n] = '\n';
		kind = read_other(reply, (struct text){ reply->clean, line.n }, true);
	}
	reply_count(reply, kind, line);
}

/* Keeps the beginning of a line until the rest of it comes. */
static void
carry(struct reply *reply, const char *bytes, size_t n)
{
	if (n > LIMIT_LINE - reply->carried) {
		n = LIMIT_LINE - reply->carried;
		reply->overlong = true;
	}
	memcpy(reply->carry + reply->carried, bytes, n);
	reply->carried += n;
}

void
reply_take_carried(struct reply *reply)
{
	struct text line = { reply->carry, reply->carried };

	reply->carry[reply->carried] = '\n';
	reply->carried = 0;
	if (!reply->overlong) {
		reply_take_line(reply, line);
		return;
	}
	reply->overlong = false;
	reply->account.lines++;
	reply_count(reply, LINE_UNREAD, line);
}

void
reply_feed_lines(struct reply *reply, const char *bytes, size_t n)
{
	const char *end = bytes + n, *newline;

	while (bytes < end && !reply->stopped) {
		newline = memchr(bytes, '\n', (size_t)(end - bytes));
		if (!newline) {
			carry(reply, bytes, (size_t)(end - bytes));
			return;
		}
		/* At the end of the piece there are too few bytes behind the line. */
		if (reply->carried > 0 || reply->overlong || end - newline < PATTERN_PAD) {
			carry(reply, bytes, (size_t)(newline - bytes));
			reply_take_carried(reply);
		} else {
			reply_take_line(reply, (struct text){ bytes, (size_t)(newline - bytes) });
		}
		bytes = newline + 1;
	}
}

int
reply_feed(struct reply *reply, const char *bytes, size_t n)
{
	if (reply->stopped)
		return -1;
	if (n > LIMIT_REPLY_BYTES - reply->bytes)
		return reply_stop(
		    reply, REASON_LIMIT, "the reply has more than %d bytes", LIMIT_REPLY_BYTES);
	reply->bytes += n;
	if (reply->xml)
		return xml_feed(reply, bytes, n);
	if (reply->json)
		return json_feed(reply, bytes, n);
	reply_feed_lines(reply, bytes, n);
	return reply->stopped ? -1 : 0;
}
