/* Who was where: intervals from polls, and the port that is nearest to a station. */
#include "tests/unit/store_help.h"

#include "base/clock.h"
#include "query/whereis.h"

enum { T = HELP_MIDNIGHT, MINUTE = 60 };

struct book {
	char *dir;
	struct store *store;
	int64_t router, first, second;
};

/* A poll at `when` that saw these. */
static void
poll(struct book *b, int64_t id, int64_t when, struct presence *list, size_t n, unsigned whole)
{
	help_look(b->store, id, when, list, n, whole);
}

static int
open_book(void **state)
{
	static struct book b;
	struct error err = { 0 };

	b.dir = help_folder();
	b.store = store_open(b.dir, true, &err);
	assert_non_null(b.store);
	b.router = help_device(b.store, "r1");
	b.first = help_device(b.store, "sw1");
	b.second = help_device(b.store, "sw2");
	*state = &b;
	return 0;
}

static int
close_book(void **state)
{
	struct book *b = *state;

	store_close(b->store);
	help_remove(b->dir);
	return 0;
}

struct found {
	struct stay list[8];
	size_t n;
};

static int
take(const struct stay *stay, void *arg)
{
	struct found *f = arg;

	assert_true(f->n < 8);
	f->list[f->n++] = *stay;
	return 0;
}

static struct found
ask(struct book *b, const char *asked, int64_t from, int64_t to)
{
	struct range range = { .from = from, .to = to };
	char *words[] = { (char *)(uintptr_t)asked };
	struct reader *r = reader_open(b->dir, 0, NULL);
	struct found f = { .n = 0 };
	struct target target = { 0 };
	struct error err = { 0 };
	struct whereis *w;

	assert_non_null(r);
	assert_int_equal(target_parse(1, words, &target, &err), 0);
	w = whereis_new(r, &range, &err);
	assert_non_null(w);
	assert_int_equal(whereis_ask(w, &target, take, &f, &err), 0);
	whereis_free(w);
	target_free(&target);
	reader_close(r);
	return f;
}

#define A "00:00:5e:00:53:0a"
#define B "00:00:5e:00:53:0b"
#define C "00:00:5e:00:53:0c"
enum { ADDRESS = 1 << PRESENT_ADDRESS, STATION = 1 << PRESENT_STATION, LINK = 1 << PRESENT_LINK };

/* 10.0.0.1 has A. A is behind sw1 Gi0/1, then behind sw2 Gi0/7; each hears it on its uplink as
 * well. */
static void
a_host_moves(void **state)
{
	struct book *b = *state;
	struct presence arp[] = { help_address(0x0a000001, A) };
	struct presence sw1_then[] = { help_station(A, "Gi0/1"), help_station(B, "Gi0/48"),
		help_station(C, "Gi0/48") };
	struct presence sw2_then[] = { help_station(A, "Gi0/48"), help_station(B, "Gi0/2"),
		help_station(C, "Gi0/48") };
	struct presence sw1_now[] = { help_station(A, "Gi0/48"), help_station(B, "Gi0/48"),
		help_station(C, "Gi0/48") };
	struct presence sw2_now[] = { help_station(A, "Gi0/7"), help_station(B, "Gi0/2"),
		help_station(C, "Gi0/48") };
	struct found f;

	poll(b, b->router, T, arp, 1, ADDRESS);
	poll(b, b->first, T, sw1_then, 3, STATION);
	poll(b, b->second, T, sw2_then, 3, STATION);
	poll(b, b->router, T + 5 * MINUTE, arp, 1, ADDRESS);
	poll(b, b->first, T + 5 * MINUTE, sw1_then, 3, STATION);
	poll(b, b->second, T + 5 * MINUTE, sw2_then, 3, STATION);
	poll(b, b->router, T + 10 * MINUTE, arp, 1, ADDRESS);
	poll(b, b->first, T + 10 * MINUTE, sw1_now, 3, STATION);
	poll(b, b->second, T + 10 * MINUTE, sw2_now, 3, STATION);
	f = ask(b, "10.0.0.1", T, T + 20 * MINUTE);
	assert_int_equal(f.n, 2);
	assert_string_equal(f.list[0].port, "Gi0/1");
	assert_int_equal(f.list[0].device, b->first);
	assert_int_equal(f.list[0].start_by, T + 2);
	assert_int_equal(f.list[0].end_from, T + 5 * MINUTE);
	assert_int_equal(f.list[0].end_by, T + 10 * MINUTE + 2);
	assert_string_equal(f.list[1].port, "Gi0/7");
	assert_int_equal(f.list[1].device, b->second);
	assert_int_equal(f.list[1].start_after, T + 5 * MINUTE);
	assert_int_equal(f.list[1].start_by, T + 10 * MINUTE + 2);
	assert_int_equal(f.list[1].end_by, -1);
	f = ask(b, "10.0.0.1", T + MINUTE, T + MINUTE);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.list[0].port, "Gi0/1");
	f = ask(b, "10.0.0.1", T + 15 * MINUTE, T + 15 * MINUTE);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.list[0].port, "Gi0/7");
	assert_int_equal(ask(b, "10.0.0.2", T, T + 20 * MINUTE).n, 0);
}

