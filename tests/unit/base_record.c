#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/record.h"

static void
keys_have_no_padding(void **state)
{
	struct session_key a, b;

	(void)state;
	assert_int_equal(sizeof(struct addr), 17);
	assert_int_equal(sizeof a, 2 * 17 + 3 * 2 + 2 + 8);
	memset(&a, 0, sizeof a);
	b = a;
	assert_int_equal(session_key_compare(&a, &b), 0);
	b.place = 1;
	assert_true(session_key_compare(&a, &b) < 0);
	a.inside = addr_from_ipv4(0x0a000001);
	assert_true(session_key_compare(&a, &b) > 0);
	b.inside = addr_from_ipv4(0x0a000002);
	assert_true(session_key_compare(&a, &b) < 0);
	assert_true(session_key_compare(&b, &a) > 0);
}

static void
words(void **state)
{
	static const uint32_t offsets[] = { 0, 0, 3, 3, 7 };
	const struct words w = { "TCPwan1", offsets, 3 };

	(void)state;
	assert_int_equal(words_get(&w, 0).n, 0);
	assert_true(text_is(words_get(&w, 1), "TCP"));
	assert_true(text_is(words_get(&w, 2), ""));
	assert_true(text_is(words_get(&w, 3), "wan1"));
	assert_int_equal(words_get(&w, 4).n, 0);
	assert_int_equal(words_get(&w, UINT32_MAX).n, 0);
	const struct words none = { 0 };

	assert_int_equal(words_get(&none, 0).n, 0);
	assert_int_equal(words_get(&none, 1).n, 0);
}

/* Values from the authors' test vectors (draft-eastlake-fnv). */
static void
hashes(void **state)
{
	(void)state;
	assert_true(text_hash(text_of("")) == 0);
	assert_true(text_hash(text_of("a")) == 0xaf63dc4c8601ec8c);
	assert_true(text_hash(text_of("foobar")) == 0x85944171f73967e8);
	assert_true(text_hash((struct text){ "\0", 1 }) != 0);
	assert_true(text_hash(text_of("\xff")) != text_hash(text_of("\x7f")));
}

static void
every_value_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(outcome_name(OUTCOME_COMPLETE), "complete");
	assert_string_equal(outcome_name(OUTCOME_SKIPPED), "skipped");
	assert_string_equal(outcome_name((enum outcome)4), "unknown");
	assert_string_equal(outcome_name((enum outcome) - 1), "unknown");
	assert_string_equal(scope_name(SCOPE_TRANSIT), "transit");
	assert_string_equal(scope_name(SCOPE_HOST), "host");
	assert_string_equal(scope_name(255), "unknown");
	assert_string_equal(initiator_name(INITIATOR_UNKNOWN), "unknown");
	assert_string_equal(initiator_name(INITIATOR_IN), "int");
	assert_string_equal(initiator_name(INITIATOR_OUT), "ext");
	assert_string_equal(initiator_name(3), "unknown");
	assert_string_equal(topic_name(TOPIC_SESSIONS), "sessions");
	assert_string_equal(topic_name(TOPIC_COUNT), "count");
	assert_string_equal(topic_name(TOPIC_LOAD + 1), "unknown");
	assert_string_equal(reason_name(REASON_NONE), "none");
	assert_string_equal(reason_name(REASON_HOST_KEY), "host-key");
	assert_string_equal(reason_name(REASON_HELD), "held");
	assert_string_equal(reason_name(REASON_REBOOTED), "rebooted");
	assert_string_equal(reason_name((enum reason)(REASON_REBOOTED + 1)), "unknown");
	for (unsigned i = REASON_NONE; i <= REASON_REBOOTED; i++) {
		for (unsigned k = REASON_NONE; k < i; k++)
			assert_string_not_equal(
			    reason_name((enum reason)i), reason_name((enum reason)k));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_no_padding),
		cmocka_unit_test(words),
		cmocka_unit_test(hashes),
		cmocka_unit_test(every_value_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
