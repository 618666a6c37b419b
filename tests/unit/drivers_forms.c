/* The forms json, columns and csv; heads, folded rows, paragraphs, lines that a record needs: read
 * in pieces of every size, cut at every byte, and abused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/arena.h"
#include "drivers/reply.h"

struct reading {
	char rows[4096];
	size_t n;
	enum outcome outcome;
	struct account account;
	char why[POLL_WHY];
};

static enum topic topic; /* of the program last compiled */

static void
append(const struct observation *o, void *arg)
{
	struct reading *r = arg;
	char near[ENDPOINT_TEXT], far[ENDPOINT_TEXT];
	/* A session has no such fact, and a row of one no such place. */
	struct text vlan = topic_has_particulars(topic) ? o->more.vlan : (struct text){ 0 };

	if (r->n + 400 > sizeof(r->rows))
		return;
	r->n += (size_t)snprintf(r->rows + r->n, sizeof(r->rows) - r->n,
	    "%u %s%s%s %s state=%.*s place=%.*s mac=%.*s vlan=%.*s\n", o->line,
	    proto_name(o->proto), o->proto == PROTO_NONE ? "" : " ",
	    endpoint_format(&o->near, near), endpoint_format(&o->far, far), (int)o->state.n,
	    o->state.s ? o->state.s : "", (int)o->place.n, o->place.s ? o->place.s : "",
	    (int)o->mac.n, o->mac.s ? o->mac.s : "", (int)vlan.n, vlan.s ? vlan.s : "");
}

static const struct program *
program_of(const struct command *command)
{
	static struct driver driver;
	static struct command commands[2];
	static struct program *last;
	struct error err = { 0 };

	topic = command->topic;
	commands[0] = *command;
	commands[0].send = "show it";
	driver = (struct driver){ .name = "test",
		.title = "test",
		.dialect = { .shell = true, .prompt = "#" },
		.commands = commands,
		.blind = "",
		.privilege = "" };
	program_free(last);
	last = program_compile(&driver, &commands[0], &err);
	if (!last)
		fail_msg("%s", err.text);
	return last;
}

static struct reading
read_pieces(const struct program *program, const char *bytes, size_t n, size_t piece, bool whole)
{
	struct reading r = { .n = 0 };
	struct reply *reply = reply_new(program, append, &r);

	for (size_t at = 0; at < n; at += piece) {
		size_t some = n - at < piece ? n - at : piece;
		char *exact = mem_alloc(1, some);

		memcpy(exact, bytes + at, some);
		reply_feed(reply, exact, some);
		free(exact);
	}
	r.outcome = reply_end(reply, whole);
	r.account = *reply_account(reply);
	snprintf(r.why, sizeof(r.why), "%s", reply_why(reply));
	assert_int_equal(r.account.row + r.account.noise + r.account.unread, r.account.lines);
	reply_free(reply);
	return r;
}

/* Whole in any pieces the same; cut anywhere never complete. */
static struct reading
reading(const struct command *command, const char *text)
{
	const struct program *program = program_of(command);
	size_t n = strlen(text);
	struct reading all = read_pieces(program, text, n, n ? n : 1, true);

	for (size_t piece = 1; piece < n && piece < 40; piece++) {
		struct reading r = read_pieces(program, text, n, piece, true);

		assert_string_equal(r.rows, all.rows);
		assert_int_equal(r.outcome, all.outcome);
		assert_memory_equal(&r.account, &all.account, sizeof(r.account));
	}
	for (size_t cut = 0; cut < n; cut++)
		if (read_pieces(program, text, cut, 7, false).outcome == OUTCOME_COMPLETE)
			fail_msg("complete, cut at byte %zu", cut);
	return all;
}

static void
expect(const struct command *command, const char *text, enum outcome outcome, const char *rows,
    unsigned unread)
{
	struct reading r = reading(command, text);

	if (r.outcome != outcome || strcmp(r.rows, rows) != 0 || r.account.unread != unread)
		fail_msg("%s: %s\n%s%u unread, expected %s\n%s%u unread", outcome_name(r.outcome),
		    r.why, r.rows, (unsigned)r.account.unread, outcome_name(outcome), rows, unread);
}

