/* What outlives a restart of the scheduler: holds, and when devices were polled. */
#include "tests/unit/store_help.h"

struct seen {
	char text[400];
};

static int
note(const struct held *h, void *arg)
{
	struct seen *seen = arg;
	size_t n = strlen(seen->text);

	snprintf(seen->text + n, sizeof(seen->text) - n, "%s:%s:%s:%s:%s\n", h->on, h->name,
	    h->reason, h->why, h->by);
	return 0;
}

static void
holds(const char *dir, const char *expected)
{
	struct reader *r = help_reader(dir);
	struct error err = { 0 };
	struct seen seen = { "" };

	assert_int_equal(reader_holds(r, note, &seen, &err), 0);
	assert_string_equal(seen.text, expected);
	reader_close(r);
}

static void
holds_stay_until_they_are_released(void **state)
{
	const struct store_hold device = { "device", "fw1", "authentication", "refused",
		"gatebook" },
				again = { "device", "fw1", "engineer", "later", "anna" },
				all = { "all", "", "engineer", "freeze", "anna" };
	struct error err = { 0 };
	char *dir = help_folder();
	struct store *s = help_open(dir);

	(void)state;
	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(store_hold(s, &device, &err), 0);
	assert_int_equal(store_hold(s, &again, &err), 0);
	assert_int_equal(store_hold(s, &all, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	/* The first reason stands. */
	holds(dir, "device:fw1:authentication:refused:gatebook\nall::engineer:freeze:anna\n");
	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(store_release(s, "device", "fw2", "bob", &err), 0);
	assert_int_equal(store_release(s, "device", "fw1", "bob", &err), 1);
	assert_int_equal(store_release(s, "device", "fw1", "bob", &err), 0);
	assert_int_equal(store_hold(s, &again, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
	holds(dir, "all::engineer:freeze:anna\ndevice:fw1:engineer:later:anna\n");
	store_close(s);
	help_remove(dir);
}

static void
note_poll(const char *device, int64_t started, unsigned failures, void *arg)
{
	struct seen *seen = arg;
	size_t n = strlen(seen->text);

	snprintf(seen->text + n, sizeof(seen->text) - n, "%s:%d:%u\n", device,
	    (int)(started - HELP_MIDNIGHT), failures);
}

static void
poll(struct store *s, int64_t device, int at, enum outcome outcome, enum reason reason)
{
	struct poll_report r = { .started = HELP_MIDNIGHT + at,
		.ended = HELP_MIDNIGHT + at + 2,
		.outcome = (uint8_t)outcome,
		.reason = (uint8_t)reason };
	struct error err = { 0 };

	if (outcome <= OUTCOME_PARTIAL) {
		r.asked = r.started;
		r.answered = r.started + 1;
	}
	assert_true(store_poll(s, device, &r, NULL, 0, NULL, NULL, &err) > 0);
}

static void
last_polls_are_counted_back_to_the_last_answer(void **state)
{
	struct error err = { 0 };
	struct seen seen = { "" };
	char *dir = help_folder();
	struct store *s = help_open(dir);
	struct reader *r;
	int64_t a, b;

	(void)state;
	a = help_device(s, "a");
	b = help_device(s, "b");
	(void)help_device(s, "never");
	assert_int_equal(store_begin(s, &err), 0);
	poll(s, a, 0, OUTCOME_FAILED, REASON_CONNECT);
	poll(s, a, 300, OUTCOME_COMPLETE, REASON_NONE);
	poll(s, a, 600, OUTCOME_FAILED, REASON_CONNECT);
	poll(s, a, 900, OUTCOME_FAILED, REASON_TIMEOUT);
	poll(s, b, 100, OUTCOME_COMPLETE, REASON_NONE);
	for (int i = 1; i <= 20; i++)
		poll(s, b, 100 + i * 10, OUTCOME_FAILED, REASON_CONNECT);
	assert_int_equal(store_commit(s, &err), 0);
	r = help_reader(dir);
	assert_int_equal(reader_last_polls(r, note_poll, &seen, &err), 0);
	assert_string_equal(seen.text, "a:900:2\nb:300:16\n");
	reader_close(r);
	assert_int_equal(store_begin(s, &err), 0);
	/* Lost on our side: it says nothing of the device. */
	poll(s, a, 1200, OUTCOME_FAILED, REASON_STORE);
	assert_int_equal(store_commit(s, &err), 0);
	r = help_reader(dir);
	seen.text[0] = '\0';
	assert_int_equal(reader_last_polls(r, note_poll, &seen, &err), 0);
	assert_string_equal(seen.text, "a:1200:0\nb:300:16\n");
	reader_close(r);
	store_close(s);
	help_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_stay_until_they_are_released),
		cmocka_unit_test(last_polls_are_counted_back_to_the_last_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
