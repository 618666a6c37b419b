/* What is known and not polled. */
#include "tests/unit/store_help.h"

#include "query/discover.h"

enum { T = HELP_MIDNIGHT };

static int64_t
device(struct store *s, const char *name, const char *host)
{
	struct store_device d = { name, "cisco_ios", "", host, "ssh", "", 300 };

	return store_device(s, &d, NULL);
}

static int
write_line(const struct discovery *d, void *arg)
{
	char *out = arg, net[ADDR_TEXT];

	if (d->kind == DISCOVERY_NEIGHBOUR)
		snprintf(out + strlen(out), 400 - strlen(out), "%s@%s ", d->name, d->port);
	else
		snprintf(out + strlen(out), 400 - strlen(out), "%s/%u:%u@%s ",
		    addr_format(&d->net, net), d->bits, d->hosts, d->port);
	return 0;
}

static void
strangers(void **state)
{
	struct presence list[] = { help_address(0x0a000001, "00:00:5e:00:53:0a"),
		help_address(0x0a000001, "00:00:5e:00:53:0d"),
		help_address(0x0a000002, "00:00:5e:00:53:0b"),
		help_address(0x0a000101, "00:00:5e:00:53:0c"),
		{ .kind = PRESENT_LINK, .port = "Gi0/1", .name = "SW1.Example" },
		{ .kind = PRESENT_LINK, .port = "Gi0/2", .name = "sw9.example" } };
	struct poll_report r = { .started = T, .asked = T, .answered = T + 2, .ended = T + 2 };
	struct range range = { .from = T - 60, .to = T + 60 };
	char *dir = help_folder(), out[400] = "";
	struct error err = { 0 };
	struct store *s = store_open(dir, true, &err);
	struct reader *reader;
	int64_t id;

	(void)state;
	assert_non_null(s);
	assert_int_equal(store_begin(s, &err), 0);
	id = device(s, "r1", "10.0.1.254");
	assert_true(device(s, "sw1", "192.0.2.9") > 0);
	assert_true(store_poll(s, id, &r, NULL, 0, NULL, NULL, &err) > 0);
	assert_int_equal(store_presences(s, id, &r, list, 6, 7, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
	reader = reader_open(dir, 0, &err);
	assert_int_equal(discover(reader, &range, write_line, out, &err), 0);
	assert_string_equal(out, "sw9.example@Gi0/2 10.0.0.0/24:2@Vlan20 ");
	range.from = T - 7200;
	range.to = T - 3600;
	out[0] = '\0';
	assert_int_equal(discover(reader, &range, write_line, out, &err), 0);
	assert_string_equal(out, "");
	reader_close(reader);
	help_remove(dir);
}

/* What a device says of its own networks counts, not what is around the address it is polled at. */
static void
own_networks(void **state)
{
	struct presence list[] = { help_address(0x0a000001, "00:00:5e:00:53:0a"),
		help_address(0x0a000102, "00:00:5e:00:53:0b"),
		help_address(0x0a000103, "00:00:5e:00:53:0c"),
		help_address(0x0a000183, "00:00:5e:00:53:0d"),
		{ .kind = PRESENT_NETWORK, .name = "0.0.0.0/0" },
		{ .kind = PRESENT_NETWORK, .name = "10.0.1.0/25" }, { .kind = PRESENT_NETWORK } };
	struct poll_report r = { .started = T, .asked = T, .answered = T + 2, .ended = T + 2 };
	struct range range = { .from = T - 60, .to = T + 60 };
	char *dir = help_folder(), out[400] = "";
	struct error err = { 0 };
	struct store *s = store_open(dir, true, &err);
	struct reader *reader;
	int64_t id;

	(void)state;
	list[4].addr = addr_from_ipv4(0xcb007101);
	list[5].addr = addr_from_ipv4(0x0a000101);
	list[6].addr = addr_from_ipv4(0x0a0000fe);
	assert_int_equal(store_begin(s, &err), 0);
	id = device(s, "r1", "10.0.1.254");
	assert_true(store_poll(s, id, &r, NULL, 0, NULL, NULL, &err) > 0);
	qsort(list, 7, sizeof(*list), presence_compare);
	assert_int_equal(store_presences(s, id, &r, list, 7, 1 | 1 << PRESENT_NETWORK, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
	reader = reader_open(dir, 0, &err);
	assert_int_equal(discover(reader, &range, write_line, out, &err), 0);
	assert_string_equal(out, "10.0.1.0/24:1@Vlan20 ");
	reader_close(reader);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(strangers),
		cmocka_unit_test(own_networks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
