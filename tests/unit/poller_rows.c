/* The rows of a poll: interned words, the in-place sort, folding of copies, and a recorder that
 * believes nothing it has not checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "poller/rows.h"

static uint64_t seed = 88172645463325252ull;

static uint32_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16);
}

static struct session
some_session(uint32_t inside, uint16_t port)
{
	struct session s = { 0 };

	s.key.inside = addr_from_ipv4(0x0a000000u | inside);
	s.key.outside = addr_from_ipv4(0xcb007109u);
	s.key.in_port = port;
	s.key.out_port = 443;
	s.key.proto = PROTO_TCP;
	return s;
}

static void
words_are_interned(void **state)
{
	struct rows rows;
	word a, b;

	(void)state;
	assert_int_equal(rows_new(&rows), 0);
	assert_int_equal(rows_word(&rows, text_of("")), 0);
	a = rows_word(&rows, text_of("ESTABLISHED"));
	b = rows_word(&rows, text_of("TIME_WAIT"));
	assert_int_not_equal(a, b);
	assert_int_equal(rows_word(&rows, text_of("ESTABLISHED")), a);
	for (int i = 0; i < 5000; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "user%d", i);
		assert_int_equal(rows_word(&rows, text_of(name)), b + 1 + (word)i);
	}
	assert_int_equal(rows_word(&rows, text_of("TIME_WAIT")), b);
	rows_free(&rows);
}

static void
too_many_words_are_noticed(void **state)
{
	struct rows rows;

	(void)state;
	assert_int_equal(rows_new(&rows), 0);
	for (int i = 0; i < LIMIT_WORDS + 10; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "w%d", i);
		(void)rows_word(&rows, text_of(name));
	}
	assert_true(rows.full);
	rows_free(&rows);
}

/* Sorted, nothing lost, copies folded: against a count by port of what was added. */
static void
sort_keeps_every_key_once(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		struct rows rows;
		struct rows_view view;
		static uint32_t added[4096];
		uint64_t copies = 0, distinct = 0;
		uint32_t n = next_random() % 3000;
		int fds[2];

		memset(added, 0, sizeof(added));
		assert_int_equal(rows_new(&rows), 0);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t port = next_random() % 4096;
			struct session s = some_session(port * 7919 % 4096, (uint16_t)port);

			distinct += added[port]++ == 0;
			rows_add(&rows, &s);
		}
		rows_sort(&rows, &copies);
		assert_int_equal(rows.n, distinct);
		assert_int_equal(copies, n - distinct);
		assert_int_equal(rows_finish(&rows, fds), 0);
		assert_int_equal(rows_map(&view, fds, distinct), 0);
		for (size_t i = 0; i < view.n; i++) {
			assert_true(added[view.row[i].key.in_port] > 0);
			added[view.row[i].key.in_port] = 0;
			if (i > 0)
				assert_true(session_key_compare(
						&view.row[i - 1].key, &view.row[i].key) < 0);
		}
		rows_unmap(&view);
		rows_free(&rows);
	}
}

static void
the_row_that_says_more_stays(void **state)
{
	struct rows rows;
	struct session bare = some_session(1, 1000), full = bare;
	uint64_t copies = 0;

	(void)state;
	full.counters.has = HAS_BYTES_NEAR | HAS_AGE;
	full.counters.bytes_near = 7;
	assert_int_equal(rows_new(&rows), 0);
	rows_add(&rows, &bare);
	rows_add(&rows, &full);
	rows_add(&rows, &bare);
	rows_sort(&rows, &copies);
	assert_int_equal(rows.n, 1);
	assert_int_equal(copies, 2);
	assert_int_equal(rows.row[0].counters.bytes_near, 7);
	rows_free(&rows);
}

/* One row for each direction, each with its own counters, and a third that knows the mapping. */
static void
copies_complete_each_other(void **state)
{
	struct rows rows;
	struct session out = some_session(1, 1000), back = out, nat = out;
	uint64_t copies = 0;

	(void)state;
	assert_int_equal(rows_new(&rows), 0);
	out.counters = (struct counters){
		.has = HAS_BYTES_NEAR | HAS_AGE, .bytes_near = 7, .age = 60
	};
	back.counters = (struct counters){
		.has = HAS_BYTES_FAR | HAS_IDLE, .bytes_far = 900, .idle = 5
	};
	out.initiator = INITIATOR_IN;
	nat.in_nat = addr_from_ipv4(0xc0000201u);
	nat.in_nat_port = 61000;
	nat.flags = SESSION_IN_NAT_PORT;
	nat.state = rows_word(&rows, text_of("ri"));
	out.in_nat = out.key.inside; /* translated to itself */
	rows_add(&rows, &back);
	rows_add(&rows, &nat);
	rows_add(&rows, &out);
	rows_sort(&rows, &copies);
	assert_int_equal(rows.n, 1);
	assert_int_equal(copies, 2);
	assert_int_equal(rows.row[0].counters.bytes_near, 7);
	assert_int_equal(rows.row[0].counters.bytes_far, 900);
	assert_int_equal(rows.row[0].initiator, INITIATOR_IN);
	assert_true(addr_equal(&rows.row[0].in_nat, &nat.in_nat));
	assert_int_equal(rows.row[0].in_nat_port, 61000);
	assert_true(rows.row[0].flags & SESSION_IN_NAT_PORT);
	assert_int_equal(rows.row[0].state, nat.state);
	rows_free(&rows);
}

