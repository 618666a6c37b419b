#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/arena.h"
#include "drivers/reply.h"

/* How a reply was read: "complete rows 2 = 3 row 1 noise 0 unread", and its rows. */
struct reading {
	char verdict[160], why[POLL_WHY], rows[2048];
	enum reason reason;
	struct account account;
};

static void
append_row(const struct observation *o, void *arg)
{
	struct reading *r = arg;
	char near[ENDPOINT_TEXT], far[ENDPOINT_TEXT];
	size_t n = strlen(r->rows);

	snprintf(r->rows + n, sizeof(r->rows) - n, "%u: %s %s%s%.*s%s%.*s\n", o->line,
	    endpoint_format(&o->near, near), endpoint_format(&o->far, far), o->state.n ? " " : "",
	    (int)o->state.n, o->state.s, o->place.n ? " in " : "", (int)o->place.n, o->place.s);
}

static const struct program *
program_of(const char *driver, const char *command)
{
	static struct program *last;
	struct error err = { 0 };
	const struct driver *d = driver_find(driver);
	const struct command *c = driver_command(d, text_of(command));

	program_free(last);
	last = NULL;
	if (!c)
		fail_msg("no command %s", command);
	last = program_compile(d, c, &err);
	if (!last)
		fail_msg("%s", err.text);
	return last;
}

/* Feeds n bytes in pieces of `chunk`, each from a block of its own, so that a byte too far is
 * found; then a line of stderr, if there is one. */
static struct reading
read_bytes(const struct program *program, const char *bytes, size_t n, size_t chunk,
    const char *aside, bool whole)
{
	struct reading r = { .rows = "" };
	struct reply *reply = reply_new(program, append_row, &r);
	enum outcome outcome;

	for (size_t i = 0; i < n; i += chunk) {
		size_t piece = n - i < chunk ? n - i : chunk;
		char *exact = mem_alloc(1, piece);

		memcpy(exact, bytes + i, piece);
		reply_feed(reply, exact, piece);
		free(exact);
	}
	if (aside)
		reply_aside(reply, text_of(aside));
	outcome = reply_end(reply, whole);
	r.account = *reply_account(reply);
	r.reason = reply_reason(reply);
	snprintf(r.why, sizeof(r.why), "%s", reply_why(reply));
	snprintf(r.verdict, sizeof(r.verdict), "%s %s: %d rows, %d row %d noise %d unread",
	    outcome_name(outcome), reason_name(r.reason), (int)r.account.rows, (int)r.account.row,
	    (int)r.account.noise, (int)r.account.unread);
	assert_int_equal(r.account.row + r.account.noise + r.account.unread, r.account.lines);
	reply_free(reply);
	return r;
}

static struct reading
read_text(const struct program *program, const char *text)
{
	return read_bytes(program, text, strlen(text), 1 << 20, NULL, true);
}

#define HEADER "TCB       Local Address               Foreign Address             (state)\n"
#define ROW1   "7FE4750011A0  10.46.1.1.179              10.46.2.2.24850             ESTAB\n"
#define ROW2   "10B85C44  10.46.1.1.22               203.0.113.66.50110          FINWAIT2\n"
#define BOTH   "2: 10.46.1.1:179 10.46.2.2:24850 ESTAB\n3: 10.46.1.1:22 203.0.113.66:50110 FINWAIT2\n"

static void
verdicts(void **state)
{
	static const struct {
		const char *text, *verdict;
	} replies[] = {
		{ HEADER ROW1 ROW2, "complete none: 2 rows, 2 row 1 noise 0 unread" },
		{ HEADER, "complete none: 0 rows, 0 row 1 noise 0 unread" },
		{ ROW1, "complete none: 1 rows, 1 row 0 noise 0 unread" },
		{ HEADER ROW1 "10B8  x y z\n", "partial unread: 1 rows, 1 row 1 noise 1 unread" },
		{ HEADER "nonsense\n", "partial unread: 0 rows, 0 row 1 noise 1 unread" },
		{ "nonsense\n", "failed unread: 0 rows, 0 row 0 noise 1 unread" },
		{ "", "failed cut: 0 rows, 0 row 0 noise 0 unread" },
		{ "\n\n", "failed cut: 0 rows, 0 row 2 noise 0 unread" },
		{ "r1#\n", "failed cut: 0 rows, 0 row 1 noise 0 unread" },
		{ "r1#sh tcp br\n" HEADER ROW1 "r1#",
		    "complete none: 1 rows, 1 row 3 noise 0 unread" },
		{ "r1#show clock\n" HEADER, "partial unread: 0 rows, 0 row 1 noise 1 unread" },
		{ "        ^\n% Invalid input detected at '^' marker.\n",
		    "failed refused: 0 rows, 0 row 2 noise 0 unread" },
		{ "Command authorization failed.\n",
		    "failed refused: 0 rows, 0 row 1 noise 0 unread" },
		/* Once there is a table, an error in it is no refusal. */
		{ HEADER ROW1 "% Invalid input detected\n",
		    "partial unread: 1 rows, 1 row 1 noise 1 unread" },
	};
	const struct program *brief = program_of("cisco_ios", "show tcp brief");

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		struct reading r = read_text(brief, replies[i].text);

		assert_string_equal(r.verdict, replies[i].verdict);
		assert_int_equal(r.reason == REASON_NONE, r.why[0] == '\0');
	}
}

