/* internal: [10.0.0.0/8, "!10.9.0.0/16", private]: which addresses are ours. */
#include "inventories/loading.h"

struct said {
	struct prefix prefix;
	unsigned line;
};

/* The same prefix twice is a slip, or a contradiction when one of them is an exception. */
static bool
is_new(struct loading *l, const yaml_node_t *node, const struct said *all, size_t n,
    const struct prefix *p)
{
	char shown[ADDR_TEXT + 4];

	for (size_t i = 0; i < n; i++) {
		if (all[i].prefix.length == p->length &&
		    addr_equal(&all[i].prefix.addr, &p->addr)) {
			fault_node(l, node, "%s stands here twice: also on line %u",
			    prefix_format(p, shown), all[i].line);
			return false;
		}
	}
	return true;
}

/* Adds one item; false when it named no prefix that is inside. */
static bool
read_prefix(struct loading *l, const char *key, const yaml_node_t *node, struct prefix_set *set,
    struct said *all, size_t *n)
{
	char shown[LOADING_SHOWN + 8], why[200] = "";
	struct prefix p;
	struct text t;
	bool in;

	if (!schema_is_text(l, key, node))
		return true;
	t = schema_text(node);
	fault_shown(t, shown);
	if (text_is(t, "private"))
		return true; /* read_list has added it */
	in = !text_take(&t, "!");
	if (prefix_parse(t, &p, why, sizeof why) != 0) {
		fault_node(l, node, "'%s': '%s' is not a prefix: %s", key, shown, why);
		return true;
	}
	if (is_new(l, node, all, *n, &p)) {
		all[*n].prefix = p;
		all[(*n)++].line = schema_line(node);
		prefix_set_add(set, &p, in);
	}
	return in;
}

static void
read_list(struct loading *l, const char *key, const yaml_node_t *node, struct prefix_set *set)
{
	size_t n = 0, count = schema_count(node);
	struct said *all = mem_alloc(count + 1, sizeof *all);
	const yaml_node_t *item;
	bool inside = false;

	/* "private" first, wherever it stands: what is listed beside it overrides it. */
	for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++)
		if (item->type == YAML_SCALAR_NODE && text_is(schema_text(item), "private"))
			prefix_set_add_private(set);
	for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++)
		inside = read_prefix(l, key, item, set, all, &n) || inside;
	if (!inside)
		fault_node(
		    l, node, "'%s' names nothing that is inside: add a prefix, or 'private'", key);
	free(all);
}

void
read_prefixes(struct loading *l, const struct key *key, const yaml_node_t *node, void *set)
{
	if (!schema_is_list(l, key->name, node))
		return;
	if (schema_count(node) > LOADING_PREFIXES)
		fault_node(l, node, "'%s' has more than %d prefixes", key->name, LOADING_PREFIXES);
	else
		read_list(l, key->name, node, set);
}
