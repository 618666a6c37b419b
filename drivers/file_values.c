/* Values of a driver file: lines, words of a list, lists, maps. */
#include <stdarg.h>

#include "drivers/file.h"

int
file_fault(struct source *s, const yaml_node_t *node, const char *format, ...)
{
	char reason[sizeof s->err->text];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	return error_exit(s->err, EXIT_USAGE, "%s:%zu:%zu: %s", s->path, node->start_mark.line + 1,
	    node->start_mark.column + 1, reason);
}

yaml_node_t *
file_node(struct source *s, int index)
{
	return yaml_document_get_node(&s->document, index);
}

/* --- scalars ---------------------------------------------------------------------------------- */

/* What is sent to a device or shown to a user is one printable line. */
int
file_read_line(struct source *s, yaml_node_t *value, void *out)
{
	const char *bytes;
	size_t n;

	if (value->type != YAML_SCALAR_NODE)
		return file_fault(s, value, "one line of text is wanted here, not a list or a map");
	bytes = (const char *)value->data.scalar.value;
	n = value->data.scalar.length;
	if (n == 0)
		return file_fault(s, value, "the text is empty");
	if (n > LIMIT_LINE)
		return file_fault(s, value, "the text is longer than %d bytes", LIMIT_LINE);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
			return file_fault(s, value, "the text holds a control character (0x%02x)",
			    (unsigned char)bytes[i]);
	*(const char **)out = arena_string(s->arena, (struct text){ bytes, n });
	return 0;
}

/* A line to send: nothing a device would trim, nothing outside ASCII. */
int
file_read_send(struct source *s, yaml_node_t *value, void *out)
{
	const char *line;

	if (file_read_line(s, value, &line) < 0)
		return -1;
	if (line[0] == ' ' || line[strlen(line) - 1] == ' ')
		return file_fault(s, value, "a command begins and ends without a blank");
	for (const char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p > 0x7e)
			return file_fault(s, value, "a command is plain ASCII");
	*(const char **)out = line;
	return 0;
}

/* A name is an inventory word: it stands in file names and on command lines. */
int
file_read_name(struct source *s, yaml_node_t *value, void *out)
{
	const char *name;

	if (file_read_line(s, value, &name) < 0)
		return -1;
	if (strlen(name) > LIMIT_NAME)
		return file_fault(s, value, "the name is longer than %d bytes", LIMIT_NAME);
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name))
		return file_fault(s, value, "a name is made of a-z, 0-9 and _");
	*(const char **)out = name;
	return 0;
}

int
file_read_bool(struct source *s, yaml_node_t *value, void *out)
{
	const char *name = "";

	if (value->type == YAML_SCALAR_NODE)
		name = (const char *)value->data.scalar.value;
	if (strcmp(name, "true") != 0 && strcmp(name, "false") != 0)
		return file_fault(s, value, "true or false is wanted here");
	*(bool *)out = strcmp(name, "true") == 0;
	return 0;
}

int
file_read_width(struct source *s, yaml_node_t *value, void *out)
{
	const char *digits;
	uint64_t width;

	if (file_read_line(s, value, &digits) < 0)
		return -1;
	if (!text_number(text_of(digits), LIMIT_LINE, &width) || width == 0)
		return file_fault(s, value, "a width in bytes is wanted here");
	*(unsigned *)out = (unsigned)width;
	return 0;
}

int
file_read_rows(struct source *s, yaml_node_t *value, void *out)
{
	const char *digits;
	uint64_t rows;

	if (file_read_line(s, value, &digits) < 0)
		return -1;
	if (!text_number(text_of(digits), LIMIT_REPLY_LINES, &rows) || rows < LIMIT_PAGE_LEAST)
		return file_fault(s, value, "a number of rows, %d to %d, is wanted here",
		    LIMIT_PAGE_LEAST, LIMIT_REPLY_LINES);
	*(unsigned *)out = (unsigned)rows;
	return 0;
}

int
file_read_pages(struct source *s, yaml_node_t *value, void *out)
{
	const char *line;

	if (file_read_send(s, value, &line) < 0)
		return -1;
	if (!command_pages_valid(line))
		return file_fault(s, value,
		    "a line with one number in a range is wanted here, like 'show sess from "
		    "{1-100000}'");
	*(const char **)out = line;
	return 0;
}

/* The index of a word in a list that ends with NULL, or -1 naming the nearest. */
static int
word_index(struct source *s, yaml_node_t *value, const char *const *words, const char *what)
{
	const char *name, *nearest;

	if (file_read_line(s, value, &name) < 0)
		return -1;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], name) == 0)
			return i;
	nearest = text_nearest(name, words);
	if (nearest != NULL)
		return file_fault(
		    s, value, "unknown %s '%.40s' (did you mean '%s'?)", what, name, nearest);
	return file_fault(s, value, "unknown %s '%.40s'", what, name);
}

