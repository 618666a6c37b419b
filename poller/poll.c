#include "poller/poll.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "poller/agent.h"
#include "poller/login.h"
#include "poller/sandbox.h"
#include "poller/visit.h"

enum { ALONE_MS = 100 /* between two looks whether the other poll has ended */ };

bool
poll_fail(struct poll *p, enum reason reason, const char *format, ...)
{
	va_list arguments;

	if (p->report.reason != REASON_NONE)
		return false;
	p->report.reason = (uint8_t)reason;
	va_start(arguments, format);
	(void)vsnprintf(p->report.why, sizeof(p->report.why), format, arguments);
	va_end(arguments);
	return false;
}

bool
poll_is_variant(const struct device *device, const struct command *c)
{
	/* What a person lists is asked for, whatever it is a variant of. */
	return (c->flags & COMMAND_VARIANT) && !(device->commands && command_can_poll(c));
}

/* What the device is asked to count before its table, if a limit is set; NULL: nothing. */
static const struct command *
guard_of(const struct device *device)
{
	return device->most_sessions > 0 ? driver_guard(device->driver) : NULL;
}

/* Who is where, behind what lists sessions: names of ports first, which the driver has first. */
static int
add_identity(const struct device *device, const struct command *plan[static LIMIT_COMMANDS], int n)
{
	const struct command *c = device->driver->commands;

	for (; device->identity && c->send && n < LIMIT_COMMANDS; c++)
		if (command_tells_identity(c))
			plan[n++] = c;
	return n;
}

static int
add_topic(const struct device *device, enum topic topic,
    const struct command *plan[static LIMIT_COMMANDS], int n)
{
	for (const struct command *c = device->driver->commands; c->send && n < LIMIT_COMMANDS; c++)
		if (c->topic == topic)
			plan[n++] = c;
	return n;
}

static int
add_tables(const struct device *device, const struct command *plan[static LIMIT_COMMANDS], int n)
{
	if (device->commands) {
		for (int i = 0; device->commands[i] && n < LIMIT_COMMANDS; i++)
			plan[n++] = driver_command(device->driver, text_of(device->commands[i]));
		return add_identity(device, plan, n);
	}
	for (const struct command *c = device->driver->commands; c->send && n < LIMIT_COMMANDS; c++)
		if (command_can_poll(c) && !(c->flags & COMMAND_OPTIONAL))
			plan[n++] = c;
	return add_identity(device, plan, n);
}

/* What an agent says of itself stands at both ends: its uptime tells whether it is still the same.
 */
int
poll_plan(const struct device *device, const struct command *plan[static LIMIT_COMMANDS])
{
	const struct command *guard = guard_of(device);
	int n = add_topic(device, TOPIC_SYSTEM, plan, 0);

	if (device->most_cpu < 100)
		n = add_topic(device, TOPIC_LOAD, plan, n);
	if (guard)
		plan[n++] = guard;
	n = add_tables(device, plan, n);
	return add_topic(device, TOPIC_SYSTEM, plan, n);
}

/* --- the ledger's word --------------------------------------------------------------------- */

/* Waits until the recorder says that what was sent to it is durable. Without its word no line is
 * sent. */
static bool
await_go(struct poll *p, struct wire_go *go)
{
	long n = wire_receive(p->channel, go, sizeof(*go), NULL, NULL);

	if (n != (long)sizeof(*go) || go->kind != WIRE_GO || !wire_is_text(go->why))
		_exit(EXIT_FAILED);
	return go->ok || poll_fail(p, REASON_STORE, "nothing was sent: %s", go->why);
}

bool
poll_intend(struct poll *p, const char *const *lines, int n, uint64_t *first)
{
	return poll_intend_as(p, p->device->credential, p->address, lines, n, first);
}

bool
poll_intend_as(struct poll *p, const struct credential *c, const char *address,
    const char *const *lines, int n, uint64_t *first)
{
	struct wire_intent intent = { .kind = WIRE_INTENT, .count = (uint32_t)n };
	struct wire_go go;
	size_t used = 0;

	if (c)
		(void)text_copy(
		    text_of(c->user ? c->user : c->name), intent.account, sizeof(intent.account));
	wire_put(intent.address, address);
	for (int i = 0; i < n; i++) {
		size_t size = strlen(lines[i]) + 1;

		if (used + size > sizeof(intent.lines))
			return poll_fail(p, REASON_LIMIT,
			    "the command list is longer than %d bytes", WIRE_LINES);
		memcpy(intent.lines + used, lines[i], size);
		used += size;
	}
	if (wire_send(p->channel, &intent, sizeof(intent), NULL, 0) != 0)
		_exit(EXIT_FAILED);
	if (!await_go(p, &go))
		return false;
	*first = go.first;
	return true;
}