/* json ------------------------------------------------------------------------------------- */

static const char *const json_patterns[] = { "list/row", "local/addr {near.addr}",
	"local/port {near.port}", "peer {far}", "state {state}", ". {proto=tcp}", NULL };
static const char *const json_noise[] = { "count:", NULL };
static const struct command json = { .topic = TOPIC_SOCKETS,
	.form = FORM_JSON,
	.scope = SCOPE_HOST,
	.patterns = json_patterns,
	.noise = json_noise };

static void
json_records(void **state)
{
	(void)state;
	expect(&json,
	    "{\"count\": {\"all\": [1, \"}\"]},\n \"list\": {\"row\": [\n"
	    "  {\"local\": {\"addr\": \"10.0.0.1\", \"port\": 22}, \"peer\": \"192.0.2.7:4000\", "
	    "\"state\": \"E\\\"S\", \"else\": [{\"state\": 1}]},\n"
	    "  {\"local\": {\"addr\": \"2001:db8::1\", \"port\": 22},\n   \"state\": null}\n ]}}\n",
	    OUTCOME_COMPLETE,
	    "3 tcp 10.0.0.1:22 192.0.2.7:4000 state=E\"S place= mac= vlan=\n"
	    "4 tcp [2001:db8::1]:22 - state= place= mac= vlan=\n",
	    0);
	/* One object instead of a list, prompts around it. */
	expect(&json,
	    "r1#show "
	    "it\n{\"list\":{\"row\":{\"local\":{\"addr\":\"10.0.0.1\",\"port\":22}}}}\nr1#\n",
	    OUTCOME_COMPLETE, "2 tcp 10.0.0.1:22 - state= place= mac= vlan=\n", 0);
	expect(&json, "{\"count\":0,\"list\":{\"row\":[]}}\n", OUTCOME_COMPLETE, "", 0);
}

static void
json_faults(void **state)
{
	char deep[200] = "";

	(void)state;
	/* A key nobody knows, a record that does not read, one of nobody, a number for a record. */
	expect(&json, "{\"other\":1,\n\"list\":{\"row\":[]}}\n", OUTCOME_FAILED, "", 1);
	expect(&json, "{\"list\":{\"row\":[{\"local\":{\"addr\":\"host\",\"port\":22}}]}}\n",
	    OUTCOME_FAILED, "", 1);
	expect(&json, "{\"list\":{\"row\":[{\"state\":\"x\"}]}}\n", OUTCOME_FAILED, "", 1);
	expect(&json, "{\"list\":{\"row\":[7]}}\n", OUTCOME_FAILED, "", 1);
	/* Twice the same key, brackets that do not match, no end, something behind the end. */
	expect(&json,
	    "{\"list\":{\"row\":[{\"state\":\"x\",\"state\":\"y\",\"peer\":\"192.0.2.1:1\"}]}}\n",
	    OUTCOME_FAILED, "", 1);
	expect(&json, "{\"list\":[}\n", OUTCOME_FAILED, "", 1);
	expect(&json, "{\"list\":{\"row\":[]}\n", OUTCOME_FAILED, "", 0);
	expect(&json, "{\"count\":1} x\n", OUTCOME_PARTIAL, "", 1);
	memset(deep, '[', 100);
	memcpy(deep + 100, "\n", 2);
	assert_int_equal(reading(&json, deep).outcome, OUTCOME_FAILED);
}

/* columns and csv -------------------------------------------------------------------------- */

static const char *const column_patterns[] = { "Local Address | {near}",
	"Local Address | {_...}...{unread=cut}", "Peer | {far}", "Kind Of State | {state...}",
	"[Zone] | {place}", ". | {proto=udp}", NULL };
static const char *const column_noise[] = { "Sockets", NULL };
static const struct command columns = { .topic = TOPIC_SOCKETS,
	.form = FORM_COLUMNS,
	.scope = SCOPE_HOST,
	.patterns = column_patterns,
	.noise = column_noise,
	.total = "Total: {total}" };
