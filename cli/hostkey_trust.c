/* gatebook hostkey trust: an engineer's decision, on record. */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "cli/hostkey.h"

static const struct option_row options[] = {
	{ "fingerprint", 'f', "SHA256:...",
	    "trust the device's key only if it has this fingerprint" },
	{ "from", 0, "KNOWN_HOSTS",
	    "trust what this OpenSSH known_hosts file has for the devices" },
	{ NULL }
};

static int
report(const struct config *config, const struct device *d, const char *key, struct error *err)
{
	if (hostkey_change(config, d, key, true, err) < 0)
		return -1;
	(void)printf("%s: trusted %s\n", d->name, key);
	return 0;
}

/* Looking at the key of a device behind a jump host takes a login, which is a poll's to make: its
 * word is taken, and compared at the next poll. */
static int
trust_unseen(
    const struct config *config, const struct device *d, const char *wanted, struct error *err)
{
	struct text key = text_of(wanted), type;

	if (text_take_until(&key, ' ', &type) && type.n > 0 && type.n < 60 &&
	    text_starts(key, "SHA256:") && key.n == strlen("SHA256:") + 43)
		return report(config, d, wanted, err);
	return error_exit(err, EXIT_USAGE,
	    "%s is reached through %s: give the key as its poll says it: --fingerprint \"TYPE "
	    "SHA256:...\"",
	    d->name, d->via->name);
}

/* The key the device shows now, if it is the one the engineer has compared. */
static int
trust_shown(
    struct call *call, const struct config *config, const struct device *d, struct error *err)
{
	const char *wanted = call_value(call, "fingerprint");
	char key[128];

	if (!wanted && !call->yes)
		return error_exit(err, EXIT_USAGE,
		    "say which key: compare what `gatebook hostkey scan %s` prints with the "
		    "device, then "
		    "give it with --fingerprint (or --yes to trust whatever it shows now)",
		    d->name);
	if (d->via)
		return trust_unseen(config, d, wanted ? wanted : "", err);
	if (hostkey_look(d, key, err) != 0)
		return -1;
	if (wanted && strcmp(hostkey_fingerprint(key), wanted) != 0 && strcmp(key, wanted) != 0)
		return error_exit(err, EXIT_AUTH,
		    "%s shows %s, not %s: nothing was trusted; somebody may stand between you and "
		    "the device",
		    d->name, key, wanted);
	return report(config, d, key, err);
}

/* "SHA256:..." of a known_hosts key: unpadded base64 of the hash of the decoded blob, as OpenSSH
 * says it. */
static bool
fingerprint_of(struct text base64, char out[static 64])
{
	unsigned char blob[8192], hash[EVP_MAX_MD_SIZE], text[80];
	unsigned size = 0;
	int n, padding = 0;

	if (base64.n == 0 || base64.n > 10000 || base64.n % 4 != 0)
		return false;
	n = EVP_DecodeBlock(blob, (const unsigned char *)base64.s, (int)base64.n);
	while (padding < 2 && base64.s[base64.n - 1 - (size_t)padding] == '=')
		padding++;
	if (n <= padding ||
	    !EVP_Digest(blob, (size_t)(n - padding), hash, &size, EVP_sha256(), NULL))
		return false;
	(void)EVP_EncodeBlock(text, hash, (int)size);
	(void)snprintf(out, 64, "SHA256:%.43s", (const char *)text);
	return true;
}

/* host, host:port as "[host]:port", several with commas; hashed names cannot be compared. */
static bool
names_device(struct text names, const struct device *d)
{
	char with_port[300];
	struct text one;

	(void)snprintf(with_port, sizeof(with_port), "[%s]:%u", d->host, d->port);
	while (names.n > 0) {
		if (!text_take_until(&names, ',', &one)) {
			one = names;
			names.n = 0;
		}
		if (text_is(one, with_port) || (d->port == 22 && text_is(one, d->host)))
			return true;
	}
	return false;
}

static int
trust_line(const struct config *config, const struct device *d, struct text line, struct error *err)
{
	struct text names, type, base64;
	char key[128], fingerprint[64];

	text_skip_blanks(&line);
	if (line.n == 0 || line.s[0] == '#' || line.s[0] == '@' || !text_take_word(&line, &names))
		return 0;
	text_skip_blanks(&line);
	if (!names_device(names, d) || !text_take_word(&line, &type))
		return 0;
	text_skip_blanks(&line);
	if (!text_take_word(&line, &base64) || !fingerprint_of(base64, fingerprint))
		return 0;
	(void)snprintf(
	    key, sizeof(key), "%.*s %s", (int)(type.n < 60 ? type.n : 60), type.s, fingerprint);
	return report(config, d, key, err) == 0 ? 1 : -1;
}

static int
trust_from(const struct config *config, const struct device *d, const char *path, struct error *err)
{
	FILE *f = fopen(path, "re");
	char line[16384];
	int found = 0, rc = 0;

	if (!f)
		return error_exit(err, EXIT_USAGE, "cannot read %s", path);
	while (rc >= 0 && fgets(line, sizeof(line), f)) {
		rc = trust_line(config, d, text_trim(text_of(line)), err);
		found += rc > 0;
	}
	(void)fclose(f);
	if (rc < 0)
		return -1;
	if (found == 0)
		return error_set(err,
		    "%s has no key for %s (%s port %u; hashed names cannot be read)", path, d->name,
		    d->host, d->port);
	return 0;
}

static int
trust(struct call *call, struct config *config)
{
	const struct device **devices;
	struct error err = { 0 };
	const char *from = call_value(call, "from");
	int rc = EXIT_OK;

	if (call->n == 0) {
		(void)error_set(&err,
		    "name the devices: gatebook hostkey trust DEVICE --fingerprint SHA256:...");
		return cli_fail(&err, EXIT_USAGE);
	}
	devices = config_select(config, call->n, call->words, &err);
	if (!devices)
		return cli_fail(&err, EXIT_USAGE);
	for (int i = 0; devices[i]; i++) {
		err = (struct error){ 0 };
		if ((from ? trust_from(config, devices[i], from, &err)
			  : trust_shown(call, config, devices[i], &err)) != 0)
			rc = cli_fail(&err, EXIT_FAILED);
	}
	return rc;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	int rc;

	if (!config)
		return EXIT_USAGE;
	rc = trust(call, config);
	config_free(config);
	return rc;
}

const struct cli_command cli_hostkey_trust = { .name = "hostkey trust",
	.synopsis = "DEVICE... --fingerprint SHA256:... | --from KNOWN_HOSTS | --yes",
	.summary = "Trust a device's host key",
	.text = "The decision is written to the ledger with your name. A device may have several "
		"trusted keys; "
		"revoke the old one after a planned change.",
	.example = "gatebook hostkey trust edge-fw1 --fingerprint SHA256:9yqg0mJx...\n"
		   "gatebook hostkey trust @edge --from /etc/ssh/ssh_known_hosts",
	.options = options,
	.run = run };