/* A port that leads to another device is never where somebody is, however few are heard there; it
 * announces itself with a domain, in other case than the inventory. */
static void
an_uplink(void **state)
{
	struct book *b = *state;
	struct presence arp[] = { help_address(0x0a000001, A) };
	struct presence sw1[] = { help_station(A, "Gi0/48"), help_link("Gi0/48", "SW2.Example") };
	struct presence sw2[] = { help_station(A, "Gi0/7"), help_station(B, "Gi0/7"),
		help_link("Gi0/7", "phone-4") };
	struct found f;

	poll(b, b->router, T, arp, 1, ADDRESS);
	poll(b, b->first, T, sw1, 2, STATION | LINK);
	poll(b, b->second, T, sw2, 3, STATION | LINK);
	f = ask(b, "10.0.0.0/8", T, T + MINUTE);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.list[0].port, "Gi0/7");
	assert_string_equal(f.list[0].name, "phone-4");
	assert_non_null(strstr(f.list[0].why, "leads to a device"));
}

/* One that leaves a port and comes back is one; between, it does not count. */
static void
who_comes_back(void **state)
{
	struct book *b = *state;
	struct presence arp[] = { help_address(0x0a000001, A) };
	struct presence both[] = { help_station(A, "Gi0/1"), help_station(B, "Gi0/1") };
	struct presence one[] = { help_station(A, "Gi0/1") };
	struct found f;

	poll(b, b->router, T, arp, 1, ADDRESS);
	for (int i = 0; i < 8; i++)
		poll(b, b->first, T + i * 5 * MINUTE, i % 4 == 0 ? both : one, i % 4 == 0 ? 2 : 1,
		    STATION);
	f = ask(b, "10.0.0.1", T, T + 40 * MINUTE);
	assert_int_equal(f.n, 1);
	assert_non_null(strstr(f.list[0].why, ", 2 there"));
	f = ask(b, "10.0.0.1", T + 7 * MINUTE, T + 7 * MINUTE);
	assert_int_equal(f.n, 1);
	assert_non_null(strstr(f.list[0].why, ", 1 there"));
}

/* A reading that was not whole opens and closes nothing; without a switch the router's word stands.
 */
static void
not_whole(void **state)
{
	struct book *b = *state;
	struct presence both[] = { help_address(0x0a000001, A), help_address(0x0a000002, B) };
	struct presence one[] = { help_address(0x0a000003, C) };
	struct found f;

	poll(b, b->router, T, both, 2, ADDRESS);
	poll(b, b->router, T + 5 * MINUTE, one, 1, 0);
	f = ask(b, "10.0.0.0/8", T, T + 10 * MINUTE);
	assert_int_equal(f.n, 3);
	for (size_t i = 0; i < f.n; i++)
		assert_int_equal(f.list[i].end_by, -1);
	assert_string_equal(f.list[0].port, "Vlan20");
	assert_non_null(strstr(f.list[0].why, "no switch"));
	assert_int_equal(f.list[2].start_by, T + 5 * MINUTE + 2);
	assert_int_equal(f.list[2].end_from, T + 5 * MINUTE + 2);
	poll(b, b->router, T + 10 * MINUTE, one, 1, ADDRESS);
	f = ask(b, "10.0.0.0/8", T + 12 * MINUTE, T + 12 * MINUTE);
	assert_int_equal(f.n, 1);
	f = ask(b, "10.0.0.2", T, T + 12 * MINUTE);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.list[0].end_from, T);
	assert_int_equal(f.list[0].end_by, T + 10 * MINUTE + 2);
}

/* What is older than the sessions that are kept goes with them; what is open stays. */
static void
what_is_kept(void **state)
{
	struct book *b = *state;
	struct presence both[] = { help_address(0x0a000001, A), help_address(0x0a000002, B) };
	struct error err = { 0 };

	poll(b, b->router, T, both, 2, ADDRESS);
	poll(b, b->router, T + 5 * MINUTE, both + 1, 1, ADDRESS);
	clock_set(T + 2 * CLOCK_DAY);
	assert_true(store_seal(b->store, 3, &err) >= 0);
	assert_int_equal(ask(b, "10.0.0.1", T, T + MINUTE).n, 1);
	clock_set(T + 5 * CLOCK_DAY);
	assert_true(store_seal(b->store, 3, &err) >= 0);
	clock_set(0);
	assert_int_equal(ask(b, "10.0.0.1", T, T + MINUTE).n, 0);
	assert_int_equal(ask(b, "10.0.0.2", T, T + MINUTE).n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_host_moves, open_book, close_book),
		cmocka_unit_test_setup_teardown(an_uplink, open_book, close_book),
		cmocka_unit_test_setup_teardown(who_comes_back, open_book, close_book),
		cmocka_unit_test_setup_teardown(not_whole, open_book, close_book),
		cmocka_unit_test_setup_teardown(what_is_kept, open_book, close_book),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
