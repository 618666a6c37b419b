/* The devices of all files together: sorted, each name once, jump hosts found. */
#include "inventories/loading.h"

static int
compare(const void *left, const void *right)
{
	const struct draft *a = left, *b = right;
	int order = strcmp(a->device.name, b->device.name);

	if (order != 0)
		return order;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->device.line != b->device.line)
		return a->device.line < b->device.line ? -1 : 1;
	return a->column < b->column ? -1 : 1;
}

const struct device *
config_device(const struct config *c, const char *name)
{
	size_t low = 0, high = c->n_devices;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, c->devices[middle].name);

		if (order == 0)
			return &c->devices[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void
find_jump_hosts(struct loading *l)
{
	struct config *c = l->config;

	for (size_t i = 0; i < l->n_drafts; i++) {
		const struct draft *d = &l->drafts[i];
		const struct device *via = d->via ? config_device(c, d->via) : NULL;
		const char *why = NULL;

		if (!d->via)
			continue;
		if (!via)
			why = "is no device: a jump host is one, though it may be 'enabled: false'";
		else if (via == &c->devices[i])
			why = "is the device itself";
		else if (strcmp(via->transport, "ssh") != 0)
			why = "has no ssh";
		c->devices[i].via = why ? NULL : via;
		if (why)
			fault_in(
			    l, d->file, d->via_line, d->via_column, "'via': '%s' %s", d->via, why);
	}
	/* One jump is what the poll can make. */
	for (size_t i = 0; i < l->n_drafts; i++) {
		const struct draft *d = &l->drafts[i];

		if (c->devices[i].via && c->devices[i].via->via)
			fault_in(l, d->file, d->via_line, d->via_column,
			    "'via': '%s' is behind a jump host itself", d->via);
	}
}

void
devices_finish(struct loading *l)
{
	struct config *c = l->config;
	const struct draft *first = l->drafts;

	if (l->n_drafts == 0)
		return;
	qsort(l->drafts, l->n_drafts, sizeof *l->drafts, compare);
	c->devices = arena_alloc(&c->arena, l->n_drafts * sizeof *c->devices);
	c->n_devices = l->n_drafts;
	for (size_t i = 0; i < l->n_drafts; i++) {
		const struct draft *d = &l->drafts[i];

		c->devices[i] = d->device;
		if (i == 0 || strcmp(d->device.name, first->device.name) != 0)
			first = d;
		else
			fault_in(l, d->file, d->device.line, d->column,
			    "device '%s' is already defined at %s:%u", d->device.name,
			    first->device.file, first->device.line);
	}
	find_jump_hosts(l);
}
