/* What the files of the reply reader share. Only this room includes this file. */
#ifndef GATEBOOK_DRIVERS_ENGINE_H
#define GATEBOOK_DRIVERS_ENGINE_H

#include "base/arena.h"
#include "drivers/pattern.h"
#include "drivers/reply.h"
#include "drivers/take.h"

enum {
	LINE_ROOM = LIMIT_LINE + PATTERN_PAD,
	RECORD_TEXT = 2 * LIMIT_LINE, /* bytes of the texts of one record that spans lines */
	REFUSAL_TEXT = 120,
	EVIDENCE_LINE = 1024 /* bytes kept of an unread line */
};

struct map;
struct xml;
struct json;
struct columns;

/* A list of patterns, compiled. Sets of them are bits: that of the first is the lowest. */
struct patterns {
	struct pattern *list[LIMIT_PATTERNS];
	unsigned n;
	uint64_t begins[256]; /* those whose line may begin with the byte */
	uint64_t continues;   /* those that continue a record */
};
_Static_assert(LIMIT_PATTERNS <= 64, "a set of patterns fits a word");

struct program {
	const struct driver *driver;
	const struct command *command;
	struct patterns rows, heads, noise, refusals;
	struct pattern *total;
	struct pattern *begins; /* of a folded command: how the first line of a record begins */
	bool closes;            /* blocks that say how they end: one without that does not read */
	struct map *map;        /* FORM_XML, JSON, COLUMNS, CSV: instead of rows */
};

/* A record that spans lines, while it is open. Its texts live in text. Another one of each is there
 * for a line that may go on with it, or open the next. */
struct record {
	struct observation *o, *next_o;
	char *text, *next_text;
	bool open, closed;
	unsigned lines;
	size_t used, first; /* bytes of text; of them those of the first line */
	struct observation observations[2];
	char texts[2][RECORD_TEXT + PATTERN_PAD];
};

/* Lines that make one, joined as they come (COMMAND_FOLDED). */
struct fold {
	bool open;
	unsigned lines;
	uint32_t first;    /* number of the first */
	size_t used, last; /* bytes; of the last line */
	char text[LINE_ROOM];
};

/* What a head said: it holds for the rows below it. Its texts live in text. */
struct head {
	struct observation o;
	char text[2][LINE_ROOM]; /* those of the last head, and of the one before it */
	unsigned turn;
};

/* The open document of the forms xml and json (map.h). */
struct document {
	bool bad;                            /* the open record does not read */
	bool has_row, has_unread, has_bytes; /* of this line */
};

enum line_kind { LINE_ROW, LINE_NOISE, LINE_UNREAD, LINE_HELD /* counted with its record */ };

struct reply {
	const struct program *program;
	reply_row *row;
	void *arg;
	size_t row_size; /* of an observation: read at run time, so that libc clears it (8 % faster)
			  */
	struct account account;
	enum reason reason;
	char why[POLL_WHY];
	bool stopped;           /* a bound was passed: nothing more is read */
	bool recognised;        /* a header or a total was seen */
	const char *unread_why; /* the reason of the first line a pattern refused by name */
	uint32_t unread_line;
	uint64_t named; /* lines refused by name */
	char refusal[REFUSAL_TEXT];

	uint64_t bytes;
	char *carry; /* the beginning of a line whose end has not come */
	size_t carried;
	bool overlong; /* that line is over LIMIT_LINE: only its end is waited for */
	char *clean;   /* a line without its terminal codes */

	struct walk walk;      /* of the last pattern that was tried */
	struct text place;     /* of the echoed command */
	struct record *record; /* every form but rows and keys */
	struct head *head;     /* none until one is read */
	struct fold *fold;
	struct document document;
	struct xml *xml;
	struct json *json;
	struct columns *columns;

	struct arena arena; /* unread lines, place */
	struct text unread[LIMIT_UNREAD_KEPT];
	uint32_t numbers[LIMIT_UNREAD_KEPT];
	size_t kept;
};

