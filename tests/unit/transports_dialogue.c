/* The pure part of a shell dialogue: every case whole, byte by byte, and cut at every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "transports/dialogue.h"

static const char *const mores[] = { " --More-- ", "---(more", "<--- More --->", "---- More ----",
	NULL };
static const struct dialect dialect = { .shell = true, .prompt = ">#", .more = mores };

static char said[65536];
static size_t n_said;

static void
take(void *arg, const char *bytes, size_t n)
{
	(void)arg;
	assert_true(n_said + n < sizeof(said));
	memcpy(said + n_said, bytes, n);
	n_said += n;
	said[n_said] = 0;
}

static const struct sink sink = { .bytes = take };

static struct dialogue *
begin(const char *prompt, const char *sent, bool echoes)
{
	struct dialogue *d = mem_alloc(1, sizeof(*d));

	dialogue_init(d, &dialect);
	dialogue_learn(d, text_of(prompt));
	dialogue_begin(d, sent);
	d->echoes = echoes;
	n_said = 0;
	said[0] = 0;
	return d;
}

/* \1 in a case is where the device waits for a key: a more-mark must stand there, and is answered.
 */
#define KEY "\1"

static void
feed_piece(struct dialogue *d, const char *bytes, size_t n)
{
	const char *key;

	while (n > 0) {
		key = memchr(bytes, KEY[0], n);
		if (!key) {
			assert_int_equal(dialogue_feed(d, bytes, n, &sink), 0);
			return;
		}
		assert_int_equal(dialogue_feed(d, bytes, (size_t)(key - bytes), &sink), 0);
		assert_int_equal(dialogue_sight(d), DIALOGUE_MORE);
		dialogue_answered(d);
		n -= (size_t)(key + 1 - bytes);
		bytes = key + 1;
	}
}

/* Feeds a reply in pieces: the first of one size, the others of another. */
static void
feed(struct dialogue *d, const char *bytes, size_t n, size_t first, size_t step)
{
	for (size_t at = 0, size = first; at < n; at += size, size = step) {
		if (size > n - at)
			size = n - at;
		feed_piece(d, bytes + at, size);
	}
}

struct row {
	const char *sent, *bytes, *want;
	enum dialogue_sight sight;
	size_t size; /* of bytes, when they hold a NUL */
};

static void
check(const struct row *r, size_t first, size_t step)
{
	struct dialogue *d = begin("R1#", r->sent, false);

	feed(d, r->bytes, r->size ? r->size : strlen(r->bytes), first, step);
	if (strcmp(said, r->want) != 0 || dialogue_sight(d) != r->sight)
		fail_msg("cut at %zu, then by %zu: gave \"%s\", wanted \"%s\"; sight %d", first,
		    step, said, r->want, (int)dialogue_sight(d));
	free(d);
}

#define WIPE "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"

