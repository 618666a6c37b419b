/* A child, a pipe and a deadline. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "inventories/helper.h"

/* Between fork and exec: only calls that are safe there. */
static _Noreturn void
become(const char *path, int out)
{
	char *const argv[] = { (char *)(uintptr_t)path, NULL };
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0)
		_exit(126);
	close_range(3, ~0U, 0);
	execve(path, argv, environ);
	_exit(127);
}

static int
left(int64_t deadline)
{
	int64_t ms = deadline - clock_mono_ms();

	return ms < 0 ? 0 : (int)ms;
}

/* Reads until the end of the stream. Returns 0, or -1 with errno (ETIMEDOUT: the deadline). */
static int
drain(int fd, int64_t deadline, char *into, size_t size, size_t *n)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int ready = poll(&p, 1, left(deadline));
		ssize_t got;

		if (ready == 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (ready < 0 && errno != EINTR)
			return -1;
		if (ready < 0)
			continue;
		if (*n == size)
			return 0;
		got = read(fd, into + *n, size - *n);
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return -1;
		*n += got > 0 ? (size_t)got : 0;
	}
}

/* Waits for the end of a child that has closed its stdout, until the deadline. */
static bool
ended(pid_t child, int64_t deadline)
{
	int fd = (int)syscall(SYS_pidfd_open, child, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ready;

	if (fd < 0)
		return true; /* no pidfd: waitpid waits, and the poll's own deadline stands behind
				it */
	do
		ready = poll(&p, 1, left(deadline));
	while (ready < 0 && errno == EINTR);
	close(fd);
	return ready > 0;
}

static int
verdict(const char *path, int status, struct error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(
		    err, "exec:%s: could not be started: run it by hand to see why", path);
	if (WIFEXITED(status))
		return error_set(err, "exec:%s: ended with status %d: run it by hand to see why",
		    path, WEXITSTATUS(status));
	return error_set(err, "exec:%s: ended by signal %d", path, WTERMSIG(status));
}

int
helper_run(const char *path, char *into, size_t size, size_t *n, struct error *err)
{
	int64_t deadline = clock_mono_ms() + HELPER_MS;
	int ends[2], status = 0;
	bool late;
	pid_t child, waited;

	*n = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(err, "exec:%s: pipe: %s", path, strerror(errno));
	child = fork();
	if (child == 0)
		become(path, ends[1]);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return error_set(err, "exec:%s: fork: %s", path, strerror(errno));
	}
	late = drain(ends[0], deadline, into, size, n) != 0 ||
	       (*n < size && !ended(child, deadline));
	close(ends[0]);
	/* Its session, and itself: it may have been killed before it had a session. */
	if (late || *n == size) {
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
	}
	do
		waited = waitpid(child, &status, 0);
	while (waited < 0 && errno == EINTR);
	if (late)
		return error_set(err, "exec:%s: no answer within %d s: run it by hand to see why",
		    path, HELPER_MS / 1000);
	if (waited < 0)
		return error_set(err, "exec:%s: its end was not seen: %s", path, strerror(errno));
	return *n == size ? 0 : verdict(path, status, err);
}
