/* gatebook inventory check: would a poll of these devices get as far as the network? */
#include <errno.h>
#include <netdb.h>
#include <sys/stat.h>

#include "cli/inventory.h"
#include "poller/login.h"
#include "inventories/secret.h"

enum { C_DEVICE, C_PLATFORM, C_TRANSPORT, C_ADDRESS, C_CREDENTIAL, C_STATE, C_PROBLEMS };

static const struct column columns[] = {
	[C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_PLATFORM] = { "platform", "PLATFORM", CELL_TEXT },
	[C_TRANSPORT] = { "transport", "TRANSPORT", CELL_TEXT },
	[C_ADDRESS] = { "address", "ADDRESS", CELL_TEXT },
	[C_CREDENTIAL] = { "credential", "CREDENTIAL", CELL_TEXT },
	[C_STATE] = { "state", "STATE", CELL_TEXT },
	[C_PROBLEMS] = { "problems", "PROBLEM", CELL_LIST },
	{ NULL },
};

/* The problems of one device: a list for programs, one text for people. */
struct findings {
	struct writer *w;
	char text[2000];
	size_t n;
	unsigned count;
};

static void
found(struct findings *f, const char *problem)
{
	int more = snprintf(
	    f->text + f->n, sizeof(f->text) - f->n, "%s%s", f->count ? "; " : "", problem);

	f->n += (size_t)more < sizeof(f->text) - f->n ? (size_t)more : 0;
	f->count++;
	writer_list(f->w, C_PROBLEMS, text_of(problem));
}

static void
check_reference(struct findings *f, const char *what, const char *reference)
{
	struct error err = { 0 };

	if (reference == NULL || secret_check(reference, &err) == 0)
		return;
	error_prefix(&err, "%s", what);
	found(f, err.text);
}

static void
check_credential(struct findings *f, const struct credential *c)
{
	if (c == NULL)
		return;
	writer_text(f->w, C_CREDENTIAL, text_of(c->name));
	check_reference(f, "password", c->password);
	check_reference(f, "key", c->key);
	check_reference(f, "passphrase", c->passphrase);
	check_reference(f, "enable", c->enable);
	check_reference(f, "community", c->community);
	check_reference(f, "auth_password", c->auth_password);
	check_reference(f, "priv_password", c->priv_password);
}

/* The address that a poll would connect to, if it began now. */
static void
check_host(struct findings *f, const struct device *d)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	char host[NI_MAXHOST], problem[400];
	int rc = getaddrinfo(d->host, NULL, &hints, &list);

	if (rc == 0)
		rc = getnameinfo(
		    list->ai_addr, list->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	if (list != NULL)
		freeaddrinfo(list);
	if (rc == 0) {
		writer_text(f->w, C_ADDRESS, text_of(host));
		return;
	}
	snprintf(
	    problem, sizeof(problem), "host %s cannot be resolved: %s", d->host, gai_strerror(rc));
	found(f, problem);
}

static void
check_replay(struct findings *f, const struct device *d)
{
	char problem[1400];
	struct stat st;

	if (stat(d->replay, &st) == 0)
		return;
	snprintf(problem, sizeof(problem), "replay: %s: %s", d->replay, strerror(errno));
	found(f, problem);
}

/* Returns true when nothing stands in the way. */
static bool
check(struct writer *w, const struct device *d)
{
	struct findings f = { .w = w };

	writer_text(w, C_DEVICE, text_of(d->name));
	writer_text(w, C_PLATFORM, text_of(d->driver->name));
	writer_text(w, C_TRANSPORT, text_of(d->transport));
	check_credential(&f, d->credential);
	if (d->via) /* resolves its name for us */
		check_credential(&f, d->via->credential);
	else if (login_is_due(d))
		check_host(&f, d);
	else if (strcmp(d->transport, "replay") == 0)
		check_replay(&f, d);
	writer_text(w, C_STATE, text_of(f.count ? "not ready" : "ready"));
	if (f.count)
		writer_show(w, C_PROBLEMS, f.text);
	writer_row(w);
	return f.count == 0;
}

static void
say_next(const struct call *call, size_t n, size_t bad, bool ssh)
{
	if (call->quiet)
		return;
	fflush(stdout);
	if (n == 0) {
		fprintf(stderr, "no devices: add one to %s/inventory.d/*.yml\n", call->dir);
		return;
	}
	fprintf(stderr, "%zu %s: %zu ready, %zu not ready\n", n, n == 1 ? "device" : "devices",
	    n - bad, bad);
	if (bad)
		fprintf(stderr, "next: mend what is said above, then: gatebook inventory check\n");
	else
		fprintf(stderr, "next: gatebook %s\n", ssh ? "hostkey scan" : "poll");
}

static int
check_all(const struct device **devices, struct call *call)
{
	struct error err = { 0 };
	struct writer *w = call_writer(call, columns, &err);
	size_t n = 0, bad = 0;
	bool ssh = false;

	if (w == NULL)
		return cli_fail(&err, EXIT_USAGE);
	for (; devices[n]; n++) {
		bad += check(w, devices[n]) ? 0 : 1;
		ssh = ssh || strcmp(devices[n]->transport, "ssh") == 0;
	}
	if (writer_end(w, NULL) < 0)
		return EXIT_FAILED;
	say_next(call, n, bad, ssh);
	return bad ? EXIT_USAGE : EXIT_OK;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	const struct device **devices;
	struct error err = { 0 };
	int code;

	if (config == NULL)
		return EXIT_USAGE;
	devices = config_select(config, call->n, call->words, &err);
	if (!devices)
		code = cli_fail(&err, EXIT_USAGE);
	else if (devices[0] && call_value(call, "login"))
		code = inventory_log_in(call, config, devices);
	else
		code = check_all(devices, call);
	config_free(config);
	return code;
}

static const struct option_row options[] = {
	{ "login", 'l', NULL, "log in and ask each device all that a poll asks" }, { NULL }
};

const struct cli_command cli_inventory_check = {
	.name = "inventory check",
	.synopsis = "[DEVICE|@TAG|@SITE|@all...]",
	.summary = "Check the configuration, its references to secrets, and its host names",
	.text =
	    "Prints every fault of every file as file:line:column: reason. Without a fault it goes "
	    "on to the devices: whether the secrets of their credentials are there and closed to "
	    "others (they are not read), and whether their hosts have an address. Nothing is sent "
	    "to a device. Exit 2 when something is to be mended."
	    "\n\n"
	    "With --login each device is polled once, as gatebook poll does, with every line in "
	    "the "
	    "ledger, and the answer is told by steps: was it reached, is its key the trusted one, "
	    "was the login taken, how many of its commands were allowed. A refused login is not "
	    "tried again. Exit 0 when all are ready, 4 when all were refused, 5 when some are not "
	    "ready.",
	.example = "gatebook inventory check\ngatebook inventory check @edge -o json\n"
		   "gatebook inventory check --login edge-fw1",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
