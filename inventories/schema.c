/* Walks a document tree by a table and fills a struct; says everything that does not fit. */
#include "inventories/loading.h"

unsigned
schema_line(const yaml_node_t *node)
{
	return (unsigned)node->start_mark.line + 1;
}

unsigned
schema_column(const yaml_node_t *node)
{
	return (unsigned)node->start_mark.column + 1;
}

struct text
schema_text(const yaml_node_t *scalar)
{
	return (struct text){ (const char *)scalar->data.scalar.value, scalar->data.scalar.length };
}

/* "key:" with nothing behind it, "~" or "null". */
bool
schema_is_null(const yaml_node_t *node)
{
	struct text t;

	if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	t = schema_text(node);
	return t.n == 0 || text_is(t, "~") || text_is(t, "null");
}

static const char *
kind_name(const yaml_node_t *node)
{
	if (node->type == YAML_SEQUENCE_NODE)
		return "a list";
	if (node->type == YAML_MAPPING_NODE)
		return "a map";
	return schema_is_null(node) ? "nothing" : "a text";
}

/* A tag of YAML's own (!!str) changes nothing here; any other (!vault) asks for what we do not do.
 * It is not shown: it may be a password that begins with '!'. */
static bool
is_plain_tag(struct loading *l, const char *key, const yaml_node_t *node)
{
	const char *tag = (const char *)node->tag;

	if (!tag || text_starts(text_of(tag), "tag:yaml.org,2002:"))
		return true;
	fault_node(l, node, "'%s' begins with a tag ('!...'), which means nothing here", key);
	return false;
}

static bool
is_kind(struct loading *l, const char *key, const yaml_node_t *node, yaml_node_type_t type,
    const char *wanted)
{
	if (!is_plain_tag(l, key, node))
		return false;
	if (node->type == type)
		return true;
	fault_node(l, node, "'%s' wants %s, not %s", key, wanted, kind_name(node));
	return false;
}

bool
schema_is_list(struct loading *l, const char *key, const yaml_node_t *node)
{
	return schema_is_null(node) || is_kind(l, key, node, YAML_SEQUENCE_NODE, "a list");
}

bool
schema_is_map(struct loading *l, const char *key, const yaml_node_t *node)
{
	return schema_is_null(node) || is_kind(l, key, node, YAML_MAPPING_NODE, "a map");
}

bool
schema_is_text(struct loading *l, const char *key, const yaml_node_t *node)
{
	if (!is_kind(l, key, node, YAML_SCALAR_NODE, "one value"))
		return false;
	if (schema_text(node).n > 0)
		return true;
	fault_node(l, node, "'%s' is empty", key);
	return false;
}

/* Aliases make the tree a graph: what is read is counted, not what is there. */
static bool
spend(struct loading *l, const yaml_node_t *node)
{
	if (l->visits < l->most_visits) {
		l->visits++;
		return true;
	}
	if (l->visits == l->most_visits) {
		l->visits++;
		fault_node(
		    l, node, "aliases (*name) repeat too much: the rest of this file is not read");
	}
	return false;
}

