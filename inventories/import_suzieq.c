/* SuzieQ's inventory (docs/inventory.md): namespaces that join sources of hosts with settings. Only
 * its own lists of hosts are read; what it takes from NetBox or Ansible is better taken there. */
#include "inventories/importing.h"

static struct importing *importing; /* libyaml's reader passes no argument of ours */

/* The item of a list of maps that has this name. */
static const yaml_node_t *
named(const yaml_node_t *list, const char *name)
{
	struct loading *l = &importing->l;
	const yaml_node_t *item;

	if (!list || !name || !schema_is_list(l, "a section", list))
		return NULL;
	for (size_t n = 0; (item = schema_item(l, list, n)) != NULL; n++) {
		const char *called = yaml_text(importing, item, "name");

		if (called && strcmp(called, name) == 0)
			return item;
	}
	return NULL;
}

/* ssh://[user[:password]@]host[:port] [devtype=...] [keyfile=...] */
static void
read_url(struct candidate *c, const char *url, const yaml_node_t *at)
{
	struct text rest = text_of(url), place, user, host, value;
	struct importing *i = importing;

	text_take_word(&rest, &place);
	if (!text_take(&place, "ssh://")) {
		c->problem = text_starts(place, "http") ? "it is polled over REST, not over ssh"
							: "its url does not begin with ssh://";
		text_take_until(&place, ':', &user);
		text_take(&place, "//");
	}
	if (text_take_until(&place, '@', &user)) {
		struct text name = user;

		if (text_take_until(&user, ':', &name))
			import_warn(i, "line %u: a password in a url is not read", schema_line(at));
		c->user = import_text(i, name);
	}
	host = place;
	if (text_take_char(&place, '['))
		text_take_until(&place, ']', &host);
	else
		text_take_until(&place, ':', &host);
	text_take_char(&place, ':');
	if (host.s != place.s && place.n > 0 && !import_port(import_text(i, place), &c->port))
		c->problem = "its port is no port";
	c->name = import_text(i, host);
	for (text_skip_blanks(&rest); text_take_word(&rest, &value); text_skip_blanks(&rest)) {
		if (text_take(&value, "devtype="))
			c->platform = import_text(i, value);
		else if (text_take(&value, "username="))
			c->user = import_text(i, value);
	}
}

static void
read_host(const yaml_node_t *item, const yaml_node_t *device, const char *space)
{
	const char *url = yaml_text(importing, item, "url"), *jump, *port;
	struct candidate *c;

	if (!url) {
		fault_node(&importing->l, item, "a host without 'url'");
		return;
	}
	c = import_add(importing);
	if (!c)
		return;
	c->site = space;
	read_url(c, url, item);
	c->id = arena_printf(&importing->l.config->arena, "%s %s", space, c->name);
	if (!c->platform)
		c->platform = yaml_text(importing, device, "devtype");
	port = yaml_text(importing, device, "port");
	if (c->port == 0 && !import_port(port, &c->port))
		c->problem = "its port is no port";
	jump = yaml_text(importing, device, "jump-host");
	c->via = jump ? import_jump(importing, text_of(jump)) : NULL;
}

static void
read_space(const yaml_node_t *root, const yaml_node_t *space)
{
	struct loading *l = &importing->l;
	const char *name = yaml_text(importing, space, "name");
	const char *from = yaml_text(importing, space, "source");
	const char *settings = yaml_text(importing, space, "device"), *type;
	const yaml_node_t *source = named(yaml_at(l, root, "sources"), from), *hosts, *item;
	const yaml_node_t *device = named(yaml_at(l, root, "devices"), settings);

	if (!name || !source) {
		fault_node(l, space, "a namespace needs 'name', and a 'source' of 'sources:'");
		return;
	}
	if (settings && !device)
		fault_node(l, space, "its 'device' is not in 'devices:'");
	type = yaml_text(importing, source, "type");
	if (type && strcmp(type, "native") != 0) {
		import_warn(importing,
		    "namespace %s has its devices from %s: gatebook inventory import %s ...", name,
		    type, type);
		return;
	}
	hosts = yaml_at(l, source, "hosts");
	if (!hosts || !schema_is_list(l, "hosts", hosts)) {
		fault_node(l, source, "a source without 'hosts'");
		return;
	}
	for (size_t n = 0; (item = schema_item(l, hosts, n)) != NULL; n++)
		read_host(item, device, name);
}

static void
read_file(struct loading *l, const yaml_node_t *root)
{
	const yaml_node_t *spaces = yaml_at(l, root, "namespaces"), *item;

	if (!spaces || !schema_is_list(l, "namespaces", spaces)) {
		fault_at(
		    l, 1, 1, "no 'namespaces:': is that an inventory of SuzieQ 0.16 or newer?");
		return;
	}
	for (size_t n = 0; (item = schema_item(l, spaces, n)) != NULL; n++)
		read_space(root, item);
}

static void
read_source(struct importing *i)
{
	importing = i;
	source_begin(&i->l, i->order->source);
	source_read(&i->l, i->order->source, read_file);
}

const struct import_kind import_suzieq = { "suzieq", "an inventory of SuzieQ 0.16 or newer",
	read_source };
