/* Packed sessions and rolls: what goes in comes out, and what is damaged does not. */
#include "store/pack.h"
#include "store/roll.h"
#include "tests/unit/store_help.h"

static void
varints(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX,
		UINT64_MAX - 1, UINT64_MAX };
	static const uint8_t too_large[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		2 };
	uint8_t bytes[VARINT_MAX + 1];
	const uint8_t *at;
	uint64_t back;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint8_t *end = varint_put(bytes, numbers[i]);
		assert_in_range(end - bytes, 1, VARINT_MAX);
		at = bytes;
		assert_true(varint_take(&at, end, &back));
		assert_true(back == numbers[i]);
		assert_ptr_equal(at, end);
		at = bytes;
		assert_false(varint_take(&at, end - 1, &back));
		assert_ptr_equal(at, bytes);
		assert_true((uint64_t)unzigzag(zigzag((int64_t)numbers[i])) == numbers[i]);
	}
	assert_int_equal(zigzag(-1), 1);
	assert_int_equal(zigzag(1), 2);
	assert_true(zigzag(INT64_MIN) == UINT64_MAX);
	at = too_large;
	assert_false(varint_take(&at, too_large + sizeof(too_large), &back));
}

static uint64_t
wide(struct help_random *r)
{
	uint64_t n = (uint64_t)help_random(r, UINT32_MAX) << 32 | help_random(r, UINT32_MAX);
	return n >> help_random(r, 64);
}

static struct packed_session
random_session(struct help_random *r, uint64_t number, const struct pack_base *base)
{
	struct packed_session s = { .number = number,
		.flags = (uint8_t)help_random(r, 16),
		.has = (uint8_t)help_random(r, 1 << COUNTER_COUNT),
		.attribute = (uint32_t)wide(r) };

	if (s.flags & PACK_OTHER)
		s.other = (uint16_t)help_random(r, 65536);
	if (s.flags & PACK_IN_NAT_PORT)
		s.in_nat_port = help_random(r, 2) ? s.other : (uint16_t)help_random(r, 65536);
	if (s.flags & PACK_OUT_NAT_PORT)
		s.out_nat_port = (uint16_t)help_random(r, 65536);
	/* Often the same times: the first and the last must be told apart by their other bound. */
	s.start_by = base->start +
		     (help_random(r, 3) ? 0 : (int64_t)help_random(r, 200000) - 100000);
	if (s.flags & PACK_START_AFTER)
		s.start_after = s.start_by - (int64_t)(wide(r) >> 30);
	s.end_by = s.start_by + (help_random(r, 3) ? 100000 : (int64_t)help_random(r, 100000));
	s.end_from = s.end_by - (int64_t)help_random(r, 2000);
	s.polls = help_random(r, 2) ? wide(r) : help_random(r, 10);
	for (int i = 0; i < COUNTER_COUNT; i++)
		s.counters[i] = s.has & 1 << i ? wide(r) : 0;
	return s;
}

static void
same(const struct packed_session *a, const struct packed_session *b)
{
	assert_true(a->number == b->number);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->has, b->has);
	assert_int_equal(a->other, b->other);
	assert_int_equal(a->in_nat_port, b->in_nat_port);
	assert_int_equal(a->out_nat_port, b->out_nat_port);
	assert_int_equal(a->attribute, b->attribute);
	assert_int_equal(a->start_after, b->start_after);
	assert_int_equal(a->start_by, b->start_by);
	assert_int_equal(a->end_from, b->end_from);
	assert_int_equal(a->end_by, b->end_by);
	assert_true(a->polls == b->polls);
	assert_memory_equal(a->counters, b->counters, sizeof(a->counters));
}

