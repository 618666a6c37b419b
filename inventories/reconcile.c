/* gatebook.yml, `reconcile:`. */
#include <string.h>

#include "inventories/loading.h"

#define AT(member) offsetof(struct reconcile_settings, member)

/* A list of texts in the configuration's arena. */
static void
read_texts(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const yaml_node_t *item;
	const char **texts;
	size_t n = 0;

	if (!schema_is_list(l, key->name, node))
		return;
	texts = arena_alloc(&l->config->arena, (schema_count(node) + 1) * sizeof(*texts));
	for (size_t i = 0; (item = schema_item(l, node, i)); i++) {
		const char *text = schema_string(l, key->name, item);

		if (text)
			texts[n++] = text;
	}
	*(const char *const **)into = texts;
}

static void
read_platforms(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *const *names;

	read_texts(l, key, node, into);
	names = *(const char *const **)into;
	for (int i = 0; names && names[i]; i++)
		if (!driver_find(names[i]))
			fault_node(l, node, "'%s': no platform '%s'; see: gatebook driver list",
			    key->name, names[i]);
}

/* "6-20": from 06:00 until 20:00; "22-6" goes over midnight. */
static void
read_hours(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *typed = schema_string(l, key->name, node);
	struct text t = text_of(typed);
	uint64_t from, to;
	uint32_t hours = 0;

	if (!typed)
		return;
	if (!text_take_number(&t, 23, &from) || !text_take_char(&t, '-') ||
	    !text_number(t, 24, &to) || from == to) {
		fault_node(l, node, "'%s' wants hours like 6-20", key->name);
		return;
	}
	for (uint64_t h = from; h != to % 24; h = (h + 1) % 24)
		hours |= 1u << h;
	*(uint32_t *)into = hours;
}

static const struct key reconcile_keys[] = {
	{ "window", VALUE_SECONDS, AT(window), .least = 1, .most = 3600,
	    .help = "between a line and its record" },
	{ "late", VALUE_SECONDS, AT(late), .least = 1, .most = 86400,
	    .help = "and at most, for a whole visit" },
	{ "skew", VALUE_SECONDS, AT(skew), .least = 1, .most = 7200,
	    .help = "the largest difference of clocks that is believed" },
	{ "chain_within", VALUE_SECONDS, AT(chain_within), .least = 1, .most = 86400,
	    .help = "discovery commands so near each other are a chain" },
	{ "sources", VALUE_OTHER, AT(sources), .read = read_prefixes,
	    .help = "where polls come from, beside what the ledger says" },
	{ "users", VALUE_OTHER, AT(users), .read = read_texts,
	    .help = "who else may run discovery; * stands for anything" },
	{ "users_from", VALUE_OTHER, AT(users_from), .read = read_prefixes,
	    .help = "and from where" },
	{ "hours", VALUE_OTHER, AT(hours), .read = read_hours, .help = "and when: 6-20" },
	{ "discovery", VALUE_OTHER, AT(discovery), .read = read_texts,
	    .help = "further commands that are discovery, by how they begin" },
	{ "unaccounted", VALUE_OTHER, AT(unaccounted), .read = read_platforms,
	    .help = "platforms that account no commands" },
	{ NULL },
};

void
read_reconcile(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	if (schema_is_map(l, key->name, node))
		schema_map(l, node, reconcile_keys, into, key->name);
}
