/* The guide's commands: each of them runs, and answers about the book that the guide tells of. */
#include "tests/unit/cli_book.h"

static char *guide;

/* "'a b'" becomes "a~b", which ask() makes one word. */
static void
one_word(struct text line, char *out)
{
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (line.s[i] == '\'')
			quoted = !quoted;
		else
			out[n++] = quoted && line.s[i] == ' ' ? '~' : line.s[i];
	}
	out[n] = '\0';
}

static void
test_commands(void **state)
{
	struct text rest = text_of(guide), line;
	FILE *f = fopen("iocs.txt", "w");
	size_t commands = 0, answers = 0;

	(void)state;
	fputs("203.0.113.0/24\n", f);
	fclose(f);
	while (text_take_line(&rest, &line)) {
		char typed[400], *out, *log;
		int rc;

		line = text_trim(line);
		if (!text_take(&line, "$ "))
			continue;
		assert_true(line.n < sizeof(typed));
		one_word(line, typed);
		rc = ask(typed, &out, &log);
		if (rc != 0)
			fail_msg("%s: exit %d: %s", typed, rc, log);
		commands++;
		answers += strstr(out, "10.1.2.3") != NULL || strstr(out, "203.0.113") != NULL;
		free(out);
		free(log);
	}
	assert_int_equal(commands, 14);
	assert_int_equal(answers, 9); /* the others rightly find nothing in this small book */
}

/* The same language over a reply that was recorded. */
static void
test_recorded(void **state)
{
	(void)state;
	expect("gatebook driver test cisco_asa tests/corpus/cisco_asa/show-conn/"
	       "sides-and-starters.raw -q -o csv --columns in_addr,out_addr --filter "
	       "tcp~and~ext~port~443~and~bytes~gt~1k",
	    0, "in_addr,out_addr\r\n192.0.2.70,198.51.100.7\r\n", "");
	expect("gatebook driver test cisco_asa tests/corpus/cisco_asa/show-conn/"
	       "sides-and-starters.raw -q -o csv --columns in_port,out_port --filter "
	       "dir~in~and~iface~dmz",
	    0, "in_port,out_port\r\n1433,40811\r\n25,60001\r\n", "");
	expect("gatebook driver test cisco_asa tests/corpus/cisco_asa/show-conn/"
	       "sides-and-starters.raw -q -o csv --columns proto --filter udp~and~dir~unknown",
	    0, "proto\r\nudp\r\nudp\r\n", "");
	expect("gatebook driver test cisco_asa tests/corpus/cisco_asa/show-conn/"
	       "sides-and-starters.raw -q --filter prot~6",
	    2, "",
	    "gatebook: filter: 'prot 6'\n"
	    "                   ^ unknown word 'prot' (did you mean 'port'?). Words: gatebook "
	    "fields\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded), /* reads the corpus: before setup changes folders
						  */
		cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
	};
	FILE *f = fopen("doc/QUESTIONS.md", "r");
	int rc;

	guide = calloc(1, 1 << 16);
	if (f == NULL || guide == NULL || fread(guide, 1, (1 << 16) - 1, f) == 0) {
		fprintf(stderr, "doc/QUESTIONS.md cannot be read: run it at the top\n");
		return 1;
	}
	fclose(f);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(guide);
	return rc;
}