static void
line_ends(void **state)
{
	static const char *const texts[] = {
		HEADER ROW1 ROW2,
		"TCB Local Address\r\n7FE4 10.46.1.1.179 10.46.2.2.24850 ESTAB\r\n"
		"10B8 10.46.1.1.22 203.0.113.66.50110 FINWAIT2\r\n",
		"TCB Local Address\r\r\n7FE4 10.46.1.1.179 10.46.2.2.24850 ESTAB\r\r\n"
		"10B8 10.46.1.1.22 203.0.113.66.50110 FINWAIT2",
		"TCB Local\n\033[0m7FE4 10.46.1.1.179 10.46.2.2.24850\033[K ESTAB\n"
		" --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b"
		"10B8 10.46.1.1.22 203.0.113.66.50110 FINWAIT2\n",
		"TCB Local\n7FE4 10.46.1.1.179 10.46.2.2.24850 ESTAB\n --More-- \r          \r"
		"10B8 10.46.1.1.22 203.0.113.66.50110 FINWAIT2\n",
		"TCB Local\n7FE4 10.46.1.1.179 10.46.2.2.24850 ESTAB\n---- More ----\033[16D"
		"                \033[16D10B8 10.46.1.1.22 203.0.113.66.50110 FINWAIT2\n",
	};
	static const char nuls[] = "TCB\n7FE4 10.46.1.1.179 10.46.2.2.24850 ESTAB\0\0\n"
				   "\00010B8 10.46.1.1.22 203.0.113.66.50110 FINWAIT2";
	const struct program *brief = program_of("cisco_ios", "show tcp brief");
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_string_equal(read_text(brief, texts[i]).rows, BOTH);
	r = read_bytes(brief, nuls, sizeof(nuls) - 1, 7, NULL, true);
	assert_string_equal(r.rows, BOTH);
}

/* A cut last line may read well and still be wrong: 24850 of 248501. */
static void
cut_last_line(void **state)
{
	const struct program *brief = program_of("cisco_ios", "show tcp brief");
	const char *text = HEADER ROW1 "10B85C44  10.46.1.1.22  203.0.113.66.5011  FINWAIT";
	struct reading r = read_bytes(brief, text, strlen(text), 100, NULL, false);

	(void)state;
	assert_string_equal(r.verdict, "partial cut: 1 rows, 1 row 1 noise 1 unread");
	r = read_bytes(brief, "", 0, 1, NULL, false);
	assert_string_equal(r.verdict, "failed cut: 0 rows, 0 row 0 noise 0 unread");
}

static void
long_lines(void **state)
{
	const struct program *brief = program_of("cisco_ios", "show tcp brief");
	size_t n = LIMIT_LINE + 10, rest = sizeof(ROW1) - 1;
	char *text = mem_alloc(1, n + rest + 1);
	struct reading r;

	(void)state;
	memset(text, 'x', n);
	text[n - 1] = '\n';
	memcpy(text + n, ROW1, rest);
	for (size_t chunk = 1000; chunk <= 100000; chunk *= 10) {
		r = read_bytes(brief, text, n + rest, chunk, NULL, true);
		assert_string_equal(r.verdict, "partial unread: 1 rows, 1 row 0 noise 1 unread");
	}
	free(text);
}

