/* Host keys and algorithms of a device. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/devices/ssh/sshdev.h"

static ssh_key
make_key(const char *type)
{
	ssh_key key = NULL;
	int rc;

	if (strcmp(type, "rsa") == 0)
		rc = ssh_pki_generate(SSH_KEYTYPE_RSA, 2048, &key);
	else if (strcmp(type, "ecdsa") == 0)
		rc = ssh_pki_generate(SSH_KEYTYPE_ECDSA_P256, 256, &key);
	else
		rc = ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key);
	return rc == SSH_OK ? key : NULL;
}

/* The key in the file; made and kept there when there is none. Without a file: a new one each time.
 */
static ssh_key
host_key(const struct device *d)
{
	ssh_key key = NULL;

	if (d->hostkey && access(d->hostkey, R_OK) == 0) {
		if (ssh_pki_import_privkey_file(d->hostkey, NULL, NULL, NULL, &key) == SSH_OK)
			return key;
		return NULL;
	}
	key = make_key(d->hostkey_type);
	if (key && d->hostkey &&
	    ssh_pki_export_privkey_file(key, NULL, NULL, NULL, d->hostkey) != SSH_OK) {
		ssh_key_free(key);
		return NULL;
	}
	return key;
}

static const struct profile {
	const char *name, *kex, *hostkeys, *ciphers, *macs;
} profiles[] = {
	{ "sha1-kex", "diffie-hellman-group14-sha1", "ssh-rsa", "aes256-ctr,aes128-ctr",
	    "hmac-sha1" },
	{ "ancient", "diffie-hellman-group1-sha1", "ssh-rsa", "aes128-cbc,3des-cbc", "hmac-sha1" },
	{ "gcm", "curve25519-sha256", NULL, "aes256-gcm@openssh.com", NULL },
	{ "chacha20", "curve25519-sha256", NULL, "chacha20-poly1305@openssh.com", NULL },
	{ "none", "ecdh-sha2-nistp521", NULL, "aes192-ctr", NULL },
};

static bool
set(ssh_bind bind, enum ssh_bind_options_e option, const char *value)
{
	return !value || ssh_bind_options_set(bind, option, value) == SSH_OK;
}

static bool
set_algorithms(const struct device *d)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(*profiles); i++) {
		const struct profile *p = &profiles[i];

		if (strcmp(p->name, d->algorithms) == 0)
			return set(d->bind, SSH_BIND_OPTIONS_KEY_EXCHANGE, p->kex) &&
			       set(d->bind, SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, p->hostkeys) &&
			       set(d->bind, SSH_BIND_OPTIONS_CIPHERS_C_S, p->ciphers) &&
			       set(d->bind, SSH_BIND_OPTIONS_CIPHERS_S_C, p->ciphers) &&
			       set(d->bind, SSH_BIND_OPTIONS_HMAC_C_S, p->macs) &&
			       set(d->bind, SSH_BIND_OPTIONS_HMAC_S_C, p->macs);
	}
	return strcmp(d->algorithms, "modern") == 0;
}

void
keys_bind(struct device *d, char shown[static 128])
{
	unsigned char *hash = NULL;
	size_t size = 0;
	bool no = false;
	char *text;
	ssh_key key = host_key(d);

	d->bind = ssh_bind_new();
	if (!key || !d->bind ||
	    ssh_bind_options_set(d->bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no) != SSH_OK ||
	    !set_algorithms(d)) {
		(void)fprintf(stderr, "sshdev: %s: no host key, or unknown algorithms %s\n",
		    d->name, d->algorithms);
		exit(2);
	}
	(void)ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size);
	text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
	(void)snprintf(
	    shown, 128, "%s %s", ssh_key_type_to_char(ssh_key_type(key)), text ? text : "?");
	ssh_string_free_char(text);
	ssh_clean_pubkey_hash(&hash);
	if (ssh_bind_options_set(d->bind, SSH_BIND_OPTIONS_IMPORT_KEY, key) != SSH_OK)
		exit(2);
}
