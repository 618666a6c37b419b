#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* A copy on the heap that ends where the text ends, so that a read past n is seen. */
static char *
exact(const char *bytes, size_t n, struct text *t)
{
	char *copy = malloc(n > 0 ? n : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	*t = (struct text){ n > 0 ? copy : copy + 1, n };
	return copy;
}

static void
assert_text(struct text t, const char *expected)
{
	assert_int_equal(t.n, strlen(expected));
	if (t.n > 0)
		assert_memory_equal(t.s, expected, t.n);
}

static void
compares(void **state)
{
	(void)state;
	assert_int_equal(text_of(NULL).n, 0);
	assert_true(text_equal(text_of(NULL), text_of("")));
	assert_true(text_is(text_of("tcp"), "tcp"));
	assert_false(text_is(text_of("tcp"), "tcp6"));
	assert_false(text_is(text_of("tcp6"), "tcp"));
	assert_false(text_is(text_of("TCP"), "tcp"));
	assert_true(text_is_nocase(text_of("TcP"), "tCp"));
	assert_false(text_is_nocase(text_of("tc"), "tcp"));
	assert_false(text_is_nocase(text_of("tcp"), "tc"));
	assert_false(text_is_nocase(text_of("@"), "`")); /* 32 apart, but no letters */
	assert_false(text_is_nocase((struct text){ "a\0b", 3 }, "a"));
	assert_true(text_starts(text_of("show"), ""));
	assert_true(text_starts(text_of("show"), "show"));
	assert_false(text_starts(text_of("sho"), "show"));
	assert_true(text_contains(text_of("--More--"), "More"));
	assert_true(text_contains(text_of(NULL), ""));
	assert_false(text_contains(text_of("Mor"), "More"));
	assert_text(text_trim(text_of(" \t a b\r \r")), "a b");
	assert_text(text_trim(text_of(" \r\t")), "");
}

static void
takes_in_order(void **state)
{
	struct text c = text_of("TCP  x:7,rest"), word, before;
	uint64_t n;

	(void)state;
	assert_false(text_take(&c, "UDP"));
	assert_true(text_take(&c, "TCP"));
	assert_false(text_take_word(&c, &word));
	text_skip_blanks(&c);
	assert_false(text_take_char(&c, 'y'));
	assert_true(text_take_char(&c, 'x') && text_take_char(&c, ':'));
	assert_true(text_take_number(&c, 9, &n));
	assert_int_equal(n, 7);
	assert_false(text_take_until(&c, ';', &before));
	assert_true(text_take_until(&c, ',', &before));
	assert_text(before, "");
	assert_true(text_take_word(&c, &word));
	assert_text(word, "rest");
	assert_int_equal(c.n, 0);
	assert_false(text_take_word(&c, &word));
	assert_false(text_take_char(&c, '\0'));
	assert_true(text_take(&c, ""));
}

static void
takes_lines(void **state)
{
	struct text c = text_of("a\r\n\nb\r\r\nc\rd\n\r\nlast"), line;
	static const char *const expected[] = { "a", "", "b", "c\rd", "", "last" };

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_true(text_take_line(&c, &line));
		assert_text(line, expected[i]);
	}
	assert_false(text_take_line(&c, &line));
}

static void
reads_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		bool good;
	} cases[] = {
		{ "0", 0, 0, true },
		{ "1", 0, 0, false },
		{ "65535", 65535, 65535, true },
		{ "65536", 65535, 0, false },
		{ "00080", 65535, 80, true },
		{ "", 9, 0, false },
		{ "-1", 9, 0, false },
		{ "+1", 9, 0, false },
		{ " 1", 9, 0, false },
		{ "1 ", 9, 0, false },
		{ "1a", 9, 0, false },
		{ "18446744073709551615", UINT64_MAX, UINT64_MAX, true },
		{ "18446744073709551616", UINT64_MAX, 0, false },
		{ "99999999999999999999999", UINT64_MAX, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t v = 4711;
		bool good = text_number(text_of(cases[i].text), cases[i].max, &v);

		assert_int_equal(good, cases[i].good);
		assert_true(v == (good ? cases[i].value : 4711));
	}
}

