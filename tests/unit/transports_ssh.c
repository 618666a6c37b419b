/* The ssh transport against the scripted device: logins and whole replies. */
#include "tests/unit/transports_devices.h"

#define ASK "show tcp brief"
#define ROWS                                                                                       \
	"TCB       Local Address               Foreign Address             (state)\n"              \
	"81C95568  10.0.0.1.23                 203.0.113.7.1049            ESTAB\n"                \
	"81C95569  10.0.0.1.179                203.0.113.8.1050            ESTAB\n"

static struct lab *
router(void)
{
	struct lab *lab = lab_new("cisco_ios");

	lab_write(lab->file, ROWS);
	lab_say(lab, "reply \"" ASK "\" %s", lab->file);
	return lab;
}

static void
logs_in_and_asks(void **state)
{
	struct lab *lab = router();

	(void)state;
	lab_start(lab, true);
	assert_goes(lab, transport_ssh.open(&lab->link));
	assert_goes(lab, lab_ask(lab, "terminal length 0"));
	assert_string_equal(lab->said, "");
	assert_goes(lab, lab_ask(lab, ASK));
	assert_string_equal(lab->said, ROWS);
	assert_int_equal(lab->status, 0);
	assert_string_equal(lab->link.host_key, lab->key);
	assert_string_equal(lab->link.local, "127.0.0.1");
	assert_string_equal(lab->link.peer, "127.0.0.1");
	assert_int_equal(lab->link.peer_port, lab->port);
	assert_true(lab->link.local_port > 0);
	assert_says(lab->link.exchange, "aes256-ctr hmac-sha2-256");
	assert_true(lab->link.bytes_in > sizeof(ROWS));
	transport_ssh.close(&lab->link);
	assert_string_equal(lab->sent, "|terminal length 0|" ASK "|exit|");
	lab_expect(lab, " line terminal length 0", 1);
	lab_expect(lab, " line " ASK, 1);
	lab_expect(lab, " line exit", 1);
	lab_expect(lab, " line ", 4);
	lab_expect(lab, " close ", 1);
}

static void
refuses_lines_off_the_list(void **state)
{
	struct lab *lab = router();

	(void)state;
	lab_start(lab, true);
	assert_goes(lab, transport_ssh.open(&lab->link));
	assert_int_equal(lab_ask(lab, "show running-config"), -1);
	assert_int_equal(lab->link.reason, REASON_REFUSED);
	assert_says(lab->link.why, "gatebook driver show cisco_ios");
	assert_int_equal(lab_ask(lab, ASK "\rreload"), -1);
	assert_goes(lab, lab_ask(lab, ASK)); /* the line is as it was */
	transport_ssh.close(&lab->link);
	lab_expect(lab, "close", 1);
	lab_expect(lab, "running", 0);
	lab_expect(lab, "reload", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(logs_in_and_asks),
		lab_test(refuses_lines_off_the_list),
	};

	(void)alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
