/* The command line, and that help, completion and the manual say what the table says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/parse.h"

static struct call call;
static struct error err;

/* Splits `line` at blanks and parses it. The words stay until the next parse. */
static int
parse(const char *line)
{
	static char copy[500];
	static char *argv[64];
	struct text rest = text_of(line), part;
	size_t used = 0;
	int argc = 0;

	call_free(&call);
	memset(&err, 0, sizeof(err));
	while (text_skip_blanks(&rest), text_take_word(&rest, &part)) {
		argv[argc++] = copy + used;
		text_copy(part, copy + used, sizeof(copy) - used);
		used += part.n + 1;
	}
	return cli_parse(argc, argv, &call, &err);
}

static void
refused(const char *line, const char *why)
{
	assert_int_equal(parse(line), -1);
	assert_int_equal(err.exit, EXIT_USAGE);
	assert_string_equal(err.text, why);
}

static void
test_order(void **state)
{
	(void)state;
	assert_int_equal(parse("gatebook -C /tmp version -j"), PARSED_RUN);
	assert_string_equal(call.command->name, "version");
	assert_string_equal(call.dir, "/tmp");
	assert_int_equal(call.form, WRITE_JSON);
	assert_int_equal(
	    parse("gatebook version --output=csv --no-headers --columns name"), PARSED_RUN);
	assert_int_equal(call.form, WRITE_CSV);
	assert_true(call.no_headers);
	assert_string_equal(call.columns, "name");
	assert_int_equal(parse("gatebook -ondjson -qv version"), PARSED_RUN);
	assert_int_equal(call.form, WRITE_NDJSON);
	assert_true(call.quiet && call.verbose);
	assert_int_equal(parse("gatebook completion -- --bash -x"), PARSED_RUN);
	assert_int_equal(call.n, 2);
	assert_string_equal(call.words[0], "--bash");
	assert_int_equal(parse("gatebook help --json"), PARSED_RUN);
	assert_non_null(call_value(&call, "json"));
	assert_null(call_value(&call, "mdoc"));
	assert_int_equal(parse("gatebook completion -"), PARSED_RUN);
	assert_string_equal(call.words[0], "-");
}

static void
test_help(void **state)
{
	(void)state;
	assert_int_equal(parse("gatebook"), PARSED_HELP);
	assert_null(call.command);
	assert_int_equal(parse("gatebook version --help"), PARSED_HELP);
	assert_string_equal(call.command->name, "version");
	assert_int_equal(parse("gatebook --help"), PARSED_HELP);
	assert_int_equal(parse("gatebook -h"), PARSED_HELP);
	assert_int_equal(parse("gatebook -V"), PARSED_VERSION);
	assert_int_equal(parse("gatebook --version"), PARSED_VERSION);
}

static void
test_refused(void **state)
{
	(void)state;
	refused("gatebook verison",
	    "unknown command 'verison' (did you mean 'version'?). List: gatebook help");
	refused("gatebook zzzzzzzz", "unknown command 'zzzzzzzz'. List: gatebook help");
	refused("gatebook version --outptu json", "unknown option '--outptu' (did you mean "
						  "'--output'?). Options: gatebook version --help");
	refused("gatebook version --last 2h",
	    "gatebook version takes no --last. See: gatebook version --help");
	refused("gatebook --last 2h version",
	    "gatebook version takes no --last. See: gatebook version --help");
	refused("gatebook version -Z", "unknown option '-Z'. Options: gatebook version --help");
	refused("gatebook -Z", "unknown option '-Z'. Options: gatebook help");
	refused("gatebook version -o jsn", "-o: unknown form 'jsn' (did you mean 'json'?). There "
					   "are: table wide json ndjson csv tsv");
	refused("gatebook version --quiet=yes", "--quiet takes no argument: write --quiet");
	refused("gatebook version --color sometimes",
	    "--color: 'sometimes' is none of auto, always, never");
	refused("gatebook version -o",
	    "--output needs an argument: --output FORM (table, wide, json, ndjson, csv or tsv). "
	    "See: gatebook version --help");
	/* What was typed comes back printable. */
	refused("gatebook \033[2J", "unknown command '\\x1b[2J'. List: gatebook help");
}

static void
test_color(void **state)
{
	(void)state;
	parse("gatebook version");
	assert_false(call.color); /* the tests' stdout is no terminal, or NO_COLOR is set */
	parse("gatebook version --color always");
	assert_true(call.color);
	parse("gatebook version --color=never");
	assert_false(call.color);
}

