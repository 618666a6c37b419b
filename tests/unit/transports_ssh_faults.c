/* The ssh transport and devices that misbehave: nothing that is not whole may pass for a reply. */
#include "tests/unit/transports_devices.h"

#define ASK "show ip nat translations"
#define ROWS                                                                                       \
	"Pro Inside global      Inside local       Outside local      Outside global\n"            \
	"tcp 192.0.2.1:1024     10.0.0.1:1024      203.0.113.7:443    203.0.113.7:443\n"           \
	"tcp 192.0.2.1:1025     10.0.0.2:1025      203.0.113.8:443    203.0.113.8:443\n"           \
	"Total number of translations: 2\n"

/* An IOS router that answers ASK with these lines. */
static struct lab *
router_with(const char *reply)
{
	struct lab *lab = lab_new("cisco_ios");

	lab_write(lab->file, reply);
	lab_say(lab, "reply \"" ASK "\" %s", lab->file);
	return lab;
}

static void
begin(struct lab *lab)
{
	lab_start(lab, true);
	assert_goes(lab, transport_ssh.open(&lab->link));
}

/* Only lines of the driver, blanks for more-marks and the empty lines that find the prompt. */
static void
check_wire(struct lab *lab)
{
	struct text sent = text_of(lab->sent), line;
	char one[300];

	while (text_take_until(&sent, '|', &line)) {
		(void)text_copy(line, one, sizeof(one));
		if (one[0] && strcmp(one, "<more>") != 0 && !driver_may_send(lab->to.driver, one))
			fail_msg("sent \"%s\"", one);
	}
}

/* --- what a device may do and still be read ------------------------------------------------------
 */

