/* The ssh transport: open, ask, close. */
#include <stdlib.h>

#include "base/arena.h"
#include "transports/ssh.h"

static int
open_ssh(struct link *link)
{
	struct ssh_line *s = mem_alloc(1, sizeof(*s));
	int rc;

	s->link = link;
	s->fd = -1;
	link->state = s;
	line_clear(link);
	rc = ssh_reach(s);
	if (rc == 0)
		rc = ssh_look_at_key(s);
	if (rc == 0)
		rc = ssh_verify(s);
	if (rc == 0)
		rc = ssh_login(s);
	if (rc == 0 && link->to->driver->dialect.shell)
		rc = ssh_shell_open(s);
	else if (rc == 0)
		s->at_prompt = true;
	if (rc != 0) {
		ssh_hang_up(s);
		free(s);
		link->state = NULL;
	}
	return rc;
}

static int
ask_ssh(struct link *link, const char *line, const struct sink *sink, int *exit_status)
{
	struct ssh_line *s = link->state;
	int rc;

	*exit_status = 0;
	if (line_allowed(link, line) != 0)
		return -1;
	if (!s || !s->alive || !s->at_prompt)
		return line_fail(link, REASON_CUT, "not asked: the connection was lost before");
	line_clear(link);
	s->at_prompt = false;
	if (s->channel)
		rc = ssh_shell_ask(s, line, sink);
	else
		rc = ssh_exec_ask(s, line, sink, exit_status);
	s->at_prompt = rc == 0;
	return rc;
}

static void
close_ssh(struct link *link)
{
	struct ssh_line *s = link->state;
	enum reason reason = link->reason;

	if (!s)
		return;
	if (s->channel)
		ssh_shell_leave(s);
	ssh_hang_up(s);
	if (reason == REASON_NONE) /* a goodbye that failed is not worth a word */
		line_clear(link);
	free(s);
	link->state = NULL;
}

const struct transport transport_ssh = {
	.name = "ssh", .open = open_ssh, .ask = ask_ssh, .close = close_ssh
};