/* The first and the last by definition, looked for among all. */
static void
check_summary(const struct pack_summary *m, const struct packed_session *all, size_t n)
{
	const struct packed_session *first = all, *last = all;
	uint64_t bytes = 0;
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct packed_session *s = &all[i];
		int64_t after = s->flags & PACK_START_AFTER ? s->start_after : INT64_MIN;
		int64_t first_after = first->flags & PACK_START_AFTER ? first->start_after
								      : INT64_MIN;
		if (s->start_by < first->start_by ||
		    (s->start_by == first->start_by && after < first_after))
			first = s;
		if (s->end_by > last->end_by ||
		    (s->end_by == last->end_by && s->end_from > last->end_from))
			last = s;
		if (s->has & 4)
			bytes += s->counters[2];
		else if (s->has & 3)
			bytes += s->counters[0] + s->counters[1];
		any |= (s->has & 7) != 0;
	}
	assert_int_equal(m->n, n);
	assert_int_equal(m->first_by, first->start_by);
	assert_int_equal(m->has_first_after, (first->flags & PACK_START_AFTER) != 0);
	assert_int_equal(m->first_after, first->start_after);
	assert_int_equal(m->last_from, last->end_from);
	assert_int_equal(m->last_by, last->end_by);
	assert_int_equal(m->has_bytes, any);
	assert_true(m->bytes == bytes);
}

static void
round_trip(void **state)
{
	struct help_random r = { 11 };
	struct packer p = { 0 };
	static struct packed_session all[200];

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct pack_base base = { 1795000000, help_random(&r, 1000),
			(int64_t)help_random(&r, 700) };
		size_t n = 1 + help_random(&r, round % 10 == 0 ? 200 : 12), size;
		uint64_t number = base.first;
		struct packed_session back;
		struct pack_summary m;
		struct unpacker u;
		const uint8_t *bytes;

		packer_begin(&p, &base);
		for (size_t i = 0; i < n; i++) {
			all[i] = random_session(&r, number, &base);
			packer_add(&p, &all[i]);
			number += 1 + (wide(&r) >> 24);
		}
		bytes = packer_end(&p, &size);
		assert_int_equal(unpacker_begin(&u, &base, bytes, size), 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(unpacker_next(&u, &back), 1);
			same(&back, &all[i]);
		}
		assert_int_equal(unpacker_next(&u, &back), 0);
		assert_int_equal(unpack_summary(&base, bytes, size, &m), 0);
		check_summary(&m, all, n);
	}
	packer_free(&p);
}

/* Cut anywhere, or with a byte too many: refused. */
static void
cut(void **state)
{
	struct help_random r = { 12 };
	struct pack_base base = { 1795000000, 7, 300 };
	struct packer p = { 0 };

	(void)state;
	for (size_t n = 1; n < 20; n += 6) {
		const uint8_t *bytes;
		size_t size;
		packer_begin(&p, &base);
		for (size_t i = 0; i < n; i++) {
			struct packed_session s = random_session(&r, 7 + i, &base);
			packer_add(&p, &s);
		}
		bytes = packer_end(&p, &size);
		for (size_t length = 0; length <= size + 1; length++) {
			uint8_t *copy = calloc(length ? length : 1, 1);
			struct packed_session s;
			struct unpacker u;
			int more;
			memcpy(copy, bytes, length < size ? length : size);
			more = unpacker_begin(&u, &base, copy, length) < 0 ? -1 : 1;
			while (more > 0)
				more = unpacker_next(&u, &s);
			assert_int_equal(more, length == size ? 0 : -1);
			free(copy);
		}
	}
	packer_free(&p);
}

static struct addr
random_addr(struct help_random *r)
{
	static const char *const some[] = { "10.0.0.1", "10.0.0.2", "2001:db8::1", "0.0.0.0",
		"255.255.255.255" };

	return help_addr(some[help_random(r, 5)]);
}