static void
totals(void **state)
{
#define FLOW                                                                                       \
	"udp 17 29 src=10.72.0.30 dst=192.0.2.53 sport=5353 dport=53 src=192.0.2.53 "              \
	"dst=10.72.0.30 "                                                                          \
	"sport=53 dport=5353 mark=0 use=1 id=77\n"
#define SHOWN(n) "conntrack v1.4.7 (conntrack-tools): " n " flow entries have been shown."
	static const struct {
		const char *text, *aside, *verdict;
	} replies[] = {
		{ FLOW FLOW, SHOWN("2"), "complete none: 2 rows, 2 row 1 noise 0 unread" },
		{ FLOW, SHOWN("2"), "partial total: 1 rows, 1 row 1 noise 0 unread" },
		{ FLOW FLOW, SHOWN("1"), "complete none: 2 rows, 2 row 1 noise 0 unread" },
		{ "", SHOWN("0"), "complete none: 0 rows, 0 row 1 noise 0 unread" },
		{ "", SHOWN("1"), "partial total: 0 rows, 0 row 1 noise 0 unread" },
		{ "", NULL, "failed cut: 0 rows, 0 row 0 noise 0 unread" },
		{ SHOWN("2") "\n" FLOW FLOW, NULL,
		    "complete none: 2 rows, 2 row 1 noise 0 unread" },
		{ FLOW, "something else", "partial unread: 1 rows, 1 row 0 noise 1 unread" },
		{ FLOW, "", "complete none: 1 rows, 1 row 1 noise 0 unread" },
		{ "",
		    "conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root",
		    "failed refused: 0 rows, 0 row 1 noise 0 unread" },
		{ "", "sh: 1: conntrack: not found",
		    "failed refused: 0 rows, 0 row 1 noise 0 unread" },
	};
	const struct program *conntrack = program_of("linux", "conntrack -L");

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++)
		assert_string_equal(read_bytes(conntrack, replies[i].text, strlen(replies[i].text),
					64, replies[i].aside, true)
					.verdict,
		    replies[i].verdict);
}

#define NAT                                                                                        \
	"Pro Inside global Inside local Outside local Outside global\n"                            \
	"tcp 192.0.2.1:514 10.1.2.3:53 203.0.113.22:256 203.0.113.22:256\n"                        \
	"create 04/09/11 10:51:48, use 04/09/11 10:52:31, timeout: 00:01:00\n"                     \
	"entry-id: 0x8ef80350, use_count:1\n"                                                      \
	"--- 192.0.2.9 10.1.2.9 --- ---\n"                                                         \
	"    Flags: static\n\n"

static void
records(void **state)
{
	static const char rows[] = "2: 10.1.2.3:53 203.0.113.22:256\n5: 10.1.2.9 -\n";
	const struct program *nat = program_of("cisco_ios", "show ip nat translations verbose");
	struct reading r;

	(void)state;
	r = read_text(nat, NAT "Total number of translations: 2\n");
	assert_string_equal(r.verdict, "complete none: 2 rows, 5 row 3 noise 0 unread");
	assert_string_equal(r.rows, rows);
	r = read_text(nat, NAT "Total number of translations: 3\n");
	assert_string_equal(r.verdict, "partial total: 2 rows, 5 row 3 noise 0 unread");
	r = read_text(nat, NAT);
	assert_string_equal(r.rows, rows);
	/* The record that is open when the reply is cut is not whole. */
	r = read_bytes(nat, NAT, sizeof(NAT) - 1, 1000, NULL, false);
	assert_string_equal(r.verdict, "partial cut: 1 rows, 3 row 2 noise 2 unread");
	/* Lines that continue nothing. */
	r = read_text(nat, "entry-id: 0x1, use_count:1\n");
	assert_string_equal(r.verdict, "failed unread: 0 rows, 0 row 0 noise 1 unread");
}

static void
long_records(void **state)
{
	const struct program *nat = program_of("cisco_ios", "show ip nat translations verbose");
	char text[8192] = "--- 192.0.2.9 10.1.2.9 --- ---\n";
	struct reading r;

	(void)state;
	for (int i = 0; i < 100; i++)
		memcpy(text + strlen(text), "Flags: static\n", sizeof("Flags: static\n"));
	r = read_text(nat, text);
	assert_string_equal(r.verdict, "partial unread: 1 rows, 64 row 0 noise 37 unread");
}

static void
place_of_the_command(void **state)
{
	const struct program *nat = program_of("cisco_ios", "show ip nat translations");

	(void)state;
	assert_string_equal(
	    read_text(nat, "r1#sh ip nat tr vrf red\n--- 192.0.2.9 10.1.2.9 --- ---\n").rows,
	    "2: 10.1.2.9 - in red\n");
}

#define META(way, src, dst)                                                                        \
	"<meta direction=\"" way "\"><layer3><src>" src "</src><dst>" dst                          \
	"</dst></layer3><layer4 protonum=\"6\"><sport>5</sport><dport>6</dport></layer4></meta>"