static void
numbers_are_not_cut(void **state)
{
	struct text c = text_of("123/"), full = text_of("1000x"), hex = text_of("fFg");
	uint64_t v = 0;

	(void)state;
	assert_true(text_take_number(&c, 200, &v));
	assert_int_equal(v, 123);
	assert_text(c, "/");
	assert_false(text_take_number(&full, 999, &v));
	assert_text(full, "1000x");
	assert_true(text_take_hex(&hex, 255, &v));
	assert_int_equal(v, 255);
	assert_text(hex, "g");
	assert_false(text_take_hex(&hex, 255, &v));
	hex = text_of("100");
	assert_false(text_take_hex(&hex, 255, &v));
	hex = text_of("ffffffffffffffff");
	assert_true(text_take_hex(&hex, UINT64_MAX, &v));
	assert_true(v == UINT64_MAX);
	hex = text_of("1ffffffffffffffff");
	assert_false(text_take_hex(&hex, UINT64_MAX, &v));
}

/* Every taker on every cut of a text that it would like to read further. */
static void
stays_inside(void **state)
{
	static const char bytes[] = "12f \t12\xc3\xa4\xf0\x9f\x98\x80\r\r";
	char out[64];

	(void)state;
	for (size_t n = 0; n < sizeof bytes; n++) {
		for (size_t from = 0; from <= n; from++) {
			struct text t, c, got;
			char *copy = exact(bytes + from, n - from, &t);
			uint64_t v;

			c = t, text_skip_blanks(&c);
			c = t, text_take_word(&c, &got);
			c = t, text_take_line(&c, &got);
			c = t, text_take_until(&c, 'Q', &got);
			c = t, text_take_number(&c, UINT64_MAX, &v);
			c = t, text_take_hex(&c, UINT64_MAX, &v);
			c = t, text_take(&c, "12f \t12\xc3\xa4\xf0\x9f\x98\x80\r\rmore");
			text_trim(t);
			text_contains(t, "\r\r\r");
			text_is_nocase(t, bytes);
			text_copy(t, out, sizeof out);
			text_escape(t, out, sizeof out);
			free(copy);
		}
	}
}

static void
empty_without_a_pointer(void **state)
{
	struct text c = { NULL, 0 }, got;
	char out[4] = "xxx";
	uint64_t v;

	(void)state;
	text_skip_blanks(&c);
	assert_false(text_take_word(&c, &got));
	assert_false(text_take_line(&c, &got));
	assert_false(text_take_until(&c, 'x', &got));
	assert_false(text_take_number(&c, 9, &v));
	assert_true(text_take(&c, ""));
	assert_int_equal(text_trim(c).n, 0);
	assert_true(text_copy(c, out, sizeof out));
	assert_string_equal(out, "");
	text_escape(c, out, sizeof out);
	assert_string_equal(out, "");
}

static void
copies(void **state)
{
	char out[4];

	(void)state;
	assert_true(text_copy(text_of("abc"), out, sizeof out));
	assert_string_equal(out, "abc");
	assert_false(text_copy(text_of("abcd"), out, sizeof out));
	assert_string_equal(out, "abc");
	assert_false(text_copy((struct text){ "a\0b", 3 }, out, sizeof out));
	assert_string_equal(out, "a");
	assert_false(text_copy(text_of("a"), out, 0));
}

