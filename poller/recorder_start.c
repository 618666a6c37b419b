/* Starts the recorder as a child of the scheduler, and waits until it holds the store or says why
 * not. */
#include "poller/recorder.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "poller/wire.h"

/* A Ctrl-C at the terminal goes to the whole group: the recorder must outlive the polls it hears.
 */
static void
ignore_signals(void)
{
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
}

int
recorder_start(const struct recorder *recorder, int *control, struct error *err)
{
	struct recorder r = *recorder;
	struct error said = { 0 };
	int fds[2];
	pid_t pid;
	long n;

	if (wire_pair(fds) != 0)
		return error_set(err, "cannot make a channel: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		return error_set(err, "cannot start the recorder: %s", strerror(errno));
	if (pid == 0) {
		int code;

		close(fds[0]);
		ignore_signals();
		r.control = fds[1];
		code = recorder_run(&r, &said);
		if (code != EXIT_OK)
			(void)wire_send(fds[1], &said, sizeof(said), NULL, 0);
		_exit(code);
	}
	close(fds[1]);
	n = wire_receive(fds[0], &said, sizeof(said), NULL, NULL);
	if (n == sizeof(uint32_t)) {
		*control = fds[0];
		return pid;
	}
	close(fds[0]);
	(void)waitpid(pid, NULL, 0);
	if (n == (long)sizeof(said) && wire_is_text(said.text)) {
		*err = said;
		return -1;
	}
	return error_set(err, "the recorder died before it could open %s", r.dir);
}