size_t
schema_count(const yaml_node_t *list)
{
	if (list->type != YAML_SEQUENCE_NODE)
		return 0;
	return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

const yaml_node_t *
schema_item(struct loading *l, const yaml_node_t *list, size_t i)
{
	if (i >= schema_count(list) || !spend(l, list))
		return NULL;
	return yaml_document_get_node(l->document, list->data.sequence.items.start[i]);
}

const yaml_node_t *
schema_pair(struct loading *l, const yaml_node_t *map, size_t i, const yaml_node_t **value)
{
	const yaml_node_pair_t *pair;

	if (map->type != YAML_MAPPING_NODE)
		return NULL;
	pair = map->data.mapping.pairs.start + i;
	if (pair >= map->data.mapping.pairs.top || !spend(l, map))
		return NULL;
	*value = yaml_document_get_node(l->document, pair->value);
	return yaml_document_get_node(l->document, pair->key);
}

/* --- the table -------------------------------------------------------------------------------- */

static int
find_key(const struct key *keys, struct text name)
{
	for (int i = 0; keys[i].name; i++)
		if (text_is(name, keys[i].name))
			return i;
	return -1;
}

static void
unknown_key(struct loading *l, const yaml_node_t *node, const struct key *keys, const char *what)
{
	const char *names[SCHEMA_KEYS + 1] = { NULL };
	char asked[LOADING_SHOWN], shown[LOADING_SHOWN + 8], known[512] = "";
	const char *near;
	size_t n = 0;

	if (text_is(schema_text(node), "<<")) {
		fault_node(l, node, "'<<' is not read: put what devices share under 'defaults:'");
		return;
	}
	for (int i = 0; keys[i].name; i++) {
		int more = snprintf(
		    known + n, sizeof known - n, "%s%s", i ? ", " : "", keys[i].name);

		names[i] = keys[i].name;
		n += (size_t)more < sizeof known - n ? (size_t)more : 0;
	}
	text_copy(schema_text(node), asked, sizeof asked);
	near = text_nearest(asked, names);
	fault_shown(schema_text(node), shown);
	if (near)
		fault_node(l, node, "unknown key '%s' (did you mean '%s'?)", shown, near);
	/* What stands where a credential's key should be may be the secret itself. */
	else if (strcmp(what, "a credential") == 0)
		fault_node(l, node, "unknown key: %s has %s", what, known);
	else
		fault_node(l, node, "unknown key '%s': %s has %s", shown, what, known);
}

static void
number(struct loading *l, const struct key *key, const yaml_node_t *node, uint32_t *into)
{
	char shown[LOADING_SHOWN + 8];
	uint64_t n;

	if (!schema_is_text(l, key->name, node))
		return;
	fault_shown(schema_text(node), shown);
	if (!text_number(schema_text(node), UINT64_MAX, &n)) {
		fault_node(l, node, "'%s' wants a whole number, not '%s' (%s)", key->name, shown,
		    key->help);
		return;
	}
	if (n < key->least || n > key->most)
		fault_node(l, node, "'%s' is out of range: %s (%u to %u)", key->name, shown,
		    key->least, key->most);
	else
		*into = (uint32_t)n;
}

static bool
unit_seconds(struct text unit, uint64_t *factor)
{
	static const struct {
		const char *name;
		uint32_t seconds;
	} units[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text_is(unit, units[i].name)) {
			*factor = units[i].seconds;
			return true;
		}
	}
	return false;
}

bool
schema_seconds(struct loading *l, const struct key *key, const yaml_node_t *node, uint32_t *seconds)
{
	char shown[LOADING_SHOWN + 8], least[CONFIG_DURATION], most[CONFIG_DURATION];
	struct text rest;
	uint64_t n, factor = 1;
	bool unit;

	if (!schema_is_text(l, key->name, node))
		return false;
	rest = schema_text(node);
	fault_shown(rest, shown);
	if (!text_take_number(&rest, UINT32_MAX, &n)) {
		fault_node(l, node, "'%s' wants a duration like 60s, 5m, 2h or 1d, not '%s'",
		    key->name, shown);
		return false;
	}
	unit = unit_seconds(rest, &factor);
	if (!unit) {
		fault_node(l, node, "'%s' has no unit that we know: '%s' (60s, 5m, 2h, 1d)",
		    key->name, shown);
		return false;
	}
	if (n * factor < key->least || n * factor > key->most) {
		fault_node(l, node, "'%s' is out of range: %s (%s to %s)", key->name, shown,
		    config_duration(key->least, least), config_duration(key->most, most));
		return false;
	}
	*seconds = (uint32_t)(n * factor);
	return true;
}

static void
boolean(struct loading *l, const struct key *key, const yaml_node_t *node, bool *into)
{
	char shown[LOADING_SHOWN + 8];
	struct text t;

	if (!schema_is_text(l, key->name, node))
		return;
	t = schema_text(node);
	if (text_is_nocase(t, "true") || text_is_nocase(t, "yes"))
		*into = true;
	else if (text_is_nocase(t, "false") || text_is_nocase(t, "no"))
		*into = false;
	else
		fault_node(l, node, "'%s' wants true or false, not '%s'", key->name,
		    fault_shown(t, shown));
}

/* Index of the word, or -1 after a fault that lists them all. */
static int
choice(struct loading *l, const struct key *key, const yaml_node_t *node)
{
	char shown[LOADING_SHOWN + 8], asked[LOADING_SHOWN], all[256] = "";
	const char *near;
	size_t n = 0;

	if (!schema_is_text(l, key->name, node))
		return -1;
	for (int i = 0; key->words[i]; i++) {
		int more;

		if (text_is(schema_text(node), key->words[i]))
			return i;
		more = snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", key->words[i]);
		n += (size_t)more < sizeof all - n ? (size_t)more : 0;
	}
	text_copy(schema_text(node), asked, sizeof asked);
	near = text_nearest(asked, key->words);
	fault_shown(schema_text(node), shown);
	if (near)
		fault_node(
		    l, node, "'%s' cannot be '%s' (did you mean '%s'?)", key->name, shown, near);
	else
		fault_node(l, node, "'%s' cannot be '%s': one of %s", key->name, shown, all);
	return -1;
}

