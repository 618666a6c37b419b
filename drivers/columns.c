/* Reads the forms columns and csv: the header says which column is which, by name; the rule below
 * it, where there is one, how wide each is. No offset is ever assumed. */
#include "drivers/map.h"

enum { MAX_COLUMNS = 64 };

/* Which column is which; none: no header was read. */
struct binding {
	unsigned n;
	struct {
		size_t from; /* where its cells begin; each ends where the next one begins */
		int node;    /* MAP_UNKNOWN: nobody asks for it */
	} list[MAX_COLUMNS];
};

struct columns {
	struct binding binding;
	bool is_fresh; /* the header was the last line: a rule may follow */
	size_t header_n;
	char header[LIMIT_LINE];
};

struct columns *
columns_new(void)
{
	return mem_alloc(1, sizeof(struct columns));
}

void
columns_free(struct columns *columns)
{
	free(columns);
}

static bool
add_column(struct binding *c, size_t from, int node)
{
	if (c->n == MAX_COLUMNS)
		return false;
	c->list[c->n].from = from;
	c->list[c->n++].node = node;
	return true;
}

/* Every column that the driver does not call optional is there. */
static bool
has_all(const struct map *map, const struct binding *c)
{
	for (int node = map->child; node >= 0; node = map->nodes[node].sibling) {
		bool found = map->nodes[node].optional;

		for (unsigned i = 0; i < c->n && !found; i++)
			found = c->list[i].node == node;
		if (!found)
			return false;
	}
	return c->n > 0;
}

/* The longest name that stands at the beginning of the text, as whole words. */
static int
name_at(const struct map *map, struct text t, size_t *length)
{
	int best = MAP_UNKNOWN;

	*length = 0;
	for (int node = map->child; node >= 0; node = map->nodes[node].sibling) {
		size_t n = strlen(map->nodes[node].name);

		if (n > *length && n <= t.n && (n == t.n || is_blank(t.s[n])) &&
		    text_is_nocase((struct text){ t.s, n }, map->nodes[node].name)) {
			best = node;
			*length = n;
		}
	}
	return best;
}

/* A header without a rule: a known name begins a column, and so does any other word. */
static bool
bind_words(struct binding *c, const struct map *map, struct text line)
{
	size_t i = 0, length;

	c->n = 0;
	while (i < line.n) {
		struct text rest = { line.s + i, line.n - i };

		if (is_blank(line.s[i])) {
			i++;
			continue;
		}
		if (!add_column(c, i, name_at(map, rest, &length)))
			return false;
		while (length == 0 || (i + length < line.n && !is_blank(line.s[i + length])))
			length++;
		i += length;
	}
	return has_all(map, c);
}

/* --------  ====== -----: at least two runs, nothing else. */
static bool
is_rule(struct text line)
{
	unsigned runs = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (is_blank(line.s[i]))
			continue;
		if (line.s[i] != '-' && line.s[i] != '=')
			return false;
		runs += i == 0 || is_blank(line.s[i - 1]);
	}
	return runs >= 2;
}

static struct text
slice(struct text line, size_t from, size_t to)
{
	if (to > line.n)
		to = line.n;
	if (from >= to)
		return (struct text){ line.s + line.n, 0 };
	return text_trim((struct text){ line.s + from, to - from });
}

static size_t
column_end(const struct binding *c, unsigned i)
{
	return i + 1 < c->n ? c->list[i + 1].from : LIMIT_LINE;
}

/* The header above the rule again, cut where its runs begin. */
static bool
bind_rule(struct binding *c, const struct map *map, struct text header, struct text rule)
{
	c->n = 0;
	for (size_t i = 0; i < rule.n; i++)
		if (!is_blank(rule.s[i]) && (i == 0 || is_blank(rule.s[i - 1])) &&
		    !add_column(c, i, MAP_UNKNOWN))
			return false;
	for (unsigned i = 0; i < c->n; i++)
		c->list[i].node = map_child(
		    map, MAP_RECORD, slice(header, c->list[i].from, column_end(c, i)));
	return has_all(map, c);
}

/* To the next comma or quote, or to the end. */
static const char *
to_mark(const char *p, const char *end)
{
	while (p < end) {
		block bytes = block_at(p);
		unsigned run = run_of((bytes != ',') & (bytes != '"'));

		p += run;
		if (run < sizeof(block))
			break;
	}
	return p < end ? p : end;
}

/* The next value between commas at the cursor, with its quotes; false when they do not match. */
static bool
take_value(struct text *cursor, struct text *value)
{
	const char *end = cursor->s + cursor->n, *p = to_mark(cursor->s, end);
	bool quoted = false;

	while (p < end && (quoted || *p != ',')) {
		quoted ^= *p == '"';
		p = to_mark(p + 1, end);
	}
	*value = text_trim((struct text){ cursor->s, (size_t)(p - cursor->s) });
	*cursor = (struct text){ p, (size_t)(end - p) };
	return !quoted;
}