#define FLOW_XML                                                                                   \
	"<flow>" META("original", "10.1.0.1", "203.0.113.1")                                       \
	    META("reply", "203.0.113.1", "192.0.2.1") "</flow>\n"

static void
xml(void **state)
{
	static const struct {
		const char *text, *verdict;
	} replies[] = {
		{ "<?xml version=\"1.0\"?>\n<conntrack>\n" FLOW_XML FLOW_XML "</conntrack>\n",
		    "complete none: 2 rows, 2 row 3 noise 0 unread" },
		{ "# conntrack -L -o xml\n<conntrack>\n</conntrack>\n#",
		    "complete none: 0 rows, 0 row 4 noise 0 unread" },
		{ "<conntrack>\n" FLOW_XML "</conntrack>\n" SHOWN("2") "\n",
		    "partial total: 1 rows, 1 row 3 noise 0 unread" },
		/* One record over lines, and one line with two records. */
		{ "<conntrack><flow>\n\n" META(
		      "original", "10.1.0.1", "203.0.113.1") "\n"
							     "</flow></conntrack>",
		    "complete none: 1 rows, 4 row 0 noise 0 unread" },
		{ "<conntrack><flow>" META(
		      "original", "10.1.0.1", "203.0.113.1") "</flow><flow>" META("original",
		      "10.1.0.2", "203.0.113.1") "</flow></conntrack>\n",
		    "complete none: 2 rows, 1 row 0 noise 0 unread" },
		{ "<conntrack>\n<flow>" META(
		      "original", "10.1.0.x", "203.0.113.1") "</flow>\n"
							     "</conntrack>\n",
		    "partial unread: 0 rows, 0 row 2 noise 1 unread" },
		{ "<conntrack>\n<flow/>\n</conntrack>\n",
		    "partial unread: 0 rows, 0 row 2 noise 1 unread" },
		{ "<error code=\"1\"/>\n", "failed unread: 0 rows, 0 row 0 noise 1 unread" },
		{ "<conntrack>\nno permission</conntrack>\n",
		    "partial unread: 0 rows, 0 row 1 noise 1 unread" },
		{ "<conntrack>\n" FLOW_XML, "partial cut: 1 rows, 1 row 1 noise 0 unread" },
		{ "<conntrack>\n" FLOW_XML "</flow>\n",
		    "partial unread: 1 rows, 1 row 1 noise 1 unread" },
		{ "<!DOCTYPE x [<!ENTITY a \"b\">]>\n<conntrack/>\n",
		    "failed unread: 0 rows, 0 row 0 noise 1 unread" },
		{ "<conntrack>&a;</conntrack>\n", "failed unread: 0 rows, 0 row 0 noise 1 unread" },
		{ "Operation failed: sorry, you must be root\n",
		    "failed refused: 0 rows, 0 row 1 noise 0 unread" },
	};
	const struct program *program = program_of("linux", "conntrack -L -o xml");

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++)
		for (size_t chunk = 1; chunk < 10000; chunk *= 7) {
			const char *text = replies[i].text;
			struct reading r = read_bytes(
			    program, text, strlen(text), chunk, NULL, true);

			if (strcmp(r.verdict, replies[i].verdict) != 0)
				fail_msg("%s in pieces of %zu: %s (%s), not %s", text, chunk,
				    r.verdict, r.why, replies[i].verdict);
		}
}

static void
xml_bounds(void **state)
{
	const struct program *program = program_of("linux", "conntrack -L -o xml");
	size_t n = LIMIT_XML_TEXT + 100;
	char *text = mem_alloc(1, n + 32);
	struct reading r;

	(void)state;
	for (int i = 0; i <= LIMIT_XML_DEPTH; i++)
		memcpy(text + 3 * i, "<a>", 4);
	r = read_text(program, text);
	assert_int_equal(r.reason, REASON_LIMIT);
	memset(text, 'x', n);
	memcpy(text, "<conntrack><flow>", 17);
	r = read_bytes(program, text, n, 1000, NULL, true);
	assert_int_equal(r.reason, REASON_LIMIT);
	free(text);
}

