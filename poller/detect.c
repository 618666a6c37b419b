/* Two processes, as of a poll: one logs in, reads what the device says, and has neither file nor
 * store; the other writes the ledger and talks to no device. */
#include "poller/detect.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/ledger.h"
#include "poller/agent_words.h"
#include "poller/login.h"
#include "poller/sandbox.h"
#include "poller/schedule.h"
#include "poller/signing.h"
#include "poller/wire.h"
#include "store/read.h"

/* login -> ledger: one record to write; answered by noted once it is durable. */
struct note {
	uint64_t refers;
	uint32_t kind; /* LEDGER_INTENT or LEDGER_RESULT */
	char what[256], result[POLL_WHY];
};

struct noted {
	uint64_t seq;
	uint32_t ok;
	char why[POLL_WHY];
};

enum sign { BY_NOTHING, BY_VERSION, BY_BANNER, BY_PROMPT, BY_DESCRIPTION, BY_OBJECT, SIGNS };

/* login -> ledger: what it came to; the last word. */
struct finding {
	uint64_t found;            /* drivers, a bit each */
	int32_t rc, exit, sandbox; /* as sandbox_close said */
	uint32_t by;               /* enum sign */
	char why[sizeof(((struct detected *)0)->why)], text[sizeof(((struct error *)0)->text)];
};

struct visit {
	const struct config *config;
	const struct device *device;
	int channel;
	struct link link;
	struct target to;
	struct login held;
	struct detection seen;
	struct error *err;
	char host[ADDR_TEXT], address[LOGIN_ADDRESS];
	char carried[400]; /* the beginning of a line whose end has not come */
	size_t n_carried;
	struct snmp_loop *loop; /* of an agent, and what it says of itself */
	struct agent_words words;
};

/* One ledger record, durable when this returns 0. */
static int
put_on_record(struct visit *v, enum ledger_kind kind, const char *what, const char *result,
    uint64_t refers, uint64_t *seq)
{
	struct note note = { .refers = refers, .kind = kind };
	struct noted noted;

	wire_put(note.what, what);
	wire_put(note.result, result);
	if (wire_send(v->channel, &note, sizeof(note), NULL, 0) != 0 ||
	    wire_receive(v->channel, &noted, sizeof(noted), NULL, NULL) != (long)sizeof(noted) ||
	    !wire_is_text(noted.why))
		_exit(EXIT_FAILED);
	*seq = noted.seq;
	return noted.ok ? 0 : error_set(v->err, "nothing was sent: %s", noted.why);
}

/* Takes the line with its record before and behind it. rc of `send`. */
static int
accounted(struct visit *v, const char *what, int (*send)(struct visit *v, const char *what))
{
	uint64_t intent, result;
	int rc;

	if (put_on_record(v, LEDGER_INTENT, what, "", 0, &intent) != 0)
		return -1;
	rc = send(v, what);
	if (put_on_record(v, LEDGER_RESULT, what, rc == 0 ? "ok" : v->link.why, intent, &result) !=
	    0)
		return -1;
	if (rc != 0)
		error_exit(v->err,
		    v->link.reason == REASON_AUTH || v->link.reason == REASON_HOST_KEY
			? EXIT_AUTH
			: EXIT_FAILED,
		    "%s: %s", v->device->name, v->link.why);
	return rc;
}

static int
log_in(struct visit *v, const char *what)
{
	int rc;

	(void)what;
	rc = transport_ssh.open(&v->link);
	login_wipe(&v->held, &v->to.secret);
	return rc;
}

static void
take_bytes(void *arg, const char *bytes, size_t n)
{
	struct visit *v = arg;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			if (v->n_carried < sizeof(v->carried))
				v->carried[v->n_carried++] = bytes[i];
			continue;
		}
		detect_line(&v->seen, (struct text){ v->carried, v->n_carried });
		v->n_carried = 0;
	}
}

static int
ask(struct visit *v, const char *line)
{
	struct sink sink = { .bytes = take_bytes, .arg = v };
	int status;

	v->n_carried = 0;
	return transport_ssh.ask(&v->link, line, &sink, &status);
}

