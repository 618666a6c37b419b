/* The devices an inventory command is about. */
#include "cli/inventory.h"

const struct device **
inventory_pick(struct config *config, const struct call *call, struct error *err)
{
	const struct device **all;

	if (call->n > 0)
		return config_select(config, call->n, call->words, err);
	/* A poll of all leaves out the disabled ones; here is the place to see that they are. */
	all = arena_alloc(&config->arena, (config->n_devices + 1) * sizeof(*all));
	for (size_t n = 0; n < config->n_devices; n++)
		all[n] = &config->devices[n];
	return all;
}