static void
reads_through_oddities(void **state)
{
	static const char *const scripts[][3] = {
		{ "echo off" },
		{ "noise on" },
		{ "noise on", "echo off", "page 2" },
		{ "line-end \"\\r\\r\\n\"" },
		{ "line-end \"\\n\"" },
		{ "line-end \"\\r\"" },
		{ "banner \"R1#\"" },
		{ "banner \"\\r\\nAuthorized use of R1# only\\r\\nR1#\\r\\n>>> # "
		  "<<<\\r\\n\\r\\n\"" },
		{ "page 1" },
		{ "page 2" },
		{ "page 2", "wipe cr" },
		{ "page 2", "wipe none" },
		{ "page 2", "wipe vrp", "more \" --More-- \\e[7m(q)\\e[m\"" },
		{ "delay 1 150" },
		{ "prompt \"[admin@r1] R1>\"" },
		{ "prompt \"edge-r1.example(#1)# \"" },
		{ "next-prompt 1 R1>" },
		{ "banner-bytes 60000" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		struct lab *lab = router_with(ROWS);

		for (int k = 0; k < 3 && scripts[i][k]; k++)
			lab_say(lab, "%s", scripts[i][k]);
		begin(lab);
		assert_goes(lab, lab_ask(lab, "terminal length 0"));
		assert_string_equal(lab->said, "");
		for (int n = 0; n < 2; n++) {
			assert_goes(lab, lab_ask(lab, ASK));
			if (strcmp(lab->said, ROWS) != 0)
				fail_msg("%s: \"%s\"", scripts[i][0], lab->said);
		}
		check_wire(lab);
		lab_end(NULL);
	}
}

static void
hands_a_refusal_on(void **state)
{
	struct lab *lab = router_with(ROWS);

	(void)state;
	begin(lab);
	assert_goes(lab, lab_ask(lab, "show ip sockets"));
	assert_says(lab->said, "% Invalid input detected at '^' marker.\n");
	assert_goes(lab, lab_ask(lab, ASK));
	assert_string_equal(lab->said, ROWS);
}

static void
ends_no_reply_at_a_row_like_the_prompt(void **state)
{
	struct lab *lab = router_with("R1#\nR1#x\n#\n>\nR1>\ntcp R1#\n");

	(void)state;
	lab_say(lab, "delay 1 60"); /* so that each row arrives alone */
	begin(lab);
	assert_goes(lab, lab_ask(lab, ASK));
	assert_string_equal(lab->said, "R1#\nR1#x\n#\n>\nR1>\ntcp R1#\n");
}

static void
reads_a_long_table(void **state)
{
	enum { N = 20000 };
	static const char row[] = "tcp 192.0.2.1:1024     10.0.0.1:1024      203.0.113.7:443\n";
	char *table = mem_alloc(N, sizeof(row));
	struct lab *lab;

	(void)state;
	for (int i = 0; i < N; i++)
		memcpy(table + (size_t)i * (sizeof(row) - 1), row, sizeof(row));
	lab = router_with(table);
	begin(lab);
	lab->link.bytes_in = 0;
	assert_goes(lab, lab_ask(lab, ASK));
	assert_true(lab->link.bytes_in > N * (sizeof(row) - 1));
	assert_memory_equal(lab->said, table, SAID - 4096); /* what fits into the test's memory */
	free(table);
}

/* --- logins that lead nowhere
 * --------------------------------------------------------------------- */

static void
needs_a_prompt(void **state)
{
	static const struct {
		const char *script;
		enum reason reason;
		const char *says;
	} cases[] = {
		{ "no-prompt", REASON_PROMPT, "no prompt came" },
		{ "prompt \"Your password has expired.\\r\\nEnter new password: \"", REASON_PROMPT,
		    "Enter new password:" },
		{ "close-after-login", REASON_PROMPT, "the device closed the shell" },
		{ "refuse-shell", REASON_PROMPT, "gives no shell" },
		{ "banner-bytes 1048576", REASON_LIMIT, "more than 65536 bytes before a prompt" },
		{ "cut-command login", REASON_NONE, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab *lab = router_with(ROWS);

		lab_say(lab, "%s", cases[i].script);
		lab_start(lab, true);
		lab->to.silence_ms = 500;
		if (cases[i].reason == REASON_NONE)
			assert_goes(lab, transport_ssh.open(&lab->link));
		else
			assert_fails(
			    lab, transport_ssh.open(&lab->link), cases[i].reason, cases[i].says);
		transport_ssh.close(&lab->link);
		lab_expect(lab, " ok", 1);
		lab_expect(lab, " refused", 0);
		lab_end(NULL);
	}
}

static void
shows_the_last_words_of_a_full_device(void **state)
{
	struct lab *lab = router_with(ROWS);

	(void)state;
	lab_say(lab, "banner \"\\r\\n%% Too many sessions\\e[1m\\r\\n\"");
	lab_say(lab, "no-prompt");
	lab_start(lab, true);
	lab->to.silence_ms = 300;
	assert_fails(lab, transport_ssh.open(&lab->link), REASON_PROMPT, "\"% Too many sessions\"");
}

/* --- replies that are not whole
 * -------------------------------------------------------------------- */

/* Cut at every byte of a small reply, in every way: never whole, never with a row that was not
 * sent. */
static void
never_takes_a_cut_reply_for_a_whole_one(void **state)
{
	static const char *const ways[] = { "rst", "fin", "eof", "close", "silence" };
	static const char rows[] = "tcp a b\r\nR1# c\r\nR1#\r\nR1#";
	const long n = sizeof(rows) - 1;

	(void)state;
	for (size_t way = 0; way < 5; way++) {
		for (long at = 0; at < n; at += way == 4 ? 3 : 1) {
			struct lab *lab;

			/* A row like the prompt, and then silence for ever, is a prompt. */
			if (way == 4 && (at == 12 || at == 19))
				continue;
			lab = router_with("tcp a b\nR1# c\nR1#\n");

			lab_say(lab, "cut %ld %s", at, ways[way]);
			begin(lab);
			lab->to.silence_ms = 300;
			if (lab_ask(lab, ASK) == 0)
				fail_msg(
				    "%s at %ld passed for whole: \"%s\"", ways[way], at, lab->said);
			if (lab->link.reason != (way == 4 ? REASON_TIMEOUT : REASON_CUT))
				fail_msg("%s at %ld: %s: %s", ways[way], at,
				    reason_name(lab->link.reason), lab->link.why);
			if (strncmp("tcp a b\nR1# c\nR1#\n", lab->said, lab->n_said) != 0)
				fail_msg("%s at %ld gave \"%s\"", ways[way], at, lab->said);
			/* Nothing more is asked of a line in this state. */
			assert_fails(lab, lab_ask(lab, ASK), lab->link.reason, "");
			transport_ssh.close(&lab->link);
			assert_string_equal(lab->sent, "|" ASK "|");
			lab_end(NULL);
		}
	}
}

static void
names_the_prompt_it_waited_for(void **state)
{
	struct lab *lab = router_with(ROWS);

	(void)state;
	lab_say(lab, "next-prompt 1 \"R2\\e[5m(config)#\"");
	begin(lab);
	lab->to.silence_ms = 400;
	assert_fails(lab, lab_ask(lab, ASK), REASON_TIMEOUT, "without its prompt \"R1#\"");
	assert_says(lab->link.why, "it stands at \"R2(config)#\"");
	check_wire(lab);
}

static void
does_not_wait_for_a_drip(void **state)
{
	struct lab *lab = router_with(ROWS);
	int64_t began;

	(void)state;
	lab_say(lab, "drip 20");
	begin(lab);
	began = clock_mono_ms();
	lab->to.deadline_ms = began + 700;
	assert_fails(lab, lab_ask(lab, ASK), REASON_TIMEOUT, "the time for this poll is over");
	assert_in_range(clock_mono_ms() - began, 600, 1500);
	assert_true(lab->n_said < sizeof(ROWS));
}

static void
bounds_a_line_that_never_ends(void **state)
{
	char *line = mem_alloc(LIMIT_LINE + 10, 1);
	struct lab *lab;

	(void)state;
	memset(line, 'x', LIMIT_LINE + 8);
	lab = router_with(line);
	free(line);
	begin(lab);
	assert_fails(lab, lab_ask(lab, ASK), REASON_LIMIT, "a line is longer than 16384 bytes");
	assert_int_equal(lab->n_said, 0);
}

static void
bounds_output_without_end(void **state)
{
	char block[4096];
	struct lab *lab;
	struct sink none = { 0 };
	int status;

	(void)state;
	memset(block, '\n', sizeof(block) - 1);
	block[sizeof(block) - 1] = 0;
	lab = router_with(block);
	lab_say(lab, "endless");
	begin(lab);
	assert_fails(lab, transport_ssh.ask(&lab->link, ASK, &none, &status), REASON_LIMIT,
	    "longer than 256 MB or 2000000 lines");
	assert_true(lab->link.bytes_in < 3 * LIMIT_REPLY_LINES); /* it was the lines */
}

static void
notices_what_follows_a_prompt(void **state)
{
	struct lab *lab = router_with("tcp a\n");

	(void)state;
	/* A row begins with the prompt and its rest comes late: what was read before was not all.
	 */
	lab_say(lab, "late 100 \" c\\r\\ntcp b\\r\\nR1#\"");
	begin(lab);
	assert_goes(lab, lab_ask(lab, ASK));
	(void)usleep(250000);
	assert_fails(lab, lab_ask(lab, ASK), REASON_CUT, "went on talking after its prompt");
	transport_ssh.close(&lab->link);
	assert_string_equal(lab->sent, "|" ASK "|");
}

/* --- exec channels
 * --------------------------------------------------------------------------------- */

#define DUMP "conntrack -L -o extended,id"

static struct lab *
firewall(void)
{
	struct lab *lab = lab_new("linux");

	lab_write(lab->file, "ipv4 2 tcp 6\nipv4 2 udp 17\n");
	lab_say(lab, "reply \"" DUMP "\" %s", lab->file);
	return lab;
}

static void
reads_an_exec_channel(void **state)
{
	struct lab *lab = firewall();

	(void)state;
	lab_say(lab,
	    "aside \"" DUMP "\" \"first\\r\\nconntrack v1.4.7 (conntrack-tools): 2 flow entries\"");
	begin(lab);
	for (int i = 0; i < 40; i++) {
		int64_t began = clock_mono_ms();

		assert_goes(lab, lab_ask(lab, DUMP));
		assert_string_equal(lab->said, "ipv4 2 tcp 6\nipv4 2 udp 17\n");
		assert_string_equal(
		    lab->aside, "first\nconntrack v1.4.7 (conntrack-tools): 2 flow entries\n");
		assert_int_equal(lab->status, 0);
		/* No wait for bytes that have come with others. */
		assert_true(clock_mono_ms() - began < lab->to.silence_ms / 2);
	}
	transport_ssh.close(&lab->link);
	lab_expect(lab, " exec " DUMP, 40);
	lab_expect(lab, " line ", 0);
}

static void
tells_the_exit_status(void **state)
{
	struct lab *lab = firewall();

	(void)state;
	lab_say(lab, "status \"" DUMP "\" 1");
	lab_say(lab, "aside \"" DUMP "\" \"Operation failed\\e[1m\"");
	begin(lab);
	assert_goes(lab, lab_ask(lab, DUMP));
	assert_int_equal(lab->status, 1);
	assert_string_equal(lab->link.why, "Operation failed\\x1b[1m");
	assert_goes(lab, lab_ask(lab, "ss -Htunap"));
	assert_int_equal(lab->status, 127);
	assert_string_equal(lab->aside, "command not found\n");
}

static void
needs_the_exit_status(void **state)
{
	static const char *const ways[] = { "rst", "fin", "eof", "close" };

	(void)state;
	for (size_t way = 0; way < 4; way++) {
		for (int at = 0; at <= 27; at += 3) {
			struct lab *lab = firewall();

			lab_say(lab, "cut %d %s", at, ways[way]);
			begin(lab);
			lab->to.silence_ms = 400;
			if (lab_ask(lab, DUMP) == 0)
				fail_msg("%s at %d passed for whole", ways[way], at);
			if (lab->link.reason != REASON_CUT && lab->link.reason != REASON_TIMEOUT)
				fail_msg(
				    "%s at %d: %s", ways[way], at, reason_name(lab->link.reason));
			lab_end(NULL);
		}
	}
}

static void
says_when_exec_is_refused(void **state)
{
	struct lab *lab = firewall();

	(void)state;
	lab_say(lab, "refuse-exec");
	begin(lab);
	assert_fails(lab, lab_ask(lab, DUMP), REASON_REFUSED, "does not run single commands");
}

static void
bounds_what_is_said_aside(void **state)
{
	struct lab *lab = firewall();
	char *words = mem_alloc(200000, 1);

	(void)state;
	for (int i = 0; i < 199990; i += 10)
		memcpy(words + i, "123456789\n", 10);
	lab_write(lab->file, words);
	free(words);
	lab_say(lab, "aside \"" DUMP "\" @%s", lab->file);
	begin(lab);
	assert_goes(lab, lab_ask(lab, DUMP));
	assert_int_equal(lab->n_said, 199990);
	assert_int_equal(strlen(lab->aside), sizeof(lab->aside) - 1);
	assert_int_equal(lab->n_aside, LIMIT_STDERR / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(reads_through_oddities),
		lab_test(hands_a_refusal_on),
		lab_test(ends_no_reply_at_a_row_like_the_prompt),
		lab_test(reads_a_long_table),
		lab_test(needs_a_prompt),
		lab_test(shows_the_last_words_of_a_full_device),
		lab_test(never_takes_a_cut_reply_for_a_whole_one),
		lab_test(names_the_prompt_it_waited_for),
		lab_test(does_not_wait_for_a_drip),
		lab_test(bounds_a_line_that_never_ends),
		lab_test(bounds_output_without_end),
		lab_test(notices_what_follows_a_prompt),
		lab_test(reads_an_exec_channel),
		lab_test(tells_the_exit_status),
		lab_test(needs_the_exit_status),
		lab_test(says_when_exec_is_refused),
		lab_test(bounds_what_is_said_aside),
	};

	(void)alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
