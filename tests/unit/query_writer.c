/* Golden answers for every form, hostile text in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "query/writer.h"

static const struct column columns[] = {
	{ "host", "HOST", CELL_ADDR },
	{ "port", "PORT", CELL_NUMBER, .right = true },
	{ "state", "STATE", CELL_TEXT },
	{ "first.not_before", "FIRST SEEN", CELL_TIME },
	{ "first.not_after", NULL, CELL_TIME },
	{ "open", "OPEN", CELL_BOOL, .wide = true },
	{ "devices", "BY", CELL_LIST },
	{ NULL },
};

static struct addr
address(const char *s)
{
	struct addr a;

	assert_true(addr_parse(text_of(s), &a));
	return a;
}

/* A plain row, an empty one, and one whose device means harm: a screen-clearing escape, a C1 CSI in
 * UTF-8, broken UTF-8, CSV and table breakers. */
static void
fill(struct writer *w)
{
	struct addr v4 = address("10.1.2.3"), v6 = address("2001:db8::1");

	writer_addr(w, 0, &v4);
	writer_number(w, 1, 443);
	writer_text(w, 2, text_of("established"));
	writer_time(w, 3, 1764000000);
	writer_show(w, 3, "16:00-16:05");
	writer_time(w, 4, 1764000300);
	writer_bool(w, 5, true);
	writer_list(w, 6, text_of("edge-fw1"));
	writer_list(w, 6, text_of("core-r2"));
	writer_row(w);
	writer_row(w);
	writer_addr(w, 0, &v6);
	writer_number(w, 1, UINT64_MAX);
	writer_text(w, 2, (struct text){ "\033[2J\xc2\x9b\xff\0,\"\n=1\t", 14 });
	writer_list(w, 6, text_of("a,b"));
	writer_row(w);
}

static char *
answer(enum writer_form form, const char *picked, bool headers, bool rows, const char *meta)
{
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);
	struct error err = { 0 };
	struct writer *w = writer_new(out, form, columns, picked, true, headers, &err);

	assert_non_null(w);
	if (rows)
		fill(w);
	assert_int_equal(writer_end(w, meta), rows ? 3 : 0);
	fclose(out);
	return s;
}

