/* Compiles the patterns of the forms xml, json, columns and csv. Of xml and json the first names
 * the record, each other one is a path below it and the field that its text or attribute fills. Of
 * columns each is a column's name and the field that its cells fill. */
#include "drivers/map.h"

/* A step of a path: name or name[attribute=value]. */
struct step_text {
	struct text name, attr, value;
};

static bool
split_step(struct text t, struct step_text *step)
{
	*step = (struct step_text){ 0 };
	if (!text_take_until(&t, '[', &step->name)) {
		step->name = t;
		return t.n > 0;
	}
	return step->name.n > 0 && text_take_until(&t, '=', &step->attr) && step->attr.n > 0 &&
	       text_take_until(&t, ']', &step->value) && t.n == 0;
}

static bool
is_step(const struct map_node *node, int parent, const struct step_text *step)
{
	return node->parent == parent && text_is(step->name, node->name) &&
	       text_equal(step->attr, text_of(node->attr)) &&
	       text_equal(step->value, text_of(node->value));
}

/* The node of a step below parent, made if it is new; -1 when there are too many. */
static int
node_of(struct map *map, int parent, const struct step_text *step)
{
	struct map_node *node;
	int *link;

	for (unsigned i = 0; i < map->n; i++)
		if (is_step(&map->nodes[i], parent, step))
			return (int)i;
	if (map->n == MAP_NODES)
		return -1;
	node = &map->nodes[map->n];
	node->parent = parent;
	node->child = node->sibling = node->field = -1;
	link = parent < 0 ? &map->child : &map->nodes[parent].child;
	while (*link >= 0)
		link = &map->nodes[*link].sibling;
	*link = (int)map->n;
	node->name = arena_string(&map->arena, step->name);
	if (step->attr.n > 0) {
		node->attr = arena_string(&map->arena, step->attr);
		node->value = arena_string(&map->arena, step->value);
	}
	return (int)map->n++;
}

static bool
same_part(const struct map_field *a, const struct map_field *b)
{
	return a->attr && b->attr ? strcmp(a->attr, b->attr) == 0 : a->attr == b->attr;
}

/* A second field for the same part is an alternative to the first. */
static void
link_field(struct map *map, int node, struct map_field *field)
{
	int *link = node == MAP_RECORD ? &map->field : &map->nodes[node].field;

	field->node = node;
	while (*link >= 0 && !same_part(&map->fields[*link], field))
		link = &map->fields[*link].next;
	while (*link >= 0)
		link = &map->fields[*link].alt;
	*link = (int)map->n_fields;
}

/* name/name[attribute=value]@attribute: the node it leads to, or -1. */
static int
follow_path(struct map *map, struct text path, const char **attr)
{
	struct step_text step;
	struct text part;
	int node = MAP_RECORD;

	if (text_take_until(&path, '@', &part)) {
		*attr = arena_string(&map->arena, path);
		path = part;
	}
	while (path.n > 0 && !text_is(path, ".")) {
		if (!text_take_until(&path, '/', &part)) {
			part = path;
			path.n = 0;
		}
		node = split_step(part, &step) ? node_of(map, node, &step) : -1;
		if (node < 0)
			return -1;
	}
	return node;
}

static int
add_path(struct map *map, const char *source, struct text path, struct map_field *field,
    struct error *err)
{
	int node;

	if (text_is(path, "."))
		return 0;
	node = follow_path(map, path, &field->attr);
	if (node == -1)
		return error_set(
		    err, "pattern \"%s\": a path is name/name[attribute=value]", source);
	link_field(map, node, field);
	return 0;
}

/* "Local Address | {near}"; "[Zone] | {place}": a column that need not be there. */
static int
add_column(struct map *map, const char *source, struct text name, struct map_field *field,
    struct error *err)
{
	struct step_text step = { .name = name };
	bool optional = name.n > 2 && name.s[0] == '[' && name.s[name.n - 1] == ']';
	int node;

	if (text_is(name, "."))
		return 0;
	if (optional)
		step.name = (struct text){ name.s + 1, name.n - 2 };
	node = step.name.n > 0 ? node_of(map, MAP_RECORD, &step) : -1;
	if (node < 0)
		return error_set(err, "pattern \"%s\": no name of a column", source);
	map->nodes[node].optional |= optional;
	link_field(map, node, field);
	return 0;
}

/* One pattern: where, and what is read there. */
static int
add_field(struct map *map, const struct driver *driver, const char *source, bool columns,
    struct error *err)
{
	struct map_field *field = &map->fields[map->n_fields];
	struct text rest = text_of(source), where;

	if (columns ? !text_take_until(&rest, '|', &where) : !text_take_word(&rest, &where))
		return error_set(err, "pattern \"%s\": %s", source,
		    columns ? "no | behind the column's name" : "no path");
	where = text_trim(where);
	text_skip_blanks(&rest);
	*field = (struct map_field){ .node = MAP_END, .next = -1, .alt = -1 };
	field->pattern = pattern_compile(rest.s, false, driver->functions, err);
	if (!field->pattern || (columns ? add_column(map, source, where, field, err)
					: add_path(map, source, where, field, err)) < 0) {
		map->n_fields++;
		return -1;
	}
	map->n_fields++;
	return 0;
}

static int
add_fields(struct map *map, const struct driver *driver, const char *const *sources, bool columns,
    struct error *err)
{
	for (unsigned i = 0; sources[i]; i++) {
		if (i == LIMIT_PATTERNS)
			return error_set(err, "more than %d patterns", LIMIT_PATTERNS);
		if (add_field(map, driver, sources[i], columns, err) < 0)
			return -1;
	}
	return map->n_fields > 0 ? 0 : error_set(err, "no pattern fills a field");
}

struct map *
map_compile(const struct driver *driver, const struct command *command, struct error *err)
{
	const char *const *sources = command->patterns;
	bool columns = command->form == FORM_COLUMNS || command->form == FORM_CSV;
	struct map *map = mem_alloc(1, sizeof(*map));

	map->nodes = mem_alloc(MAP_NODES, sizeof(map->nodes[0]));
	map->child = map->field = -1;
	if (!columns)
		map->record = *sources++;
	if (!columns && (!map->record || strpbrk(map->record, " {<")))
		error_set(err, "the first pattern of the forms xml and json names the record");
	else if (add_fields(map, driver, sources, columns, err) == 0)
		return map;
	map_free(map);
	return NULL;
}

int
map_child(const struct map *map, int parent, struct text name)
{
	int i = MAP_UNKNOWN;

	if (parent == MAP_RECORD)
		i = map->child;
	else if (parent >= 0)
		i = map->nodes[parent].child;
	for (; i >= 0; i = map->nodes[i].sibling)
		if (text_is_nocase(name, map->nodes[i].name))
			return i;
	return MAP_UNKNOWN;
}

void
map_free(struct map *map)
{
	if (!map)
		return;
	for (unsigned i = 0; i < LIMIT_PATTERNS; i++)
		pattern_free(map->fields[i].pattern);
	arena_free(&map->arena);
	free(map->nodes);
	free(map);
}
