/* Nautobot: GET /api/dcim/devices/?depth=1 (Nautobot REST API, 1.x and 2.x). Its network_driver is
 * the name that we use too. */
#include "inventories/importing.h"

/* A choice of 1.x has "value", a status of 2.x "name". */
static const char *
either(struct importing *i, const json_t *one, const char *first, const char *second)
{
	const char *text = json_at(i, one, first);

	return text ? text : json_at(i, one, second);
}

static void
device(struct importing *i, const json_t *one)
{
	struct candidate *c = import_add(i);
	const json_t *tags = json_object_get(one, "tags");
	const char *address, *status;

	if (!c)
		return;
	c->id = json_at(i, one, "id");
	c->name = json_at(i, one, "name");
	address = either(i, one, "primary_ip4.address", "primary_ip6.address");
	if (!address)
		address = json_at(i, one, "primary_ip.address");
	import_address(i, c, address);
	c->platform = either(i, one, "platform.network_driver", "platform.slug");
	if (!c->platform)
		c->platform = json_at(i, one, "platform.name");
	c->model = json_at(i, one, "device_type.model");
	c->site = either(i, one, "location.name", "site.slug");
	status = either(i, one, "status.value", "status.name");
	c->down = status && !text_is_nocase(text_of(status), "active");
	import_tag(i, c, either(i, one, "role.name", "device_role.slug"));
	for (size_t n = 0; n < json_array_size(tags); n++)
		import_tag(i, c, either(i, json_array_get(tags, n), "slug", "name"));
}

static void
read_source(struct importing *i)
{
	struct http *h = http_new(i, "Authorization: Token ");

	if (h)
		import_pages(
		    i, h, "/api/dcim/devices/?depth=1&has_primary_ip=true&limit=500", device);
	http_free(h);
}

const struct import_kind import_nautobot = { "nautobot",
	"the URL of Nautobot, or of /api/dcim/devices/ with a filter, or what that answered",
	read_source };
