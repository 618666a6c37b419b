/* gatebook driver test: reads a recorded reply as a poll would, and says what became of each line.
 */
#include <errno.h>

#include "cli/driver_test.h"
#include "cli/rows_json.h"
#include "drivers/reply.h"

enum { CHUNK = 65536 }; /* also what reply_guess looks at */

static const struct option_row options[] = {
	{ "command", 'c', "LINE",
	    "the command the reply answers; else it is found from the reply" },
	{ "driver", 0, "FILE", "use the driver of this YAML file" },
	{ "filter", 0, "FILTER", "print the rows it matches only" },
	{ NULL },
};

/* --- rows out --------------------------------------------------------------------------------- */

static const struct column columns[] = {
	{ "scope", "SCOPE", CELL_TEXT, .wide = true },
	{ "proto", "PROTO", CELL_TEXT },
	{ "state", "STATE", CELL_TEXT },
	{ "in_addr", "INSIDE", CELL_TEXT },
	{ "in_port", NULL, CELL_NUMBER },
	{ "in_nat_addr", "INSIDE AS", CELL_TEXT },
	{ "in_nat_port", NULL, CELL_NUMBER },
	{ "out_addr", "OUTSIDE", CELL_TEXT },
	{ "out_port", NULL, CELL_NUMBER },
	{ "out_nat_addr", "OUTSIDE AS", CELL_TEXT, .wide = true },
	{ "out_nat_port", NULL, CELL_NUMBER },
	{ "near_addr", "NEAR", CELL_TEXT },
	{ "near_port", NULL, CELL_NUMBER },
	{ "far_addr", "FAR", CELL_TEXT },
	{ "far_port", NULL, CELL_NUMBER },
	{ "initiator", "STARTED", CELL_TEXT },
	{ "bytes_out", "BYTES OUT", CELL_NUMBER, .right = true },
	{ "bytes_in", "BYTES IN", CELL_NUMBER, .right = true },
	{ "bytes_total", "BYTES", CELL_NUMBER, .right = true, .wide = true },
	{ "packets_out", "PACKETS OUT", CELL_NUMBER, .right = true, .wide = true },
	{ "packets_in", "PACKETS IN", CELL_NUMBER, .right = true, .wide = true },
	{ "age_s", "AGE", CELL_NUMBER, .right = true },
	{ "idle_s", "IDLE", CELL_NUMBER, .right = true },
	{ "left_s", "LEFT", CELL_NUMBER, .right = true },
	{ "app", "APP", CELL_TEXT },
	{ "user", "USER", CELL_TEXT, .wide = true },
	{ "place", "PLACE", CELL_TEXT },
	{ "iface_in", "IFACE IN", CELL_TEXT, .wide = true },
	{ "iface_out", "IFACE OUT", CELL_TEXT, .wide = true },
	{ "mac", "MAC", CELL_TEXT, .wide = true },
	{ NULL },
};

/* Of neighbours, stations, logins, records. */
static const struct column particulars[] = {
	{ "addr", "ADDRESS", CELL_TEXT },
	{ "mac", "MAC", CELL_TEXT },
	{ "network", "NETWORK", CELL_TEXT },
	{ "iface", "INTERFACE", CELL_TEXT },
	{ "vlan", "VLAN", CELL_TEXT },
	{ "place", "PLACE", CELL_TEXT },
	{ "state", "STATE", CELL_TEXT },
	{ "user", "USER", CELL_TEXT },
	{ "line", "LINE", CELL_TEXT },
	{ "from", "FROM", CELL_TEXT },
	{ "remote", "REMOTE", CELL_TEXT },
	{ "age_s", "AGE", CELL_NUMBER, .right = true },
	{ "idle_s", "IDLE", CELL_NUMBER, .right = true },
	{ NULL },
};

_Static_assert(sizeof columns / sizeof columns[0] <= OUTPUT_COLUMNS, "all columns fit");

