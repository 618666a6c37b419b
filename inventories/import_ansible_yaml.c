/* Ansible's YAML: groups with hosts, vars and children, in each other. */
#include "inventories/importing.h"

static struct ansible *into; /* libyaml's reader passes no argument of ours */

static void read_group(struct ansible_group *g, const yaml_node_t *map, unsigned depth);

static const char *
name_of(const yaml_node_t *node)
{
	struct importing *i = ansible_import(into);

	if (node->type == YAML_SCALAR_NODE && schema_text(node).n > 0)
		return import_text(i, schema_text(node));
	fault_node(&i->l, node, "a name must be a word");
	return NULL;
}

/* A list or a map is none of the variables that we read. */
static const char *
value_of(const char *name, const yaml_node_t *value)
{
	return value->type == YAML_SCALAR_NODE ? yaml_scalar(ansible_import(into), name, value)
					       : NULL;
}

struct host_of {
	struct ansible_group *group;
	const yaml_node_t *vars;
};

static void
each_host(struct ansible *a, const char *name, void *arg)
{
	const struct host_of *of = arg;
	struct loading *l = &ansible_import(a)->l;
	struct ansible_host *h = ansible_host(a, name);
	const yaml_node_t *key, *value;

	ansible_member(a, of->group, h);
	for (size_t n = 0; (key = schema_pair(l, of->vars, n, &value)) != NULL; n++) {
		const char *variable = name_of(key);

		if (variable)
			ansible_host_set(a, h, variable, value_of(variable, value));
	}
}

static void
read_hosts(struct ansible_group *g, const yaml_node_t *hosts)
{
	struct loading *l = &ansible_import(into)->l;
	const yaml_node_t *name, *vars;

	if (!schema_is_map(l, "hosts", hosts))
		return;
	for (size_t n = 0; (name = schema_pair(l, hosts, n, &vars)) != NULL; n++) {
		struct host_of of = { g, vars };

		if (name_of(name) && schema_is_map(l, "a host", vars))
			ansible_pattern(into, schema_text(name), schema_line(name), each_host, &of);
	}
}

static void
read_vars(struct ansible_group *g, const yaml_node_t *vars)
{
	struct loading *l = &ansible_import(into)->l;
	const yaml_node_t *name, *value;

	if (!schema_is_map(l, "vars", vars))
		return;
	for (size_t n = 0; (name = schema_pair(l, vars, n, &value)) != NULL; n++) {
		const char *variable = name_of(name);

		if (variable)
			ansible_group_set(into, g, variable, value_of(variable, value));
	}
}

static void
read_children(struct ansible_group *g, const yaml_node_t *children, unsigned depth)
{
	struct loading *l = &ansible_import(into)->l;
	const yaml_node_t *name, *value;

	if (!schema_is_map(l, "children", children))
		return;
	for (size_t n = 0; (name = schema_pair(l, children, n, &value)) != NULL; n++) {
		const char *child = name_of(name);

		if (!child)
			continue;
		ansible_child(into, g, ansible_group(into, child));
		read_group(ansible_group(into, child), value, depth + 1);
	}
}

static void
read_group(struct ansible_group *g, const yaml_node_t *map, unsigned depth)
{
	struct loading *l = &ansible_import(into)->l;
	const yaml_node_t *name, *value;

	if (depth > LIMIT_IMPORT_DEPTH) {
		fault_node(l, map, "groups are more than %d deep", LIMIT_IMPORT_DEPTH);
		return;
	}
	if (!schema_is_map(l, "a group", map))
		return;
	for (size_t n = 0; (name = schema_pair(l, map, n, &value)) != NULL; n++) {
		struct text key = name->type == YAML_SCALAR_NODE ? schema_text(name) : text_of("?");

		if (text_is(key, "hosts"))
			read_hosts(g, value);
		else if (text_is(key, "vars"))
			read_vars(g, value);
		else if (text_is(key, "children"))
			read_children(g, value, depth);
		else
			fault_node(l, name, "a group has hosts, vars and children");
	}
}

static void
read_file(struct loading *l, const yaml_node_t *root)
{
	const yaml_node_t *name, *value;

	if (!root || !schema_is_map(l, "an inventory", root))
		return;
	for (size_t n = 0; (name = schema_pair(l, root, n, &value)) != NULL; n++) {
		const char *group = name_of(name);

		if (group)
			read_group(ansible_group(into, group), value, 0);
	}
}

void
ansible_read_yaml(struct ansible *a, const char *path)
{
	struct importing *i = ansible_import(a);

	into = a;
	source_begin(&i->l, path);
	source_read(&i->l, path, read_file);
}
