/* The configuration of the call's folder. */
#include "cli/command.h"

struct config *
cli_config(const struct call *call)
{
	return config_load(call->dir, stderr);
}