static struct roll_entry
random_entry(struct help_random *r, const struct roll_head *head)
{
	struct roll_entry e;

	memset(&e, 0, sizeof(e)); /* padding too: compared as bytes */
	e.flags = (uint8_t)help_random(r, 16);
	e.has = (uint8_t)help_random(r, 1 << COUNTER_COUNT);
	e.initiator = (uint8_t)help_random(r, 3);
	e.key.scope = (uint8_t)help_random(r, 3);
	e.key.proto = (uint16_t)help_random(r, 259);
	e.key.inside = random_addr(r);
	e.key.outside = random_addr(r);
	e.key.in_port = e.flags & SESSION_IN_PORT ? (uint16_t)help_random(r, 65536) : 0;
	e.key.out_port = e.flags & SESSION_OUT_PORT ? (uint16_t)help_random(r, 65536) : 0;
	e.in_nat_port = e.flags & SESSION_IN_NAT_PORT ? (uint16_t)help_random(r, 65536) : 0;
	e.out_nat_port = e.flags & SESSION_OUT_NAT_PORT ? (uint16_t)help_random(r, 65536) : 0;
	if (help_random(r, 2))
		e.in_nat = random_addr(r);
	if (help_random(r, 2))
		e.out_nat = random_addr(r);
	for (int i = 0; i < WORD_COUNT; i++)
		e.words[i] = help_random(r, 3) ? 0 : (uint32_t)wide(r);
	e.number = head->top - (wide(r) >> 30);
	e.before = head->complete - help_random(r, 1000);
	e.has_start_after = help_random(r, 2);
	e.start_by = head->base - (int64_t)(wide(r) >> 20);
	e.start_after = e.has_start_after ? e.start_by - (int64_t)help_random(r, 100000) : 0;
	e.seen = help_random(r, 2) ? head->base - (int64_t)help_random(r, 100000) : 0;
	for (int i = 0; i < COUNTER_COUNT; i++)
		e.counters[i] = e.has & 1 << i ? wide(r) : 0;
	return e;
}

/* Some entries are looked at and passed over, some are read. */
static void
check_peeks(
    struct help_random *r, const struct roll_writer *w, const struct roll_entry *all, size_t n)
{
	struct roll_reader reader;
	struct roll_entry back;
	struct addr inside, outside;
	int64_t earliest = INT64_MAX;

	assert_int_equal(roll_read(&reader, w->bytes, w->used), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(roll_peek(&reader, &inside, &outside), 1);
		assert_memory_equal(&inside, &all[i].key.inside, sizeof(inside));
		assert_memory_equal(&outside, &all[i].key.outside, sizeof(outside));
		if (roll_earliest(&all[i]) < earliest)
			earliest = roll_earliest(&all[i]);
		if (help_random(r, 2)) {
			roll_skip(&reader);
			continue;
		}
		assert_int_equal(roll_next(&reader, &back), 1);
		assert_memory_equal(&back, &all[i], sizeof(back));
	}
	assert_int_equal(roll_peek(&reader, &inside, &outside), 0);
	assert_int_equal(w->earliest, earliest);
}

static void
rolls(void **state)
{
	struct help_random r = { 13 };
	struct roll_writer w = { 0 };
	static struct roll_entry all[60];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct roll_head head = { 1795000000 + (int64_t)help_random(&r, 1000), wide(&r),
			5000 };
		struct roll_reader reader;
		struct roll_entry back;
		size_t n = help_random(&r, 60);

		roll_begin(&w, &head);
		for (size_t i = 0; i < n; i++) {
			all[i] = random_entry(&r, &head);
			roll_put(&w, &all[i]);
		}
		assert_int_equal(w.n, n);
		assert_int_equal(roll_read(&reader, w.bytes, w.used), 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(roll_next(&reader, &back), 1);
			assert_memory_equal(&back, &all[i], sizeof(back));
		}
		assert_int_equal(roll_next(&reader, &back), 0);
		check_peeks(&r, &w, all, n);
		if (round > 100)
			continue;
		for (size_t length = 0; length < w.used; length++) { /* cut: an error, or fewer
									entries */
			uint8_t *copy = malloc(length ? length : 1);
			size_t read = 0;
			int more;
			memcpy(copy, w.bytes, length);
			more = roll_read(&reader, copy, length);
			while (more >= 0 && (more = roll_next(&reader, &back)) > 0)
				assert_memory_equal(&back, &all[read++], sizeof(back));
			assert_true(more < 0 || read < n || n == 0);
			free(copy);
		}
	}
	roll_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(varints),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(cut),
		cmocka_unit_test(rolls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