static const struct command csv = {
	.topic = TOPIC_SOCKETS, .form = FORM_CSV, .scope = SCOPE_HOST, .patterns = column_patterns
};

static void
columns_by_rule(void **state)
{
	(void)state;
	/* In another order, upper case, one nobody asked for, right-aligned, a blank cell. */
	expect(&columns,
	    "Sockets\n"
	    "No  PEER               KIND OF STATE  Local Address\n"
	    "--  -----------------  -------------  -------------\n"
	    " 1  192.0.2.7:443      being up       10.0.0.1:5000\n"
	    " 2    198.51.100.7:53                 10.0.0.2:5001\n"
	    "Total: 2\n",
	    OUTCOME_COMPLETE,
	    "4 udp 10.0.0.1:5000 192.0.2.7:443 state=being up place= mac= vlan=\n"
	    "5 udp 10.0.0.2:5001 198.51.100.7:53 state= place= mac= vlan=\n",
	    0);
	/* A second header with other widths, and a column that need not be there. */
	expect(&columns,
	    "Local Address  Peer         Kind Of State\n"
	    "-------------  -----------  -------------\n"
	    "10.0.0.1:1     192.0.2.7:2  a\n"
	    "Peer         Zone  Kind Of State  Local Address\n"
	    "===========  ====  =============  =============\n"
	    "192.0.2.7:3  z9    b              10.0.0.1:4\n",
	    OUTCOME_COMPLETE,
	    "3 udp 10.0.0.1:1 192.0.2.7:2 state=a place= mac= vlan=\n"
	    "6 udp 10.0.0.1:4 192.0.2.7:3 state=b place=z9 mac= vlan=\n",
	    0);
}

static void
columns_by_names(void **state)
{
	(void)state;
	expect(&columns,
	    "Local Address    Peer             Kind Of State  No\n"
	    "10.0.0.1:1       192.0.2.7:2      up             1\n",
	    OUTCOME_COMPLETE, "2 udp 10.0.0.1:1 192.0.2.7:2 state=up place= mac= vlan=\n", 0);
}

static void
columns_faults(void **state)
{
	(void)state;
	/* No header, a header that lacks a column, a word across a border, a cell cut by the tool.
	 */
	expect(&columns, "10.0.0.1:1  192.0.2.7:2  up\n", OUTCOME_FAILED, "", 1);
	expect(&columns, "Local Address  Peer\n-------------  ----\n10.0.0.1:1     -\n",
	    OUTCOME_FAILED, "", 2);
	expect(&columns,
	    "Local Address  Peer         Kind Of State\n"
	    "-------------  -----------  -------------\n"
	    "10.0.0.1:1234567890 192.0.2.7:2  a\n"
	    "2001:db8:1...  192.0.2.7:2  a\n"
	    "10.0.0.1:1     192.0.2.7:2  a\n",
	    OUTCOME_PARTIAL, "5 udp 10.0.0.1:1 192.0.2.7:2 state=a place= mac= vlan=\n", 2);
	/* An empty table is whole, a lost one is not. */
	expect(&columns,
	    "Local Address  Peer         Kind Of State\n"
	    "-------------  -----------  -------------\n",
	    OUTCOME_COMPLETE, "", 0);
	expect(&columns, "-------------  -----------\n", OUTCOME_FAILED, "", 0);
}

static void
csv_values(void **state)
{
	(void)state;
	expect(&csv,
	    "\xef\xbb\xbf\"Local Address\",Other,\"Peer\",\"Kind Of State\"\n"
	    "\"10.0.0.1:1\",\"a,b\",192.0.2.7:2,\"so \"\"up\"\"\"\n"
	    "10.0.0.1:3,,192.0.2.7:4,\n",
	    OUTCOME_COMPLETE,
	    "2 udp 10.0.0.1:1 192.0.2.7:2 state=so \"up\" place= mac= vlan=\n"
	    "3 udp 10.0.0.1:3 192.0.2.7:4 state= place= mac= vlan=\n",
	    0);
	/* Too many, too few, a quote that does not close. */
	expect(&csv,
	    "Local Address,Peer,Kind Of State\n10.0.0.1:1,192.0.2.7:2,a,b\n10.0.0.1:1\n"
	    "\"10.0.0.1:1,192.0.2.7:2,a\n10.0.0.1:1,192.0.2.7:2,a\n",
	    OUTCOME_PARTIAL, "5 udp 10.0.0.1:1 192.0.2.7:2 state=a place= mac= vlan=\n", 3);
}

