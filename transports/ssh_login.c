/* ssh: is it the device we trust, and does it let us in?
 *
 * Nothing is offered before the host key is verified, and every credential is offered once: a
 * refused one is never tried again, neither by another method nor by a second connection, because
 * AAA servers lock accounts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "transports/ssh.h"

enum {
	ROUNDS = 3, /* of keyboard-interactive: greeting, password, goodbye */
	PROMPT_MAX = 80
};

/* --- the host key ---------------------------------------------------------------------------- */

int
ssh_verify(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	const char *shown = strchr(s->link->host_key, ' '), *was = to->pins ? to->pins[0] : NULL;

	shown = shown ? shown + 1 : s->link->host_key;
	for (const char *const *pin = to->pins; pin && *pin; pin++)
		if (strcmp(*pin, s->link->host_key) == 0)
			return 0;
	/* Behind a jump host nobody looks a second time: the whole key is what is trusted. */
	if (!was && to->via)
		return line_fail(s->link, REASON_HOST_KEY,
		    "unknown host key; nothing was offered. Compare it with the device, then: "
		    "gatebook hostkey trust %s --fingerprint \"%s\"",
		    to->device, s->link->host_key);
	if (!was)
		return line_fail(s->link, REASON_HOST_KEY,
		    "unknown host key; nothing was offered. Compare it with the device, then: "
		    "gatebook hostkey trust %s --fingerprint %s",
		    to->device, shown);
	was = strchr(was, ' ') ? strchr(was, ' ') + 1 : was;
	return line_fail(s->link, REASON_HOST_KEY,
	    "host key CHANGED, was %s; nothing was offered. If it should have: "
	    "gatebook hostkey trust %s --fingerprint %s",
	    was, to->device, shown);
}

/* --- credentials ----------------------------------------------------------------------------- */

static int
no_key(struct ssh_line *s, const char *what)
{
	return line_fail(s->link, REASON_CREDENTIAL, "%s: the private key cannot be used: %s",
	    s->link->to->device, what);
}

/* What libssh gave as an answer, in our words: 1 in, 0 go on with the next method, -1 over. */
static int
answer(struct ssh_line *s, int rc)
{
	switch (rc) {
	case SSH_AUTH_SUCCESS: return 1;
	case SSH_AUTH_PARTIAL:
	case SSH_AUTH_DENIED: return 0;
	case SSH_AUTH_AGAIN:
		return line_fail(s->link, REASON_TIMEOUT, "the device does not answer the login");
	default:
		/* A device that hangs up on a refused login says no as well. */
		return line_fail(s->link, REASON_AUTH, "the login of %s ended: %s. Not retried",
		    s->link->to->secret.user, ssh_complaint(s));
	}
}

static int
offer_key(struct ssh_line *s)
{
	const struct secret *secret = &s->link->to->secret;
	ssh_key key = NULL;
	int rc;

	/* Without a passphrase libcrypto would ask for one on the terminal. */
	if (ssh_pki_import_privkey_base64(secret->key,
		secret->key_passphrase ? secret->key_passphrase : "", NULL, NULL, &key) != SSH_OK)
		return no_key(s, secret->key_passphrase
				     ? "wrong passphrase, or not a private key"
				     : "it needs a passphrase, or is no private key");
	rc = ssh_userauth_publickey(s->session, NULL, key);
	ssh_key_free(key);
	/* A key that libssh itself turns down was never shown to the device. */
	if (rc == SSH_AUTH_DENIED && strstr(ssh_get_error(s->session), "not allowed"))
		return no_key(s, ssh_complaint(s));
	return answer(s, rc);
}

int
ssh_key_test(const char *text, const char *passphrase, struct error *err)
{
	ssh_key key = NULL;

	if (ssh_pki_import_privkey_base64(text, passphrase ? passphrase : "", NULL, NULL, &key) !=
	    SSH_OK)
		return error_set(err, passphrase ? "wrong passphrase, or not a private key"
						 : "it needs a passphrase, or is no private key");
	ssh_key_free(key);
	return 0;
}

