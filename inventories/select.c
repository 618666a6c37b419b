/* Which devices are meant: names, @tag, @site, @platform, @all. */
#include "inventories/config.h"

static int
compare_name(const void *name, const void *device)
{
	return strcmp(name, ((const struct device *)device)->name);
}

static bool
is_in(const struct device *d, const char *group)
{
	if (strcmp(group, "all") == 0 || strcmp(group, d->site) == 0 ||
	    strcmp(group, d->driver->name) == 0)
		return true;
	for (size_t i = 0; d->tags[i]; i++)
		if (strcmp(group, d->tags[i]) == 0)
			return true;
	return false;
}

/* Every tag, site and platform, some more than once: enough to find the nearest. */
static const char **
all_groups(const struct config *c)
{
	size_t n = 1, k = 0;
	const char **groups;

	for (size_t i = 0; i < c->n_devices; i++) {
		n += 2;
		for (size_t t = 0; c->devices[i].tags[t]; t++)
			n++;
	}
	groups = mem_alloc(n + 1, sizeof *groups);
	groups[k++] = "all";
	for (size_t i = 0; i < c->n_devices; i++) {
		groups[k++] = c->devices[i].driver->name;
		if (c->devices[i].site[0])
			groups[k++] = c->devices[i].site;
		for (size_t t = 0; c->devices[i].tags[t]; t++)
			groups[k++] = c->devices[i].tags[t];
	}
	return groups;
}

static int
unknown(struct config *c, const char *asked, struct error *err)
{
	bool group = asked[0] == '@';
	const char **known, *near;
	char shown[LIMIT_NAME * 2];

	if (group) {
		known = all_groups(c);
	} else {
		known = mem_alloc(c->n_devices + 1, sizeof *known);
		for (size_t i = 0; i < c->n_devices; i++)
			known[i] = c->devices[i].name;
	}
	near = text_nearest(asked + group, known);
	text_escape(text_of(asked), shown, sizeof shown);
	if (near)
		error_exit(err, EXIT_USAGE, "no %s '%s' (did you mean '%s%s'?)",
		    group ? "tag, site or platform" : "device", shown, group ? "@" : "", near);
	else
		error_exit(err, EXIT_USAGE, "no %s '%s': see 'gatebook inventory list'",
		    group ? "tag, site or platform" : "device", shown);
	free(known);
	return -1;
}

static int
pick_group(struct config *c, const char *asked, bool *picked, struct error *err)
{
	bool known = strcmp(asked, "@all") == 0;

	for (size_t i = 0; i < c->n_devices; i++) {
		if (!is_in(&c->devices[i], asked + 1))
			continue;
		known = true;
		picked[i] = picked[i] || !c->devices[i].disabled;
	}
	return known ? 0 : unknown(c, asked, err);
}

static int
pick(struct config *c, const char *asked, bool *picked, struct error *err)
{
	const struct device *d;

	if (asked[0] == '@')
		return pick_group(c, asked, picked, err);
	d = c->n_devices ? bsearch(asked, c->devices, c->n_devices, sizeof *d, compare_name) : NULL;
	if (!d)
		return unknown(c, asked, err);
	picked[d - c->devices] = true;
	return 0;
}

const struct device **
config_select(struct config *c, int n, char *const *words, struct error *err)
{
	bool *picked = mem_alloc(c->n_devices + 1, sizeof *picked);
	const struct device **found = NULL;
	size_t count = 0;
	int wrong = 0;

	if (n == 0)
		wrong = pick_group(c, "@all", picked, err);
	for (int i = 0; i < n && !wrong; i++)
		wrong = pick(c, words[i], picked, err);
	if (!wrong) {
		found = arena_alloc(&c->arena, (c->n_devices + 1) * sizeof *found);
		for (size_t i = 0; i < c->n_devices; i++)
			if (picked[i])
				found[count++] = &c->devices[i];
	}
	free(picked);
	return found;
}