static void
test_dir(void **state)
{
	(void)state;
	setenv("GATEBOOK_DIR", "/tmp/book", 1);
	parse("gatebook version");
	assert_string_equal(call.dir, "/tmp/book");
	parse("gatebook version --dir=/tmp/other");
	assert_string_equal(call.dir, "/tmp/other");
	unsetenv("GATEBOOK_DIR");
	parse("gatebook version");
	assert_true(strcmp(call.dir, ".") == 0 || strcmp(call.dir, "/etc/gatebook") == 0);
}

/* Groups ("driver list") are read as two words once there is a command with a blank in its name. */
static void
test_groups(void **state)
{
	const struct cli_command *sub = NULL;
	char line[200], group[LIMIT_NAME];
	struct text name, first;

	(void)state;
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++)
		if (strchr((*c)->name, ' ') != NULL)
			sub = *c;
	if (sub == NULL)
		skip();
	name = text_of(sub->name);
	assert_true(text_take_word(&name, &first));
	text_copy(first, group, sizeof(group));
	snprintf(line, sizeof(line), "gatebook %s", sub->name);
	assert_int_equal(parse(line), PARSED_RUN);
	assert_ptr_equal(call.command, sub);
	snprintf(line, sizeof(line), "gatebook %s", group);
	assert_int_equal(parse(line), PARSED_HELP);
	assert_null(call.command);
	assert_string_equal(call.words[0], group);
	snprintf(line, sizeof(line), "gatebook %sx", sub->name);
	assert_int_equal(parse(line), -1);
	assert_non_null(strstr(err.text, "did you mean"));
	snprintf(line, sizeof(line), "gatebook %s zzzzzzzz", group);
	assert_int_equal(parse(line), -1);
	assert_non_null(strstr(err.text, "List: gatebook "));
}

/* Every row is complete, sorted, and fits what parsing holds. */
static void
test_table(void **state)
{
	(void)state;
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		int own = 0;

		assert_non_null((*c)->summary);
		assert_non_null((*c)->run);
		assert_int_not_equal((*c)->summary[strlen((*c)->summary) - 1], '.');
		if (c[1] != NULL)
			assert_true(strcmp((*c)->name, c[1]->name) < 0);
		for (const struct option_row *o = (*c)->options; o != NULL && o->name != NULL;
		     o++) {
			own++;
			assert_non_null(o->help);
			for (const struct common_row *k = cli_common; k->row.name != NULL; k++)
				if (common_applies(k, *c))
					assert_string_not_equal(o->name, k->row.name);
		}
		assert_true(own <= 32);
	}
}

static char *
printed(void (*print)(FILE *))
{
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);

	print(out);
	fclose(out);
	return s;
}

static void
test_json(void **state)
{
	char *s = printed(help_json);
	json_t *root = json_loads(s, 0, NULL), *list = json_object_get(root, "commands");
	size_t n = 0;

	(void)state;
	assert_non_null(root);
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++, n++) {
		json_t *one = json_array_get(list, n), *options = json_object_get(one, "options");
		size_t want = 0;

		assert_string_equal(json_string_value(json_object_get(one, "name")), (*c)->name);
		for (const struct option_row *o = (*c)->options; o != NULL && o->name != NULL; o++)
			want++;
		for (const struct common_row *k = cli_common; k->row.name != NULL; k++)
			want += common_applies(k, *c);
		assert_int_equal(json_array_size(options), want);
	}
	assert_int_equal(json_array_size(list), n);
	json_decref(root);
	free(s);
}

static char *
slurp(const char *path)
{
	FILE *in = fopen(path, "r");
	char *s = NULL;
	size_t n = 0;

	if (in == NULL)
		return NULL;
	if (getdelim(&s, &n, '\0', in) < 0)
		fail();
	fclose(in);
	return s;
}

/* The lines that name commands and options. */
static char *
lists_of(const char *mdoc)
{
	struct text rest = text_of(mdoc), line;
	char *s = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&s, &n);

	while (text_take_line(&rest, &line))
		if (text_starts(line, ".Ss gatebook ") || text_starts(line, ".It Fl "))
			fprintf(out, "%.*s\n", (int)line.n, line.s);
	fclose(out);
	return s;
}

/* doc/gatebook.1 lists the commands and options of the table, in its order. When this fails:
 * doc/update */
static void
test_manual(void **state)
{
	char *manual = slurp("doc/gatebook.1"), *generated = printed(help_mdoc), *have, *want;

	(void)state;
	assert_non_null(manual);
	have = lists_of(manual);
	want = lists_of(generated);
	assert_non_null(strstr(want, "\n.Ss gatebook version\n"));
	assert_string_equal(have, want);
	free(have);
	free(want);
	free(manual);
	free(generated);
}

static int
done(void **state)
{
	(void)state;
	call_free(&call);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_dir),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_manual),
	};

	setenv("NO_COLOR", "1", 1);
	unsetenv("GATEBOOK_DIR");
	return cmocka_run_group_tests(tests, NULL, done);
}
