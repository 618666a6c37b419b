/* One flow before and after translation is one answer. */
#include "tests/unit/store_help.h"

#include "query/nat.h"

enum { T = HELP_MIDNIGHT, EVERY = 300 };

static struct session
translated(const char *inside, uint16_t port, const char *public, uint16_t public_port)
{
	struct session s = help_session(inside, port, "203.0.113.9", 443);

	s.in_nat = help_addr(public);
	s.in_nat_port = public_port;
	s.flags |= SESSION_IN_NAT_PORT;
	return s;
}

/* fw1 and its standby fw2 translate; isp sees the public side; fw1 gives the port to another host
 * from poll 4 on. */
static void
fill(struct store *s)
{
	int64_t fw1 = help_device(s, "fw1"), fw2 = help_device(s, "fw2"),
		isp = help_device(s, "isp");

	for (int i = 0; i < 6; i++) {
		struct session a = translated("10.1.2.3", 50001, "192.0.2.1", 3000),
			       b = translated("10.1.9.9", 41000, "192.0.2.1", 3000),
			       after = help_session("192.0.2.1", 3000, "203.0.113.9", 443),
			       other = help_session("192.0.2.1", 4000, "203.0.113.9", 443);
		struct session seen[2] = { after, other };
		int64_t at = T + i * EVERY;

		help_poll(s, fw1, OUTCOME_COMPLETE, at, at + 2, i < 4 ? &a : &b, i == 0 ? 0 : 1);
		help_poll(s, fw2, OUTCOME_COMPLETE, at + 3, at + 4, &a, i == 0 || i > 3 ? 0 : 1);
		help_poll(s, isp, OUTCOME_COMPLETE, at + 5, at + 6, seen, i == 0 ? 0 : 2);
	}
}

static struct nat_flows
find(struct reader *r, const char *public, int port, int64_t from, int64_t to, const char *more)
{
	struct endpoint e = {
		.addr = help_addr(public), .has_port = port >= 0, .port = (uint16_t)port
	};
	struct range range = { .from = from, .to = to, .utc = true };
	struct nat_flows flows;
	struct error err = { 0 };

	if (nat_find(r, &range, &e, more, &flows, &err) < 0)
		fail_msg("%s", err.text);
	return flows;
}

static void
test_stitch(void **state)
{
	char *dir = help_folder(), text[ENDPOINT_TEXT];
	struct store *s;
	struct reader *r;
	struct nat_flows flows;
	const struct nat_flow *f;

	(void)state;
	clock_set(T);
	s = help_open(dir);
	fill(s);
	r = help_reader(dir);
	/* At poll 2: one flow, translated by the pair, seen behind it. */
	flows = find(r, "192.0.2.1", 3000, T + 2 * EVERY + 60, T + 2 * EVERY + 60, NULL);
	assert_int_equal(flows.n, 1);
	f = &flows.list[0];
	assert_string_equal(endpoint_format(&f->inside, text), "10.1.2.3:50001");
	assert_string_equal(endpoint_format(&f->public, text), "192.0.2.1:3000");
	assert_string_equal(endpoint_format(&f->outside, text), "203.0.113.9:443");
	assert_int_equal(f->n_translated, 2);
	assert_int_equal(f->n_seen, 1);
	assert_string_equal(reader_device_name(r, f->seen_by[0]), "isp");
	free(flows.list);
	/* Over the day the port had two hosts. */
	flows = find(r, "192.0.2.1", 3000, T, T + 6 * EVERY, NULL);
	assert_int_equal(flows.n, 2);
	assert_string_equal(endpoint_format(&flows.list[1].inside, text), "10.1.9.9:41000");
	assert_int_equal(flows.list[1].start_after, T + 3 * EVERY);
	free(flows.list);
	/* Where no device that translates is polled, the host is not known, and is not made up. */
	flows = find(r, "192.0.2.1", 4000, T, T + 6 * EVERY, NULL);
	assert_int_equal(flows.n, 1);
	assert_int_equal(flows.list[0].inside.addr.family, 0);
	assert_int_equal(flows.list[0].n_seen, 1);
	free(flows.list);
	flows = find(r, "192.0.2.1", -1, T, T + 6 * EVERY, "device fw2");
	assert_int_equal(flows.n, 1);
	free(flows.list);
	flows = find(r, "192.0.2.2", 3000, T, T + 6 * EVERY, NULL);
	assert_int_equal(flows.n, 0);
	free(flows.list);
	reader_close(r);
	store_close(s);
	help_remove(dir);
	clock_set(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stitch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
