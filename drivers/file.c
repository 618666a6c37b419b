/* Drivers from YAML files: the same fields and the same pattern language, without a compiler. */
#include <errno.h>

#include "drivers/file.h"
#include "drivers/reply.h"

struct driver_file {
	struct driver driver; /* first: the caller holds a pointer to it */
	struct arena arena;
};

static const char *const nothing[] = { NULL };

static int
read_dialect(struct source *s, yaml_node_t *value, void *out)
{
	static const struct file_key keys[] = {
		{ "shell", file_read_bool, offsetof(struct dialect, shell), false },
		{ "prompt", file_read_line, offsetof(struct dialect, prompt), false },
		{ "setup", file_read_sends, offsetof(struct dialect, setup), false },
		{ "more", file_read_lines, offsetof(struct dialect, more), false },
		{ "refusals", file_read_lines, offsetof(struct dialect, refusals), false },
		{ "leave", file_read_send, offsetof(struct dialect, leave), false },
		{ NULL },
	};
	struct dialect *dialect = out;

	if (file_read_map(s, value, keys, dialect) < 0)
		return -1;
	if (dialect->shell && dialect->prompt[0] == '\0')
		return file_fault(
		    s, value, "a shell needs 'prompt': the characters that end a prompt");
	return 0;
}

static int
read_command(struct source *s, yaml_node_t *value, struct command *command)
{
	static const struct file_key keys[] = {
		{ "send", file_read_send, offsetof(struct command, send), true },
		{ "topic", file_read_topic, offsetof(struct command, topic), true },
		{ "form", file_read_form, offsetof(struct command, form), false },
		{ "scope", file_read_scope, offsetof(struct command, scope), true },
		{ "patterns", file_read_lines, offsetof(struct command, patterns), true },
		{ "noise", file_read_lines, offsetof(struct command, noise), false },
		{ "total", file_read_line, offsetof(struct command, total), false },
		{ "also", file_read_sends, offsetof(struct command, also), false },
		{ "pages", file_read_pages, offsetof(struct command, pages), false },
		{ "page_rows", file_read_rows, offsetof(struct command, page_rows), false },
		{ "begins", file_read_line, offsetof(struct command, begins), false },
		{ "paragraphs", file_read_bool, offsetof(struct command, paragraphs), false },
		{ "folds_at", file_read_width, offsetof(struct command, folds_at), false },
		{ "flags", file_read_flags, offsetof(struct command, flags), false },
		{ "status", file_read_status, offsetof(struct command, status), false },
		{ NULL },
	};

	command->status = STATUS_LAYOUT; /* unless its author says that it has read real output */
	command->noise = nothing;
	if (file_read_map(s, value, keys, command) < 0)
		return -1;
	if (command->patterns[0] == NULL)
		return file_fault(s, file_value(s, value, "patterns"), "a command needs a pattern");
	if (command->pages && command->page_rows == 0)
		return file_fault(s, file_value(s, value, "pages"),
		    "'pages' needs 'page_rows': how many rows a page holds at least");
	return 0;
}

static int
read_commands(struct source *s, yaml_node_t *value, void *out)
{
	struct command *commands;
	yaml_node_t *node;
	size_t n;

	if (value->type != YAML_SEQUENCE_NODE)
		return file_fault(s, value, "a list is wanted here");
	n = (size_t)(value->data.sequence.items.top - value->data.sequence.items.start);
	if (n == 0 || n > LIMIT_COMMANDS)
		return file_fault(s, value, "a driver has 1 to %d commands", LIMIT_COMMANDS);
	commands = arena_alloc(s->arena, (n + 1) * sizeof *commands);
	for (size_t i = 0; i < n; i++) {
		node = file_node(s, value->data.sequence.items.start[i]);
		if (read_command(s, node, &commands[i]) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(commands[k].send, commands[i].send) == 0)
				return file_fault(s, file_value(s, node, "send"),
				    "the command stands here twice");
	}
	if (commands[0].flags & COMMAND_VARIANT)
		return file_fault(s, file_node(s, value->data.sequence.items.start[0]),
		    "the first command cannot be a variant of one before it");
	*(const struct command **)out = commands;
	return 0;
}

static int
read_driver(struct source *s, yaml_node_t *root, struct driver *driver)
{
	static const struct file_key keys[] = {
		{ "name", file_read_name, offsetof(struct driver, name), true },
		{ "title", file_read_line, offsetof(struct driver, title), true },
		{ "aliases", file_read_lines, offsetof(struct driver, aliases), false },
		{ "blind", file_read_line, offsetof(struct driver, blind), true },
		{ "privilege", file_read_line, offsetof(struct driver, privilege), true },
		{ "dialect", read_dialect, offsetof(struct driver, dialect), false },
		{ "commands", read_commands, offsetof(struct driver, commands), true },
		{ NULL },
	};

	driver->aliases = nothing;
	driver->dialect = (struct dialect){
		.prompt = "", .setup = nothing, .more = nothing, .refusals = nothing
	};
	if (file_read_map(s, root, keys, driver) < 0)
		return -1;
	for (const struct command *c = driver->commands; c->send != NULL; c++)
		if (!(c->flags & COMMAND_OPTIONAL) && c->status > driver->status)
			driver->status = c->status;
	return 0;
}

/* --- the file --------------------------------------------------------------------------------- */

/* True if the compiler's words, pattern "...", quote this text or what stands behind its path. */
static bool
is_quoted(const char *why, const char *value)
{
	const char *quoted = strstr(why, "pattern \"");

	for (const char *p = value; quoted != NULL && p != NULL; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (strncmp(quoted + 9, p, strlen(p)) == 0 && quoted[9 + strlen(p)] == '"')
			return true;
	}
	return false;
}

