/* gatebook credential check: can the secrets be read, who uses them, were they refused? */
#include "cli/command.h"
#include "inventories/secret.h"
#include "store/read.h"
#include "transports/transport.h"

enum { C_CREDENTIAL, C_USER, C_HOLDS, C_DEVICES, C_STATE, C_HELD, C_PROBLEMS };

static const struct column columns[] = { [C_CREDENTIAL] = { "credential", "CREDENTIAL", CELL_TEXT },
	[C_USER] = { "user", "USER", CELL_TEXT },
	[C_HOLDS] = { "references", "REFERENCES", CELL_LIST },
	[C_DEVICES] = { "devices", "DEVICES", CELL_NUMBER, .right = true },
	[C_STATE] = { "state", "STATE", CELL_TEXT },
	[C_HELD] = { "held", "HELD", CELL_TEXT },
	[C_PROBLEMS] = { "problems", "PROBLEM", CELL_LIST },
	{ NULL } };

struct checking {
	struct writer *w;
	const struct credential *credential;
	bool bad;
};

static void
problem(struct checking *k, const char *what, struct error *err)
{
	error_prefix(err, "%s", what);
	writer_list(k->w, C_PROBLEMS, text_of(err->text));
	k->bad = true;
}

/* Reads it as a poll would, and forgets it. */
static char *
read_one(struct checking *k, const char *what, const char *reference, bool keep_newline)
{
	struct error err = { 0 };
	char shown[600], *secret;

	if (!reference)
		return NULL;
	(void)snprintf(shown, sizeof(shown), "%s %s", what, reference);
	writer_list(k->w, C_HOLDS, text_of(shown));
	if (text_starts(text_of(reference), "agent")) {
		if (secret_check(reference, &err) != 0)
			problem(k, what, &err);
		return NULL;
	}
	secret = secret_read(reference, keep_newline, &err);
	if (!secret)
		problem(k, what, &err);
	return secret;
}

static void
read_all(struct checking *k)
{
	const struct credential *c = k->credential;
	struct error err = { 0 };
	char *key = read_one(k, "key", c->key, true);
	char *passphrase = read_one(k, "passphrase", c->passphrase, false);

	if (key && ssh_key_test(key, passphrase, &err) != 0)
		problem(k, "key", &err);
	secret_wipe(key);
	secret_wipe(passphrase);
	secret_wipe(read_one(k, "password", c->password, false));
	secret_wipe(read_one(k, "enable", c->enable, false));
	secret_wipe(read_one(k, "community", c->community, false));
	secret_wipe(read_one(k, "auth_password", c->auth_password, false));
	secret_wipe(read_one(k, "priv_password", c->priv_password, false));
}

static int
note_hold(const struct held *h, void *arg)
{
	struct checking *k = arg;
	char text[500];

	if (strcmp(h->on, "credential") != 0 || strcmp(h->name, k->credential->name) != 0)
		return 0;
	(void)snprintf(
	    text, sizeof(text), "%s: %s; when it is mended: gatebook release", h->reason, h->why);
	writer_text(k->w, C_HELD, text_of(text));
	k->bad = true;
	return 1;
}

static void
check(struct checking *k, const struct config *config, struct reader *r)
{
	const struct credential *c = k->credential;
	uint64_t n = 0;

	k->bad = false;
	writer_text(k->w, C_CREDENTIAL, text_of(c->name));
	if (c->user)
		writer_text(k->w, C_USER, text_of(c->user));
	read_all(k);
	for (size_t d = 0; d < config->n_devices; d++)
		n += config->devices[d].credential == c;
	writer_number(k->w, C_DEVICES, n);
	if (r)
		(void)reader_holds(r, note_hold, k, NULL);
	writer_text(k->w, C_STATE, text_of(k->bad ? "not ready" : "ready"));
	writer_row(k->w);
}

static int
check_all(struct call *call, const struct config *config)
{
	struct reader *r = reader_open(config->store, 0, NULL); /* none yet: nothing was refused */
	struct error err = { 0 };
	struct checking k = { .w = call_writer(call, columns, &err) };
	const char *names[128] = { NULL }, *near;
	size_t bad = 0, found = 0;

	if (!k.w)
		return cli_fail(&err, EXIT_USAGE);
	for (size_t n = 0; n < config->n_credentials; n++) {
		k.credential = &config->credentials[n];
		if (n < 127)
			names[n] = k.credential->name;
		if (call->n && strcmp(call->words[0], k.credential->name) != 0)
			continue;
		found++;
		check(&k, config, r);
		bad += k.bad;
	}
	if (r)
		reader_close(r);
	if (writer_end(k.w, NULL) < 0)
		return EXIT_FAILED;
	if (found || !call->n)
		return bad ? EXIT_AUTH : EXIT_OK;
	near = text_nearest(call->words[0], names);
	(void)error_set(&err,
	    near ? "no credential of that name (did you mean '%s'?)"
		 : "no credential of that name: see 'credentials:' in gatebook.yml%s",
	    near ? near : "");
	return cli_fail(&err, EXIT_USAGE);
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	int code = config ? check_all(call, config) : EXIT_USAGE;

	config_free(config);
	return code;
}

const struct cli_command cli_credential_check = {
	.name = "credential check",
	.synopsis = "[NAME]",
	.summary = "Read each secret as a poll would, and say whether it can be used",
	.text =
	    "Files, variables, helpers and agents are asked for what they hold, private keys are "
	    "opened with their passphrase; nothing is shown and no device is contacted. HELD says "
	    "why a credential is not used: after refused logins it is held, for AAA servers lock "
	    "accounts. To try the login itself: inventory check --login DEVICE. Exit 4 when one "
	    "cannot be used.",
	.example = "gatebook credential check\ngatebook credential check ro-ssh",
	.flags = CLI_OUTPUT,
	.run = run,
};