static int
leave(struct visit *v, const char *line)
{
	(void)line;
	transport_ssh.close(&v->link);
	return 0;
}

/* --- what it comes to ------------------------------------------------------------------------- */

static void
explain(struct visit *v, struct finding *f)
{
	const struct detection *seen = &v->seen;

	f->found = detect_found(seen);
	f->by = seen->said      ? BY_VERSION
		: f->found == 0 ? BY_NOTHING
		: seen->banner  ? BY_BANNER
				: BY_PROMPT;
	if (seen->said)
		(void)snprintf(f->why, sizeof(f->why), "`%s` says \"%s\"", seen->asked, seen->line);
	else if (f->by == BY_BANNER)
		(void)snprintf(f->why, sizeof(f->why), "its SSH server is \"%s\"", v->link.banner);
	else if (f->by == BY_PROMPT)
		(void)snprintf(f->why, sizeof(f->why), "its prompt is \"%s\"", v->link.prompt);
	else
		(void)snprintf(f->why, sizeof(f->why),
		    "%u questions, and no answer that a driver knows; its SSH server is \"%s\", "
		    "its "
		    "prompt \"%s\"",
		    seen->n_tried, v->link.banner, v->link.prompt);
}

/* One answer that a driver knows is enough; a server that only one platform has needs no question.
 */
static int
find_out(struct visit *v)
{
	struct detection *seen = &v->seen;
	const char *line;
	int rc = 0;

	detect_prompt(seen, v->link.prompt);
	if (detect_banner(seen, v->link.banner))
		return 0;
	while (rc == 0 && (line = detect_next(seen)) != NULL) {
		rc = accounted(v, line, ask);
		if (detect_heard(seen))
			break;
	}
	return rc;
}

/* The logout line of what it turned out to be. */
static const char *
goodbye(uint64_t found)
{
	for (unsigned i = 0; i < drivers_count; i++)
		if (found >> i & 1)
			return drivers[i]->dialect.leave ? drivers[i]->dialect.leave : "exit";
	return "exit";
}

/* From here on it can talk on the connection that it has, and nothing else. */
static int
seal(struct visit *v, int32_t *level)
{
	if (transport_ssh.settle && transport_ssh.settle(&v->link) != 0)
		return error_set(v->err, "%s: %s", v->device->name, v->link.why);
	*level = sandbox_close((enum sandbox)v->config->sandbox, v->err);
	return *level < 0 ? -1 : 0;
}

static int
visit(struct visit *v, struct finding *f)
{
	static struct driver stranger; /* with a logout line of its own */
	int rc = accounted(v, "login ssh", log_in);

	if (rc != 0) {
		(void)detect_banner(&v->seen, v->link.banner);
		explain(v, f);
		return rc;
	}
	rc = seal(v, &f->sandbox);
	if (rc == 0)
		rc = find_out(v);
	explain(v, f);
	stranger = *detect_stranger();
	stranger.dialect.leave = goodbye(f->found);
	v->to.driver = &stranger;
	return accounted(v, stranger.dialect.leave, leave) == 0 ? rc : -1;
}

/* --- an agent --------------------------------------------------------------------------------- */

static int
walk_system(struct visit *v, const char *what)
{
	(void)what;
	snmp_loop_run(v->loop, 1, v->to.deadline_ms);
	v->link.reason = v->words.reason;
	(void)text_copy(text_of(v->words.why), v->link.why, sizeof(v->link.why));
	return v->words.reason == REASON_NONE ? 0 : -1;
}

static void
explain_agent(struct visit *v, struct finding *f)
{
	char shown[200];

	text_escape(text_of(v->words.description), shown, sizeof(shown));
	f->found = detect_found(&v->seen);
	f->by = v->seen.said ? BY_DESCRIPTION : v->seen.object ? BY_OBJECT : BY_NOTHING;
	if (f->by == BY_DESCRIPTION)
		(void)snprintf(f->why, sizeof(f->why), "its sysDescr says \"%s\"", v->seen.line);
	else if (f->by == BY_OBJECT)
		(void)snprintf(f->why, sizeof(f->why),
		    "its sysObjectID is %s, a number of that vendor; its sysDescr is \"%s\"",
		    v->words.object, shown);
	else
		(void)snprintf(f->why, sizeof(f->why),
		    "no driver knows its sysObjectID \"%s\" or its sysDescr \"%s\"",
		    v->words.object, shown);
}

