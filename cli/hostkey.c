#include "cli/hostkey.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/daemon.h"
#include "poller/login.h"
#include "poller/schedule.h"
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
		.from = device->from,
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

int
hostkey_change(const struct config *config, const struct device *device, const char *key,
    bool trust, struct error *err)
{
	struct decision d = { .kind = trust ? DECIDE_TRUST : DECIDE_REVOKE };

	(void)schedule_who(d.by);
	(void)text_copy(text_of(device->name), d.name, sizeof(d.name));
	(void)text_copy(text_of(key), d.key, sizeof(d.key));
	return daemon_keep(config, &d, err);
}
