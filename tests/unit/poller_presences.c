/* Who is where, from a device's words to the recorder: MACs in every spelling, copies, and what the
 * recorder does not take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "poller/presences.h"

static struct observation
neighbour(const char *mac)
{
	return (struct observation){ .near.addr = addr_from_ipv4(0x0a000001u),
		.mac = text_of(mac),
		.near_iface = text_of("Vlan20"),
		.place = text_of("red") };
}

static void
macs(void **state)
{
	static const char *const same[] = { "0000.5e00.5301", "00:00:5e:00:53:01",
		"00-00-5E-00-53-01", "0:0:5e:0:53:1", "00005e-005301", "00005e005301" };
	static const char *const none[] = { "Incomplete", "(incomplete)", "-", "", "0000.5e00.53",
		"0000.5e00.5301.1", "0000.5e00.530g", "00:00:5e:00:53" };
	struct presences p;

	(void)state;
	assert_int_equal(presences_new(&p), 0);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct observation o = neighbour(same[i]);

		presences_take(&p, TOPIC_NEIGHBOURS, &o);
		assert_int_equal(p.n, i + 1);
		assert_string_equal(p.list[i].mac, "00:00:5e:00:53:01");
		assert_string_equal(p.list[i].port, "Vlan20");
		assert_string_equal(p.list[i].vlan, "red");
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct observation o = neighbour(none[i]);

		presences_take(&p, TOPIC_NEIGHBOURS, &o);
	}
	assert_int_equal(p.n, sizeof(same) / sizeof(same[0]));
	assert_true(presences_finish(&p) >= 0);
	assert_int_equal(p.n, 1); /* all of them one */
	presences_free(&p);
}

static void
kinds(void **state)
{
	struct observation o = neighbour("0000.5e00.5301");
	struct presences p;

	(void)state;
	assert_int_equal(presences_new(&p), 0);
	assert_int_equal(presence_kind(TOPIC_NEIGHBOURS, &o), PRESENT_ADDRESS);
	assert_int_equal(presence_kind(TOPIC_STATIONS, &o), PRESENT_STATION);
	assert_int_equal(presence_kind(TOPIC_LOGINS, &o), PRESENT_KINDS);
	o.mac = (struct text){ 0 };
	o.more.remote = text_of("sw-2");
	o.more.from = text_of("Gi0/24");
	assert_int_equal(presence_kind(TOPIC_NEIGHBOURS, &o), PRESENT_LINK);
	presences_take(&p, TOPIC_NEIGHBOURS, &o);
	assert_string_equal(p.list[0].name, "sw-2");
	assert_string_equal(p.list[0].far_port, "Gi0/24");
	/* One table of a kind that was not read leaves the kind open. */
	presences_read(&p, TOPIC_NEIGHBOURS, 1 << PRESENT_ADDRESS, true);
	presences_read(&p, TOPIC_STATIONS, 0, true);
	assert_int_equal(presences_whole(&p), 1 << PRESENT_ADDRESS | 1 << PRESENT_STATION);
	presences_read(&p, TOPIC_NEIGHBOURS, 0, false);
	assert_int_equal(presences_whole(&p), 1 << PRESENT_STATION);
	p.full = true;
	assert_int_equal(presences_whole(&p), 0);
	presences_free(&p);
}

static void
own_addresses(void **state)
{
	struct observation o = { .near.addr = addr_from_ipv4(0x0a000001u),
		.near_iface = text_of("lan0"),
		.more = { .network = text_of("10.0.0.0/24"), .kind = text_of("1") } };
	struct presences p;
	size_t bytes;
	int fd;

	(void)state;
	assert_int_equal(presences_new(&p), 0);
	presences_take(&p, TOPIC_NETWORKS, &o);
	assert_int_equal(p.n, 1);
	assert_string_equal(p.list[0].name, "10.0.0.0/24");
	assert_string_equal(p.list[0].port, "lan0");
	o.more.kind = text_of("3"); /* a broadcast address is nobody's */
	presences_take(&p, TOPIC_NETWORKS, &o);
	o.more.kind = (struct text){ 0 };
	o.near.addr = addr_from_ipv4(0x7f000001u);
	presences_take(&p, TOPIC_NETWORKS, &o);
	o.near.addr = (struct addr){ 0 };
	presences_take(&p, TOPIC_NETWORKS, &o);
	assert_int_equal(p.n, 1);
	presences_read(&p, TOPIC_NETWORKS, 0, true);
	assert_int_equal(presences_whole(&p), 1 << PRESENT_NETWORK);
	fd = presences_finish(&p);
	presences_unmap(presences_map(fd, 1, &bytes), bytes);
	assert_int_equal(bytes, sizeof(struct presence));
	presences_free(&p);
}

/* Two of them, sealed. */
static int
two(struct presence *list)
{
	struct presences p;
	struct observation o = neighbour("0000.5e00.5301");
	int fd;

	assert_int_equal(presences_new(&p), 0);
	presences_take(&p, TOPIC_STATIONS, &o);
	presences_take(&p, TOPIC_NEIGHBOURS, &o);
	fd = presences_finish(&p);
	assert_true(fd >= 0);
	memcpy(list, p.list, 2 * sizeof(*list));
	free(p.list);
	return fd;
}

static int
sealed(const struct presence *list, size_t n)
{
	int fd = memfd_create("test", MFD_ALLOW_SEALING);

	assert_int_equal(write(fd, list, n * sizeof(*list)), n * sizeof(*list));
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW), 0);
	return fd;
}

static void
recorder_checks(void **state)
{
	const struct presence *map;
	struct presence list[2], bad[2];
	size_t bytes;
	int fd = two(list);

	(void)state;
	map = presences_map(fd, 2, &bytes);
	assert_non_null(map);
	assert_int_equal(map[0].kind, PRESENT_ADDRESS); /* sorted */
	presences_unmap(map, bytes);
	assert_null(presences_map(fd, 1, &bytes));
	assert_null(presences_map(fd, 3, &bytes));
	close(fd);
	for (int i = 0; i < 5; i++) {
		memcpy(bad, list, sizeof(bad));
		if (i == 0)
			bad[1] = bad[0];
		else if (i == 1)
			bad[1].kind = PRESENT_KINDS;
		else if (i == 2)
			memset(bad[1].port, 'x', sizeof(bad[1].port));
		else if (i == 3)
			bad[0].addr.family = 0;
		else
			bad[1].addr.family = 6;
		fd = sealed(bad, 2);
		assert_null(presences_map(fd, 2, &bytes));
		close(fd);
	}
	fd = memfd_create("unsealed", MFD_ALLOW_SEALING);
	assert_int_equal(write(fd, list, sizeof(list)), sizeof(list));
	assert_null(presences_map(fd, 2, &bytes));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macs),
		cmocka_unit_test(kinds),
		cmocka_unit_test(own_addresses),
		cmocka_unit_test(recorder_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
