#include "poller/login.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "inventories/secret.h"

enum { TRIES = 3, TIMEOUT_MS = 3000 }; /* of one request to an agent */

static int
read_one(const char *reference, bool keep_newline, char **secret, struct error *err)
{
	if (!reference)
		return 0;
	*secret = secret_read(reference, keep_newline, err);
	return *secret ? 0 : -1;
}

int
login_read(
    const struct credential *c, struct login *login, struct secret *secret, struct error *err)
{
	if (!c)
		return 0;
	if (read_one(c->password, false, &login->password, err) != 0 ||
	    read_one(c->key, true, &login->key, err) != 0 ||
	    read_one(c->passphrase, false, &login->passphrase, err) != 0 ||
	    read_one(c->enable, false, &login->enable, err) != 0 ||
	    read_one(c->community, false, &login->community, err) != 0 ||
	    read_one(c->auth_password, false, &login->auth_password, err) != 0 ||
	    read_one(c->priv_password, false, &login->priv_password, err) != 0)
		return -1;
	*secret = (struct secret){ .user = c->user,
		.password = login->password,
		.key = login->key,
		.key_passphrase = login->passphrase,
		.enable = login->enable,
		.agent = c->agent };
	return 0;
}

void
login_wipe(struct login *login, struct secret *secret)
{
	secret_wipe(login->password);
	secret_wipe(login->key);
	secret_wipe(login->passphrase);
	secret_wipe(login->enable);
	secret_wipe(login->community);
	secret_wipe(login->auth_password);
	secret_wipe(login->priv_password);
	*login = (struct login){ 0 };
	*secret = (struct secret){ 0 };
}

struct snmp_login
login_snmp(const struct device *device, const char *host, const struct login *login)
{
	const struct credential *c = device->credential;

	return (struct snmp_login){ .host = host,
		.port = device->port,
		.version = c->user        ? SNMP_V3
			   : c->version_1 ? SNMP_V1
					  : SNMP_V2C,
		.community = login->community,
		.user = c->user,
		.auth = login->auth_password ? c->auth : NULL,
		.auth_password = login->auth_password,
		.priv = c->priv,
		.priv_password = login->priv_password,
		.context = c->context,
		.timeout_ms = TIMEOUT_MS,
		.tries = TRIES };
}

bool
login_is_due(const struct device *device)
{
	return strcmp(device->transport, "ssh") == 0 || strcmp(device->transport, "snmp") == 0;
}

int
login_resolve(const struct device *device, char host[static ADDR_TEXT],
    char address[static LOGIN_ADDRESS], struct error *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	int rc;

	if (device->via)
		return error_set(err,
		    "%s is reached through %s, which takes a login: 'gatebook poll %s' tells what "
		    "it "
		    "finds there, its host key too",
		    device->name, device->via->name, device->name);
	rc = getaddrinfo(device->host, NULL, &hints, &found);

	if (rc == 0)
		rc = getnameinfo(
		    found->ai_addr, found->ai_addrlen, host, ADDR_TEXT, NULL, 0, NI_NUMERICHOST);
	if (found)
		freeaddrinfo(found);
	if (rc != 0)
		return error_set(err, "cannot resolve %s: %s", device->host, gai_strerror(rc));
	(void)snprintf(
	    address, LOGIN_ADDRESS, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, device->port);
	return 0;
}
