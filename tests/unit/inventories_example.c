/* The example configuration loads without a fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "inventories/config.h"

static void
loads(void **state)
{
	struct config *config = config_load("etc/example", stderr);

	(void)state;
	assert_non_null(config);
	assert_int_equal(config->n_devices, 3);
	assert_string_equal(config->devices[0].name, "edge-r1");
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(loads) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
