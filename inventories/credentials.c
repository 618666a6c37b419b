/* credentials: {NAME: {user, password, key, passphrase}}. Never shows a value: what was typed where
 * a reference should be is a secret until proven otherwise. */
#include "inventories/loading.h"
#include "inventories/secret.h"

static void read_reference(struct loading *, const struct key *, const yaml_node_t *, void *);

#define AT(member) offsetof(struct credential, member)

static const char *const auth_words[] = { "none", "MD5", "SHA", "SHA-224", "SHA-256", "SHA-384",
	"SHA-512", NULL };
static const char *const priv_words[] = { "DES", "AES", "AES-192", "AES-256", NULL };

static const struct key credential_keys[] = {
	{ "user", VALUE_TEXT, AT(user), .help = "login name" },
	{ "password", VALUE_OTHER, AT(password), .read = read_reference,
	    .help = "file:PATH, env:NAME, systemd:NAME or exec:/PROGRAM" },
	{ "key", VALUE_OTHER, AT(key), .read = read_reference,
	    .help = "file:PATH, systemd:NAME, exec:/PROGRAM, env:NAME or agent" },
	{ "passphrase", VALUE_OTHER, AT(passphrase), .read = read_reference,
	    .help = "of the key; file:PATH, env:NAME, systemd:NAME or exec:/PROGRAM" },
	{ "enable", VALUE_OTHER, AT(enable), .read = read_reference,
	    .help = "of the command 'enable'; file:PATH, env:NAME, systemd:NAME or exec:/PROGRAM" },
	{ "community", VALUE_OTHER, AT(community), .read = read_reference,
	    .help = "of SNMPv2c; file:PATH, env:NAME, systemd:NAME or exec:/PROGRAM" },
	{ "version_1", VALUE_BOOL, AT(version_1), .help = "true: the community is of SNMPv1" },
	{ "auth", VALUE_WORD, AT(auth), .words = auth_words,
	    .help = "how SNMPv3 authenticates its user; 'none': it does not" },
	{ "auth_password", VALUE_OTHER, AT(auth_password), .read = read_reference,
	    .help = "of 'auth'; file:PATH, env:NAME, systemd:NAME or exec:/PROGRAM" },
	{ "priv", VALUE_WORD, AT(priv), .words = priv_words, .help = "how SNMPv3 encrypts" },
	{ "priv_password", VALUE_OTHER, AT(priv_password), .read = read_reference,
	    .help = "of 'priv'; file:PATH, env:NAME, systemd:NAME or exec:/PROGRAM" },
	{ "context", VALUE_TEXT, AT(context), .help = "of SNMPv3: a VRF, vlan-7" },
	{ "logins_per_second", VALUE_NUMBER, AT(logins_per_second), .least = 1, .most = 1000,
	    .help = "towards the AAA servers that know this account" },
	{ NULL },
};

/* "agent" and "agent:" are one; a file: path relative to the configuration becomes absolute, for a
 * poll may run elsewhere. */
static const char *
normalise(struct loading *l, const char *reference)
{
	if (strcmp(reference, "agent") == 0)
		return "agent:";
	if (!text_starts(text_of(reference), "file:") || reference[strlen("file:")] == '/')
		return reference;
	return arena_printf(
	    &l->config->arena, "file:%s/%s", l->config->dir, reference + strlen("file:"));
}

static void
read_reference(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *reference;
	struct error err = { 0 };

	*(const char **)into = "?";
	if (!schema_is_text(l, key->name, node))
		return;
	reference = arena_string(&l->config->arena, schema_text(node));
	if (secret_syntax(reference, &err) != 0)
		fault_node(l, node, "'%s': %s", key->name, err.text);
	else if (text_starts(text_of(reference), "agent") && strcmp(key->name, "key") != 0)
		fault_node(
		    l, node, "'%s': an agent holds keys only: write %s", key->name, key->help);
	else if (schema_string(l, key->name, node))
		*(const char **)into = normalise(l, reference);
}

