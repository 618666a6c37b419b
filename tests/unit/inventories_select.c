/* Which devices the words of a command mean. */
#include "tests/unit/inventories_folder.h"

static struct config *
three_devices(void)
{
	folder_text("gatebook.yml", "credentials: {ro: {user: gatebook, key: agent}}\n");
	folder_text("inventory.d/a.yml", "defaults: {platform: linux, credential: ro}\n"
					 "devices:\n"
					 "  - {name: r3, host: r3, tags: [edge], enabled: false}\n"
					 "  - {name: r1, host: r1, tags: [edge], site: ber}\n"
					 "  - {name: r2, host: r2, site: ham}\n");
	return folder_good();
}

static void
expect_devices(struct config *c, const char *words, const char *expected)
{
	char copy[100], all[100] = "", *list[10], *next = copy;
	const struct device **found;
	struct error err = { 0 };
	int n = 0;

	snprintf(copy, sizeof copy, "%s", words);
	while (next && *next)
		list[n++] = strsep(&next, " ");
	found = config_select(c, n, list, &err);
	if (!found) {
		assert_int_equal(err.exit, EXIT_USAGE);
		assert_string_equal(err.text, expected);
		return;
	}
	for (size_t i = 0, k = 0; found[i]; i++)
		k += (size_t)snprintf(
		    all + k, sizeof all - k, "%s%s", i ? " " : "", found[i]->name);
	assert_string_equal(all, expected);
}

static void
devices_are_selected(void **state)
{
	struct config *c = three_devices();

	(void)state;
	expect_devices(c, "", "r1 r2");
	expect_devices(c, "@all", "r1 r2");
	expect_devices(c, "r2 r1 r2", "r1 r2");
	expect_devices(c, "r3", "r3"); /* disabled: only by its name */
	expect_devices(c, "@edge", "r1");
	expect_devices(c, "@ham @edge", "r1 r2");
	expect_devices(c, "@ham r3 @all", "r1 r2 r3");
	expect_devices(c, "r1 r9", "no device 'r9' (did you mean 'r1'?)");
	expect_devices(c, "core", "no device 'core': see 'gatebook inventory list'");
	expect_devices(c, "@egde", "no tag, site or platform '@egde' (did you mean '@edge'?)");
	expect_devices(c, "@hm", "no tag, site or platform '@hm' (did you mean '@ham'?)");
	expect_devices(
	    c, "@x\033y", "no tag, site or platform '@x\\x1by': see 'gatebook inventory list'");
	config_free(c);
}

static void
nothing_to_select_from(void **state)
{
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", "");
	c = folder_good();
	expect_devices(c, "", "");
	expect_devices(c, "r1", "no device 'r1': see 'gatebook inventory list'");
	config_free(c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_enter, folder_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(devices_are_selected),
		TEST(nothing_to_select_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
