/* Oxidized: router.db alone, its config file that says which column is what (docs/Sources.md), or
 * what its HTTP source answers. Accounts in them are passed over: ours are references. */
#include "inventories/importing.h"

enum { FIELDS = 32, MODELS = 256 };

struct layout {
	char separator;
	int name, ip, model, group; /* -1: no such column */
	size_t models;              /* model_map: what stands in the file, and what it means */
	const char *from[MODELS], *to[MODELS];
	const char *file;
	size_t more; /* lines with columns that are not read */
};

static struct layout *layout; /* of the run; libyaml's reader passes no argument of ours */
static struct importing *importing;

static const char *
field(struct importing *i, const struct text *fields, size_t n, int at)
{
	return at >= 0 && (size_t)at < n && fields[at].n > 0 ? import_text(i, fields[at]) : NULL;
}

static const char *
map_model(const struct layout *l, const char *model)
{
	for (size_t n = 0; model && n < l->models; n++)
		if (strcmp(model, l->from[n]) == 0)
			return l->to[n];
	return model;
}

static void
line(struct importing *i, struct text line, unsigned number, void *arg)
{
	struct layout *l = arg;
	struct text fields[FIELDS];
	size_t n = import_split(line, l->separator, fields, FIELDS), known = 0;
	struct candidate *c;

	if (!field(i, fields, n, l->name)) {
		fault_at(&i->l, number, 1, "a line without a name");
		return;
	}
	c = import_add(i);
	if (!c)
		return;
	c->name = field(i, fields, n, l->name);
	c->host = field(i, fields, n, l->ip);
	c->platform = map_model(l, field(i, fields, n, l->model));
	import_tag(i, c, field(i, fields, n, l->group));
	known = 1U + (l->ip >= 0) + (l->model >= 0) + (l->group >= 0);
	l->more += n > known;
}

/* --- router.db without a config --------------------------------------------------------------- */

/* The second column is an address on every line: name:ip:model:...; else it is a model, as in the
 * layout that Oxidized begins with. A model is never an address. */
static void
look(struct importing *i, struct text line, unsigned number, void *arg)
{
	struct layout *l = arg;
	struct text fields[3];
	struct addr address;
	bool second = import_split(line, l->separator, fields, 3) > 1 &&
		      addr_parse(fields[1], &address);

	(void)i;
	(void)number;
	if (!second)
		l->ip = -1;
}

static void
read_plain(struct importing *i, struct layout *l)
{
	l->separator = ':';
	l->name = 0;
	l->ip = 1;
	l->group = -1;
	l->file = i->order->source;
	if (strcmp(l->file, "-") == 0)
		l->ip = -1; /* read once only */
	else
		import_lines(i, l->file, look, l);
	l->model = l->ip == 1 ? 2 : 1;
	if (import_good(i))
		import_lines(i, l->file, line, l);
}

/* --- its config ------------------------------------------------------------------------------- */

static int
position(const yaml_node_t *map, const char *key)
{
	const char *text = yaml_text(importing, map, key);
	uint64_t n;

	return text && text_number(text_of(text), FIELDS - 1, &n) ? (int)n : -1;
}

/* !ruby/regexp /:/ or ":" */
static char
separator_of(const yaml_node_t *csv)
{
	const yaml_node_t *node = yaml_at(&importing->l, csv, "delimiter");
	struct text t = node && node->type == YAML_SCALAR_NODE ? schema_text(node) : text_of(":");

	if (t.n > 2 && t.s[0] == '/' && t.s[t.n - 1] == '/')
		t = (struct text){ t.s + 1, t.n - 2 };
	text_take_char(&t, '\\');
	if (t.n == 1)
		return t.s[0] == 't' ? '\t' : t.s[0];
	fault_node(&importing->l, node ? node : csv, "'delimiter' is more than one character");
	return ':';
}

