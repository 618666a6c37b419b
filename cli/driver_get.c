/* The driver a command is about: by name, or from a file. */
#include "cli/driver.h"

const struct driver *
driver_get(const struct call *call, const char *name, struct error *err)
{
	const char *file = call_value(call, "driver");
	const struct driver *driver;
	const char *nearest;

	if (file != NULL)
		return driver_file_load(file, err);
	driver = driver_find(name);
	if (driver != NULL)
		return driver;
	nearest = driver_nearest(name);
	if (nearest != NULL)
		error_exit(
		    err, EXIT_USAGE, "unknown platform '%.64s' (did you mean %s?)", name, nearest);
	else
		error_exit(
		    err, EXIT_USAGE, "unknown platform '%.64s'; see: gatebook driver list", name);
	return NULL;
}

void
driver_put(const struct call *call, const struct driver *driver)
{
	if (call_value(call, "driver") != NULL)
		driver_file_free(driver);
}

void
command_flags(unsigned flags, void (*add)(void *arg, const char *flag), void *arg)
{
	static const struct {
		unsigned bit;
		const char *name;
	} all[] = {
		{ COMMAND_HEAVY, "heavy" },
		{ COMMAND_VARIANT, "variant" },
		{ COMMAND_PRIVILEGED, "privileged" },
		{ COMMAND_OPTIONAL, "optional" },
		{ COMMAND_UNACCOUNTED, "unaccounted" },
		{ COMMAND_RECORD, "record" },
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (flags & all[i].bit)
			add(arg, all[i].name);
}

const char *
form_name(enum form form)
{
	static const char *const names[] = { "rows", "keys", "blocks", "xml", "json", "columns",
		"csv", "varbinds" };

	return names[form];
}
