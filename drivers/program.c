#include "drivers/engine.h"

static int
compile_list(struct patterns *list, const char *const *sources, bool opening, struct error *err)
{
	for (unsigned i = 0; sources && sources[i]; i++) {
		if (list->n == LIMIT_PATTERNS)
			return error_set(err, "more than %d patterns", LIMIT_PATTERNS);
		list->list[list->n] = pattern_compile(sources[i], opening, err);
		if (!list->list[list->n])
			return -1;
		list->n++;
	}
	return 0;
}

/* What a form demands of its patterns. */
static int
check_form(const struct program *p, struct error *err)
{
	enum form form = p->command->form;
	bool opens = false, bag = false;

	for (unsigned i = 0; i < p->rows.n; i++) {
		if (p->rows.list[i]->continues && form != FORM_BLOCKS)
			return error_set(err,
			    "pattern \"%s\": only blocks have lines that continue a record",
			    p->command->patterns[i]);
		opens |= !p->rows.list[i]->continues;
		bag |= p->rows.list[i]->has_bag;
	}
	if (!opens)
		return error_set(err, "no pattern opens a row");
	if (form == FORM_KEYS && !bag)
		return error_set(err, "the form keys needs a pattern with <key={field} ...>");
	return 0;
}

static int
compile_total(struct program *p, struct error *err)
{
	const char *total = p->command->total;

	if (!total)
		return 0;
	if (!strstr(total, "{total}"))
		return error_set(err, "pattern \"%s\": the total needs {total}", total);
	p->total = pattern_compile(total, false, err);
	return p->total ? 0 : -1;
}

struct program *
program_compile(const struct driver *driver, const struct command *command, struct error *err)
{
	struct program *p = mem_alloc(1, sizeof(*p));
	int done;

	p->driver = driver;
	p->command = command;
	if (command->form == FORM_XML)
		done = (p->xml = xml_compile(command, err)) ? 0 : -1;
	else
		done = compile_list(&p->rows, command->patterns, false, err) < 0
			   ? -1
			   : check_form(p, err);
	if (done < 0 || compile_list(&p->noise, command->noise, true, err) < 0 ||
	    compile_list(&p->refusals, driver->dialect.refusals, true, err) < 0 ||
	    compile_total(p, err) < 0) {
		error_prefix(err, "%s, %s", driver->name, command->send);
		program_free(p);
		return NULL;
	}
	return p;
}

static void
free_list(struct patterns *list)
{
	for (unsigned i = 0; i < list->n; i++)
		pattern_free(list->list[i]);
}

void
program_free(struct program *program)
{
	if (!program)
		return;
	free_list(&program->rows);
	free_list(&program->noise);
	free_list(&program->refusals);
	pattern_free(program->total);
	xml_map_free(program->xml);
	free(program);
}
