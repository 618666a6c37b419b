#include "poller/poll.h"

#include <netdb.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "drivers/reply.h"
#include "inventories/secret.h"
#include "poller/normalise.h"
#include "poller/rows.h"
#include "poller/sandbox.h"
#include "poller/wire.h"
#include "transports/transport.h"

struct poll {
	const struct config *config;
	const struct device *device;
	const struct transport *transport;
	int channel;
	struct target to;
	struct link link;
	char host[ADDR_TEXT], address[80];
	char *password, *key, *passphrase;
	struct wire_pins pins;
	const char *pin[64];
	struct rows rows;
	struct normalise normalise;
	struct poll_report report;
	int64_t began_ms;
	uint64_t login_seq, first_seq; /* of the planned lines */
	int commands_read;
	bool lost; /* the connection is gone: ask nothing more */
};

/* What a session command's reply runs through on its way in. */
struct intake {
	struct reply *reply;
	EVP_MD_CTX *sha;
	uint64_t bytes;
};

static bool fail(struct poll *p, enum reason reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Records why the poll is not complete; the first reason stands. Returns false. */
static bool
fail(struct poll *p, enum reason reason, const char *format, ...)
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
	return !device->commands && (c->flags & COMMAND_VARIANT);
}

int
poll_plan(const struct device *device, const struct command *plan[static LIMIT_COMMANDS])
{
	int n = 0;

	if (device->commands) {
		for (int i = 0; device->commands[i] && n < LIMIT_COMMANDS; i++)
			plan[n++] = driver_command(device->driver, text_of(device->commands[i]));
		return n;
	}
	for (const struct command *c = device->driver->commands; c->send && n < LIMIT_COMMANDS; c++)
		if (!(c->flags & COMMAND_OPTIONAL))
			plan[n++] = c;
	return n;
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
	return go->ok || fail(p, REASON_STORE, "nothing was sent: %s", go->why);
}