static int
visit_agent(struct visit *v, struct finding *f)
{
	struct snmp_login login = login_snmp(v->device, v->host, &v->held);
	int rc = -1;

	v->loop = agent_words_open(&login, &v->words, v->err);
	login_wipe(&v->held, &v->to.secret);
	if (!v->loop)
		return -1;
	f->sandbox = sandbox_close((enum sandbox)v->config->sandbox, v->err);
	if (f->sandbox >= 0)
		rc = accounted(v, "system", walk_system);
	detect_agent(&v->seen, v->words.object, text_of(v->words.description));
	if (rc == 0)
		explain_agent(v, f);
	snmp_loop_free(v->loop);
	return rc;
}

/* The process that logs in: never returns. */
static void __attribute__((noreturn)) run_login(struct visit *v)
{
	struct finding f = { 0 };
	struct error err = { 0 };

	(void)signal(SIGPIPE, SIG_IGN);
	v->err = &err;
	f.rc = login_read(v->device->credential, &v->held, &v->to.secret, &err);
	if (f.rc == 0)
		f.rc = strcmp(v->device->transport, "snmp") == 0 ? visit_agent(v, &f)
								 : visit(v, &f);
	login_wipe(&v->held, &v->to.secret);
	f.exit = err.exit;
	memcpy(f.text, err.text, sizeof(f.text));
	(void)wire_send(v->channel, &f, sizeof(f), NULL, 0);
	_exit(EXIT_OK);
}

/* --- the ledger's side ------------------------------------------------------------------------ */

static int
append(struct store *store, const struct visit *v, const struct note *note, const char *who,
    uint64_t *seq, struct error *err)
{
	const struct credential *c = v->device->credential;
	bool intent = note->kind == LEDGER_INTENT;
	struct ledger_event e = { .kind = intent ? LEDGER_INTENT : LEDGER_RESULT,
		.time_us = clock_now_us(),
		.who = who,
		.device = v->device->name,
		.account = !intent || !c ? ""
			   : c->user     ? c->user
					 : c->name,
		.address = intent ? v->address : "",
		.what = note->what,
		.result = note->result,
		.refers = note->refers,
		.detail = "" };

	if (store_begin(store, err) != 0)
		return -1;
	if (ledger_append(store, &e, seq, err) == 0)
		return store_commit(store, err);
	store_rollback(store);
	return -1;
}

/* What such a host may run besides, and no question tells. */
static void
add_programs(struct detected *d)
{
	size_t used = strlen(d->why);
	const char *before = "; what it may run, only the inventory can say: ";

	for (unsigned i = 0; d->n == 1 && i < drivers_count; i++) {
		const char *on = drivers[i]->signs.on;
		int n;

		if (!on || strcmp(on, d->found[0]->name) != 0)
			continue;
		n = snprintf(
		    d->why + used, sizeof(d->why) - used, "%s%s", before, drivers[i]->name);
		used += n > 0 && (size_t)n < sizeof(d->why) - used ? (size_t)n : 0;
		before = ", ";
	}
}

static void
take_finding(const struct finding *f, struct detected *d, struct error *err)
{
	static const char *const signs[SIGNS] = { NULL, "version", "banner", "prompt", "sysDescr",
		"sysObjectID" };

	for (unsigned i = 0; i < drivers_count; i++)
		if (f->found >> i & 1)
			d->found[d->n++] = drivers[i];
	d->sandbox = f->sandbox > 0 ? (unsigned)f->sandbox : 0;
	d->by = f->by < SIGNS ? signs[f->by] : NULL;
	memcpy(d->why, f->why, sizeof(d->why));
	add_programs(d);
	if (f->rc != 0)
		error_exit(err, f->exit, "%s", f->text);
}