/* The text under map[name] that the compiler complains of, or NULL. */
static yaml_node_t *
quoted_node(struct source *s, yaml_node_t *map, const char *name, const char *why)
{
	yaml_node_t *value = file_value(s, map, name), *item;

	if (value == map)
		return NULL;
	if (value->type == YAML_SCALAR_NODE)
		return is_quoted(why, (const char *)value->data.scalar.value) ? value : NULL;
	for (yaml_node_item_t *i = value->data.sequence.items.start;
	     i < value->data.sequence.items.top; i++) {
		item = file_node(s, *i);
		if (is_quoted(why, (const char *)item->data.scalar.value))
			return item;
	}
	return NULL;
}

/* Where the fault stands: the text that is quoted, else the list of patterns. */
static yaml_node_t *
guilty_node(struct source *s, yaml_node_t *root, yaml_node_t *command, const char *why)
{
	static const char *const names[] = { "patterns", "total", "noise" };
	yaml_node_t *dialect = file_value(s, root, "dialect"), *found;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		found = quoted_node(s, command, names[i], why);
		if (found != NULL)
			return found;
	}
	found = dialect != root ? quoted_node(s, dialect, "refusals", why) : NULL;
	return found != NULL ? found : file_value(s, command, "patterns");
}

/* Every command is compiled once: a pattern that cannot work is the file's fault, not a poll's. */
static int
check_patterns(struct source *s, yaml_node_t *root, const struct driver *driver)
{
	yaml_node_t *commands = file_value(s, root, "commands"), *command;
	struct error why = { 0 };
	struct program *program;

	for (int i = 0; driver->commands[i].send != NULL; i++) {
		program = program_compile(driver, &driver->commands[i], &why);
		if (program == NULL) {
			command = file_node(s, commands->data.sequence.items.start[i]);
			return file_fault(
			    s, guilty_node(s, root, command, why.text), "%s", why.text);
		}
		program_free(program);
	}
	return 0;
}

static int
read_document(struct source *s, struct driver *driver)
{
	yaml_node_t *root = yaml_document_get_root_node(&s->document);

	if (root == NULL)
		return error_exit(s->err, EXIT_USAGE, "%s:1:1: the file is empty", s->path);
	if (read_driver(s, root, driver) < 0)
		return -1;
	return check_patterns(s, root, driver);
}

/* True if something but comments follows the first document. */
static int
refuse_second(struct source *s, yaml_parser_t *parser)
{
	yaml_document_t next;
	yaml_node_t *root;
	int rc = 0;

	if (!yaml_parser_load(parser, &next))
		return -2;
	root = yaml_document_get_root_node(&next);
	if (root != NULL)
		rc = file_fault(s, root, "a second document begins here: one file, one driver");
	yaml_document_delete(&next);
	return rc;
}

static int
syntax_fault(struct source *s, const yaml_parser_t *parser)
{
	const yaml_mark_t *mark = &parser->problem_mark;

	return error_exit(s->err, EXIT_USAGE, "%s:%zu:%zu: %s%s%s", s->path, mark->line + 1,
	    mark->column + 1, parser->problem != NULL ? parser->problem : "not YAML",
	    parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "");
}

static int
read_yaml(struct source *s, const char *bytes, size_t n, struct driver *driver)
{
	yaml_parser_t parser;
	int rc = -2; /* what the parser itself says */

	if (!yaml_parser_initialize(&parser))
		return error_set(s->err, "%s: out of memory", s->path);
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, n);
	if (yaml_parser_load(&parser, &s->document)) {
		rc = read_document(s, driver);
		if (rc == 0)
			rc = refuse_second(s, &parser);
		yaml_document_delete(&s->document);
	}
	if (rc == -2)
		rc = syntax_fault(s, &parser);
	yaml_parser_delete(&parser);
	return rc;
}

/* The whole file, in memory the caller frees, in *bytes. Returns its size or -1. */
static ssize_t
read_file(struct source *s, char **bytes)
{
	FILE *file = fopen(s->path, "re");
	size_t capacity = 1 << 14, n = 0, got;

	if (file == NULL)
		return error_exit(s->err, EXIT_USAGE, "%s: %s", s->path, strerror(errno));
	*bytes = NULL;
	do {
		capacity *= 2;
		*bytes = mem_grow(*bytes, capacity, 1);
		got = fread(*bytes + n, 1, capacity - n, file);
		n += got;
	} while (n == capacity && n <= LIMIT_CONFIG);
	if (ferror(file))
		error_exit(s->err, EXIT_USAGE, "%s: %s", s->path, strerror(errno));
	else if (n > LIMIT_CONFIG)
		error_exit(s->err, EXIT_USAGE, "%s: longer than %d bytes", s->path, LIMIT_CONFIG);
	got = ferror(file) || n > LIMIT_CONFIG;
	fclose(file);
	return got ? -1 : (ssize_t)n;
}

const struct driver *
driver_file_load(const char *path, struct error *err)
{
	struct driver_file *file = mem_alloc(1, sizeof *file);
	struct error ignored;
	struct source s = {
		.path = path, .arena = &file->arena, .err = err != NULL ? err : &ignored
	};
	char *bytes = NULL;
	ssize_t n = read_file(&s, &bytes);
	int rc = n < 0 ? -1 : read_yaml(&s, bytes, (size_t)n, &file->driver);

	free(bytes);
	if (rc == 0)
		return &file->driver;
	driver_file_free(&file->driver);
	return NULL;
}

void
driver_file_free(const struct driver *driver)
{
	struct driver_file *file = (struct driver_file *)(uintptr_t)driver;

	if (file == NULL)
		return;
	arena_free(&file->arena);
	free(file);
}
