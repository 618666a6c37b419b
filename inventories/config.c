/* Loads gatebook.yml and inventory.d/: all files, then all faults at once. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <unistd.h>

#include "base/log.h"
#include "inventories/loading.h"

static const char *
typed(struct loading *l, const char *name)
{
	return arena_printf(&l->arena, "%s%s", l->dir, name);
}

const char *
config_path(struct loading *l, const char *key, const yaml_node_t *node)
{
	const char *path = schema_string(l, key, node);

	if (!path || path[0] == '/')
		return path;
	if (path[0] == '~') {
		fault_node(l, node, "'%s': '~' is not expanded: write the whole path", key);
		return NULL;
	}
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	return arena_printf(&l->config->arena, "%s/%s", l->config->dir, path);
}

const char *
config_duration(uint32_t seconds, char out[static CONFIG_DURATION])
{
	static const struct {
		uint32_t seconds;
		char name;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (seconds % units[i].seconds)
		i++;
	if (seconds == 0)
		snprintf(out, CONFIG_DURATION, "off");
	else
		snprintf(out, CONFIG_DURATION, "%u%c", seconds / units[i].seconds, units[i].name);
	return out;
}

/* The folder as typed, ready to stand before a file name: "" for "." and "dir/" for the others. */
static void
find_folder(struct loading *l, const char *dir)
{
	struct text t = text_of(dir);
	char *absolute = realpath(dir, NULL);

	while (t.n > 1 && t.s[t.n - 1] == '/')
		t.n--;
	if (text_is(t, "."))
		l->dir = "";
	else if (text_is(t, "/"))
		l->dir = "/";
	else
		l->dir = arena_printf(&l->arena, "%.*s/", (int)t.n, t.s);
	l->config->dir = arena_string(&l->config->arena, text_of(absolute ? absolute : dir));
	free(absolute);
}

static void
set_defaults(struct config *c)
{
	c->store = arena_printf(&c->arena, "%s/store", c->dir);
	c->ledger_key = arena_printf(&c->arena, "%s/secrets/ledger.key", c->dir);
	c->reconcile = (struct reconcile_settings){
		.window = 60, .late = 600, .skew = 600, .chain_within = 300
	};
	c->sandbox = 2;
	c->jobs = LIMIT_JOBS;
	c->most_cpu = LIMIT_CPU;
	c->logins_per_second = LIMIT_LOGINS_PER_SECOND;
	c->site_jobs = LIMIT_SITE_JOBS;
	c->snmp_jobs = LIMIT_SNMP_JOBS;
	c->min_interval = LIMIT_INTERVAL_S;
	c->least_disk = LIMIT_DISK_MIB;
	c->alert_silent = LIMIT_SILENT;
	c->alert_unread = LIMIT_UNREAD;
	c->auth_failures = LIMIT_AUTH_FAILURES;
	c->poll_timeout = LIMIT_POLL_S;
	c->silence = LIMIT_SILENCE_MS / 1000;
	c->connect = LIMIT_CONNECT_MS / 1000;
}

/* Returns false when there is no gatebook.yml at all: then nothing else is worth reading. */
static bool
load_settings(struct loading *l)
{
	const char *name = typed(l, "gatebook.yml");

	source_begin(l, name);
	if (access(name, F_OK) != 0 && errno == ENOENT) {
		fault_at(l, 1, 1, "no such file: 'gatebook init %s' writes one",
		    l->dir[0] ? l->dir : ".");
		return false;
	}
	l->blind = !source_read(l, name, read_settings);
	if (l->config->internal.n == 0)
		prefix_set_add_private(&l->config->internal);
	return true;
}

/* --- inventory.d ------------------------------------------------------------------------------ */

struct names {
	char **all;
	size_t n, room;
};

static bool
is_inventory(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted by bytes, not by locale: the order, and with it the checksum, is the same everywhere. */
static void
list_files(DIR *dir, struct names *names)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		if (!is_inventory(entry->d_name))
			continue;
		if (names->n == names->room) {
			names->room = names->room ? names->room * 2 : 16;
			names->all = mem_grow(names->all, names->room, sizeof *names->all);
		}
		names->all[names->n++] = mem_string(entry->d_name);
	}
	if (names->n > 0)
		qsort(names->all, names->n, sizeof *names->all, compare_names);
}

static void
load_inventory(struct loading *l)
{
	const char *folder = typed(l, "inventory.d");
	DIR *dir = opendir(folder);
	struct names names = { 0 };

	if (!dir) {
		if (errno != ENOENT) {
			int why = errno;

			source_begin(l, folder);
			fault_at(l, 1, 1, "cannot be read: %s", strerror(why));
		}
		return;
	}
	list_files(dir, &names);
	closedir(dir);
	for (size_t i = 0; i < names.n; i++) {
		const char *path = arena_printf(&l->arena, "%s/%s", folder, names.all[i]);

		if (l->imported && strcmp(names.all[i], "IMPORTED.yml") == 0) {
			free(names.all[i]);
			continue;
		}
		source_begin(l, path);
		/* Nobody can split what an import writes. */
		l->most_bytes = strcmp(names.all[i], "IMPORTED.yml") == 0 ? LIMIT_IMPORT : 0;
		source_read(l, path, read_inventory);
		free(names.all[i]);
	}
	free(names.all);
	if (l->imported) {
		source_begin(l, l->imported);
		l->most_bytes = LIMIT_IMPORT;
		source_read(l, l->imported, read_inventory);
	}
	devices_finish(l);
}

static void
finish_hash(struct loading *l)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	EVP_DigestFinal_ex(l->hash, digest, &n);
	for (unsigned i = 0; i < n && i < 32; i++)
		snprintf(l->config->sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(l->hash);
}

struct config *
config_load(const char *dir, FILE *faults)
{
	return config_load_with(dir, NULL, faults);
}

struct config *
config_load_with(const char *dir, const char *imported, FILE *faults)
{
	struct config *c = mem_alloc(1, sizeof *c);
	struct loading l = { .config = c, .hash = EVP_MD_CTX_new(), .imported = imported };
	bool good;

	if (!l.hash || !EVP_DigestInit_ex(l.hash, EVP_sha256(), NULL))
		log_fatal("SHA-256 is not available");
	find_folder(&l, dir);
	set_defaults(c);
	if (load_settings(&l))
		load_inventory(&l);
	schedules_finish(&l);
	c->control = arena_printf(&c->arena, "%s/control", c->store);
	finish_hash(&l);
	faults_print(&l, faults);
	good = l.n_faults == 0;
	free(l.faults);
	free(l.files);
	free(l.drafts);
	arena_free(&l.arena);
	/* The trees of the files are gone: give them back, for a poll is a fork of what is left. */
	malloc_trim(0);
	if (good)
		return c;
	config_free(c);
	return NULL;
}

void
config_free(struct config *c)
{
	if (!c)
		return;
	for (struct own_prefixes *own = c->own; own; own = own->next)
		prefix_set_free(&own->set);
	prefix_set_free(&c->internal);
	prefix_set_free(&c->reconcile.sources);
	prefix_set_free(&c->reconcile.users_from);
	arena_free(&c->arena);
	free(c->files);
	free(c);
}