/* In a table "10.1.2.3:443" stands under the address; the port may be a name. */
static void
show_end(struct writer *w, int column, const char *port_key, const json_t *row, const json_t *addr)
{
	const json_t *port = json_object_get(row, port_key);
	bool v6 = addr != NULL && strchr(json_string_value(addr), ':') != NULL;
	const char *host = addr != NULL ? json_string_value(addr) : "*";
	char show[ENDPOINT_TEXT + LIMIT_WORD + 1];

	if (port == NULL)
		return;
	if (json_is_string(port))
		snprintf(
		    show, sizeof show, v6 ? "[%s]:%s" : "%s:%s", host, json_string_value(port));
	else
		snprintf(show, sizeof show, v6 ? "[%s]:%lld" : "%s:%lld", host,
		    (long long)json_integer_value(port));
	writer_show(w, column, show);
}

static void
put_row(struct output *out, const json_t *row)
{
	const struct column *shown = out->columns;
	struct writer *w = out->writer;

	for (int i = 0; shown[i].name != NULL; i++) {
		const json_t *value = json_object_get(row, shown[i].name);

		if (json_is_string(value))
			writer_text(w, i, text_of(json_string_value(value)));
		else if (json_is_integer(value))
			writer_number(w, i, (uint64_t)json_integer_value(value));
		if (strstr(shown[i].name, "_addr") != NULL)
			show_end(w, i, shown[i + 1].name, row, value);
	}
	writer_row(w);
}

void
output_row(const struct observation *o, void *arg)
{
	struct output *out = arg;
	json_t *row = rows_json(o, out->command);

	if (out->filter != NULL && !row_matches(out->filter, out->command, row)) {
		json_decref(row);
		return;
	}
	if (out->writer != NULL) {
		put_row(out, row);
	} else {
		if (out->form == WRITE_JSON)
			fputs(out->rows > 0 ? ",\n " : "\n ", stdout);
		if (json_dumpf(row, stdout, JSON_COMPACT) < 0)
			out->failed = true;
		if (out->form == WRITE_NDJSON)
			putchar('\n');
	}
	out->rows++;
	json_decref(row);
}

/* A table shows the ends that the command's rows have; a wide one all of them. */
static void
choose_columns(struct output *out)
{
	const char *hidden = out->command->scope == SCOPE_TRANSIT ? "near_addr far_addr"
								  : "in_addr in_nat_addr out_addr";

	if (topic_has_particulars(out->command->topic)) {
		memcpy(out->columns, particulars, sizeof particulars);
		return;
	}
	memcpy(out->columns, columns, sizeof columns);
	for (struct column *c = out->columns; c->name != NULL; c++)
		if (strstr(hidden, c->name) != NULL)
			c->wide = true;
}

int
output_begin(struct output *out, const struct call *call, struct error *err)
{
	const char *filter = call_value(call, "filter");

	if (filter != NULL) {
		out->filter = filter_parse(filter, call->utc, err);
		if (out->filter == NULL)
			return -1;
	}
	out->form = call->form;
	if (call->columns == NULL && (call->form == WRITE_JSON || call->form == WRITE_NDJSON)) {
		fputs(call->form == WRITE_JSON ? "{\"rows\": [" : "", stdout);
		return 0;
	}
	choose_columns(out);
	out->writer = call_writer(call, out->columns, err);
	if (out->writer == NULL)
		filter_free(out->filter);
	return out->writer != NULL ? 0 : -1;
}

static json_t *
account_json(const struct account *a)
{
	json_t *printed = a->has_printed ? json_integer((json_int_t)a->printed) : json_null();

	return json_pack("{s:I, s:I, s:I, s:I, s:o}", "lines", (json_int_t)a->lines, "row",
	    (json_int_t)a->row, "noise", (json_int_t)a->noise, "unread", (json_int_t)a->unread,
	    "total_printed", printed);
}

static json_t *
unread_json(const struct reply *reply)
{
	const struct text *lines;
	const uint32_t *numbers;
	size_t n = reply_unread(reply, &lines, &numbers);
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, rows_json_text(lines[i]));
	return array;
}

