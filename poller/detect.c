#include "poller/detect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "poller/login.h"
#include "poller/schedule.h"
#include "store/read.h"

struct visit {
	const struct device *device;
	struct store *store;
	struct link link;
	struct target to;
	struct login held;
	struct detection seen;
	struct error *err;
	char host[ADDR_TEXT], address[LOGIN_ADDRESS], who[128];
	char carried[400]; /* the beginning of a line whose end has not come */
	size_t n_carried;
};

/* One ledger record, durable when this returns 0. */
static int
put_on_record(struct visit *v, enum ledger_kind kind, const char *what, const char *result,
    uint64_t refers, uint64_t *seq)
{
	const struct credential *c = v->device->credential;
	struct ledger_event e = { .kind = kind,
		.time_us = clock_now_us(),
		.who = v->who,
		.device = v->device->name,
		.account = kind == LEDGER_INTENT && c ? c->user : "",
		.address = kind == LEDGER_INTENT ? v->address : "",
		.what = what,
		.result = result,
		.refers = refers,
		.detail = "" };

	if (store_begin(v->store, v->err) != 0)
		return -1;
	if (ledger_append(v->store, &e, seq, v->err) == 0)
		return store_commit(v->store, v->err);
	store_rollback(v->store);
	return -1;
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
explain(struct visit *v, struct detected *d)
{
	const struct detection *seen = &v->seen;

	d->n = detect_found(seen, d->found);
	d->by = seen->said ? "version" : d->n == 0 ? NULL : seen->banner ? "banner" : "prompt";
	if (seen->said)
		(void)snprintf(d->why, sizeof(d->why), "`%s` says \"%s\"", seen->asked, seen->line);
	else if (d->n > 0 && seen->banner)
		(void)snprintf(d->why, sizeof(d->why), "its SSH server is \"%s\"", v->link.banner);
	else if (d->n > 0)
		(void)snprintf(d->why, sizeof(d->why), "its prompt is \"%s\"", v->link.prompt);
	else
		(void)snprintf(d->why, sizeof(d->why),
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
goodbye(const struct visit *v)
{
	const struct driver *found[DETECT_DRIVERS];

	return detect_found(&v->seen, found) > 0 && found[0]->dialect.leave
		   ? found[0]->dialect.leave
		   : "exit";
}

static int
visit(struct visit *v, struct detected *d)
{
	static struct driver stranger; /* with a logout line of its own */
	int rc = accounted(v, "login ssh", log_in);

	if (rc != 0) {
		(void)detect_banner(&v->seen, v->link.banner);
		explain(v, d);
		return rc;
	}
	rc = find_out(v);
	explain(v, d);
	stranger = *detect_stranger();
	stranger.dialect.leave = goodbye(v);
	v->to.driver = &stranger;
	return accounted(v, stranger.dialect.leave, leave) == 0 ? rc : -1;
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
	struct visit v = { .device = device, .err = err };
	char **pins = read_pins(config, device);
	int rc = -1;

	v.to = (struct target){ .device = device->name,
		.host = v.host,
		.port = device->port,
		.driver = detect_stranger(),
		.algorithms = device->algorithms,
		.pins = (const char *const *)pins,
		.connect_ms = (int)config->connect * 1000,
		.silence_ms = (int)config->silence * 1000,
		.deadline_ms = clock_mono_ms() + (int64_t)device->timeout * 1000 };
	v.link.to = &v.to;
	(void)schedule_who(v.who);
	*d = (struct detected){ 0 };
	if (strcmp(device->transport, "ssh") != 0)
		rc = error_set(err, "%s: transport %s is not detected, only ssh is", device->name,
		    device->transport);
	else if (login_resolve(device, v.host, v.address, err) == 0 &&
		 (v.store = store_open(config->store, true, err)) != NULL)
		rc = login_read(device->credential, &v.held, &v.to.secret, err) == 0 ? visit(&v, d)
										     : -1;
	login_wipe(&v.held, &v.to.secret);
	store_close(v.store);
	reader_hostkeys_free(pins);
	return rc;
}
