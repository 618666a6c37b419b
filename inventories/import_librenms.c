/* LibreNMS: GET /api/v0/devices, or /api/v0/oxidized (LibreNMS API). The community that the first
 * one holds is never looked at. */
#include "inventories/importing.h"

static bool
is_set(struct importing *i, const json_t *one, const char *key)
{
	const char *text = json_at(i, one, key);

	return json_is_true(json_object_get(one, key)) || (text && strcmp(text, "1") == 0);
}

static void
device(struct importing *i, const json_t *one)
{
	struct candidate *c = import_add(i);

	if (!c)
		return;
	c->id = json_at(i, one, "device_id");
	c->name = json_at(i, one, "hostname");
	c->host = json_at(i, one, "overwrite_ip");
	if (!c->host)
		c->host = json_at(i, one, "ip");
	c->platform = json_at(i, one, "os");
	c->model = json_at(i, one, "hardware");
	c->site = json_at(i, one, "location");
	c->down = is_set(i, one, "disabled");
	import_tag(i, c, json_at(i, one, "group"));
	import_tag(i, c, json_at(i, one, "type"));
}

static void
read_source(struct importing *i)
{
	struct http *h = http_new(i, "X-Auth-Token: ");
	struct text base = text_of(i->order->source);
	const char *url = i->order->source;
	const json_t *list;
	json_t *root = NULL;

	while (base.n > 0 && base.s[base.n - 1] == '/')
		base.n--;
	if (import_is_url(url) && !text_contains(base, "/api/"))
		url = arena_printf(&i->l.config->arena, "%.*s/api/v0/devices", (int)base.n, base.s);
	if (h)
		root = http_get(h, url);
	list = json_is_array(root) ? root : json_object_get(root, "devices");
	if (root && !json_is_array(list))
		error_set(&i->err, "%s: answered no list of devices", url);
	for (size_t n = 0; n < json_array_size(list); n++)
		device(i, json_array_get(list, n));
	json_decref(root);
	http_free(h);
}

const struct import_kind import_librenms = { "librenms",
	"the URL of LibreNMS, or of /api/v0/oxidized, or what that answered", read_source };
