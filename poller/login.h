/* What every login needs first: the secret, for as long as it takes, and the address. */
#ifndef GATEBOOK_POLLER_LOGIN_H
#define GATEBOOK_POLLER_LOGIN_H

#include "inventories/config.h"
#include "transports/snmp.h"
#include "transports/transport.h"

enum { LOGIN_ADDRESS = 80 };

/* The secrets behind the references of a credential. Starts zeroed. */
struct login {
	char *password, *key, *passphrase, *enable;
	char *community, *auth_password, *priv_password; /* of SNMP */
};

/* Reads them; `secret` borrows. credential may be NULL: there is none. Returns 0, or -1 with err.
 */
int login_read(const struct credential *credential, struct login *login, struct secret *secret,
    struct error *err);
void login_wipe(struct login *login, struct secret *secret);

/* How an agent is asked, by what was read; borrows all of it. */
struct snmp_login login_snmp(
    const struct device *device, const char *host, const struct login *login);

/* True if a poll of the device logs in: a local or replayed one does not. */
bool login_is_due(const struct device *device);

/* Names are resolved here, once: the login goes to the address that the ledger has ("192.0.2.1:22",
 * "[2001:db8::1]:22"). Returns 0, or -1 with err. */
int login_resolve(const struct device *device, char host[static ADDR_TEXT],
    char address[static LOGIN_ADDRESS], struct error *err);

#endif
