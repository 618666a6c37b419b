/* NetBox: GET /api/dcim/devices/ (NetBox REST API, 3.x and 4.x; virtual machines have the same
 * shape). */
#include "inventories/importing.h"

static void
device(struct importing *i, const json_t *one)
{
	struct candidate *c = import_add(i);
	const json_t *tags = json_object_get(one, "tags");
	const char *address, *status, *role;

	if (!c)
		return;
	c->id = json_at(i, one, "id");
	c->name = json_at(i, one, "name");
	address = json_at(i, one, "primary_ip.address");
	import_address(i, c, address);
	c->platform = json_at(i, one, "platform.slug");
	c->model = json_at(i, one, "device_type.model");
	c->site = json_at(i, one, "site.slug");
	status = json_at(i, one, "status.value");
	c->down = status && strcmp(status, "active") != 0;
	role = json_at(i, one, "role.slug"); /* device_role before 3.6 */
	import_tag(i, c, role ? role : json_at(i, one, "device_role.slug"));
	for (size_t n = 0; n < json_array_size(tags); n++)
		import_tag(i, c, json_at(i, json_array_get(tags, n), "slug"));
}

static void
read_source(struct importing *i)
{
	struct http *h = http_new(i, "Authorization: Token ");

	if (h)
		import_pages(
		    i, h, "/api/dcim/devices/?status=active&has_primary_ip=true&limit=500", device);
	http_free(h);
}

const struct import_kind import_netbox = { "netbox",
	"the URL of NetBox, or of /api/dcim/devices/ with a filter, or what that answered",
	read_source };
