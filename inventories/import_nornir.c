/* Nornir's SimpleInventory: hosts.yaml, groups.yaml, defaults.yaml. A host's own value counts more
 * than its groups', the first group's (and those it is in) more than the next one's, all of them
 * more than the defaults. */
#include <unistd.h>

#include "inventories/importing.h"

struct node {
	const char *name, *hostname, *port, *username, *platform, *site;
	const char *groups[LIMIT_IMPORT_TAGS];
	size_t n_groups;
	UT_hash_handle hh;
};

struct nornir {
	struct importing *i;
	struct node *hosts, *groups, defaults;
	size_t visits;
};

static struct nornir *into; /* libyaml's reader passes no argument of ours */

static void
read_node(struct node *node, const yaml_node_t *map)
{
	struct importing *i = into->i;
	const yaml_node_t *groups = yaml_at(&i->l, map, "groups"), *item;

	if (!schema_is_map(&i->l, "a host", map))
		return;
	node->hostname = yaml_text(i, map, "hostname");
	node->port = yaml_text(i, map, "port");
	node->username = yaml_text(i, map, "username");
	node->platform = yaml_text(i, map, "platform");
	node->site = yaml_text(i, yaml_at(&i->l, map, "data"), "site");
	if (!groups || !schema_is_list(&i->l, "groups", groups))
		return;
	for (size_t n = 0; (item = schema_item(&i->l, groups, n)) != NULL; n++) {
		const char *group = yaml_scalar(i, "groups", item);

		if (group && node->n_groups < LIMIT_IMPORT_TAGS)
			node->groups[node->n_groups++] = group;
	}
}

static void
read_nodes(const yaml_node_t *root, struct node **table)
{
	struct importing *i = into->i;
	const yaml_node_t *name, *value;

	if (!root || !schema_is_map(&i->l, "the file", root))
		return;
	for (size_t n = 0; (name = schema_pair(&i->l, root, n, &value)) != NULL; n++) {
		struct node *node, *twice;
		const char *key = yaml_scalar(i, "a name", name);

		if (!key)
			continue;
		HASH_FIND_STR(*table, key, twice);
		if (twice) {
			fault_node(&i->l, name, "it stands here twice");
			continue;
		}
		node = arena_alloc(&i->l.config->arena, sizeof *node);
		node->name = key;
		HASH_ADD_KEYPTR(hh, *table, node->name, strlen(node->name), node);
		read_node(node, value);
	}
}

static void
read_hosts(struct loading *l, const yaml_node_t *root)
{
	(void)l;
	read_nodes(root, &into->hosts);
}

static void
read_groups(struct loading *l, const yaml_node_t *root)
{
	(void)l;
	read_nodes(root, &into->groups);
}

static void
read_defaults(struct loading *l, const yaml_node_t *root)
{
	(void)l;
	if (root)
		read_node(&into->defaults, root);
}

/* --- inheritance ------------------------------------------------------------------------------ */

static void
inherit(struct nornir *n, struct node *host, const struct node *from, struct candidate *c,
    unsigned depth)
{
	if (!host->hostname)
		host->hostname = from->hostname;
	if (!host->port)
		host->port = from->port;
	if (!host->username)
		host->username = from->username;
	if (!host->platform)
		host->platform = from->platform;
	if (!host->site)
		host->site = from->site;
	for (size_t g = 0; g < from->n_groups; g++) {
		struct node *group;

		HASH_FIND_STR(n->groups, from->groups[g], group);
		if (!group) {
			c->problem = arena_printf(&n->i->l.config->arena,
			    "its group '%s' is not in groups.yaml", from->groups[g]);
			return;
		}
		if (depth == LIMIT_IMPORT_DEPTH || ++n->visits > LOADING_VISITS) {
			c->problem = "its groups hold each other";
			return;
		}
		if (depth == 0 || !c->problem)
			import_tag(n->i, c, group->name);
		inherit(n, host, group, c, depth + 1);
	}
}

static void
add(struct nornir *n, struct node *host)
{
	struct candidate *c = import_add(n->i);

	if (!c)
		return;
	inherit(n, host, host, c, 0);
	inherit(n, host, &n->defaults, c, LIMIT_IMPORT_DEPTH);
	c->name = host->name;
	c->host = host->hostname;
	c->user = host->username;
	c->platform = host->platform;
	c->site = host->site;
	if (!c->problem && !import_port(host->port, &c->port))
		c->problem = "its port is no port";
}

static void
load(struct nornir *n, const char *folder, const char *name, bool needed,
    void (*read)(struct loading *l, const yaml_node_t *root))
{
	struct arena *arena = &n->i->l.config->arena;
	const char *path = arena_printf(arena, "%s%s.yaml", folder, name);

	if (access(path, F_OK) != 0 &&
	    access(arena_printf(arena, "%s%s.yml", folder, name), F_OK) == 0)
		path = arena_printf(arena, "%s%s.yml", folder, name);
	if (!needed && access(path, F_OK) != 0)
		return;
	source_begin(&n->i->l, path);
	source_read(&n->i->l, path, read);
}

static void
read_source(struct importing *i)
{
	struct text source = text_of(i->order->source);
	struct nornir n = { .i = i };
	const char *folder, *slash, *end;

	into = &n;
	while (source.n > 1 && source.s[source.n - 1] == '/')
		source.n--;
	folder = import_text(i, source);
	end = strrchr(folder, '.');
	slash = strrchr(folder, '/');
	/* hosts.yaml stands for its folder. */
	if (end && (strcmp(end, ".yaml") == 0 || strcmp(end, ".yml") == 0))
		folder = slash
			     ? import_text(i, (struct text){ folder, (size_t)(slash - folder) + 1 })
			     : "";
	else
		folder = arena_printf(&i->l.config->arena, "%s/", folder);
	load(&n, folder, "hosts", true, read_hosts);
	load(&n, folder, "groups", false, read_groups);
	load(&n, folder, "defaults", false, read_defaults);
	if (import_good(i))
		for (struct node *h = n.hosts; h; h = h->hh.next)
			add(&n, h);
	HASH_CLEAR(hh, n.hosts);
	HASH_CLEAR(hh, n.groups);
}

const struct import_kind import_nornir = { "nornir",
	"the folder of hosts.yaml, groups.yaml and defaults.yaml", read_source };