/* "agent:" alone is the agent of the session that started us. */
static const char *
agent_socket(struct loading *l, const char *key)
{
	const char *path, *environment = getenv("SSH_AUTH_SOCK");

	if (!key || !text_starts(text_of(key), "agent:"))
		return NULL;
	path = key + strlen("agent:");
	if (path[0] == '\0')
		path = environment ? environment : "";
	return arena_string(&l->config->arena, text_of(path));
}

static bool
has_password(const char *auth)
{
	return auth && strcmp(auth, "none") != 0;
}

/* A login, a community, or a user of SNMPv3. */
static void
check_account(struct loading *l, const yaml_node_t *value, const struct credential *c)
{
	bool three = c->auth || c->priv || c->auth_password || c->priv_password || c->context;

	if (!c->user && !c->community)
		fault_node(l, value, "a credential without 'user': login name");
	if (c->community && (c->user || three || c->password || c->key))
		fault_node(l, value,
		    "credential '%s' has a 'community', which stands alone: no user, no password",
		    c->name);
	else if (c->user && !c->password && !c->key && !three)
		fault_node(l, value, "credential '%s' has neither 'key' nor 'password'", c->name);
	if (has_password(c->auth) != (c->auth_password != NULL) || !c->priv != !c->priv_password)
		fault_node(l, value,
		    "credential '%s': 'auth' and 'auth_password', 'priv' and 'priv_password' "
		    "go together",
		    c->name);
	if (c->priv && !has_password(c->auth))
		fault_node(l, value,
		    "credential '%s' encrypts without 'auth': SNMPv3 has no such level", c->name);
}

static void
read_one(struct loading *l, const yaml_node_t *name, const yaml_node_t *value, struct credential *c)
{
	c->file = l->file_name;
	c->line = schema_line(name);
	c->name = schema_name(l, "credentials", name);
	if (!c->name)
		c->name = "?";
	if (!schema_is_map(l, c->name, value))
		return;
	if (!schema_map(l, value, credential_keys, c, "a credential"))
		return;
	c->agent = agent_socket(l, c->key);
	check_account(l, value, c);
	if (c->passphrase && (!c->key || c->agent))
		fault_node(l, value, "credential '%s' has a 'passphrase' and no key that needs it",
		    c->name);
}

/* Name and place, sorted together, so that a name that stands twice is found next to itself. */
struct named {
	struct credential credential;
	const yaml_node_t *node;
};

static int
compare(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcmp(a->credential.name, b->credential.name);

	if (order != 0)
		return order;
	return a->node->start_mark.index < b->node->start_mark.index ? -1 : 1;
}

static void
store(struct loading *l, struct named *all, size_t n)
{
	struct config *c = l->config;

	qsort(all, n, sizeof *all, compare);
	c->credentials = arena_alloc(&c->arena, n * sizeof *c->credentials);
	c->n_credentials = n;
	for (size_t i = 0; i < n; i++) {
		c->credentials[i] = all[i].credential;
		if (i > 0 && strcmp(all[i].credential.name, all[i - 1].credential.name) == 0 &&
		    strcmp(all[i].credential.name, "?") != 0)
			fault_node(l, all[i].node,
			    "credential '%s' stands here twice: also on line %u",
			    all[i].credential.name, all[i - 1].credential.line);
	}
}

void
read_credentials(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	const yaml_node_t *name, *value;
	struct named *all;
	size_t n = 0, room;

	(void)config;
	if (!schema_is_map(l, key->name, node) || node->type != YAML_MAPPING_NODE)
		return;
	room = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
	all = mem_alloc(room + 1, sizeof *all);
	for (size_t i = 0; (name = schema_pair(l, node, i, &value)) != NULL; i++) {
		all[n].node = name;
		read_one(l, name, value, &all[n++].credential);
	}
	if (n > 0)
		store(l, all, n);
	free(all);
}

static int
compare_name(const void *name, const void *credential)
{
	return strcmp(name, ((const struct credential *)credential)->name);
}

const struct credential *
credential_find(const struct config *c, const char *name)
{
	if (c->n_credentials == 0)
		return NULL;
	return bsearch(
	    name, c->credentials, c->n_credentials, sizeof *c->credentials, compare_name);
}
