/* Reads the form json: one value, or one in each line, as it arrives. Only one record is ever held:
 * a scanner finds where it begins and ends, jansson reads it.
 *
 * The first pattern of the command is the path of keys that leads to the records, "." for the value
 * itself. Arrays on the way do not count: each element is a record. A key beside that path is noise
 * if the driver names it ("count:"), with all that is below it. */
#include <jansson.h>

#include "drivers/map.h"

enum { OFF_PATH = -1 }; /* below a key that is not on the way to a record */

struct json {
	bool open, closed; /* a value has begun, has ended */
	bool quoted, escaped;
	bool in_key_place; /* the next string of this object is a key */
	unsigned depth;
	char kinds[LIMIT_XML_DEPTH];  /* '{' or '[' */
	int reached[LIMIT_XML_DEPTH]; /* parts of the path that lead to this level */
	int next;                     /* and to the value that comes */
	unsigned record;              /* depth below which the open record lies; 0: none is open */
	int parts;                    /* of the path */
	size_t key_used, used;
	char key[LIMIT_NAME];
	char bytes[RECORD_TEXT]; /* of the open record */
};

struct json *
json_new(const struct map *map)
{
	struct json *json = mem_alloc(1, sizeof(*json));
	struct text path = text_of(map->record), part;

	if (text_is(path, "."))
		return json;
	for (json->parts = 1; text_take_until(&path, '/', &part);)
		json->parts++;
	return json;
}

void
json_free(struct json *json)
{
	free(json);
}

static void
read_scalar(struct reply *reply, int node, const char *bytes, size_t n)
{
	struct text text = document_keep(reply, bytes, n);

	if (text.n > 0)
		document_field(reply, reply->program->map->nodes[node].field, text);
}

static void read_object(struct reply *reply, int node, json_t *object);

static void
read_value(struct reply *reply, int node, json_t *value)
{
	char number[32];
	size_t i;
	json_t *element;

	if (json_is_object(value))
		read_object(reply, node, value);
	json_array_foreach(value, i, element) read_value(reply, node, element);
	if (reply->program->map->nodes[node].field < 0)
		return;
	if (json_is_string(value))
		read_scalar(reply, node, json_string_value(value), json_string_length(value));
	else if (json_is_integer(value))
		read_scalar(reply, node, number,
		    (size_t)snprintf(
			number, sizeof(number), "%lld", (long long)json_integer_value(value)));
	else if (json_is_real(value))
		read_scalar(reply, node, number,
		    (size_t)snprintf(number, sizeof(number), "%.0f", json_real_value(value)));
	else if (json_is_boolean(value))
		read_scalar(reply, node, json_is_true(value) ? "true" : "false",
		    json_is_true(value) ? 4 : 5);
}

static void
read_object(struct reply *reply, int node, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		int child = map_child(reply->program->map, node, text_of(key));

		if (child >= 0)
			read_value(reply, child, value);
	}
}

static void
end_record(struct reply *reply)
{
	struct json *json = reply->json;
	json_t *record = NULL;

	if (json->used <= sizeof(json->bytes))
		record = json_loadb(json->bytes, json->used, JSON_REJECT_DUPLICATES, NULL);
	if (record)
		read_object(reply, MAP_RECORD, record);
	else
		reply->document.bad = true;
	json_decref(record);
	document_close_record(reply);
	json->record = 0;
}

/* The key that was read leads on along the path, or is noise, or is unknown. */
static void
take_key(struct reply *reply)
{
	struct json *json = reply->json;
	struct text path = text_of(reply->program->map->record), part = { 0 };
	struct text key = { json->key, json->key_used };
	int reached = json->reached[json->depth - 1];

	json->next = OFF_PATH;
	if (reached == OFF_PATH)
		return;
	for (int i = 0; i <= reached && reached < json->parts; i++)
		if (!text_take_until(&path, '/', &part))
			part = path;
	if (reached < json->parts && json->key_used <= sizeof(json->key) && text_equal(key, part))
		json->next = reached + 1;
	else if (json->key_used > sizeof(json->key) || !document_wrapper(reply, "", key, ":"))
		reply->document.has_unread = true;
}

static int
open_level(struct reply *reply, char kind)
{
	struct json *json = reply->json;

	if (json->depth == LIMIT_XML_DEPTH)
		return reply_stop(
		    reply, REASON_LIMIT, "JSON values are nested deeper than %d", LIMIT_XML_DEPTH);
	json->kinds[json->depth] = kind;
	json->reached[json->depth++] = json->next;
	json->in_key_place = kind == '{';
	if (kind == '{' && json->record == 0 && json->next == json->parts) {
		json->record = json->depth;
		json->used = 0;
		document_open_record(reply);
	}
	return 0;
}