/* heads, folds, paragraphs, needed lines --------------------------------------------------- */

static const char *const head_patterns[] = { "@ node {place}:", "@ state {state}", "{near} {far}",
	NULL };
static const char *const head_noise[] = { "Sessions", "~ clock ", NULL };
static const struct command heads = { .topic = TOPIC_SESSIONS,
	.form = FORM_ROWS,
	.scope = SCOPE_TRANSIT,
	.patterns = head_patterns,
	.noise = head_noise };

static void
heads_hold(void **state)
{
	(void)state;
	expect(&heads,
	    "Sessions\n10.0.0.1:1 192.0.2.7:1\nnode n0:\nstate up\n10.0.0.1:2 192.0.2.7:2\n"
	    "node n1:\n10.0.0.1:3 192.0.2.7:3\n",
	    OUTCOME_COMPLETE,
	    "2 10.0.0.1:1 192.0.2.7:1 state= place= mac= vlan=\n"
	    "5 10.0.0.1:2 192.0.2.7:2 state=up place=n0 mac= vlan=\n"
	    "7 10.0.0.1:3 192.0.2.7:3 state=up place=n1 mac= vlan=\n",
	    0);
	/* Neither a clock nor a head proves that a table was printed; a header does. */
	expect(&heads, "clock 12:00\nnode n0:\n", OUTCOME_FAILED, "", 0);
	expect(&heads, "clock 12:00\nSessions\n", OUTCOME_COMPLETE, "", 0);
}

static const char *const fold_patterns[] = { "{number} from {near} to {far} is {state...}", NULL };
static struct command folds = { .topic = TOPIC_SESSIONS,
	.form = FORM_ROWS,
	.scope = SCOPE_TRANSIT,
	.patterns = fold_patterns,
	.begins = "{number} from ",
	.total = "Total {total}" };

static void
folded(void **state)
{
	(void)state;
	folds.folds_at = 0;
	expect(&folds,
	    "1 from 10.0.0.1:1 to\n    192.0.2.7:1\n   is up and\n  running\n2 from 10.0.0.1:2 to "
	    "192.0.2.7:2 is x\n\nTotal 2\n",
	    OUTCOME_COMPLETE,
	    "1 10.0.0.1:1 192.0.2.7:1 state=up and running place= mac= vlan=\n"
	    "5 10.0.0.1:2 192.0.2.7:2 state=x place= mac= vlan=\n",
	    0);
	/* What does not read is unread with all its lines; a stray line alone. */
	expect(&folds,
	    "stray\n1 from 10.0.0.1:1 to\nnowhere\n2 from 10.0.0.1:2 to 192.0.2.7:2 is x\n",
	    OUTCOME_PARTIAL, "4 10.0.0.1:2 192.0.2.7:2 state=x place= mac= vlan=\n", 3);
	/* At a width: only a line as wide goes on, whatever the next one looks like. */
	folds.folds_at = 20;
	expect(&folds,
	    "1 from 10.0.0.1:1 to\n 192.0.2.7:1 is a]b#\n2 from 10.0.0.1:2 to\n 192.0.2.7:2 is "
	    "x\nr1#\n",
	    OUTCOME_COMPLETE,
	    "1 10.0.0.1:1 192.0.2.7:1 state=a]b# place= mac= vlan=\n"
	    "3 10.0.0.1:2 192.0.2.7:2 state=x place= mac= vlan=\n",
	    0);
}

static const char *const block_patterns[] = { "open {near}", "+ note {_...}", "+. peer {far}",
	NULL };
static const struct command blocks = { .topic = TOPIC_SESSIONS,
	.form = FORM_BLOCKS,
	.scope = SCOPE_TRANSIT,
	.patterns = block_patterns,
	.total = "Total {total}" };