int
output_end(struct output *out, const struct account *a, json_t *unread, json_t *aside)
{
	json_t *account = account_json(a);
	bool ok;

	if (out->writer != NULL) {
		ok = writer_end(out->writer, NULL) >= 0;
	} else {
		if (out->form == WRITE_JSON) {
			fputs("\n],\n\"account\": ", stdout);
			json_dumpf(account, stdout, 0);
			fputs(",\n\"unread_lines\": ", stdout);
			json_dumpf(unread, stdout, 0);
			if (aside != NULL) {
				fputs(",\n\"not_read\": ", stdout);
				json_dumpf(aside, stdout, 0);
			}
			fputs("}\n", stdout);
		}
		ok = !out->failed && fflush(stdout) == 0 && !ferror(stdout);
	}
	json_decref(account);
	filter_free(out->filter);
	return ok ? 0 : -1;
}

/* --- the reply in ----------------------------------------------------------------------------- */

void
output_say_account(const struct account *a)
{
	fprintf(stderr, "%llu lines: %llu row, %llu noise, %llu unread; %llu rows",
	    (unsigned long long)a->lines, (unsigned long long)a->row, (unsigned long long)a->noise,
	    (unsigned long long)a->unread, (unsigned long long)a->rows);
	if (a->has_printed)
		fprintf(stderr, ", the device counted %llu", (unsigned long long)a->printed);
	fputs("\n", stderr);
}

static void
say_account(const struct reply *reply)
{
	const struct text *lines;
	const uint32_t *numbers;
	size_t n = reply_unread(reply, &lines, &numbers);
	char shown[300];

	output_say_account(reply_account(reply));
	for (size_t i = 0; i < n; i++) {
		text_escape(lines[i], shown, sizeof shown);
		fprintf(stderr, "unread, line %u: %s\n", numbers[i], shown);
	}
}

/* Feeds what was looked at and the rest of the file. Returns -1 with err if reading failed; a bound
 * that was passed is the reply's to tell. */
static int
feed(struct reply *reply, FILE *file, const char *name, char *chunk, size_t n, struct error *err)
{
	while (n > 0) {
		if (reply_feed(reply, chunk, n) < 0)
			return 0;
		n = fread(chunk, 1, CHUNK, file);
	}
	if (ferror(file))
		return error_exit(err, EXIT_FAILED, "cannot read %s: %s", name, strerror(errno));
	return 0;
}

static int
verdict(const struct call *call, const struct reply *reply, enum outcome outcome)
{
	const char *why = reply_why(reply);

	if (outcome != OUTCOME_COMPLETE)
		fprintf(stderr, "gatebook: %s: %s\n", outcome_name(outcome), why);
	if (!call->quiet)
		say_account(reply);
	if (outcome == OUTCOME_COMPLETE)
		return EXIT_OK;
	return outcome == OUTCOME_PARTIAL ? EXIT_PARTIAL : EXIT_FAILED;
}

static int
read_reply(const struct call *call, const struct program *program, struct output *out, FILE *file,
    const char *name, char *chunk, size_t n)
{
	struct error err = { 0 };
	struct reply *reply;
	enum outcome outcome;
	json_t *unread;
	int rc;

	if (output_begin(out, call, &err) < 0)
		return cli_fail(&err, EXIT_USAGE);
	reply = reply_new(program, output_row, out);
	rc = feed(reply, file, name, chunk, n, &err);
	outcome = reply_end(reply, rc == 0); /* a recorded file is whole: its end was seen */
	unread = unread_json(reply);
	if (output_end(out, reply_account(reply), unread, NULL) < 0)
		rc = error_exit(&err, EXIT_FAILED, "cannot write the answer: %s", strerror(errno));
	json_decref(unread);
	rc = rc < 0 ? cli_fail(&err, EXIT_FAILED) : verdict(call, reply, outcome);
	reply_free(reply);
	return rc;
}