/* reply.c */
void reply_emit(struct reply *reply, struct observation *o, uint32_t line);
void reply_count(struct reply *reply, enum line_kind kind, struct text line);
void reply_note_refused(struct reply *reply, const char *why);
void reply_keep_unread(struct reply *reply, struct text line); /* as evidence */
int reply_stop(struct reply *reply, enum reason reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum line_kind reply_read_line(struct reply *reply, struct text line); /* counts nothing */
bool reply_is_other(const struct reply *reply, struct text line); /* noise, a total or an echo */
void reply_take_line(struct reply *reply, struct text line);

/* The next pattern of the set that a line with this text may match, or NULL. */
static inline const struct pattern *
next_pattern(const struct patterns *patterns, uint64_t *set, const char *begin)
{
	while (*set != 0) {
		const struct pattern *p = patterns->list[__builtin_ctzll(*set)];

		*set &= *set - 1;
		if (pattern_may_match(p, begin))
			return p;
	}
	return NULL;
}

/* Before the walk along a pattern, once `last` has failed. False: it fails at the same step. */
static inline bool
walk_begin(struct walk *walk, const struct pattern *last, const struct pattern *pattern)
{
	walk->found.unread = NULL;
	walk->from = 0;
	if (!last || last->next != pattern)
		return true;
	if (walk->parted == &last->steps[last->alike])
		walk->from = pattern->from;
	return walk->failed >= last->alike;
}

/* A line was read, by the first pattern that was tried or not. Where two part is noted as long as
 * some lines are not. */
static inline void
walk_end(struct walk *walk, bool by_first)
{
	enum { LINES = 16 };

	if (!by_first)
		walk->keeps = LINES;
	else if (walk->keeps > 0)
		walk->keeps--;
}

/* The pattern of the list that the line begins like, or NULL. */
const struct pattern *reply_opens(
    const struct reply *reply, const struct patterns *patterns, struct text line);

/* Of a line with terminal codes: what a terminal would show, until the next line is cleaned. False:
 * it has none, and stays. */
bool reply_clean(struct reply *reply, struct text *line);
void reply_feed_lines(struct reply *reply, const char *bytes, size_t n);
void reply_take_carried(struct reply *reply); /* the line that was carried has ended */

/* line.c: true when the line holds terminal codes; *cleaned is then what a terminal would show,
 * in `room` (LIMIT_LINE bytes). */
bool line_clean(struct text line, char *room, struct text *cleaned);
bool line_is_blank(struct text line);

/* A prompt, alone or with a command of the driver behind it, or such a command alone. *place is
 * set when the command names one. */
bool line_is_echo(const struct driver *driver, struct text line, struct text *place);

/* driver.c: driver_command that also gives the place a spelling names ("... vrf {place}"). */
const struct command *driver_command_place(
    const struct driver *driver, struct text line, struct text *place);

/* The command prints in answer to the line: several can, where one line has several layouts. */
bool driver_answers(const struct driver *driver, const struct command *command, struct text line);

/* An observation before its line is read: what the command and the last head say. Not of what its
 * topic does not have, where no one looks. */
static __always_inline void
reply_fresh(const struct reply *reply, struct observation *o)
{
	if (__builtin_expect(reply->head != NULL, 0)) {
		memcpy(o, &reply->head->o, reply->row_size);
		return;
	}
	memset(o, 0, reply->row_size);
	o->proto = PROTO_NONE;
	o->scope = (uint8_t)reply->program->command->scope;
}

/* Where a line's text begins: a control byte stands behind it. */
static inline const char *
text_begin(struct text line)
{
	return is_blank(*line.s) ? skip_blanks(line.s) : line.s;
}

/* block.c: takes a line of a record: HELD once it belongs to one, ROW never, NOISE when no pattern
 * knows it. Closes the open record: as a row, or good is false and its lines are unread. */
struct record *record_new(void);
enum line_kind reply_read_block(struct reply *reply, struct text line);
void reply_close_record(struct reply *reply, bool good);

/* fold.c */
void fold_take_line(struct reply *reply, struct text line);
void fold_end(struct reply *reply, bool whole);

/* head.c: reads a head. */
bool head_take(struct reply *reply, struct text line);

/* columns.c: HELD for a line that is neither row nor rule. */
struct columns *columns_new(void);
enum line_kind columns_read(struct reply *reply, struct text line);
bool columns_take_header(struct reply *reply, struct text line);
void columns_free(struct columns *columns);

/* json.c */
struct json *json_new(const struct map *map);
int json_feed(struct reply *reply, const char *bytes, size_t n);
void json_end(struct reply *reply, bool whole);
void json_free(struct json *json);

/* xml.c */
struct xml *xml_new(void);
int xml_feed(struct reply *reply, const char *bytes, size_t n);
void xml_end(struct reply *reply, bool whole);
void xml_free(struct xml *xml);

#endif