static void
expect(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

static void
test_table(void **state)
{
	(void)state;
	expect(answer(WRITE_TABLE, "host,port,first.not_before,devices", true, true, NULL),
	    "HOST                         PORT  FIRST SEEN   BY\n"
	    "10.1.2.3                      443  16:00-16:05  edge-fw1,core-r2\n"
	    "-                               -  -            -\n"
	    "2001:db8::1  18446744073709551615  -            a,b\n");
	expect(answer(WRITE_TABLE, "port,devices", false, true, NULL),
	    "                 443  edge-fw1,core-r2\n"
	    "                   -  -\n"
	    "18446744073709551615  a,b\n");
	expect(answer(WRITE_TABLE, NULL, true, false, NULL), "HOST  PORT  STATE  FIRST SEEN  BY\n");
	expect(answer(WRITE_WIDE, NULL, true, false, NULL),
	    "HOST  PORT  STATE  FIRST SEEN  OPEN  BY\n");
	expect(answer(WRITE_TABLE, "first.not_after,open", true, false, NULL),
	    "FIRST.NOT AFTER  OPEN\n");
	expect(answer(WRITE_TABLE, NULL, false, false, NULL), "");
}

/* What a device says must not reach the terminal as anything but printable text, in any form. */
static void
test_hostile(void **state)
{
	static const enum writer_form forms[] = { WRITE_TABLE, WRITE_WIDE, WRITE_JSON, WRITE_NDJSON,
		WRITE_CSV, WRITE_TSV };

	(void)state;
	for (size_t f = 0; f < sizeof(forms) / sizeof(*forms); f++) {
		char *s = answer(forms[f], NULL, true, true, NULL);

		for (const char *p = s; *p != '\0'; p++) {
			uint8_t c = (uint8_t)*p;

			assert_true(c < 0x7f);
			assert_true(c >= 0x20 || c == '\n' ||
				    (c == '\r' && forms[f] == WRITE_CSV) ||
				    (c == '\t' && forms[f] == WRITE_TSV));
		}
		free(s);
	}
	expect(answer(WRITE_TABLE, "state", false, true, NULL),
	    "established\n-\n\\x1b[2J\\xc2\\x9b\\xff\\x00,\"\\x0a=1\\x09\n");
}

static void
test_json(void **state)
{
	char *s = answer(WRITE_JSON, NULL, true, true, "{\"version\":1}");
	json_t *root = json_loads(s, JSON_ALLOW_NUL, NULL), *row;

	(void)state;
	assert_non_null(root);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(root, "meta"), "version")), 1);
	row = json_array_get(json_object_get(root, "rows"), 1);
	assert_true(json_is_null(json_object_get(json_object_get(row, "first"), "not_after")));
	assert_int_equal(json_array_size(json_object_get(row, "devices")), 0);
	row = json_array_get(json_object_get(root, "rows"), 2);
	assert_true(json_integer_value(json_object_get(row, "port")) == INT64_MAX);
	assert_string_equal(json_string_value(json_object_get(row, "state")),
	    "\\x1b[2J\\xc2\\x9b\\xff\\x00,\"\\x0a=1\\x09");
	json_decref(root);
	assert_memory_equal(s, "{\"rows\":[\n", 10);
	free(s);
	expect(answer(WRITE_JSON, NULL, true, false, NULL), "{\"rows\":[]}\n");
	s = answer(WRITE_NDJSON, NULL, true, true, "{\"version\":1}");
	assert_string_equal(strrchr(s, '{') - 8, "{\"meta\":{\"version\":1}}\n");
	*(strchr(s, '\n') + 1) = '\0';
	expect(s, "{\"host\":\"10.1.2.3\",\"port\":443,\"state\":\"established\",\"first\":{\"not_"
		  "before\":"
		  "\"2025-11-24T16:00:00Z\",\"not_after\":\"2025-11-24T16:05:00Z\"},\"open\":true,"
		  "\"devices\":[\"edge-fw1\",\"core-r2\"]}\n");
}

/* Valid UTF-8 survives: JSON escapes it, the other forms print it. */
static void
test_utf8(void **state)
{
	static const struct column one[] = { { "name", "NAME", CELL_TEXT }, { NULL } };
	static const struct {
		enum writer_form form;
		const char *want;
	} cases[] = {
		{ WRITE_CSV, "Z\xc3\xbcrich \xe2\x82\xac\r\n" },
		{ WRITE_TSV, "Z\xc3\xbcrich \xe2\x82\xac\n" },
		{ WRITE_NDJSON, "{\"name\":\"Z\\u00FCrich \\u20AC\"}\n" },
		{ WRITE_TABLE, "Z\xc3\xbcrich \xe2\x82\xac\n" },
	};

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *s = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&s, &n);
		struct writer *w = writer_new(out, cases[i].form, one, NULL, true, false, NULL);

		writer_text(w, 0, text_of("Z\xc3\xbcrich \xe2\x82\xac"));
		writer_row(w);
		writer_end(w, NULL);
		fclose(out);
		expect(s, cases[i].want);
	}
}

static void
test_csv(void **state)
{
	(void)state;
	expect(answer(WRITE_CSV, NULL, true, true, NULL),
	    "host,port,state,first.not_before,first.not_after,open,devices\r\n"
	    "10.1.2.3,443,established,2025-11-24T16:00:00Z,2025-11-24T16:05:00Z,true,"
	    "\"edge-fw1,core-r2\"\r\n"
	    ",,,,,,\r\n"
	    "2001:db8::1,18446744073709551615,"
	    "\"\\x1b[2J\\xc2\\x9b\\xff\\x00,\"\"\\x0a=1\\x09\",,,,\"a,b\"\r\n");
	expect(answer(WRITE_TSV, "host,devices", false, true, NULL),
	    "10.1.2.3\tedge-fw1,core-r2\n\t\n2001:db8::1\ta,b\n");
}

