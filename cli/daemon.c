#include "cli/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "poller/control.h"
#include "poller/schedule.h"

struct shown {
	struct writer *writer;
	const struct column *columns;
};

static void
put_cell(struct writer *w, int i, enum cell kind, const json_t *value)
{
	const json_t *item;
	size_t k;

	if (kind == CELL_LIST)
		json_array_foreach(value, k, item)
		    writer_list(w, i, text_of(json_string_value(item)));
	else if (kind == CELL_TIME && json_is_integer(value))
		writer_time(w, i, json_integer_value(value));
	else if (kind == CELL_NUMBER && json_is_integer(value))
		writer_number(w, i, (uint64_t)json_integer_value(value));
	else if (kind == CELL_BOOL && json_is_boolean(value))
		writer_bool(w, i, json_is_true(value));
	else if (json_is_string(value))
		writer_word(w, i, json_string_value(value));
}

void
daemon_put(struct writer *w, const struct column *columns, const json_t *row)
{
	for (int i = 0; columns[i].name; i++)
		put_cell(w, i, columns[i].kind, json_object_get(row, columns[i].name));
	writer_row(w);
}

static void
put_row(const json_t *row, void *arg)
{
	struct shown *shown = arg;

	daemon_put(shown->writer, shown->columns, row);
}

int
daemon_missing(const struct config *config, struct error *err)
{
	(void)error_exit(err, EXIT_FAILED,
	    "no daemon runs on %s: start it with `gatebook run`, or as a service: systemctl start "
	    "gatebook",
	    config->store);
	return EXIT_FAILED;
}

int
daemon_show(struct call *call, const struct config *config, int n, const char *const *words,
    const struct column *columns)
{
	struct error err = { 0 };
	struct shown shown = { call_writer(call, columns, &err), columns };
	int rc;

	if (!shown.writer)
		return cli_fail(&err, EXIT_USAGE);
	rc = control_ask(config->control, n, words, put_row, &shown, &err);
	if (writer_end(shown.writer, NULL) < 0 && rc == 0)
		return EXIT_FAILED;
	if (rc == CONTROL_NOBODY)
		rc = daemon_missing(config, &err);
	return rc == 0 ? EXIT_OK : cli_fail(&err, rc > 0 ? rc : EXIT_FAILED);
}

static void
note_changed(const json_t *row, void *arg)
{
	*(int *)arg = (int)json_integer_value(json_object_get(row, "changed"));
}

int
daemon_keep(const struct config *config, const struct decision *d, struct error *err)
{
	char texts[6][300];
	const char *words[] = { "decide", texts[0], texts[1], texts[2], texts[3], texts[4],
		texts[5] };
	int changed = 0, rc;

	(void)snprintf(texts[0], sizeof(texts[0]), "kind=%u", d->kind);
	(void)snprintf(texts[1], sizeof(texts[1]), "on=%s", d->on);
	(void)snprintf(texts[2], sizeof(texts[2]), "name=%s", d->name);
	(void)snprintf(texts[3], sizeof(texts[3]), "reason=%s", d->reason);
	(void)snprintf(texts[4], sizeof(texts[4]), "why=%s", d->why);
	(void)snprintf(texts[5], sizeof(texts[5]), "key=%s", d->key);
	rc = control_ask(config->control, 7, words, note_changed, &changed, err);
	if (rc == CONTROL_NOBODY)
		return decision_make(config, d, err);
	return rc == 0 ? changed : -1;
}