/* "a ""b""" is a "b". In place. */
static struct text
unquote(char *s, size_t n)
{
	size_t to = 0;

	if (n < 2 || s[0] != '"')
		return (struct text){ s, n };
	for (size_t i = 1; i + 1 < n; i++) {
		s[to++] = s[i];
		i += s[i] == '"' && i + 2 < n && s[i + 1] == '"';
	}
	return (struct text){ s, to };
}

static bool
bind_values(struct binding *c, const struct map *map, struct text line)
{
	struct text value;
	char name[LIMIT_NAME];

	c->n = 0;
	do {
		if (!take_value(&line, &value) || value.n > sizeof(name))
			return false;
		memcpy(name, value.s, value.n);
		if (!add_column(c, 0, map_child(map, MAP_RECORD, unquote(name, value.n))))
			return false;
	} while (text_take_char(&line, ',') && line.n > 0);
	return has_all(map, c);
}

/* A cell of the line, which lies in the record: a pattern ends where it does. */
static void
read_cell(struct reply *reply, int node, struct text line, struct text cell)
{
	char *text = reply->record->text + (cell.s - line.s);

	if (reply->program->command->form == FORM_CSV) {
		cell = unquote(text, cell.n);
		text = reply->record->text + (cell.s - reply->record->text);
	}
	if (cell.n == 0)
		return;
	text[cell.n] = '\n';
	document_field(
	    reply, reply->program->map->nodes[node].field, (struct text){ text, cell.n });
}

static bool
read_values(struct reply *reply, struct text line)
{
	const struct binding *c = &reply->columns->binding;
	struct text rest = line, value;
	unsigned i = 0;

	do {
		if (i == c->n || !take_value(&rest, &value))
			return false;
		if (c->list[i++].node >= 0 && value.n > 0)
			read_cell(reply, c->list[i - 1].node, line, value);
	} while (text_take_char(&rest, ',') && (rest.n > 0 || i < c->n));
	return i == c->n && rest.n == 0;
}

/* What stands from `from` to before `to`, blanks at its ends apart: mostly one word. */
static struct text
find_cell(const char *from, const char *to)
{
	const char *end;

	from = skip_blanks(from);
	if (from >= to)
		return (struct text){ from, 0 };
	end = to_edge(from);
	if (end >= to || skip_blanks(end) < to)
		for (end = to; is_blank(end[-1]);)
			end--;
	return (struct text){ from, (size_t)(end - from) };
}

/* A word that lies across the border of two columns belongs to neither. */
static bool
read_cells(struct reply *reply, struct text line)
{
	const struct binding *c = &reply->columns->binding;

	for (unsigned i = 0; i < c->n && (i == 0 || c->list[i].from < line.n); i++) {
		size_t from = i == 0 ? 0 : c->list[i].from, to = column_end(c, i);
		struct text cell;

		if (i > 0 && !is_blank(line.s[from]) && !is_blank(line.s[from - 1]))
			return false;
		if (c->list[i].node < 0)
			continue;
		cell = find_cell(line.s + from, line.s + (to < line.n ? to : line.n));
		if (cell.n > 0)
			read_cell(reply, c->list[i].node, line, cell);
	}
	return true;
}

static bool
read_record(struct reply *reply, struct text line)
{
	bool csv = reply->program->command->form == FORM_CSV;
	struct record *r = reply->record;
	bool good;

	document_open_record(reply);
	r->o->line = (uint32_t)reply->account.lines;
	memcpy(r->text, line.s, line.n);
	good = (csv ? read_values(reply, line) : read_cells(reply, line)) && document_finish(reply);
	reply_close_record(reply, good);
	return good;
}

enum line_kind
columns_read(struct reply *reply, struct text line)
{
	struct columns *c = reply->columns;
	const struct map *map = reply->program->map;
	bool csv = reply->program->command->form == FORM_CSV, was_fresh = c->is_fresh;

	c->is_fresh = false;
	if (!csv && is_rule(line)) {
		if (!was_fresh ||
		    bind_rule(&c->binding, map, (struct text){ c->header, c->header_n }, line))
			return LINE_NOISE;
		c->binding.n = 0;
		return LINE_UNREAD;
	}
	if (c->binding.n > 0 && read_record(reply, line))
		return LINE_ROW;
	return LINE_HELD;
}

bool
columns_take_header(struct reply *reply, struct text line)
{
	struct columns *c = reply->columns;
	const struct map *map = reply->program->map;
	struct binding found;

	text_take(&line, "\xef\xbb\xbf"); /* a byte order mark */
	if (reply->program->command->form == FORM_CSV ? !bind_values(&found, map, line)
						      : !bind_words(&found, map, line))
		return false;
	c->binding = found;
	c->is_fresh = true;
	memcpy(c->header, line.s, line.n);
	c->header_n = line.n;
	reply->recognised = true;
	return true;
}
