#include "transports/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 32, COMMAND_BYTES = 1024, NOT_FOUND = 127 };

struct running {
	pid_t pid;
	int out, aside; /* -1 at their end */
};

/* --- the child -------------------------------------------------------------------------------- */

/* No shell: words are what stands between blanks. */
static int
split(char *line, char *words[static WORDS + 1])
{
	int n = 0;

	while (*line) {
		while (*line == ' ')
			*line++ = 0;
		if (!*line)
			break;
		if (n == WORDS)
			return -1;
		words[n++] = line;
		while (*line && *line != ' ')
			line++;
	}
	words[n] = NULL;
	return n;
}

static void run(const char *send) __attribute__((noreturn));

/* A fixed path and a fixed environment: what is started does not depend on who started us. */
static void
run(const char *send)
{
	static const char *const folders[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin", NULL };
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", locale[] = "LC_ALL=C";
	char *environment[] = { path, locale, NULL };
	char line[COMMAND_BYTES], program[COMMAND_BYTES + 16], *words[WORDS + 1];

	if (text_copy(text_of(send), line, sizeof(line)) && split(line, words) > 0) {
		for (int i = 0; folders[i]; i++) {
			(void)snprintf(program, sizeof(program), "%s/%s", folders[i], words[0]);
			(void)execve(program, words, environment);
			if (errno != ENOENT)
				break;
		}
		(void)dprintf(STDERR_FILENO, "%s: %s\n", words[0],
		    errno == ENOENT ? "command not found" : strerror(errno));
	}
	_exit(NOT_FOUND);
}

static bool
start(struct running *r, const char *send)
{
	int out[2], aside[2];
	pid_t parent = getpid();

	if (pipe2(out, O_CLOEXEC) != 0)
		return false;
	if (pipe2(aside, O_CLOEXEC) != 0) {
		(void)close(out[0]);
		(void)close(out[1]);
		return false;
	}
	r->pid = fork();
	if (r->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(NOT_FOUND);
		(void)setpgid(0, 0);
		(void)signal(SIGINT, SIG_DFL);
		(void)dup2(out[1], STDOUT_FILENO);
		(void)dup2(aside[1], STDERR_FILENO);
		run(send);
	}
	(void)close(out[1]);
	(void)close(aside[1]);
	r->out = out[0];
	r->aside = aside[0];
	return r->pid > 0;
}

/* --- the helper ------------------------------------------------------------------------------- */

/* The poll has gone: nobody wants the rest. Closing the pipes ends what may not be killed (sudo).
 */
static void
stop(struct running *r)
{
	if (r->out >= 0)
		(void)close(r->out);
	if (r->aside >= 0)
		(void)close(r->aside);
	if (r->pid > 0) {
		(void)kill(-r->pid, SIGKILL);
		(void)kill(r->pid, SIGKILL);
		(void)waitpid(r->pid, NULL, 0);
	}
	_exit(0);
}

/* Hands on what stands in a pipe. Returns false at its end. */
static bool
forward(struct running *r, int channel, int fd, uint32_t kind)
{
	static struct helper_frame frame;
	ssize_t n = read(fd, frame.bytes, sizeof(frame.bytes));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	frame.kind = kind;
	if (send(channel, &frame, HELPER_HEAD + (size_t)n, MSG_NOSIGNAL) < 0)
		stop(r);
	return true;
}

static void
report(struct running *r, int channel)
{
	static struct helper_frame frame = { .kind = HELPER_EXIT };
	int status = 0;

	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	frame.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	r->pid = 0;
	if (send(channel, &frame, HELPER_HEAD, MSG_NOSIGNAL) < 0)
		_exit(0);
}

/* Runs one command to its end; ends with the poll that asked for it. */
static void
serve(const char *send_line, int channel)
{
	struct running r = { 0, -1, -1 };

	if (!start(&r, send_line))
		_exit(1);
	while (r.out >= 0 || r.aside >= 0) {
		struct pollfd fds[] = { { r.out, POLLIN, 0 }, { r.aside, POLLIN, 0 },
			{ channel, POLLIN, 0 } };

		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			stop(&r);
		if (fds[2].revents) /* nothing is said while a command runs: the poll has gone */
			stop(&r);
		if (fds[1].revents && !forward(&r, channel, r.aside, HELPER_ASIDE)) {
			(void)close(r.aside);
			r.aside = -1;
		}
		if (fds[0].revents && !forward(&r, channel, r.out, HELPER_OUT)) {
			(void)close(r.out);
			r.out = -1;
		}
	}
	report(&r, channel);
}

void
helper_run(const struct driver *driver, int channel)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	uint32_t index, commands = 0;

	/* Nothing of the poll's is needed here, and nothing of it may leak into a program. */
	channel = fcntl(channel, F_DUPFD_CLOEXEC, 10);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(null, fd);
	(void)dup3(channel, 3, O_CLOEXEC);
	(void)close_range(4, ~0u, 0);
	(void)signal(SIGINT, SIG_IGN);
	while (driver->commands[commands].send)
		commands++;
	while (read(3, &index, sizeof(index)) == (ssize_t)sizeof(index) && index < commands)
		serve(driver->commands[index].send, 3);
	_exit(0);
}
