/* Where a host was while something was seen of it. */
#include "tests/unit/store_help.h"

#include "query/places.h"

enum { T = HELP_MIDNIGHT, MINUTE = 60 };
enum { ADDRESS = 1 << PRESENT_ADDRESS, STATION = 1 << PRESENT_STATION, LINK = 1 << PRESENT_LINK };

#define A "00:00:5e:00:53:0a"
#define B "00:00:5e:00:53:0b"

/* 10.0.0.1 has A. A is behind sw1 Gi0/1 in the polls of minute 0 and 5, then behind sw2 Gi0/7; B
 * stays on Gi0/1, which says it is a phone. Nobody says who has B. */
static char *
write_book(int64_t devices[3])
{
	struct presence arp[] = { help_address(0x0a000001, A) };
	struct presence here[] = { help_station(A, "Gi0/1"), help_link("Gi0/1", "phone-1") };
	struct presence gone[] = { help_station(B, "Gi0/1"), help_link("Gi0/1", "phone-1") };
	struct presence there[] = { help_station(A, "Gi0/7"), help_link("Gi0/7", "ws-0311") };
	char *dir = help_folder();
	struct store *s = help_open(dir);

	devices[0] = help_device(s, "r1");
	devices[1] = help_device(s, "sw1");
	devices[2] = help_device(s, "sw2");
	for (int i = 0; i < 4; i++) {
		int64_t when = T + i * 5 * MINUTE;

		help_look(s, devices[0], when, arp, 1, ADDRESS);
		help_look(s, devices[1], when, i < 2 ? here : gone, 2, STATION | LINK);
		help_look(s, devices[2], when, there, i < 2 ? 0 : 2, STATION | LINK);
	}
	store_close(s);
	return dir;
}

static void
at_that_time(void **state)
{
	static const struct {
		int from, to; /* minutes: something was seen of the host */
		const char *port;
	} cases[] = { { 0, 0, "Gi0/1" }, { 0, 5, "Gi0/1" }, { 3, 7, "Gi0/1" }, { 3, 8, "Gi0/7" },
		{ 0, 10, "Gi0/7" }, { 10, 10, "Gi0/7" }, { 0, 15, "Gi0/7" }, { 12, 500, "Gi0/7" },
		{ -9, -5, "Gi0/1" } };
	struct range all = { .from = T, .to = T + 20 * MINUTE };
	struct addr host = addr_from_ipv4(0x0a000001), nobody = addr_from_ipv4(0x0a000002);
	const struct stay *stay;
	struct error err = { 0 };
	int64_t devices[3];
	char *dir = write_book(devices);
	struct reader *r = help_reader(dir);
	struct places *p;

	(void)state;
	assert_true(places_known(r));
	p = places_new(r, &all, &err);
	assert_non_null(p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(places_at(p, &host, T + cases[i].from * MINUTE,
				     T + cases[i].to * MINUTE, &stay, &err),
		    0);
		if (!stay || strcmp(stay->port, cases[i].port) != 0 || strcmp(stay->mac, A) != 0)
			fail_msg("%d to %d: %s, not %s", cases[i].from, cases[i].to,
			    stay ? stay->port : "nowhere", cases[i].port);
	}
	assert_int_equal(places_at(p, &nobody, T, T, &stay, &err), 0);
	assert_null(stay);
	places_free(p);
	reader_close(r);
	help_remove(dir);
}

/* The device on a port is the host itself only where no other is heard. */
static void
whose_name(void **state)
{
	struct range then = { .from = T + MINUTE, .to = T + MINUTE };
	struct addr host = addr_from_ipv4(0x0a000001);
	const struct stay *stay;
	struct error err = { 0 };
	int64_t devices[3];
	char *dir = write_book(devices);
	struct presence both[] = { help_station(A, "Gi0/7"), help_station(B, "Gi0/7"),
		help_link("Gi0/7", "ws-0311") };
	struct places *p;
	struct reader *r = help_reader(dir);
	struct store *s;

	(void)state;
	p = places_new(r, &then, &err);
	assert_int_equal(places_at(p, &host, then.from, then.to, &stay, &err), 0);
	assert_true(stay && stay->alone);
	assert_string_equal(stay->name, "phone-1");
	places_free(p);
	reader_close(r);
	s = help_open(dir);
	help_look(s, devices[2], T + 20 * MINUTE, both, 3, STATION | LINK);
	store_close(s);
	r = help_reader(dir);
	then.from = then.to = T + 20 * MINUTE;
	p = places_new(r, &then, &err);
	assert_int_equal(places_at(p, &host, then.from, then.to, &stay, &err), 0);
	assert_true(stay && !stay->alone);
	places_free(p);
	reader_close(r);
	help_remove(dir);
}

/* Without a neighbour table: what devices say of their own addresses is no place of a host. */
static void
a_store_without(void **state)
{
	struct presence own = { .kind = PRESENT_NETWORK,
		.addr = addr_from_ipv4(0x0a000001),
		.port = "in0",
		.name = "10.0.0.0/24" };
	char *dir = help_folder();
	struct store *s = help_open(dir);
	struct reader *r;

	(void)state;
	help_look(s, help_device(s, "fw"), T, &own, 1, 1 << PRESENT_NETWORK);
	store_close(s);
	r = help_reader(dir);
	assert_false(places_known(r));
	reader_close(r);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_that_time),
		cmocka_unit_test(whose_name),
		cmocka_unit_test(a_store_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