const char *
schema_string(struct loading *l, const char *key, const yaml_node_t *node)
{
	struct text t;

	if (!schema_is_text(l, key, node))
		return NULL;
	t = schema_text(node);
	if (t.n > LOADING_TEXT) {
		fault_node(l, node, "'%s' is longer than %d bytes", key, LOADING_TEXT);
		return NULL;
	}
	for (size_t i = 0; i < t.n; i++) {
		if ((unsigned char)t.s[i] < 0x20 || t.s[i] == 0x7F) {
			fault_node(l, node, "'%s' holds a control character", key);
			return NULL;
		}
	}
	return arena_string(&l->config->arena, t);
}

static bool
is_name(struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = t.s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool inner = i > 0 && (c == '.' || c == '_' || c == '-');

		if (!letter && !inner && !(c >= '0' && c <= '9'))
			return false;
	}
	return t.n > 0;
}

const char *
schema_name(struct loading *l, const char *key, const yaml_node_t *node)
{
	char shown[LOADING_SHOWN + 8];
	struct text t;

	if (!schema_is_text(l, key, node))
		return NULL;
	t = schema_text(node);
	fault_shown(t, shown);
	if (t.n > LIMIT_NAME) {
		fault_node(l, node, "'%s' is longer than %d bytes: '%s'", key, LIMIT_NAME, shown);
		return NULL;
	}
	if (!is_name(t)) {
		fault_node(l, node,
		    "'%s' cannot be '%s': letters, digits, '.', '_' and '-', the first a letter or "
		    "digit",
		    key, shown);
		return NULL;
	}
	return arena_string(&l->config->arena, t);
}

const char *const *
schema_names(struct loading *l, const char *key, const yaml_node_t *node)
{
	const char **names;
	const yaml_node_t *item;
	bool good = true;
	size_t n;

	if (!schema_is_list(l, key, node))
		return NULL;
	n = schema_count(node);
	names = arena_alloc(&l->config->arena, (n + 1) * sizeof *names);
	for (size_t i = 0; (item = schema_item(l, node, i)) != NULL; i++) {
		names[i] = schema_name(l, key, item);
		good = good && names[i];
	}
	return good ? names : NULL;
}

/* After a fault the place gets a stand-in, so that "is missing" does not follow. */
static void
keep(const char **into, const char *value)
{
	*into = value ? value : "?";
}

static void
read_value(struct loading *l, const struct key *key, const yaml_node_t *node, void *target)
{
	void *into = (char *)target + key->offset;
	uint32_t port = 0;
	int n;

	switch (key->value) {
	case VALUE_TEXT: keep(into, schema_string(l, key->name, node)); break;
	case VALUE_NAME: keep(into, schema_name(l, key->name, node)); break;
	case VALUE_NUMBER: number(l, key, node, into); break;
	case VALUE_PORT:
		number(l, key, node, &port);
		*(uint16_t *)into = (uint16_t)port;
		break;
	case VALUE_SECONDS: schema_seconds(l, key, node, into); break;
	case VALUE_BOOL: boolean(l, key, node, into); break;
	case VALUE_WORD:
		n = choice(l, key, node);
		*(const char **)into = n < 0 ? key->words[0] : key->words[n];
		break;
	case VALUE_CHOICE:
		n = choice(l, key, node);
		*(int *)into = n < 0 ? 0 : n;
		break;
	case VALUE_OTHER: key->read(l, key, node, into); break;
	}
}

bool
schema_map(
    struct loading *l, const yaml_node_t *map, const struct key *keys, void *into, const char *what)
{
	unsigned line[SCHEMA_KEYS] = { 0 }; /* where a key stood first */
	const yaml_node_t *name, *value;
	bool known = true;

	for (size_t i = 0; (name = schema_pair(l, map, i, &value)) != NULL; i++) {
		int k;

		if (name->type != YAML_SCALAR_NODE) {
			fault_node(l, name, "a key must be a word, not %s", kind_name(name));
			continue;
		}
		k = find_key(keys, schema_text(name));
		if (k < 0) {
			unknown_key(l, name, keys, what);
			known = false;
		} else if (line[k]) {
			fault_node(l, name, "'%s' stands here twice: also on line %u", keys[k].name,
			    line[k]);
		} else {
			line[k] = schema_line(name);
			read_value(l, &keys[k], value, into);
		}
	}
	for (int k = 0; keys[k].name && known; k++)
		if (keys[k].required && !*(void **)((char *)into + keys[k].offset))
			fault_node(l, map, "%s without '%s': %s", what, keys[k].name, keys[k].help);
	return known;
}