void
poll_result(struct poll *p, uint64_t refers, const char *what, const char *said, const char *detail)
{
	struct wire_result r = { .kind = WIRE_RESULT, .refers = refers };

	wire_put(r.what, what);
	wire_put(r.result, said);
	wire_put(r.detail, detail);
	if (wire_send(p->channel, &r, sizeof(r), NULL, 0) != 0)
		_exit(EXIT_FAILED);
}

/* --- before the login ---------------------------------------------------------------------- */

void
poll_take_pins(struct poll *p, struct wire_pins *pins, const char **pin)
{
	const char *at = pins->keys;
	uint32_t n = 0;

	if (wire_receive(p->channel, pins, sizeof(*pins), NULL, NULL) != (long)sizeof(*pins) ||
	    pins->kind != WIRE_PINNED || !wire_is_text(pins->keys))
		_exit(EXIT_FAILED);
	for (; n < pins->count && n < 63 && at < pins->keys + sizeof(pins->keys); n++) {
		pin[n] = at;
		at += strlen(at) + 1;
	}
	pin[n] = NULL;
}

static bool
greet_recorder(struct poll *p)
{
	uint32_t hello = WIRE_HELLO;

	if (wire_send(p->channel, &hello, sizeof(hello), NULL, 0) != 0)
		_exit(EXIT_FAILED);
	poll_take_pins(p, &p->pins, p->pin);
	p->to.pins = p->pin;
	return true;
}

static bool
read_secret(struct poll *p)
{
	struct error err = { 0 };

	return login_read(p->device->credential, &p->held, &p->to.secret, &err) == 0 ||
	       poll_fail(p, REASON_CREDENTIAL, "%s", err.text);
}

static bool
resolve(struct poll *p)
{
	struct error err = { 0 };

	if (!login_is_due(p->device)) {
		(void)snprintf(p->address, sizeof(p->address), "%s", p->device->transport);
		return true;
	}
	if (p->device->via)
		return poll_jump_prepare(p);
	if (login_resolve(p->device, p->host, p->address, &err) != 0)
		return poll_fail(p, REASON_CONNECT, "%s", err.text);
	p->to.host = p->host;
	return true;
}

/* One session to a device at a time, whoever polls on this machine: its address is a name among the
 * abstract Unix sockets, and free again when this process ends. Another poll that has it may take
 * as long as a connection. */
static bool
be_alone(struct poll *p)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int64_t until = clock_mono_ms() + p->to.connect_ms;
	int fd;

	if (!login_is_due(p->device))
		return true;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "gatebook %s", p->address);
	while (bind(fd, (struct sockaddr *)&name, sizeof(name)) != 0) {
		if (errno != EADDRINUSE || clock_mono_ms() > until) {
			p->spared = true;
			return poll_fail(
			    p, REASON_HELD, "another poll of %s runs on this machine", p->address);
		}
		(void)poll(NULL, 0, ALONE_MS);
	}
	return true;
}

/* --- the login ----------------------------------------------------------------------------- */

static void
learn_login(struct poll *p)
{
	struct normalise *n = &p->normalise;

	if (p->link.local[0] && addr_parse(text_of(p->link.local), &n->login_here.addr) &&
	    addr_parse(text_of(p->link.peer), &n->login_there.addr)) {
		n->login_here.port = p->link.local_port;
		n->login_there.port = p->link.peer_port;
		n->login_here.has_port = n->login_there.has_port = true;
		n->device = n->login_there.addr;
	} else {
		n->login_here = n->login_there = (struct endpoint){ 0 };
		(void)addr_parse(text_of(p->device->host), &n->device);
	}
}