static int
close_level(struct reply *reply, char kind)
{
	struct json *json = reply->json;

	if (json->depth == 0 || json->kinds[json->depth - 1] != kind)
		return reply_stop(reply, REASON_UNREAD, "the JSON is not well-formed in line %lu",
		    (unsigned long)reply->account.lines + 1);
	if (json->record == json->depth)
		end_record(reply);
	json->depth--;
	json->closed = json->depth == 0;
	reply->recognised |= json->closed && kind == '['; /* a list that may be empty */
	json->in_key_place = false;
	if (json->depth > 0)
		json->next = json->reached[json->depth - 1];
	return 0;
}

/* A byte of a string. Outside of records only keys are looked at. */
static void
take_quoted(struct reply *reply, char c)
{
	struct json *json = reply->json;
	bool ends = c == '"' && !json->escaped;

	json->escaped = c == '\\' && !json->escaped;
	if (!ends) {
		if (json->key_used < sizeof(json->key))
			json->key[json->key_used] = c;
		json->key_used++;
		return;
	}
	json->quoted = false;
	if (json->record > 0 || json->depth == 0)
		return;
	if (json->in_key_place)
		take_key(reply);
	else if (json->next != OFF_PATH)
		reply->document.has_unread = true;
	json->in_key_place = false;
}

static int
take_byte(struct reply *reply, char c)
{
	struct json *json = reply->json;

	if (json->quoted) {
		take_quoted(reply, c);
		return 0;
	}
	switch (c) {
	case '"':
		json->quoted = true;
		json->key_used = 0;
		return 0;
	case '{':
	case '[': return open_level(reply, c);
	case ',':
		json->in_key_place = json->depth > 0 && json->kinds[json->depth - 1] == '{';
		return 0;
	case ':':
	case ' ':
	case '\t':
	case '\r':
	case '\n': return 0;
	default:
		/* A number or a word where a record was due. */
		if (json->record == 0 && json->next != OFF_PATH)
			reply->document.has_unread = true;
		return 0;
	}
}

static void
take_bytes(struct reply *reply, const char *bytes, size_t n)
{
	struct json *json = reply->json;

	for (size_t i = 0; i < n && !reply->stopped; i++) {
		char c = bytes[i];
		bool closes = !json->quoted && (c == '}' || c == ']');

		if (json->closed) {
			reply->document.has_unread |= !strchr(" \t\r\n", c);
			continue;
		}
		if (!closes)
			take_byte(reply, c);
		if (json->record > 0) {
			if (json->used < sizeof(json->bytes))
				json->bytes[json->used] = c;
			json->used++;
		}
		if (closes)
			close_level(reply, c == '}' ? '{' : '[');
	}
	reply->document.has_bytes = true;
}

static void
end_line(struct reply *reply, struct text line)
{
	document_end_line(reply, line);
	if (reply->json->closed)
		reply->json->open = reply->json->closed = false;
}

static void
begin_value(struct json *json)
{
	json->open = true;
	json->closed = json->quoted = json->escaped = false;
	json->depth = 0;
	json->next = 0;
}

int
json_feed(struct reply *reply, const char *bytes, size_t n)
{
	const char *end = bytes + n;

	while (bytes < end && !reply->stopped) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		struct text piece = { bytes, (size_t)((newline ? newline + 1 : end) - bytes) };

		bytes += piece.n;
		if (!reply->json->open && !document_begins(reply, piece, "{[")) {
			reply_feed_lines(reply, piece.s, piece.n);
			continue;
		}
		if (!reply->json->open) {
			begin_value(reply->json);
			reply->carried = 0;
		}
		take_bytes(reply, piece.s, piece.n);
		if (newline || reply->stopped)
			end_line(reply, piece);
	}
	return reply->stopped ? -1 : 0;
}

void
json_end(struct reply *reply, bool whole)
{
	struct json *json = reply->json;
	struct text rest = { "", 0 };

	if (!json->open || reply->stopped)
		return;
	if (!json->closed && whole)
		reply_stop(reply, REASON_CUT, "the JSON ends before its value does");
	if (!whole)
		reply->document.has_unread = true;
	if (reply->document.has_bytes)
		end_line(reply, rest);
}