static const struct row rows[] = {
	/* echo, line ends */
	{ "show", "show\r\na b\r\nc\r\nR1#", "a b\nc\n", DIALOGUE_PROMPT, 0 },
	{ "show", "a b\nc\nR1#", "a b\nc\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\r\na b\r\r\nc\r\r\nR1#", "a b\nc\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\ra b\rc\rR1#", "a b\nc\n", DIALOGUE_PROMPT, 0 },
	{ "show", "R1#show\r\na\r\n\r\nR1#", "a\n\n", DIALOGUE_PROMPT, 0 },
	{ "show tcp", "sh\rR1#show\rR1#show tcp\r\na\r\nR1#", "a\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\nshow\r\nR1#", "show\n", DIALOGUE_PROMPT, 0 }, /* the second is not an
									    echo */
	{ "show", "\r\nshow \r\nR1#", "", DIALOGUE_PROMPT, 0 },
	/* the prompt */
	{ "show", "show\r\nR1#x\r\nxR1#\r\nR1#", "R1#x\nxR1#\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\nR1#\r\nR1# \r\nR1#", "R1#\nR1# \n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\nR1>", "a\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\nR2#", "a\n", DIALOGUE_TEXT, 0 },
	{ "show", "show\r\na\r\nR1(config)#", "a\n", DIALOGUE_TEXT, 0 },
	{ "show", "show\r\na\r\n R1#", "a\n", DIALOGUE_TEXT, 0 },
	{ "show", "show\r\naR1#", "", DIALOGUE_TEXT, 0 },
	{ "show", "show\r\na\r\nR1#\r", "a\n", DIALOGUE_TEXT, 0 },
	{ "show", "show\r\na\r\nR1#\033[", "a\n", DIALOGUE_TEXT, 0 },
	/* more-marks */
	{ "show", "show\r\na\r\n --More-- " KEY WIPE "b\r\nR1#", "a\nb\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n --More-- " KEY WIPE "  b c d e f g\r\nR1#", "a\n  b c d e f g\n",
	    DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n --More-- " KEY WIPE "R1#", "a\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n---(more 40%)---" KEY "\r                    \rb\r\nR1#", "a\nb\n",
	    DIALOGUE_PROMPT, 0 },
	/* wiped by less than it has, and nothing but the prompt behind it */
	{ "show", "show\r\na\r\n---(more 40%)---" KEY WIPE "R1#", "a\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n---(more)---" KEY "\rbb\r\nR1#", "a\nbb\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n---- More ----" KEY "\033[16D                \033[16Db\r\nR1#",
	    "a\nb\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n<--- More --->" KEY "\r              \rb\r\nR1#", "a\nb\n",
	    DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\r\n<--- More --->" KEY "\r\033[Kb\r\nR1#", "a\nb\n", DIALOGUE_PROMPT,
	    0 },
	{ "show", "show\r\na\r\n<--- More --->" KEY "\r\nb\r\nR1#", "a\nb\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\n --More-- is text\r\nR1#", " --More-- is text\n", DIALOGUE_PROMPT, 0 },
	/* terminals */
	{ "show", "show\r\n\033[1;31ma\033[0m\033[K b\033]0;title\a\r\n\033[?2004hR1#", "a b\n",
	    DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\033]0;t\033\\b\033(Bc\0337\r\nR1#", "abc\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\na\033]0;open\r\nb\r\nR1#", "a\nb\n", DIALOGUE_PROMPT, 0 },
	{ "show", "sh\0ow\r\0\na\0b\r\n\0\0R1#", "ab\n", DIALOGUE_PROMPT, 18 },
	{ "show", "show\r\nba\bab\b \bc\x7f\a\r\nR1#", "bac\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\n_\bN_\bA\r\nx\033[5Cy\033[1Gz\r\nR1#", "NA\nz     y\n", DIALOGUE_PROMPT,
	    0 },
	{ "show", "show\r\nabc\033[2Dx\033[1K\r\nR1#", "  c\n", DIALOGUE_PROMPT, 0 },
	{ "show", "show\r\n\xff\xfe caf\xc3\xa9\r\nR1#", "\xff\xfe caf\xc3\xa9\n", DIALOGUE_PROMPT,
	    0 },
	{ "show", "show\r\na\tb\r\nR1#", "a\tb\n", DIALOGUE_PROMPT, 0 },
};

static void
reads_replies_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = rows[i].size ? rows[i].size : strlen(rows[i].bytes);

		for (size_t first = 0; first <= n; first++)
			check(&rows[i], first, n);
		for (size_t step = 1; step <= 3; step++)
			check(&rows[i], 0, step);
	}
}

