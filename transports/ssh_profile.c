/* ssh: named sets of algorithms. One is chosen per device by a person; none is ever switched to. */
#include <stdio.h>
#include <string.h>

#include "transports/ssh.h"

enum { KEX, HOST_KEYS, CIPHERS, MACS, LISTS };

/* libssh 0.10 takes whole lists only. Counter mode with a plain MAC first: it needs neither a
 * patched GCM nor strict key exchange on the device's side. */
struct profile {
	const char *name;
	const char *lists[LISTS];
};

static const struct profile profiles[] = {
	{ "modern",
	    { "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-"
	      "nistp384,"
	      "ecdh-sha2-nistp521,diffie-hellman-group18-sha512,diffie-hellman-group16-sha512,"
	      "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256",
		"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-"
		"512,"
		"rsa-sha2-256",
		"aes256-ctr,aes192-ctr,aes128-ctr,chacha20-poly1305@openssh.com,"
		"aes256-gcm@openssh.com,aes128-gcm@openssh.com",
		"hmac-sha2-256,hmac-sha2-512,hmac-sha2-256-etm@openssh.com,"
		"hmac-sha2-512-etm@openssh.com" } },
	{ "sha1-kex", { "curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,"
			"diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1",
			  "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256,ssh-rsa",
			  "aes256-ctr,aes128-ctr", "hmac-sha2-256,hmac-sha2-512,hmac-sha1" } },
	{ "ancient", { "diffie-hellman-group14-sha1,diffie-hellman-group1-sha1", "ssh-rsa",
			 "aes128-ctr,aes128-cbc,3des-cbc", "hmac-sha1" } },
};

static const struct profile *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(*profiles); i++)
		if (strcmp(profiles[i].name, name ? name : "modern") == 0)
			return &profiles[i];
	return NULL;
}

static bool
list_has(struct text list, struct text name)
{
	struct text one;

	while (list.n > 0) {
		if (!text_take_until(&list, ',', &one)) {
			one = list;
			list.n = 0;
		}
		if (text_equal(text_trim(one), name))
			return true;
	}
	return false;
}

/* Some algorithm of `offered` is in `list`. */
static bool
lists_meet(struct text offered, const char *list)
{
	struct text one;

	while (offered.n > 0) {
		if (!text_take_until(&offered, ',', &one)) {
			one = offered;
			offered.n = 0;
		}
		if (list_has(text_of(list), text_trim(one)))
			return true;
	}
	return false;
}

/* An RSA key signs under three names. */
static bool
signs_as(struct text pin, struct text algorithm)
{
	struct text type;

	if (!text_take_word(&pin, &type))
		return false;
	return text_equal(type, algorithm) ||
	       (text_is(type, "ssh-rsa") && text_starts(algorithm, "rsa-sha2-"));
}

/* Only types that are pinned: another key of the device, or of somebody between, is of no use. */
static void
pinned_types(const struct target *to, const char *all, char *out, size_t size)
{
	struct text rest = text_of(all), one;
	size_t used = 0;

	out[0] = 0;
	while (rest.n > 0) {
		bool pinned = false;

		if (!text_take_until(&rest, ',', &one)) {
			one = rest;
			rest.n = 0;
		}
		for (const char *const *pin = to->pins; pin && *pin; pin++)
			pinned |= signs_as(text_of(*pin), one);
		if (pinned && used + one.n + 2 < size)
			used += (size_t)snprintf(
			    out + used, size - used, "%s%.*s", used ? "," : "", (int)one.n, one.s);
	}
	if (used == 0)
		(void)text_copy(text_of(all), out, size);
}

int
ssh_profile_set(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	const struct profile *p = find(to->algorithms);
	static const enum ssh_options_e options[][2] = {
		[KEX] = { SSH_OPTIONS_KEY_EXCHANGE, SSH_OPTIONS_KEY_EXCHANGE },
		[HOST_KEYS] = { SSH_OPTIONS_HOSTKEYS, SSH_OPTIONS_HOSTKEYS },
		[CIPHERS] = { SSH_OPTIONS_CIPHERS_C_S, SSH_OPTIONS_CIPHERS_S_C },
		[MACS] = { SSH_OPTIONS_HMAC_C_S, SSH_OPTIONS_HMAC_S_C },
	};
	char types[400];

	if (!p)
		return line_fail(s->link, REASON_CONNECT,
		    "%s: unknown algorithms `%s`; write modern, sha1-kex or ancient", to->device,
		    to->algorithms);
	pinned_types(to, p->lists[HOST_KEYS], types, sizeof(types));
	for (int i = 0; i < LISTS; i++) {
		const char *list = i == HOST_KEYS ? types : p->lists[i];

		if (ssh_options_set(s->session, options[i][0], list) != SSH_OK ||
		    ssh_options_set(s->session, options[i][1], list) != SSH_OK)
			return line_fail(s->link, REASON_CONNECT, "libssh refuses %s: %s", list,
			    ssh_complaint(s));
	}
	/* Our own RSA key signs with SHA-1 only for a device that knows nothing else. */
	if (ssh_options_set(s->session, SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES,
		p == &profiles[0] ? p->lists[HOST_KEYS] : profiles[1].lists[HOST_KEYS]) != SSH_OK)
		return line_fail(
		    s->link, REASON_CONNECT, "libssh refuses key types: %s", ssh_complaint(s));
	return 0;
}

/* "kex error : no match for method kex algos: server [a,b], client [c,d]" */
bool
ssh_profile_explain(struct ssh_line *s, const char *complaint, bool *key_type)
{
	struct text t = text_of(complaint), method, theirs, ours;
	const char *fits = NULL;
	char remedy[120], shown[1200];
	int list;

	while (t.n > 0 && !text_take(&t, "no match for method "))
		t.s++, t.n--;
	if (!text_take_until(&t, ':', &method) || !text_take(&t, " server [") ||
	    !text_take_until(&t, ']', &theirs) || !text_take(&t, ", client [") ||
	    !text_take_until(&t, ']', &ours))
		return false;
	list = text_contains(method, "host key")     ? HOST_KEYS
	       : text_contains(method, "encryption") ? CIPHERS
	       : text_contains(method, "mac")        ? MACS
						     : KEX;
	*key_type = list == HOST_KEYS;
	for (size_t i = 0; i < sizeof(profiles) / sizeof(*profiles) && !fits; i++)
		if (lists_meet(theirs, profiles[i].lists[list]))
			fits = profiles[i].name;
	if (fits)
		(void)snprintf(
		    remedy, sizeof(remedy), "`algorithms: %s` would fit this device", fits);
	else
		(void)snprintf(remedy, sizeof(remedy), "no profile fits; update the device");
	text_escape(theirs, shown, sizeof(shown));
	(void)line_fail(s->link, REASON_CONNECT,
	    "no common %.*s: %s; it offers [%s], we offer [%.*s]",
	    (int)(method.n < 40 ? method.n : 40), method.s, remedy, shown, (int)ours.n, ours.s);
	return true;
}