static int
offer_agent(struct ssh_line *s)
{
	const char *path = s->link->to->secret.agent;
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || !text_copy(text_of(path), where.sun_path, sizeof(where.sun_path)) ||
	    connect(fd, (struct sockaddr *)&where, sizeof(where)) != 0) {
		(void)line_fail(s->link, REASON_CREDENTIAL,
		    "%s: no ssh-agent at %s: %s; start it, or correct `agent:` of the credential",
		    s->link->to->device, path, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	if (ssh_set_agent_socket(s->session, fd) != SSH_OK) {
		(void)close(fd);
		return line_fail(s->link, REASON_CREDENTIAL, "no ssh-agent: %s", ssh_complaint(s));
	}
	return answer(s, ssh_userauth_agent(s->session, NULL));
}

/* One prompt without echo is the password prompt; anything else needs a human. */
static int
read_prompts(struct ssh_line *s, int n, bool given)
{
	char shown[PROMPT_MAX + 40], echo = 0;
	const char *prompt = n > 0 ? ssh_userauth_kbdint_getprompt(s->session, 0, &echo) : "";

	if (!prompt)
		prompt = "";
	if (n == 0 || (n == 1 && !echo && !given && !strcasestr(prompt, "new pass")))
		return 0;
	text_escape((struct text){ prompt, strnlen(prompt, PROMPT_MAX) }, shown, sizeof(shown));
	return line_fail(s->link, REASON_AUTH,
	    "the device asks \"%s\"%s: only one password prompt can be answered. Log in by hand "
	    "once to see "
	    "why, or use a key",
	    text_trim(text_of(shown)).n ? shown : "", given ? " after the password" : "");
}

/* Starting keyboard-interactive offers nothing yet: it also tells which methods there are. */
static int
offer_prompts(struct ssh_line *s, bool *given)
{
	const char *password = s->link->to->secret.password;
	int rc = ssh_userauth_kbdint(s->session, NULL, NULL);

	for (int round = 0; rc == SSH_AUTH_INFO; round++) {
		int n = ssh_userauth_kbdint_getnprompts(s->session);

		if (round == ROUNDS)
			return line_fail(s->link, REASON_AUTH,
			    "the device asks more than %d times at login; use a key", ROUNDS);
		if (read_prompts(s, n, *given) != 0)
			return -1;
		if (n == 1) {
			*given = true;
			if (ssh_userauth_kbdint_setanswer(s->session, 0, password) < 0)
				return line_fail(s->link, REASON_AUTH, "no answer can be given: %s",
				    ssh_complaint(s));
		}
		rc = ssh_userauth_kbdint(s->session, NULL, NULL);
	}
	return answer(s, rc);
}

/* The methods the device has left, as it said with its last refusal. */
static const char *
methods_text(int methods, char out[static 80])
{
	(void)snprintf(out, 80, "%s%s%s", methods & SSH_AUTH_METHOD_PUBLICKEY ? " publickey" : "",
	    methods & SSH_AUTH_METHOD_PASSWORD ? " password" : "",
	    methods & SSH_AUTH_METHOD_INTERACTIVE ? " keyboard-interactive" : "");
	return out[0] ? out : " nothing";
}

/* The password goes out once, by the method the device has. When nothing was refused yet we do not
 * know which it has. Asking with `none` would be logged as a failed login (IOS); beginning
 * keyboard-interactive is not, and it gives nothing away. */
static int
offer_password(struct ssh_line *s)
{
	int methods = ssh_userauth_list(s->session, NULL), rc = 0;
	bool given = false;

	if (methods == 0) {
		rc = offer_prompts(s, &given);
		if (rc != 0 || given)
			return rc;
		methods = ssh_userauth_list(s->session, NULL) & ~(int)SSH_AUTH_METHOD_INTERACTIVE;
	}
	if (methods & SSH_AUTH_METHOD_PASSWORD)
		return answer(
		    s, ssh_userauth_password(s->session, NULL, s->link->to->secret.password));
	if (methods & SSH_AUTH_METHOD_INTERACTIVE)
		return offer_prompts(s, &given);
	return rc;
}

int
ssh_login(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	const struct secret *secret = &to->secret;
	char methods[80];
	int rc = 0;

	if (!secret->user || !(secret->key || secret->agent || secret->password))
		return line_fail(s->link, REASON_CREDENTIAL,
		    "%s has no user, or neither key, agent nor password; give it a credential",
		    to->device);
	ssh_patience(s, to->silence_ms);
	/* What the device says with it decides how an RSA key may sign (RFC 8308). */
	rc = ssh_service_request(s->session, "ssh-userauth");
	if (rc != SSH_OK)
		return answer(s, rc == SSH_AGAIN ? SSH_AUTH_AGAIN : SSH_AUTH_ERROR);
	if (secret->key)
		rc = offer_key(s);
	if (rc == 0 && secret->agent)
		rc = offer_agent(s);
	if (rc == 0 && secret->password)
		rc = offer_password(s);
	if (rc == 0)
		return line_fail(s->link, REASON_AUTH,
		    "login refused for %s at %s (%s%s%s); the device takes%s. Not retried",
		    secret->user, to->host, secret->key ? "key " : "",
		    secret->agent ? "agent " : "", secret->password ? "password" : "",
		    methods_text(ssh_userauth_list(s->session, NULL), methods));
	return rc > 0 ? 0 : -1;
}
