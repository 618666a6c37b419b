/* Collects what is wrong with the configuration, so that all of it is said at once, in order. */
#include <stdarg.h>

#include "inventories/loading.h"

static void __attribute__((format(printf, 3, 0)))
add(struct loading *l, struct fault fault, const char *format, va_list args)
{
	char text[1024];

	if (l->n_faults == LOADING_FAULTS) {
		l->faults_lost++;
		return;
	}
	if (l->n_faults == l->faults_room) {
		l->faults_room = l->faults_room ? l->faults_room * 2 : 16;
		l->faults = mem_grow(l->faults, l->faults_room, sizeof *l->faults);
	}
	vsnprintf(text, sizeof text, format, args);
	fault.order = (unsigned)l->n_faults;
	fault.text = arena_string(&l->arena, text_of(text));
	l->faults[l->n_faults++] = fault;
}

void
fault_at(struct loading *l, unsigned line, unsigned column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(l, (struct fault){ .file = l->file, .line = line, .column = column }, format, args);
	va_end(args);
}

void
fault_node(struct loading *l, const yaml_node_t *node, const char *format, ...)
{
	struct fault fault = {
		.file = l->file, .line = schema_line(node), .column = schema_column(node)
	};
	va_list args;

	va_start(args, format);
	add(l, fault, format, args);
	va_end(args);
}

void
fault_in(struct loading *l, unsigned file, unsigned line, unsigned column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(l, (struct fault){ .file = file, .line = line, .column = column }, format, args);
	va_end(args);
}

static int
compare(const void *left, const void *right)
{
	const struct fault *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* A value that several aliases name is read several times: its fault is said once. */
static bool
repeats(const struct fault *a, const struct fault *b)
{
	return a->file == b->file && a->line == b->line && a->column == b->column &&
	       strcmp(a->text, b->text) == 0;
}

void
faults_print(struct loading *l, FILE *out)
{
	if (l->n_faults > 0)
		qsort(l->faults, l->n_faults, sizeof *l->faults, compare);
	for (size_t i = 0; i < l->n_faults; i++) {
		const struct fault *f = &l->faults[i];

		if (i > 0 && repeats(f, f - 1))
			continue;
		fprintf(out, "%s:%u:%u: %s\n", l->files[f->file], f->line, f->column, f->text);
	}
	if (l->faults_lost > 0)
		fprintf(out, "%zu more faults are not shown\n", l->faults_lost);
}

const char *
fault_shown(struct text value, char out[static LOADING_SHOWN + 8])
{
	bool cut = value.n > LOADING_SHOWN;

	text_escape(value, out, LOADING_SHOWN);
	if (cut) {
		size_t n = strlen(out);

		memcpy(out + n, "...", 4);
	}
	return out;
}

const char *
fault_host(struct text t)
{
	struct text cursor = t, before;
	struct addr a;
	bool numeric = true;

	if (addr_parse(t, &a))
		return NULL;
	if (text_contains(t, "/"))
		return "an address or a host name, no URL and no prefix";
	if (text_take_until(&cursor, '@', &before))
		return "the login name belongs into the credential";
	if (text_contains(t, ":"))
		return "not an IPv6 address; a port is a key of its own: 'port: 22'";
	for (size_t i = 0; i < t.n; i++) {
		char c = t.s[i];
		bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';

		if (!digit && !letter && c != '.' && c != '-' && c != '_')
			return "a host name has letters, digits, '.' and '-'";
		numeric = numeric && (digit || c == '.');
	}
	if (numeric)
		return "not an address: four numbers of 0 to 255 without leading zeros";
	return t.n > 253 ? "longer than a host name can be" : NULL;
}
