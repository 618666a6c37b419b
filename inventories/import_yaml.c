/* Foreign YAML: what we look for is read, what we do not know is passed over. */
#include "inventories/importing.h"

const yaml_node_t *
yaml_at(struct loading *l, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *name, *value;

	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (size_t k = 0; (name = schema_pair(l, map, k, &value)) != NULL; k++)
		if (name->type == YAML_SCALAR_NODE && text_is(schema_text(name), key))
			return schema_is_null(value) ? NULL : value;
	return NULL;
}

const char *
yaml_scalar(struct importing *i, const char *what, const yaml_node_t *node)
{
	if (schema_is_null(node))
		return NULL;
	if (node->type == YAML_SCALAR_NODE && schema_text(node).n == 0)
		return NULL;
	return schema_is_text(&i->l, what, node) ? schema_string(&i->l, what, node) : NULL;
}

const char *
yaml_text(struct importing *i, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *value = yaml_at(&i->l, map, key);

	return value ? yaml_scalar(i, key, value) : NULL;
}