static void
escapes(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain text ~", "plain text ~" }, { "a\\b", "a\\\\b" },
		{ "\x1b[31m\a\n\x7f", "\\x1b[31m\\x07\\x0a\\x7f" },
		{ "K\xc3\xb6ln \xe2\x82\xac \xf0\x9f\x98\x80",
		    "K\xc3\xb6ln \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\xc3", "\\xc3" },          /* cut */
		{ "\xc3(", "\\xc3(" },        /* not continued */
		{ "\x80\xbf", "\\x80\\xbf" }, /* begins in the middle */
		{ "\xc0\xaf", "\\xc0\\xaf" }, /* too long a form of '/' */
		{ "\xc1\xbf", "\\xc1\\xbf" }, { "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },          /* surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* behind U+10FFFF */
		{ "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80" }, { "\xff\xfe", "\\xff\\xfe" },
		{ "\xc2\x9b"
		  "31m",
		    "\\xc2\\x9b31m" }, /* CSI as one character */
		{ "\xe2\x80\xae"
		  "drow",
		    "\\xe2\\x80\\xaedrow" },           /* right-to-left override */
		{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8" }, /* line separator */
	};
	char out[128];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		text_escape(text_of(cases[i].in), out, sizeof out);
		assert_string_equal(out, cases[i].out);
	}
	text_escape((struct text){ "a\0b", 3 }, out, sizeof out);
	assert_string_equal(out, "a\\x00b");
}

static void
escapes_are_never_cut(void **state)
{
	static const char *const at[] = { "", "", "a", "a", "a", "a", "a\\x1b", "a\\x1b",
		"a\\x1b\xc3\xa4", "a\\x1b\xc3\xa4", "a\\x1b\xc3\xa4\\\\" };
	char out[16];

	(void)state;
	for (size_t size = 1; size < sizeof at / sizeof *at; size++) {
		memset(out, '#', sizeof out);
		text_escape(text_of("a\x1b\xc3\xa4\\"), out, size);
		assert_string_equal(out, at[size]);
		assert_int_equal(out[size], '#');
	}
	out[0] = '#';
	text_escape(text_of("a"), out, 0);
	assert_int_equal(out[0], '#');
}

static void
finds_what_was_meant(void **state)
{
	static const char *const commands[] = { "who", "hosts", "peers", "sessions", "coverage",
		NULL };
	static const char *const none[] = { NULL };
	char longest[200];

	(void)state;
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	const char *const longer[] = { longest, "who", NULL };

	assert_string_equal(text_nearest("hwo", commands), "who");
	assert_string_equal(text_nearest("Host", commands), "hosts");
	assert_string_equal(text_nearest("session", commands), "sessions");
	assert_string_equal(text_nearest("covrege", commands), "coverage");
	assert_string_equal(text_nearest("peers", commands), "peers");
	assert_null(text_nearest("pizza", commands));
	assert_null(text_nearest("wxy", commands));
	assert_null(text_nearest("", commands));
	assert_null(text_nearest("who", none));
	assert_null(text_nearest(longest, longer));
	assert_string_equal(text_nearest("wh", longer), "who");
}

static void
errors(void **state)
{
	struct error err = { .exit = 77 };

	(void)state;
	assert_int_equal(error_exit(&err, 4, "login refused on %s", "fw1"), -1);
	assert_int_equal(err.exit, 4);
	assert_string_equal(err.text, "login refused on fw1");
	error_prefix(&err, "site %d", 7);
	assert_string_equal(err.text, "site 7: login refused on fw1");
	assert_int_equal(err.exit, 4);
	assert_int_equal(error_set(&err, "again: %s\n", err.text), -1);
	assert_string_equal(err.text, "again: site 7: login refused on fw1");
	assert_int_equal(err.exit, 0);
	assert_int_equal(error_set(&err, "%01000d", 1), -1);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	error_prefix(&err, "%01000d", 2);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	assert_int_equal(error_set(NULL, "nobody listens"), -1);
	assert_int_equal(error_exit(NULL, 1, "nobody listens"), -1);
	error_prefix(NULL, "nobody");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(takes_in_order),
		cmocka_unit_test(takes_lines),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(numbers_are_not_cut),
		cmocka_unit_test(stays_inside),
		cmocka_unit_test(empty_without_a_pointer),
		cmocka_unit_test(copies),
		cmocka_unit_test(escapes),
		cmocka_unit_test(escapes_are_never_cut),
		cmocka_unit_test(finds_what_was_meant),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
