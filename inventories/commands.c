/* commands: those of its platform that a device is asked for. */
#include "inventories/loading.h"

/* The driver's own spelling of a command, or NULL after a fault. Only whole commands count: what
 * is sent to a device must be seen in the file as it is. */
static const char *
find_command(struct loading *l, const yaml_node_t *node, const struct driver *driver)
{
	const char *sends[LIMIT_COMMANDS + 1] = { NULL },
					   *asked = schema_string(l, "commands", node);
	char shown[LOADING_SHOWN + 8];
	const struct command *meant;
	const char *near;

	if (!asked)
		return NULL;
	for (size_t i = 0; driver->commands[i].send && i < LIMIT_COMMANDS; i++) {
		sends[i] = driver->commands[i].send;
		if (strcmp(asked, sends[i]) != 0)
			continue;
		if (!command_can_poll(&driver->commands[i])) {
			fault_node(
			    l, node, "'%s' lists no sessions: a poll does not ask for it", asked);
			return NULL;
		}
		return sends[i];
	}
	meant = driver_command(driver, text_of(asked));
	near = meant ? meant->send : text_nearest(asked, sends);
	fault_shown(text_of(asked), shown);
	if (near)
		fault_node(l, node, "'%s' is no command of %s (did you mean '%s'?)", shown,
		    driver->name, near);
	else
		fault_node(l, node,
		    "'%s' is no command of %s: 'gatebook driver show %s' lists them", shown,
		    driver->name, driver->name);
	return NULL;
}

const char *const *
read_commands(struct loading *l, const yaml_node_t *list, const struct driver *driver)
{
	const yaml_node_t *item;
	const char **commands;

	if (!list || !driver || !schema_is_list(l, "commands", list))
		return NULL;
	if (schema_count(list) == 0) {
		fault_node(l, list, "'commands' is empty: leave it out for the platform's own");
		return NULL;
	}
	commands = arena_alloc(&l->config->arena, (schema_count(list) + 1) * sizeof *commands);
	for (size_t i = 0; (item = schema_item(l, list, i)) != NULL; i++)
		commands[i] = find_command(l, item, driver);
	return commands;
}