static void
needed_lines(void **state)
{
	(void)state;
	expect(&blocks,
	    "open 10.0.0.1:1\nnote a\npeer 192.0.2.7:1\nnote b\nopen 10.0.0.1:2\npeer 192.0.2.7:2\n"
	    "Total 2\n",
	    OUTCOME_COMPLETE,
	    "1 10.0.0.1:1 192.0.2.7:1 state= place= mac= vlan=\n"
	    "5 10.0.0.1:2 192.0.2.7:2 state= place= mac= vlan=\n",
	    0);
	expect(&blocks, "open 10.0.0.1:1\nnote a\nopen 10.0.0.1:2\npeer 192.0.2.7:2\nTotal 1\n",
	    OUTCOME_PARTIAL, "3 10.0.0.1:2 192.0.2.7:2 state= place= mac= vlan=\n", 2);
}

static const char *const paragraph_patterns[] = { "mac {mac:mac}", "vlan {vlan}", "at {near.addr}",
	"+ {_}: {_...}", NULL };
static const struct command paragraphs = { .topic = TOPIC_STATIONS,
	.form = FORM_BLOCKS,
	.scope = SCOPE_SELF,
	.patterns = paragraph_patterns,
	.paragraphs = true };

static void
paragraphs_end_at_blanks(void **state)
{
	(void)state;
	expect(&paragraphs,
	    "vlan 7\nmac 00:00:5e:00:53:01\nelse: x\n\nmac 0000.5e00.5302\nvlan 8\n \n",
	    OUTCOME_COMPLETE,
	    "1 - - state= place= mac=00:00:5e:00:53:01 vlan=7\n"
	    "5 - - state= place= mac=0000.5e00.5302 vlan=8\n",
	    0);
	expect(&paragraphs, "else: x\nmac 00:00:5e:00:53\n\nvlan 8\n", OUTCOME_PARTIAL,
	    "4 - - state= place= mac= vlan=8\n", 2);
}

/* words ------------------------------------------------------------------------------------ */

static const char *const hex_patterns[] = { "{near.addr:hex} {near.port:hex} {proto:hex}",
	"{near:native} {far:native} {bytes:scaled}", NULL };
static const struct command hexes = {
	.topic = TOPIC_SESSIONS, .form = FORM_ROWS, .scope = SCOPE_TRANSIT, .patterns = hex_patterns
};

static void
hexadecimal(void **state)
{
	(void)state;
	expect(&hexes,
	    "0a460515 0000c50c 00000006\n"
	    "0100007F:1F90 00000000000000000000000001000000:0050 12K\n",
	    OUTCOME_COMPLETE,
	    "1 tcp 10.70.5.21:50444 - state= place= mac= vlan=\n"
	    "2 127.0.0.1:8080 [::1]:80 state= place= mac= vlan=\n",
	    0);
	expect(&hexes, "0a4605 c50c 6\n0a460515 1c50c 6\n0a460515 c50c 106\n0100007F 0:1 1\n",
	    OUTCOME_FAILED, "", 4);
}

/* What no session has cannot be named by a pattern of sessions. */
static void
no_vlan_of_a_session(void **state)
{
	static const char *const patterns[] = { "{near} {far} {vlan}", NULL };
	struct command commands[2] = { { .send = "show it",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .patterns = patterns } };
	struct driver driver = { .name = "test", .commands = commands };
	struct error err = { 0 };

	(void)state;
	assert_null(program_compile(&driver, &commands[0], &err));
	assert_non_null(strstr(err.text, "a session has no such field"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_records),
		cmocka_unit_test(json_faults),
		cmocka_unit_test(columns_by_rule),
		cmocka_unit_test(columns_by_names),
		cmocka_unit_test(columns_faults),
		cmocka_unit_test(csv_values),
		cmocka_unit_test(heads_hold),
		cmocka_unit_test(folded),
		cmocka_unit_test(needed_lines),
		cmocka_unit_test(paragraphs_end_at_blanks),
		cmocka_unit_test(hexadecimal),
		cmocka_unit_test(no_vlan_of_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