/* The command the reply answers; NULL with err. */
static const struct command *
choose(const struct call *call, const struct driver *driver, const char *name, struct text scanned,
    struct error *err)
{
	const char *line = call_value(call, "command");
	const struct command *command = line != NULL ? reply_choose(driver, text_of(line), scanned)
						     : reply_guess(driver, scanned);

	if (command == NULL && line != NULL)
		error_exit(err, EXIT_USAGE,
		    "%s has no command '%.100s'; see: gatebook driver show %s", driver->name, line,
		    driver->name);
	else if (command == NULL)
		error_exit(err, EXIT_FAILED,
		    "%s: no command of %s prints this; name it with --command, or see: gatebook "
		    "driver show %s",
		    name, driver->name, driver->name);
	return command;
}

static int
test(const struct call *call, const struct driver *driver, FILE *file, const char *name)
{
	static char chunk[CHUNK];
	struct error err = { 0 };
	struct output out = { 0 };
	struct program *program;
	size_t n = fread(chunk, 1, sizeof chunk, file);
	int rc;

	if (ferror(file)) {
		error_exit(&err, EXIT_FAILED, "cannot read %s: %s", name, strerror(errno));
		return cli_fail(&err, EXIT_FAILED);
	}
	out.command = choose(call, driver, name, (struct text){ chunk, n }, &err);
	if (out.command == NULL)
		return cli_fail(&err, EXIT_FAILED);
	program = program_compile(driver, out.command, &err);
	if (program == NULL)
		return cli_fail(&err, EXIT_USAGE);
	if (!call->quiet)
		fprintf(stderr, "%s: read as '%s' of %s\n", name, out.command->send, driver->name);
	rc = read_reply(call, program, &out, file, name, chunk, n);
	program_free(program);
	return rc;
}

static int
run(struct call *call)
{
	int platform = call_value(call, "driver") != NULL ? 0 : 1; /* words before the file */
	struct error err = { 0 };
	const struct driver *driver;
	const char *name;
	FILE *file;
	int rc;

	if (call->n < platform + 1 || call->n > 2) {
		error_set(&err,
		    "driver test takes a platform and a file; see: gatebook driver test --help");
		return cli_fail(&err, EXIT_USAGE);
	}
	driver = driver_get(call, call->words[0], &err);
	if (driver == NULL)
		return cli_fail(&err, EXIT_USAGE);
	name = call->words[call->n - 1];
	file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	if (file == NULL) {
		error_exit(&err, EXIT_FAILED, "cannot read %s: %s", name, strerror(errno));
		rc = cli_fail(&err, EXIT_FAILED);
	} else {
		rc = (driver->commands[0].form == FORM_VARBINDS ? driver_walk : test)(
		    call, driver, file, file == stdin ? "standard input" : name);
		if (file != stdin)
			fclose(file);
	}
	driver_put(call, driver);
	return rc;
}

const struct cli_command cli_driver_test = {
	.name = "driver test",
	.synopsis = "PLATFORM FILE [--command LINE] | --driver FILE.yml [PLATFORM] FILE",
	.summary = "Read a recorded reply as a poll would and account for every line of it",
	.text =
	    "FILE is what the device printed for one command ('-' is standard input); an echoed "
	    "command and a prompt at its end do no harm. Of platform snmp it is a walk, as "
	    "snmpwalk -On or "
	    "snmprec write it, of any number of tables. The rows go to stdout, the account to "
	    "stderr: each line was a row, noise (headings) or unread.\n\n"
	    "Exit status: 0 every line was read, 5 some were not or the device counted more rows, "
	    "1 the device refused the command or nothing could be read.",
	.example = "gatebook driver test cisco_ios reply.txt\n"
		   "gatebook driver test linux - -o json < conntrack.txt\n"
		   "gatebook driver test --driver etc/drivers/example.yml reply.txt\n"
		   "gatebook driver test cisco_asa conns.txt --filter 'ext net 203.0.113.0/24'",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
