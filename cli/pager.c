/* $PAGER between the answer and the terminal. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/parse.h"

bool
pager_wanted(const struct call *call)
{
	const char *pager = getenv("PAGER");
	unsigned question = CLI_TIMES | CLI_OUTPUT;

	return pager != NULL && *pager != '\0' && call->form <= WRITE_WIDE &&
	       (call->command->flags & question) == question && isatty(STDOUT_FILENO);
}

pid_t
pager_start(void)
{
	int ends[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		setenv("LESS", "FRX", 0); /* as git does: quit if it fits, keep colour */
		execl("/bin/sh", "sh", "-c", getenv("PAGER"), (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

void
pager_end(pid_t pid)
{
	if (pid <= 0)
		return;
	fflush(stdout);
	close(STDOUT_FILENO);
	while (waitpid(pid, NULL, 0) < 0)
		;
}
