/* inventory.d/x.yml: devices, and the defaults that the devices of the same file share. */
#include "inventories/loading.h"

/* A device while its map is read: what can be checked only when the whole map is known. */
struct reading {
	struct device device;
	const yaml_node_t *name, *commands, *via;
	bool enabled;
	const yaml_node_t *platform;
};

struct sections {
	const yaml_node_t *defaults, *devices;
};

static void read_node(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_name(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_host(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_from(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_path(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_platform(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_account(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_site(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_tags(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_own(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_contexts(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_every(struct loading *, const struct key *, const yaml_node_t *, void *);

static const char *const transport_words[] = { "ssh", "snmp", "local", "replay", NULL };
static const char *const algorithm_words[] = { "modern", "sha1-kex", "ancient", NULL };

static const char *const source_states[] = { "up", "down", "left", NULL };

#define AT(member) offsetof(struct reading, member)

static const struct key file_keys[] = {
	{ "defaults", VALUE_OTHER, offsetof(struct sections, defaults), .read = read_node,
	    .help = "what every device of this file has unless it says otherwise" },
	{ "devices", VALUE_OTHER, offsetof(struct sections, devices), .read = read_node,
	    .help = "one item for each device" },
	{ NULL },
};

/* The first rows belong to one device each; `defaults:` begins behind them. */
enum { OWN_ROWS = 6 };

static const struct key device_keys[] = {
	{ "name", VALUE_OTHER, AT(device.name), .required = true, .read = read_name,
	    .help = "what you call it here" },
	{ "host", VALUE_OTHER, AT(device.host), .read = read_host, .help = "address or host name" },
	{ "replay", VALUE_OTHER, AT(device.replay), .read = read_path,
	    .help = "recorded reply, or a folder of them" },
	{ "source", VALUE_TEXT, AT(device.source), .help = "the inventory it was imported from" },
	{ "source_id", VALUE_TEXT, AT(device.source_id), .help = "what that inventory calls it" },
	{ "source_state", VALUE_WORD, AT(device.source_state), .words = source_states,
	    .help = "down or left: known, never polled" },
	{ "platform", VALUE_OTHER, AT(device.driver), .read = read_platform,
	    .help = "a name of 'gatebook driver list'" },
	{ "credential", VALUE_OTHER, AT(device.credential), .read = read_account,
	    .help = "a name of 'credentials:' in gatebook.yml" },
	{ "site", VALUE_OTHER, AT(device.site), .read = read_site, .help = "where it stands" },
	{ "tags", VALUE_OTHER, AT(device.tags), .read = read_tags, .help = "groups it is in" },
	{ "from", VALUE_OTHER, AT(device.from), .read = read_from,
	    .help = "the address of this machine that logs in" },
	{ "via", VALUE_OTHER, AT(via), .read = read_node,
	    .help = "the device that is its jump host" },
	{ "port", VALUE_PORT, AT(device.port), .least = 1, .most = 65535,
	    .help = "22 unless said, 161 of snmp" },
	{ "transport", VALUE_WORD, AT(device.transport), .words = transport_words,
	    .help = "ssh unless said; snmp of platform snmp" },
	{ "algorithms", VALUE_WORD, AT(device.algorithms), .words = algorithm_words,
	    .help = "modern unless said; the others for devices that know no better" },
	{ "commands", VALUE_OTHER, AT(commands), .read = read_node,
	    .help = "only these of the platform's commands" },
	{ "internal", VALUE_OTHER, AT(device.internal), .read = read_own,
	    .help = "prefixes inside of this device, instead of gatebook.yml's" },
	{ "every", VALUE_OTHER, AT(device.every), .read = read_every, .least = 10,
	    .most = 31 * 86400, .help = "time between two polls; 'off': by hand only" },
	{ "timeout", VALUE_SECONDS, AT(device.timeout), .least = 5, .most = 3600,
	    .help = "one poll, from connection to logout" },
	{ "max_sessions", VALUE_NUMBER, AT(device.most_sessions), .least = 1, .most = UINT32_MAX,
	    .help = "instead of limits.sessions of gatebook.yml" },
	{ "max_cpu", VALUE_NUMBER, AT(device.most_cpu), .least = 1, .most = 100,
	    .help = "instead of limits.cpu of gatebook.yml" },
	{ "contexts", VALUE_OTHER, AT(device.contexts), .read = read_contexts,
	    .help = "of an SNMP agent, read one after another: vlan-7, a VRF" },
	{ "identity", VALUE_BOOL, AT(device.identity),
	    .help = "true: who is behind which port is asked for too" },
	{ "enabled", VALUE_BOOL, AT(enabled), .help = "false: known, never polled" },
	{ NULL },
};

static const char *const no_tags[] = { NULL };

/* --- the keys --------------------------------------------------------------------------------- */

static void
read_node(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	(void)l;
	(void)key;
	*(const yaml_node_t **)into = node;
}

static void
read_name(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *name = schema_name(l, key->name, node);
	struct reading *r = (struct reading *)(void *)((char *)into - key->offset);

	r->name = name ? node : NULL;
	r->device.name = name ? name : "?";
}

static void
read_host(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *host = schema_string(l, key->name, node);
	char shown[LOADING_SHOWN + 8];
	const char *why = host ? fault_host(text_of(host)) : NULL;

	*(const char **)into = host ? host : "?";
	if (why)
		fault_node(l, node, "'%s' cannot be '%s': %s", key->name,
		    fault_shown(text_of(host), shown), why);
}

/* Whether this machine has it is known when a poll begins. */
static void
read_from(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *from = schema_string(l, key->name, node);
	char shown[LOADING_SHOWN + 8];
	struct addr a;

	*(const char **)into = from;
	if (from && !addr_parse(text_of(from), &a))
		fault_node(l, node, "'%s' wants an address of this machine, not '%s'", key->name,
		    fault_shown(text_of(from), shown));
}

static void
read_path(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *path = config_path(l, key->name, node);

	*(const char **)into = path ? path : "?";
}

/* Logs and exports are read from files, and a switch that only knows its neighbours has no
 * sessions: there is nothing that a poll could ask. */
bool
platform_can_poll(const struct driver *driver)
{
	for (const struct command *c = driver->commands; c->send; c++)
		if (command_can_poll(c))
			return true;
	return false;
}

static bool
can_identify(const struct driver *driver)
{
	for (const struct command *c = driver->commands; c->send; c++)
		if (command_tells_identity(c))
			return true;
	return false;
}

/* An unknown platform is never taken for another one: a wrong driver reads wrong. */
static void
read_platform(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *name = schema_string(l, key->name, node);
	const struct driver *driver = name ? driver_find(name) : NULL;
	char shown[LOADING_SHOWN + 8];
	const char *near;

	*(const struct driver **)into = driver ? driver : drivers[0];
	((struct reading *)(void *)((char *)into - key->offset))->platform = node;
	if (!name || driver)
		return;
	near = driver_nearest(name);
	fault_shown(text_of(name), shown);
	if (near)
		fault_node(l, node, "unknown platform '%s' (did you mean %s?)", shown, near);
	else
		fault_node(
		    l, node, "unknown platform '%s': 'gatebook driver list' shows them", shown);
}

static void
unknown_account(struct loading *l, const yaml_node_t *node, const char *name)
{
	const struct config *c = l->config;
	const char **names = mem_alloc(c->n_credentials + 1, sizeof *names);
	const char *near;

	for (size_t i = 0; i < c->n_credentials; i++)
		names[i] = c->credentials[i].name;
	near = text_nearest(name, names);
	if (near)
		fault_node(l, node, "unknown credential '%s' (did you mean '%s'?)", name, near);
	else
		fault_node(l, node,
		    "unknown credential '%s': add it to 'credentials:' in gatebook.yml", name);
	free(names);
}

static void
read_account(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	static const struct credential stand_in = { .name = "?", .user = "?" };
	const char *name = schema_name(l, key->name, node);
	const struct credential *found = name ? credential_find(l->config, name) : NULL;

	*(const struct credential **)into = found ? found : &stand_in;
	if (name && !found && !l->blind)
		unknown_account(l, node, name);
}

static void
refuse_all(struct loading *l, const char *key, const yaml_node_t *node, const char *name)
{
	if (name && strcmp(name, "all") == 0)
		fault_node(l, node, "'%s' cannot be 'all': @all means every device", key);
}

static void
read_site(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *site = schema_name(l, key->name, node);

	*(const char **)into = site ? site : "?";
	refuse_all(l, key->name, node, site);
}

static void
read_tags(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *const *tags = schema_names(l, key->name, node);
	const yaml_node_t *item;

	if (!tags)
		return;
	*(const char *const **)into = tags;
	for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++)
		refuse_all(l, key->name, item, tags[i]);
}

static void
read_own(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	struct own_prefixes *own = arena_alloc(&l->config->arena, sizeof *own);

	own->next = l->config->own;
	l->config->own = own;
	read_prefixes(l, key, node, &own->set);
	*(const struct prefix_set **)into = &own->set;
}

static void
read_contexts(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *const *names = schema_names(l, key->name, node);

	if (names && schema_count(node) > LIMIT_CONTEXTS)
		fault_node(l, node, "'%s' has more than %d", key->name, LIMIT_CONTEXTS);
	*(const char *const **)into = names;
}

static void
read_every(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	if (node->type == YAML_SCALAR_NODE && text_is(schema_text(node), "off"))
		*(uint32_t *)into = 0;
	else
		schema_seconds(l, key, node, into);
}

/* --- what only the whole map can tell --------------------------------------------------------- */

static void
missing(struct loading *l, const yaml_node_t *map, const char *name)
{
	const struct key *key = device_keys;

	while (strcmp(key->name, name) != 0)
		key++;
	fault_node(l, map, "a device without '%s': %s", name, key->help);
}

/* A credential is for one kind of login. */
static void
check_account(struct loading *l, const yaml_node_t *map, const struct device *d)
{
	const struct credential *c = d->credential;
	bool snmp = strcmp(d->transport, "snmp") == 0, login = c->password || c->key;

	if (strcmp(c->name, "?") == 0)
		return;
	if (snmp && !c->community && login)
		fault_node(l, map,
		    "credential '%s' is no account of SNMP: it needs 'community', or 'user' with "
		    "'auth'",
		    c->name);
	else if (!snmp && (!c->user || !login))
		fault_node(l, map,
		    "credential '%s' is no login: it needs 'user' with 'key' or 'password'",
		    c->name);
}

/* After the defaults: what is needed may have come from them. */
static void
check_needed(struct loading *l, const yaml_node_t *map, struct device *d)
{
	bool agent = d->driver && d->driver->commands[0].form == FORM_VARBINDS;
	bool replay = strcmp(d->transport, "replay") == 0, remote;

	if (agent && strcmp(d->transport, "ssh") == 0)
		d->transport = "snmp";
	remote = strcmp(d->transport, "ssh") == 0 || strcmp(d->transport, "snmp") == 0;
	if (!d->driver)
		missing(l, map, "platform");
	else if (agent != (strcmp(d->transport, "snmp") == 0))
		fault_node(l, map, "transport snmp and platform snmp go together");
	else if (d->contexts && (!agent || !d->identity))
		fault_node(l, map, "'contexts' needs platform snmp and 'identity: true'");
	else if (remote && d->credential)
		check_account(l, map, d);
	if (remote && !d->host)
		missing(l, map, "host");
	if (remote && !d->credential)
		missing(l, map, "credential");
	if (d->port == 0)
		d->port = agent ? 161 : 22;
	if (replay && !d->replay)
		missing(l, map, "replay");
	if (!replay && d->replay)
		fault_node(l, map, "'replay' needs 'transport: replay'");
	if (!remote) {
		d->credential = NULL;
		d->port = 0;
	}
	if (!d->host)
		d->host = replay && d->name ? d->name : "localhost";
}

static void
keep(struct loading *l, const struct reading *r)
{
	struct draft *draft;

	if (l->n_drafts == LIMIT_DEVICES) {
		fault_node(l, r->name, "more than %d devices", LIMIT_DEVICES);
		return;
	}
	if (l->n_drafts == l->drafts_room) {
		l->drafts_room = l->drafts_room ? l->drafts_room * 2 : 64;
		l->drafts = mem_grow(l->drafts, l->drafts_room, sizeof *l->drafts);
	}
	draft = &l->drafts[l->n_drafts++];
	draft->device = r->device;
	draft->file = l->file;
	draft->column = schema_column(r->name);
	if (r->device.from && strcmp(r->device.transport, "ssh") != 0)
		fault_node(l, r->name, "'from' needs transport ssh");
	draft->via = r->via ? schema_name(l, "via", r->via) : NULL;
	if (draft->via && strcmp(r->device.transport, "ssh") != 0)
		fault_node(l, r->via, "'via' needs transport ssh");
	if (draft->via) {
		draft->via_line = schema_line(r->via);
		draft->via_column = schema_column(r->via);
	}
}

/* A switch that only knows its neighbours is polled for them, when it is asked for. */
static void
check_tables(struct loading *l, const struct reading *r)
{
	const struct driver *driver = r->device.driver;

	if (!driver || platform_can_poll(driver) || (r->device.identity && can_identify(driver)))
		return;
	fault_node(l, r->platform,
	    "'%s' has no table of sessions to poll: 'gatebook driver show %s' says what it has%s",
	    driver->name, driver->name,
	    can_identify(driver) ? "; with 'identity: true' it is asked for that" : "");
}

static void
read_device(struct loading *l, const yaml_node_t *map, const struct reading *defaults)
{
	struct reading r = *defaults;

	if (map->type != YAML_MAPPING_NODE) {
		fault_node(l, map, "a device is a map: '- name: NAME' and more keys below it");
		return;
	}
	if (schema_map(l, map, device_keys, &r, "a device"))
		check_needed(l, map, &r.device);
	check_tables(l, &r);
	r.device.commands = read_commands(l, r.commands, r.device.driver);
	r.device.disabled = !r.enabled ||
			    (r.device.source_state && strcmp(r.device.source_state, "up") != 0);
	r.device.file = l->file_name;
	if (r.name) {
		r.device.line = schema_line(r.name);
		keep(l, &r);
	}
}

void
read_inventory(struct loading *l, const yaml_node_t *root)
{
	struct sections s = { NULL, NULL };
	struct reading defaults = { .enabled = true };
	const yaml_node_t *item;

	defaults.device = (struct device){ .transport = "ssh",
		.algorithms = "modern",
		.site = "",
		.tags = no_tags,
		.timeout = l->config->poll_timeout,
		.most_sessions = l->config->most_sessions,
		.most_cpu = l->config->most_cpu };
	if (!root)
		return;
	if (root->type == YAML_SEQUENCE_NODE) {
		fault_node(l, root, "a list without a name: write 'devices:' above it");
		return;
	}
	if (!schema_is_map(l, "inventory", root))
		return;
	schema_map(l, root, file_keys, &s, "an inventory file");
	if (s.defaults && schema_is_map(l, "defaults", s.defaults))
		schema_map(l, s.defaults, device_keys + OWN_ROWS, &defaults, "'defaults'");
	if (!s.devices || !schema_is_list(l, "devices", s.devices))
		return;
	for (size_t i = 0; (item = schema_item(l, s.devices, i)) != NULL; i++)
		read_device(l, item, &defaults);
}