/* Makes the intent to send these lines durable; *first is the sequence number of the first. */
static bool
intend(struct poll *p, const char *const *lines, int n, uint64_t *first)
{
	struct wire_intent intent = { .kind = WIRE_INTENT, .count = (uint32_t)n };
	struct wire_go go;
	size_t used = 0;

	if (p->device->credential)
		(void)text_copy(
		    text_of(p->device->credential->user), intent.account, sizeof(intent.account));
	memcpy(intent.address, p->address, sizeof(intent.address));
	for (int i = 0; i < n; i++) {
		size_t size = strlen(lines[i]) + 1;

		if (used + size > sizeof(intent.lines))
			return fail(p, REASON_LIMIT, "the command list is longer than %d bytes",
			    WIRE_LINES);
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

static void
result(struct poll *p, uint64_t refers, const char *what, const char *said, const char *detail)
{
	struct wire_result r = { .kind = WIRE_RESULT, .refers = refers };

	(void)text_copy(text_of(what), r.what, sizeof(r.what));
	(void)text_copy(text_of(said), r.result, sizeof(r.result));
	(void)text_copy(text_of(detail), r.detail, sizeof(r.detail));
	if (wire_send(p->channel, &r, sizeof(r), NULL, 0) != 0)
		_exit(EXIT_FAILED);
}

/* --- before the login ---------------------------------------------------------------------- */

static bool
greet_recorder(struct poll *p)
{
	uint32_t hello = WIRE_HELLO;
	const char *at = p->pins.keys;
	uint32_t n = 0;

	if (wire_send(p->channel, &hello, sizeof(hello), NULL, 0) != 0 ||
	    wire_receive(p->channel, &p->pins, sizeof(p->pins), NULL, NULL) !=
		(long)sizeof(p->pins) ||
	    p->pins.kind != WIRE_PINNED || !wire_is_text(p->pins.keys))
		_exit(EXIT_FAILED);
	for (; n < p->pins.count && n < 63 && at < p->pins.keys + sizeof(p->pins.keys); n++) {
		p->pin[n] = at;
		at += strlen(at) + 1;
	}
	p->pin[n] = NULL;
	p->to.pins = p->pin;
	return true;
}

static bool
read_one(struct poll *p, const char *reference, bool keep_newline, char **secret)
{
	struct error err = { 0 };

	if (!reference)
		return true;
	*secret = secret_read(reference, keep_newline, &err);
	return *secret || fail(p, REASON_CREDENTIAL, "%s", err.text);
}

static bool
read_secret(struct poll *p)
{
	const struct credential *c = p->device->credential;

	if (!c)
		return true;
	if (!read_one(p, c->password, false, &p->password) || !read_one(p, c->key, true, &p->key) ||
	    !read_one(p, c->passphrase, false, &p->passphrase))
		return false;
	p->to.secret = (struct secret){ .user = c->user,
		.password = p->password,
		.key = p->key,
		.key_passphrase = p->passphrase,
		.agent = c->agent };
	return true;
}

static void
wipe_secret(struct poll *p)
{
	secret_wipe(p->password);
	secret_wipe(p->key);
	secret_wipe(p->passphrase);
	p->password = p->key = p->passphrase = NULL;
	p->to.secret = (struct secret){ 0 };
}

/* Names are resolved here, once: the login goes to the address that the ledger has. */
static bool
resolve(struct poll *p)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	int rc;

	if (strcmp(p->device->transport, "ssh") != 0) {
		(void)snprintf(p->address, sizeof(p->address), "%s", p->device->transport);
		return true;
	}
	rc = getaddrinfo(p->device->host, NULL, &hints, &found);
	if (rc == 0)
		rc = getnameinfo(found->ai_addr, found->ai_addrlen, p->host, sizeof(p->host), NULL,
		    0, NI_NUMERICHOST);
	if (found)
		freeaddrinfo(found);
	if (rc != 0)
		return fail(
		    p, REASON_CONNECT, "cannot resolve %s: %s", p->device->host, gai_strerror(rc));
	p->to.host = p->host;
	(void)snprintf(p->address, sizeof(p->address), strchr(p->host, ':') ? "[%s]:%u" : "%s:%u",
	    p->host, p->to.port);
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
	const char *lines[] = { line };
	struct error err = { 0 };
	int rc, sealed;

	(void)snprintf(line, sizeof(line), "login %s", p->device->transport);
	if (!intend(p, lines, 1, &p->login_seq))
		return false;
	p->link.to = &p->to;
	rc = p->transport->open(&p->link);
	wipe_secret(p);
	(void)snprintf(detail, sizeof(detail), "hostkey=\"%s\" exchange=\"%s\"", p->link.host_key,
	    p->link.exchange);
	result(p, p->login_seq, line, rc == 0 ? "ok" : p->link.why, detail);
	if (rc != 0)
		return fail(p, p->link.reason, "%s", p->link.why);
	learn_login(p);
	if (p->transport->settle && p->transport->settle(&p->link) != 0)
		return fail(p, p->link.reason, "%s", p->link.why);
	sealed = sandbox_close((enum sandbox)p->config->sandbox, &err);
	if (sealed < 0)
		return fail(p, REASON_LIMIT, "%s", err.text);
	p->report.sandbox = (uint8_t)sealed;
	return true;
}

/* --- the commands -------------------------------------------------------------------------- */

static void
take_row(const struct observation *o, void *arg)
{
	normalise_row(arg, o);
}

static void
take_bytes(void *arg, const char *bytes, size_t n)
{
	struct intake *in = arg;

	in->bytes += n;
	(void)EVP_DigestUpdate(in->sha, bytes, n);
	(void)reply_feed(in->reply, bytes, n);
}

static void
take_aside(void *arg, struct text line)
{
	struct intake *in = arg;

	reply_aside(in->reply, line);
}

static void
add_account(struct account *sum, const struct account *a)
{
	sum->lines += a->lines;
	sum->row += a->row;
	sum->noise += a->noise;
	sum->unread += a->unread;
	sum->rows += a->rows;
	sum->printed += a->printed;
	sum->has_printed |= a->has_printed;
	sum->mismatch |= a->mismatch;
	sum->refused |= a->refused;
}

/* The first unread lines go with the poll: they are what a driver's author needs. */
static void
keep_evidence(struct poll *p, const struct command *c, const struct reply *reply)
{
	const struct text *lines;
	const uint32_t *numbers;
	size_t n = reply_unread(reply, &lines, &numbers);
	size_t used = strlen(p->report.evidence);

	for (size_t i = 0; i < n && used + 80 < POLL_EVIDENCE; i++) {
		char line[400];

		text_escape(lines[i], line, sizeof(line));
		used += (size_t)snprintf(p->report.evidence + used, POLL_EVIDENCE - used,
		    "%s:%u: %s\n", c->send, numbers[i], line);
		if (used >= POLL_EVIDENCE)
			used = POLL_EVIDENCE - 1;
	}
}

static void
log_reply(
    struct poll *p, uint64_t seq, const struct command *c, struct intake *in, const char *said)
{
	const struct account *a = reply_account(in->reply);
	unsigned char digest[EVP_MAX_MD_SIZE];
	char detail[400], hex[65];
	unsigned size = 0;

	(void)EVP_DigestFinal_ex(in->sha, digest, &size);
	for (unsigned i = 0; i < size && i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	(void)snprintf(detail, sizeof(detail),
	    "lines=%llu rows=%llu noise=%llu unread=%llu bytes=%llu sha256=%s",
	    (unsigned long long)a->lines, (unsigned long long)a->rows, (unsigned long long)a->noise,
	    (unsigned long long)a->unread, (unsigned long long)in->bytes, hex);
	result(p, seq, c->send, said, detail);
}

/* Takes the reader's verdict on one reply into the poll. Rows of a reply that failed are taken
 * back. */
static enum outcome
judge(struct poll *p, const struct command *c, struct intake *in, int rc, int status, size_t mark)
{
	enum outcome o = reply_end(in->reply, rc == 0 && status == 0);

	add_account(&p->report.account, reply_account(in->reply));
	keep_evidence(p, c, in->reply);
	if (rc != 0) {
		p->lost = true;
		p->rows.n = mark;
		(void)fail(p, p->link.reason, "%s: %s", c->send, p->link.why);
		return OUTCOME_FAILED;
	}
	if (o == OUTCOME_FAILED)
		p->rows.n = mark;
	return o;
}

/* Asks one command. Returns its outcome; *refused says that another form of it may be tried. */
static enum outcome
ask_command(struct poll *p, const struct command *c, int index, uint64_t seq, bool *refused)
{
	struct error err = { 0 };
	struct program *program = program_compile(p->device->driver, c, &err);
	struct intake in = { .sha = EVP_MD_CTX_new() };
	struct sink sink = { take_bytes, take_aside, &in };
	size_t mark = p->rows.n;
	enum outcome o = OUTCOME_FAILED;
	int rc, status = 0;

	if (!program || !in.sha)
		_exit(EXIT_FAILED);
	(void)EVP_DigestInit_ex(in.sha, EVP_sha256(), NULL);
	in.reply = reply_new(program, take_row, &p->normalise);
	p->normalise.command = (uint32_t)index;
	if (p->report.asked == 0)
		p->report.asked = clock_now();
	rc = p->transport->ask(&p->link, c->send, &sink, &status);
	p->report.bytes += in.bytes;
	o = judge(p, c, &in, rc, status, mark);
	*refused = rc == 0 && o == OUTCOME_FAILED && reply_account(in.reply)->refused;
	if (rc == 0 && o != OUTCOME_COMPLETE && !*refused && status == 0)
		(void)fail(p, reply_reason(in.reply), "%s: %s", c->send, reply_why(in.reply));
	else if (rc == 0 && o != OUTCOME_COMPLETE && !*refused)
		(void)fail(p, REASON_CUT, "%s: exit status %d", c->send, status);
	log_reply(p, seq, c, &in,
	    *refused ? reply_refusal(in.reply)
	    : rc     ? p->link.why
		     : outcome_name(o));
	if (*refused && p->report.evidence[0] == 0)
		(void)snprintf(p->report.evidence, POLL_EVIDENCE, "%s: %s\n", c->send,
		    reply_refusal(in.reply));
	if (o != OUTCOME_FAILED) {
		p->report.answered = clock_now() + 1;
		p->commands_read++;
	}
	reply_free(in.reply);
	program_free(program);
	EVP_MD_CTX_free(in.sha);
	return o;
}

static bool
send_setup(struct poll *p, int n)
{
	const char *const *setup = p->device->driver->dialect.setup;

	for (int i = 0; i < n; i++) {
		int status = 0;
		int rc = p->transport->ask(&p->link, setup[i], NULL, &status);

		result(p, p->first_seq + (uint64_t)i, setup[i], rc == 0 ? "ok" : p->link.why, "");
		if (rc != 0) {
			p->lost = true;
			return fail(p, p->link.reason, "%s: %s", setup[i], p->link.why);
		}
	}
	return true;
}

/* Asks the plan in order. A command's variants are asked only while it is refused. */
static void
ask_plan(struct poll *p, const struct command *const *plan, int n, uint64_t seq)
{
	bool refused = false, skip = false;

	for (int i = 0; i < n; i++) {
		bool variant = i > 0 && poll_is_variant(p->device, plan[i]);

		if (!variant)
			skip = p->lost;
		if (skip) {
			result(p, seq + (uint64_t)i, plan[i]->send, "not sent", "");
			continue;
		}
		(void)ask_command(p, plan[i], i, seq + (uint64_t)i, &refused);
		skip = p->lost || !refused;
		if (refused && (i + 1 == n || !poll_is_variant(p->device, plan[i + 1]))) {
			(void)fail(p, REASON_REFUSED,
			    "%s refused `%s`; if this device has no such table, list its commands "
			    "under "
			    "`commands:` (see: gatebook driver show %s)",
			    p->device->name, plan[i]->send, p->device->driver->name);
		}
	}
}

/* Every line this poll may send is intended, durably, before the first of them is sent. */
static bool
talk(struct poll *p)
{
	const struct dialect *dialect = &p->device->driver->dialect;
	const struct command *plan[LIMIT_COMMANDS];
	const char *lines[LIMIT_COMMANDS + 34] = { NULL };
	int n_plan = poll_plan(p->device, plan), n = 0, n_setup;

	if (dialect->shell)
		for (int i = 0; dialect->setup && dialect->setup[i] && n < 32; i++)
			lines[n++] = dialect->setup[i];
	n_setup = n;
	for (int i = 0; i < n_plan; i++)
		lines[n++] = plan[i]->send;
	if (dialect->shell && dialect->leave)
		lines[n++] = dialect->leave;
	if (!intend(p, lines, n, &p->first_seq))
		return false;
	if (send_setup(p, n_setup))
		ask_plan(p, plan, n_plan, p->first_seq + (uint64_t)n_setup);
	p->transport->close(&p->link);
	if (n > n_setup + n_plan)
		result(p, p->first_seq + (uint64_t)n - 1, dialect->leave,
		    p->lost ? "not sent" : "ok", "");
	return true;
}

/* --- handing over -------------------------------------------------------------------------- */

static void
conclude(struct poll *p)
{
	struct poll_report *r = &p->report;

	if (p->rows.full)
		(void)fail(p, REASON_LIMIT, "more than %d rows or %d different words",
		    LIMIT_REPLY_LINES, LIMIT_WORDS);
	if (r->reason == REASON_NONE && p->commands_read > 0)
		r->outcome = OUTCOME_COMPLETE;
	else
		r->outcome = p->commands_read > 0 ? OUTCOME_PARTIAL : OUTCOME_FAILED;
	if (r->outcome == OUTCOME_FAILED)
		p->rows.n = 0;
	rows_sort(&p->rows, &r->copies);
	r->sessions = p->rows.n;
	r->ended = clock_now() + 1;
	r->duration_ms = (uint32_t)(clock_mono_ms() - p->began_ms);
}

static void
hand_over(struct poll *p)
{
	struct wire_report report = { .kind = WIRE_REPORT };
	struct wire_go go;
	int fds[2];

	conclude(p);
	report.rows = p->rows.n;
	if (rows_finish(&p->rows, fds) != 0)
		_exit(EXIT_FAILED);
	report.report = p->report;
	if (wire_send(p->channel, &report, sizeof(report), fds, 2) != 0)
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
		.file = device->replay,
		.connect_ms = LIMIT_CONNECT_MS,
		.silence_ms = (int)config->silence * 1000,
		.deadline_ms = p.began_ms + (int64_t)device->timeout * 1000 };
	p.normalise = (struct normalise){ .internal = device->internal ? device->internal : &config->internal,
		.keep_inside = config->keep_inside,
		.keep_outside = config->keep_outside,
		.rows = &p.rows,
		.report = &p.report };
	if (rows_new(&p.rows) != 0)
		_exit(EXIT_FAILED);
	if (greet_recorder(&p) && read_secret(&p) && resolve(&p) && log_in(&p))
		(void)talk(&p);
	wipe_secret(&p);
	hand_over(&p);
	_exit(EXIT_OK);
}