int
file_read_topic(struct source *s, yaml_node_t *value, void *out)
{
	static const char *const words[] = { "sessions", "nat", "sockets", "neighbours", "stations",
		"logins", "count", NULL };
	int i = word_index(s, value, words, "topic");

	if (i >= 0)
		*(enum topic *)out = (enum topic)i;
	return i < 0 ? -1 : 0;
}

int
file_read_form(struct source *s, yaml_node_t *value, void *out)
{
	static const char *const words[] = { "rows", "keys", "blocks", "xml", "json", "columns",
		"csv", NULL };
	int i = word_index(s, value, words, "form");

	if (i >= 0)
		*(enum form *)out = (enum form)i;
	return i < 0 ? -1 : 0;
}

int
file_read_scope(struct source *s, yaml_node_t *value, void *out)
{
	static const char *const words[] = { "transit", "self", "host", NULL };
	int i = word_index(s, value, words, "scope");

	if (i >= 0)
		*(enum scope *)out = (enum scope)i;
	return i < 0 ? -1 : 0;
}

int
file_read_status(struct source *s, yaml_node_t *value, void *out)
{
	static const char *const words[] = { "verified", "samples", "layout", NULL };
	int i = word_index(s, value, words, "status");

	if (i >= 0)
		*(enum status *)out = (enum status)i;
	return i < 0 ? -1 : 0;
}

/* --- lists ------------------------------------------------------------------------------------ */

static int
read_items(struct source *s, yaml_node_t *value, void *out,
    int (*read)(struct source *, yaml_node_t *, void *))
{
	const char **list;
	size_t n;

	if (value->type != YAML_SEQUENCE_NODE)
		return file_fault(s, value, "a list is wanted here");
	n = (size_t)(value->data.sequence.items.top - value->data.sequence.items.start);
	if (n > LIMIT_PATTERNS)
		return file_fault(s, value, "the list has more than %d items", LIMIT_PATTERNS);
	list = arena_alloc(s->arena, (n + 1) * sizeof *list);
	for (size_t i = 0; i < n; i++)
		if (read(s, file_node(s, value->data.sequence.items.start[i]), &list[i]) < 0)
			return -1;
	*(const char *const **)out = list;
	return 0;
}

int
file_read_lines(struct source *s, yaml_node_t *value, void *out)
{
	return read_items(s, value, out, file_read_line);
}

int
file_read_sends(struct source *s, yaml_node_t *value, void *out)
{
	return read_items(s, value, out, file_read_send);
}

int
file_read_flags(struct source *s, yaml_node_t *value, void *out)
{
	static const char *const words[] = { "heavy", "variant", "privileged", "optional",
		"unaccounted", NULL }; /* bit i of enum command_flag */
	int i;

	if (value->type != YAML_SEQUENCE_NODE)
		return file_fault(s, value, "a list is wanted here");
	for (yaml_node_item_t *item = value->data.sequence.items.start;
	     item < value->data.sequence.items.top; item++) {
		i = word_index(s, file_node(s, *item), words, "flag");
		if (i < 0)
			return -1;
		*(unsigned *)out |= 1u << i;
	}
	return 0;
}

/* --- maps ------------------------------------------------------------------------------------- */

/* The row of `keys` called `name`, or NULL with a fault that names the nearest. */
static const struct file_key *
key_find(struct source *s, const struct file_key *keys, yaml_node_t *node)
{
	const char *words[24] = { NULL };
	const char *name, *nearest;

	if (file_read_line(s, node, &name) < 0)
		return NULL;
	for (size_t i = 0; keys[i].name != NULL && i + 1 < sizeof words / sizeof words[0]; i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
		words[i] = keys[i].name;
	}
	nearest = text_nearest(name, words);
	if (nearest != NULL)
		file_fault(s, node, "unknown key '%.40s' (did you mean '%s'?)", name, nearest);
	else
		file_fault(s, node, "unknown key '%.40s'", name);
	return NULL;
}

/* Fills `out` from a map; every key at most once, the required ones at least. */
int
file_read_map(struct source *s, yaml_node_t *map, const struct file_key *keys, void *out)
{
	uint32_t seen = 0;

	if (map->type != YAML_MAPPING_NODE)
		return file_fault(s, map, "a map (key: value) is wanted here");
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = file_node(s, pair->key), *value = file_node(s, pair->value);
		const struct file_key *key = key_find(s, keys, name);
		uint32_t bit;

		if (key == NULL)
			return -1;
		bit = 1u << (key - keys);
		if (seen & bit)
			return file_fault(s, name, "the key '%s' stands here twice", key->name);
		seen |= bit;
		if (key->read(s, value, (char *)out + key->offset) < 0)
			return -1;
	}
	for (size_t i = 0; keys[i].name != NULL; i++)
		if (keys[i].required && !(seen & 1u << i))
			return file_fault(s, map, "the key '%s' is missing", keys[i].name);
	return 0;
}

yaml_node_t *
file_value(struct source *s, yaml_node_t *map, const char *name)
{
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = file_node(s, pair->key);

		if (key->type == YAML_SCALAR_NODE &&
		    strcmp((const char *)key->data.scalar.value, name) == 0)
			return file_node(s, pair->value);
	}
	return map;
}
