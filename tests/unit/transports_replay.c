/* The replay transport: recorded replies, and refusals for what was not recorded. */
#include "tests/unit/transports_devices.h"

#define TCP                                                                                        \
	"TCB       Local Address               Foreign Address             (state)\n"              \
	"81C95568  10.0.0.1.23                 203.0.113.7.1049            ESTAB\n"

static struct lab *lab;

static int
begin(void **state)
{
	(void)state;
	lab = lab_new("cisco_ios");
	return 0;
}

static int
finish(void **state)
{
	char path[200];

	transport_replay.close(&lab->link);
	(void)snprintf(path, sizeof(path), "%s/show-tcp-brief.raw", lab->folder);
	(void)unlink(path);
	return lab_end(state);
}

static void
record(const char *name, const char *text)
{
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/%s", lab->folder, name);
	lab_write(path, text);
}

static int
ask(const char *line)
{
	struct sink sink = { lab_take, lab_take_aside, lab };

	lab->n_said = 0;
	lab->said[0] = 0;
	return transport_replay.ask(&lab->link, line, &sink, &lab->status);
}

static void
serves_a_folder(void **state)
{
	(void)state;
	record("show-tcp-brief.raw", TCP);
	lab->to.file = lab->folder;
	assert_goes(lab, transport_replay.open(&lab->link));
	assert_goes(lab, ask("terminal length 0"));
	assert_string_equal(lab->said, "");
	for (int i = 0; i < 2; i++) {
		assert_goes(lab, ask("show tcp brief"));
		assert_string_equal(lab->said, TCP);
	}
	/* What is not there was refused, in the platform's words. */
	assert_goes(lab, ask("show ip nat translations"));
	assert_string_equal(lab->said, "% Invalid input detected\n");
	assert_int_equal(lab->status, 0);
	assert_fails(lab, ask("show running-config"), REASON_REFUSED, "not on the command list");
	assert_string_equal(lab->sent, "show tcp brief|show tcp brief|show ip nat translations|");
}

static void
serves_a_file_by_its_name(void **state)
{
	char path[200];

	(void)state;
	record("show-tcp-brief.raw", "anything\n");
	(void)snprintf(path, sizeof(path), "%s/show-tcp-brief.raw", lab->folder);
	lab->to.file = path;
	assert_goes(lab, transport_replay.open(&lab->link));
	assert_goes(lab, ask("show tcp brief"));
	assert_string_equal(lab->said, "anything\n");
}

static void
serves_a_file_by_what_it_holds(void **state)
{
	(void)state;
	lab_write(lab->file, TCP);
	lab->to.file = lab->file;
	assert_goes(lab, transport_replay.open(&lab->link));
	assert_goes(lab, ask("show tcp brief numeric"));
	if (strcmp(lab->said, TCP) != 0) {
		assert_goes(lab, ask("show tcp brief"));
		assert_string_equal(lab->said, TCP);
	}
	assert_goes(lab, ask("show ip sockets"));
	assert_string_equal(lab->said, "% Invalid input detected\n");
}

static void
refuses_in_the_words_of_a_server(void **state)
{
	(void)state;
	lab->to.driver = driver_find("linux");
	lab->to.file = lab->folder;
	assert_goes(lab, transport_replay.open(&lab->link));
	assert_goes(lab, ask("ss -Htunap"));
	assert_int_equal(lab->status, 127);
	assert_true(lab->n_said > 1);
	assert_null(strchr(lab->said, '{'));
}

static void
names_what_cannot_be_replayed(void **state)
{
	(void)state;
	assert_fails(
	    lab, transport_replay.open(&lab->link), REASON_CONNECT, "r1 has no `file:` to replay");
	lab->to.file = "/gatebook/none";
	assert_fails(lab, transport_replay.open(&lab->link), REASON_CONNECT,
	    "/gatebook/none: No such file or directory");
	lab_write(lab->file, "nothing known\n");
	lab->to.file = lab->file;
	assert_fails(
	    lab, transport_replay.open(&lab->link), REASON_PLATFORM, "correct the platform");
	assert_null(lab->link.state);
}

static void
finds_transports_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(transport_find("ssh"), &transport_ssh);
	assert_ptr_equal(transport_find("local"), &transport_local);
	assert_ptr_equal(transport_find("replay"), &transport_replay);
	assert_null(transport_find("telnet"));
	assert_null(transport_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(serves_a_folder, begin, finish),
		cmocka_unit_test_setup_teardown(serves_a_file_by_its_name, begin, finish),
		cmocka_unit_test_setup_teardown(serves_a_file_by_what_it_holds, begin, finish),
		cmocka_unit_test_setup_teardown(refuses_in_the_words_of_a_server, begin, finish),
		cmocka_unit_test_setup_teardown(names_what_cannot_be_replayed, begin, finish),
		cmocka_unit_test(finds_transports_by_name),
	};

	(void)alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
