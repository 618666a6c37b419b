/* A session of net-snmp for a login: the library's own set-up, keys, users. */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "base/arena.h"
#include "transports/snmp_key.h"
#include "transports/snmp_session.h"

/* No configuration, no MIB files, no state of others. */
static void
init_library(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "", 1);
	setenv("SNMP_PERSISTENT_DIR", "/dev/null/none", 1); /* where no folder can be made */
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_CONFIG_LOAD, 1);
	snmp_disable_log();
	init_snmp("gatebook");
}

/* A password becomes a key once a credential: 1 MB is hashed for it (RFC 3414, A.2). */
struct key {
	char what[LIMIT_NAME], password[LIMIT_NAME * 2];
	uint8_t bytes[SNMP_KEY];
	size_t n;
	struct key *next;
};

static struct key *keys;

static const struct key *
key_of(const char *auth, const char *password)
{
	struct key *k;

	for (k = keys; k; k = k->next)
		if (strcmp(k->what, auth) == 0 && strcmp(k->password, password) == 0)
			return k;
	k = mem_alloc(1, sizeof(*k));
	if (strlen(password) < USM_LENGTH_P_MIN ||
	    !text_copy(text_of(auth), k->what, sizeof(k->what)) ||
	    !text_copy(text_of(password), k->password, sizeof(k->password)) ||
	    (k->n = snmp_key(auth, password, k->bytes)) == 0) {
		free(k);
		return NULL;
	}
	k->next = keys;
	keys = k;
	return k;
}

/* The library takes a name that only begins like one it knows. */
static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (text_is_nocase(text_of(name), *names))
			return true;
	return false;
}

static int
set_user(struct snmp_session *s, const struct snmp_login *l, struct error *err)
{
	static const char *const auth_names[] = { "MD5", "SHA", "SHA-224", "SHA-256", "SHA-384",
		"SHA-512", NULL };
	static const char *const priv_names[] = { "DES", "AES", "AES-128", "AES-192", "AES-256",
		NULL };
	const struct key *k;
	int type;

	s->securityName = (char *)l->user;
	s->securityNameLen = strlen(l->user);
	s->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	if (l->context) {
		s->contextName = (char *)l->context;
		s->contextNameLen = strlen(l->context);
	}
	if (!l->auth)
		return l->priv ? error_set(err, "privacy needs authentication (RFC 3414)") : 0;
	type = is_one_of(l->auth, auth_names) ? usm_lookup_auth_type(l->auth) : 0;
	s->securityAuthProto = type > 0 ? sc_get_auth_oid(type, &s->securityAuthProtoLen) : NULL;
	if (!s->securityAuthProto)
		return error_set(err, "no authentication protocol '%.20s'", l->auth);
	k = key_of(l->auth, l->auth_password);
	if (!k)
		return error_set(err, "an authentication password has at least 8 characters");
	memcpy(s->securityAuthKey, k->bytes, k->n);
	s->securityAuthKeyLen = k->n;
	s->securityLevel = SNMP_SEC_LEVEL_AUTHNOPRIV;
	if (!l->priv)
		return 0;
	type = is_one_of(l->priv, priv_names) ? usm_lookup_priv_type(l->priv) : 0;
	s->securityPrivProto = type > 0 ? sc_get_priv_oid(type, &s->securityPrivProtoLen) : NULL;
	if (!s->securityPrivProto)
		return error_set(err, "no privacy protocol '%.20s'", l->priv);
	k = key_of(l->auth, l->priv_password);
	if (!k)
		return error_set(err, "a privacy password has at least 8 characters");
	memcpy(s->securityPrivKey, k->bytes, k->n);
	s->securityPrivKeyLen = k->n;
	s->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	return 0;
}

void *
snmp_session_open(const struct snmp_login *l, struct error *err)
{
	struct snmp_session s;
	char peer[ADDR_TEXT + 24];
	void *handle;

	init_library();
	snmp_sess_init(&s);
	snprintf(peer, sizeof(peer), strchr(l->host, ':') ? "udp6:[%s]:%u" : "udp:%s:%u", l->host,
	    l->port);
	s.peername = peer;
	s.retries = 0;
	s.timeout = (long)l->timeout_ms * 1000;
	s.flags |= SNMP_FLAGS_DONT_PROBE; /* the probe of the library blocks */
	if (l->version == SNMP_V3) {
		s.version = SNMP_VERSION_3;
		if (set_user(&s, l, err) < 0)
			return NULL;
	} else {
		s.version = l->version == SNMP_V1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
		s.community = (u_char *)(l->community ? l->community : "");
		s.community_len = strlen((const char *)s.community);
	}
	handle = snmp_sess_open(&s);
	if (handle) /* the library takes it off when it opens, and would probe at the first send */
		snmp_sess_session(handle)->flags |= SNMP_FLAGS_DONT_PROBE;
	else
		error_set(err, "%s: no session: %s", l->host, snmp_api_errstring(s.s_snmp_errno));
	return handle;
}