static bool
log_in(struct poll *p)
{
	char line[LIMIT_NAME * 2 + 64], detail[400];
	const char *enable = p->to.secret.enable ? p->device->driver->dialect.enable : NULL;
	const char *lines[] = { line, enable };
	struct error err = { 0 };
	int rc, sealed;

	(void)snprintf(line, sizeof(line), "login %s", p->device->transport);
	if (!poll_jump_intend(p) || !poll_intend(p, lines, enable ? 2 : 1, &p->login_seq))
		return false;
	p->link.to = &p->to;
	rc = p->transport->open(&p->link);
	login_wipe(&p->held, &p->to.secret);
	poll_jump_result(p);
	(void)snprintf(detail, sizeof(detail), "hostkey=\"%s\" exchange=\"%s\"%s%s",
	    p->link.host_key, p->link.exchange, p->link.local[0] ? " from=" : "", p->link.local);
	poll_result(p, p->login_seq, line,
	    rc == 0              ? "ok"
	    : p->link.via_why[0] ? "not sent"
				 : p->link.why,
	    detail);
	if (enable)
		poll_result(p, p->login_seq + 1, enable,
		    p->link.enabled     ? "ok"
		    : p->link.prompt[0] ? p->link.why[0] ? p->link.why : "not sent"
					: "not sent",
		    "");
	if (rc != 0 && p->link.reason == REASON_AUTH && !p->link.via_why[0])
		return poll_fail(p, REASON_AUTH, "%.240s. Check: gatebook credential check %s",
		    p->link.why, p->device->credential->name);
	if (rc != 0)
		return poll_fail(p, p->link.reason, "%s", p->link.why);
	learn_login(p);
	if (p->transport->settle && p->transport->settle(&p->link) != 0)
		return poll_fail(p, p->link.reason, "%s", p->link.why);
	sealed = sandbox_close((enum sandbox)p->config->sandbox, &err);
	if (sealed < 0)
		return poll_fail(p, REASON_LIMIT, "%s", err.text);
	p->report.sandbox = (uint8_t)sealed;
	return true;
}

/* --- handing over -------------------------------------------------------------------------- */

static void
conclude(struct poll *p)
{
	struct poll_report *r = &p->report;

	if (p->rows.full)
		(void)poll_fail(p, REASON_LIMIT, "more than %d rows or %d different words",
		    LIMIT_REPLY_LINES, LIMIT_WORDS);
	if (r->reason == REASON_NONE && p->commands_read > 0)
		r->outcome = OUTCOME_COMPLETE;
	else
		r->outcome = p->commands_read > 0 ? OUTCOME_PARTIAL
			     : p->spared          ? OUTCOME_SKIPPED
						  : OUTCOME_FAILED;
	if (r->outcome >= OUTCOME_FAILED)
		p->rows.n = 0;
	rows_sort(&p->rows, &r->copies);
	mappings_join(&p->mappings, &p->rows);
	mappings_free(&p->mappings);
	r->sessions = p->rows.n;
	r->ended = clock_now() + 1;
	r->duration_ms = (uint32_t)(clock_mono_ms() - p->began_ms);
}

static void
hand_over(struct poll *p)
{
	struct wire_report report = { .kind = WIRE_REPORT };
	struct wire_go go;
	int fds[WIRE_FDS];

	conclude(p);
	report.rows = p->rows.n;
	fds[2] = presences_finish(&p->presences);
	if (rows_finish(&p->rows, fds) != 0 || fds[2] < 0)
		_exit(EXIT_FAILED);
	report.presences = p->presences.n;
	report.whole = presences_whole(&p->presences);
	report.report = p->report;
	if (wire_send(p->channel, &report, sizeof(report), fds, WIRE_FDS) != 0)
		_exit(EXIT_FAILED);
	(void)await_go(p, &go);
}

void
poll_run(const struct config *config, const struct device *device, int channel)
{
	static struct poll p; /* zeroed, and off a stack whose size a reader would have to check */

	p.config = config;
	p.device = device;
	p.channel = channel;
	p.began_ms = clock_mono_ms();
	p.report.started = clock_now();
	p.transport = transport_find(device->transport);
	p.to = (struct target){ .device = device->name,
		.host = device->host,
		.port = device->port,
		.driver = device->driver,
		.algorithms = device->algorithms,
		.from = device->from,
		.file = device->replay,
		.connect_ms = (int)config->connect * 1000,
		.silence_ms = (int)config->silence * 1000,
		.deadline_ms = p.began_ms + (int64_t)device->timeout * 1000 };
	p.normalise = (struct normalise){ .internal = device->internal ? device->internal
								       : &config->internal,
		.keep_inside = config->keep_inside,
		.keep_outside = config->keep_outside,
		.crosses = device->driver->crosses,
		.rows = &p.rows,
		.mappings = &p.mappings,
		.report = &p.report };
	if (rows_new(&p.rows) != 0 || presences_new(&p.presences) != 0)
		_exit(EXIT_FAILED);
	if (greet_recorder(&p) && read_secret(&p) && resolve(&p) && be_alone(&p)) {
		if (strcmp(device->transport, "snmp") == 0)
			poll_agent(&p);
		else if (log_in(&p))
			poll_talk(&p);
	}
	login_wipe(&p.held, &p.to.secret);
	login_wipe(&p.jump.held, &p.jump.to.secret);
	hand_over(&p);
	_exit(EXIT_OK);
}
