/* Which neighbours are devices that are polled: names with and without a domain, in any case. */
#include "tests/unit/store_help.h"

#include "query/names.h"

static void
who_is_polled(void **state)
{
	static const struct {
		const char *announced;
		bool polled;
	} cases[] = { { "sw1", true }, { "SW1", true }, { "sw1.example", true },
		{ "Sw1.Lab.Example", true }, { "edge.berlin.example", true },
		{ "EDGE.Berlin.Example", true }, { "edge", true },
		{ "edge.hamburg.example", false }, { "mgmt-core", true },
		{ "mgmt-core.lab.example", true }, { "192.0.2.9", true }, { "192", false },
		{ "192.0", false }, { "sw10", false }, { "sw", false }, { "", false },
		{ ".", false }, { ".example", false }, { "example", false } };
	char *dir = help_folder();
	struct store *s = help_open(dir);
	struct store_device host = { "core", "ios", "", "mgmt-core.lab.example", "ssh", "", 300 };
	struct error err = { 0 };
	struct reader *r;
	struct names *names;

	(void)state;
	assert_true(help_device(s, "sw1") > 0);
	assert_true(help_device(s, "edge.berlin.example") > 0);
	assert_int_equal(store_begin(s, &err), 0);
	assert_true(store_device(s, &host, &err) > 0);
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
	r = help_reader(dir);
	names = names_new(r, &err);
	assert_non_null(names);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (names_have(names, cases[i].announced) != cases[i].polled)
			fail_msg("'%s': expected %d", cases[i].announced, cases[i].polled);
	names_free(names);
	reader_close(r);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(who_is_polled) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
