/* The jump host of a polled device: its pins, its secret, its login in the ledger. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "poller/sandbox.h"
#include "poller/visit.h"

static int
confine(int level)
{
	return sandbox_close((enum sandbox)level, NULL);
}

bool
poll_jump_prepare(struct poll *p)
{
	const struct device *via = p->device->via;
	struct jump *j = &p->jump;
	struct wire_ask ask = { .kind = WIRE_ASK };
	struct error err = { 0 };

	if (!via)
		return true;
	wire_put(ask.name, via->name);
	if (wire_send(p->channel, &ask, sizeof(ask), NULL, 0) != 0)
		_exit(EXIT_FAILED);
	poll_take_pins(p, &j->pins, j->pin);
	j->to = (struct target){ .device = via->name,
		.host = j->host,
		.port = via->port,
		.driver = via->driver,
		.algorithms = via->algorithms,
		.from = via->from,
		.pins = j->pin,
		.connect_ms = p->to.connect_ms,
		.silence_ms = p->to.silence_ms,
		.deadline_ms = p->to.deadline_ms,
		.confine = confine,
		.sandbox = p->config->sandbox };
	p->to.via = &j->to;
	if (login_read(via->credential, &j->held, &j->to.secret, &err) != 0)
		return poll_fail(p, REASON_CREDENTIAL, "jump host %s: %.200s", via->name, err.text);
	if (login_resolve(via, j->host, j->address, &err) != 0)
		return poll_fail(p, REASON_CONNECT, "jump host %s: %.200s", via->name, err.text);
	/* The device's own name is for the jump host to resolve. */
	(void)snprintf(p->address, sizeof(p->address),
	    strchr(p->device->host, ':') ? "[%s]:%u" : "%s:%u", p->device->host, p->device->port);
	p->to.host = p->device->host;
	return true;
}

bool
poll_jump_intend(struct poll *p)
{
	const char *line = "login ssh to a jump host";
	struct jump *j = &p->jump;

	return !p->device->via ||
	       poll_intend_as(p, p->device->via->credential, j->address, &line, 1, &j->login_seq);
}

void
poll_jump_result(struct poll *p)
{
	struct link *link = &p->link;
	char detail[512];

	if (!p->device->via)
		return;
	login_wipe(&p->jump.held, &p->jump.to.secret);
	(void)snprintf(detail, sizeof(detail), "jump=\"%s\" hostkey=\"%s\" exchange=\"%s\"%s%s",
	    p->device->via->name, link->via_key, link->via_exchange,
	    link->via_local[0] ? " from=" : "", link->via_local);
	poll_result(p, p->jump.login_seq, "login ssh to a jump host",
	    !link->via_tried   ? "not sent"
	    : link->via_why[0] ? link->via_why
			       : "ok",
	    detail);
}