static void
read_models(const yaml_node_t *root)
{
	const yaml_node_t *map = yaml_at(&importing->l, root, "model_map"), *name, *value;

	if (!map)
		return;
	for (size_t n = 0; n < MODELS && (name = schema_pair(&importing->l, map, n, &value)); n++) {
		if (name->type != YAML_SCALAR_NODE)
			continue;
		layout->from[layout->models] = import_text(importing, schema_text(name));
		layout->to[layout->models] = yaml_scalar(importing, "model_map", value);
		layout->models += layout->to[layout->models] != NULL;
	}
}

/* Relative to the config that names it. */
static const char *
beside(const char *file)
{
	const char *source = importing->order->source, *slash = strrchr(source, '/');

	if (!file || file[0] == '/' || file[0] == '~' || !slash)
		return file;
	return arena_printf(
	    &importing->l.config->arena, "%.*s%s", (int)(slash - source) + 1, source, file);
}

static void
read_config(struct loading *l, const yaml_node_t *root)
{
	const yaml_node_t *source = yaml_at(l, root, "source"), *csv, *map;
	const char *kind = source ? yaml_text(importing, source, "default") : NULL;

	csv = yaml_at(l, source, "csv");
	map = yaml_at(l, csv, "map");
	layout->file = beside(yaml_text(importing, csv, "file"));
	if (!csv || (kind && strcmp(kind, "csv") != 0)) {
		fault_at(l, 1, 1,
		    "its source is no csv: give the URL of an http source in the place of this "
		    "file");
		return;
	}
	if (!layout->file || !map) {
		fault_node(l, csv, "source.csv needs 'file' and 'map'");
		return;
	}
	if (layout->file[0] == '~')
		fault_node(l, csv, "'~' in 'file' is not expanded: write the whole path");
	if (yaml_at(l, csv, "gpg"))
		fault_node(
		    l, csv, "its file is encrypted: give the decrypted one on standard input");
	layout->separator = separator_of(csv);
	layout->name = position(map, "name");
	layout->ip = position(map, "ip");
	layout->model = position(map, "model");
	layout->group = position(map, "group");
	if (layout->name < 0)
		fault_node(l, map, "'map' does not say which column is the name");
	read_models(root);
}

static bool
ends(const char *path, const char *end)
{
	size_t n = strlen(path), k = strlen(end);

	return n >= k && strcmp(path + n - k, end) == 0;
}

static bool
is_config(const char *path)
{
	return ends(path, ".yml") || ends(path, ".yaml") || ends(path, "config");
}

/* --- what an HTTP source answers -------------------------------------------------------------- */

static void
read_url(struct importing *i)
{
	struct http *h = http_new(i, "X-Auth-Token: ");
	json_t *root = h ? http_get(h, i->order->source) : NULL;

	if (root && !json_is_array(root))
		error_set(&i->err, "%s: answered no list of nodes", i->order->source);
	for (size_t n = 0; n < json_array_size(root); n++) {
		const json_t *one = json_array_get(root, n);
		struct candidate *c = import_add(i);

		if (!c)
			break;
		c->name = json_at(i, one, "name");
		if (!c->name)
			c->name = json_at(i, one, "hostname");
		c->host = json_at(i, one, "ip");
		c->platform = json_at(i, one, "model");
		if (!c->platform)
			c->platform = json_at(i, one, "os");
		import_tag(i, c, json_at(i, one, "group"));
	}
	json_decref(root);
	http_free(h);
}

static void
read_source(struct importing *i)
{
	struct layout own = { .separator = ':' };

	if (import_is_url(i->order->source) || ends(i->order->source, ".json")) {
		read_url(i);
		return;
	}
	layout = &own;
	importing = i;
	if (is_config(i->order->source)) {
		source_begin(&i->l, i->order->source);
		if (source_read(&i->l, i->order->source, read_config) && import_good(i))
			import_lines(i, own.file, line, &own);
	} else {
		read_plain(i, &own);
	}
	if (own.more > 0)
		import_warn(i,
		    "%zu lines have more columns than name, ip, model and group (accounts?): those "
		    "were not read",
		    own.more);
}

const struct import_kind import_oxidized = { "oxidized",
	"router.db, Oxidized's config file, the URL of its http source, or what that answered "
	"(.json)",
	read_source };
