/* Compiles the patterns of the form xml: the first names the record's element, each other one is a
 * path below it and the field that its text or attribute fills. */
#include "drivers/xml.h"

enum { MAX_NODES = 2 * LIMIT_PATTERNS };

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
is_step(const struct xml_node *node, int parent, const struct step_text *step)
{
	return node->parent == parent && text_is(step->name, node->name) &&
	       text_equal(step->attr, text_of(node->attr)) &&
	       text_equal(step->value, text_of(node->value));
}

/* The node of a step below parent, made if it is new; -1 when there are too many. */
static int
node_of(struct xml_map *map, int parent, const struct step_text *step)
{
	struct xml_node *node;
	int *link;

	for (unsigned i = 0; i < map->n; i++)
		if (is_step(&map->nodes[i], parent, step))
			return (int)i;
	if (map->n == MAX_NODES)
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

static int
add_path(struct xml_map *map, const char *source, struct error *err)
{
	struct text rest = text_of(source), path, part, attr = { 0 };
	struct step_text step;
	struct pattern *field;
	int node = XML_RECORD, *link;

	if (!text_take_word(&rest, &path))
		return error_set(err, "pattern \"%s\": no path", source);
	text_skip_blanks(&rest);
	field = pattern_compile(rest.s, false, err);
	if (!field)
		return -1;
	map->fields[map->n_fields] = (struct xml_field){
		.pattern = field, .node = XML_END, .next = -1
	};
	if (!text_is(path, ".")) {
		if (text_take_until(&path, '@', &part)) {
			attr = path;
			path = part;
		}
		while (path.n > 0 && !text_is(path, ".")) {
			if (!text_take_until(&path, '/', &part)) {
				part = path;
				path.n = 0;
			}
			node = split_step(part, &step) ? node_of(map, node, &step) : -1;
			if (node < 0)
				return error_set(err,
				    "pattern \"%s\": a path is name/name[attribute=value]", source);
		}
		map->fields[map->n_fields].node = node;
		link = node < 0 ? &map->field : &map->nodes[node].field;
		while (*link >= 0)
			link = &map->fields[*link].next;
		*link = (int)map->n_fields;
		if (attr.n > 0)
			map->fields[map->n_fields].attr = arena_string(&map->arena, attr);
	}
	map->n_fields++;
	return 0;
}

struct xml_map *
xml_compile(const struct command *command, struct error *err)
{
	struct xml_map *map = mem_alloc(1, sizeof(*map));

	map->nodes = mem_alloc(MAX_NODES, sizeof(map->nodes[0]));
	map->record = command->patterns[0];
	map->child = map->field = -1;
	if (!map->record || strpbrk(map->record, " {/<"))
		error_set(err, "the first pattern of the form xml names the element of a record");
	else
		for (unsigned i = 1;; i++) {
			if (!command->patterns[i])
				return map;
			if (i == LIMIT_PATTERNS) {
				error_set(err, "more than %d patterns", LIMIT_PATTERNS);
				break;
			}
			if (add_path(map, command->patterns[i], err) < 0)
				break;
		}
	xml_map_free(map);
	return NULL;
}

void
xml_map_free(struct xml_map *map)
{
	if (!map)
		return;
	for (unsigned i = 0; i < LIMIT_PATTERNS; i++)
		pattern_free(map->fields[i].pattern);
	arena_free(&map->arena);
	free(map->nodes);
	free(map);
}
