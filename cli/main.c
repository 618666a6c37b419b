/* gatebook: reads the command line, runs one command. */
#include <locale.h>
#include <stdio.h>

#include "base/log.h"
#include "cli/parse.h"

static int
help(const struct call *call)
{
	if (call->command != NULL)
		help_command(stdout, call->command);
	else
		help_overview(stdout, call->n > 0 ? call->words[0] : NULL);
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

static int
run(struct call *call)
{
	pid_t pager = -1;
	int rc;

	if (call->verbose)
		log_set_level(LOG_INFO);
	if (call->quiet)
		log_set_level(LOG_ERROR);
	if (pager_wanted(call))
		pager = pager_start();
	rc = call->command->run(call);
	pager_end(pager);
	return rc;
}

int
main(int argc, char **argv)
{
	struct error err = { 0 };
	struct call call;
	int rc;

	setlocale(LC_CTYPE, ""); /* how wide a character is; everything else stays C */
	rc = cli_parse(argc, argv, &call, &err);
	switch (rc) {
	case PARSED_RUN: rc = run(&call); break;
	case PARSED_HELP: rc = help(&call); break;
	case PARSED_VERSION: rc = cli_find("version")->run(&call); break;
	default: rc = cli_fail(&err, EXIT_USAGE); break;
	}
	call_free(&call);
	return rc;
}
