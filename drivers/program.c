#include <stddef.h>

#include "drivers/map.h"

static int
add_pattern(struct patterns *list, struct pattern *pattern, struct error *err)
{
	if (!pattern)
		return -1;
	if (list->n == LIMIT_PATTERNS) {
		pattern_free(pattern);
		return error_set(err, "more than %d patterns", LIMIT_PATTERNS);
	}
	if (list->n > 0 && list->list[list->n - 1]->continues == pattern->continues)
		pattern_link(list->list[list->n - 1], pattern);
	for (unsigned byte = 0; byte < 256; byte++)
		list->begins[byte] |= (uint64_t)pattern->begins[byte] << list->n;
	list->continues |= (uint64_t)pattern->continues << list->n;
	list->list[list->n++] = pattern;
	return 0;
}

/* Openings: of noise, of refusals. */
static int
compile_openings(
    const struct program *p, struct patterns *list, const char *const *sources, struct error *err)
{
	for (unsigned i = 0; sources && sources[i]; i++)
		if (add_pattern(list, pattern_compile(sources[i], true, p->driver->functions, err),
			err) < 0)
			return -1;
	return 0;
}

static bool
names_particulars(const struct pattern *pattern)
{
	for (unsigned i = 0; i < pattern->n; i++)
		if (pattern->steps[i].at != NOWHERE &&
		    pattern->steps[i].at >= offsetof(struct observation, more))
			return true;
	return false;
}

/* The patterns of rows, and those of heads apart. */
static int
compile_rows(struct program *p, struct error *err)
{
	for (unsigned i = 0; p->command->patterns[i]; i++) {
		const char *source = p->command->patterns[i];
		struct pattern *row = pattern_compile(source, false, p->driver->functions, err);
		bool extra = row && names_particulars(row);

		if (add_pattern(row && row->heads ? &p->heads : &p->rows, row, err) < 0)
			return -1;
		if (extra && !topic_has_particulars(p->command->topic))
			return error_set(
			    err, "pattern \"%s\": a session has no such field", source);
		p->closes |= row->closes;
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
			return error_set(err, "only blocks have patterns that continue a record");
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
	p->total = pattern_compile(total, false, p->driver->functions, err);
	return p->total ? 0 : -1;
}

static int
compile_begins(struct program *p, struct error *err)
{
	if (!p->command->begins)
		return 0;
	if (p->command->form != FORM_ROWS && p->command->form != FORM_KEYS)
		return error_set(err, "only rows and keys can be folded");
	p->begins = pattern_compile(p->command->begins, true, p->driver->functions, err);
	return p->begins ? 0 : -1;
}

static int
compile_form(struct program *p, struct error *err)
{
	if (p->command->form < FORM_XML)
		return compile_rows(p, err) < 0 ? -1 : check_form(p, err);
	p->map = map_compile(p->driver, p->command, err);
	return p->map ? 0 : -1;
}

struct program *
program_compile(const struct driver *driver, const struct command *command, struct error *err)
{
	struct program *p = mem_alloc(1, sizeof(*p));

	p->driver = driver;
	p->command = command;
	if (compile_form(p, err) < 0 || compile_openings(p, &p->noise, command->noise, err) < 0 ||
	    compile_openings(p, &p->refusals, driver->dialect.refusals, err) < 0 ||
	    compile_total(p, err) < 0 || compile_begins(p, err) < 0) {
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
	free_list(&program->heads);
	free_list(&program->noise);
	free_list(&program->refusals);
	pattern_free(program->total);
	pattern_free(program->begins);
	map_free(program->map);
	free(program);
}
