#include "poller/decision.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "poller/signing.h"

static int
apply(struct store *s, const struct decision *d, struct error *err)
{
	const struct store_hold hold = { d->on, d->name, d->reason, d->why, d->by };

	switch ((enum decision_kind)d->kind) {
	case DECIDE_HOLD: return store_hold(s, &hold, err) < 0 ? -1 : 1;
	case DECIDE_RELEASE: return store_release(s, d->on, d->name, d->by, err);
	case DECIDE_TRUST: return store_hostkey_trust(s, d->name, d->key, d->by, err) < 0 ? -1 : 1;
	case DECIDE_REVOKE:
		return store_hostkey_revoke(s, d->name, d->key[0] ? d->key : NULL, d->by, err);
	}
	return error_set(err, "no such decision");
}

int
decision_write(struct store *s, const struct decision *d, struct error *err)
{
	static const char *const words[] = { "hold", "release", "hostkey trust", "hostkey revoke" };
	bool key = d->kind == DECIDE_TRUST || d->kind == DECIDE_REVOKE;
	char detail[sizeof(d->on) + sizeof(d->name) + sizeof(d->reason) + sizeof(d->why) + 64];
	struct ledger_event e = { .kind = key ? LEDGER_HOSTKEY : LEDGER_HOLD,
		.time_us = clock_now_us(),
		.who = d->by,
		.device = key || strcmp(d->on, "device") == 0 ? d->name : "",
		.what = words[d->kind],
		.result = "ok",
		.detail = detail };
	uint64_t seq;
	int n = apply(s, d, err);

	if (key)
		(void)snprintf(detail, sizeof(detail), "%s", d->key[0] ? d->key : "all");
	else
		(void)snprintf(detail, sizeof(detail), "on=%s name=\"%s\" reason=\"%s\" why=\"%s\"",
		    d->on, d->name, d->reason, d->why);
	return n < 0 || ledger_append(s, &e, &seq, err) != 0 ? -1 : n;
}

static int
write_signed(
    struct store *store, struct signing *signing, const struct decision *d, struct error *err)
{
	int n = store_begin(store, err);

	if (n == 0) {
		n = decision_write(store, d, err);
		if (n < 0 || signing_seal(signing, store, true, err) < 0) {
			store_rollback(store);
			n = -1;
		} else if (store_commit(store, err) != 0) {
			n = -1;
		}
		signing_committed(signing, n >= 0);
	}
	return n;
}

int
decision_make(const struct config *c, const struct decision *d, struct error *err)
{
	struct store *store = store_open(c->store, true, err);
	struct signing signing = { 0 };
	struct ledger_key *key;
	int n = -1;

	if (!store)
		return -1;
	key = signing_key(c->ledger_key, c->must_sign, err);
	if ((key || !err->text[0]) && signing_begin(&signing, store, key, c->heads, err) == 0)
		n = write_signed(store, &signing, d, err);
	signing_end(&signing);
	store_close(store);
	return n;
}

static bool
ends(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

bool
decision_fits(const struct decision *d)
{
	return d->kind <= DECIDE_REVOKE && ends(d->on, sizeof(d->on)) &&
	       ends(d->name, sizeof(d->name)) && ends(d->reason, sizeof(d->reason)) &&
	       ends(d->why, sizeof(d->why)) && ends(d->key, sizeof(d->key)) &&
	       ends(d->by, sizeof(d->by));
}