/* The unit of a pair that does not forward has counted nothing. */
static void
the_copy_that_counted_more_stays(void **state)
{
	struct rows rows;
	struct session active = some_session(1, 1000), backup = active;
	uint64_t copies = 0;

	(void)state;
	active.counters = (struct counters){ .has = HAS_BYTES_NEAR, .bytes_near = 4000 };
	backup.counters.has = HAS_BYTES_NEAR;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(rows_new(&rows), 0);
		rows_add(&rows, round == 0 ? &active : &backup);
		rows_add(&rows, round == 0 ? &backup : &active);
		rows_sort(&rows, &copies);
		assert_int_equal(rows.n, 1);
		assert_int_equal(rows.row[0].counters.bytes_near, 4000);
		rows_free(&rows);
	}
	assert_int_equal(copies, 2);
}

static void
copies_that_disagree_say_nobody_started(void **state)
{
	static const uint8_t said[] = { INITIATOR_IN, INITIATOR_OUT, INITIATOR_IN };
	struct rows rows;
	uint64_t copies = 0;

	(void)state;
	assert_int_equal(rows_new(&rows), 0);
	for (size_t i = 0; i < sizeof(said); i++) {
		struct session s = some_session(1, 1000), other = some_session(2, 1000);

		s.initiator = said[i];
		other.initiator = i == 1 ? INITIATOR_OUT : INITIATOR_UNKNOWN;
		rows_add(&rows, &s);
		rows_add(&rows, &other);
	}
	rows_sort(&rows, &copies);
	assert_int_equal(rows.n, 2);
	assert_int_equal(rows.row[0].initiator, INITIATOR_UNKNOWN);
	assert_int_equal(rows.row[1].initiator, INITIATOR_OUT);
	rows_free(&rows);
}

static void
finished_rows(struct rows *rows, int fds[2])
{
	uint64_t copies = 0;

	assert_int_equal(rows_new(rows), 0);
	for (uint16_t i = 0; i < 10; i++) {
		struct session s = some_session(i, i);

		s.state = rows_word(rows, text_of("ESTABLISHED"));
		rows_add(rows, &s);
	}
	rows_sort(rows, &copies);
	assert_int_equal(rows_finish(rows, fds), 0);
}

static void
words_arrive_whole(void **state)
{
	struct rows rows;
	struct rows_view view;
	int fds[2];

	(void)state;
	finished_rows(&rows, fds);
	assert_int_equal(rows_map(&view, fds, 10), 0);
	assert_true(text_is(words_get(&view.words, view.row[3].state), "ESTABLISHED"));
	assert_int_equal(words_get(&view.words, 99).n, 0);
	rows_unmap(&view);
	rows_free(&rows);
}

static int
memfd_of(const void *bytes, size_t n, bool sealed)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	if (sealed)
		assert_int_equal(
		    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW), 0);
	return fd;
}

static void
refused(const struct session *rows, size_t n, const void *words, size_t n_words, uint64_t said,
    bool sealed)
{
	int fds[2] = { memfd_of(rows, n * sizeof(*rows), sealed),
		memfd_of(words, n_words, sealed) };
	struct rows_view view;

	assert_int_equal(rows_map(&view, fds, said), -1);
	close(fds[0]);
	close(fds[1]);
}

/* A poll process that a device has taken over can send anything. */
static void
what_does_not_fit_is_refused(void **state)
{
	const uint32_t none[] = { 0, 0, 0 }, one[] = { 1, 0, 0, 1, 0x41 };
	const uint32_t backwards[] = { 2, 0, 0, 4, 1, 0x41414141 }, huge[] = { LIMIT_WORDS, 0, 0 };
	struct session two[2] = { some_session(1, 1), some_session(2, 2) };
	struct session twice[2] = { two[0], two[0] }, wrong[2] = { two[1], two[0] };
	struct session word_too_high[1] = { two[0] }, scope_too_high[1] = { two[0] };

	(void)state;
	if (session_key_compare(&two[0].key, &two[1].key) > 0) {
		wrong[0] = two[0];
		wrong[1] = two[1];
	}
	word_too_high[0].state = 2;
	scope_too_high[0].key.scope = 9;
	refused(two, 2, none, sizeof(none), 1, true); /* not the size it says */
	refused(two, 2, none, sizeof(none), 3, true);
	refused(two, 2, none, sizeof(none), 2, false);  /* could still be written */
	refused(twice, 2, none, sizeof(none), 2, true); /* the same key twice */
	refused(wrong, 2, none, sizeof(none), 2, true); /* not sorted */
	refused(word_too_high, 1, one, sizeof(one), 1, true);
	refused(scope_too_high, 1, none, sizeof(none), 1, true);
	refused(two, 2, none, 4, 2, true); /* words cut */
	refused(two, 2, backwards, sizeof(backwards), 2, true);
	refused(two, 2, huge, sizeof(huge), 2, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_interned),
		cmocka_unit_test(too_many_words_are_noticed),
		cmocka_unit_test(sort_keeps_every_key_once),
		cmocka_unit_test(the_row_that_says_more_stays),
		cmocka_unit_test(copies_complete_each_other),
		cmocka_unit_test(the_copy_that_counted_more_stays),
		cmocka_unit_test(copies_that_disagree_say_nobody_started),
		cmocka_unit_test(words_arrive_whole),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