/* However the bytes are cut, the reading is the same. */
static void
any_chunks(void **state)
{
	static const struct {
		const char *driver, *command, *text;
	} replies[] = {
		{ "cisco_ios", "show tcp brief",
		    "r1#show tcp brief\r\n" HEADER ROW1 "x\n" ROW2 "r1#" },
		{ "cisco_ios", "show ip nat translations verbose",
		    NAT "Total number of translations: 2\n" },
		{ "linux", "conntrack -L", FLOW FLOW "tcp 6 cut src=1\n" },
		{ "linux", "conntrack -L -o xml",
		    "<?xml version=\"1.0\"?>\n<conntrack>\n" FLOW_XML FLOW_XML "</conntrack>\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		const struct program *p = program_of(replies[i].driver, replies[i].command);
		size_t n = strlen(replies[i].text);
		struct reading whole = read_text(p, replies[i].text);

		for (size_t chunk = 1; chunk < n; chunk++) {
			struct reading r = read_bytes(p, replies[i].text, n, chunk, NULL, true);

			assert_string_equal(r.verdict, whole.verdict);
			assert_string_equal(r.rows, whole.rows);
		}
		for (size_t cut = 0; cut <= n; cut++) {
			struct reading r = read_bytes(p, replies[i].text, cut, 50, NULL, false);

			assert_string_not_equal(r.why, "");
			assert_int_not_equal(strncmp(r.verdict, "complete", 8), 0);
		}
	}
}

static void
unread_lines(void **state)
{
	const struct program *brief = program_of("cisco_ios", "show tcp brief");
	struct reading r = { .rows = "" };
	struct reply *reply = reply_new(brief, append_row, &r);
	const struct text *lines;
	const uint32_t *numbers;
	const char *text = HEADER
	    "7FE4 router.example.22 203.0.113.66.50110 ESTAB\nbad\x1b[2Jline\n";

	(void)state;
	reply_feed(reply, text, strlen(text));
	for (int i = 0; i < 20; i++)
		reply_feed(reply, "more\n", 5);
	assert_int_equal(reply_end(reply, true), OUTCOME_PARTIAL);
	assert_int_equal(reply_unread(reply, &lines, &numbers), LIMIT_UNREAD_KEPT);
	assert_int_equal(numbers[1], 3);
	assert_true(text_is(lines[1], "bad\x1b[2Jline"));
	assert_non_null(strstr(reply_why(reply), "line 2: a host name stands where an address"));
	reply_free(reply);
}

static void
netstat_without_w(void **state)
{
	const struct driver *d = driver_find("linux");
	const char *text =
	    "Active Internet connections (w/o servers)\n"
	    "Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n"
	    "tcp6       0      0 2001:db8::1111:222:4755 2001:db8::1:443         ESTABLISHED\n";
	const struct command *c = reply_guess(d, text_of(text));
	struct reading r;

	(void)state;
	assert_non_null(c);
	assert_string_equal(c->send, "netstat -tunap");
	r = read_text(program_of("linux", "netstat -tunap"), text);
	assert_string_equal(r.verdict, "partial unread: 0 rows, 0 row 2 noise 1 unread");
	assert_non_null(strstr(r.why, "-W"));
	r = read_text(program_of("linux", "netstat -W -tunap"), text);
	assert_string_equal(r.verdict, "complete none: 1 rows, 1 row 2 noise 0 unread");
}

static void
guesses(void **state)
{
	static const struct {
		const char *driver, *text, *send;
	} replies[] = {
		{ "cisco_ios", "r1#sh tcp br\n", "show tcp brief" },
		{ "cisco_ios", HEADER, "show tcp brief numeric" },
		{ "cisco_ios", ROW1, "show tcp brief numeric" },
		{ "cisco_ios", NAT, "show ip nat translations verbose" },
		{ "linux", FLOW, "conntrack -L -o extended,id" },
		{ "linux", "<conntrack>\n" FLOW_XML "</conntrack>", "conntrack -L -o xml" },
		{ "linux", "tcp ESTAB 0 0 10.0.0.1:22 203.0.113.1:5000\n", "ss -Htunap" },
		{ "linux", "nothing of the kind\n", NULL },
		{ "linux", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		const struct command *c = reply_guess(
		    driver_find(replies[i].driver), text_of(replies[i].text));

		assert_int_equal(c == NULL, replies[i].send == NULL);
		if (c)
			assert_string_equal(c->send, replies[i].send);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(cut_last_line),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(totals),
		cmocka_unit_test(records),
		cmocka_unit_test(long_records),
		cmocka_unit_test(place_of_the_command),
		cmocka_unit_test(xml),
		cmocka_unit_test(xml_bounds),
		cmocka_unit_test(any_chunks),
		cmocka_unit_test(unread_lines),
		cmocka_unit_test(netstat_without_w),
		cmocka_unit_test(guesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
