/* inventory.d/IMPORTED.yml: read with what people added to it, written anew, put in place. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventories/importing.h"

static struct arena *
arena_of(struct importing *i)
{
	return &i->l.config->arena;
}

struct entry *
entries_add(struct importing *i, struct entries *entries)
{
	if (entries->n == entries->room) {
		entries->room = entries->room ? entries->room * 2 : 64;
		entries->all = mem_grow(entries->all, entries->room, sizeof *entries->all);
	}
	return entries->all[entries->n++] = arena_alloc(arena_of(i), sizeof(struct entry));
}

/* --- a value as YAML's flow text ---------------------------------------------------------------
 */

static void
put_node(struct importing *i, FILE *out, const yaml_node_t *node, unsigned depth)
{
	const yaml_node_t *item, *name;

	if (depth == LIMIT_IMPORT_DEPTH) {
		fault_node(
		    &i->l, node, "lists within lists, more than %d deep", LIMIT_IMPORT_DEPTH);
		return;
	}
	switch (node->type) {
	case YAML_SEQUENCE_NODE:
		fputc('[', out);
		for (size_t n = 0; (item = schema_item(&i->l, node, n)) != NULL; n++) {
			fputs(n ? ", " : "", out);
			put_node(i, out, item, depth + 1);
		}
		fputc(']', out);
		break;
	case YAML_MAPPING_NODE:
		fputc('{', out);
		for (size_t n = 0; (name = schema_pair(&i->l, node, n, &item)) != NULL; n++) {
			fputs(n ? ", " : "", out);
			put_node(i, out, name, depth + 1);
			fputs(": ", out);
			put_node(i, out, item, depth + 1);
		}
		fputc('}', out);
		break;
	default:
		if (schema_is_null(node))
			fputs("null", out);
		else
			config_put_text(out, schema_text(node));
	}
}