static void
waits_for_the_echo_once_known(void **state)
{
	struct dialogue *d = begin("R1#", "show", true);

	(void)state;
	/* A prompt that was late: the reply is still to come. */
	assert_int_equal(dialogue_feed(d, "\r\nR1#", 5, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_TEXT);
	assert_int_equal(dialogue_feed(d, "show\r\na\r\nR1#", 12, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_PROMPT);
	assert_string_equal(said, "a\n");
	/* A message before the echo is handed on, and the echo is still found. */
	dialogue_begin(d, "show");
	n_said = 0;
	assert_int_equal(dialogue_feed(d, "%SYS-5: up\r\nR1#show\r\nb\r\nR1#", 28, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_PROMPT);
	assert_string_equal(said, "%SYS-5: up\nb\n");
	free(d);
}

static void
learns_that_a_device_echoes(void **state)
{
	struct dialogue *d = begin("R1#", "show", false);

	(void)state;
	assert_int_equal(dialogue_feed(d, "show\r\nR1#", 9, &sink), 0);
	assert_true(d->echoes);
	assert_int_equal(dialogue_sight(d), DIALOGUE_PROMPT);
	dialogue_begin(d, "show");
	assert_int_equal(dialogue_feed(d, "R1#", 3, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_TEXT);
	free(d);
}

static void
answers_a_mark_once(void **state)
{
	static const char page[] = "show\r\na\r\n --More-- ";
	struct dialogue *d = begin("R1#", "show", false);

	(void)state;
	for (size_t i = 0; page[i]; i++)
		assert_int_equal(dialogue_feed(d, page + i, 1, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_MORE);
	dialogue_answered(d);
	assert_int_equal(dialogue_sight(d), DIALOGUE_TEXT);
	assert_int_equal(dialogue_feed(d, WIPE, sizeof(WIPE) - 1, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_TEXT);
	assert_int_equal(dialogue_feed(d, "b\r\n --More-- ", 13, &sink), 0);
	assert_int_equal(dialogue_sight(d), DIALOGUE_MORE);
	assert_string_equal(said, "a\nb\n");
	free(d);
}

static void
offers_what_may_be_a_prompt(void **state)
{
	static const struct {
		const char *bytes, *want;
	} tails[] = {
		{ "\r\nWelcome\r\n\r\nR1>", "R1>" },
		{ "banner # with >\r\nuser@host> ", "user@host> " },
		{ "RP/0/RP0/CPU0:xr1#", "RP/0/RP0/CPU0:xr1#" },
		{ "\033[?2004h\033[32mr1\033[0m # ", "r1 # " },
		{ "R1>\r\n", "" },
		{ "R1>\r", "" },
		{ "Password: ", "" },
		{ "", "" },
		{ "   ", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		struct dialogue *d = begin("", NULL, false);
		struct text t;

		assert_int_equal(dialogue_feed(d, tails[i].bytes, strlen(tails[i].bytes), NULL), 0);
		t = dialogue_candidate(d);
		if (!text_is(t, tails[i].want))
			fail_msg("\"%s\" offers \"%.*s\"", tails[i].bytes, (int)t.n, t.s);
		assert_int_equal(dialogue_sight(d), DIALOGUE_TEXT); /* nothing is learned yet */
		free(d);
	}
}

/* A window title that never ends must not swallow the table behind it. */
static void
bounds_an_open_string(void **state)
{
	struct dialogue *d = begin("R1#", NULL, false);
	char block[600];

	(void)state;
	memset(block, 'x', sizeof(block));
	assert_int_equal(dialogue_feed(d, "\033]0;", 4, &sink), 0);
	assert_int_equal(dialogue_feed(d, block, sizeof(block), &sink), 0);
	assert_int_equal(dialogue_feed(d, "tcp a\nR1#", 9, &sink), 0);
	assert_true(n_said > 50 && n_said < 150);
	assert_string_equal(said + n_said - 7, "xtcp a\n");
	assert_int_equal(dialogue_sight(d), DIALOGUE_PROMPT);
	free(d);
}

static void
bounds_a_line(void **state)
{
	struct dialogue *d = begin("R1#", NULL, false);
	char block[1024];
	int rc = 0;

	(void)state;
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < LIMIT_LINE / 1024 - 1; i++)
		assert_int_equal(dialogue_feed(d, block, sizeof(block), &sink), 0);
	for (int i = 0; i < 2 && rc == 0; i++)
		rc = dialogue_feed(d, block, sizeof(block), &sink);
	assert_int_equal(rc, -1);
	dialogue_begin(d, NULL);
	assert_int_equal(dialogue_feed(d, "\033[99999C", 8, &sink), -1);
	free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_replies_cut_anywhere),
		cmocka_unit_test(waits_for_the_echo_once_known),
		cmocka_unit_test(learns_that_a_device_echoes),
		cmocka_unit_test(answers_a_mark_once),
		cmocka_unit_test(offers_what_may_be_a_prompt),
		cmocka_unit_test(bounds_an_open_string),
		cmocka_unit_test(bounds_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
