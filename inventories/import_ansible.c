/* Ansible: the output of `ansible-inventory --list`, and what it has in common with plain files.
 *
 * A host has the variables of its groups, a child's over its parent's, of two that are equally deep
 * the one later in the alphabet, and its own over all (Ansible, "How variables are merged"). */
#include "inventories/importing.h"

struct host_list {
	struct ansible_host *host;
	struct host_list *next;
};

struct group_list {
	struct ansible_group *group;
	struct group_list *next;
};

struct ansible_host {
	const char *name;
	const char *own[ANSIBLE_VARIABLES], *variables[ANSIBLE_VARIABLES];
	struct group_list *groups; /* all it is in */
	unsigned stamp;            /* of the last group that was put to it */
	UT_hash_handle hh;
};

struct ansible_group {
	const char *name;
	const char *variables[ANSIBLE_VARIABLES];
	struct host_list *hosts;
	struct group_list *children;
	unsigned depth, stamp;
	bool held; /* by another group */
	UT_hash_handle hh;
};

struct ansible {
	struct importing *i;
	struct ansible_host *hosts;
	struct ansible_group *groups;
	size_t visits;
	unsigned stamp;
};

static const struct {
	const char *name;
	enum ansible_variable variable;
} names[] = { { "ansible_host", ANSIBLE_HOST }, { "ansible_ssh_host", ANSIBLE_HOST },
	{ "ansible_port", ANSIBLE_PORT }, { "ansible_ssh_port", ANSIBLE_PORT },
	{ "ansible_user", ANSIBLE_USER }, { "ansible_ssh_user", ANSIBLE_USER },
	{ "ansible_network_os", ANSIBLE_OS }, { "ansible_connection", ANSIBLE_CONNECTION },
	{ "ansible_ssh_common_args", ANSIBLE_JUMP }, { "ansible_ssh_extra_args", ANSIBLE_JUMP } };

struct importing *
ansible_import(struct ansible *a)
{
	return a->i;
}

static void *
get(struct ansible *a, size_t size)
{
	return arena_alloc(&a->i->l.config->arena, size);
}

struct ansible *
ansible_new(struct importing *i)
{
	struct ansible *a = arena_alloc(&i->l.config->arena, sizeof *a);

	a->i = i;
	return a;
}

struct ansible_host *
ansible_host(struct ansible *a, const char *name)
{
	struct ansible_host *h;

	HASH_FIND_STR(a->hosts, name, h);
	if (h)
		return h;
	h = get(a, sizeof *h);
	h->name = import_text(a->i, text_of(name));
	HASH_ADD_KEYPTR(hh, a->hosts, h->name, strlen(h->name), h);
	return h;
}

struct ansible_group *
ansible_group(struct ansible *a, const char *name)
{
	struct ansible_group *g;

	HASH_FIND_STR(a->groups, name, g);
	if (g)
		return g;
	g = get(a, sizeof *g);
	g->name = import_text(a->i, text_of(name));
	HASH_ADD_KEYPTR(hh, a->groups, g->name, strlen(g->name), g);
	return g;
}

void
ansible_member(struct ansible *a, struct ansible_group *group, struct ansible_host *host)
{
	struct host_list *one = get(a, sizeof *one);

	*one = (struct host_list){ host, group->hosts };
	group->hosts = one;
}

void
ansible_child(struct ansible *a, struct ansible_group *group, struct ansible_group *child)
{
	struct group_list *one = get(a, sizeof *one);

	*one = (struct group_list){ child, group->children };
	group->children = one;
	child->held = true;
}

static void
set(struct ansible *a, const char **variables, const char *name, const char *value)
{
	for (size_t n = 0; value && n < sizeof names / sizeof names[0]; n++)
		if (strcmp(name, names[n].name) == 0)
			variables[names[n].variable] = import_text(a->i, text_of(value));
}

void
ansible_host_set(struct ansible *a, struct ansible_host *h, const char *name, const char *value)
{
	set(a, h->own, name, value);
}

void
ansible_group_set(struct ansible *a, struct ansible_group *g, const char *name, const char *value)
{
	set(a, g->variables, name, value);
}

/* --- which group counts more ------------------------------------------------------------------ */

/* "all" holds every group, whether the file says so or not. */
static void
hold_all(struct ansible *a)
{
	struct ansible_group *all = ansible_group(a, "all");

	for (struct ansible_group *g = a->groups; g; g = g->hh.next)
		if (g != all && !g->held)
			ansible_child(a, all, g);
}

/* The longest way from the top; groups that hold each other have none. */
static bool
find_depths(struct ansible *a)
{
	bool moved = true;

	for (unsigned round = 0; moved; round++) {
		moved = false;
		for (struct ansible_group *g = a->groups; g; g = g->hh.next)
			for (struct group_list *c = g->children; c; c = c->next)
				if (c->group->depth < g->depth + 1) {
					c->group->depth = g->depth + 1;
					moved = true;
				}
		if (round == LIMIT_IMPORT_DEPTH) {
			error_set(&a->i->err,
			    "its groups hold each other, or are more than %d deep",
			    LIMIT_IMPORT_DEPTH);
			return false;
		}
	}
	return true;
}

