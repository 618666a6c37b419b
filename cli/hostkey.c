#include "cli/hostkey.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "poller/login.h"
#include "poller/schedule.h"
#include "poller/signing.h"
#include "store/read.h"
#include "transports/transport.h"

const char *
hostkey_fingerprint(const char *key)
{
	const char *blank = strchr(key, ' ');

	return blank ? blank + 1 : key;
}

int
hostkey_look(const struct device *device, char key[static 128], struct error *err)
{
	char host[ADDR_TEXT], address[LOGIN_ADDRESS];
	struct target to = { .device = device->name,
		.port = device->port,
		.driver = device->driver,
		.algorithms = device->algorithms,
		.connect_ms = LIMIT_CONNECT_MS,
		.silence_ms = LIMIT_CONNECT_MS,
		.deadline_ms = clock_mono_ms() + 2 * LIMIT_CONNECT_MS };

	if (strcmp(device->transport, "ssh") != 0)
		return error_set(
		    err, "%s: transport %s has no host key", device->name, device->transport);
	if (login_resolve(device, host, address, err) != 0)
		return -1;
	to.host = host;
	return ssh_scan(&to, key, err);
}

enum hostkey_state
hostkey_compare(
    const struct config *config, const struct device *device, const char *key, char was[static 128])
{
	struct reader *reader = reader_open(config->store, 0, NULL);
	char **trusted = reader ? reader_hostkeys(reader, device->name, NULL) : NULL;
	enum hostkey_state state = HOSTKEY_NEW;

	was[0] = 0;
	for (int i = 0; trusted && trusted[i]; i++) {
		if (strcmp(trusted[i], key) == 0)
			state = HOSTKEY_TRUSTED;
		else if (state == HOSTKEY_NEW)
			state = HOSTKEY_CHANGED;
		(void)snprintf(was, 128, "%s", trusted[i]);
	}
	reader_hostkeys_free(trusted);
	if (reader)
		reader_close(reader);
	return state;
}

/* The decision and its ledger record: both or neither. */
static int
write_change(struct store *store, const struct device *device, const char *key, bool trust,
    struct error *err)
{
	char who[128];
	struct ledger_event e = { .kind = LEDGER_HOSTKEY,
		.time_us = clock_now_us(),
		.who = schedule_who(who),
		.device = device->name,
		.what = trust ? "hostkey trust" : "hostkey revoke",
		.result = "ok",
		.detail = key ? key : "all" };
	uint64_t seq;
	int n = trust ? store_hostkey_trust(store, device->name, key, who, err)
		      : store_hostkey_revoke(store, device->name, key, who, err);

	return n < 0 || ledger_append(store, &e, &seq, err) != 0 ? -1 : n;
}

int
hostkey_change(const struct config *config, const struct device *device, const char *key,
    bool trust, struct error *err)
{
	struct store *store = store_open(config->store, true, err);
	struct signing signing = { 0 };
	struct ledger_key *ledger_key;
	int n;

	if (!store)
		return -1;
	ledger_key = signing_key(config->ledger_key, config->must_sign, err);
	n = !ledger_key && err->text[0]
		? -1
		: signing_begin(&signing, store, ledger_key, config->heads, err);
	if (n == 0)
		n = store_begin(store, err);
	if (n == 0) {
		n = write_change(store, device, key, trust, err);
		if (n < 0 || signing_seal(&signing, store, true, err) < 0) {
			store_rollback(store);
			n = -1;
		} else if (store_commit(store, err) != 0) {
			n = -1;
		}
		signing_committed(&signing, n >= 0);
	}
	signing_end(&signing);
	store_close(store);
	return n;
}
