/* ssh through a jump host: a first session, verified and logged in like any other, a direct-tcpip
 * channel of it (RFC 4254, 7.2), and a process that carries bytes between the channel and an end of
 * a socket pair. The session to the device runs on the other end and knows nothing of it.
 *
 * libssh 0.10 would run the ssh program for ProxyJump. A thread in its place would stay outside of
 * the sandbox, which closes for one thread; a process closes its own. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transports/ssh.h"

enum {
	CARRY_BYTES = 32768,
	CARRY_MS = 1000 /* between two looks at a channel that nothing came for */
};

/* The first session, as far as the channel. */
static int
open_channel(struct ssh_line *jump, const struct target *to)
{
	int rc;

	if (ssh_reach(jump) != 0 || ssh_look_at_key(jump) != 0 || ssh_verify(jump) != 0 ||
	    ssh_login(jump) != 0)
		return -1;
	jump->channel = ssh_channel_new(jump->session);
	ssh_patience(jump, to->connect_ms);
	rc = jump->channel
		 ? ssh_channel_open_forward(jump->channel, to->host, to->port, "127.0.0.1", 0)
		 : SSH_ERROR;
	if (rc == SSH_OK)
		return 0;
	return line_fail(jump->link, REASON_CONNECT, "it opens no connection to %s port %u: %s",
	    to->host, to->port, ssh_complaint(jump));
}

/* --- the process that carries ------------------------------------------------------------------
 */

static bool
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

/* Returns how many bytes were carried, -1 at an end. */
static long
carry_in(struct ssh_line *jump, int fd, char *bytes)
{
	int n = ssh_channel_read_nonblocking(jump->channel, bytes, CARRY_BYTES, 0);

	if (n > 0)
		return write_all(fd, bytes, (size_t)n) ? n : -1;
	return n == SSH_ERROR || ssh_channel_is_eof(jump->channel) ||
		       !ssh_is_connected(jump->session)
		   ? -1
		   : 0;
}

static long
carry_out(struct ssh_line *jump, int fd, char *bytes)
{
	ssize_t n = recv(fd, bytes, CARRY_BYTES, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return n > 0 && ssh_channel_write(jump->channel, bytes, (uint32_t)n) == n ? n : -1;
}

static void
carry(struct ssh_line *jump, int fd)
{
	struct pollfd watch[2] = { { .fd = jump->fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };
	char bytes[CARRY_BYTES];

	for (;;) {
		long in = carry_in(jump, fd, bytes), out = in < 0 ? -1 : carry_out(jump, fd, bytes);

		if (in < 0 || out < 0)
			break;
		if (in + out == 0 && poll(watch, 2, CARRY_MS) < 0 && errno != EINTR)
			break;
	}
}

/* Keeps the two descriptors and what a person reads; the recorder must see the poll end. */
static void
close_others(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);

	if (low > 3)
		(void)close_range(3, low - 1, 0);
	if (high > low + 1)
		(void)close_range(low + 1, high - 1, 0);
	(void)close_range(high + 1, ~0U, 0);
}

static void __attribute__((noreturn)) run(struct ssh_line *jump, int fd, pid_t poller)
{
	const struct target *via = jump->link->to;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != poller)
		_exit(1);
	close_others(jump->fd, fd);
	if (via->confine && via->confine(via->sandbox) < 0)
		_exit(1);
	carry(jump, fd);
	(void)shutdown(fd, SHUT_RDWR);
	jump->link->to = via;
	ssh_hang_up(jump);
	_exit(0);
}

/* This process' copy of the session goes without a word to the jump host: the other one talks. */
static void
forget(struct ssh_line *jump)
{
	jump->alive = false;
	jump->channel = NULL;
	ssh_hang_up(jump);
}

static int
hand_over(struct ssh_line *s, struct ssh_line *jump)
{
	int pair[2];
	struct stat st;
	pid_t poller = getpid(), pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return line_fail(s->link, REASON_CONNECT, "no socket: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		(void)close(pair[0]);
		run(jump, pair[1], poller);
	}
	(void)close(pair[1]);
	s->fd = pair[0];
	if (pid < 0 || fstat(s->fd, &st) != 0)
		return line_fail(s->link, REASON_CONNECT, "no process: %s", strerror(errno));
	s->device = st.st_dev;
	s->inode = st.st_ino;
	return 0;
}

int
ssh_jump(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	struct link link = { .to = to->via };
	struct ssh_line jump = { .link = &link, .fd = -1 };
	int rc = open_channel(&jump, to);

	s->link->via_tried = true;
	memcpy(s->link->via_local, link.local, sizeof(link.local));
	(void)text_copy(text_of(link.host_key), s->link->via_key, sizeof(s->link->via_key));
	(void)text_copy(
	    text_of(link.exchange), s->link->via_exchange, sizeof(s->link->via_exchange));
	if (rc != 0) {
		(void)text_copy(text_of(link.why), s->link->via_why, sizeof(s->link->via_why));
		ssh_hang_up(&jump);
		return line_fail(
		    s->link, link.reason, "jump host %s: %.200s", to->via->device, link.why);
	}
	rc = hand_over(s, &jump);
	forget(&jump);
	return rc;
}
