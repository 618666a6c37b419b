/* Other tools' inventories: what every kind shares, from a list of candidates to the changes. */
#include <stdarg.h>
#include <stdlib.h>

#include "base/log.h"
#include "inventories/importing.h"
#include "inventories/secret.h"

const struct import_kind *const import_kinds[] = { &import_ansible, &import_ansible_file,
	&import_csv, &import_librenms, &import_nautobot, &import_netbox, &import_nornir,
	&import_oxidized, &import_rancid, &import_ssh_config, &import_suzieq, NULL };

static struct arena *
arena_of(struct importing *i)
{
	return &i->l.config->arena;
}

/* --- what a reader hands over ----------------------------------------------------------------- */

bool
import_good(const struct importing *i)
{
	return i->l.n_faults == 0 && i->err.text[0] == '\0';
}

bool
import_is_url(const char *source)
{
	return strstr(source, "://") != NULL;
}

char *
import_text(struct importing *i, struct text t)
{
	return arena_string(arena_of(i), t);
}

struct candidate *
import_add(struct importing *i)
{
	if (i->n == LIMIT_DEVICES) {
		error_set(&i->err, "more than %d devices", LIMIT_DEVICES);
		return NULL;
	}
	if (i->n == i->room) {
		i->room = i->room ? i->room * 2 : 64;
		i->candidates = mem_grow(i->candidates, i->room, sizeof *i->candidates);
	}
	i->candidates[i->n] = (struct candidate){ 0 };
	return &i->candidates[i->n++];
}

void
import_tag(struct importing *i, struct candidate *c, const char *tag)
{
	if (!tag || !tag[0] || c->n_tags == LIMIT_IMPORT_TAGS)
		return;
	if (!c->tags)
		c->tags = arena_alloc(arena_of(i), LIMIT_IMPORT_TAGS * sizeof *c->tags);
	c->tags[c->n_tags++] = tag;
}

void
import_warn(struct importing *i, const char *format, ...)
{
	char text[512];
	va_list args;

	if (i->n_warnings == LOADING_FAULTS)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	i->warnings = mem_grow(i->warnings, i->n_warnings + 1, sizeof *i->warnings);
	i->warnings[i->n_warnings++] = import_text(i, text_of(text));
}

bool
import_port(const char *text, uint32_t *port)
{
	uint64_t n = 0;

	if (text && (!text_number(text_of(text), 65535, &n) || n == 0))
		return false;
	*port = (uint32_t)n;
	return true;
}

/* --- one import --------------------------------------------------------------------------------
 */

static const struct import_kind *
find_kind(const char *name, struct error *err)
{
	const char *names[32] = { NULL }, *near;
	char shown[LOADING_SHOWN + 8], all[400] = "";
	size_t n = 0;

	for (size_t k = 0; import_kinds[k]; k++) {
		if (strcmp(import_kinds[k]->name, name) == 0)
			return import_kinds[k];
		names[k] = import_kinds[k]->name;
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", k ? ", " : "", names[k]);
	}
	near = text_nearest(name, names);
	fault_shown(text_of(name), shown);
	if (near)
		error_exit(
		    err, EXIT_USAGE, "no inventory kind '%s' (did you mean '%s'?)", shown, near);
	else
		error_exit(err, EXIT_USAGE, "no inventory kind '%s': one of %s", shown, all);
	return NULL;
}

/* The same source has the same name tomorrow, from whatever folder it is called. */
static const char *
name_source(struct importing *i, const char *kind, const char *source)
{
	char *absolute, shown[512];
	struct text t = text_of(source);

	if (import_is_url(source)) {
		while (t.n > 1 && t.s[t.n - 1] == '/')
			t.n--;
		text_escape(t, shown, sizeof shown);
	} else {
		absolute = strcmp(source, "-") == 0 ? NULL : realpath(source, NULL);
		text_escape(text_of(absolute ? absolute : source), shown, sizeof shown);
		free(absolute);
	}
	return arena_printf(arena_of(i), "%s:%s", kind, shown);
}

static bool
check_order(const struct config *c, const struct import_order *order, struct error *err)
{
	char shown[LOADING_SHOWN + 8];

	if (order->credential && !credential_find(c, order->credential)) {
		error_exit(err, EXIT_USAGE,
		    "unknown credential '%s': add it to 'credentials:' in gatebook.yml",
		    fault_shown(text_of(order->credential), shown));
		return false;
	}
	if (order->token && secret_syntax(order->token, err) != 0) {
		error_prefix(err, "--token");
		err->exit = EXIT_USAGE;
		return false;
	}
	return true;
}

static void
run(struct importing *i, const struct config *config, struct import *out,
    const struct import_kind *kind)
{
	struct platform_map *map = platform_map_new(i, i->order->map);

	if (map)
		kind->read(i);
	if (map && import_good(i))
		import_compare(i, config, map, out);
	platform_map_free(map);
}

struct import *
import_new(
    const struct config *config, const struct import_order *order, FILE *faults, struct error *err)
{
	struct config scratch = { .dir = "" };
	struct importing i = { .l = { .config = &scratch, .dir = "", .hash = EVP_MD_CTX_new() },
		.order = order };
	const struct import_kind *kind = find_kind(order->kind, err);
	struct import *out = NULL;

	if (!i.l.hash || !EVP_DigestInit_ex(i.l.hash, EVP_sha256(), NULL))
		log_fatal("SHA-256 is not available");
	if (kind && check_order(config, order, err)) {
		out = mem_alloc(1, sizeof *out);
		i.l.most_bytes = LIMIT_IMPORT;
		out->source = arena_string(
		    &out->arena, text_of(name_source(&i, kind->name, order->source)));
		out->path = arena_printf(&out->arena, "%s/inventory.d/IMPORTED.yml", config->dir);
		run(&i, config, out, kind);
		faults_print(&i.l, faults);
		if (!import_good(&i)) {
			if (i.err.text[0])
				*err = i.err;
			else
				error_set(err, "%s: nothing was imported", out->source);
			import_free(out);
			out = NULL;
		}
	}
	EVP_MD_CTX_free(i.l.hash);
	free(i.l.faults);
	free(i.l.files);
	free(i.candidates);
	free(i.warnings);
	arena_free(&i.l.arena);
	free(scratch.files);
	arena_free(&scratch.arena);
	return out;
}

void
import_free(struct import *import)
{
	if (!import)
		return;
	free(import->rows);
	free(import->text);
	arena_free(&import->arena);
	free(import);
}
