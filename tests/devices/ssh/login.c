/* Who is let in. Every attempt is logged with its method; only the message interface of libssh 0.10
 * can serve keyboard-interactive. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/devices/ssh/sshdev.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

enum { ATTEMPTS = 6 };

struct login {
	struct visit *v;
	char user[64];
	int methods, attempts;
	bool asked_second, in;
};

static void
note(struct login *l, const char *method, const char *result)
{
	char text[200];

	(void)snprintf(text, sizeof(text), "%s %s %s", method, l->user, result);
	wire_log(l->v->device, l->v->number, "auth", text);
}

static const struct user *
find(struct login *l)
{
	const struct device *d = l->v->device;

	for (int i = 0; i < d->n_users; i++)
		if (strcmp(d->users[i].name, l->user) == 0)
			return &d->users[i];
	return NULL;
}

static bool
fits(struct login *l, const char *password)
{
	const struct user *u = find(l);

	return u && u->password && password && strcmp(u->password, password) == 0;
}

static void
refuse(struct login *l, ssh_message m)
{
	(void)ssh_message_auth_set_methods(m, l->methods);
	(void)ssh_message_reply_default(m);
}

static void
verdict(struct login *l, ssh_message m, const char *method, bool ok)
{
	l->attempts++;
	note(l, method, ok ? "ok" : "refused");
	if (ok) {
		l->in = true;
		(void)ssh_message_auth_reply_success(m, 0);
	} else {
		refuse(l, m);
	}
}

static void
ask(struct login *l, ssh_message m, const char *prompt, bool echo)
{
	const char *prompts[] = { prompt };
	char echoes[] = { echo };

	(void)ssh_message_auth_interactive_request(m, "", "", 1, prompts, echoes);
	(void)l;
}

static void
interactive(struct login *l, ssh_message m)
{
	const struct device *d = l->v->device;
	const char *given = NULL;

	if (!ssh_message_auth_kbdint_is_response(m)) {
		note(l, "keyboard-interactive", "begun");
		ask(l, m, d->kbdint_prompt, d->kbdint_echo);
		return;
	}
	if (ssh_userauth_kbdint_getnanswers(l->v->session) == 1)
		given = ssh_userauth_kbdint_getanswer(l->v->session, 0);
	if (d->kbdint_second && !l->asked_second) {
		note(l, "keyboard-interactive", "second");
		l->asked_second = true;
		ask(l, m, d->kbdint_second, false);
		return;
	}
	verdict(l, m, "keyboard-interactive", fits(l, given));
}

static void
public_key(struct login *l, ssh_message m)
{
	const struct user *u = find(l);
	bool known = u && u->key &&
		     ssh_key_cmp(ssh_message_auth_pubkey(m), u->key, SSH_KEY_CMP_PUBLIC) == 0;

	if (ssh_message_auth_publickey_state(m) == SSH_PUBLICKEY_STATE_NONE) {
		note(l, "publickey", known ? "probed" : "unknown");
		if (known)
			(void)ssh_message_auth_reply_pk_ok_simple(m);
		else
			refuse(l, m);
		return;
	}
	verdict(l, m, "publickey",
	    known && ssh_message_auth_publickey_state(m) == SSH_PUBLICKEY_STATE_VALID);
}

static void
serve(struct login *l, ssh_message m)
{
	int method = ssh_message_subtype(m);
	const char *user = ssh_message_auth_user(m);

	if (user && user[0]) /* an answer to a prompt does not repeat it */
		(void)text_copy(text_of(user), l->user, sizeof(l->user));
	if (!(l->methods & method)) {
		note(l,
		    method == SSH_AUTH_METHOD_NONE          ? "none"
		    : method == SSH_AUTH_METHOD_INTERACTIVE ? "keyboard-interactive"
		    : method == SSH_AUTH_METHOD_PASSWORD    ? "password"
							    : "publickey",
		    "unsupported");
		refuse(l, m);
	} else if (method == SSH_AUTH_METHOD_PASSWORD) {
		verdict(l, m, "password", fits(l, ssh_message_auth_password(m)));
	} else if (method == SSH_AUTH_METHOD_INTERACTIVE) {
		interactive(l, m);
	} else {
		public_key(l, m);
	}
}

bool
login_serve(struct visit *v)
{
	const char *methods = v->device->methods;
	struct login l = { .v = v };
	ssh_message m;

	l.methods = (strstr(methods, "password") ? SSH_AUTH_METHOD_PASSWORD : 0) |
		    (strstr(methods, "keyboard-interactive") ? SSH_AUTH_METHOD_INTERACTIVE : 0) |
		    (strstr(methods, "publickey") ? SSH_AUTH_METHOD_PUBLICKEY : 0);
	while (!l.in && l.attempts < ATTEMPTS && (m = ssh_message_get(v->session))) {
		if (v->device->stall && strcmp(v->device->stall, "auth") == 0) {
			ssh_message_free(m);
			(void)sleep(3600);
			return false;
		}
		if (ssh_message_type(m) == SSH_REQUEST_AUTH)
			serve(&l, m);
		else
			(void)ssh_message_reply_default(m);
		ssh_message_free(m);
	}
	return l.in;
}