static int
compare(struct ansible_group *a, struct ansible_group *b)
{
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Puts the group's variables and its name to every host below `below`. */
static void
spread(struct ansible *a, struct ansible_group *group, struct ansible_group *below)
{
	if (below->stamp == a->stamp || ++a->visits > LOADING_VISITS)
		return;
	below->stamp = a->stamp;
	for (struct host_list *h = below->hosts; h && ++a->visits <= LOADING_VISITS; h = h->next) {
		struct group_list *one;

		if (h->host->stamp == a->stamp)
			continue;
		h->host->stamp = a->stamp;
		for (int v = 0; v < ANSIBLE_VARIABLES; v++)
			if (group->variables[v])
				h->host->variables[v] = group->variables[v];
		one = get(a, sizeof *one);
		*one = (struct group_list){ group, h->host->groups };
		h->host->groups = one;
	}
	for (struct group_list *c = below->children; c; c = c->next)
		spread(a, group, c->group);
}

static bool
is_template(const char *const *variables)
{
	for (int v = 0; v < ANSIBLE_VARIABLES; v++)
		if (variables[v] && strstr(variables[v], "{{"))
			return true;
	return false;
}

/* "-o ProxyJump=bastion", "-J bastion", "-o ProxyCommand='ssh -W %h:%p bastion'" */
static const char *
find_jump(struct importing *i, const char *arguments)
{
	const char *at = arguments ? strstr(arguments, "ProxyJump") : NULL;

	if (at)
		return import_jump(i, text_of(at + strlen("ProxyJump")));
	at = arguments ? strstr(arguments, "-J") : NULL;
	if (at)
		return import_jump(i, text_of(at + 2));
	return arguments && strstr(arguments, "ProxyCommand") ? "a ProxyCommand" : NULL;
}

static void
add_host(struct ansible *a, struct ansible_host *h)
{
	struct candidate *c = import_add(a->i);
	const char **v = h->variables;

	if (!c)
		return;
	for (int n = 0; n < ANSIBLE_VARIABLES; n++)
		if (h->own[n])
			v[n] = h->own[n];
	c->name = h->name;
	c->host = v[ANSIBLE_HOST];
	c->platform = v[ANSIBLE_OS];
	c->user = v[ANSIBLE_USER];
	c->via = find_jump(a->i, v[ANSIBLE_JUMP]);
	if (is_template(v))
		c->problem = "its variables hold a template ('{{'), which only a playbook resolves";
	else if (v[ANSIBLE_CONNECTION] && strcmp(v[ANSIBLE_CONNECTION], "local") == 0)
		c->problem = "ansible_connection is local";
	else if (!import_port(v[ANSIBLE_PORT], &c->port))
		c->problem = "ansible_port is no port";
	for (struct group_list *g = h->groups; g; g = g->next)
		if (strcmp(g->group->name, "all") != 0 && strcmp(g->group->name, "ungrouped") != 0)
			import_tag(a->i, c, g->group->name);
}

void
ansible_end(struct ansible *a)
{
	if (import_good(a->i))
		hold_all(a);
	if (import_good(a->i) && find_depths(a)) {
		HASH_SORT(a->groups, compare);
		for (struct ansible_group *g = a->groups; g; g = g->hh.next) {
			a->stamp++;
			spread(a, g, g);
		}
		if (a->visits > LOADING_VISITS)
			error_set(&a->i->err, "its groups hold too much of each other");
		for (struct ansible_host *h = a->hosts; h; h = h->hh.next)
			add_host(a, h);
	}
	HASH_CLEAR(hh, a->hosts);
	HASH_CLEAR(hh, a->groups);
}

/* --- ansible-inventory --list ----------------------------------------------------------------- */

static const char *
value_of(struct importing *i, const json_t *value)
{
	if (json_is_integer(value))
		return arena_printf(
		    &i->l.config->arena, "%lld", (long long)json_integer_value(value));
	return json_is_string(value) ? json_string_value(value) : NULL;
}

static void
read_group(struct ansible *a, const char *name, json_t *object)
{
	struct ansible_group *g = ansible_group(a, name);
	const json_t *hosts = json_object_get(object, "hosts");
	const json_t *children = json_object_get(object, "children");
	json_t *vars = json_object_get(object, "vars"), *value;
	const char *key;

	/* A script may answer with a bare list of hosts. */
	if (json_is_array(object))
		hosts = object;
	for (size_t n = 0; n < json_array_size(hosts); n++)
		if (json_is_string(json_array_get(hosts, n)))
			ansible_member(
			    a, g, ansible_host(a, json_string_value(json_array_get(hosts, n))));
	for (size_t n = 0; n < json_array_size(children); n++)
		if (json_is_string(json_array_get(children, n)))
			ansible_child(
			    a, g, ansible_group(a, json_string_value(json_array_get(children, n))));
	json_object_foreach(vars, key, value) ansible_group_set(a, g, key, value_of(a->i, value));
}

static void
read_root(struct ansible *a, json_t *root)
{
	json_t *hosts = json_object_get(json_object_get(root, "_meta"), "hostvars");
	const char *key, *name;
	json_t *one, *value;

	if (!json_is_object(root) || !json_is_object(hosts)) {
		error_set(&a->i->err,
		    "that is no output of 'ansible-inventory --list': it has no _meta.hostvars");
		return;
	}
	json_object_foreach(hosts, key, one)
	{
		struct ansible_host *h = ansible_host(a, key);

		json_object_foreach(one, name, value)
		    ansible_host_set(a, h, name, value_of(a->i, value));
	}
	json_object_foreach(root, key, one) if (strcmp(key, "_meta") != 0) read_group(a, key, one);
}

static void
read_source(struct importing *i)
{
	json_t *root = import_json(i, i->order->source);
	struct ansible *a = ansible_new(i);

	if (root)
		read_root(a, root);
	ansible_end(a);
	json_decref(root);
}

const struct import_kind import_ansible = { "ansible",
	"what 'ansible-inventory --list' printed; - for standard input", read_source };
