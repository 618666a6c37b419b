/* ssh: one exec channel for each command, and the reading that shells share. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "transports/ssh.h"

enum { CHUNK = 32768 };

/* A reply on its way through an exec channel. */
struct taking {
	const struct sink *sink;
	uint64_t bytes, lines, aside_bytes;
	size_t n;         /* of the unfinished stderr line */
	char aside[1024]; /* longer lines are cut: they are messages, not rows */
	char first[120];  /* the first of them, escaped */
};

enum ssh_got
ssh_read(struct ssh_line *s, ssh_channel channel, bool aside, char *buffer, size_t size, size_t *n)
{
	int rc = ssh_channel_read_nonblocking(channel, buffer, (uint32_t)size, aside);

	*n = 0;
	if (rc > 0) {
		*n = (size_t)rc;
		s->link->bytes_in += (uint64_t)rc;
		return SSH_GOT_BYTES;
	}
	if (rc == SSH_ERROR) {
		s->alive = false;
		return SSH_GOT_ERROR;
	}
	/* 0 is "nothing yet" and "end of file" alike: only this tells them apart. */
	return ssh_channel_is_eof(channel) ? SSH_GOT_END : SSH_GOT_NOTHING;
}

bool
ssh_lives(struct ssh_line *s)
{
	if (ssh_get_status(s->session) & (SSH_CLOSED | SSH_CLOSED_ERROR))
		s->alive = false;
	return s->alive;
}

void
ssh_begin_round(struct ssh_line *s)
{
	s->seen = s->counter.in_bytes;
}

bool
ssh_await(struct ssh_line *s, int ms)
{
	struct pollfd wait = { .fd = ssh_get_fd(s->session), .events = POLLIN };

	if (s->counter.in_bytes != s->seen)
		return true;
	return poll(&wait, 1, line_left(s->link, ms)) > 0;
}

/* --- stderr, line by line --------------------------------------------------------------------- */

static void
give_aside(struct taking *t)
{
	struct text line = text_trim((struct text){ t->aside, t->n });

	if (t->first[0] == 0)
		text_escape(line, t->first, sizeof(t->first));
	if (t->sink && t->sink->aside)
		t->sink->aside(t->sink->arg, line);
	t->n = 0;
}

static void
take_aside(struct taking *t, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && t->aside_bytes < LIMIT_STDERR; i++, t->aside_bytes++) {
		if (bytes[i] == '\n')
			give_aside(t);
		else if (t->n < sizeof(t->aside))
			t->aside[t->n++] = bytes[i];
	}
}

/* --- stdout ----------------------------------------------------------------------------------- */

static int
take_bytes(struct ssh_line *s, struct taking *t, const char *bytes, size_t n)
{
	t->bytes += n;
	for (const char *p = bytes; (p = memchr(p, '\n', n - (size_t)(p - bytes))) != NULL; p++)
		t->lines++;
	if (t->bytes > LIMIT_REPLY_BYTES || t->lines > LIMIT_REPLY_LINES)
		return line_fail(s->link, REASON_LIMIT,
		    "the reply is longer than %d MB or %d lines", LIMIT_REPLY_BYTES >> 20,
		    LIMIT_REPLY_LINES);
	if (t->sink && t->sink->bytes)
		t->sink->bytes(t->sink->arg, bytes, n);
	return 0;
}

static int
broken(struct ssh_line *s, ssh_channel channel)
{
	if (line_left(s->link, 1) == 0)
		return line_fail(s->link, REASON_TIMEOUT, "the time for this poll is over");
	if (s->alive && ssh_channel_is_open(channel))
		return line_fail(s->link, REASON_TIMEOUT,
		    "silent for %d s in the middle of a reply",
		    (s->link->to->silence_ms + 999) / 1000);
	return line_fail(s->link, REASON_CUT, "the connection ended in the middle of a reply: %s",
	    ssh_complaint(s));
}

/* Takes both streams until the device has ended them. Returns 0 at the end, -1 otherwise. */
static int
take(struct ssh_line *s, ssh_channel channel, struct taking *t)
{
	char buffer[CHUNK];
	enum ssh_got got;
	size_t n;

	for (;;) {
		ssh_begin_round(s);
		got = ssh_read(s, channel, true, buffer, sizeof(buffer), &n);
		if (got == SSH_GOT_ERROR)
			return broken(s, channel);
		take_aside(t, buffer, n);
		got = ssh_read(s, channel, false, buffer, sizeof(buffer), &n);
		if (got == SSH_GOT_ERROR)
			return broken(s, channel);
		if (got == SSH_GOT_END)
			return 0;
		if (got == SSH_GOT_NOTHING && !ssh_await(s, s->link->to->silence_ms))
			return broken(s, channel);
		if (got == SSH_GOT_BYTES && take_bytes(s, t, buffer, n) != 0)
			return -1;
		if (line_left(s->link, 1) == 0)
			return broken(s, channel);
	}
}

/* End of file alone does not make a reply whole: only the status says that the command itself
 * ended. */
static int
take_status(struct ssh_line *s, ssh_channel channel, struct taking *t, int *status)
{
	int rc;

	ssh_patience(s, s->link->to->silence_ms);
	rc = ssh_channel_get_exit_status(channel);
	if (t->n > 0 && t->aside_bytes < LIMIT_STDERR) /* not half a line where we stopped looking
							*/
		give_aside(t);
	if (rc < 0)
		return line_fail(s->link, REASON_CUT,
		    "the command ended without an exit status: %s",
		    t->first[0] ? t->first : ssh_complaint(s));
	*status = rc;
	if (rc != 0 && t->first[0])
		(void)text_copy(text_of(t->first), s->link->why, sizeof(s->link->why));
	return 0;
}

/* A request did not go through: refused, not answered, or the connection is gone. */
static int
refused(struct ssh_line *s, int rc, const char *what)
{
	enum reason reason = rc == SSH_AGAIN ? REASON_TIMEOUT : REASON_REFUSED;

	return line_fail(
	    s->link, ssh_lives(s) ? reason : REASON_CUT, "%s: %s", what, ssh_complaint(s));
}

static int
start(struct ssh_line *s, ssh_channel channel, const char *line)
{
	int rc;

	ssh_patience(s, s->link->to->silence_ms);
	rc = channel ? ssh_channel_open_session(channel) : SSH_ERROR;
	if (rc != SSH_OK)
		return refused(s, rc, "no channel for the command");
	line_wire(s->link, line);
	rc = ssh_channel_request_exec(channel, line);
	if (rc != SSH_OK)
		return refused(s, rc, "the device does not run single commands (exec)");
	(void)ssh_channel_send_eof(channel);
	return 0;
}

int
ssh_exec_ask(struct ssh_line *s, const char *line, const struct sink *sink, int *status)
{
	struct taking t = { .sink = sink };
	ssh_channel channel = ssh_channel_new(s->session);
	int rc = start(s, channel, line);

	if (rc == 0)
		rc = take(s, channel, &t);
	if (rc == 0)
		rc = take_status(s, channel, &t, status);
	if (channel) {
		ssh_patience(s, 100);
		ssh_channel_free(channel);
	}
	if (rc != 0)
		s->at_prompt = false;
	return rc;
}
