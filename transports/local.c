/* The local transport: the device is this machine. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "transports/helper.h"
#include "transports/line.h"

struct local {
	pid_t helper;
	int channel;
	bool lost;
	uint64_t bytes, lines, aside_bytes;
	size_t aside_n;
	char aside[1024];
	char first[120]; /* line of stderr, escaped */
	struct helper_frame frame;
};

static int
open_local(struct link *link)
{
	struct local *l = mem_alloc(1, sizeof(*l));

	line_clear(link);
	l->channel = -1;
	link->state = l;
	(void)text_copy(text_of("local"), link->exchange, sizeof(link->exchange));
	return 0;
}

static int
settle_local(struct link *link)
{
	struct local *l = link->state;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return line_fail(link, REASON_CONNECT, "no socket pair: %s", strerror(errno));
	l->helper = fork();
	if (l->helper < 0) {
		(void)close(pair[0]);
		(void)close(pair[1]);
		return line_fail(
		    link, REASON_CONNECT, "no process for the commands: %s", strerror(errno));
	}
	if (l->helper == 0)
		helper_run(link->to->driver, pair[1]);
	(void)close(pair[1]);
	l->channel = pair[0];
	return 0;
}

/* --- what comes back -------------------------------------------------------------------------- */

static void
give_aside(struct local *l, const struct sink *sink)
{
	struct text line = text_trim((struct text){ l->aside, l->aside_n });

	if (l->first[0] == 0)
		text_escape(line, l->first, sizeof(l->first));
	if (sink && sink->aside)
		sink->aside(sink->arg, line);
	l->aside_n = 0;
}

static void
take_aside(struct local *l, const struct sink *sink, size_t n)
{
	for (size_t i = 0; i < n && l->aside_bytes < LIMIT_STDERR; i++, l->aside_bytes++) {
		if (l->frame.bytes[i] == '\n')
			give_aside(l, sink);
		else if (l->aside_n < sizeof(l->aside))
			l->aside[l->aside_n++] = l->frame.bytes[i];
	}
}

static int
take_bytes(struct link *link, struct local *l, const struct sink *sink, size_t n)
{
	const char *bytes = l->frame.bytes;

	l->bytes += n;
	link->bytes_in += n;
	for (const char *p = bytes; (p = memchr(p, '\n', n - (size_t)(p - bytes))) != NULL; p++)
		l->lines++;
	if (l->bytes > LIMIT_REPLY_BYTES || l->lines > LIMIT_REPLY_LINES)
		return line_fail(link, REASON_LIMIT, "the reply is longer than %d MB or %d lines",
		    LIMIT_REPLY_BYTES >> 20, LIMIT_REPLY_LINES);
	if (sink && sink->bytes)
		sink->bytes(sink->arg, bytes, n);
	return 0;
}

static int
take_reply(struct link *link, struct local *l, const struct sink *sink, int *status)
{
	for (;;) {
		struct pollfd wait = { .fd = l->channel, .events = POLLIN };
		int left = line_left(link, link->to->silence_ms);
		ssize_t n;

		if (left == 0 || poll(&wait, 1, left) == 0)
			return line_fail(
			    link, REASON_TIMEOUT, "the command is silent, or over its time");
		n = recv(l->channel, &l->frame, sizeof(l->frame), 0);
		if (n < HELPER_HEAD)
			return line_fail(
			    link, REASON_CUT, "the process that runs commands has ended");
		n -= HELPER_HEAD;
		if (l->frame.kind == HELPER_EXIT)
			break;
		if (l->frame.kind == HELPER_ASIDE)
			take_aside(l, sink, (size_t)n);
		else if (take_bytes(link, l, sink, (size_t)n) != 0)
			return -1;
	}
	if (l->aside_n > 0 && l->aside_bytes < LIMIT_STDERR)
		give_aside(l, sink);
	*status = l->frame.status;
	if (*status != 0)
		(void)text_copy(text_of(l->first), link->why, sizeof(link->why));
	return 0;
}

static int
ask_local(struct link *link, const char *line, const struct sink *sink, int *exit_status)
{
	struct local *l = link->state;
	const struct command *commands = link->to->driver->commands;
	uint32_t index = 0;

	*exit_status = 0;
	if (line_allowed(link, line) != 0)
		return -1;
	while (commands[index].send && strcmp(commands[index].send, line) != 0)
		index++;
	if (!commands[index].send) /* a setup or logout line: there is no terminal to set up */
		return 0;
	if (l->lost)
		return line_fail(link, REASON_CUT, "not asked: the command before it was given up");
	line_clear(link);
	if (l->channel < 0 && settle_local(link) != 0)
		return -1;
	l->bytes = l->lines = l->aside_bytes = l->aside_n = 0;
	l->first[0] = 0;
	line_wire(link, line);
	l->lost = true;
	if (send(l->channel, &index, sizeof(index), MSG_NOSIGNAL) != (ssize_t)sizeof(index))
		return line_fail(link, REASON_CUT, "the process that runs commands has ended");
	if (take_reply(link, l, sink, exit_status) != 0)
		return -1;
	l->lost = false;
	return 0;
}

/* The helper ends, and kills what it runs, when its channel does. */
static void
close_local(struct link *link)
{
	struct local *l = link->state;
	int64_t until = clock_mono_ms() + LIMIT_LOGOUT_MS;

	if (!l)
		return;
	if (l->channel >= 0)
		(void)close(l->channel);
	while (l->helper > 0 && waitpid(l->helper, NULL, WNOHANG) == 0) {
		if (clock_mono_ms() > until)
			(void)kill(l->helper, SIGKILL);
		(void)poll(NULL, 0, 1);
	}
	free(l);
	link->state = NULL;
}

const struct transport transport_local = { .name = "local",
	.open = open_local,
	.settle = settle_local,
	.ask = ask_local,
	.close = close_local };
