/* gatebook.yml: one table for each of its maps. */
#include "inventories/loading.h"

static const char *const sandbox_words[] = { "off", "warn", "enforce", NULL };

static void read_keep(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_limits(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_retention(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_ledger(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_ledger_key(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_path(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_alerts(struct loading *, const struct key *, const yaml_node_t *, void *);
static void read_days(struct loading *, const struct key *, const yaml_node_t *, void *);

#define AT(member) offsetof(struct config, member)

static const struct key settings_keys[] = {
	{ "store", VALUE_OTHER, AT(store), .read = read_path, .help = "folder of the database" },
	{ "internal", VALUE_OTHER, AT(internal), .read = read_prefixes,
	    .help = "prefixes that are inside; \"!PREFIX\" is an exception" },
	{ "keep", VALUE_OTHER, 0, .read = read_keep, .help = "rows without an outside end" },
	{ "credentials", VALUE_OTHER, 0, .read = read_credentials, .help = "accounts, by name" },
	{ "limits", VALUE_OTHER, 0, .read = read_limits, .help = "gentleness" },
	{ "schedules", VALUE_OTHER, 0, .read = read_schedules, .help = "when devices are polled" },
	{ "blackouts", VALUE_OTHER, 0, .read = read_blackouts, .help = "when nothing is polled" },
	{ "zone", VALUE_OTHER, AT(zone), .read = read_zone,
	    .help = "time zone of the schedules: Europe/Berlin; this machine's unless said" },
	{ "metrics", VALUE_TEXT, AT(metrics),
	    .help = "loopback address for Prometheus: 127.0.0.1:9740" },
	{ "alerts", VALUE_OTHER, 0, .read = read_alerts,
	    .help = "what is run when a device is silent" },
	{ "retention", VALUE_OTHER, 0, .read = read_retention, .help = "how long what is kept" },
	{ "ledger", VALUE_OTHER, 0, .read = read_ledger, .help = "how the ledger is signed" },
	{ "reconcile", VALUE_OTHER, AT(reconcile), .read = read_reconcile,
	    .help = "what is expected in the logs of AAA servers" },
	{ "sandbox", VALUE_CHOICE, AT(sandbox), .words = sandbox_words,
	    .help = "what a poll may do to this machine" },
	{ NULL },
};

static const struct key keep_keys[] = {
	{ "inside", VALUE_BOOL, AT(keep_inside), .help = "rows with both ends inside" },
	{ "outside", VALUE_BOOL, AT(keep_outside), .help = "rows with both ends outside" },
	{ NULL },
};

static const struct key limits_keys[] = {
	{ "jobs", VALUE_NUMBER, AT(jobs), .least = 1, .most = 1000,
	    .help = "polls at the same time" },
	{ "logins_per_second", VALUE_NUMBER, AT(logins_per_second), .least = 1, .most = 1000,
	    .help = "logins towards the AAA servers, all devices together" },
	{ "site_jobs", VALUE_NUMBER, AT(site_jobs), .least = 1, .most = 1000,
	    .help = "polls of one site at the same time" },
	{ "snmp_jobs", VALUE_NUMBER, AT(snmp_jobs), .least = 1, .most = 10000,
	    .help = "polls by SNMP at the same time, besides 'jobs'" },
	{ "min_interval", VALUE_SECONDS, AT(min_interval), .least = 0, .most = 86400,
	    .help = "from one poll of a device to the next, at least" },
	{ "auth_failures", VALUE_NUMBER, AT(auth_failures), .least = 1, .most = 1000,
	    .help = "devices that refuse a credential before it is used no more" },
	{ "connect", VALUE_SECONDS, AT(connect), .least = 1, .most = 300,
	    .help = "TCP connection and key exchange" },
	{ "silence", VALUE_SECONDS, AT(silence), .least = 1, .most = 600,
	    .help = "no byte while a reply is due" },
	{ "poll_timeout", VALUE_SECONDS, AT(poll_timeout), .least = 5, .most = 3600,
	    .help = "one poll, from connection to logout" },
	{ "sessions", VALUE_NUMBER, AT(most_sessions), .least = 1, .most = UINT32_MAX,
	    .help = "a device that counts more is not asked for its table" },
	{ "disk", VALUE_NUMBER, AT(least_disk), .least = 0, .most = UINT32_MAX,
	    .help = "MiB free on the disk of the store, or no poll is started" },
	{ "cpu", VALUE_NUMBER, AT(most_cpu), .least = 1, .most = 100,
	    .help = "percent; a busier SNMP agent is asked for its own sockets only" },
	{ NULL },
};

static const struct key retention_keys[] = {
	{ "sessions", VALUE_OTHER, AT(keep_days), .read = read_days, .least = 86400,
	    .most = 36500U * 86400U, .help = "days of closed sessions, or 'forever'" },
	{ NULL },
};

static const struct key alerts_keys[] = {
	{ "command", VALUE_OTHER, AT(alert_command), .read = read_path,
	    .help = "program that is run for each alert, without a shell" },
	{ "silent", VALUE_NUMBER, AT(alert_silent), .least = 1, .most = 1000,
	    .help = "intervals of a device without an answer" },
	{ "unread", VALUE_NUMBER, AT(alert_unread), .least = 0, .most = 100,
	    .help = "percent of a poll's lines that were not read" },
	{ NULL },
};

static const struct key ledger_keys[] = {
	{ "key", VALUE_OTHER, 0, .read = read_ledger_key,
	    .help = "file of the private key that signs its heads" },
	{ "heads", VALUE_OTHER, AT(heads), .read = read_path,
	    .help = "file that each signed head is appended to; keep it elsewhere" },
	{ NULL },
};

static void
read_keep(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	if (schema_is_map(l, key->name, node))
		schema_map(l, node, keep_keys, config, key->name);
}

static void
read_limits(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	if (schema_is_map(l, key->name, node))
		schema_map(l, node, limits_keys, config, key->name);
}

static void
read_retention(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	if (schema_is_map(l, key->name, node))
		schema_map(l, node, retention_keys, config, key->name);
}

static void
read_alerts(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	struct config *c = config;

	c->alerts = schema_is_map(l, key->name, node);
	if (c->alerts)
		schema_map(l, node, alerts_keys, config, key->name);
}

static void
read_path(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	const char *path = config_path(l, key->name, node);

	if (path)
		*(const char **)into = path;
}

static void
read_ledger(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	if (schema_is_map(l, key->name, node))
		schema_map(l, node, ledger_keys, config, key->name);
}

static void
read_ledger_key(struct loading *l, const struct key *key, const yaml_node_t *node, void *config)
{
	struct config *c = config;

	read_path(l, key, node, &c->ledger_key);
	c->must_sign = true;
}

static void
read_days(struct loading *l, const struct key *key, const yaml_node_t *node, void *into)
{
	uint32_t seconds;

	if (node->type == YAML_SCALAR_NODE && text_is(schema_text(node), "forever")) {
		*(uint32_t *)into = 0;
		return;
	}
	if (!schema_seconds(l, key, node, &seconds))
		return;
	if (seconds % 86400)
		fault_node(l, node, "'%s' wants whole days, like 400d, or 'forever'", key->name);
	else
		*(uint32_t *)into = seconds / 86400;
}

void
read_settings(struct loading *l, const yaml_node_t *root)
{
	if (root && schema_is_map(l, "gatebook.yml", root))
		schema_map(l, root, settings_keys, l->config, "gatebook.yml");
}