/* In the C locale a table shows the bytes, and ends. */
static void
test_c_locale(void **state)
{
	static const struct column one[] = { { "name", "NAME", CELL_TEXT }, { NULL } };
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);
	struct writer *w = writer_new(out, WRITE_TABLE, one, NULL, true, false, NULL);

	(void)state;
	setlocale(LC_CTYPE, "C");
	writer_text(w, 0, text_of("Z\xc3\xbcrich"));
	writer_row(w);
	writer_end(w, NULL);
	fclose(out);
	expect(s, "Z\\xc3\\xbcrich\n");
}

/* RFC 4180 keeps line ends and tabs; TSV escapes them. --csv-safe disarms formulas. */
static void
test_csv_text(void **state)
{
	static const struct column one[] = { { "a", "A", CELL_TEXT }, { NULL } };
	static const struct {
		enum writer_form form;
		bool safe;
		const char *in, *want;
	} cases[] = {
		{ WRITE_CSV, false, "two\nlines", "\"two\nlines\"\r\n" },
		{ WRITE_CSV, false, "say \"hi\"", "\"say \"\"hi\"\"\"\r\n" },
		{ WRITE_CSV, false, "DOM\\user", "DOM\\user\r\n" },
		{ WRITE_CSV, false, "=1+1", "=1+1\r\n" },
		{ WRITE_CSV, true, "=1+1", "'=1+1\r\n" },
		{ WRITE_CSV, true, "@x,y", "\"'@x,y\"\r\n" },
		{ WRITE_CSV, true, "plain", "plain\r\n" },
		{ WRITE_TSV, false, "a\tb\\c\nd", "a\\tb\\\\c\\nd\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *s = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&s, &n);
		struct writer *w = writer_new(out, cases[i].form, one, NULL, true, false, NULL);

		if (cases[i].safe)
			writer_csv_safe(w);
		writer_text(w, 0, text_of(cases[i].in));
		writer_row(w);
		writer_end(w, NULL);
		fclose(out);
		expect(s, cases[i].want);
	}
}

static void
test_picked(void **state)
{
	struct error err = { 0 };
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);

	(void)state;
	expect(answer(WRITE_CSV, "Port, HOST", true, false, NULL), "port,host\r\n");
	assert_null(writer_new(out, WRITE_CSV, columns, "port,hots", true, true, &err));
	assert_int_equal(err.exit, EXIT_USAGE);
	assert_non_null(strstr(err.text, "no column 'hots' in this answer (did you mean 'host'?)"));
	assert_non_null(strstr(err.text, "first.not_after open devices"));
	assert_null(writer_new(out, WRITE_CSV, columns, "", true, true, &err));
	fclose(out);
	assert_int_equal(n, 0); /* nothing is printed before the fault is known */
	free(s);
}

/* A full disk is not a complete answer. */
static void
test_full_disk(void **state)
{
	static const enum writer_form forms[] = { WRITE_TABLE, WRITE_JSON, WRITE_NDJSON,
		WRITE_CSV };

	(void)state;
	for (size_t f = 0; f < sizeof(forms) / sizeof(*forms); f++) {
		FILE *full = fopen("/dev/full", "w");
		struct writer *w;

		assert_non_null(full);
		w = writer_new(full, forms[f], columns, NULL, true, true, NULL);
		fill(w);
		assert_int_equal(writer_end(w, NULL), -1);
		fclose(full);
	}
}

static void
test_words(void **state)
{
	enum writer_form form;

	(void)state;
	for (const char *const *f = writer_forms; *f != NULL; f++)
		assert_true(writer_form_parse(*f, &form));
	assert_false(writer_form_parse("jsn", &form));
	assert_false(writer_form_parse("", &form));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_c_locale),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_text),
		cmocka_unit_test(test_picked),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
