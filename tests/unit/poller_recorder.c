/* The recorder against polls that keep to the protocol, and against polls that a device has taken
 * over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "poller/recorder.h"
#include "poller/presences.h"
#include "poller/rows.h"
#include "poller/wire.h"

struct book {
	char dir[64];
	pid_t recorder;
	int control;
};

static int
open_book(void **state)
{
	struct book *b = calloc(1, sizeof(*b));
	struct error err = { 0 };

	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/gatebook-recorder-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	b->recorder = recorder_start(
	    &(struct recorder){ .dir = b->dir, .who = "uid 0 (test)" }, &b->control, &err);
	assert_true(b->recorder > 0);
	*state = b;
	return 0;
}

static int
close_book(void **state)
{
	struct book *b = *state;
	char command[128];
	int status = 0;

	close(b->control);
	assert_int_equal(waitpid(b->recorder, &status, 0), b->recorder);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	(void)snprintf(command, sizeof(command), "%s", b->dir);
	if (fork() == 0) {
		(void)execl("/bin/rm", "rm", "-rf", command, (char *)NULL);
		_exit(1);
	}
	(void)wait(NULL);
	free(b);
	return 0;
}

/* A poll's end of a new channel to the recorder. */
static int
introduce(struct book *b, uint32_t slot)
{
	struct wire_device d = { .kind = WIRE_DEVICE,
		.slot = slot,
		.name = "fw1",
		.platform = "linux",
		.site = "lab",
		.host = "10.0.0.1",
		.transport = "ssh" };
	int fds[2];

	assert_int_equal(wire_pair(fds), 0);
	assert_int_equal(wire_send(b->control, &d, sizeof(d), &fds[1], 1), 0);
	close(fds[1]);
	return fds[0];
}

static void
intend(int channel, struct wire_go *go)
{
	struct wire_intent i = { .kind = WIRE_INTENT,
		.count = 2,
		.account = "reader",
		.address = "10.0.0.1:22",
		.lines = "terminal length 0\0show conn" };

	assert_int_equal(wire_send(channel, &i, sizeof(i), NULL, 0), 0);
	assert_int_equal(wire_receive(channel, go, sizeof(*go), NULL, NULL), (long)sizeof(*go));
	assert_int_equal(go->kind, WIRE_GO);
}

static void
make_rows(struct rows *rows, int n)
{
	assert_int_equal(rows_new(rows), 0);
	for (int i = 0; i < n; i++) {
		struct session s = { 0 };

		s.key.inside = addr_from_ipv4(0x0a000000u + (uint32_t)i);
		s.key.outside = addr_from_ipv4(0xcb007109u);
		s.key.proto = PROTO_TCP;
		rows_add(rows, &s);
	}
}

/* All that a report comes with; the presences are none, or one. */
static void
make_fds(struct rows *rows, struct wire_report *report, bool present, int fds[WIRE_FDS])
{
	struct observation o = { .near.addr = addr_from_ipv4(0x0a000001u),
		.mac = text_of("0000.5e00.5301"),
		.near_iface = text_of("Vlan20") };
	struct presences presences;

	assert_int_equal(presences_new(&presences), 0);
	if (present)
		presences_take(&presences, TOPIC_NEIGHBOURS, &o);
	assert_int_equal(rows_finish(rows, fds), 0);
	fds[2] = presences_finish(&presences);
	report->presences = presences.n;
	report->whole = 1 << PRESENT_ADDRESS;
	free(presences.list);
}

static struct wire_report
report_of(struct rows *rows)
{
	struct wire_report r = { .kind = WIRE_REPORT, .rows = rows->n };

	r.report = (struct poll_report){ .started = 1000000000,
		.asked = 1000000000,
		.answered = 1000000002,
		.ended = 1000000003,
		.outcome = OUTCOME_COMPLETE,
		.sessions = rows->n };
	return r;
}

static struct wire_recorded
hear(struct book *b)
{
	struct wire_recorded r;

	assert_int_equal(wire_receive(b->control, &r, sizeof(r), NULL, NULL), (long)sizeof(r));
	assert_int_equal(r.kind, WIRE_RECORDED);
	return r;
}

static void
end_slot(struct book *b, uint32_t slot, enum reason reason)
{
	struct wire_ended e = { .kind = WIRE_ENDED,
		.slot = slot,
		.started = 1000000000,
		.reason = reason,
		.why = "the poll process died of signal 11" };

	assert_int_equal(wire_send(b->control, &e, sizeof(e), NULL, 0), 0);
}