/* Waits for a message no longer than the login may last. */
static long
hear(int channel, void *message, size_t size, int64_t until_ms)
{
	struct pollfd wait = { .fd = channel, .events = POLLIN };
	int64_t left = until_ms - clock_mono_ms();

	if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
		return -1;
	return wire_receive(channel, message, size, NULL, NULL);
}

/* Writes what the login tells until its last word. Returns its rc, or -1: it told none. */
static int
keep_record(
    struct store *store, const struct visit *v, int channel, struct detected *d, struct error *err)
{
	union {
		struct note note;
		struct finding finding;
	} m;
	int64_t until = v->to.deadline_ms + 2 * LIMIT_LOGOUT_MS;
	char who[128];
	long n;

	(void)schedule_who(who);
	while ((n = hear(channel, &m, sizeof(m), until)) == (long)sizeof(m.note) &&
	       wire_is_text(m.note.what) && wire_is_text(m.note.result)) {
		struct noted noted = { 0 };
		struct error why = { 0 };

		noted.ok = append(store, v, &m.note, who, &noted.seq, &why) == 0;
		wire_put(noted.why, why.text);
		if (wire_send(channel, &noted, sizeof(noted), NULL, 0) != 0)
			break;
	}
	if (n == (long)sizeof(m.finding) && wire_is_text(m.finding.why) &&
	    wire_is_text(m.finding.text)) {
		take_finding(&m.finding, d, err);
		return m.finding.rc;
	}
	return error_set(err, "%s: %s", v->device->name,
	    n < 0 ? "no answer within the time it has: the login was stopped"
		  : "the process that logged in died (the sandbox stops what it does not know)");
}

static int
run_visit(struct visit *v, struct detected *d, struct error *err)
{
	struct error seal = { 0 };
	struct store *store;
	int fds[2], rc = -1;
	pid_t pid;

	if (wire_pair(fds) != 0 || (pid = fork()) < 0)
		return error_set(err, "%s: no process for the login", v->device->name);
	if (pid == 0) {
		(void)close(fds[1]);
		v->channel = fds[0];
		run_login(v);
	}
	(void)close(fds[0]);
	store = store_open(v->config->store, true, err); /* behind the fork: the login has none of
							    it */
	if (store)
		rc = keep_record(store, v, fds[1], d, err);
	(void)close(fds[1]);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	if (store && signing_all(store, v->config, &seal) < 0)
		log_line(LOG_ERROR, "%s", seal.text);
	store_close(store);
	return rc;
}

static char **
read_pins(const struct config *config, const struct device *device)
{
	struct reader *reader = reader_open(config->store, 0, NULL);
	char **pins = reader ? reader_hostkeys(reader, device->name, NULL) : NULL;

	if (reader)
		reader_close(reader);
	return pins;
}

int
detect_device(
    const struct config *config, const struct device *device, struct detected *d, struct error *err)
{
	struct visit v = { .config = config, .device = device };
	char **pins = read_pins(config, device);
	int rc = -1;

	v.to = (struct target){ .device = device->name,
		.host = v.host,
		.port = device->port,
		.driver = detect_stranger(),
		.algorithms = device->algorithms,
		.from = device->from,
		.pins = (const char *const *)pins,
		.connect_ms = (int)config->connect * 1000,
		.silence_ms = (int)config->silence * 1000,
		.deadline_ms = clock_mono_ms() + (int64_t)device->timeout * 1000 };
	v.link.to = &v.to;
	*d = (struct detected){ 0 };
	if (strcmp(device->transport, "ssh") != 0 && strcmp(device->transport, "snmp") != 0)
		rc = error_set(err, "%s: transport %s is not detected, only ssh and snmp are",
		    device->name, device->transport);
	else if (login_resolve(device, v.host, v.address, err) == 0 &&
		 sandbox_prepare((enum sandbox)config->sandbox, err) == 0)
		rc = run_visit(&v, d, err);
	reader_hostkeys_free(pins);
	return rc;
}