static const char *
flow(struct importing *i, const char *before, const yaml_node_t *node, const char *after)
{
	char *text = NULL, *kept;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	fputs(before, out);
	put_node(i, out, node, 0);
	fputs(after, out);
	fclose(out);
	kept = import_text(i, (struct text){ text, n });
	free(text);
	return kept;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Passed to read_file, which libyaml's reader calls without an argument of ours. */
static struct importing *reading;
static struct entries *into;

static const char **
place(struct entry *e, struct text key)
{
	const struct {
		const char *key;
		const char **place;
	} places[] = { { "name", &e->name }, { "host", &e->host }, { "platform", &e->platform },
		{ "credential", &e->credential }, { "site", &e->site }, { "via", &e->via },
		{ "source", &e->source }, { "source_id", &e->id }, { "source_state", &e->state } };

	for (size_t n = 0; n < sizeof places / sizeof places[0]; n++)
		if (text_is(key, places[n].key))
			return places[n].place;
	return NULL;
}

static void
read_tags(struct importing *i, struct entry *e, const yaml_node_t *list)
{
	const yaml_node_t *item;

	e->tags = arena_alloc(arena_of(i), (schema_count(list) + 1) * sizeof *e->tags);
	for (size_t n = 0; (item = schema_item(&i->l, list, n)) != NULL; n++)
		e->tags[e->n_tags++] = import_text(i, schema_text(item));
}

static void
read_pair(struct importing *i, struct entry *e, const yaml_node_t *name, const yaml_node_t *value)
{
	struct text key = schema_text(name);
	const char **found = place(e, key), *before;
	uint64_t port;

	if (found) {
		*found = yaml_scalar(i, "a device", value);
	} else if (text_is(key, "tags")) {
		read_tags(i, e, value);
	} else if (text_is(key, "port") && text_number(schema_text(value), 65535, &port)) {
		e->port = (uint32_t)port;
	} else {
		before = arena_printf(
		    arena_of(i), "%s    %.*s: ", e->rest ? e->rest : "", (int)key.n, key.s);
		e->rest = flow(i, before, value, "\n");
	}
}

static void
read_file(struct loading *l, const yaml_node_t *root)
{
	const yaml_node_t *defaults = yaml_at(l, root, "defaults");
	const yaml_node_t *devices = yaml_at(l, root, "devices"), *item, *name, *value;

	if (defaults) {
		into->defaults = flow(reading, "", defaults, "");
		into->has_credential = yaml_at(l, defaults, "credential") != NULL;
	}
	if (!devices || devices->type != YAML_SEQUENCE_NODE)
		return;
	for (size_t d = 0; (item = schema_item(l, devices, d)) != NULL; d++) {
		struct entry *e = entries_add(reading, into);

		for (size_t n = 0; (name = schema_pair(l, item, n, &value)) != NULL; n++)
			read_pair(reading, e, name, value);
		if (!e->name || !e->source)
			fault_node(l, item,
			    "a device without 'source': write your own in another file of "
			    "inventory.d/");
		e->id = e->id ? e->id : e->name;
		e->state = e->state ? e->state : "up";
	}
}

int64_t
entries_changed_ns(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec
				    : 0;
}

bool
entries_read(struct importing *i, const char *path, struct entries *entries)
{
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	reading = i;
	into = entries;
	source_begin(&i->l, path);
	return source_read(&i->l, path, read_file) && i->l.n_faults == 0;
}

/* --- writing ---------------------------------------------------------------------------------- */

static int
compare(const void *left, const void *right)
{
	return strcmp((*(struct entry *const *)left)->name, (*(struct entry *const *)right)->name);
}

static void
put(FILE *out, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(out, "    %s: ", key);
	config_put_text(out, text_of(value));
	fputc('\n', out);
}

static void
put_entry(FILE *out, const struct entry *e)
{
	fputs("  - name: ", out);
	config_put_text(out, text_of(e->name));
	fputc('\n', out);
	put(out, "host", e->host);
	if (e->port)
		fprintf(out, "    port: %u\n", e->port);
	put(out, "platform", e->platform);
	put(out, "credential", e->credential);
	put(out, "site", e->site);
	for (size_t t = 0; t < e->n_tags; t++) {
		fputs(t ? ", " : "    tags: [", out);
		config_put_text(out, text_of(e->tags[t]));
	}
	if (e->n_tags)
		fputs("]\n", out);
	put(out, "via", e->via);
	put(out, "source", e->source);
	put(out, "source_id", e->id);
	if (strcmp(e->state, "up") != 0)
		put(out, "source_state", e->state);
	fputs(e->rest ? e->rest : "", out);
}

char *
entries_text(struct entries *entries, size_t *n)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, n);

	if (entries->n > 0)
		qsort(entries->all, entries->n, sizeof *entries->all, compare);
	fputs("# Devices of other inventories, written by 'gatebook inventory import'. The next "
	      "import\n"
	      "# writes it anew: 'defaults' and keys of yours (every, commands, ...) stay, "
	      "comments do "
	      "not.\n",
	    out);
	if (entries->defaults)
		fprintf(out, "defaults: %s\n", entries->defaults);
	fputs("devices:\n", out);
	for (size_t d = 0; d < entries->n; d++)
		put_entry(out, entries->all[d]);
	fclose(out);
	return text;
}

/* The bytes are on the disk under a name that no load reads. */
static int
write_aside(const char *path, const struct import *import, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t done = 0;
	ssize_t n = 0;

	if (fd < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	while (done < import->text_n && n >= 0) {
		n = write(fd, import->text + done, import->text_n - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 0;
	}
	if (n < 0 || fsync(fd) != 0) {
		error_set(err, "%s: cannot be written: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

static int
put_in_place(const char *aside, const char *path, const char *folder, struct error *err)
{
	int fd;

	if (rename(aside, path) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	/* The rename is on the disk when the folder is. */
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		error_set(err, "%s: %s", folder, strerror(errno));
	if (fd >= 0)
		close(fd);
	return err->text[0] ? -1 : 0;
}

int
import_apply(const struct import *import, const char *dir, FILE *faults, struct error *err)
{
	struct arena arena = { 0 };
	struct text folder = text_of(import->path);
	const char *aside, *d;
	struct config *seen;
	int rc;

	folder.n -= strlen("/IMPORTED.yml");
	d = arena_string(&arena, folder);
	aside = arena_printf(&arena, "%s/.IMPORTED.yml.new", d);
	rc = mkdir(d, 0700) != 0 && errno != EEXIST ? error_set(err, "%s: %s", d, strerror(errno))
						    : write_aside(aside, import, err);
	if (rc == 0) {
		seen = config_load_with(dir, aside, faults);
		config_free(seen);
		if (!seen)
			rc = error_set(err, "%s was not replaced: %s has the faults above",
			    import->path, aside);
		else if (entries_changed_ns(import->path) != import->read_ns)
			rc = error_set(err, "%s was changed meanwhile: import again", import->path);
		else
			rc = put_in_place(aside, import->path, d, err);
	}
	arena_free(&arena);
	return rc;
}