static void
a_poll_from_hello_to_report(void **state)
{
	struct book *b = *state;
	int channel = introduce(b, 0), fds[WIRE_FDS];
	uint32_t hello = WIRE_HELLO;
	struct wire_pins pins;
	struct wire_recorded recorded;
	struct wire_report report;
	struct rows rows;
	struct wire_go go;
	uint64_t copies = 0;

	assert_int_equal(wire_send(channel, &hello, sizeof(hello), NULL, 0), 0);
	assert_int_equal(
	    wire_receive(channel, &pins, sizeof(pins), NULL, NULL), (long)sizeof(pins));
	assert_int_equal(pins.count, 0);
	intend(channel, &go);
	assert_true(go.ok);
	assert_true(go.first > 0);
	make_rows(&rows, 5);
	rows_sort(&rows, &copies);
	report = report_of(&rows);
	make_fds(&rows, &report, true, fds);
	assert_int_equal(wire_send(channel, &report, sizeof(report), fds, WIRE_FDS), 0);
	assert_int_equal(wire_receive(channel, &go, sizeof(go), NULL, NULL), (long)sizeof(go));
	assert_true(go.ok);
	assert_int_equal(go.opened, 5);
	recorded = hear(b);
	assert_true(recorded.poll_id > 0);
	assert_int_equal(recorded.opened, 5);
	end_slot(b, 0, REASON_CRASH); /* it has reported: this adds nothing */
	rows_free(&rows);
	close(channel);
}

static void
a_dead_poll_is_a_failed_poll(void **state)
{
	struct book *b = *state;
	int channel = introduce(b, 3);
	struct wire_recorded recorded;
	struct wire_go go;

	intend(channel, &go);
	close(channel);
	end_slot(b, 3, REASON_CRASH);
	recorded = hear(b);
	assert_int_equal(recorded.slot, 3);
	assert_true(recorded.poll_id > 0);
	assert_int_equal(recorded.report.outcome, OUTCOME_FAILED);
	assert_int_equal(recorded.report.reason, REASON_CRASH);
	assert_string_equal(recorded.report.why, "the poll process died of signal 11");
}

/* Sends one message that does not fit; the recorder must end the channel and live on. */
static void
refused(struct book *b, uint32_t slot, const void *message, size_t n, const int *fds, int n_fds)
{
	int channel = introduce(b, slot);
	struct wire_recorded recorded;
	char answer[64];

	assert_int_equal(wire_send(channel, message, n, fds, n_fds), 0);
	assert_int_equal(wire_receive(channel, answer, sizeof(answer), NULL, NULL), 0);
	close(channel);
	end_slot(b, slot, REASON_CRASH);
	recorded = hear(b);
	assert_int_equal(recorded.report.outcome, OUTCOME_FAILED);
}

static void
messages_that_do_not_fit(void **state)
{
	struct book *b = *state;
	struct wire_intent intent = { .kind = WIRE_INTENT, .count = 4000 };
	struct wire_result result = { .kind = WIRE_RESULT };
	struct wire_report report;
	char noise[600];
	struct rows rows;
	uint64_t copies = 0;
	int fds[WIRE_FDS], wrong[WIRE_FDS];

	memset(noise, 0xa5, sizeof(noise));
	refused(b, 1, noise, sizeof(noise), NULL, 0);
	refused(b, 2, noise, 3, NULL, 0);
	memset(intent.lines, 'x', sizeof(intent.lines)); /* no NUL, and more lines than there are */
	refused(b, 3, &intent, sizeof(intent), NULL, 0);
	memset(result.result, 'x', sizeof(result.result));
	refused(b, 4, &result, sizeof(result), NULL, 0);
	make_rows(&rows, 5);
	rows_sort(&rows, &copies);
	report = report_of(&rows);
	make_fds(&rows, &report, true, fds);
	refused(b, 5, &report, sizeof(report), NULL, 0); /* no descriptors */
	report.rows = 4;
	refused(b, 6, &report, sizeof(report), fds, WIRE_FDS); /* not as many rows as it says */
	report.rows = 5;
	wrong[0] = fds[1];
	wrong[1] = fds[0];
	wrong[2] = fds[2];
	refused(b, 7, &report, sizeof(report), wrong, WIRE_FDS);
	refused(b, 9, &report, sizeof(report), fds, 2); /* without the presences */
	report.presences = 2;
	refused(b, 10, &report, sizeof(report), fds, WIRE_FDS);
	report.presences = 1;
	memset(report.report.why, 'x', sizeof(report.report.why));
	refused(b, 8, &report, sizeof(report), fds, WIRE_FDS);
	rows_free(&rows);
}

/* Nobody is told that a poll is on record when it is not. */
static void
a_second_report_ends_the_channel(void **state)
{
	struct book *b = *state;
	int channel = introduce(b, 0), fds[WIRE_FDS];
	struct wire_report report;
	struct rows rows;
	struct wire_go go;
	char answer[64];

	make_rows(&rows, 1);
	report = report_of(&rows);
	make_fds(&rows, &report, true, fds);
	assert_int_equal(wire_send(channel, &report, sizeof(report), fds, WIRE_FDS), 0);
	assert_int_equal(wire_receive(channel, &go, sizeof(go), NULL, NULL), (long)sizeof(go));
	assert_true(hear(b).poll_id > 0);
	assert_int_equal(wire_send(channel, &report, sizeof(report), fds, WIRE_FDS), 0);
	assert_int_equal(wire_receive(channel, answer, sizeof(answer), NULL, NULL), 0);
	rows_free(&rows);
	close(channel);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_poll_from_hello_to_report, open_book, close_book),
		cmocka_unit_test_setup_teardown(
		    a_dead_poll_is_a_failed_poll, open_book, close_book),
		cmocka_unit_test_setup_teardown(messages_that_do_not_fit, open_book, close_book),
		cmocka_unit_test_setup_teardown(
		    a_second_report_ends_the_channel, open_book, close_book),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
